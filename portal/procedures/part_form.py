"""What the forms of a procedure's parts share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from wtforms.validators import ValidationError

from portal.core.errors import Invalid
from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, PortalForm
from portal.procedures.facts import ProcedureFacts


def address(_form: object, field: LineField) -> None:
    """Empty, or a web address that can be opened."""
    if field.data and not field.data.startswith(("https://", "http://")):
        raise ValidationError("Nhập địa chỉ bắt đầu bằng https://, hoặc bỏ trống.")


class PartForm(VersionedForm):
    """A form for some facts. `stored` gives its values for them, `changes` the facts typed."""

    TITLE: ClassVar[str] = ""
    LEAD: ClassVar[str] = ""
    HINTS: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def stored(cls, facts: ProcedureFacts) -> dict[str, Any]:
        """What the fields hold for `facts`."""
        raise NotImplementedError

    def changes(self, before: ProcedureFacts) -> Mapping[str, Any]:
        """The facts that replace those of `before`."""
        raise NotImplementedError

    def offer(self, choices: Mapping[str, Mapping[str, str]]) -> None:
        """Fill lists that depend on the procedure."""

    def clashes(self, record: Any) -> list[tuple[str, str]]:
        """As everywhere; `record` holds what is stored in `stored`."""
        self.version.data, self.version.raw_data = str(record.version), None
        return [
            (self[name].label.text, _told(stored) or "(trống)")
            for name, stored in record.stored.items()
            if _told(stored) != _told(self[name].data)
        ]


class Row(PortalForm):
    """A row of a list; the form around it carries the token."""

    class Meta(PortalForm.Meta):
        """No token of its own."""

        csrf = False


def readable(read: Callable[[], object]) -> None:
    """Raise `ValidationError` with what `read` says of lines that cannot be read."""
    try:
        read()
    except Invalid as error:
        raise ValidationError(str(error)) from None


def values(form: PortalForm, facts: type, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """The values of the fields that are named as those of `facts`."""
    return {n: form[n].data for n in facts.__dataclass_fields__ if n not in but}  # type: ignore[attr-defined]


def _told(value: Any) -> str:
    """A value of a field as one line, to compare and to show."""
    if isinstance(value, list):
        rows = [_told(one) for one in value]
        return "; ".join(row for row in rows if row)
    if isinstance(value, dict):
        shown = [_told(one) for key, one in value.items() if key not in ("csrf_token", "kind")]
        return ", ".join(one for one in shown if one)
    return "" if value is None else " ".join(str(value).split())
