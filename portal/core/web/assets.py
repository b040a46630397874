"""Addresses of static files carry a hash of their content, so browsers keep them for ever.

Style sheets (`bundles`) and scripts (`scripts`) have doors of their own and the same habits.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for

IMMUTABLE = "public, max-age=31536000, immutable"
LOOK_EVERY = 2.0
# Files as they are: the same for everybody, and no line of the log is owed to them.
FILE_ENDPOINTS = frozenset({"static", "script"})


def init_app(app: Flask) -> None:
    """Add `?v=<hash>` to static addresses and long caching to answers that carry it."""
    hashes: dict[str, tuple[int, str]] = {}

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            path = Path(app.static_folder or "") / values["filename"]
            if found := _content_hash(path, hashes):
                values["v"] = found

    addresses: dict[str, tuple[float, str]] = {}

    def static_url(filename: str) -> str:
        """The address of a static file. A page has dozens (each icon), so what was found is
        believed for two seconds."""
        known = addresses.get(filename)
        if known is None or time.monotonic() - known[0] > LOOK_EVERY:
            known = addresses[filename] = time.monotonic(), url_for("static", filename=filename)
        return known[1]

    app.jinja_env.globals["static_url"] = static_url

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            versioned = "v" in request.args
            response.headers["Cache-Control"] = IMMUTABLE if versioned else "no-cache"
        return response


def short_hash(data: bytes) -> str:
    """What tells two contents apart in an address."""
    return hashlib.sha256(data).hexdigest()[:12]


def _content_hash(path: Path, hashes: dict[str, tuple[int, str]]) -> str | None:
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    known = hashes.get(str(path))
    if known is None or known[0] != changed:
        known = (changed, short_hash(path.read_bytes()))
        hashes[str(path)] = known
    return known[1]
