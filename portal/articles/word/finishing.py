"""Pictures of a text and their descriptions, asked and answered all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.accounts.permissions import Actor, may
from portal.articles.body import file_ids
from portal.articles.drafts import Draft
from portal.articles.word.tree import Node, parse
from portal.core.db import db
from portal.core.text import clean_line
from portal.media import queries as library
from portal.media import service as media
from portal.media.service import Description


def pictures_of(body: str) -> list[Node]:
    """The pictures of a sanitised body, in order: `src` and `alt` in their attributes."""
    return parse(body).find_all("img")


def described(draft: Draft, alts: Sequence[str]) -> Draft:
    """The draft with these descriptions, one a picture in the order of the text."""
    root = parse(draft.body)
    for image, alt in zip(root.find_all("img"), alts, strict=False):
        image.attrs["alt"] = clean_line(alt)
    return replace(draft, body=root.inner())


def tell_library(actor: Actor, body: str) -> None:
    """Descriptions of the text for pictures that have none in the library yet."""
    for image in pictures_of(body):
        alt, found = image.attrs.get("alt", ""), file_ids(image.markup())
        known = library.by_public_id(db.session(), found.pop()) if found else None
        if alt and known is not None and not known.alt and may(actor, "media.edit", known):
            said = Description(title=known.title, alt=alt, credit=known.credit)
            media.describe(actor, known.id, said)
