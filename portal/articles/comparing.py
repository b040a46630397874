"""Two states of an article side by side: their words, and whatever else the form holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from portal.accounts.units import unit_names
from portal.articles import desk_queries, queries
from portal.articles.models import KIND_NAMES, Kind
from portal.core.diff import Comparison, compare
from portal.core.html import plain_text
from portal.plan.queries import task_choices

LABELS = {
    "kind": "Loại bài",
    "topic_id": "Chủ đề",
    "unit_code": "Đơn vị",
    "cover_id": "Ảnh bìa",
    "attachment_ids": "Tệp kèm theo",
    "task_ids": "Nhiệm vụ của kế hoạch",
    "sources": "Nguồn",
}
"""What stands beside the words, in the order of the form."""
_GONE = "(không còn)"
Details = Mapping[str, Any]


class Text(Protocol):
    """An article, a revision or a draft."""

    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Changed:
    """A field beside the words that is not the same in both; values as people read them."""

    label: str
    before: str
    after: str


def compare_texts(before: Text | None, after: Text, *, whole: bool = False) -> Comparison:
    """What the newer one says otherwise; a missing older one said nothing."""
    return compare(words_of(before) if before else "", words_of(after), whole=whole)


def words_of(text: Text) -> str:
    """One paragraph a line; `body` must be sanitised."""
    return "\n".join((text.title, text.summary, plain_text(text.body)))


def changed_fields(session: Session, old: Details, new: Details) -> list[Changed]:
    """What differs beside title, summary and body; one statement at most for each kind of field."""
    names = [name for name in LABELS if old.get(name) != new.get(name)]
    return [
        Changed(
            LABELS[name], _shown(name, old.get(name), known), _shown(name, new.get(name), known)
        )
        for name in names
        for known in [_names(session, name, old.get(name), new.get(name))]
    ]


def _names(session: Session, name: str, *values: Any) -> Mapping[Any, str]:
    """What the values of a field are called."""
    if name == "kind":
        return {kind.value: KIND_NAMES[kind] for kind in Kind}
    if name == "topic_id":
        return {topic.id: topic.name for topic in queries.topics(session)}
    if name == "unit_code":
        return unit_names()
    if name == "task_ids":
        return dict(task_choices(session))
    ids = [number for value in values for number in _listed(value) if isinstance(number, int)]
    return {media.id: media.title for media in desk_queries.media_of(session, ids)}


def _shown(name: str, value: Any, known: Mapping[Any, str]) -> str:
    if name == "sources":
        return "; ".join(" | ".join(filter(None, row.values())) for row in value or ())
    return "; ".join(known.get(one, _GONE) for one in _listed(value))


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
