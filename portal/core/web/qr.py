"""QR codes of addresses: the one place that knows Segno."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import segno
from flask import Flask

from portal.core.settings import Settings

# Black on white with its quiet zone, whatever the scheme of the page: readers want contrast.
_LOOK: dict[str, Any] = {
    "scale": 4, "border": 4, "dark": "#000", "light": "#fff", "omitsize": True,
}  # fmt: skip


def init_app(app: Flask, settings: Settings) -> None:
    """The filter `qr`: a path of ours, or a full address, as the source of an image."""

    def as_source(address: str) -> str:
        return data_uri(settings.address(address) if address.startswith("/") else address)

    app.jinja_env.filters["qr"] = as_source


def svg(address: str) -> bytes:
    """A black code on white with its quiet zone, as large as whoever shows it wants it."""
    out = io.BytesIO()
    _code(address).save(out, kind="svg", **_LOOK)
    return out.getvalue()


def data_uri(address: str) -> str:
    """The code as `data:` address, so that a page of many codes asks for none of them."""
    # What somebody typed stands behind "?": not to be remembered here.
    return _drawn(address) if "?" in address else _remembered(address)


def _drawn(address: str) -> str:
    return _code(address).svg_data_uri(**_LOOK)


_remembered = lru_cache(maxsize=512)(_drawn)


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)
