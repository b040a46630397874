"""Boards at the desk: of one unit, of all units, and the page for leaders."""

from __future__ import annotations

from flask import Response, render_template, request, url_for

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import require
from portal.boards import board, export
from portal.boards.lights import LIGHT_NAMES, Light
from portal.boards.tasks import PART_NAMES
from portal.core import clock
from portal.core.db import db
from portal.plan.models import COUNTED_NAMES, TARGET_PERIOD_NAMES
from portal.plan.periods import STANDING_NAMES, quarter_of

blueprint = desk_blueprint("boards", "ke-hoach")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/don-vi/")
@needs("plan.overview")
def units() -> str:
    """All units in one table, the most urgent first."""
    shown = board.overview(db.session(), clock.today())
    wanted = request.args.get("den", "")
    rows = [row for row in shown.units if not wanted or row.light == wanted]
    return render_template(
        "boards/units.html", shown=shown, rows=rows, wanted=wanted, lights=Light,
        light_names=LIGHT_NAMES, quarter=quarter_of(shown.today),
    )  # fmt: skip


@blueprint.get("/don-vi/<code>")
@needs("board.view")
def unit(code: str) -> str:
    """The board of one unit."""
    session = db.session()
    found = board.get_unit(session, code)
    require(current_actor(), "board.view", found)
    today = clock.today()
    return render_template(
        "boards/unit.html", shown=board.of_unit(session, found, today), unit=found, day=today,
        light_names=LIGHT_NAMES, part_names=PART_NAMES, standing_names=STANDING_NAMES,
        period_names=TARGET_PERIOD_NAMES, counted_names=COUNTED_NAMES, quarter=quarter_of(today),
    )  # fmt: skip


@blueprint.get("/tong-hop")
@needs("plan.overview")
def leaders() -> str:
    """One page for leaders, to read or to print."""
    shown = board.overview(db.session(), clock.today())
    return render_template(
        "boards/leaders.html", shown=shown, lights=Light, light_names=LIGHT_NAMES,
        quarter=quarter_of(shown.today), standing_names=STANDING_NAMES,
        files=[("XLSX", url_for(".as_xlsx")), ("CSV", url_for(".as_csv"))],
    )  # fmt: skip


@blueprint.get("/tong-hop.csv")
@needs("plan.overview")
def as_csv() -> Response:
    """The table of units as CSV."""
    text = export.csv_text(board.overview(db.session(), clock.today()))
    return _file(text, "text/csv; charset=utf-8", "csv")


@blueprint.get("/tong-hop.xlsx")
@needs("plan.overview")
def as_xlsx() -> Response:
    """Units and tasks as a workbook."""
    return _file(export.xlsx_bytes(board.overview(db.session(), clock.today())), XLSX, "xlsx")


def _file(content: str | bytes, kind: str, ending: str) -> Response:
    response = Response(content, content_type=kind)
    name = f"ke-hoach-don-vi-{clock.today():%Y%m%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
