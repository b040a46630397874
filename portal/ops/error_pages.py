"""The site's error pages as files, for a proxy that must answer without the application."""

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
        path = folder / f"{status}.html"
        if not path.exists() or path.read_bytes() != page:
            files.write_atomically(path, page)
        path.chmod(0o644)
    return len(TEXTS)
