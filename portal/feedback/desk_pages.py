"""What the desk shows: the page of one feedback with its forms, and attachments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

from flask import Response, make_response, render_template, send_file, url_for

from portal.accounts.access import current_actor
from portal.accounts.permissions import Actor, may
from portal.core import clock
from portal.core.db import db
from portal.core.settings import current_settings
from portal.directory.queries import unit_names
from portal.feedback import (
    answer_templates,
    approval,
    contacts,
    deadlines,
    desk_aside,
    neighbours,
    pausing,
    public_pictures,
    publishing,
    queries,
    reading,
    register,
    states,
)
from portal.feedback.contacts import Contact
from portal.feedback.desk_forms import (
    AnswerForm,
    AskForm,
    AssignForm,
    ClassifyForm,
    ExtendForm,
    ForwardForm,
    NoteForm,
    RefuseForm,
    ReturnForm,
    UnpublishForm,
    VerbForm,
)
from portal.feedback.handling import REFUSALS, Refusal, ground
from portal.feedback.models import (
    CHANNEL_NAMES,
    EVENT_TEXTS,
    KIND_NAMES,
    Event,
    Feedback,
    FeedbackFile,
    Kind,
)
from portal.feedback.reminding import WARNED_NAMES
from portal.feedback.states import LABELS, OPEN, State, Verb
from portal.feedback.steps import PERMISSIONS, due_if_resumed

# Each form of the page, and the verbs for which it stands there.
_FORMS: dict[str, tuple[type[VerbForm], tuple[Verb, ...]]] = {
    "answer": (AnswerForm, (Verb.ANSWER, Verb.DRAFT, Verb.SUBMIT)),
    "return": (ReturnForm, (Verb.RETURN,)),
    "note": (NoteForm, (Verb.NOTE,)),
    "ask": (AskForm, (Verb.ASK,)),
    "extend": (ExtendForm, (Verb.EXTEND,)),
    "assign": (AssignForm, (Verb.ASSIGN,)),
    "classify": (ClassifyForm, (Verb.CLASSIFY,)),
    "forward": (ForwardForm, (Verb.FORWARD,)),
    "refuse": (RefuseForm, (Verb.REFUSE,)),
    "unpublish": (UnpublishForm, (Verb.UNPUBLISH,)),
}


def item_page(
    feedback_id: int, status: int = 200, failed: VerbForm | None = None, *,
    notice: str = "", contact: Contact | None = None,
) -> Response:  # fmt: skip
    """The page of one feedback. A form that failed comes back as it was filled in."""
    actor = current_actor()
    feedback = reading.open_item(actor, feedback_id)
    state, units, verbs = State(feedback.state), unit_names(), _verbs(actor, feedback)
    page = render_template(
        "feedback/desk_item.html", feedback=feedback, state=state, is_open=state in OPEN,
        notice=notice, contact=contact, has_contact=reading.has_contact(feedback_id), verbs=verbs,
        forms=_forms(feedback, units, failed), failed=failed, left_over=_left_over(verbs, failed),
        units=units, people=_people(feedback), labels=LABELS, kind_names=KIND_NAMES,
        channel_names=CHANNEL_NAMES, register_number=register.label(feedback),
        kind=Kind(feedback.kind),
        refusal=REFUSALS[Refusal(feedback.refusal)] if feedback.refusal else "",
        refusal_ground=ground(Refusal(feedback.refusal)) if feedback.refusal else "",
        grounds={reason.value: ground(reason) for reason in Refusal}, steps=_steps(feedback),
        procedure_name=neighbours.procedure_name(feedback.procedure_code),
        may_release=publishing.may_release(actor, feedback),
        file_names=contacts.names_of(feedback.files),
        pictures=public_pictures.of(db.session(), feedback_id) if feedback.public_question else [],
        **desk_aside.of_item(feedback, failed, units),
        warned_names=WARNED_NAMES, term=_term(feedback), approval=_approval(actor, feedback),
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


def _verbs(actor: Actor, feedback: Feedback) -> set[Verb]:
    """What this person can do to it now."""
    state = State(feedback.state)
    return {
        verb
        for verb, permission in PERMISSIONS.items()
        if states.can(state, verb) and may(actor, permission, feedback)
    }


def _forms(
    feedback: Feedback, units: dict[str, str], failed: VerbForm | None
) -> dict[str, VerbForm]:
    """All forms of the page, filled in from the item, but for the one that failed."""
    filled: dict[str, dict[str, Any]] = {
        "answer": {"answer_text": feedback.draft or ""},
        "assign": {
            "unit": feedback.unit_code or feedback.about_unit_code or "",
            "assignee": str(feedback.assignee_id or ""),
        },
        "classify": {"kind": feedback.kind, "procedure_code": feedback.procedure_code or ""},
    }
    forms = {
        name: failed if type(failed) is made else made(formdata=None, **filled.get(name, {}))
        for name, (made, _verbs) in _FORMS.items()
    }
    assign = forms["assign"]
    answer = forms["answer"]
    assert isinstance(assign, AssignForm)
    assert isinstance(answer, AnswerForm)
    if State(feedback.state) in OPEN:
        answer.offer(answer_templates.fitting(db.session(), feedback))
    assign.offer(units, queries.officers(db.session()))
    return forms


def _left_over(verbs: set[Verb], failed: VerbForm | None) -> str:
    """What the officer typed into a form that the page no longer has."""
    wanted = dict(_FORMS.values()) | desk_aside.VERBS
    if failed is None or verbs & set(wanted.get(type(failed), ())):
        return ""
    ends = ("_text", "_note", "_to", "_reason")
    texts = (str(f.data) for f in failed if f.name.endswith(ends) and f.data)
    return "\n\n".join(texts)


def _term(feedback: Feedback) -> dict[str, Any]:
    """How the term stands, for the head of the page."""
    settings, today = current_settings(), clock.today()
    rules, received = settings.site.feedback, deadlines.received_on(feedback)
    done = sum(event.event == Event.EXTENDED.value for event in feedback.events)
    forward_by = feedback.forward_by or deadlines.forward_by(received, settings)
    return {
        "left": deadlines.days_left(feedback.due_on, today, settings.calendar),
        "how": deadlines.explain(received, feedback.due_on, settings),
        "limit": deadlines.limit_for(feedback.kind, settings.site),
        "if_resumed": due_if_resumed(feedback),
        "forward_by": forward_by,
        "forward_late": forward_by < today,
        "forward_limit": deadlines.limit_for(deadlines.FORWARD, settings.site),
        "extensions_left": max(0, rules.extension_times - done),
        "most_days": rules.extension_days,
        "extension_source": rules.extension_source,
        "at_most": pausing.extended(feedback, rules.extension_days).end,
    }


def _approval(actor: Actor, feedback: Feedback) -> dict[str, Any]:
    """Who lets the answer out, and what stands in this person's way."""
    if State(feedback.state) not in OPEN:
        return {}
    approving = approval.approvers(db.session(), feedback)
    return {
        "needed": approval.is_needed(),
        "obstacle": approval.obstacle(actor, feedback),
        "by": [user.name for user in approving],
        "nobody": approval.no_approver(actor, approving),
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """A step of the timeline, as officers see it: `note` is the number of a note, or 0."""

    at: datetime
    text: str
    by: int | None
    note: int = 0


def _steps(feedback: Feedback) -> list[_Line]:
    """What the citizen was told of, and that officers noted something, in the order of time."""
    events = [
        _Line(e.at, EVENT_TEXTS[Event(e.event)] + (f": {e.note}" if e.note else ""), e.actor_id)
        for e in feedback.events
    ]
    notes = [_Line(n.at, "Ghi chú nội bộ", n.author_id, n.id) for n in feedback.notes]
    return sorted(events + notes, key=attrgetter("at"))


def _people(feedback: Feedback) -> dict[int, str]:
    ids = {event.actor_id for event in feedback.events}
    ids |= {message.author_id for message in feedback.messages}
    ids |= {note.author_id for note in feedback.notes}
    ids |= {feedback.assignee_id, feedback.prepared_by, feedback.published_by, feedback.drafted_by,
            feedback.answered_by, feedback.approved_by, feedback.entered_by}  # fmt: skip
    return queries.names_of(db.session(), ids)
