"""Addresses of static files carry a hash of their content, so browsers keep them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

_IMMUTABLE = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Add `?v=<hash>` to static addresses and long caching to answers that carry it."""
    hashes: dict[str, tuple[int, str]] = {}

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            path = Path(app.static_folder or "") / values["filename"]
            if found := _content_hash(path, hashes):
                values["v"] = found

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            versioned = "v" in request.args
            response.headers["Cache-Control"] = _IMMUTABLE if versioned else "no-cache"
        return response


def _content_hash(path: Path, hashes: dict[str, tuple[int, str]]) -> str | None:
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    known = hashes.get(str(path))
    if known is None or known[0] != changed:
        known = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:12])
        hashes[str(path)] = known
    return known[1]
