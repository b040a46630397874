"""Published questions and answers, for everybody."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.requests import page_number
from portal.feedback import neighbours, queries, structured
from portal.feedback.models import KIND_NAMES, Kind

blueprint = Blueprint("feedback", __name__)
KIND_SLUGS = {
    "phan-anh": Kind.COMPLAINT,
    "kien-nghi": Kind.SUGGESTION,
    "cau-hoi": Kind.QUESTION,
    "khen-ngoi": Kind.PRAISE,
}


@blueprint.get("/phan-anh/")
def index() -> str:
    """Published questions and answers, by words and kind."""
    text = clean_line(request.args.get("q", ""))[: queries.MAX_QUERY]
    slug = request.args.get("loai", "")
    if slug and slug not in KIND_SLUGS:
        abort(400)
    page = queries.published(db.session(), text, KIND_SLUGS.get(slug), page_number())
    return render_template(
        "feedback/index.html", page=page, text=text, chosen=slug, kind_slugs=KIND_SLUGS,
        kind_names=KIND_NAMES,
    )  # fmt: skip


@blueprint.get("/phan-anh/<public_id>")
def item(public_id: str) -> str:
    """One published question with its answer."""
    found = queries.published_item(db.session(), public_id)
    if found is None:
        raise NotFound("feedback")
    return render_template(
        "feedback/item.html", item=found, kind_names=KIND_NAMES, kind=Kind(found.kind),
        procedure_name=neighbours.procedure_name(found.procedure_code),
        sharing=structured.of_item(current_settings(), found),
    )  # fmt: skip
