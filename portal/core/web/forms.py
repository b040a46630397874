"""Forms: cleaned input, messages that name the thing, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import CSRFProtect, FlaskForm
from wtforms import Form, StringField, TextAreaField
from wtforms.fields.core import Field
from wtforms.validators import InputRequired, Length

from portal.core.text import clean_line, clean_text

csrf = CSRFProtect()
EXPIRED = (
    "Trang mở đã lâu nên máy chủ chưa nhận. Những gì bạn nhập còn nguyên, bạn gửi lại lần nữa."
)
# What WTForms itself says of a value that does not fit its field.
_WORDS = {
    "Not a valid choice.": "Chọn một mục trong danh sách.",
    "Invalid Choice: could not coerce.": "Chọn một mục trong danh sách.",
    "Not a valid date value.": "Chọn một ngày có thật, ví dụ 21/11/2026.",
    "Not a valid datetime value.": "Chọn ngày, giờ có thật, ví dụ 08:00 ngày 21/11/2026.",
    "Not a valid time value.": "Chọn giờ có thật, ví dụ 08:00.",
    "Not a valid integer value.": "Nhập bằng chữ số, ví dụ 15.",
    "Not a valid decimal value.": "Nhập bằng chữ số, ví dụ 15.",
    "'%(value)s' is not a valid choice for this field.": "Chọn những mục có trong danh sách.",
    "'%(value)s' are not valid choices for this field.": "Chọn những mục có trong danh sách.",
}


class _Vietnamese:
    """The translations of WTForms' own messages."""

    def gettext(self, words: str) -> str:
        return _WORDS.get(words, words)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self.gettext(singular if count == 1 else plural)


class AddressForm(Form):
    """Base of forms whose answers stand in the address: they change nothing, need no token."""

    class Meta:
        """WTForms' own, speaking Vietnamese."""

        def get_translations(self, form: Any) -> _Vietnamese:
            return _Vietnamese()


class PortalForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Base of every form that is posted."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        """Flask-WTF's, speaking Vietnamese."""

        def get_translations(self, form: Any) -> _Vietnamese:
            return _Vietnamese()

    def add_problems(self, problems: Mapping[str, str]) -> None:
        """Put a service's refusals (`Invalid.problems`) beside the fields they name."""
        for name, message in problems.items():
            if name in self._fields:
                field = self._fields[name]
                field.errors = [*field.errors, message]
            else:
                self.form_errors.append(message)

    @property
    def problem_list(self) -> list[tuple[str, str]]:
        """(id of the field or "", message) of all errors, in the order of the form."""
        found = [("", message) for message in self.form_errors]
        for field in self:
            if field.name == "csrf_token":
                found += [("", EXPIRED)] if field.errors else []
            else:
                found += [(field.id, str(message)) for message in field.errors]
        return found


class LineField(StringField):
    """One line of text, cleaned as it is stored."""

    data: str  # what was posted is never None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean_line(str(valuelist[0])) if valuelist else ""


class TextField(TextAreaField):
    """Several lines of text, cleaned as they are stored."""

    data: str  # as above

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean_text(str(valuelist[0])) if valuelist else ""


def required(message: str) -> InputRequired:
    """The field must be filled; `message` names it: "Nhập số điện thoại"."""
    return InputRequired(message=message)


def at_most(count: int, thing: str) -> Length:
    """At most `count` characters; `thing` is the field's Vietnamese name."""
    return Length(max=count, message=f"{thing} dài quá {count} ký tự. Bạn rút ngắn lại.")


def first_error(field: Field) -> str:
    """The first message of a field, or an empty string."""
    return str(field.errors[0]) if field.errors else ""
