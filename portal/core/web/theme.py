"""The agency's two colours as a style sheet, since pages carry no inline styles."""

from __future__ import annotations

import hashlib

from flask import Flask, Response

from portal.core.settings import Settings
from portal.core.site_config import Theme

_PATH = "/giao-dien.css"
_LONG = "public, max-age=31536000, immutable"


def init_app(app: Flask, settings: Settings) -> None:
    """Serve the colours at an address that changes with them."""
    sheet = style_sheet(settings.site.theme)
    version = hashlib.sha256(sheet.encode()).hexdigest()[:12]

    def theme() -> Response:
        response = Response(sheet, mimetype="text/css")
        response.headers["Cache-Control"] = _LONG
        return response

    app.add_url_rule(_PATH, "theme", theme)
    app.jinja_env.globals["theme_url"] = f"{_PATH}?v={version}"


def style_sheet(theme: Theme) -> str:
    """Custom properties for the light scheme; the dark one mixes them towards white."""
    return (
        f":root{{--brand-light:{theme.brand};--red-light:{theme.accent};"
        f"--brand-dark:color-mix(in srgb,{theme.brand} 38%,#fff);"
        f"--red-dark:color-mix(in srgb,{theme.accent} 45%,#fff)}}\n"
    )
