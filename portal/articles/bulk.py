"""Articles by the dozen: the single verbs judge each one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.permissions import Actor
from portal.articles import service
from portal.articles.models import Article
from portal.articles.scope import visible_to
from portal.core.bulk import Outcome, Pick, each, numbers
from portal.core.db import db


def titles(actor: Actor, picks: Sequence[Pick]) -> dict[str, str]:
    """Key → title of those that the actor may know of; one statement."""
    query = select(Article.id, Article.title).where(
        Article.id.in_(numbers(picks)), visible_to(actor)
    )
    return {str(row.id): row.title for row in db.session.execute(query)}


def submit(actor: Actor, picks: Sequence[Pick]) -> Outcome:
    """Ask for publication of each."""
    return each(
        picks, titles(actor, picks), lambda pick: service.submit(actor, pick.number, pick.version)
    )


def withdraw(actor: Actor, picks: Sequence[Pick], reason: str) -> Outcome:
    """Take each from its readers, for one reason that all of them show."""
    return each(
        picks, titles(actor, picks),
        lambda pick: service.withdraw(actor, pick.number, pick.version, reason),
    )  # fmt: skip
