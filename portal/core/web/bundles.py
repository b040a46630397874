"""Style sheets joined into one file for each area, so a phone asks once and keeps the answer.

One small file for each component is how people work on them; one request is how they are
served. The address carries a hash of the content: browsers never ask again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response

from portal.core.settings import Settings
from portal.core.web.assets import IMMUTABLE, short_hash
from portal.core.web.theme import style_sheet

PUBLIC = (
    "fonts", "tokens", "@theme", "base", "components/text", "components/*", "site", "directory",
    "procedures", "feedback", "articles", "plan", "print",
)  # fmt: skip
DESK = ("desk", "desk/*")
_OUTSIDE = re.compile(r"""url\((["']?)\.\./""")


def init_app(app: Flask, settings: Settings) -> None:
    """Serve both bundles; templates get their addresses from `bundle_url(name)`."""
    folder = Path(app.static_folder or "") / "css"
    theme = style_sheet(settings.site.theme)
    addresses = {}
    for name, path, sheets in (
        ("public", "/giao-dien.css", PUBLIC),
        ("desk", "/giao-dien-ban-lam-viec.css", DESK),
    ):
        text = join(folder, sheets, theme)
        addresses[name] = f"{path}?v={short_hash(text.encode())}"
        app.add_url_rule(path, f"bundle_{name}", _serve(text))
    app.jinja_env.globals["bundle_url"] = addresses.__getitem__


def join(folder: Path, sheets: tuple[str, ...], theme: str = "") -> str:
    """The sheets one after the other; `*` stands for those of a folder that nobody named."""
    parts: list[str] = []
    seen: set[Path] = set()
    for sheet in sheets:
        if sheet == "@theme":
            parts.append(theme)
            continue
        found = sorted(folder.glob(f"{sheet}.css"))
        if not found and "*" not in sheet:
            raise FileNotFoundError(folder / f"{sheet}.css")
        parts += [path.read_text("utf-8") for path in found if path not in seen]
        seen.update(found)
    return _OUTSIDE.sub(r"url(\1/static/", "".join(parts))


def _serve(text: str) -> Callable[[], Response]:
    def bundle() -> Response:
        response = Response(text, mimetype="text/css")
        response.headers["Cache-Control"] = IMMUTABLE
        return response

    return bundle
