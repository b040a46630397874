"""Browsers that people recognise as theirs: a short name, and a cookie that tells them apart.

The cookie is random and signed, is sent to the sign-in pages alone, and the database keeps a hash
of it for each account: enough to see that a browser is new, too little to follow anybody.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request
from itsdangerous import BadSignature, Signer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import letters
from portal.accounts.models import KnownBrowser, User
from portal.accounts.sessions import hash_token
from portal.core import clock
from portal.core.settings import current_settings

KEPT = timedelta(days=400)
_PATH = "/dang-nhap"
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Browser:
    """`name` for people; `token` of the cookie, "" where there is no browser."""

    name: str = ""
    token: str = ""


NOBODYS = Browser()


def device_name(user_agent: str) -> str:
    """`Chrome trên Windows`. Never the header itself: it is too exact and may hold anything."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Trình duyệt")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "thiết bị không rõ")
    return f"{browser} trên {system}"


def asking() -> Browser:
    """The browser of this request: known by its cookie, or with a token that is fresh."""
    try:
        token = _signer().unsign(request.cookies.get(_cookie_name(), "")).decode("ascii")
    except BadSignature:
        token = secrets.token_urlsafe(16)
    return Browser(device_name(request.user_agent.string), token)


def remember(response: Response | BaseResponse, browser: Browser) -> None:
    """Have the browser tell us next time that it is the same."""
    response.set_cookie(
        _cookie_name(), _signer().sign(browser.token).decode("ascii"), max_age=KEPT, path=_PATH,
        secure=current_settings().https, httponly=True, samesite="Lax",
    )  # fmt: skip


def note(session: Session, user: User, browser: Browser) -> None:
    """Note where `user` signs in; a letter when this browser is new to an account that has others.

    Inside the caller's `write()`.
    """
    if not browser.token:
        return
    moment = clock.now()
    stale = KnownBrowser.seen_at < moment - KEPT
    session.execute(delete(KnownBrowser).where(stale))
    known = session.scalars(select(KnownBrowser).where(KnownBrowser.user_id == user.id)).all()
    digest = hash_token(f"{user.id} {browser.token}")
    here = next((row for row in known if row.token_hash == digest), None)
    if here:
        here.seen_at = moment
        return
    session.add(KnownBrowser(user_id=user.id, token_hash=digest, seen_at=moment))
    if known:
        letters.new_browser(session, user, browser.name)


def _cookie_name() -> str:
    return "__Secure-trinh-duyet" if current_settings().https else "trinh-duyet"


def _signer() -> Signer:
    keys = list(reversed(current_settings().session_keys))  # the newest last, and it signs
    return Signer(keys, salt="browser")
