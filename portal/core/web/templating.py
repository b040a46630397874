"""Jinja: undefined names are errors, dates and money in the Vietnamese way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from portal.core import clock, files
from portal.core.certainty import is_stale
from portal.core.html import as_markup
from portal.core.settings import current_settings
from portal.core.web.pages import address_of_page, address_with


def init_app(app: Flask) -> None:
    """Filters and globals that every template may use.

    `site` and `settings` are asked for anew each time: the desk changes them while pages serve.
    """
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date=clock.format_date,
        time=clock.format_time,
        moment=clock.format_moment,
        isotime=_iso,
        number=number,
        money=money,
        size=files.format_size,
        lines=lines,
        article_body=as_markup,
        phone_link=phone_link,
        host=host,
        duration=clock.format_duration,
    )
    app.jinja_env.tests["stale"] = lambda day: is_stale(day, clock.today())
    app.jinja_env.globals.update(
        site=LocalProxy(lambda: current_settings().site), settings=LocalProxy(current_settings),
        address_of_page=address_of_page,
        address_with=address_with,
        now=clock.now, today=clock.today,
    )  # fmt: skip


def number(value: int | Decimal) -> str:
    """`1.250.000`; decimals with a comma: `2,5`."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def money(value: int | Decimal) -> str:
    """`1.250.000 đồng`, the parts never torn apart by a line break."""
    return f"{number(value)}\u00a0đồng"


def host(address: str) -> str:
    """`dichvucong.gov.vn` of an address, to say where a link leads."""
    return urlsplit(address).netloc.removeprefix("www.")


def lines(text: str) -> Markup:
    """Plain text of several lines, escaped, with its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def phone_link(phone: str) -> str:
    """`tel:` address of a Vietnamese number as people write it."""
    digits = "".join(char for char in phone if char.isdigit() or char == "+")
    return f"tel:{digits}"


def _iso(value: date | datetime) -> str:
    return value.isoformat()
