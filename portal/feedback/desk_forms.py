"""The officer's forms. Several stand on one page, so each field's name is its own."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import IntegerField, RadioField, SelectField

from portal.accounts.models import User
from portal.core.web.forms import LineField, PortalForm, TextField, required
from portal.feedback.forms import limited, one_of, typed
from portal.feedback.handling import REFUSALS
from portal.feedback.models import KIND_NAMES, MAX_ANSWER, MAX_BODY, MAX_SUBJECT, AnswerTemplate
from portal.feedback.placeholders import Filled
from portal.feedback.publishing import PublicCopy


class VerbForm(PortalForm):
    """A verb about the item as it was read: `version` tells whether it changed since."""

    version = IntegerField("Phiên bản", [required("Tải lại trang rồi làm tiếp.")])

    @property
    def number(self) -> int:
        """The version that was read; 0, which nothing has, when none was sent."""
        return self.version.data or 0


class ClassifyForm(VerbForm):
    kind = SelectField(
        "Loại",
        choices={kind.value: name for kind, name in KIND_NAMES.items()},
        validate_choice=False,
        validators=[one_of(lambda _: {kind.value for kind in KIND_NAMES}, "Chọn loại phản ánh.")],
    )
    procedure_code = LineField("Mã thủ tục", [limited(40, "Mã thủ tục")])


class AssignForm(VerbForm):
    unit = SelectField("Đơn vị xử lý", validate_choice=False, default="")
    assignee = SelectField("Người xử lý", validate_choice=False, default="")

    def offer(self, units: dict[str, str], officers: list[User]) -> None:
        """Fill both lists."""
        self.unit.choices = {"": "Chưa giao đơn vị", **units}
        self.assignee.choices = {"": "Chưa giao người cụ thể"} | {
            str(officer.id): officer.name for officer in officers
        }

    @property
    def assignee_id(self) -> int | None:
        text = self.assignee.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class AnswerForm(VerbForm):
    answer_text = TextField(
        "Câu trả lời", [required("Nhập câu trả lời."), limited(MAX_ANSWER, "Câu trả lời")]
    )
    template = SelectField("Mẫu trả lời", validate_choice=False, default="")

    def offer(self, templates: Sequence[AnswerTemplate]) -> None:
        """Fill the list of templates."""
        self.template.choices = {"": "Chọn mẫu"} | {str(one.id): one.name for one in templates}

    @property
    def template_id(self) -> int | None:
        text = self.template.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    inserted: Filled | None = None
    """The template that was just put into the text, for the page to say what is still open."""

    def insert(self, filled: Filled) -> None:
        """Put a template after what was typed."""
        self.inserted, typed_before = filled, typed(self.answer_text)
        self.answer_text.data = "\n\n".join(part for part in (typed_before, filled.text) if part)


class ReturnForm(VerbForm):
    return_note = TextField("Điều cần sửa", [required("Viết điều cần sửa.")])


class NoteForm(VerbForm):
    note_text = TextField("Ghi chú", [required("Nhập ghi chú.")])


class AskForm(VerbForm):
    ask_text = TextField(
        "Điều cần người gửi bổ sung", [required("Viết rõ cần người gửi bổ sung điều gì.")]
    )


class ExtendForm(VerbForm):
    extend_days = IntegerField("Thêm mấy ngày làm việc", [required("Nhập số ngày làm việc.")])
    extend_note = TextField("Lý do gia hạn", [required("Viết lý do gia hạn để báo cho người gửi.")])


class UnpublishForm(VerbForm):
    unpublish_note = TextField(
        "Lý do không công khai", [required("Viết lý do để báo cho người gửi.")]
    )


class ForwardForm(VerbForm):
    forward_to = LineField("Chuyển đến cơ quan", [required("Nhập tên cơ quan có thẩm quyền.")])
    forward_note = TextField("Lời nhắn cho người gửi", [required("Nhập lời nhắn cho người gửi.")])


class RefuseForm(VerbForm):
    refuse_reason = RadioField(
        "Lý do",
        choices={reason.value: text for reason, text in REFUSALS.items()},
        validate_choice=False,
        validators=[one_of(lambda _: {r.value for r in REFUSALS}, "Chọn lý do không tiếp nhận.")],
    )
    refuse_note = TextField("Lời nhắn cho người gửi", [required("Nhập lời nhắn cho người gửi.")])


class CopyForm(VerbForm):
    public_subject = LineField(
        "Tiêu đề công khai",
        [required("Nhập tiêu đề của bản công khai."), limited(MAX_SUBJECT, "Tiêu đề")],
    )
    public_question = TextField(
        "Câu hỏi công khai",
        [required("Nhập câu hỏi của bản công khai."), limited(MAX_BODY, "Câu hỏi")],
    )
    public_answer = TextField(
        "Câu trả lời công khai",
        [required("Nhập câu trả lời của bản công khai."), limited(MAX_ANSWER, "Câu trả lời")],
    )

    def copy(self) -> PublicCopy:
        return PublicCopy(
            typed(self.public_subject), typed(self.public_question), typed(self.public_answer)
        )
