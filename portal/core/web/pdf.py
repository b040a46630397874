"""Answering with a PDF file that is drawn only for readers who do not have it yet."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from flask import Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from portal.core.limits import limiter
from portal.core.typeset import TypesettingFailed
from portal.core.web.requests import client_address

log = logging.getLogger(__name__)
LIMIT = "20/minute"


def answer(name: str, facts: Any, draw: Callable[[], bytes]) -> BaseResponse:
    """The file `name`.pdf. Its tag comes from `facts`, whose `repr` must tell all that is drawn.
    Raises `TooMany`; 503 when no file came out."""
    tag = hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
    response = Response(mimetype="application/pdf")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    if not request.if_none_match.contains(tag):
        limiter().hit_by_reader(LIMIT, "pdf", client_address())
        try:
            response.set_data(draw())
        except TypesettingFailed:
            log.exception("pdf.failed")
            abort(503)
    return response.make_conditional(request)
