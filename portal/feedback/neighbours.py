"""What this room asks of procedures. They live on the same floor, so the list of rooms lends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.core.db import db


class ProcedureCard(Protocol):
    """What a report about a procedure must know of it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def unit_code(self) -> str | None: ...


FindCard = Callable[[Session, str], ProcedureCard | None]
FindLikely = Callable[[Session, str, int], list[tuple[str, str]]]
_CODE = re.compile(r"[0-9A-Za-z.\-/]{1,40}")
FindNames = Callable[[Session, Collection[str]], dict[str, str]]
_LENT, _LIKELY = "feedback.procedure_card", "feedback.likely_procedures"
_NAMES = "feedback.procedure_names"


def lend_procedures(
    app: Flask, card_of: FindCard, likely_of: FindLikely | None = None,
    names_of: FindNames | None = None,
) -> None:  # fmt: skip
    """Give the room a way to ask for a procedure by its code, for those that a sentence may be
    about, and for the names of many."""
    app.extensions[_NAMES] = names_of
    app.extensions[_LENT] = card_of
    app.extensions[_LIKELY] = likely_of


def procedure_card(code: str | None) -> ProcedureCard | None:
    """The procedure of a code; None when there is none."""
    lent: FindCard | None = current_app.extensions.get(_LENT)
    return lent(db.session(), code) if lent and code else None


def likely(session: Session, text: str, limit: int) -> list[tuple[str, str]]:
    """Code and name of procedures that `text` may be about. Raises `SearchUnavailable`."""
    lent: FindLikely | None = current_app.extensions.get(_LIKELY)
    return lent(session, text, limit) if lent else []


def procedure_name(code: str | None) -> str | None:
    """The name of a procedure; None when there is no such code."""
    card = procedure_card(code)
    return card.name if card else None


def procedure_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Names by code, of those that exist; one statement."""
    lent: FindNames | None = current_app.extensions.get(_NAMES)
    return lent(session, codes) if lent and codes else {}


def is_procedure(code: str) -> bool:
    """Whether `code` is a procedure's; without a list to look in, whatever looks like one."""
    if _LENT in current_app.extensions:
        return procedure_card(code) is not None
    return bool(_CODE.fullmatch(code))
