"""How every button of one feedback is answered."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core.errors import Conflict, Invalid
from portal.feedback.desk_forms import VerbForm
from portal.feedback.desk_pages import address_of, item_page


def version_of(form: VerbForm) -> int:
    """The version of the item that the form was filled in for."""
    return form.number


def do(
    feedback_id: int, form: VerbForm, done: str, verb: Callable[[], None]
) -> ResponseReturnValue:
    """Run a verb; on any refusal the page comes back with what the officer typed."""
    if not form.validate():
        return item_page(feedback_id, 400, form)
    try:
        verb()
    except Invalid as error:
        form.add_problems(error.problems)
        return item_page(feedback_id, 400, form)
    except Conflict as error:
        return item_page(feedback_id, 409, form, notice=str(error))
    flash(done)
    return redirect(_next_address(feedback_id), 303)


def _next_address(feedback_id: int) -> str:
    """The item, or the inbox when it went into other hands."""
    return address_of(feedback_id) or url_for("feedback_desk.inbox")
