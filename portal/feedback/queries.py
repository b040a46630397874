"""What pages and other rooms read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, defer

from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Grant, Role, may
from portal.core import clock
from portal.core.settings import current_settings
from portal.core.text import fold
from portal.core.web.pages import Page, paginate
from portal.feedback import deadlines, narrowing
from portal.feedback.models import Feedback, Kind
from portal.feedback.narrowing import Narrowing, Sort
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
    APPROVAL = "cho-duyet"
    WAITING = "cho-bo-sung"
    HELD = "cho-kiem-tra"
    ERASURE = "xin-xoa"
    RESTRICTED = "giu-bi-mat"
    ANSWERED = "da-tra-loi"
    ALL = "tat-ca"


TRAY_NAMES: dict[Tray, str] = {
    Tray.NEW: "Mới",
    Tray.MINE: "Của tôi",
    Tray.UNIT: "Đơn vị tôi",
    Tray.SOON: "Sắp đến hạn",
    Tray.LATE: "Quá hạn",
    Tray.APPROVAL: "Chờ duyệt",
    Tray.WAITING: "Chờ bổ sung",
    Tray.HELD: "Chờ kiểm tra",
    Tray.ERASURE: "Xin xóa dữ liệu",
    Tray.RESTRICTED: "Giữ bí mật",
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
    query = published_with(text).order_by(Feedback.published_at.desc(), Feedback.id.desc())
    if kind is not None:
        query = query.where(Feedback.kind == kind.value)
    return paginate(session, query, number, PUBLIC_PAGE)


def published_with(text: str) -> Select[Feedback]:
    """Published items that hold all words of `text`, in no order."""
    query = _published()
    for word in fold(text[:MAX_QUERY]).split()[:MAX_WORDS]:
        query = query.where(Feedback.public_folded.contains(f" {word}", autoescape=True))
    return query


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
    session: Session, actor: Actor, tray: Tray, asked: Narrowing | None, number: int
) -> Page[Feedback]:
    """One pile of what `actor` may list, narrowed and in the order asked for; the most urgent
    first when nothing is. Texts are not loaded."""
    asked = asked or Narrowing()
    pile = and_(visible_to(actor), _in_tray(tray, actor))
    readable = and_(pile, visible_to(narrowing.reader(actor)))
    query = (
        select(Feedback)
        .where(pile, asked.condition(readable, session))
        .options(*(defer(column, raiseload=True) for column in _TEXTS))
    )
    order = asked.order
    if tray is Tray.ANSWERED and asked.sort is Sort.URGENT:
        order = (Feedback.answered_at.desc(),)
    return paginate(session, query.order_by(*order), number, DESK_PAGE)


def trays_of(actor: Actor) -> list[Tray]:
    """The piles that can hold something for this person."""
    handles = may(actor, "feedback.assign") or any(g.role is Role.AUDITOR for g in actor.grants)
    keeps = _keeps(actor)
    return [
        tray
        for tray in Tray
        if (keeps if tray is Tray.RESTRICTED else handles or (keeps and tray is Tray.ERASURE))
    ]


def _keeps(actor: Actor) -> bool:
    inspects = any(grant.role is Role.INSPECTOR for grant in actor.grants)
    return inspects or Grant(Role.HEAD) in actor.grants


def tray_counts(session: Session, actor: Actor) -> dict[Tray, int]:
    """How much lies in each pile, in one statement."""
    sums = [_sum(_in_tray(tray, actor)) for tray in Tray]
    row = session.execute(select(*sums).select_from(Feedback).where(visible_to(actor))).one()
    return {tray: count or 0 for tray, count in zip(Tray, row, strict=True)}


def waiting(actor: Actor) -> ColumnElement[bool]:
    """What this officer should act on: what nobody has taken yet, and what is in their hands."""
    piles = [_in_tray(Tray.NEW, actor), _in_tray(Tray.MINE, actor)]
    if _keeps(actor):
        piles.append(and_(_in_tray(Tray.RESTRICTED, actor), Feedback.closed_at.is_(None)))
    if may(actor, "feedback.approve"):
        piles.append(_in_tray(Tray.APPROVAL, actor))
    return and_(visible_to(actor), or_(*piles))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What this person lists: the queue, what is theirs, what their unit handles. Auditors,
    and officers and heads of the whole agency, list everything but denunciations, which only
    inspectors and who heads the whole agency may know of."""
    restricted = Feedback.state == State.RESTRICTED.value
    ordinary = and_(~restricted, _ordinary(actor))
    return or_(restricted, ordinary) if _keeps(actor) else ordinary


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


def is_open() -> ColumnElement[bool]:
    """Not closed, and on the common road."""
    return Feedback.state.in_([state.value for state in OPEN])


def _clock_runs() -> ColumnElement[bool]:
    """Open, and not waiting for the citizen."""
    return and_(is_open(), Feedback.state != State.WAITING.value)


def _in_tray(tray: Tray, actor: Actor) -> ColumnElement[bool]:
    today = clock.today()
    soon = deadlines.soon(today, current_settings().calendar)
    conditions: dict[Tray, ColumnElement[bool]] = {
        Tray.NEW: and_(Feedback.state == State.RECEIVED.value, Feedback.held_for_check.is_(False)),
        Tray.MINE: and_(is_open(), Feedback.assignee_id == actor.user_id),
        Tray.UNIT: and_(is_open(), Feedback.unit_code.in_(actor.units)),
        Tray.SOON: and_(_clock_runs(), Feedback.due_on.between(today, soon)),
        Tray.LATE: and_(_clock_runs(), Feedback.due_on < today),
        Tray.HELD: and_(is_open(), Feedback.held_for_check.is_(True)),
        Tray.ANSWERED: Feedback.state == State.ANSWERED.value,
        Tray.APPROVAL: Feedback.state == State.APPROVAL.value,
        Tray.WAITING: Feedback.state == State.WAITING.value,
        Tray.ERASURE: and_(Feedback.erasure_asked_at.is_not(None), Feedback.erased_at.is_(None)),
        Tray.RESTRICTED: Feedback.state == State.RESTRICTED.value,
        # A denunciation is shown where it is looked for, not over somebody's shoulder.
        Tray.ALL: Feedback.state != State.RESTRICTED.value,
    }
    return conditions[tray]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int | None]:
    return func.sum(case((condition, 1), else_=0))
