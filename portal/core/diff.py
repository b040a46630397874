"""What changed between two texts, paragraph by paragraph and word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

SAME, REMOVED, ADDED = "same", "removed", "added"
_WORD = re.compile(r"\s+|\S+")
_MOST_PAIRS = 1_000_000  # words of one paragraph times words of the other; beyond, not compared
_CONTEXT = 1  # unchanged paragraphs kept beside a change


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words that are in both texts, or only in the older, or only in the newer."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph as it was and as it is; either may be missing. Read one after the other, the
    segments of `both` are the two in one. `skipped` counts unchanged paragraphs left out here."""

    before: tuple[Segment, ...] = ()
    after: tuple[Segment, ...] = ()
    both: tuple[Segment, ...] = ()
    skipped: int = 0

    @property
    def changed(self) -> bool:
        return any(segment.kind != SAME for segment in self.both)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows; long unchanged stretches are one row that only counts them."""

    rows: tuple[Row, ...]

    @property
    def changed(self) -> bool:
        return any(row.changed for row in self.rows)


def compare(before: str, after: str, *, whole: bool = False) -> Comparison:
    """Compare two plain texts whose lines are paragraphs; `whole` leaves out nothing."""
    old, new = _paragraphs(before), _paragraphs(after)
    rows: list[Row] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [_row(((SAME, line),)) for line in old[a:b]]
        else:
            rows += [_row(_words(x, y)) for x, y in zip_longest(old[a:b], new[c:d], fillvalue="")]
    return Comparison(tuple(rows if whole else _fold(rows)))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _words(before: str, after: str) -> Iterable[tuple[str, str]]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return ((REMOVED, before), (ADDED, after))
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append((SAME, "".join(old[a:b])))
        else:
            pieces += [(REMOVED, "".join(old[a:b])), (ADDED, "".join(new[c:d]))]
    return pieces


def _row(pieces: Iterable[tuple[str, str]]) -> Row:
    both = tuple(Segment(kind, text) for kind, text in pieces if text)
    return Row(
        tuple(one for one in both if one.kind != ADDED),
        tuple(one for one in both if one.kind != REMOVED),
        both,
    )


def _fold(rows: Sequence[Row]) -> Iterable[Row]:
    """Unchanged stretches shortened to what stands beside a change."""
    at = 0
    for changed, group in groupby(rows, key=lambda row: row.changed):
        stretch = list(group)
        head = 0 if at == 0 else _CONTEXT
        tail = 0 if at + len(stretch) == len(rows) else _CONTEXT
        at += len(stretch)
        if changed or len(stretch) <= head + tail + 1:
            yield from stretch
            continue
        yield from stretch[:head]
        yield Row(skipped=len(stretch) - head - tail)
        yield from stretch[len(stretch) - tail :]
