"""`content/pages/*.md` into pages; the file's name is the page's address."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from portal.core import markdown, renames
from portal.core.content import Entry, Fault, Report, check, read_front_matter
from portal.core.content_apply import Item, Shelf, settle
from portal.core.content_fields import SLUG, Fields
from portal.pages.models import Page
from portal.search import feed


def read(root: Path, report: Report) -> list[Item] | None:
    """Read and check every page; None when there is no folder of pages."""
    folder = root / "pages"
    if not folder.is_dir():
        return None
    items = []
    for path in sorted(folder.glob("*.md")):
        found = read_front_matter(path, root, report)
        if found and (item := _page(path, *found, report)):
            items.append(item)
    return items


def apply(session: Session, found: list[Item] | None, report: Report) -> list[Page]:
    """Bring the pages into the database, inside `write()`; returns what changed."""
    if found is None:
        return []
    given_up = renames.rename(session, "page", Page, found)
    changed = settle(session, report, Shelf(Page, "slug", "page"), found)
    for slug in given_up:
        feed.changed(session, "page", slug)
    for page in changed:
        feed.changed(session, "page", page.slug)
    return changed


def _page(path: Path, entry: Entry, body: str, report: Report) -> Item | None:
    optional = {"slug", "summary", "order", "footer", "updated_on", "former"}
    if not check(entry, required={"title"}, optional=optional, report=report):
        return None
    slug = Fields(entry, report).slug("slug") or path.stem
    if not SLUG.fullmatch(slug):
        report.faults.append(Fault(entry.path, 0, "a page's file name must be of the form a-b-1"))
    if not body:
        report.faults.append(Fault(entry.path, 0, "the page has no text"))
    report.names.define("page", slug, entry, "title", report)
    fields = Fields(entry, report)
    return Item(slug, {
        "slug": slug,
        "title": fields.text("title", 200),
        "summary": fields.text("summary", 500),
        "body": markdown.render(body),
        "updated_on": fields.day("updated_on"),
        "footer": fields.flag("footer"),
        "sort_order": fields.whole("order"),
        "former": renames.former_of(fields, slug),
    })  # fmt: skip
