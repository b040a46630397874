"""Where articles lead inside this portal, by reference: a changed address breaks no link.

A link that was picked carries `data-ref="kind:key"`; when the article is shown the present address
of the thing stands in it. Typed addresses of this portal are noted as well, so that whoever wants
to withdraw a thing can ask what leads to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, defer

from portal.articles.link_models import ArticleReference
from portal.articles.models import Article, ArticleSlug, visible
from portal.core.settings import current_settings
from portal.pages.models import Page
from portal.search import feed

Reference = tuple[str, str]
ARTICLE, PROCEDURE, PAGE, TOPIC, FILE = "article", "procedure", "page", "topic", "file"
_BY_SLUG = "article at"  # typed: becomes a reference to the article when its address is known
_PATHS = (
    (_BY_SLUG, re.compile(r"/bai-viet/([a-z0-9-]{1,120})/?")),
    (PROCEDURE, re.compile(r"/thu-tuc/(\d\.\d{6})(?:[./-].*)?")),
    (PAGE, re.compile(r"/trang/([a-z0-9-]{1,80})/?")),
    (TOPIC, re.compile(r"/cai-cach-hanh-chinh/([a-z0-9-]{1,80})/?")),
    (FILE, re.compile(r"/tu-lieu/([0-9a-f]{32})/.*")),
)


@dataclass(frozen=True, slots=True)
class Linker:
    """Something whose text leads to a thing. `url` is where staff see it; `public` if readers see
    it now."""

    title: str
    url: str
    public: bool


@dataclass(frozen=True, slots=True)
class Dead:
    """A link in a text that leads readers to nothing."""

    words: str
    kind: str


def references_in(body: str) -> set[Reference]:
    """What the links of a sanitised body lead to; articles by typed address as `_BY_SLUG`."""
    return {link.reference for link in _links(body) if link.reference[0]}


def link_references(session: Session, article: Article) -> None:
    """Note where the text of an article leads. Inside `write()`."""
    session.flush()
    wanted = _resolved(session, references_in(article.body)) - {(ARTICLE, str(article.id))}
    here = ArticleReference.article_id == article.id
    rows = session.execute(select(ArticleReference.kind, ArticleReference.key).where(here))
    known = {(row.kind, row.key) for row in rows}
    for kind, key in known - wanted:
        same = (ArticleReference.kind == kind) & (ArticleReference.key == key)
        session.execute(delete(ArticleReference).where(here, same))
    for kind, key in sorted(wanted - known):
        values = {"article_id": article.id, "kind": kind, "key": key}
        session.execute(insert(ArticleReference).values(values))


def what_links_here(session: Session, kind: str, key: str) -> list[Linker]:
    """Articles and standing pages whose text leads to a thing: an article by its id, a procedure
    by its code, a page or topic by its slug, a file by its public id. Two or three statements."""
    same = (ArticleReference.kind == kind) & (ArticleReference.key == str(key))
    numbers = select(ArticleReference.article_id).where(same)
    articles = session.scalars(
        select(Article)
        .where(Article.id.in_(numbers))
        .options(defer(Article.body))
        .order_by(Article.id)
    )
    found = [Linker(a.title, f"/ban-lam-viec/bai-viet/{a.id}", a.is_visible) for a in articles]
    return found + _pages_that_lead(session, kind, str(key))


def addresses(session: Session, body: str) -> dict[str, str]:
    """The present address for each `data-ref` of a body, "" for what readers cannot open. One
    statement when the body leads to articles, none otherwise."""
    wanted = {link.ref for link in _links(body) if link.ref.startswith(f"{ARTICLE}:")}
    numbers = {ref: int(key) for ref in wanted if (key := ref.partition(":")[2]).isdecimal()}
    if not numbers:
        return {}
    rows = session.scalars(
        select(Article).where(Article.id.in_(numbers.values())).options(defer(Article.body))
    )
    there = {article.id: article for article in rows}
    return {ref: _open_address(there.get(number)) for ref, number in numbers.items()}


def dead_links(session: Session, body: str) -> list[Dead]:
    """Links of a text that readers could not follow today, for those who write. Leads to files are
    told by the checks of files."""
    links = [link for link in _links(body) if link.reference[0] not in ("", FILE)]
    leads = {link.reference: _resolved(session, [link.reference]) for link in links}
    open_now = _open_to_readers(session, set().union(*leads.values()))
    return [
        Dead(" ".join(link.words.split()), link.reference[0].removesuffix(" at"))
        for link in links
        if not leads[link.reference] & open_now
    ]


def _open_to_readers(session: Session, things: set[Reference]) -> set[Reference]:
    """Those of some things that readers may open today; kinds that nobody searches always may."""
    built = feed.registry.build_many(
        session, [t for t in things if t[0] != ARTICLE and t[0] in feed.registry.builders]
    )
    numbers = [int(key) for kind, key in things if kind == ARTICLE and key.isdecimal()]
    shown = select(Article.id).where(Article.id.in_(numbers), visible())
    articles = {str(number) for number in session.scalars(shown)} if numbers else set()
    return {
        thing
        for thing in things
        if (thing[1] in articles if thing[0] == ARTICLE else built.get(thing, True) is not None)
    }


def _open_address(article: Article | None) -> str:
    """A withdrawn article that readers knew tells them so at its address."""
    if article is None or not (article.is_visible or article.was_visible):
        return ""
    return article.url


def _resolved(session: Session, things: Iterable[Reference]) -> set[Reference]:
    """The same with articles by their ids; addresses that no article has or had are left out."""
    things = set(things)
    slugs = {key for kind, key in things if kind == _BY_SLUG}
    found = {thing for thing in things if thing[0] != _BY_SLUG}
    if slugs:
        now = session.scalars(select(Article.id).where(Article.slug.in_(slugs)))
        before = session.scalars(select(ArticleSlug.article_id).where(ArticleSlug.slug.in_(slugs)))
        found |= {(ARTICLE, str(number)) for number in {*now, *before}}
    return found


def _pages_that_lead(session: Session, kind: str, key: str) -> list[Linker]:
    """Standing pages are few and long-lived: their texts are read."""
    if kind == ARTICLE:
        known = select(ArticleSlug.slug).where(ArticleSlug.article_id == int(key))
        slugs = {session.scalar(select(Article.slug).where(Article.id == int(key)))}
        things = {(_BY_SLUG, slug) for slug in {*slugs, *session.scalars(known)} if slug}
    else:
        things = {(kind, key)}
    pages = session.scalars(select(Page).where(Page.removed_at.is_(None)).order_by(Page.slug))
    return [
        Linker(page.title, f"/trang/{page.slug}", True)
        for page in pages
        if references_in(page.body) & things
    ]


@dataclass(slots=True)
class _Link:
    ref: str
    reference: Reference
    words: str = ""


def _links(body: str) -> Sequence[_Link]:
    if "<a " not in body:
        return []
    reader = _Reader()
    reader.feed(body)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Link] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            values: Mapping[str, str | None] = dict(attrs)
            ref = values.get("data-ref") or ""
            self.found.append(_Link(ref, _thing(ref, values.get("href") or "")))
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1].words += data


def _thing(ref: str, href: str) -> Reference:
    kind, _, key = ref.partition(":")
    if key:
        return kind, key
    path = _own_path(href)
    for name, pattern in _PATHS:
        if found := pattern.fullmatch(path):
            return name, found[1]
    return "", ""


def _own_path(href: str) -> str:
    """The path of an address of this portal, without what follows; empty for any other."""
    base = current_settings().base_url.rstrip("/")
    address = href.removeprefix(base) if base and href.startswith(base + "/") else href
    if not address.startswith("/") or address.startswith("//"):
        return ""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
