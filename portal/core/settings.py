"""Settings of the installation, read once from the environment, content/site.toml and
content/calendar.yaml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from portal.core import secrets
from portal.core.errors import SettingsError
from portal.core.site_config import SiteConfig, load_site_config
from portal.core.work_calendar import load_work_calendar
from portal.core.working_days import WorkCalendar

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "PORTAL_DATABASE_URL": "database; default is SQLite in the instance folder",
    "PORTAL_REDIS_URL": "shared counters for rate limits; default is the database",
    "PORTAL_INSTANCE": "folder of database, uploads, index and keys; default ./instance",
    "PORTAL_CONTENT": "folder of the agency's content; default ./content",
    "PORTAL_SECRET_KEY": "signs sessions; default is generated into the instance folder",
    "PORTAL_BASE_URL": "public address; default http://127.0.0.1:8000",
    "PORTAL_MAIL_URL": "smtp://user:pass@host:port, or file:// (letters stay in instance/outbox)",
    "PORTAL_TRUSTED_PROXIES": "number of reverse proxies in front; default 0",
    "PORTAL_WORKERS": "gunicorn workers; default 2",
    "PORTAL_CHECK_LINKS": "on or off: try addresses outside at night; default on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that may differ between two installations. Times are seconds, sizes bytes."""

    instance: Path
    content: Path
    database_url: str = field(repr=False)  # this and the next may hold a password
    redis_url: str = field(repr=False)
    base_url: str
    mail_url: str = field(repr=False)
    trusted_proxies: int
    workers: int
    check_links: bool
    session_keys: tuple[str, ...] = field(repr=False)
    tracking_key: str = field(repr=False)
    audit_key: str = field(repr=False)
    sealing_keys: tuple[str, ...] = field(repr=False)
    contact_keys: tuple[str, ...] = field(repr=False)
    site: SiteConfig
    calendar: WorkCalendar

    @property
    def https(self) -> bool:
        """Whether the public address is served over TLS (decides cookie flags and HSTS)."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Host names that requests may carry."""
        return [urlsplit(self.base_url).hostname or "", "127.0.0.1", "localhost"]

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def uploads(self) -> Path:
        return self.instance / "uploads"

    def address(self, path: str) -> str:
        """The public address of a path of this site, for mail, feeds and QR codes."""
        return self.base_url + path


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises `SettingsError` with one clear line on any fault."""
    env = os.environ if environ is None else environ
    for name in env:
        if name.startswith("PORTAL_") and name not in NAMES:
            raise SettingsError(f"{name} is not a setting; known are {', '.join(sorted(NAMES))}")
    instance = Path(env.get("PORTAL_INSTANCE") or ROOT / "instance").resolve()
    content = Path(env.get("PORTAL_CONTENT") or ROOT / "content").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    return Settings(
        instance=instance,
        content=content,
        database_url=_database(env.get("PORTAL_DATABASE_URL", ""), instance),
        redis_url=env.get("PORTAL_REDIS_URL", ""),
        base_url=_address(env.get("PORTAL_BASE_URL") or "http://127.0.0.1:8000"),
        mail_url=_mail(env.get("PORTAL_MAIL_URL") or "file://"),
        trusted_proxies=_number(env, "PORTAL_TRUSTED_PROXIES", 0, 0, 5),
        workers=_number(env, "PORTAL_WORKERS", 2, 1, 64),
        check_links=_switch(env, "PORTAL_CHECK_LINKS", "on"),
        session_keys=_session_keys(env.get("PORTAL_SECRET_KEY", ""), instance),
        tracking_key=secrets.load_or_create(instance / "keys", "tracking")[0],
        audit_key=secrets.load_or_create(instance / "keys", "audit")[0],
        sealing_keys=tuple(secrets.load_or_create(instance / "keys", "sealing")),
        contact_keys=tuple(secrets.load_or_create(instance / "keys", "contacts")),
        site=load_site_config(content / "site.toml"),
        calendar=load_work_calendar(content),
    )


def current_settings() -> Settings:
    """The settings of the running application."""
    settings = current_app.extensions["settings"]
    assert isinstance(settings, Settings)
    return settings


def _session_keys(given: str, instance: Path) -> tuple[str, ...]:
    if not given:
        return tuple(secrets.load_or_create(instance / "keys", "session"))
    if len(given) < secrets.MINIMUM_CHARACTERS:
        raise SettingsError(f"PORTAL_SECRET_KEY has under {secrets.MINIMUM_CHARACTERS} characters")
    return (given,)


def _database(value: str, instance: Path) -> str:
    """The address for SQLAlchemy. PostgreSQL's own spellings get the driver that we ship."""
    if not value:
        return f"sqlite:///{instance / 'portal.sqlite3'}"
    scheme, separator, rest = value.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and separator:
        return value
    raise SettingsError("PORTAL_DATABASE_URL must begin with postgresql:// or sqlite://")


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise SettingsError(f"PORTAL_BASE_URL = {value!r} is not an address like https://host")
    return value.rstrip("/")


def _mail(value: str) -> str:
    if urlsplit(value).scheme not in ("smtp", "smtps", "file"):
        raise SettingsError("PORTAL_MAIL_URL must begin with smtp://, smtps:// or file://")
    return value


def _switch(env: Mapping[str, str], name: str, default: str) -> bool:
    text = env.get(name) or default
    if text not in ("on", "off"):
        raise SettingsError(f"{name} = {text!r} is neither on nor off")
    return text == "on"


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or not low <= int(text) <= high:
        raise SettingsError(f"{name} = {text!r} is not a whole number from {low} to {high}")
    return int(text)
