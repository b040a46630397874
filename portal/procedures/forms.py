"""Forms of the desk: the facts that an editor may mend. Name and code are the nation's."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import DateField, DecimalField, FieldList, FormField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from portal.core.clock import format_date
from portal.core.errors import Invalid
from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, PortalForm, TextField, at_most
from portal.core.web.templating import number
from portal.procedures.facts import ChannelFacts, FeeFacts, unique
from portal.procedures.importing.fees import amount_of
from portal.procedures.importing.values import day_of
from portal.procedures.models import Channel, Fee, Procedure
from portal.procedures.service import Edits
from portal.procedures.terms import (
    CHANNELS,
    ONLINE_LEVELS,
    TIME_UNITS,
    ChannelKind,
    OnlineLevel,
    TimeUnit,
)
from portal.procedures.wording import channel_words, time_words

MAX_CHANNELS = 24
_NOT_SAID = {"": "(chưa rõ)"}


class DaysField(DecimalField):
    """A number that people here write with a comma: `2,5`."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return number(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([str(valuelist[0]).replace(",", ".")] if valuelist else [])


class ChannelForm(PortalForm):
    """One way to hand in the dossier; a row without a way is left out."""

    class Meta(PortalForm.Meta):
        """The form around it carries the token."""

        csrf = False

    kind = SelectField(
        "Cách nộp", choices={"": "(bỏ dòng này)", **{k.value: v for k, v in CHANNELS.items()}}
    )
    time = DaysField(
        "Thời hạn",
        [Optional(), NumberRange(Decimal("0.25"), 10_000, "Nhập thời hạn lớn hơn 0.")],
        places=None,
    )
    time_unit = SelectField(
        "Đơn vị tính", choices={**_NOT_SAID, **{k.value: v for k, v in TIME_UNITS.items()}}
    )
    case = LineField("Trường hợp", [at_most(500, "Trường hợp")])
    note = TextField("Ghi chú", [at_most(5000, "Ghi chú")])
    fees = TextField("Phí, lệ phí", [at_most(5000, "Phí, lệ phí")])

    def validate_time_unit(self, field: SelectField) -> None:
        """A number of days says nothing without knowing which days."""
        if self.time.data is not None and not field.data:
            raise ValidationError("Chọn đơn vị tính của thời hạn.")

    def validate_fees(self, field: TextField) -> None:
        """Each line must be readable."""
        try:
            read_fees(field.data)
        except Invalid as error:
            raise ValidationError(str(error)) from None


class ProcedureForm(VersionedForm):
    """What the desk may change of a procedure."""

    summary = TextField("Tóm tắt bằng lời dễ hiểu", [at_most(2000, "Tóm tắt")])
    online_level = SelectField(
        "Mức độ dịch vụ công trực tuyến",
        choices={**_NOT_SAID, **{k.value: v.name for k, v in ONLINE_LEVELS.items()}},
    )
    results = TextField("Kết quả", [at_most(5000, "Kết quả")])
    conditions = TextField("Yêu cầu, điều kiện", [at_most(60_000, "Yêu cầu, điều kiện")])
    keywords = TextField("Từ khóa tìm kiếm", [at_most(5000, "Từ khóa")])
    unit_code = SelectField("Đơn vị phụ trách")
    checked_on = DateField("Ngày đối chiếu với nguồn", [Optional()])
    channels = FieldList(FormField(ChannelForm), "Cách nộp", max_entries=MAX_CHANNELS)

    def offer_units(self, names: dict[str, str]) -> None:
        """Fill the list of units."""
        self.unit_code.choices = {"": "(chưa phân công)", **names}

    def edits(self) -> Edits:
        """What was typed, as the service takes it."""
        online = self.online_level.data
        return Edits(
            summary=self.summary.data,
            online_level=OnlineLevel(online) if online else None,
            results=_lines(self.results.data),
            conditions=self.conditions.data,
            keywords=_lines(self.keywords.data),
            unit_code=self.unit_code.data or None,
            checked_on=self.checked_on.data,
            channels=tuple(_channel(row.form) for row in self.channels if row.form.kind.data),
        )

    def clashes(self, record: Any) -> list[tuple[str, str]]:
        """As everywhere; the channels are told in words."""
        self.version.data, self.version.raw_data = str(record.version), None
        stored = values_of(record)
        stored["channels"] = channels_text(record.channels)
        typed = {**self.data, "channels": channels_text_of(self.edits().channels)}
        return [
            (self[name].label.text, str(value) or "(trống)")
            for name, value in stored.items()
            if (value or "") != (typed[name] or "")
        ]


def values_of(procedure: Procedure) -> dict[str, Any]:
    """The plain fields of the form as the record has them."""
    return {
        "summary": procedure.summary,
        "online_level": procedure.online_level or "",
        "results": "\n".join(map(str, procedure.results)),
        "conditions": procedure.conditions,
        "keywords": "\n".join(procedure.keywords),
        "unit_code": procedure.unit_code or "",
        "checked_on": procedure.checked_on,
    }


def form_data(procedure: Procedure) -> dict[str, Any]:
    """What the form shows when it is opened: the record, and one empty row to add a way."""
    rows = [
        {
            "kind": channel.kind,
            "time": channel.time,
            "time_unit": channel.time_unit or "",
            "case": channel.case,
            "note": channel.note,
            "fees": "\n".join(fee_line(fee) for fee in channel.fees),
        }
        for channel in procedure.channels
    ]
    spare = [{"kind": ""}] if len(rows) < MAX_CHANNELS else []
    return {**values_of(procedure), "version": procedure.version, "channels": [*rows, *spare]}


def fee_line(fee: Fee | FeeFacts) -> str:
    """One fee as it is edited: amount | for what | basis | from | to, empty ends left off."""
    parts = [
        "" if fee.amount is None else str(fee.amount),
        fee.label.replace("\n", " ").replace("|", "/"),
        fee.basis.replace("|", "/"),
        format_date(fee.valid_from) if fee.valid_from else "",
        format_date(fee.valid_to) if fee.valid_to else "",
    ]
    return " | ".join(parts).rstrip(" |") if any(parts[1:]) else parts[0]


def read_fees(text: str) -> tuple[FeeFacts, ...]:
    """Fees of the lines that `fee_line` writes. Raises `Invalid` naming the line."""
    return tuple(
        _fee(number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip(" |")
    )


def _fee(number: int, line: str) -> FeeFacts:
    parts = [part.strip() for part in line.split("|")]
    parts += [""] * (5 - len(parts))
    digits = parts[0].casefold().removesuffix("đồng").removesuffix("đ").strip()
    amount = amount_of(digits) if digits else None
    begin, end = day_of(parts[3]), day_of(parts[4])
    if len(parts) > 5:
        problem = "có nhiều hơn 5 phần"
    elif digits and amount is None:
        problem = f"“{parts[0]}” không phải số tiền, ví dụ 215000"
    elif (parts[3] and not begin) or (parts[4] and not end):
        problem = "ngày phải viết như 01/07/2025"
    elif begin and end and end < begin:
        problem = "ngày kết thúc trước ngày bắt đầu"
    elif amount is None and not parts[1]:
        problem = "cần số tiền hoặc lời ghi"
    else:
        return FeeFacts(
            amount=amount, label=parts[1], basis=parts[2], valid_from=begin, valid_to=end
        )
    raise Invalid({"fees": f"Phí, dòng {number}: {problem}."})


def channels_text(channels: Sequence[Channel]) -> str:
    """Channels in words, to compare and to log."""
    return "; ".join(
        ", ".join(
            filter(None, [channel_words(c), c.case, time_words(c), *(fee_line(f) for f in c.fees)])
        )
        for c in channels
    )


def channels_text_of(channels: Sequence[ChannelFacts]) -> str:
    """The same of facts."""
    rows = [
        Channel(
            kind=facts.kind.value, case=facts.case, time=facts.time,
            time_unit=facts.unit.value if facts.unit else None,
            fees=[
                Fee(amount=fee.amount, label=fee.label, basis=fee.basis,
                    valid_from=fee.valid_from, valid_to=fee.valid_to)
                for fee in facts.fees
            ],
        )
        for facts in channels
    ]  # fmt: skip
    return channels_text(rows)


def _channel(form: ChannelForm) -> ChannelFacts:
    time, unit = form.time.data, form.time_unit.data
    return ChannelFacts(
        kind=ChannelKind(form.kind.data),
        time=round(time, 2) if time is not None and unit else None,
        unit=TimeUnit(unit) if time is not None and unit else None,
        case=form.case.data,
        note=form.note.data,
        fees=read_fees(form.fees.data),
    )


def _lines(text: str) -> tuple[str, ...]:
    return unique(line.strip(" ,;") for line in text.split("\n"))
