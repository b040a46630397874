"""QR codes of addresses: the one place that knows Segno."""

from __future__ import annotations

import io
from functools import lru_cache
from itertools import groupby
from typing import Any

import segno
from flask import Flask

from portal.core.settings import Settings

# Black on white with its quiet zone, whatever the scheme of the page: readers want contrast.
_LOOK: dict[str, Any] = {
    "scale": 4, "border": 4, "dark": "#000", "light": "#fff", "omitsize": True,
}  # fmt: skip
_ANY_MASK = 3


def init_app(app: Flask, settings: Settings) -> None:
    """The filter `qr`: a path of ours, or a full address, as the source of an image."""

    def as_source(address: str) -> str:
        return data_uri(settings.address(address) if address.startswith("/") else address)

    app.jinja_env.filters["qr"] = as_source
    app.jinja_env.filters["printed_qr"] = printed


def svg(address: str) -> bytes:
    """A black code on white with its quiet zone, as large as whoever shows it wants it."""
    out = io.BytesIO()
    _code(address).save(out, kind="svg", **_LOOK)
    return out.getvalue()


def data_uri(address: str) -> str:
    """The code as `data:` address, so that a page of many codes asks for none of them."""
    # What somebody typed stands behind "?": not to be remembered here.
    return _drawn(address) if "?" in address else _remembered(address)


@lru_cache(maxsize=2048)
def runs(address: str) -> tuple[tuple[tuple[int, int, int], ...], int]:
    """The code of a printed address as dark runs (row, column, length), and its modules a side.

    Lists print hundreds: which of the eight masks is prettiest is not searched for, all are read.
    """
    code = segno.make(address, error="m", micro=False, mask=_ANY_MASK)
    found = []
    for row, modules in enumerate(code.matrix):
        column = 0
        for dark, group in groupby(modules):
            length = len(list(group))
            if dark:
                found.append((row, column, length))
            column += length
    return tuple(found), len(code.matrix)


@lru_cache(maxsize=2048)
def printed(address: str) -> str:
    """The same code as `runs` tells of, as the source of an image on a page to be printed."""
    bars, modules = runs(address)
    quiet = int(_LOOK["border"])
    path = "".join(f"M{column + quiet} {row + quiet}.5h{run}" for row, column, run in bars)
    side = modules + 2 * quiet
    return (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'"
        f" viewBox='0 0 {side} {side}'%3E%3Cpath fill='%23fff' d='M0 0h{side}v{side}H0z'/%3E"
        f"%3Cpath stroke='%23000' d='{path}'/%3E%3C/svg%3E"
    )


def _drawn(address: str) -> str:
    return _code(address).svg_data_uri(**_LOOK)


_remembered = lru_cache(maxsize=512)(_drawn)


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)
