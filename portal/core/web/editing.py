"""One way to edit a record at the desk: what was typed stays, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField
from wtforms.fields.choices import SelectFieldBase

from portal.core.clock import format_date
from portal.core.errors import Conflict, Invalid
from portal.core.web.forms import PortalForm

Answer = Response | tuple[str, int]


class VersionedForm(PortalForm):
    """A form of a record that others may change meanwhile: it carries the record's `version`
    as it was when the page was opened."""

    version = HiddenField(default="0")

    @property
    def opened_version(self) -> int:
        """The version that the person saw; 0, which no record has, when it is not a number or
        was not sent: never the record's own, which `data` falls back to."""
        text = str(self.version.raw_data[0]) if self.version.raw_data else ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def values(self) -> dict[str, Any]:
        """What was typed, by field, without the form's own machinery."""
        return {k: v for k, v in self.data.items() if k not in ("csrf_token", "version")}

    def clashes(self, record: object) -> list[tuple[str, str]]:
        """(label, stored value) of the fields that are stored otherwise than typed here. The
        form takes the record's version, so that saving once more is a choice."""
        self.version.data, self.version.raw_data = str(getattr(record, "version", 0)), None
        return [
            (self[name].label.text, _shown(stored, self[name]))
            for name, typed in self.values().items()
            if (stored := getattr(record, name, typed)) != typed and (stored or typed)
        ]


def edit_page(
    form: PortalForm, template: str, *, save: Callable[[], object], done: str, back: str,
    **context: object,
) -> Answer:  # fmt: skip
    """The answer of a view that shows `form` and, when it is posted, calls `save`.

    `record`, in the context, is what is being edited, None for something new. Success says
    `done` at `back` (303). An invalid form is answered with 400; a record changed meanwhile with
    409 and, in `clashes`, what is stored now.
    """
    status, clashes = 200, list[tuple[str, str]]()
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                save()
                flash(done)
                return redirect(back, 303)
        except Invalid as error:
            form.add_problems(error.problems)
        except Conflict as error:
            form.add_problems({"": str(error)})
            clashes = form.clashes(context.get("record")) if isinstance(form, VersionedForm) else []
            status = 409
    return render_template(template, form=form, clashes=clashes, **context), status


def _shown(value: Any, field: Field) -> str:
    if own := getattr(field, "shown", None):  # a field of several parts says it itself
        return str(own(value))
    if isinstance(value, date):
        return format_date(value)
    names = {choice.value: choice.label for choice in _choices(field)}
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(one, one) or "(trống)") for one in values)


def _choices(field: Field) -> Iterable[Any]:
    return field.iter_choices() if isinstance(field, SelectFieldBase) else ()
