"""The use case: a Word file becomes a draft, its pictures go to the library."""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter
from dataclasses import replace
from io import BytesIO

from sqlalchemy import select

from portal.accounts.permissions import Actor, require
from portal.articles import service
from portal.articles.drafts import SUMMARY_LIMIT, TITLE_LIMIT, Draft, prepare
from portal.articles.link_models import ArticleImport
from portal.articles.word import reading
from portal.articles.word.reading import WordPicture, WordText
from portal.articles.word.tree import parse
from portal.core.db import db, write
from portal.core.errors import Invalid
from portal.core.text import clean_line
from portal.media import service as media
from portal.media import sniff
from portal.media.models import MediaFile, MediaKind
from portal.media.service import Description, Upload

MOST_SECONDS = 15  # for drawing pictures anew; those beyond are left out and told
_PICTURE = re.compile(r'<img src="word-picture:\d+"[^>]*>')
_SHORTEST_SUMMARY = 40


def import_word(actor: Actor, sent: Upload) -> int:
    """Begin an article from a .docx; returns its id. Nothing is written before the whole file is
    read and found fit. Takes seconds. Raises `Invalid` on field `file`."""
    require(actor, "article.create")
    found = reading.read(sent.stream, sent.filename)
    facts = found.facts
    draft = _draft(actor, found, facts)
    try:
        prepare(replace(draft, body=_PICTURE.sub("", draft.body)))
    except Invalid as error:
        raise sniff.refused(str(error)) from None
    addresses = _into_library(actor, found.pictures, facts)
    article_id = service.create(actor, replace(draft, body=_placed(draft.body, addresses)))
    with write() as session:
        session.add(
            ArticleImport(
                article_id=article_id, file_name=sniff.clean_name(sent.filename),
                facts={**facts, "title_from": found.title_from}, by_id=actor.user_id,
            )
        )  # fmt: skip
    return article_id


def report_of(article_id: int) -> ArticleImport | None:
    """What happened to the Word file of an article; None when it came otherwise."""
    return db.session.get(ArticleImport, article_id)


def _draft(actor: Actor, found: WordText, facts: Counter[str]) -> Draft:
    title, body = clean_line(found.title), found.body
    if len(title) > TITLE_LIMIT:
        facts["long_title"] = 1
        body = f"<p><strong>{parse(title).inner()}</strong></p>\n{body}"
        title = title[: TITLE_LIMIT - 1].rpartition(" ")[0] + "…"
    return Draft(
        title=title,
        summary=_summary(body),
        body=body,
        unit_code=min(actor.units, default=None),
    )


def _summary(body: str) -> str:
    """The first paragraph that says something, cut at the end of a sentence."""
    for block in parse(body).nodes():
        text = clean_line(block.text())
        if block.tag != "p" or len(text) < _SHORTEST_SUMMARY:
            continue
        if len(text) <= SUMMARY_LIMIT:
            return text
        cut = text[:SUMMARY_LIMIT]
        return cut[: cut.rfind(". ") + 1] or cut[:-1].rpartition(" ")[0] + "…"
    return ""


def _into_library(
    actor: Actor, pictures: tuple[WordPicture, ...], facts: Counter[str]
) -> dict[int, MediaFile]:
    """Every picture drawn anew and kept, or found again in the library when it is there."""
    found: dict[int, MediaFile] = {}
    end = time.monotonic() + MOST_SECONDS
    for picture in pictures:
        known = _known(picture)
        if known is not None:
            facts["again"] += 1
            found[picture.number] = known
        elif time.monotonic() > end:
            facts["many"] += 1
        else:
            try:
                number = _upload(actor, picture)
            except Invalid:
                facts["unreadable"] += 1
                continue
            facts["pictures"] += 1
            found[picture.number] = db.session.get_one(MediaFile, number)
    return found


def _known(picture: WordPicture) -> MediaFile | None:
    digest = hashlib.sha256(picture.data).hexdigest()
    query = select(MediaFile).where(
        MediaFile.sha256 == digest,
        MediaFile.kind == MediaKind.IMAGE,
        MediaFile.removed_at.is_(None),
    )
    return db.session.scalar(query.order_by(MediaFile.id).limit(1))


def _upload(actor: Actor, picture: WordPicture) -> int:
    sent = Upload(BytesIO(picture.data), f"anh-{picture.number + 1}.{picture.extension}")
    said = Description(title=picture.alt[:120], alt=picture.alt)
    return media.upload(actor, sent, said, kinds=(MediaKind.IMAGE,))


def _placed(body: str, pictures: dict[int, MediaFile]) -> str:
    """The body with the addresses of the library; figures without a picture are left out."""
    root = parse(body)
    for figure in root.find_all("figure"):
        image = figure.find_all("img")[0]
        number = int(image.attrs["src"].rpartition(":")[2])
        if number not in pictures:
            figure.tag, figure.children = (
                "p",
                [c for n in figure.find_all("figcaption") for c in n.children],
            )
            continue
        kept = pictures[number]
        width, height = kept.shown_size
        said = image.attrs.get("alt", "")[:300] or kept.alt
        image.attrs = {"src": kept.url, "width": str(width), "height": str(height), "alt": said}
    root.rewrite(lambda node: [] if node.tag == "p" and not node.children else [node])
    return root.inner()
