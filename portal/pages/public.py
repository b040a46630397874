"""Standing pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.core import renames
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.web.sharing import Card, Sharing
from portal.pages.models import Page

blueprint = Blueprint("pages", __name__)
CARD = "trang"


@blueprint.get("/trang/<slug>")
def page(slug: str) -> str | Response:
    """One page; 301 from an address that it had."""
    query = select(Page).where(Page.slug == slug, Page.removed_at.is_(None))
    found = db.session.scalar(query)
    if found is None:
        if present := renames.present(db.session(), Page, slug):
            return redirect(url_for(".page", slug=present), 301)
        raise NotFound(slug)
    return render_template("pages/page.html", page=found, sharing=Sharing(card=card(found)))


def title_of(session: Session, slug: str) -> str | None:
    """The title of the page that readers find at a slug; one statement."""
    return session.scalar(select(Page.title).where(Page.slug == slug, Page.removed_at.is_(None)))


def card(page: Page) -> Card:
    """The picture of a standing page."""
    return Card(CARD, page.slug, "Thông tin", page.title)
