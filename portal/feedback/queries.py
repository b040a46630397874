"""What pages and other rooms read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, defer

from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Grant, Role
from portal.core import clock
from portal.core.settings import current_settings
from portal.core.text import fold
from portal.core.web.pages import Page, paginate
from portal.feedback import deadlines
from portal.feedback.models import Feedback, Kind
from portal.feedback.states import OPEN, State

MAX_WORDS = 16
MAX_QUERY = 200
PUBLIC_PAGE, DESK_PAGE = 10, 30
_HANDLERS = (Role.FEEDBACK_OFFICER, Role.HEAD)


class Tray(StrEnum):
    """The piles of the inbox, as they stand in its addresses."""

    NEW = "moi"
    MINE = "cua-toi"
    UNIT = "don-vi"
    SOON = "sap-den-han"
    LATE = "qua-han"
    HELD = "cho-kiem-tra"
    ANSWERED = "da-tra-loi"
    ALL = "tat-ca"


TRAY_NAMES: dict[Tray, str] = {
    Tray.NEW: "Mới",
    Tray.MINE: "Của tôi",
    Tray.UNIT: "Đơn vị tôi",
    Tray.SOON: "Sắp đến hạn",
    Tray.LATE: "Quá hạn",
    Tray.HELD: "Chờ kiểm tra",
    Tray.ANSWERED: "Đã trả lời",
    Tray.ALL: "Tất cả",
}


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """Figures for the home page: all received, all closed with an answer, published answers."""

    received: int
    answered: int
    published: int


def published(session: Session, text: str, kind: Kind | None, number: int) -> Page[Feedback]:
    """Published items that hold all words of `text`, newest first."""
    query = _published().order_by(Feedback.published_at.desc(), Feedback.id.desc())
    for word in fold(text[:MAX_QUERY]).split()[:MAX_WORDS]:
        query = query.where(Feedback.public_folded.contains(f" {word}", autoescape=True))
    if kind is not None:
        query = query.where(Feedback.kind == kind.value)
    return paginate(session, query, number, PUBLIC_PAGE)


def published_item(session: Session, public_id: str) -> Feedback | None:
    """One published item; only its public copy may be shown."""
    return session.scalar(_published().where(Feedback.public_id == public_id))


def latest_published(session: Session, limit: int, offset: int = 0) -> list[Feedback]:
    """The newest published items."""
    query = _published().order_by(Feedback.published_at.desc(), Feedback.id.desc())
    return list(session.scalars(query.limit(limit).offset(offset)))


def published_by_ids(session: Session, public_ids: Sequence[str]) -> list[Feedback]:
    """Published items among those named; one statement."""
    return list(session.scalars(_published().where(Feedback.public_id.in_(public_ids))))


def published_about(session: Session, procedure_code: str, limit: int) -> list[Feedback]:
    """The newest published items about one procedure."""
    query = _published().where(Feedback.procedure_code == procedure_code)
    return list(session.scalars(query.order_by(Feedback.published_at.desc()).limit(limit)))


def published_ids(session: Session) -> list[str]:
    """Public ids of everything published."""
    return list(session.scalars(select(Feedback.public_id).where(_is_published())))


def public_counts(session: Session) -> PublicCounts:
    """Figures for the home page, in one statement."""
    row = session.execute(
        select(
            func.count(),
            _sum(Feedback.state == State.ANSWERED.value),
            _sum(_is_published()),
        ).select_from(Feedback)
    ).one()
    return PublicCounts(row[0], row[1] or 0, row[2] or 0)


def inbox(
    session: Session, actor: Actor, tray: Tray, kind: Kind | None, number: int
) -> Page[Feedback]:
    """One pile of what `actor` may list, the most urgent first. Texts are not loaded."""
    query = (
        select(Feedback)
        .where(visible_to(actor), _in_tray(tray, actor))
        .options(*(defer(column, raiseload=True) for column in _TEXTS))
    )
    if kind is not None:
        query = query.where(Feedback.kind == kind.value)
    urgent = case((_is_open(), 0), else_=1)
    order = (urgent, Feedback.due_on, Feedback.id) if tray is not Tray.ANSWERED else (
        Feedback.answered_at.desc(),
    )  # fmt: skip
    return paginate(session, query.order_by(*order), number, DESK_PAGE)


def tray_counts(session: Session, actor: Actor) -> dict[Tray, int]:
    """How much lies in each pile, in one statement."""
    sums = [_sum(_in_tray(tray, actor)) for tray in Tray]
    row = session.execute(select(*sums).select_from(Feedback).where(visible_to(actor))).one()
    return {tray: count or 0 for tray, count in zip(Tray, row, strict=True)}


def waiting(actor: Actor) -> ColumnElement[bool]:
    """What this officer should act on: what nobody has taken yet, and what is in their hands."""
    return and_(visible_to(actor), or_(_in_tray(Tray.NEW, actor), _in_tray(Tray.MINE, actor)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What this person lists: the queue, what is theirs, what their unit handles. Auditors,
    and officers and heads of the whole agency, list everything but denunciations, which only
    inspectors and who heads the whole agency may know of."""
    restricted = Feedback.state == State.RESTRICTED.value
    ordinary = and_(~restricted, _ordinary(actor))
    roles = {grant.role for grant in actor.grants}
    if Role.INSPECTOR in roles or Grant(Role.HEAD) in actor.grants:
        return or_(restricted, ordinary)
    return ordinary


def _ordinary(actor: Actor) -> ColumnElement[bool]:
    rights: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        if grant.role is Role.AUDITOR:
            return true()
        if grant.role in _HANDLERS:
            if grant.unit_code is None:
                return true()
            rights.append(Feedback.unit_code == grant.unit_code)
    if not rights:
        return false()
    free = and_(Feedback.assignee_id.is_(None), Feedback.unit_code.is_(None))
    return or_(free, Feedback.assignee_id == actor.user_id, *rights)


def officers(session: Session) -> list[User]:
    """Everyone who may handle feedback, by name."""
    query = (
        select(User)
        .join(RoleGrant)
        .where(RoleGrant.role.in_([role.value for role in _HANDLERS]), User.disabled_at.is_(None))
        .order_by(User.name)
    )
    return list(session.scalars(query).unique())


def keepers(session: Session) -> Sequence[User]:
    """Who sees denunciations: inspectors, and who heads the whole agency."""
    head = and_(RoleGrant.role == Role.HEAD.value, RoleGrant.unit_code.is_(None))
    query = (
        select(User)
        .join(RoleGrant)
        .where(or_(RoleGrant.role == Role.INSPECTOR.value, head), User.disabled_at.is_(None))
        .order_by(User.name)
    )
    return session.scalars(query).unique().all()


def names_of(session: Session, user_ids: set[int | None]) -> dict[int, str]:
    """Names of members of staff by id."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(user_ids - {None})))
    return {row.id: row.name for row in rows}


_TEXTS = (Feedback.body, Feedback.answer, Feedback.public_question, Feedback.public_answer,
          Feedback.public_folded, Feedback.closing_note, Feedback.draft, Feedback.rating_note,
          Feedback.extension_reason)  # fmt: skip


def _is_published() -> ColumnElement[bool]:
    return Feedback.published_at.is_not(None)


def _published() -> Select[Feedback]:
    """Published items without the citizen's own words: nothing can show them by mistake."""
    hidden = (Feedback.subject, Feedback.body, Feedback.answer, Feedback.closing_note,
              Feedback.draft, Feedback.rating_note, Feedback.extension_reason)  # fmt: skip
    return (
        select(Feedback)
        .where(_is_published())
        .options(*(defer(column, raiseload=True) for column in hidden))
    )


def _is_open() -> ColumnElement[bool]:
    return Feedback.state.in_([state.value for state in OPEN])


def _clock_runs() -> ColumnElement[bool]:
    """Open, and not waiting for the citizen."""
    return and_(_is_open(), Feedback.state != State.WAITING.value)


def _in_tray(tray: Tray, actor: Actor) -> ColumnElement[bool]:
    today = clock.today()
    soon = deadlines.soon(today, current_settings().calendar)
    conditions: dict[Tray, ColumnElement[bool]] = {
        Tray.NEW: and_(Feedback.state == State.RECEIVED.value, Feedback.held_for_check.is_(False)),
        Tray.MINE: and_(_is_open(), Feedback.assignee_id == actor.user_id),
        Tray.UNIT: and_(_is_open(), Feedback.unit_code.in_(actor.units)),
        Tray.SOON: and_(_clock_runs(), Feedback.due_on.between(today, soon)),
        Tray.LATE: and_(_clock_runs(), Feedback.due_on < today),
        Tray.HELD: and_(_is_open(), Feedback.held_for_check.is_(True)),
        Tray.ANSWERED: Feedback.state == State.ANSWERED.value,
        Tray.ALL: true(),
    }
    return conditions[tray]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int | None]:
    return func.sum(case((condition, 1), else_=0))
