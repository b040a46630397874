"""Which procedures a search prefers, other things being equal: the agency's own.

Everyday words ("đăng ký", "cấp lại thẻ") stand in procedures of every ministry; who asks the portal
of a health department most likely means one of health. So the preference outweighs a few words in
common, but never an exact name or a code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from portal.core.site_config import Agency
from portal.core.text import fold, slugify
from portal.procedures.models import Procedure
from portal.procedures.terms import Kind, Level, State

# Of the agency's own sector, then of others; within each at a level that the portal serves or not.
_OWN, _OWN_ELSEWHERE = 1.6, 1.3
_OTHER, _OTHER_ELSEWHERE = 0.55, 0.5
_ENDED, _INTERNAL = 0.4, 0.6
_FROM_THE_TOP = (Level.MINISTRY, Level.PROVINCE, Level.COMMUNE)


def boost_of(procedure: Procedure, agency: Agency, today: date) -> float:
    """What the score of a procedure is multiplied with; 1 is usual."""
    served = not levels_served(agency.level).isdisjoint(procedure.levels)
    if is_own(procedure, agency):
        boost = _OWN if served else _OWN_ELSEWHERE
    else:
        boost = _OTHER if served else _OTHER_ELSEWHERE
    if procedure.kind == Kind.INTERNAL:
        boost *= _INTERNAL
    if procedure.state_on(today) is State.ENDED:
        boost *= _ENDED
    return boost


def is_own(procedure: Procedure, agency: Agency) -> bool:
    """Whether a procedure belongs to the agency's sector. An agency that says nothing of itself
    has those that name it."""
    return procedure.field.key in _keys(agency.fields) or _names_sector(procedure.agencies, agency)


@lru_cache(maxsize=8)
def levels_served(level: str) -> frozenset[str]:
    """The agency's level and those below: a department's portal shows what communes settle too."""
    known = [each.value for each in _FROM_THE_TOP]
    return frozenset(known[known.index(level) :] if level in known else [level])


@lru_cache(maxsize=8)
def _keys(fields: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(slugify, fields))


def _names_sector(names: Iterable[str], agency: Agency) -> bool:
    own = fold(agency.name)
    sector = fold(agency.sector)
    marks = (f"so {sector}", f"bo {sector}", f"chuyen mon ve {sector}") if sector else ()
    return any(
        own.startswith(folded) or any(mark in folded for mark in marks)
        for folded in map(fold, names)
    )
