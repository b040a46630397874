"""What other rooms of this floor have written about a procedure: the list of rooms lends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

MOST = 3
_LENT = "procedures.writings"


class PublishedAnswer(Protocol):
    """A question that was answered in public."""

    @property
    def public_id(self) -> str: ...
    @property
    def public_subject(self) -> str | None: ...


class PublishedArticle(Protocol):
    """An article that names the procedure."""

    @property
    def url(self) -> str: ...
    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Writing:
    """Something to read about a procedure."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Lent:
    """How answers and articles about a code are found; each is one statement."""

    answers: Callable[[Session, str, int], Iterable[PublishedAnswer]]
    articles: Callable[[Session, str, int], Iterable[PublishedArticle]]


def lend(app: Flask, lent: Lent) -> None:
    """Give the room a way to ask what is written about a procedure."""
    app.extensions[_LENT] = lent


def writings(session: Session, code: str) -> list[Writing]:
    """Answers and articles about a procedure that readers may see, the newest first of each."""
    lent: Lent | None = current_app.extensions.get(_LENT)
    if lent is None:
        return []
    answers = [
        Writing("Hỏi đáp", one.public_subject or "", f"/phan-anh/{one.public_id}")
        for one in lent.answers(session, code, MOST)
    ]
    articles = [
        Writing("Bài viết", one.title, one.url) for one in lent.articles(session, code, MOST)
    ]
    return answers + articles
