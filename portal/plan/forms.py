"""Forms of the plan's desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, Field, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from portal.core.text import clean_text
from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, TextField, at_most, required
from portal.plan.models import COUNTED_NAMES, TARGET_PERIOD_NAMES

_TARGET = NumberRange(0, 1_000_000, "Chỉ tiêu là số từ 0 đến 1.000.000, hoặc để trống.")


def _names(names: Mapping[Any, str]) -> dict[str, str]:
    return {key.value: name for key, name in names.items()}


class LinesField(Field):
    """A list of texts, one a line."""

    widget = TextArea()  # type: ignore[assignment]  # typed for strings only
    data: list[str]

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = clean_text(str(valuelist[0])) if valuelist else ""
        self.data = [line for line in text.split("\n") if line]

    def _value(self) -> str:
        return "\n".join(self.data or [])


class ChoicesField(SelectMultipleField):
    """Several of a list, to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ResultForm(VersionedForm):
    """How far a task is: what its own unit fills in."""

    note = TextField("Ghi chú", [at_most(2000, "Ghi chú")])
    done_on = DateField("Ngày hoàn thành", [Optional()])
    result = TextField("Kết quả đạt được", [at_most(5000, "Kết quả")])


class TaskForm(ResultForm):
    """One task of a plan, whole."""

    title = TextField("Nhiệm vụ", [required("Nhập nội dung nhiệm vụ."), at_most(2000, "Nhiệm vụ")])
    lead = SelectField("Cơ quan, đơn vị chủ trì")
    partners = LinesField("Đơn vị phối hợp")
    period = LineField("Thời gian", [at_most(200, "Thời gian")])
    starts_on = DateField("Bắt đầu", [Optional()])
    due_on = DateField("Hạn", [Optional()])
    product = TextField("Sản phẩm", [at_most(2000, "Sản phẩm")])
    target = IntegerField("Chỉ tiêu", [Optional(), _TARGET])
    unit_of_target = LineField("Đơn vị tính của chỉ tiêu", [at_most(200, "Đơn vị tính")])
    target_period = SelectField("Chỉ tiêu tính cho", choices=_names(TARGET_PERIOD_NAMES))
    counted = SelectField("Đếm vào chỉ tiêu", choices=_names(COUNTED_NAMES))
    topics = ChoicesField("Chủ đề phải có bài")

    def offer_topics(self, names: Mapping[str, str]) -> None:
        """Fill the list of topics; what the task names is always among them."""
        stored = {slug: names.get(slug, slug) for slug in self.topics.data or ()}
        self.topics.choices = {**names, **stored}

    def offer_leads(self, names: dict[str, str], stored: str) -> None:
        """Fill the list of who may lead: units, and the other agency that the task names."""
        other = {stored: stored} if stored and stored not in names else {}
        self.lead.choices = {"": "(chưa giao)", **other, **names}

    def validate_partners(self, field: LinesField) -> None:
        """Partners are names, not essays."""
        if len(field.data) > 50 or any(len(name) > 300 for name in field.data):
            raise ValidationError(
                "Mỗi dòng là tên một đơn vị, không quá 300 ký tự; tối đa 50 dòng."
            )
