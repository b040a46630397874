"""What the list can be filtered by: parameters, values, and where a procedure stands in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.core.text import fold
from portal.procedures.terms import (
    LEVELS,
    ONLINE_LEVELS,
    STATES,
    SUBJECTS,
    UNKNOWN,
    Level,
    OnlineLevel,
    State,
    subject_group,
)


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: its name in the index, its parameter in addresses, its title and its values
    (slug → name). Fields are not listed here: they come from the database."""

    name: str
    param: str
    title: str
    values: Mapping[str, str]


def _names(terms: Iterable[object]) -> dict[str, str]:
    return {term.slug: term.name for term in terms}  # type: ignore[attr-defined]


# D and Đ are two letters; the others with marks stand under the bare one, as in a dictionary.
LETTERS = {
    **{letter: letter.upper() for letter in "abcd"},
    "dd": "Đ",
    **{letter: letter.upper() for letter in "efghijklmnopqrstuvwxyz"},
    "so": "0-9",
}
FIELD = Facet("field", "linh_vuc", "Lĩnh vực", {})
SUBJECT = Facet("subject", "doi_tuong", "Người thực hiện", _names([*SUBJECTS.values(), UNKNOWN]))
ONLINE = Facet("online", "muc_do", "Nộp trực tuyến", _names([*ONLINE_LEVELS.values(), UNKNOWN]))
LEVEL = Facet("level", "cap", "Cấp giải quyết", _names([*LEVELS.values(), UNKNOWN]))
STATUS = Facet("status", "trang_thai", "Hiệu lực", _names(STATES.values()))
LETTER = Facet("letter", "chu_cai", "Chữ cái đầu của tên", LETTERS)
FACETS = (FIELD, LEVEL, ONLINE, SUBJECT, STATUS, LETTER)
CURRENT = (STATES[State.IN_FORCE].slug, STATES[State.UPCOMING].slug)
"""States that the list shows when nobody asks: what has ended comes only on demand."""
ENDED = STATES[State.ENDED].slug


class Sorted(Protocol):
    """The columns that decide the facets of a procedure."""

    name: str
    levels: tuple[str, ...]
    subjects: tuple[str, ...]
    online_level: str | None

    def state_on(self, day: date) -> State: ...


def facets_of(procedure: Sorted, field_key: str, day: date) -> dict[str, list[str]]:
    """The slugs of a procedure in each facet, as on `day`."""
    groups = dict.fromkeys(SUBJECTS[subject_group(x)].slug for x in procedure.subjects)
    levels = [LEVELS[Level(level)].slug for level in procedure.levels]
    online = procedure.online_level
    return {
        FIELD.name: [field_key],
        LEVEL.name: levels or [UNKNOWN.slug],
        ONLINE.name: [ONLINE_LEVELS[OnlineLevel(online)].slug if online else UNKNOWN.slug],
        SUBJECT.name: [*groups] or [UNKNOWN.slug],
        STATUS.name: [STATES[procedure.state_on(day)].slug],
        LETTER.name: [letter_of(procedure.name)],
    }


def letter_of(name: str) -> str:
    """The slug of the letter under which an A-Z list has `name`."""
    first = name.lstrip(" “\"'(")[:1]
    slug = "dd" if first in ("Đ", "đ") else fold(first)
    return slug if slug in LETTERS else "so"
