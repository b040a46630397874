"""Scripts of `static/js/` under an address that holds the hash of them all.

A module imports its neighbours by relative addresses; these inherit the hash of the folder, so
every one of them may be kept for ever, with no build step between the source and the browser.
Only lines that are comments stay at home: explaining costs readers nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask, Response, abort

from portal.core.web.assets import IMMUTABLE, short_hash

_COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)


def init_app(app: Flask) -> None:
    """Serve the scripts; templates get an address from `script_url("site.js")`."""
    folder = Path(app.static_folder or "") / "js"
    current = folder_hash(folder)
    texts = {
        path.relative_to(folder).as_posix(): served_text(path) for path in folder.rglob("*.js")
    }

    @app.get("/js/<version>/<path:filename>", endpoint="script")
    def script(version: str, filename: str) -> Response:
        if filename not in texts:
            abort(404)
        response = Response(texts[filename], mimetype="text/javascript")
        # A page from before a deployment gets the new script, but must not keep it as the old.
        response.headers["Cache-Control"] = IMMUTABLE if version == current else "no-cache"
        return response

    app.jinja_env.globals["script_url"] = lambda filename: f"/js/{current}/{filename}"


def served_text(path: Path) -> str:
    """A script without the lines that hold nothing but a `//` comment."""
    return _COMMENT_LINE.sub("", path.read_text("utf-8"))


def folder_hash(folder: Path) -> str:
    """One hash over the names and contents of all scripts."""
    return short_hash(
        b"".join(
            path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes()
            for path in sorted(folder.rglob("*.js"))
        )
    )
