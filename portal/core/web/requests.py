"""Each request: an id, bytes that make sense, a known sender, and one line in the log."""

from __future__ import annotations

import logging
import time
import uuid
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, abort, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

from portal.core.networks import sender_of
from portal.core.web.assets import FILE_ENDPOINTS

log = logging.getLogger("portal.request")
MAX_PARAMETER = 2_000
_LARGEST_ID = 2**31 - 1
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class RowNumber(IntegerConverter):
    """A number that fits into a row's id: a larger one in an address is a 404, never a 500."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": _LARGEST_ID, **options})


def init_app(app: Flask) -> None:
    """Guard and log the requests of `app`."""
    app.url_map.converters["int"] = RowNumber

    @app.before_request
    def begin() -> None:
        g.request_id = uuid.uuid4().hex
        g.started = time.perf_counter()
        refuse_bad_bytes()
        refuse_foreign_posts()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint not in FILE_ENDPOINTS:
            # The rule, not the path: paths and query strings may hold what people typed.
            log.info("request", extra=_summary(response))
        return response


def _summary(response: Response) -> dict[str, object]:
    moment = time.perf_counter()
    return {
        "method": request.method,
        "rule": str(request.url_rule or "-"),
        "status": response.status_code,
        "ms": round((moment - g.get("started", moment)) * 1000),
    }


def refuse_bad_bytes() -> None:
    """400 for NUL, broken UTF-8 and absurdly long parameters, wherever they stand."""
    for raw in (request.environ.get("RAW_URI", ""), request.query_string):
        decoded = unquote_to_bytes(raw)
        if b"\x00" in decoded or not _is_utf8(decoded):
            abort(400)
    if "\ufffd" in request.path or "\x00" in request.path:
        abort(400)
    if any(len(value) > MAX_PARAMETER for value in _values(request.args)):
        abort(400)
    if request.method not in _SAFE_METHODS and any("\x00" in v for v in _values(request.form)):
        abort(400)


def refuse_foreign_posts() -> None:
    """403 for a state-changing request that a page of another site sent.

    Pages with `Referrer-Policy: no-referrer` (ours that are private) post with `Origin: null`,
    to their own site too; then Sec-Fetch-Site and the form's token decide.
    """
    if request.method in _SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(403)
    if origin not in (None, "null") and origin.partition("://")[2] != request.host:
        abort(403)


def client_address() -> str:
    """The sender's network for rate limits: the IPv4 address, or the /64 of an IPv6 one.

    Proxies are counted by `PORTAL_TRUSTED_PROXIES`; what a client writes into
    X-Forwarded-For beyond them changes nothing. Never stored, only hashed.
    """
    return sender_of(request.remote_addr or "0.0.0.0")  # noqa: S104  # nosec B104 - no binding, a stand-in


def page_number() -> int:
    """`?trang=`: 1 when absent; 400 when it is not a whole number from 1 to 1000."""
    text = request.args.get("trang", "1")
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:5]) <= 1000:
        abort(400)
    return int(text)


def _values(source: MultiDict[str, str]) -> list[str]:
    return [part for key, values in source.lists() for part in (key, *values)]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
