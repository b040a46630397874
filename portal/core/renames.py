"""Addresses that content gave up: the row goes on under its new name, the old address leads there.

A file names its former slugs (`former: [old-slug]`); rooms that point to a thing by its slug hear
of the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.content_apply import Item
from portal.core.content_fields import SLUG, Fields

Follow = Callable[[Session, str, str], object]
"""Called in the transaction that renames: session, old slug, new slug."""
_followers: dict[tuple[str, str], Follow] = {}


def follow(kind: str, room: str, renamed: Follow) -> None:
    """Let `room` hear when a thing of `kind` gets a new slug. Again for the same room replaces."""
    _followers[kind, room] = renamed


def former_of(fields: Fields, slug: str) -> list[str]:
    """The former slugs that an entry names; wrong ones are faults."""
    found = fields.texts("former", 80)
    for old in found:
        if not SLUG.fullmatch(old) or old == slug:
            fields.fault("former", f"holds {old[:40]!r}, which is no former slug")
    return found


def rename(session: Session, kind: str, model: Any, items: Iterable[Item]) -> list[str]:
    """Give rows of `model` (with `slug` and `former`) the slugs that `items` have now, inside
    `write()` and before they are settled; returns the slugs that were given up."""
    wanted = {old: str(item.key) for item in items for old in item.values["former"]}
    rows = {row.slug: row for row in session.scalars(select(model))} if wanted else {}
    gone = []
    for old, new in wanted.items():
        if old in rows and new not in rows:
            rows[old].slug = new
            rows[new] = rows.pop(old)
            session.flush()
            for (about, _), renamed in _followers.items():
                if about == kind:
                    renamed(session, old, new)
            gone.append(old)
    return gone


def present(session: Session, model: Any, slug: str) -> str | None:
    """The slug that a former one became, None when nothing had it; one statement."""
    rows = session.execute(select(model.slug, model.former))
    return next((row.slug for row in rows if slug in row.former), None)
