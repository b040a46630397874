"""The application factory: settings, extensions, rooms, nothing else."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import rooms
from portal.core import db, limits, live
from portal.core.settings import ROOT, Settings, load_settings
from portal.core.web import (
    assets,
    bundles,
    compress,
    errors,
    forms,
    headers,
    kiosk,
    logs,
    qr,
    requests,
    scripts,
    sharing,
    templating,
)

MAX_REQUEST = 64 * 1024 * 1024
MAX_FORM_TEXT = 2 * 1024 * 1024
MAX_FORM_PARTS = 200


def create_app(settings: Settings | None = None) -> Flask:
    """Build the portal. Raises `SettingsError` when the environment or site.toml is wrong."""
    settings = settings or load_settings()
    app = Flask(
        "portal",
        instance_path=str(settings.instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.extensions["settings"] = settings
    app.config.update(_config(settings))
    app.debug = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Vietnamese as itself, half the bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = True
    logs.configure()
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    compress.init_app(app)  # first in, so last to touch an answer
    for extension in (db, limits, headers, bundles, qr):
        extension.init_app(app, settings)
    for plain in (requests, templating, assets, scripts, errors, kiosk, sharing, live):
        plain.init_app(app)
    forms.csrf.init_app(app)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    rooms.register(app)
    return app


def _config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.session_keys[0],
        "SECRET_KEY_FALLBACKS": list(settings.session_keys[1:]),
        "SESSION_COOKIE_NAME": "__Host-phien" if settings.https else "phien",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TRUSTED_HOSTS": settings.hosts,
        "MAX_CONTENT_LENGTH": MAX_REQUEST,
        "MAX_FORM_MEMORY_SIZE": MAX_FORM_TEXT,
        "MAX_FORM_PARTS": MAX_FORM_PARTS,
        "WTF_CSRF_TIME_LIMIT": 4 * 3600,
        "WTF_CSRF_SSL_STRICT": False,  # core.web.requests compares Origin itself
        "PROPAGATE_EXCEPTIONS": False,
        "TESTING": False,
    }
