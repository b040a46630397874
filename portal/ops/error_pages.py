"""The site's error pages and their style as files, for a proxy without the application."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from portal.core import files
from portal.core.web.errors import TEXTS, problem


def write_error_pages(folder: Path) -> int:
    """Write `<status>.html` for every error the portal knows; returns how many.

    Everybody may read them, whatever the umask: the proxy runs under an account of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    for status in TEXTS:
        with current_app.test_request_context("/"):
            page = problem(status).get_data()
        _keep(folder / f"{status}.html", page)
    _keep(folder / "giao-dien.css", current_app.test_client().get("/giao-dien.css").get_data())
    return len(TEXTS)


def _keep(path: Path, data: bytes) -> None:
    if not path.exists() or path.read_bytes() != data:
        files.write_atomically(path, data)
    path.chmod(0o644)
