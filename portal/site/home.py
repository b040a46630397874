"""What the home page shows, gathered in few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.articles import queries as articles
from portal.articles.models import Article
from portal.core.settings import Settings
from portal.directory import queries as directory
from portal.directory.models import Hotline
from portal.feedback import queries as feedback
from portal.feedback.models import Feedback
from portal.procedures import queries as procedures
from portal.procedures.models import Announcement, Procedure

FRONT_ARTICLES = 6


@dataclass(frozen=True, slots=True)
class Home:
    """The parts of the home page, each short enough for a phone."""

    popular: Sequence[Procedure]
    announcements: Sequence[Announcement]
    articles: Sequence[Article]
    hotlines: Sequence[Hotline]
    answers: Sequence[Feedback]


def gather(session: Session, settings: Settings) -> Home:
    """Everything the home page needs: at most 7 statements."""
    return Home(
        popular=_in_order(session, settings.site.home.popular_procedures),
        announcements=session.scalars(procedures.announcements().limit(3)).all(),
        articles=articles.front(session, FRONT_ARTICLES),
        hotlines=[line for line in directory.public_hotlines() if line.phone][:3],
        answers=feedback.latest_published(session, 3),
    )


def _in_order(session: Session, codes: Sequence[str]) -> list[Procedure]:
    """Procedures in the order in which the agency named them."""
    found = {one.code: one for one in procedures.cards(session, list(codes))}
    return [found[code] for code in codes if code in found]
