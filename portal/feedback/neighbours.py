"""What this room borrows: units of the agency and names of procedures.

Procedures live on the same floor, so the list of rooms lends their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy import select

from portal.core.db import db
from portal.directory.models import Unit

ProcedureName = Callable[[str], str | None]
_CODE = re.compile(r"[0-9A-Za-z.\-/]{1,40}")
_LENT = "feedback.procedure_name"


def lend_procedure_names(app: Flask, name_of: ProcedureName) -> None:
    """Give the room a way to ask for the name of a procedure in force by its code."""
    app.extensions[_LENT] = name_of


def procedure_name(code: str | None) -> str | None:
    """The name of a procedure; None when there is no such code."""
    lent: ProcedureName | None = current_app.extensions.get(_LENT)
    return lent(code) if lent and code else None


def is_procedure(code: str) -> bool:
    """Whether `code` is a procedure's; without a list to look in, whatever looks like one."""
    if _LENT in current_app.extensions:
        return procedure_name(code) is not None
    return bool(_CODE.fullmatch(code))


def units() -> dict[str, str]:
    """Names of the agency's units by code, in the public order."""
    rows = db.session.execute(
        select(Unit.code, Unit.name)
        .where(Unit.removed_at.is_(None))
        .order_by(Unit.sort_order, Unit.name)
    )
    return {row.code: row.name for row in rows}
