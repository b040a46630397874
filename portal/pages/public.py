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
from portal.pages import notices
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
    versions = notices.versions(db.session()) if slug == notices.SLUG else ()
    return render_template(
        "pages/page.html", page=found, sharing=Sharing(card=card(found)), versions=versions
    )


@blueprint.get(f"/trang/{notices.SLUG}/<version>")
def notice(version: str) -> str:
    """The privacy notice as it stood in one version: what a consent of that time agreed to."""
    found = notices.kept(db.session(), version)
    if found is None:
        raise NotFound(version)
    return render_template("pages/notice.html", notice=found)


def title_of(session: Session, slug: str) -> str | None:
    """The title of the page that readers find at a slug; one statement."""
    return session.scalar(select(Page.title).where(Page.slug == slug, Page.removed_at.is_(None)))


def card(page: Page) -> Card:
    """The picture of a standing page."""
    return Card(CARD, page.slug, "Thông tin", page.title)
