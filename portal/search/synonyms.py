"""`content/synonyms.txt`: what people say, and what the procedures call it.

    # a comment
    GPHN, giấy phép hành nghề            both directions
    mở phòng khám => cấp giấy phép hoạt động, phòng khám      one way

A line is a list of phrases between commas; `=>` makes it one way. Capitals and diacritics do not
matter for finding a phrase, except that a phrase of a single word typed with diacritics must have
the same ones ("răng" is not "rằng"). A phrase may be a document's number: an old one leads to the
one in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.search.analysis import Kind, accented, fold, has_marks, is_stop_word, scan

MAX_PHRASE = 16
MAX_EXPANSIONS = 12
LOOSE = 3
"""Stop words that may stand between the words of a phrase."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be used, in words an editor understands."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as the index sees it; `accent` is set for a single word with marks, `core` are the
    words without stop words."""

    terms: tuple[str, ...]
    accent: str = ""
    core: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Words `start:end` of a query and the phrases that may stand in their place; `inner` are
    those that stand for a part of them only."""

    start: int
    end: int
    expansions: tuple[tuple[str, ...], ...]
    inner: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Synonyms:
    """Phrases and their expansions; `faults` names the lines left out."""

    table: dict[tuple[str, ...], list[tuple[str, ...]]] = field(default_factory=dict)
    accents: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    cores: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0

    def add(self, phrase: Phrase, expansions: Sequence[Phrase]) -> None:
        known = self.table.setdefault(phrase.terms, [])
        for other in expansions:
            if other.terms not in known and other.terms != phrase.terms:
                known.append(other.terms)
        if len(phrase.terms) == 1:
            self.accents.setdefault(phrase.terms, set()).add(phrase.accent)
        if len(phrase.core) > 1:
            self.cores.setdefault(phrase.core, phrase.terms)
        self.words.update(phrase.terms)
        self.longest = max(self.longest, len(phrase.terms))

    def find(self, words: Sequence[str]) -> list[Match]:
        """Matches that do not overlap in words as typed, the longest at each place; stop words
        between the words of a phrase do not matter."""
        terms = [fold(word) for word in words]
        stops = [is_stop_word(word) for word in words]
        found: list[Match] = []
        position = 0
        while position < len(terms):
            match = self._longest_at(words, terms, stops, position)
            if match:
                found.append(match)
            position = match.end if match else position + 1
        return found

    def _longest_at(
        self, words: Sequence[str], terms: Sequence[str], stops: Sequence[bool], start: int
    ) -> Match | None:
        for end in range(min(len(terms), start + self.longest + LOOSE), start, -1):
            key = tuple(terms[start:end])
            if not self.table.get(key):
                core = tuple(t for t, stop in zip(key, stops[start:end], strict=True) if not stop)
                whole = len(core) > 1 and not (stops[start] or stops[end - 1])
                key = self.cores.get(core, ()) if whole else ()
            if self.table.get(key) and self._fits(key, words[start]):
                return Match(start, end, self._expansions(key), self._inner(key))
        return None

    def _expansions(self, key: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """What the phrase may be called, and what its equals lead to (a = b, b => c)."""
        direct = self.table[key]
        further = (
            other
            for equal in direct
            if key in self.table.get(equal, ())
            for other in self.table[equal]
            if other != key
        )
        return tuple(dict.fromkeys([*direct, *further]))[:MAX_EXPANSIONS]

    def _inner(self, key: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """What phrases within the phrase lead to: "phòng khám" in "phòng khám răng"."""
        inner = (
            other
            for start in range(len(key))
            for end in range(start + 2, len(key) + (start > 0))
            for other in self.table.get(key[start:end], ())
            if other != key
        )
        return tuple(dict.fromkeys(inner))[:MAX_EXPANSIONS]

    def _fits(self, key: tuple[str, ...], word: str) -> bool:
        """Whether the marks of a single word are those of the table, where somebody typed any."""
        allowed = self.accents.get(key)
        accent = accented(word) if has_marks(word) else ""
        return not accent or allowed is None or accent in allowed or "" in allowed


def parse(text: str) -> Synonyms:
    """Read the table; a line with a fault is left out and named, the others count."""
    synonyms = Synonyms()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.split("#", 1)[0].strip().lstrip("\ufeff")
        if not line:
            continue
        fault = _read_line(synonyms, line)
        if fault:
            synonyms.faults.append(Fault(number, fault))
    return synonyms


def _read_line(synonyms: Synonyms, line: str) -> str:
    sides = line.split("=>")
    if len(sides) > 2:
        return "Chỉ được có một dấu “=>” trên một dòng."
    phrases = [_phrases(side) for side in sides]
    if any(len(p.terms) > MAX_PHRASE for side in phrases for p in side):
        return f"Cụm từ dài quá {MAX_PHRASE} từ."
    if not all(phrases):
        return "Thiếu cụm từ trước hoặc sau dấu “=>”."
    if len(sides) == 2:
        for phrase in phrases[0]:
            synonyms.add(phrase, phrases[1])
        return ""
    if len(phrases[0]) < 2:
        return "Cần ít nhất hai cụm từ, cách nhau bằng dấu phẩy."
    for phrase in phrases[0]:
        synonyms.add(phrase, phrases[0])
    return ""


def _phrases(side: str) -> list[Phrase]:
    return [phrase for part in side.split(",") if (phrase := _phrase(part)).terms]


def _phrase(text: str) -> Phrase:
    tokens = list(scan(text))
    marked = (
        accented(tokens[0].text)
        if len(tokens) == 1 and tokens[0].kind is Kind.WORD and has_marks(tokens[0].text)
        else ""
    )
    core = tuple(token.term for token in tokens if not is_stop_word(token.text))
    return Phrase(tuple(token.term for token in tokens), marked, core)


def load(path: Path) -> Synonyms:
    """The table in a file; an absent file is an empty table."""
    return parse(path.read_text(encoding="utf-8")) if path.is_file() else Synonyms()
