"""The citizen's forms: shape and messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, Form, RadioField, SelectField, StringField
from wtforms.fields.core import Field
from wtforms.validators import ValidationError

from portal.core.web.forms import LineField, PortalForm, TextField, required
from portal.feedback.models import MAX_BODY, MAX_SUBJECT, Kind

GRIEVANCE, DENUNCIATION = "grievance", "denunciation"
REFERRALS = (GRIEVANCE, DENUNCIATION)
_MIN_BODY = 10
_Check = Callable[[Form, Field], None]

KIND_CHOICES = {
    Kind.COMPLAINT.value: "Phản ánh thái độ, hành vi hoặc sự chậm trễ",
    Kind.SUGGESTION.value: "Kiến nghị về quy định, thủ tục",
    Kind.QUESTION.value: "Hỏi về thủ tục, dịch vụ",
    Kind.PRAISE.value: "Khen ngợi người làm tốt, việc làm hay",
    GRIEVANCE: "Khiếu nại một quyết định hoặc hành vi hành chính",
    DENUNCIATION: "Tố cáo hành vi vi phạm pháp luật",
}


def limited(count: int, thing: str) -> _Check:
    """At most `count` characters as the server counts them, without cutting a pasted text."""

    def check(_form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > count:
            raise ValidationError(
                f"{thing} dài {length} ký tự, nhiều nhất {count}. Bạn rút bớt {length - count}."
            )

    return check


def typed(field: Field) -> str:
    """What stands in a text field, an empty string when nothing does."""
    return str(field.data or "")


def one_of(values: Callable[[Any], object], message: str) -> _Check:
    """The value must be one of `values(form)`."""

    def check(form: Form, field: Field) -> None:
        if field.data not in values(form):  # type: ignore[operator]
            raise ValidationError(message)

    return check


def long_enough(_form: Form, field: Field) -> None:
    """More than a word or two."""
    if len(field.data or "") < _MIN_BODY:
        raise ValidationError("Viết rõ hơn một chút: việc gì, ở đâu, khi nào.")


class SendForm(PortalForm):
    """What a citizen wants to say. Used on the page of the form and on the review page."""

    kind = RadioField(
        "Bạn muốn làm gì?",
        choices=KIND_CHOICES,
        validate_choice=False,
        validators=[one_of(lambda _: KIND_CHOICES, "Chọn việc bạn muốn làm.")],
    )
    procedure_code = LineField("Mã thủ tục", [limited(40, "Mã thủ tục")])
    unit_code = SelectField("Đơn vị liên quan", validate_choice=False, default="")
    subject = LineField("Tiêu đề", [required("Nhập tiêu đề."), limited(MAX_SUBJECT, "Tiêu đề")])
    body = TextField(
        "Nội dung", [required("Nhập nội dung."), long_enough, limited(MAX_BODY, "Nội dung")]
    )
    name = LineField("Họ và tên", [limited(120, "Họ và tên")])
    phone = LineField("Số điện thoại", [limited(30, "Số điện thoại")])
    email = LineField("Thư điện tử (email)", [limited(254, "Thư điện tử")])
    consent = BooleanField(
        "Tôi đồng ý cho cơ quan dùng liên hệ trên để xử lý và trả lời nội dung này"
    )
    no_publication = BooleanField("Tôi không muốn công khai nội dung này")
    # People do not see this field; programs that fill in everything do.
    trang_web = StringField("Bỏ trống ô này")

    def offer_units(self, units: dict[str, str] | None) -> None:
        """Fill the list of units; without one (None) what was chosen before still stands."""
        chosen = self.unit_code.data or ""
        known = {chosen: chosen} if units is None and chosen else units or {}
        self.unit_code.choices = {"": "Không rõ hoặc không chọn", **known}
        if chosen not in known:
            self.unit_code.data = ""


class TrackForm(PortalForm):
    """The code from the receipt."""

    code = StringField("Mã tra cứu", [required("Nhập mã tra cứu ghi trên biên nhận.")])
