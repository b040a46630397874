"""Gzip for public text when no proxy does it (`make run`): a phone pays by the kilobyte.

Pages of one person are left alone: compressing a secret beside text that a stranger may choose
can reveal the secret (BREACH).
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from portal.core.web.assets import FILE_ENDPOINTS
from portal.core.web.headers import is_private

LEAST = 600
# Squeezed once, not at every visit.
_UNCHANGING = FILE_ENDPOINTS | {"bundle_public", "bundle_desk"}
_LEVEL = 6
_TEXTUAL = ("text/", "application/json", "application/xml", "application/atom+xml",
            "application/javascript", "application/problem+json", "image/svg+xml")  # fmt: skip


def init_app(app: Flask) -> None:
    """Compress what `app` answers, where it helps and harms nobody."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _may_vary(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or request.method != "GET":
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < LEAST:
        return response
    squeeze = _squeeze_static if request.endpoint in _UNCHANGING else _squeeze
    response.set_data(squeeze(data))
    response.headers["Content-Encoding"] = "gzip"
    if etag := response.get_etag()[0]:
        response.set_etag(etag, weak=True)  # another form of the same text
    return response


def _may_vary(response: Response) -> bool:
    textual = (response.mimetype or "").startswith(_TEXTUAL)
    live = response.is_streamed and request.endpoint not in FILE_ENDPOINTS
    untouched = "Content-Encoding" not in response.headers and response.status_code == 200
    return textual and untouched and not live and not is_private(request.path)


def _squeeze(data: bytes) -> bytes:
    return gzip.compress(data, _LEVEL, mtime=0)


@lru_cache(maxsize=64)
def _squeeze_static(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)
