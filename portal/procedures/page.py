"""Everything that the page of a procedure shows, gathered; its template asks the database nothing.

Statements: those of `queries.detail`, and one each for what is related, for answers, for articles
and for the line to ring; one more when forms are files of the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.core.certainty import is_stale
from portal.directory.models import Purpose
from portal.directory.queries import line_for
from portal.procedures import answers, cases, files, neighbours, processes, wording
from portal.procedures.codes import normalise_code
from portal.procedures.models import AnnouncementChange, Procedure
from portal.procedures.related import related
from portal.procedures.terms import CHANGES, FEE_KINDS, LEGAL_STATES, ChangeKind

MOST_CASES = 99


@dataclass(frozen=True, slots=True)
class Replacement:
    """A procedure that takes the place of an ended one; `name` may be unknown here."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """How somebody came: the number of the case to open, the old code that led here, and whether
    to a kiosk. That stands beside somebody to ask: it shows no telephone, no articles and nothing
    to download."""

    case: str = ""
    came_from: str = ""
    on_kiosk: bool = False


def context(session: Session, procedure: Procedure, day: date, visit: Visit) -> dict[str, Any]:
    """What the templates of the page are given."""
    on_kiosk = visit.on_kiosk
    papers = [part.name for one in procedure.cases for part in one.components]
    forms = [] if on_kiosk else files.form_views(session, procedure.forms)
    return {
        **facts(procedure, day),
        "cases": cases.cases_of(procedure, day, _number(visit.case)),
        "forms": files.by_paper(forms, papers),
        "former_code": former_code(procedure, visit.came_from),
        "related": related(session, procedure),
        "writings": [] if on_kiosk else neighbours.writings(session, procedure.code),
        "line": None if on_kiosk else line_for(session, procedure.unit_code, Purpose.PROCEDURES),
    }


def facts(procedure: Procedure, day: date) -> dict[str, Any]:
    """What a page tells of the procedure itself, without asking the database."""
    return {
        "procedure": procedure,
        "state": procedure.state_on(day),
        "answers": answers.answers_of(procedure, day),
        "missing": wording.missing_parts(procedure, day),
        "stale": is_stale(procedure.checked_on, day),
        "processes": processes.process_views(procedure.processes),
        "replacements": replacements(procedure),
        "coming": coming(procedure, day),
        "words": wording,
        "changes": CHANGES,
        "fee_kinds": FEE_KINDS,
        "legal_states": LEGAL_STATES,
        "day": day,
    }


def replacements(procedure: Procedure) -> list[Replacement]:
    """What to do instead of an ended procedure: as successors say, and as decisions say."""
    found = {
        one.procedure.code: Replacement(one.procedure.code, one.procedure.name)
        for one in procedure.successions
    }
    for change in procedure.changes:
        code = change.replacement
        if code and code != procedure.code:
            found.setdefault(code, Replacement(code, ""))
    return list(found.values())


def coming(procedure: Procedure, day: date) -> list[AnnouncementChange]:
    """Announced changes that are not yet in force, the nearest first."""
    kinds = (ChangeKind.AMENDED, ChangeKind.REPLACED, ChangeKind.ABOLISHED)
    ahead = [
        change
        for change in procedure.changes
        if change.effective_from and change.effective_from > day and change.kind in kinds
    ]
    return sorted(ahead, key=lambda change: change.effective_from or day)


def former_code(procedure: Procedure, came_from: str) -> str:
    """The old code that was asked for, when it is really one of this procedure's."""
    code = normalise_code(came_from) if came_from else None
    return code if code in {old.old_code for old in procedure.old_codes} and code else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 1
