"""Where to go after signing in: a page of this site that can be read, or the desk."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

_LONGEST = 1000
_MOST_ENCODED = 5
_NEVER = ("/dang-nhap", "/dang-xuat", "/tai-khoan", "/static")
_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\]|[^\x00-\x7f]")


def safe_next(target: str | None) -> str | None:
    """`target` when it is the path of a page on this host that answers GET, else None.

    What browsers and servers may read in two ways (backslashes, control characters, empty
    segments, dots, signs encoded twice) is refused, not repaired.
    """
    if not target or len(target) > _LONGEST:
        return None
    path = _plain_path(target)
    if path is None or path.startswith(_NEVER) or not _answers_get(path):
        return None
    return target


def _plain_path(target: str) -> str | None:
    """The decoded path of a reference that is nothing but a path and a query."""
    # "///" splits into no host and the path "/", yet browsers go elsewhere.
    if _ODD.search(target) or not target.startswith("/") or target.startswith("//"):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.fragment:
        return None
    path = parts.path
    for _ in range(_MOST_ENCODED):
        decoded = unquote(path, errors="strict") if _is_decodable(path) else None
        if decoded is None or "\x00" in decoded:
            return None
        if decoded == path:
            break
        path = decoded
    else:
        return None
    if re.search(r"//|/\.{1,2}(/|$)|[\x00-\x1f\x7f\\]", path):
        return None
    return path


def _is_decodable(path: str) -> bool:
    try:
        unquote(path, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def _answers_get(path: str) -> bool:
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:  # no such page, another method, or a redirect to who knows where
        return False
    return True
