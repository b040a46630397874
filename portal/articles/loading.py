"""`content/topics.yaml` and `content/articles/*.md` into topics and published articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.articles import search
from portal.articles.models import Article, Kind, Topic
from portal.articles.references import link_references
from portal.articles.revisions import keep_revision, link_files, link_procedures
from portal.articles.states import State
from portal.core import clock, markdown, renames
from portal.core.content import Entry, Report, check, entries, read_front_matter, read_yaml
from portal.core.content_apply import Item, Shelf, settle
from portal.core.content_fields import Fields
from portal.core.errors import Invalid
from portal.core.html import RULES_VERSION, safe_address
from portal.core.text import fold
from portal.plan.models import Plan, PlanTask

SHOWN_FROM = time(8, 0)  # an article of a day appears when offices open
_REQUIRED = {"title", "slug", "summary", "topic", "kind", "published_on"}
_OPTIONAL = {"unit", "tasks", "sources", "pinned"}


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """One file: columns of the article, its topic's slug and the names of plan tasks."""

    item: Item
    topic: str
    tasks: list[str]


@dataclass
class Section:
    """Topics and articles as the files have them. None: there is no such file."""

    topics: list[Item] | None = None
    articles: list[ArticleFile] = field(default_factory=list)


def read(root: Path, report: Report) -> Section:
    """Read and check topics and articles; faults go to `report`."""
    found = Section()
    path = root / "topics.yaml"
    if path.exists():
        listed = list(entries(read_yaml(path, root, report), path, root, report))
        children = {entry.get("slug") for entry in listed if entry.get("parent")}
        found.topics = [item for entry in listed if (item := _topic(entry, children, report))]
    for path in sorted((root / "articles").glob("*.md")):
        if (parts := read_front_matter(path, root, report)) and (
            article := _article(*parts, report)
        ):
            found.articles.append(article)
    return found


def apply(session: Session, found: Section, report: Report) -> list[Topic | Article]:
    """Bring topics and articles into the database, inside `write()`; returns what changed."""
    topics: list[Topic] = []
    if found.topics is not None:
        renames.rename(session, "topic", Topic, found.topics)
        topics = settle(session, report, Shelf(Topic, "slug", "topic"), found.topics)
    topic_ids = {topic.slug: topic.id for topic in session.scalars(select(Topic))}
    items = [
        Item(file.item.key, {**file.item.values, "topic_id": topic_ids[file.topic]})
        for file in found.articles
    ]
    ours = (Article.slug.in_([item.key for item in items]),)
    articles = settle(session, report, Shelf(Article, "slug", "article", ours), items)
    for article in articles:
        _follow(session, article)
    _link_tasks(session, found.articles)
    return [*topics, *articles]


def _follow(session: Session, article: Article) -> None:
    """What each change of an article carries with it."""
    is_new = article.text_changed_at is None
    article.text_changed_at = article.publish_at if is_new else clock.now()
    article.changed_at = clock.now()
    article.folded = fold(f"{article.title}\n{article.summary}")
    article.rules_version = RULES_VERSION
    article.version += 0 if is_new else 1
    session.refresh(article, ["attachments", "tasks", "inline_files"])
    link_files(session, article)
    link_procedures(session, article)
    link_references(session, article)
    keep_revision(session, article, author_id=None)
    search.note_change(session, article)


def _link_tasks(session: Session, files: Iterable[ArticleFile]) -> None:
    """Tasks of the articles that the desk has not edited, as their files say."""
    tasks = {
        f"{code}/{task.number}": task
        for code, task in session.execute(select(Plan.code, PlanTask).join(PlanTask.plan))
    }
    wanted = {file.item.key: [tasks[name] for name in file.tasks] for file in files}
    untouched = (
        select(Article)
        .where(Article.slug.in_(wanted), Article.edited_at.is_(None))
        .options(selectinload(Article.tasks))
    )
    for article in session.scalars(untouched):
        if {task.id for task in article.tasks} != {task.id for task in wanted[article.slug]}:
            article.tasks = wanted[article.slug]


def _topic(entry: Entry, children: set[Any], report: Report) -> Item | None:
    optional = {"description", "parent", "order", "former"}
    if not check(entry, required={"slug", "name"}, optional=optional, report=report):
        return None
    fields = Fields(entry, report)
    slug, parent = fields.slug("slug"), fields.slug("parent")
    report.names.define("topic", slug, entry, "slug", report)
    if parent:
        report.names.mention("topic", parent, entry, "parent")
    if parent in children:
        fields.fault("parent", f"lies itself below another topic: {parent!r}")
    return Item(slug, {
        "slug": slug,
        "name": fields.text("name", 120),
        "description": fields.text("description", 300),
        "parent_slug": parent or None,
        "position": fields.whole("order"),
        "former": renames.former_of(fields, slug),
    })  # fmt: skip


def _article(entry: Entry, body: str, report: Report) -> ArticleFile | None:
    if not check(entry, required=_REQUIRED, optional=_OPTIONAL, report=report):
        return None
    fields = Fields(entry, report)
    slug, topic, unit = fields.slug("slug"), fields.slug("topic"), fields.slug("unit")
    report.names.define("article", slug, entry, "slug", report)
    report.names.mention("topic", topic, entry, "topic")
    if unit:
        report.names.mention("unit", unit, entry, "unit")
    tasks = fields.texts("tasks", 100)
    for name in tasks:
        report.names.mention("task", name, entry, "tasks")
    if not body:
        report.faults.append(entry.fault("the text is missing"))
    item = Item(slug, {
        "slug": slug,
        "title": fields.text("title", 200),
        "summary": fields.text("summary", 500),
        "body": _render(body, entry, report),
        "kind": fields.one_of("kind", Kind, Kind.NEWS).value,
        "unit_code": unit or None,
        "sources": _sources(entry, report),
        "pinned": fields.flag("pinned"),
        "state": State.APPROVED.value,
        "slug_fixed": True,
        "publish_at": _shown_from(fields),
    })  # fmt: skip
    return ArticleFile(item, topic, tasks)


def _render(body: str, entry: Entry, report: Report) -> str:
    try:
        return markdown.render(body)
    except Invalid as error:
        report.faults.append(entry.fault(str(error)))
        return ""


def _shown_from(fields: Fields) -> datetime | None:
    day = fields.day("published_on")
    return clock.from_local(datetime.combine(day, SHOWN_FROM)) if day else None


def _sources(entry: Entry, report: Report) -> list[dict[str, str]]:
    value = entry.get("sources")
    if value is not None and not isinstance(value, list):
        report.faults.append(entry.fault("'sources' is not a list", "sources"))
        return []
    found = []
    for source in value or []:
        if not isinstance(source, Entry):
            report.faults.append(entry.fault("a source is not a mapping", "sources"))
            continue
        check(source, required={"title"}, optional={"url", "note"}, report=report)
        fields = Fields(source, report)
        parts = {name: fields.text(name, 500) for name in ("title", "url", "note")}
        if parts["url"] and not safe_address(parts["url"]):
            fields.fault("url", f"is not an address: {parts['url'][:40]!r}")
        found.append(parts)
    return found
