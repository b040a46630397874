"""Two states of an article as texts to be compared: title, summary, the words of the body."""

from __future__ import annotations

from typing import Protocol

from portal.core.diff import Comparison, compare
from portal.core.html import plain_text


class Text(Protocol):
    """An article, a revision or a draft."""

    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def body(self) -> str: ...


def compare_texts(before: Text | None, after: Text) -> Comparison:
    """What the newer one says otherwise; a missing older one said nothing."""
    return compare(words_of(before) if before else "", words_of(after))


def words_of(text: Text) -> str:
    """One paragraph a line; `body` must be sanitised."""
    return "\n".join((text.title, text.summary, plain_text(text.body)))
