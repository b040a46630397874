"""The notice board of a waiting room: slides made of what the portal has anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.articles import queries as articles
from portal.core.settings import Settings
from portal.core.site_config import Board
from portal.directory import queries as directory
from portal.procedures import queries as procedures

LINES = 4
CHANGES = 3


@dataclass(frozen=True, slots=True)
class Slide:
    """One screen: `subject` is an article or a decision, `rows` are changes or hotlines, `more`
    counts what had no room, `path` is the page that the QR code opens."""

    kind: str
    path: str
    subject: Any = None
    rows: Sequence[Any] = ()
    more: int = 0


def slides(session: Session, settings: Settings) -> list[Slide]:
    """All slides in the agency's order, never none; at most 5 statements."""
    board = settings.site.board
    found = [slide for kind in board.show for slide in _MAKERS[kind](session, board)]
    return found or [Slide("welcome", "/")]


def _articles(session: Session, board: Board) -> Iterator[Slide]:
    pinned = articles.pinned_visible(session, board.articles)
    for article in pinned or articles.latest_visible(session, board.articles):
        yield Slide("article", f"/bai-viet/{article.slug}", article)


def _decisions(session: Session, board: Board) -> Iterator[Slide]:
    newest = procedures.announcements().limit(board.decisions)
    for decision in session.scalars(newest):
        changes = decision.changes
        yield Slide(
            "decision", f"/thu-tuc/cong-bo#quyet-dinh-{decision.id}", decision, changes[:CHANGES],
            len(changes[CHANGES:]),
        )  # fmt: skip


def _hotlines(_session: Session, _board: Board) -> Iterator[Slide]:
    lines = [line for line in directory.public_hotlines() if line.phone]
    screens = -(-len(lines) // LINES)
    size = -(-len(lines) // max(1, screens))  # five lines are three and two, not four and one
    for start in range(0, len(lines), max(1, size)):
        yield Slide("hotlines", "/duong-day-nong/", rows=lines[start : start + size])


_MAKERS: dict[str, Callable[[Session, Board], Iterator[Slide]]] = {
    "articles": _articles,
    "procedures": _decisions,
    "hotlines": _hotlines,
}
