"""Settings of the site that an administrator changes in daily life, over `content/site.toml`.

The file stays the basis: what the desk sets equal to it is not kept, and everything can be given
back to it. Each change stores the whole state, so any state of the past can be restored. Other
processes follow within seconds (`core.live`); validation is that of the file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.audit_words import SETTINGS
from portal.accounts.permissions import Actor, require
from portal.core import audit, clock, live
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotFound, SettingsError
from portal.core.settings import Settings
from portal.core.site_config import SiteConfig
from portal.core.site_config import check as check_config
from portal.core.text import clean_line
from portal.site.models import SettingsState

log = logging.getLogger(__name__)
NAMES = SETTINGS
KEYS = tuple(NAMES)
MOST_HISTORY = 50
LONGEST_REASON = 300
Values = Mapping[str, Any]


def init_app(app: Flask) -> None:
    """Have the settings of this process follow the desk."""
    app.extensions["settings_of_files"] = app.extensions["settings"]
    live.keep(app, live.Kept("settings", _read, _use))


def base() -> SiteConfig:
    """What the files say."""
    settings = current_app.extensions["settings_of_files"]
    assert isinstance(settings, Settings)
    return settings.site


def value_of(config: SiteConfig, key: str) -> Any:
    """The value of a key such as "site.title"."""
    section, name = key.split(".")
    return getattr(getattr(config, section), name)


def overlay(config: SiteConfig, values: Values) -> SiteConfig:
    """`config` with other values. Raises `ValueError` or `SettingsError` by the file's rules."""
    for key, value in values.items():
        section, name = key.split(".")
        kept = tuple(value) if isinstance(value, list) else value
        part = replace(getattr(config, section), **{name: kept})
        config = replace(config, **{section: part})
    check_config(config)
    return config


def latest(session: Session) -> SettingsState | None:
    """The state that counts; None while nothing was ever changed at the desk."""
    return session.scalar(select(SettingsState).order_by(SettingsState.id.desc()).limit(1))


def history() -> Sequence[SettingsState]:
    """The changes, the latest first."""
    query = select(SettingsState).order_by(SettingsState.id.desc()).limit(MOST_HISTORY)
    return db.session.scalars(query).all()


def change(actor: Actor, typed: Values, reason: str, seen: int) -> None:
    """Set the keys in `typed`, as seen in the state `seen` (0: none yet).

    Raises `Invalid` when nothing changes or a rule is broken, `Conflict` when somebody was faster.
    """
    require(actor, "settings.edit")
    values = {key: value for key, value in typed.items() if value != value_of(base(), key)}
    _save(actor, values, _reason(reason), seen, AuditEvent.SETTINGS_CHANGED)


def restore(actor: Actor, state_id: int, reason: str, seen: int) -> None:
    """Make an earlier state count again; 0 is the state of the files. Raises as above."""
    require(actor, "settings.edit")
    state = find(state_id)
    values = _known(state.values) if state else {}
    _save(actor, values, _reason(reason), seen, AuditEvent.SETTINGS_RESTORED)


def find(state_id: int) -> SettingsState | None:
    """A state of the past; None for 0, the state of the files. Raises `NotFound`."""
    state = db.session.get(SettingsState, state_id) if state_id else None
    if state_id and state is None:
        raise NotFound(f"settings {state_id}")
    return state


def difference(state_id: int) -> dict[str, tuple[str, str]]:
    """What would change, old → new in words, if that state counted again."""
    state, last = find(state_id), latest(db.session())
    return _changes(_known(last.values) if last else {}, _known(state.values) if state else {})


def as_words(value: object) -> str:
    """A value for the history and the audit log."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _save(actor: Actor, values: Values, reason: str, seen: int, event: AuditEvent) -> None:
    try:
        overlay(base(), values)
    except (ValueError, SettingsError) as error:
        raise Invalid({"": f"Cổng không nhận được giá trị này: {error}."}) from None
    with write() as session:
        last = latest(session)
        if (last.id if last else 0) != seen:
            raise Conflict("Có người vừa đổi cài đặt sau khi bạn mở. Bạn xem lại rồi lưu lần nữa.")
        before = _known(last.values) if last else {}
        changes = _changes(before, values)
        if not changes:
            raise Invalid({"": "Chưa có gì thay đổi."})
        state = SettingsState(
            at=clock.now(), user_id=actor.user_id, reason=reason, values=dict(values),
            changes={key: list(pair) for key, pair in changes.items()},
        )  # fmt: skip
        session.add(state)
        session.flush()
        told = {**changes, "reason": ("", reason)}
        audit.record(
            session, event, actor_id=actor.user_id, thing=("settings", state.id), changes=told
        )
    live.refresh()


def _changes(before: Values, after: Values) -> dict[str, tuple[str, str]]:
    old, new = overlay(base(), before), overlay(base(), after)
    pairs = {key: (as_words(value_of(old, key)), as_words(value_of(new, key))) for key in KEYS}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _reason(reason: str) -> str:
    reason = clean_line(reason)[:LONGEST_REASON]
    if not reason:
        raise Invalid({"reason": "Nhập lý do: người sau đọc lịch sử cần biết vì sao."})
    return reason


def _known(values: Values) -> dict[str, Any]:
    """Without keys that a later version of the portal gave up; what the file sets by itself, too.

    JSON keeps lists where the settings have tuples.
    """
    plain = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in KEYS}
    return {key: value for key, value in plain.items() if value != value_of(base(), key)}


def _read(session: Session) -> dict[str, Any]:
    state = latest(session)
    return _known(state.values) if state else {}


def _use(app: Flask, values: dict[str, Any]) -> None:
    settings: Settings = app.extensions["settings_of_files"]
    try:
        site = overlay(settings.site, values)
    except (TypeError, ValueError, SettingsError) as error:
        log.exception("settings.refused", extra={"error": str(error)})
        return
    if site != app.extensions["settings"].site:
        app.extensions["settings"] = replace(settings, site=site)
