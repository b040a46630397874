"""Templates of answers: written by officers for their unit or for the whole agency, and the facts
of an item that fill them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.clock import format_date
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.settings import current_settings
from portal.directory.queries import unit_names
from portal.feedback import deadlines, neighbours, register
from portal.feedback.models import AnswerTemplate, Feedback, Kind
from portal.feedback.placeholders import Filled, fill, problem

Changes = dict[str, tuple[object, object]]
EDIT = "feedback.template"
MAX_NAME, MAX_TEMPLATE = 120, 5_000
_CHANGED = "Có người vừa sửa mẫu này sau khi bạn mở. Bạn xem lại rồi lưu lần nữa."
_GONE = "Mẫu này vừa bị gỡ. Những gì bạn viết còn nguyên; bạn đưa mẫu lại rồi lưu."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A template as the form has it: None for every kind, for the whole agency."""

    name: str
    kind: str | None
    unit_code: str | None
    body: str

    def check(self) -> None:
        """Raise `Invalid` by field."""
        problems = {
            "name": "" if 0 < len(self.name) <= MAX_NAME else
            f"Nhập tên mẫu, nhiều nhất {MAX_NAME} ký tự.",
            "kind": "" if self.kind in {None, *Kind} else "Chọn loại trong danh sách.",
            "unit_code": "" if self.unit_code in {None, *unit_names()} else
            "Chọn đơn vị trong danh sách.",
            "body": problem(self.body) if 0 < len(self.body) <= MAX_TEMPLATE else
            f"Nhập lời mẫu, nhiều nhất {MAX_TEMPLATE} ký tự.",
        }  # fmt: skip
        if found := {name: said for name, said in problems.items() if said}:
            raise Invalid(found)


def add(actor: Actor, wanted: Wanted) -> int:
    """Keep a new template; returns its number. Raises `NotAllowed`, `Invalid`."""
    require(actor, EDIT, wanted)
    wanted.check()
    with write() as session:
        made = AnswerTemplate(**asdict(wanted), author_id=actor.user_id, changed_at=clock.now(),
                              version=0)  # fmt: skip
        session.add(made)
        session.flush()
        changes = audit.differences({}, asdict(wanted))
        _touch(session, actor, made, AuditEvent.ANSWER_TEMPLATE_CHANGED, changes)
        return made.id


def change(actor: Actor, template_id: int, version: int, wanted: Wanted) -> None:
    """Change a template as it was at `version`. Raises `NotFound`, `NotAllowed`, `Invalid`,
    `Conflict`."""
    require(actor, EDIT, wanted)
    wanted.check()
    with write() as session:
        template = get(session, actor, template_id)
        if template.removed_at is not None:
            raise Conflict(_GONE)
        if template.version != version:
            raise Conflict(_CHANGED)
        after = asdict(wanted)
        before = {name: getattr(template, name) for name in after}
        changes = audit.differences(before, after)
        if not changes:
            return
        for name, value in after.items():
            setattr(template, name, value)
        _touch(session, actor, template, AuditEvent.ANSWER_TEMPLATE_CHANGED, changes)


def remove(actor: Actor, template_id: int) -> str:
    """Offer a template no more; it can be restored. Returns its name."""
    return _switch(actor, template_id, on=False)


def restore(actor: Actor, template_id: int) -> str:
    """Offer a removed template again. Returns its name."""
    return _switch(actor, template_id, on=True)


def get(session: Session, actor: Actor, template_id: int) -> AnswerTemplate:
    """A template that `actor` may edit, removed or not. Raises `NotFound`, `NotAllowed`."""
    template = session.get(AnswerTemplate, template_id)
    if template is None:
        raise NotFound("answer_template")
    require(actor, EDIT, template)
    return template


def every(session: Session, kind: Kind | None = None) -> Sequence[AnswerTemplate]:
    """All templates by name, those that were removed too; of one kind those of every kind too."""
    query = select(AnswerTemplate).order_by(AnswerTemplate.name, AnswerTemplate.id)
    if kind is not None:
        query = query.where(_of_kind(kind.value))
    return session.scalars(query).all()


def fitting(session: Session, feedback: Feedback) -> Sequence[AnswerTemplate]:
    """Templates for an item of that kind and unit, the unit's own first."""
    query = select(AnswerTemplate).where(
        AnswerTemplate.removed_at.is_(None),
        _of_kind(feedback.kind),
        or_(AnswerTemplate.unit_code.is_(None), AnswerTemplate.unit_code == feedback.unit_code),
    )
    order = (AnswerTemplate.unit_code.is_(None), AnswerTemplate.name, AnswerTemplate.id)
    return session.scalars(query.order_by(*order)).all()


def filled(session: Session, feedback: Feedback, template_id: int | None) -> Filled:
    """A template with the facts of an item. Raises `Invalid` when it is not offered for it."""
    for template in fitting(session, feedback):
        if template.id == template_id:
            return fill(template.body, facts_of(feedback))
    raise Invalid({"template": "Chọn mẫu trong danh sách."})


def facts_of(feedback: Feedback) -> dict[str, str]:
    """What is known of an item by placeholder. Nothing here is the citizen's own word; while the
    clock stands there is no due day to promise."""
    return {
        "so": register.label(feedback),
        "ngay_nhan": format_date(deadlines.received_on(feedback)),
        "han": "" if feedback.paused_on else format_date(feedback.due_on),
        "don_vi": unit_names().get(feedback.unit_code or "", ""),
        "thu_tuc": neighbours.procedure_name(feedback.procedure_code) or "",
        "co_quan": current_settings().site.agency.name,
        "ngay": format_date(clock.today()),
    }


def _of_kind(kind: str) -> ColumnElement[bool]:
    return or_(AnswerTemplate.kind.is_(None), AnswerTemplate.kind == kind)


def _switch(actor: Actor, template_id: int, *, on: bool) -> str:
    with write() as session:
        template = get(session, actor, template_id)
        if (template.removed_at is None) != on:
            template.removed_at = None if on else clock.now()
            event = (
                AuditEvent.ANSWER_TEMPLATE_RESTORED if on else AuditEvent.ANSWER_TEMPLATE_REMOVED
            )
            _touch(session, actor, template, event, {})
        return template.name


def _touch(
    session: Session, actor: Actor, template: AnswerTemplate, event: AuditEvent, changes: Changes
) -> None:
    """Count a change and log it; of the text itself only that it changed."""
    template.version += 1
    template.changed_at = clock.now()
    if "body" in changes:
        changes["body"] = (None, "đã sửa")
    thing = ("answer_template", template.id)
    audit.record(session, event, actor_id=actor.user_id, thing=thing, changes=changes)
