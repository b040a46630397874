"""The form of a piece of evidence; each kind shows its own fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, TextField, at_most, required
from portal.evidence.models import EvidenceKind
from portal.plan.forms import ChoicesField

_PEOPLE = NumberRange(0, 10_000_000, "Số người tham gia là số từ 0 trở lên, hoặc để trống.")
_LABELS = {
    EvidenceKind.FILE: ("Tên minh chứng", "Ngày làm ra"),
    EvidenceKind.EVENT: ("Tên sự kiện", "Ngày diễn ra"),
    EvidenceKind.DOCUMENT: ("Tên văn bản, bài viết", "Ngày ban hành, ngày đăng"),
}


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class EvidenceForm(VersionedForm):
    """One piece of evidence."""

    title = LineField("Tên", [required("Nhập tên minh chứng."), at_most(300, "Tên")])
    day = DateField("Ngày", [Optional()])
    unit_code = SelectField("Đơn vị")
    media_id = SelectField("Tệp", coerce=_number, validate_choice=False)
    number = LineField("Số, ký hiệu", [at_most(120, "Số, ký hiệu")])
    place = LineField("Nơi tổ chức", [at_most(300, "Nơi tổ chức")])
    participants = IntegerField("Số người tham gia", [Optional(), _PEOPLE])
    url = LineField("Địa chỉ trên mạng", [at_most(500, "Địa chỉ")])
    note = TextField("Ghi chú", [at_most(2000, "Ghi chú")])
    is_public = BooleanField("Người dân thấy minh chứng này ở trang Kế hoạch")
    task_ids = ChoicesField("Nhiệm vụ", coerce=_number, validate_choice=False)
    topic_slugs = ChoicesField("Chủ đề", validate_choice=False)

    def offer(
        self, *, kind: EvidenceKind, units: Mapping[str, str], tasks: Iterable[tuple[int, str]],
        topics: Mapping[str, str], files: Mapping[int, str],
    ) -> None:  # fmt: skip
        """What can be chosen, and what the fields are called for this kind."""
        self.title.label.text, self.day.label.text = _LABELS[kind]
        self.unit_code.choices = {"": "Chưa chọn", **units}
        self.task_ids.choices = {str(key): name for key, name in tasks}
        self.topic_slugs.choices = dict(topics)
        self.media_id.choices = {"": "Chưa chọn"} | {str(key): name for key, name in files.items()}

    def values(self) -> dict[str, Any]:
        """What was typed; empty choices are nothing."""
        typed = super().values()
        typed["task_ids"] = [number for number in typed["task_ids"] or () if number]
        typed["topic_slugs"] = list(typed["topic_slugs"] or ())
        typed["unit_code"] = typed["unit_code"] or None
        return typed
