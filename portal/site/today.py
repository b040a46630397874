"""What the desk's first page asks of the rooms: figures, what waits for me, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from portal.accounts.access import DESK
from portal.accounts.permissions import Actor, Grant, Role, may
from portal.articles import desk_queries as articles
from portal.articles.models import Article
from portal.articles.states import State
from portal.boards import notices
from portal.boards.models import Notice
from portal.core import clock
from portal.directory import upkeep as directory
from portal.directory.models import Hotline
from portal.feedback import queries as feedback
from portal.feedback.models import Feedback
from portal.feedback.queries import TRAY_NAMES, Tray
from portal.procedures.missing import GAPS
from portal.procedures.models import Procedure
from portal.search.gaps import open_gaps
from portal.search.models import SearchGap

MOST = 6  # of each kind: the lists hold the rest
_TRAYS = (Tray.NEW, Tray.MINE, Tray.SOON, Tray.LATE, Tray.HELD)
_OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.PASSED)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that leads to the list behind it."""

    label: str
    count: int
    url: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Today:
    """The whole page. `late` is what the person's unit (or agency) owes an answer for."""

    tiles: Sequence[Tile]
    articles: Sequence[Article]
    mine: Sequence[Feedback]
    late: Sequence[Feedback]
    notices: Sequence[Notice] = ()

    @property
    def calm(self) -> bool:
        return not (self.articles or self.mine or self.late or self.notices)


def of(session: Session, actor: Actor) -> Today:
    """Everything that this person should know this morning; at most nine statements."""
    reads = may(actor, "feedback.view")
    counts = feedback.tray_counts(session, actor) if may(actor, "feedback.list") else {}
    tiles = [
        *_article_tiles(session, actor), *_feedback_tiles(counts), *_stale_tiles(session, actor),
    ]  # fmt: skip
    late = _first(session, actor, Tray.LATE) if reads and counts[Tray.LATE] else []
    mine = _first(session, actor, Tray.MINE) if reads and counts[Tray.MINE] else []
    told = notices.open_for(session, actor.user_id, MOST)
    return Today(tiles, _articles(session, actor), [x for x in mine if x not in late], late, told)


def _articles(session: Session, actor: Actor) -> Sequence[Article]:
    if not may(actor, "article.list"):
        return []
    query = select(Article).where(articles.waiting(actor)).options(defer(Article.body))
    return session.scalars(query.order_by(Article.changed_at).limit(MOST)).all()


def _first(session: Session, actor: Actor, tray: Tray) -> list[Feedback]:
    """The most urgent ones of a pile that this person may open."""
    page = feedback.inbox(session, actor, tray, None, 1)
    return [one for one in page.items if may(actor, "feedback.view", one)][:MOST]


def _article_tiles(session: Session, actor: Actor) -> Iterable[Tile]:
    if not may(actor, "article.list"):
        return
    rows = session.execute(
        select(
            Article.state, Article.author_id, func.count(),
            func.sum(case((articles.awaits_publisher(), 1), else_=0)),
        ).group_by(Article.state, Article.author_id)
    ).all()  # fmt: skip
    own = {s: n for s, author, n, _ in rows if author == actor.user_id}
    address = f"{DESK}/bai-viet/"
    if may(actor, "article.publish"):
        submitted = sum(waiting for _, _, _, waiting in rows)
        yield Tile("Bài chờ duyệt", submitted, f"{address}?xem=cho-toi")
    if may(actor, "article.create"):
        returned = own.get(State.RETURNED, 0)
        yield Tile("Bài bị trả lại", returned, f"{address}?xem=cua-toi", urgent=returned > 0)
        mine = sum(own.get(state, 0) for state in _OPEN)
        yield Tile("Bài của tôi đang soạn", mine, f"{address}?xem=cua-toi")


def _feedback_tiles(counts: dict[Tray, int]) -> Iterable[Tile]:
    for tray in _TRAYS if counts else ():
        label = f"Phản ánh: {TRAY_NAMES[tray].lower()}"
        address = f"{DESK}/phan-anh/?khay={tray.value}"
        yield Tile(label, counts[tray], address, urgent=tray is Tray.LATE and counts[tray] > 0)


def _stale_tiles(session: Session, actor: Actor) -> Iterable[Tile]:
    """Facts that this person keeps and nobody looked at for long; one statement."""
    rooms = []
    if may(actor, "procedure.edit"):
        stale = select(func.count(Procedure.id)).where(
            GAPS["xem-lai"].condition(), _mine(actor, Procedure.unit_code)
        )
        address = f"{DESK}/thu-tuc/?thieu=xem-lai"
        rooms.append(("Thủ tục cần xem lại", address, stale.scalar_subquery()))
    if may(actor, "directory.edit"):
        stale = select(func.count(Hotline.id)).where(
            directory.due(clock.today()), _mine(actor, Hotline.unit_code)
        )
        address = f"{DESK}/danh-ba/can-kiem-tra"
        rooms.append(("Đường dây cần gọi thử", address, stale.scalar_subquery()))
    if may(actor, "wording.edit"):
        gaps = select(func.count(SearchGap.id)).where(open_gaps())
        rooms.append(("Từ chưa tìm thấy", f"{DESK}/tim-kiem/", gaps.scalar_subquery()))
    if rooms:
        row = session.execute(select(*(count for _, _, count in rooms))).one()
        for (label, url, _), count in zip(rooms, row, strict=True):
            yield Tile(label, count or 0, url)


def _mine(actor: Actor, unit: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """What editors of a unit keep is their unit's; publishers and administrators keep all."""
    whole = {Grant(Role.PUBLISHER), Grant(Role.ADMINISTRATOR), Grant(Role.UNIT_EDITOR)}
    if whole & set(actor.grants):
        return true()
    return unit.in_(sorted(actor.units))
