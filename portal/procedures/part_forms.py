"""Forms of the desk for the parts of a procedure: each knows what is stored and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from wtforms import DateField, FieldList, FormField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from portal.core.web.forms import LineField, TextField, at_most
from portal.procedures.comparing import same
from portal.procedures.facts import (
    CaseFacts,
    FormFacts,
    LocalFacts,
    ProcedureFacts,
    ProcessFacts,
)
from portal.procedures.forms import DaysField
from portal.procedures.part_form import PartForm, Row, address, readable, values
from portal.procedures.part_lines import (
    component_line,
    legal_line,
    process_line,
    read_components,
    read_legal,
    read_process,
)
from portal.procedures.terms import PROCESSES, TIME_UNITS, ProcessKind, TimeUnit

MOST_ROWS = 40


class LocalForm(PartForm):
    """What the agency adds to the nation's record."""

    TITLE = "Phần của địa phương"
    LEAD = "Phần này đứng cạnh dữ liệu quốc gia. Nhập tệp mới không đụng đến."
    HINTS: ClassVar[Mapping[str, str]] = {
        "time": "Chỉ ghi khi thành phố rút ngắn thời hạn, ví dụ 2,5",
        "time_basis": "Quyết định rút ngắn thời hạn, ví dụ Quyết định 3501/QĐ-UBND",
        "explanation": "Vài câu dễ hiểu cho người làm lần đầu.",
        "receiving_place": "Nơi tiếp nhận như quyết định công bố ghi.",
        "place": "Địa chỉ, số quầy cụ thể ở địa phương.",
        "apply_url": "Địa chỉ mở thẳng biểu mẫu nộp hồ sơ. Không biết thì bỏ trống.",
    }
    time = DaysField(
        "Thời hạn của địa phương",
        [Optional(), NumberRange(Decimal("0.25"), 10_000, "Nhập thời hạn lớn hơn 0.")],
        places=None,
    )
    time_unit = SelectField(
        "Đơn vị tính", choices={"": "(chưa rõ)", **{k.value: v for k, v in TIME_UNITS.items()}}
    )
    time_basis = LineField("Căn cứ rút ngắn", [at_most(500, "Căn cứ rút ngắn")])
    receiving_place = LineField("Nơi tiếp nhận", [at_most(500, "Nơi tiếp nhận")])
    place = LineField("Địa chỉ nộp hồ sơ", [at_most(500, "Địa chỉ nộp hồ sơ")])
    place_hours = LineField("Giờ nhận hồ sơ", [at_most(300, "Giờ nhận hồ sơ")])
    explanation = TextField("Giải thích thêm", [at_most(5000, "Giải thích thêm")])
    apply_url = LineField("Địa chỉ nộp trực tuyến", [at_most(1000, "Địa chỉ"), address])
    decision_number = LineField("Số quyết định của địa phương", [at_most(120, "Số quyết định")])
    decision_issued_on = DateField("Ngày quyết định", [Optional()])
    source_name = LineField("Nguồn của phần này", [at_most(500, "Nguồn")])
    source_url = LineField("Địa chỉ nguồn", [at_most(1000, "Địa chỉ nguồn"), address])
    checked_on = DateField("Ngày kiểm tra", [Optional()])

    def validate_time_unit(self, field: SelectField) -> None:
        """A number says nothing without its unit."""
        if self.time.data is not None and not field.data:
            raise ValidationError("Chọn đơn vị tính của thời hạn.")

    @classmethod
    def stored(cls, facts: ProcedureFacts) -> dict[str, Any]:
        """As in `PartForm`."""
        local = facts.local or LocalFacts()
        return {
            **same(LocalFacts, local, but=("unit",)),
            "time_unit": local.unit.value if local.unit else "",
            "receiving_place": facts.receiving_place,
            "apply_url": facts.apply_url,
        }

    def changes(self, before: ProcedureFacts) -> Mapping[str, Any]:
        """As in `PartForm`."""
        said = {
            name: self[name].data
            for name in LocalFacts.__dataclass_fields__
            if name not in ("unit", "time")
        }
        time, unit = self.time.data, self.time_unit.data
        if time is not None and unit:
            said |= {"time": round(time, 2), "unit": TimeUnit(unit)}
        local = LocalFacts(**said)
        return {
            "local": local if local != LocalFacts() else None,
            "receiving_place": self.receiving_place.data,
            "apply_url": self.apply_url.data,
        }


class FormRow(Row):
    """One form to fill in; a row without a name is left out."""

    name = LineField("Tên mẫu", [at_most(500, "Tên mẫu")])
    paper = SelectField("Dùng cho giấy tờ", validate_choice=False)
    file = SelectField("Tệp trong thư viện", validate_choice=False)
    url = LineField("Hoặc địa chỉ chính thức", [at_most(1000, "Địa chỉ"), address])


class FormsForm(PartForm):
    """Forms to fill in."""

    TITLE = "Mẫu đơn, tờ khai"
    LEAD = "Mỗi khung là một mẫu. Xóa tên để bỏ mẫu đó. Tệp mới tải lên ở Tư liệu rồi chọn ở đây."
    forms = FieldList(FormField(FormRow), "Mẫu", max_entries=MOST_ROWS)

    @classmethod
    def stored(cls, facts: ProcedureFacts) -> dict[str, Any]:
        """As in `PartForm`."""
        return {"forms": [same(FormFacts, form) for form in facts.forms]}

    def changes(self, before: ProcedureFacts) -> Mapping[str, Any]:
        """As in `PartForm`."""
        rows = [row.form for row in self.forms if row.form.name.data]
        return {"forms": tuple(FormFacts(**values(row, FormFacts)) for row in rows)}

    def offer(self, choices: Mapping[str, Mapping[str, str]]) -> None:
        """As in `PartForm`."""
        for row in self.forms:
            row.form.paper.choices = {"": "(mẫu chung)", **choices["papers"]}
            row.form.file.choices = {"": "(không có tệp)", **choices["files"]}


class ProcessRowForm(Row):
    """One internal process; one without rows is left out."""

    kind = SelectField("Loại", choices={k.value: v for k, v in PROCESSES.items()})
    title = LineField("Tên quy trình", [at_most(500, "Tên quy trình")])
    decision_number = LineField("Số quyết định", [at_most(120, "Số quyết định")])
    decision_issued_on = DateField("Ngày quyết định", [Optional()])
    source_name = LineField("Nguồn", [at_most(500, "Nguồn")])
    source_url = LineField("Địa chỉ nguồn", [at_most(1000, "Địa chỉ nguồn"), address])
    checked_on = DateField("Ngày kiểm tra", [Optional()])
    rows = TextField("Các bước", [at_most(20_000, "Các bước")])

    def validate_rows(self, field: TextField) -> None:
        """Each line must be readable."""
        readable(lambda: read_process(field.data))


class ProcessesForm(PartForm):
    """How the agency itself goes about it."""

    TITLE = "Quy trình nội bộ, quy trình điện tử"
    LEAD = "Mỗi khung là một quy trình. Xóa hết các bước để bỏ quy trình đó."
    HINTS: ClassVar[Mapping[str, str]] = {
        "rows": "Mỗi dòng một bước: việc | người làm | số giờ làm việc | kết quả | biểu mẫu. Ví dụ: Thẩm định hồ sơ | Phòng Nghiệp vụ Y | 12 | Tờ trình",  # noqa: E501
    }
    processes = FieldList(FormField(ProcessRowForm), "Quy trình", max_entries=MOST_ROWS)

    @classmethod
    def stored(cls, facts: ProcedureFacts) -> dict[str, Any]:
        """As in `PartForm`."""
        return {
            "processes": [
                {
                    **same(ProcessFacts, one, but=("kind", "rows")),
                    "kind": one.kind.value,
                    "rows": "\n".join(map(process_line, one.rows)),
                }
                for one in facts.processes
            ]
        }

    def changes(self, before: ProcedureFacts) -> Mapping[str, Any]:
        """As in `PartForm`."""
        found = []
        for row in (entry.form for entry in self.processes):
            if rows := read_process(row.rows.data):
                plain = values(row, ProcessFacts, but=("kind", "rows"))
                found.append(ProcessFacts(kind=ProcessKind(row.kind.data), rows=rows, **plain))
        return {"processes": tuple(found)}


class CaseRow(Row):
    """One case with its papers; one without papers is left out."""

    name = LineField("Tên trường hợp", [at_most(1000, "Tên trường hợp")])
    papers = TextField("Giấy tờ", [at_most(60_000, "Giấy tờ")])

    def validate_papers(self, field: TextField) -> None:
        """Each line must be readable."""
        readable(lambda: read_components(field.data, ()))


class CasesForm(PartForm):
    """Cases and their papers."""

    TITLE = "Thành phần hồ sơ"
    LEAD = "Mỗi khung là một trường hợp. Xóa hết giấy tờ để bỏ trường hợp đó."
    HINTS: ClassVar[Mapping[str, str]] = {
        "name": "Bỏ trống khi chỉ có một trường hợp. Ghi đúng như ở cách nộp thì thời hạn, phí của trường hợp hiện cùng hồ sơ.",  # noqa: E501
        "papers": "Mỗi dòng một giấy tờ: tên | số bản chính | số bản sao | nếu có | tên mẫu | ghi chú. Ví dụ: Đơn đề nghị | 1 | 0 | | Mẫu 02",  # noqa: E501
    }
    dossier_sets = LineField("Số bộ hồ sơ", [at_most(2, "Số bộ")])
    cases = FieldList(FormField(CaseRow), "Trường hợp", max_entries=MOST_ROWS)

    def validate_dossier_sets(self, field: LineField) -> None:
        """A small number or nothing."""
        if field.data and not (field.data.isdecimal() and 0 < int(field.data) < 100):
            raise ValidationError("Nhập bằng chữ số, ví dụ 1, hoặc bỏ trống.")

    @classmethod
    def stored(cls, facts: ProcedureFacts) -> dict[str, Any]:
        """As in `PartForm`."""
        cases = [
            {"name": case.name, "papers": "\n".join(map(component_line, case.components))}
            for case in facts.cases
        ]
        return {"dossier_sets": str(facts.dossier_sets or ""), "cases": cases}

    def changes(self, before: ProcedureFacts) -> Mapping[str, Any]:
        """As in `PartForm`."""
        known = [part for case in before.cases for part in case.components]
        found = [
            CaseFacts(name=row.name.data, components=components)
            for row in (entry.form for entry in self.cases)
            if (components := read_components(row.papers.data, known))
        ]
        sets = self.dossier_sets.data
        return {"cases": tuple(found), "dossier_sets": int(sets) if sets else None}


class LegalForm(PartForm):
    """The documents that a procedure rests on."""

    TITLE = "Căn cứ pháp lý"
    LEAD = "Hiệu lực và địa chỉ của từng văn bản sửa một lần cho mọi thủ tục, ở trang của văn bản."
    HINTS: ClassVar[Mapping[str, str]] = {
        "legal": "Mỗi dòng một văn bản: số hiệu | trích yếu. Ví dụ: 96/2023/NĐ-CP | Quy định chi tiết một số điều của Luật Khám bệnh, chữa bệnh",  # noqa: E501
    }
    legal = TextField("Văn bản", [at_most(60_000, "Văn bản")])

    def validate_legal(self, field: TextField) -> None:
        """Each line must be readable."""
        readable(lambda: read_legal(field.data, ()))

    @classmethod
    def stored(cls, facts: ProcedureFacts) -> dict[str, Any]:
        """As in `PartForm`."""
        return {"legal": "\n".join(map(legal_line, facts.legal_bases))}

    def changes(self, before: ProcedureFacts) -> Mapping[str, Any]:
        """As in `PartForm`."""
        return {"legal_bases": read_legal(self.legal.data, before.legal_bases)}


PARTS: Mapping[str, type[PartForm]] = {
    "dia-phuong": LocalForm,
    "ho-so": CasesForm,
    "mau-don": FormsForm,
    "can-cu": LegalForm,
    "quy-trinh": ProcessesForm,
}
"""The parts by their address, in the order in which the desk lists them."""
PART_NAMES = {slug: form.TITLE for slug, form in PARTS.items()}
