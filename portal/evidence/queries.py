"""What the desk, the plan and the library ask of evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from flask import Flask
from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core import renames
from portal.core.errors import NotFound
from portal.core.text import clean_line
from portal.evidence.models import EvidenceKind, EvidenceRecord, EvidenceTask, EvidenceTopic
from portal.media import usage
from portal.media.usage import Use
from portal.plan import evidence
from portal.plan.evidence import Evidence, EvidenceLink, Monthly
from portal.plan.models import PlanTask
from portal.plan.periods import MONTHS

_LATEST = 3
DESK = "/ban-lam-viec/ke-hoach/minh-chung"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the list is narrowed to; empty values do not narrow it."""

    words: str = ""
    kind: str = ""
    unit: str = ""
    task: int = 0
    topic: str = ""
    removed: bool = False


def register(app: Flask) -> None:
    """Lend the plan our evidence, and the library what we show of it."""
    evidence.lend(app, find, by_month)
    usage.register("evidence", uses, used=_used)
    renames.follow("topic", "evidence", _follow)


def _used() -> Select[Any]:
    """Ids of all files that are evidence."""
    gone = EvidenceRecord.removed_at
    return select(EvidenceRecord.media_id).where(
        EvidenceRecord.media_id.is_not(None), gone.is_(None)
    )


def get(session: Session, evidence_id: int) -> EvidenceRecord:
    """One piece with all that hangs on it, removed or not. Raises `NotFound`."""
    query = select(EvidenceRecord).where(EvidenceRecord.id == evidence_id)
    found = session.scalar(
        query.options(
            joinedload(EvidenceRecord.media), joinedload(EvidenceRecord.author),
            selectinload(EvidenceRecord.tasks).joinedload(PlanTask.plan),
            selectinload(EvidenceRecord.topics),
        )
    )  # fmt: skip
    if found is None:
        raise NotFound(str(evidence_id))
    return found


def listed(wish: Wish) -> Select[EvidenceRecord]:
    """The pieces that are wished for, the latest day first."""
    gone = EvidenceRecord.removed_at
    query = select(EvidenceRecord).where(gone.is_not(None) if wish.removed else gone.is_(None))
    if words := clean_line(wish.words):
        query = query.where(EvidenceRecord.title.icontains(words, autoescape=True))
    if wish.kind:
        query = query.where(EvidenceRecord.kind == wish.kind)
    if wish.unit:
        query = query.where(EvidenceRecord.unit_code == wish.unit)
    if wish.task:
        mine = select(EvidenceTask.evidence_id).where(EvidenceTask.plan_task_id == wish.task)
        query = query.where(EvidenceRecord.id.in_(mine))
    if wish.topic:
        named = select(EvidenceTopic.evidence_id).where(EvidenceTopic.topic_slug == wish.topic)
        query = query.where(EvidenceRecord.id.in_(named))
    return query.options(
        joinedload(EvidenceRecord.media),
        selectinload(EvidenceRecord.tasks).joinedload(PlanTask.plan),
        selectinload(EvidenceRecord.topics),
    ).order_by(EvidenceRecord.day.desc(), EvidenceRecord.id.desc())


def find(session: Session, task_ids: Collection[int]) -> Mapping[int, Evidence]:
    """How much serves each task, and the newest that the public may see; one statement."""
    task = EvidenceTask.plan_task_id
    # Public ones first, so that the newest of them are among the few that are fetched.
    place = func.row_number().over(
        partition_by=task,
        order_by=(
            EvidenceRecord.is_public.desc(), EvidenceRecord.day.desc(), EvidenceRecord.id.desc(),
        ),
    )  # fmt: skip
    total = func.count().over(partition_by=task)
    ranked = (
        select(EvidenceRecord.id, task.label("task"), place.label("place"), total.label("total"))
        .join(EvidenceTask, EvidenceTask.evidence_id == EvidenceRecord.id)
        .where(task.in_(task_ids), EvidenceRecord.removed_at.is_(None))
        .subquery()
    )
    rows = session.execute(
        select(EvidenceRecord, ranked.c.task, ranked.c.total)
        .join(ranked, ranked.c.id == EvidenceRecord.id)
        .where(ranked.c.place <= _LATEST)
        .options(joinedload(EvidenceRecord.media))
        .order_by(ranked.c.task, ranked.c.place)
    )
    found: dict[int, Evidence] = {}
    for record, task_id, count in rows:
        links = found.get(task_id, Evidence()).latest
        if record.is_public:
            links = (*links, EvidenceLink(record.title, address_of(record), record.day))
        found[task_id] = Evidence(count, links)
    return found


def by_month(
    session: Session, task_ids: Collection[int], year: int
) -> Iterable[tuple[int, str, Monthly]]:
    """How much evidence of each kind a task has in each month of `year`; one statement."""
    starts = [date(year, month, 1) for month in range(1, MONTHS + 1)] + [date(year + 1, 1, 1)]
    day, task = EvidenceRecord.day, EvidenceTask.plan_task_id
    month_counts = [
        func.sum(case(((day >= first) & (day < after), 1), else_=0))
        for first, after in pairwise(starts)
    ]
    rows = session.execute(
        select(task, EvidenceRecord.kind, *month_counts)
        .join(EvidenceTask, EvidenceTask.evidence_id == EvidenceRecord.id)
        .where(
            task.in_(task_ids), EvidenceRecord.removed_at.is_(None), day >= starts[0],
            day < starts[-1],
        )
        .group_by(task, EvidenceRecord.kind)
    )  # fmt: skip
    return [(row[0], row[1], tuple(int(number) for number in row[2:])) for row in rows]


def address_of(record: EvidenceRecord) -> str:
    """Where readers open it; empty when there is nothing to open."""
    if record.media is not None and record.media.removed_at is None:
        return record.media.url
    return record.url


def uses(session: Session, media_id: int) -> Iterable[Use]:
    """Evidence that shows a file of the library; one statement."""
    rows = session.scalars(
        select(EvidenceRecord)
        .where(EvidenceRecord.media_id == media_id, EvidenceRecord.removed_at.is_(None))
        .order_by(EvidenceRecord.id)
    )
    return [Use(row.title, f"{DESK}/{row.id}", row.is_public) for row in rows]


def _follow(session: Session, old: str, new: str) -> None:
    """Evidence of a topic stays with it under its new slug."""
    stale = EvidenceTopic.topic_slug
    done = select(EvidenceTopic.evidence_id).where(stale == new)
    session.execute(delete(EvidenceTopic).where(stale == old, EvidenceTopic.evidence_id.in_(done)))
    session.execute(update(EvidenceTopic).where(stale == old).values(topic_slug=new))


def kind_of(text: str) -> EvidenceKind:
    """The kind that an address names. Raises `NotFound`."""
    slugs = {slug: kind for kind, slug in KIND_SLUGS.items()}
    if text not in slugs:
        raise NotFound(text)
    return slugs[text]


KIND_SLUGS = {
    EvidenceKind.FILE: "tep",
    EvidenceKind.EVENT: "su-kien",
    EvidenceKind.DOCUMENT: "van-ban",
}
