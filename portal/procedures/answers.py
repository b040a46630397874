"""The box at the top of a procedure's page: five questions that people come with, answered short.

Nothing is guessed. An answer that is not known says why: the source is silent, or the portal has
not taken the part over yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.core.clock import format_date
from portal.procedures.models import Channel, DossierCase, Procedure
from portal.procedures.terms import TimeUnit
from portal.procedures.wording import (
    cost,
    current_fees,
    duration,
    fee_label,
    fee_words,
    span,
    time_words,
    where,
)

MOST_LINES = 4
_SILENT, _NOT_YET = "nguồn không nêu", "đang cập nhật"


@dataclass(frozen=True, slots=True)
class Answer:
    """`words` None when the answer is not known; then `unknown` says so. `lines` go into detail."""

    words: str | None
    lines: tuple[str, ...] = ()
    unknown: str = _NOT_YET


@dataclass(frozen=True, slots=True)
class Answers:
    """Bạn cần gì · Bao lâu · Bao nhiêu tiền · Nộp ở đâu · Nhận gì."""

    needs: Answer
    how_long: Answer
    how_much: Answer
    where: Answer
    what: Answer
    rows: tuple[tuple[str, Answer], ...] = field(init=False)

    def __post_init__(self) -> None:
        rows = (
            ("Bạn cần gì", self.needs), ("Bao lâu", self.how_long),
            ("Bao nhiêu tiền", self.how_much), ("Nộp ở đâu", self.where),
            ("Nhận gì", self.what),
        )  # fmt: skip
        object.__setattr__(self, "rows", rows)


def answers_of(procedure: Procedure, day: date) -> Answers:
    """The five answers on `day`. Needs channels with fees, cases with papers."""
    return Answers(
        needs=_needs(procedure.cases),
        how_long=_how_long(procedure),
        how_much=_how_much(procedure.channels, day),
        where=_where(procedure),
        what=Answer("; ".join(map(str, procedure.results)) or None),
    )


def _needs(cases: Sequence[DossierCase]) -> Answer:
    counts = [len(case.components) for case in cases if case.components]
    if not counts:
        return Answer(None)
    low, high = min(counts), max(counts)
    if low == high:
        return Answer(f"{low} loại giấy tờ" + (", tùy trường hợp" if len(counts) > 1 else ""))
    return Answer(f"{low} đến {high} loại giấy tờ, tùy trường hợp")


def _how_long(procedure: Procedure) -> Answer:
    channels = procedure.channels
    cases = dict.fromkeys(
        f"{channel.case}: {said}"
        for channel in channels
        if channel.case and (said := time_words(channel))
    )
    differ = len({time_words(channel) for channel in channels}) > 1
    lines = list(cases) if differ and len(cases) <= MOST_LINES else []
    national, local = duration(channels), local_time(procedure)
    if local:
        lines.insert(0, local)
    return Answer(national or (local and "Theo thời hạn của địa phương"), tuple(lines),
                  _SILENT if channels else _NOT_YET)  # fmt: skip


def local_time(procedure: Procedure) -> str | None:
    """`Thành phố rút còn 2,5 ngày làm việc (3501/QĐ-UBND)`; None when nothing is shortened."""
    local = procedure.local
    if local is None or local.time is None or local.time_unit is None:
        return None
    basis = local.time_basis or local.decision_number
    said = f"Địa phương rút còn {span(local.time, TimeUnit(local.time_unit))}"
    return f"{said}, theo {basis}" if basis else f"{said} (chưa ghi quyết định)"


def _how_much(channels: Sequence[Channel], day: date) -> Answer:
    fees = current_fees(channels, day)
    tiers = dict.fromkeys(f"{fee_label(fee)}: {fee_words(fee)}" for fee in fees if fee_label(fee))
    lines = list(tiers) if 1 < len(tiers) <= MOST_LINES else []
    lines += dict.fromkeys(_periods(channels, day))
    return Answer(cost(channels, day), tuple(lines), _SILENT if channels else _NOT_YET)


def _periods(channels: Iterable[Channel], day: date) -> Iterable[str]:
    """Until when today's fees hold, and from when others are known to come."""
    fees = [fee for channel in channels for fee in channel.fees]
    ends = {fee.valid_to for fee in fees if fee.holds_on(day)}
    if known := ends - {None}:
        said = "Mức này áp dụng" if len(ends) == 1 else "Có mức chỉ áp dụng"
        yield f"{said} đến hết ngày {format_date(min(end for end in known if end))}."
    coming = {fee.valid_from for fee in fees if fee.valid_from and fee.valid_from > day}
    if coming:
        yield f"Mức khác áp dụng từ ngày {format_date(min(coming))}, xem bảng phí."


def _where(procedure: Procedure) -> Answer:
    local = procedure.local
    places = [procedure.receiving_place]
    if local is not None:
        places += [local.place, local.place_hours]
    lines = [place for place in places if place]
    if procedure.agencies:
        lines.append(f"Cơ quan giải quyết: {'; '.join(procedure.agencies)}")
    words = where(procedure.channels) or (lines[0] if any(places) else None)
    return Answer(words, tuple(line for line in lines if line != words))
