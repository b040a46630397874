"""The guide at the desk."""

from __future__ import annotations

from flask import render_template, request

from portal.accounts.access import desk_blueprint, needs
from portal.core.errors import NotFound
from portal.core.text import clean_line
from portal.site import guide

blueprint = desk_blueprint("guide", "tro-giup")


@blueprint.get("/")
@needs("desk.open")
def index() -> str:
    """Its chapters, or those that hold some words."""
    words = clean_line(request.args.get("q", ""))
    found = guide.holding(words) if words else guide.chapters()
    return render_template("site/guide/index.html", chapters=found, words=words)


@blueprint.get("/<slug>")
@needs("desk.open")
def chapter(slug: str) -> str:
    """One chapter, with its neighbours."""
    found = guide.find(slug)
    if found is None:
        raise NotFound(slug)
    chapters = guide.chapters()
    place = chapters.index(found)
    return render_template(
        "site/guide/chapter.html", chapter=found,
        before=chapters[place - 1] if place else None,
        after=chapters[place + 1] if place + 1 < len(chapters) else None,
    )  # fmt: skip
