"""Pages that a touch screen in a one-stop centre may show: `?kiosk=1`, kept by every link.

The address says it and no cookie does, so pages stay cacheable and two screens never mix. A view
that a kiosk may show is marked with `screen`; only addresses of such views carry the mark on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import Flask, current_app, has_request_context, render_template, request

P = ParamSpec("P")
R = TypeVar("R")
PARAMETER = "kiosk"
_LONGEST_QUERY = 300  # what a telephone still reads easily from a QR code
_marked: set[str] = set()


def init_app(app: Flask) -> None:
    """Let addresses made on a kiosk page lead to kiosk pages, and templates ask for its address."""

    @app.url_defaults
    def stay(endpoint: str, values: dict[str, Any]) -> None:
        if is_on() and _may_show(endpoint):
            values.setdefault(PARAMETER, "1")

    app.jinja_env.globals["address_without_kiosk"] = address_without_kiosk


def screen(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as one that a kiosk may show; it answers with `render`."""
    _marked.add(_name(view))
    return view


def is_on() -> bool:
    """Whether this request asks for a page as a kiosk shows it."""
    asked = has_request_context() and request.args.get(PARAMETER) == "1"
    return asked and (request.endpoint is None or _may_show(request.endpoint))


def render(template: str, **context: object) -> str:
    """`room/page.html`, or on a kiosk `room/kiosk/page.html`."""
    room, _, page = template.partition("/")
    return render_template(f"{room}/kiosk/{page}" if is_on() else template, **context)


def address_without_kiosk() -> str:
    """The path of this page as everybody sees it at home, for the QR code."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != PARAMETER]
    query = urlencode(kept)
    return f"{request.path}?{query}" if query and len(query) <= _LONGEST_QUERY else request.path


def _may_show(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    return view is not None and _name(view) in _marked


def _name(view: Callable[..., object]) -> str:
    return f"{view.__module__}.{view.__qualname__}"
