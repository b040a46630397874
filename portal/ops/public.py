"""For machines that watch the site: alive, ready, and nothing said to outsiders."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.core.settings import current_settings
from portal.ops import check

blueprint = Blueprint("ops", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 while the process lives."""
    return _plain("ok", 200)


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 when database, index and disk serve, 503 otherwise."""
    fine = check.ready(current_settings())
    return _plain("ok" if fine else "unavailable", 200 if fine else 503)


def _plain(text: str, status: int) -> Response:
    response = Response(text + "\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
