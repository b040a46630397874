"""What a person writes: an article's whole content as one value, apart from its life."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from portal.articles.models import Article, ArticleRevision, Kind
from portal.core.errors import Invalid
from portal.core.html import safe_address, sanitise
from portal.core.text import clean_line, clean_text

TITLE_LIMIT, SUMMARY_LIMIT, MOST_SOURCES, MOST_ATTACHMENTS = 200, 500, 30, 20


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts of an article come from."""

    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything about an article that its writers choose. Files and tasks by their ids."""

    title: str
    summary: str = ""
    body: str = ""
    kind: str = Kind.NEWS
    topic_id: int | None = None
    unit_code: str | None = None
    cover_id: int | None = None
    attachment_ids: tuple[int, ...] = ()
    task_ids: tuple[int, ...] = ()
    sources: tuple[Source, ...] = ()

    @classmethod
    def of_article(cls, article: Article) -> Draft:
        """What the article shows now. Its attachments and tasks must be loaded."""
        return cls(
            title=article.title,
            summary=article.summary,
            body=article.body,
            kind=article.kind,
            topic_id=article.topic_id,
            unit_code=article.unit_code,
            cover_id=article.cover_id,
            attachment_ids=tuple(a.media_id for a in article.attachments),
            task_ids=tuple(sorted(task.id for task in article.tasks)),
            sources=_sources(article.sources),
        )

    @classmethod
    def of_revision(cls, revision: ArticleRevision) -> Draft:
        """What was saved as this version."""
        details = revision.details
        return cls(
            title=revision.title,
            summary=revision.summary,
            body=revision.body,
            kind=details["kind"],
            topic_id=details["topic_id"],
            unit_code=details["unit_code"],
            cover_id=details["cover_id"],
            attachment_ids=tuple(details["attachment_ids"]),
            task_ids=tuple(details["task_ids"]),
            sources=_sources(details["sources"]),
        )

    def details(self) -> dict[str, Any]:
        """All but title, summary and body, as a revision stores it."""
        return {
            "kind": str(self.kind),
            "topic_id": self.topic_id,
            "unit_code": self.unit_code,
            "cover_id": self.cover_id,
            "attachment_ids": list(self.attachment_ids),
            "task_ids": list(self.task_ids),
            "sources": self.source_rows(),
        }

    def source_rows(self) -> list[dict[str, str]]:
        """The sources as the database stores them."""
        return [{"title": s.title, "url": s.url, "note": s.note} for s in self.sources]

    def text_digest(self) -> str:
        """Equal for drafts that say the same to a reader: what four eyes must have seen."""
        parts = [
            self.title, self.summary, self.body, self.cover_id, self.attachment_ids,
            self.source_rows(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def prepare(draft: Draft) -> Draft:
    """`draft` cleaned as it may be stored. Slow for large bodies: call it before `write()`.

    Raises `Invalid` naming the field when something cannot be stored at all; what is merely
    unfinished may be saved and is told at publication.
    """
    title, summary = clean_line(draft.title), clean_line(draft.summary)
    problems: dict[str, str] = {}
    if not title:
        problems["title"] = "Nhập tiêu đề bài viết."
    elif len(title) > TITLE_LIMIT:
        problems["title"] = f"Tiêu đề dài quá {TITLE_LIMIT} ký tự. Bạn rút ngắn lại."
    if len(summary) > SUMMARY_LIMIT:
        problems["summary"] = f"Tóm tắt dài quá {SUMMARY_LIMIT} ký tự. Bạn rút ngắn lại."
    if draft.kind not in list(Kind):
        problems["kind"] = "Chọn loại bài trong danh sách."
    if len(draft.attachment_ids) > MOST_ATTACHMENTS:
        problems["attachments"] = f"Bài có quá {MOST_ATTACHMENTS} tệp kèm theo. Bạn bỏ bớt tệp."
    problems |= _source_problems(draft.sources)
    body = ""
    try:
        body = sanitise(from_typed(draft.body))
    except Invalid as error:
        problems |= error.problems
    if problems:
        raise Invalid(problems)
    return replace(
        draft,
        title=title,
        summary=summary,
        body=body,
        sources=tuple(
            Source(clean_line(s.title), s.url, clean_line(s.note)) for s in draft.sources
        ),
        attachment_ids=tuple(dict.fromkeys(draft.attachment_ids)),
        task_ids=tuple(sorted(set(draft.task_ids))),
    )


def from_typed(text: str) -> str:
    """Markup of what was typed: plain text (without any tag) becomes paragraphs."""
    if "<" in text:
        return text
    blocks = [block for block in clean_text(text).split("\n\n") if block]
    return "\n".join(f"<p>{escape(b, quote=False).replace(chr(10), '<br>')}</p>" for b in blocks)


def _source_problems(sources: tuple[Source, ...]) -> dict[str, str]:
    if len(sources) > MOST_SOURCES:
        return {"sources": f"Bài ghi quá {MOST_SOURCES} nguồn. Bạn giữ những nguồn chính."}
    for source in sources:
        if not source.title or len(source.title) > 500 or len(source.note) > 500:
            return {"sources": "Mỗi nguồn cần có tên, dài không quá 500 ký tự."}
        if source.url and (len(source.url) > 500 or not safe_address(source.url)):
            return {"sources": f"Địa chỉ của nguồn “{source.title[:60]}” không đúng."}
    return {}


def _sources(rows: Iterable[Mapping[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(row["title"], row.get("url", ""), row.get("note", "")) for row in rows)
