"""Numbers that Word writes by itself. Official texts quote them ("điểm a khoản 2 Điều 5"), so each
paragraph gets the number that the reader of the Word file sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from portal.articles.word.ooxml import at, q, value

_PLAIN = re.compile(r"%(\d)[.)]?")
_PLACE = re.compile(r"%(\d)")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands before a paragraph. `number` only when a plain list says the same."""

    text: str
    number: int | None = None
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int


class Numbers:
    """The numbering of one file, counted in the order of the text."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[tuple[str, int], _Level] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._seen: set[tuple[str, int]] = set()
        self._counters: dict[str, dict[int, int]] = {}
        for abstract in () if root is None else root.findall(q("w:abstractNum")):
            self._read_levels(abstract)
        for number in () if root is None else root.findall(q("w:num")):
            self._read_number(number)

    def next(self, numbering: Element | None) -> Marker | None:
        """The marker of the next paragraph with this `w:numPr`; None when it has none."""
        number, depth = value(numbering, "w:numId"), _whole(value(numbering, "w:ilvl"), 0)
        abstract = self._abstract.get(number or "")
        level = self._levels.get((abstract or "", depth))
        if number is None or abstract is None or level is None:
            return None
        if level.format in ("bullet", "none"):
            return Marker("", bullet=level.format == "bullet")
        counters = self._count(number, abstract, depth, level)
        shown = _PLACE.sub(
            lambda found: self._shown(abstract, counters, int(found[1]) - 1), level.text
        )
        own = _PLAIN.fullmatch(level.text)
        plain = level.format == "decimal" and own is not None and int(own[1]) == depth + 1
        return Marker(shown.strip(), counters[depth] if plain else None)

    def _count(self, number: str, abstract: str, depth: int, level: _Level) -> dict[int, int]:
        counters = self._counters.setdefault(abstract, {})
        restart = self._starts.get((number, depth))
        if restart is not None and (number, depth) not in self._seen:
            counters[depth] = restart
        elif depth in counters:
            counters[depth] += 1
        else:
            counters[depth] = level.start
        self._seen.add((number, depth))
        for deeper in [other for other in counters if other > depth]:
            del counters[deeper]
        return counters

    def _shown(self, abstract: str, counters: dict[int, int], depth: int) -> str:
        level = self._levels.get((abstract, depth))
        if level is None:
            return ""
        return spelled(counters.get(depth, level.start), level.format)

    def _read_levels(self, abstract: Element) -> None:
        for level in abstract.findall(q("w:lvl")):
            key = (abstract.get(q("w:abstractNumId")) or "", _whole(level.get(q("w:ilvl")), 0))
            self._levels[key] = _Level(
                value(level, "w:numFmt") or "decimal",
                value(level, "w:lvlText") or "",
                _whole(value(level, "w:start"), 1),
            )

    def _read_number(self, number: Element) -> None:
        name = number.get(q("w:numId")) or ""
        self._abstract[name] = value(number, "w:abstractNumId") or ""
        for override in number.findall(q("w:lvlOverride")):
            start = value(override, "w:startOverride")
            if start is not None and at(override, "w:startOverride") is not None:
                self._starts[name, _whole(override.get(q("w:ilvl")), 0)] = _whole(start, 1)


def spelled(number: int, how: str) -> str:
    """A number as Word writes it in one of its formats."""
    if how in ("lowerLetter", "upperLetter"):
        letters = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""
        return letters.upper() if how == "upperLetter" else letters
    if how in ("lowerRoman", "upperRoman"):
        letters, rest = "", number
        for size, letter in _ROMAN:
            letters += letter * (rest // size)
            rest %= size
        return letters.upper() if how == "upperRoman" else letters
    return f"{number:02d}" if how == "decimalZero" else str(number)


def _whole(text: str | None, otherwise: int) -> int:
    return (
        int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else otherwise
    )
