"""What the desk shows: the page of one feedback with its forms, and attachments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, make_response, render_template, send_file, url_for

from portal.accounts.access import current_actor
from portal.accounts.permissions import may
from portal.core.db import db
from portal.core.settings import current_settings
from portal.directory.queries import unit_names
from portal.feedback import (
    contacts,
    deadlines,
    desk_aside,
    neighbours,
    publishing,
    queries,
    reading,
)  # fmt: skip
from portal.feedback.contacts import Contact
from portal.feedback.desk_forms import (
    AnswerForm,
    AssignForm,
    ClassifyForm,
    ForwardForm,
    RefuseForm,
    VerbForm,
)
from portal.feedback.handling import REFUSALS, Refusal
from portal.feedback.models import (
    EVENT_TEXTS,
    KIND_NAMES,
    Feedback,
    FeedbackFile,
    Kind,
)
from portal.feedback.reminding import WARNED_NAMES
from portal.feedback.states import LABELS, OPEN, State

_FORMS: dict[str, type[VerbForm]] = {
    "answer": AnswerForm,
    "assign": AssignForm,
    "classify": ClassifyForm,
    "forward": ForwardForm,
    "refuse": RefuseForm,
}


def item_page(
    feedback_id: int, status: int = 200, failed: VerbForm | None = None, *,
    notice: str = "", contact: Contact | None = None,
) -> Response:  # fmt: skip
    """The page of one feedback. A form that failed comes back as it was filled in."""
    actor = current_actor()
    feedback = reading.open_item(actor, feedback_id)
    state, units = State(feedback.state), unit_names()
    page = render_template(
        "feedback/desk_item.html", feedback=feedback, state=state, is_open=state in OPEN,
        notice=notice, contact=contact, has_contact=reading.has_contact(feedback_id),
        forms=_forms(feedback, units, failed), failed=failed, left_over=_left_over(state, failed),
        units=units, people=_people(feedback), labels=LABELS, kind_names=KIND_NAMES,
        kind=Kind(feedback.kind), event_texts=EVENT_TEXTS,
        refusal=REFUSALS[Refusal(feedback.refusal)] if feedback.refusal else "",
        procedure_name=neighbours.procedure_name(feedback.procedure_code),
        may_release=publishing.may_release(actor, feedback),
        warned_names=WARNED_NAMES,
        file_names=contacts.names_of(feedback.files),
        **desk_aside.of_item(feedback, failed),
        how=deadlines.explain(
            deadlines.received_on(feedback), feedback.due_on, current_settings()
        ),
    )  # fmt: skip
    return make_response(page, status)


def address_of(feedback_id: int) -> str | None:
    """Where the item's page is; None when the actor may no longer see it."""
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None or not may(current_actor(), "feedback.view", feedback):
        return None
    return url_for("feedback_desk.item", feedback_id=feedback_id)


def download(file: FeedbackFile, path: Path) -> Response:
    """An attachment to save: it never runs or renders on our address."""
    response = send_file(
        path, mimetype=file.mime, as_attachment=True, download_name=contacts.name_of(file),
        conditional=False, max_age=0,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _forms(
    feedback: Feedback, units: dict[str, str], failed: VerbForm | None
) -> dict[str, VerbForm]:
    """All forms of the page, filled in from the item, but for the one that failed."""
    filled: dict[str, dict[str, Any]] = {
        "assign": {
            "unit": feedback.unit_code or feedback.about_unit_code or "",
            "assignee": str(feedback.assignee_id or ""),
        },
        "classify": {"kind": feedback.kind, "procedure_code": feedback.procedure_code or ""},
    }
    forms = {
        name: failed if type(failed) is made else made(formdata=None, **filled.get(name, {}))
        for name, made in _FORMS.items()
    }
    assign = forms["assign"]
    assert isinstance(assign, AssignForm)
    assign.offer(units, queries.officers(db.session()))
    return forms


def _left_over(state: State, failed: VerbForm | None) -> str:
    """What the officer typed into a form that the item's new state no longer has."""
    if failed is None or state in OPEN:
        return ""
    texts = (str(f.data) for f in failed if f.name.endswith(("_text", "_note", "_to")) and f.data)
    return "\n\n".join(texts)


def _people(feedback: Feedback) -> dict[int, str]:
    ids = {event.actor_id for event in feedback.events}
    ids |= {feedback.assignee_id, feedback.prepared_by, feedback.published_by}
    return queries.names_of(db.session(), ids)
