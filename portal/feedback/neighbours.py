"""Names of procedures. They live on the same floor, so the list of rooms lends them."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.core.db import db

ProcedureName = Callable[[Session, str], str | None]
_CODE = re.compile(r"[0-9A-Za-z.\-/]{1,40}")
_LENT = "feedback.procedure_name"


def lend_procedure_names(app: Flask, name_of: ProcedureName) -> None:
    """Give the room a way to ask for the name of a procedure by its code."""
    app.extensions[_LENT] = name_of


def procedure_name(code: str | None) -> str | None:
    """The name of a procedure; None when there is no such code."""
    lent: ProcedureName | None = current_app.extensions.get(_LENT)
    return lent(db.session(), code) if lent and code else None


def is_procedure(code: str) -> bool:
    """Whether `code` is a procedure's; without a list to look in, whatever looks like one."""
    if _LENT in current_app.extensions:
        return procedure_name(code) is not None
    return bool(_CODE.fullmatch(code))
