"""What a unit could write about next: what the plan asks for, what changed, what people ask.

Nothing of a citizen is in it: published questions are shown as they were published, all others
are only counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy import String, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.articles.models import Article, Topic, article_procedure, visible
from portal.boards.tasks import Part, TaskLine
from portal.core import clock
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.evidence.models import EvidenceRecord, EvidenceTopic
from portal.feedback.models import Feedback
from portal.plan.periods import quarter_of
from portal.procedures.models import (
    Announcement,
    AnnouncementChange,
    Procedure,
    ProcedureVersion,
)
from portal.procedures.terms import Origin
from portal.search.gaps import open_gaps
from portal.search.models import SearchGap

OFTEN_ASKED = 3
"""How many messages about one procedure are worth an article."""
MOST = 4  # of each source
_TITLE = 200
WRITE = "/ban-lam-viec/bai-viet/moi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """One thing to write about: why, and what the new article begins with."""

    title: str
    reason: str
    source: str
    task_id: int | None = None
    topic: str = ""
    procedure: str = ""

    def address(self, unit: str) -> str:
        """The form of a new article that already knows what it is about."""
        asked = {
            "tieu_de": self.title, "chu_de": self.topic, "nhiem_vu": self.task_id,
            "thu_tuc": self.procedure, "don_vi": unit,
        }  # fmt: skip
        return f"{WRITE}?{urlencode({name: value for name, value in asked.items() if value})}"


def for_unit(
    session: Session, unit: str, mine: Iterable[tuple[TaskLine, Part]], today: date
) -> list[Idea]:
    """Ideas for one unit, given its tasks; four statements. What belongs to no unit is offered
    to those that lead a task."""
    tasks = list(mine)
    leads = any(part is Part.LEAD for _, part in tasks)
    since = today - timedelta(days=current_settings().site.reminders.idea_days)
    return [
        *_topics(session, tasks, today),
        *_procedures(session, unit, since, leads=leads),
        *_questions(session, unit, since, leads=leads),
        *(_searches(session) if leads else ()),
    ]


def _topics(session: Session, tasks: Collection[tuple[TaskLine, Part]], today: date) -> list[Idea]:
    """Topics of the unit's tasks without article or evidence in this quarter."""
    wanted: dict[str, TaskLine] = {}
    # The task that a unit leads explains a topic better than one that everybody shares.
    for line, _ in sorted(tasks, key=lambda pair: list(Part).index(pair[1])):
        for slug in line.task.topics if line.is_open else ():
            wanted.setdefault(slug, line)
    quarter = quarter_of(today)
    found = []
    for slug, name, latest in _last_posts(session, list(wanted)):
        if latest is None or latest < quarter.first:
            line = wanted[slug]
            last = (
                f"Bài gần nhất ngày {clock.format_date(latest)}." if latest else "Chưa có bài nào."
            )
            why = f"Chủ đề của nhiệm vụ {line.task.number} chưa có bài trong {quarter.name}."
            found.append((latest or date.min, Idea(
                title=f"{name}: việc đã làm trong {quarter.name}", reason=f"{why} {last}",
                source="Kế hoạch", task_id=line.task.id, topic=slug,
            )))  # fmt: skip
    return [idea for _, idea in sorted(found, key=lambda pair: pair[0])][:MOST]


def _last_posts(session: Session, slugs: list[str]) -> list[tuple[str, str, date | None]]:
    """Topic, name, and the day of its newest article or evidence; one statement."""
    article = (
        select(func.max(Article.publish_at))
        .where(Article.topic_id == Topic.id, visible())
        .scalar_subquery()
    )
    other = (
        select(func.max(EvidenceRecord.day))
        .join(EvidenceTopic, EvidenceTopic.evidence_id == EvidenceRecord.id)
        .where(EvidenceTopic.topic_slug == Topic.slug, EvidenceRecord.removed_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Topic.slug, Topic.name, article, other)
        .where(Topic.slug.in_(slugs))
        .order_by(Topic.position, Topic.id)
    )
    found = []
    for slug, name, moment, day in rows:
        days = [clock.to_local(moment).date()] if moment else []
        found.append((slug, name, max([*days, *([day] if day else [])], default=None)))
    return found


def _procedures(session: Session, unit: str, since: date, *, leads: bool) -> list[Idea]:
    """Procedures that a decision or an import changed and no article explained since; one
    statement."""
    moment = clock.from_local(datetime.combine(since, time.min))
    told = func.coalesce(Announcement.published_on, Announcement.issued_on)
    announced = (
        select(func.max(told))
        .join(AnnouncementChange, AnnouncementChange.announcement_id == Announcement.id)
        .where(AnnouncementChange.code == Procedure.code)
        .scalar_subquery()
    )
    imported = (
        select(func.max(ProcedureVersion.recorded_at))
        .where(
            ProcedureVersion.procedure_id == Procedure.id, ProcedureVersion.number > 1,
            ProcedureVersion.origin == Origin.IMPORT,
        )
        .scalar_subquery()
    )  # fmt: skip
    explained = (
        select(func.max(Article.publish_at))
        .join(article_procedure, article_procedure.c.article_id == Article.id)
        .where(article_procedure.c.code == Procedure.code, visible())
        .scalar_subquery()
    )
    mine = [Procedure.unit_code == unit, *([Procedure.unit_code.is_(None)] if leads else [])]
    rows = session.execute(
        select(Procedure.code, Procedure.name, announced, imported, explained)
        .where(or_(*mine), or_(announced >= since, imported >= moment))
        .order_by(case((Procedure.unit_code == unit, 0), else_=1), Procedure.code)
        .limit(100)
    )
    ideas = []
    for code, name, day, version_at, article_at in rows:
        days = [day] if day else []
        changed = max([*days, *([clock.to_local(version_at).date()] if version_at else [])])
        if article_at is None or clock.to_local(article_at).date() < changed:
            ideas.append(Idea(
                title=f"Điểm mới của thủ tục {name}"[:_TITLE], source="Thủ tục", procedure=code,
                reason=f"Thủ tục {code} thay đổi ngày {clock.format_date(changed)}, chưa có bài"
                " giải thích.",
            ))  # fmt: skip
    return ideas[:MOST]


def _questions(session: Session, unit: str, since: date, *, leads: bool) -> list[Idea]:
    """What citizens asked: published questions, and procedures that many wrote about; one
    statement."""
    moment = clock.from_local(datetime.combine(since, time.min))
    about = case(
        (Feedback.procedure_code.is_not(None), Feedback.procedure_code),
        else_=literal("so-") + cast(Feedback.id, String),
    )
    shown = func.max(case((Feedback.published_at.is_not(None), Feedback.public_subject)))
    count, code = func.count(Feedback.id), func.max(Feedback.procedure_code)
    mine = [
        Feedback.unit_code == unit, Procedure.unit_code == unit,
        *([Feedback.unit_code.is_(None)] if leads else []),
    ]  # fmt: skip
    often = (code.is_not(None)) & (count >= OFTEN_ASKED)
    rows = session.execute(
        select(code, func.max(Procedure.name), count, shown)
        .outerjoin(Procedure, Procedure.code == Feedback.procedure_code)
        .where(Feedback.received_at >= moment, or_(*mine), Feedback.held_for_check.is_(False))
        .group_by(about)
        .having(or_(shown.is_not(None), often))
        .order_by(count.desc(), func.max(Feedback.id).desc())
        .limit(MOST)
    )
    return [_question(code, name, count, subject) for code, name, count, subject in rows]


def _question(code: str | None, name: str | None, count: int, subject: str | None) -> Idea:
    if count >= OFTEN_ASKED or not subject:
        title = f"Trả lời câu hỏi thường gặp về thủ tục {name or code}"
        reason = f"{count} phản ánh, câu hỏi gần đây nói về thủ tục {code}."
    else:
        title = f"Hỏi đáp: {subject}"
        reason = "Câu hỏi đã được trả lời công khai, nhiều người có thể cùng cần."
    return Idea(title=title[:_TITLE], reason=reason, source="Người dân hỏi", procedure=code or "")


def _searches(session: Session) -> list[Idea]:
    """Words that people searched and nothing answered; one statement."""
    rows = session.execute(
        select(SearchGap.words, SearchGap.count)
        .where(open_gaps())
        .order_by(SearchGap.count.desc(), SearchGap.id)
        .limit(MOST)
    )
    return [
        Idea(
            title=clean_line(f"Hướng dẫn: {words}")[:_TITLE], source="Tìm kiếm",
            reason=f"Người dân tìm “{words}” {count} lần mà cổng chưa có gì để trả lời.",
        )
        for words, count in rows
    ]  # fmt: skip
