"""From what a person typed to a bounded plan that an engine can run.

No query language: every character is either part of a word or nothing. At most `MAX_WORDS` words
of at most `MAX_TEXT` characters are looked at, each with a bounded number of alternatives, so a
hostile text costs no more than an honest one.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal.search import analysis, citations
from portal.search.analysis import Kind, Token
from portal.search.engine import MAX_TEXT, MAX_WORDS, Vocabulary
from portal.search.repair import Word, repair
from portal.search.synonyms import Match, Synonyms

MAX_ALTERNATIVES = 14
MAX_CODES = 20
MAX_TERMS = 100
"""Of all alternatives together: sixteen abbreviations cost no more than one honest sentence."""
STOP_WEIGHT = 0.1
SYNONYM_WEIGHT = 0.85
GUESS_WEIGHT = 0.6

_PART_OF_CODE = re.compile(r"^\d[.,]\s?\d{2,5}$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_BARE_DIGITS = re.compile(r"^\d{5,6}$")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Terms that together may stand for a slot: syllables, or one code or number."""

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for. A document matches it by its best alternative."""

    alternatives: tuple[Alternative, ...]
    weight: float = 1.0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`pairs` and `accents` only add to the score of what the slots find."""

    slots: tuple[Slot, ...]
    pairs: tuple[str, ...]
    accents: tuple[str, ...]
    understood_as: str
    corrected: bool

    @property
    def words(self) -> frozenset[str]:
        """What to highlight: every term but the optional words."""
        return frozenset(
            term
            for slot in self.slots
            if not slot.optional
            for alternative in slot.alternatives
            for term in alternative.terms
        )


def cut(text: str) -> str:
    """The part of the input that is looked at."""
    return citations.normalise(text[: MAX_TEXT * 4].replace("\0", " "))[:MAX_TEXT]


def build(text: str, vocabulary: Vocabulary, synonyms: Synonyms, verbatim: bool = False) -> Plan:
    """The plan for a text; one without slots for a text without words. Never raises."""
    text = cut(text)
    tokens = list(analysis.scan(text))[:MAX_WORDS]
    table = Synonyms() if verbatim else synonyms
    slots, runs = _separate(text, tokens, vocabulary, table)
    mended = runs if verbatim else [repair(run, vocabulary, synonyms.words) for run in runs]
    for run in mended:
        slots.extend(_slots(run, table))
    slots = _bounded(slots)
    words = [word for run in mended for word in run]
    corrected = any(word.repaired for word in words)
    return Plan(
        slots=tuple(slots),
        pairs=tuple(
            analysis.pair(a.term, b.term) for run in mended for a, b in itertools.pairwise(run)
        ),
        accents=tuple(
            analysis.accented(word.text) for word in words if analysis.has_marks(word.text)
        ),
        understood_as=_wording(text, mended) if corrected else text,
        corrected=corrected,
    )


def _separate(
    text: str, tokens: Sequence[Token], vocabulary: Vocabulary, synonyms: Synonyms
) -> tuple[list[Slot], list[list[Word]]]:
    """Codes and document numbers as slots, and the runs of words between them."""
    slots: list[Slot] = []
    runs: list[list[Word]] = [[]]
    terms = [token.term for token in tokens]
    position = 0
    while position < len(tokens):
        token = tokens[position]
        alternatives, back, used = _refs_at(text, tokens, terms, position, vocabulary)
        if alternatives:
            alternatives += _successors(token, vocabulary, synonyms)
            del runs[-1][len(runs[-1]) - min(back, len(runs[-1])) :]
            slots.append(Slot(tuple(alternatives[:MAX_CODES])))
            runs.append([])
        else:
            runs[-1].append(Word(token.text, token.term, token.start, token.end))
        position += max(used, 1)
    return slots, [run for run in runs if run]


def _refs_at(
    text: str, tokens: Sequence[Token], terms: Sequence[str], position: int, vocabulary: Vocabulary
) -> tuple[list[Alternative], int, int]:
    """What a code or number at this place may stand for, how many words before it belong to its
    name, and how many tokens it takes."""
    token = tokens[position]
    if token.kind is Kind.CODE:
        return _code(token.term, vocabulary), 0, 1
    named, start = citations.named_refs(terms, position, token.term)
    if token.kind is Kind.NUMBER:
        refs = [*citations.number_refs(token.term), *named]
        return _numbers(refs, vocabulary), position - start, 1
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if named and following and _YEAR.match(following.term):
        dated = f"{named[0]}/{following.term}"
        if vocabulary.has_ref(dated):
            return [Alternative((dated,))], position - start, 2
    if named and vocabulary.has_ref(named[0]):  # else "kế hoạch 2026" are just words
        return [Alternative((named[0],))], position - start, 1
    if following:
        part = text[token.start : following.end]
        if _PART_OF_CODE.match(part) and (codes := _partial(part, vocabulary)):
            return codes, 0, 2
    if _BARE_DIGITS.match(token.term):
        return _partial(token.term, vocabulary), 0, 1
    return [], 0, 1


def _code(code: str, vocabulary: Vocabulary) -> list[Alternative]:
    """The code itself if it is known, else the codes one wrong digit away, else a dead end that
    leaves the other words to decide."""
    if vocabulary.has_ref(code):
        return [Alternative((code,))]
    digits = code.replace(".", "")
    slips = {
        digits[:i] + digit + digits[i + 1 :] for i in range(len(digits)) for digit in "0123456789"
    } | {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)}
    near = sorted(c for slip in slips if vocabulary.has_code(c := f"{slip[0]}.{slip[1:]}"))
    return [Alternative((c,), GUESS_WEIGHT) for c in [code, *near]]


def _partial(part: str, vocabulary: Vocabulary) -> list[Alternative]:
    digits = re.sub(r"\D", "", part)
    return [Alternative((code,)) for code in vocabulary.codes_like(digits, MAX_CODES)]


def _numbers(refs: Sequence[str], vocabulary: Vocabulary) -> list[Alternative]:
    """The most exact names of the number that the index knows; longer names weigh more."""
    known = [ref for ref in dict.fromkeys(refs) if vocabulary.has_ref(ref)]
    exact = [ref for ref in known if "/" in ref] or known
    return [Alternative((ref,)) for ref in exact or list(refs)[:1]]


def _successors(token: Token, vocabulary: Vocabulary, synonyms: Synonyms) -> Iterator[Alternative]:
    """What has taken the place of a document that is no longer in force."""
    for terms in synonyms.table.get((token.term,), ()):
        if len(terms) == 1 and vocabulary.has_ref(terms[0]):
            yield Alternative(terms, SYNONYM_WEIGHT)


def _slots(run: Sequence[Word], synonyms: Synonyms) -> list[Slot]:
    slots: list[Slot] = []
    position = 0
    for match in synonyms.find([word.text for word in run]):
        slots.extend(_single(word) for word in run[position : match.start])
        slots.append(_group(run[match.start : match.end], match))
        position = match.end
    slots.extend(_single(word) for word in run[position:])
    return slots


def _bounded(slots: Sequence[Slot]) -> list[Slot]:
    """The slots with no more than MAX_TERMS terms in all; what was typed comes first."""
    left = MAX_TERMS - sum(len(slot.alternatives[0].terms) for slot in slots)
    bounded = []
    for slot in slots:
        kept = [slot.alternatives[0]]
        for alternative in slot.alternatives[1:]:
            left -= len(alternative.terms)
            if left < 0:
                break
            kept.append(alternative)
        bounded.append(replace(slot, alternatives=tuple(kept)))
    return bounded


def _single(word: Word) -> Slot:
    if analysis.is_stop_word(word.text):
        return Slot((Alternative((word.term,)),), STOP_WEIGHT, optional=True)
    others = (Alternative((other,), GUESS_WEIGHT) for other in word.others)
    return Slot((Alternative((word.term,)), *others))


def _group(words: Sequence[Word], match: Match) -> Slot:
    said = tuple(word.term for word in words)
    others = [Alternative(terms, SYNONYM_WEIGHT) for terms in match.expansions]
    others += [Alternative(terms, GUESS_WEIGHT) for terms in match.inner]
    return Slot((Alternative(said), *others)[:MAX_ALTERNATIVES])


def _wording(text: str, runs: Sequence[Sequence[Word]]) -> str:
    """The text with the mended words put in their places."""
    pieces: list[str] = []
    position = 0
    for run in runs:
        for word in run:
            if word.repaired:
                glued = position > word.start
                pieces.append(" " if glued else text[position : word.start])
                pieces.append(word.text)
                position = max(position, word.end)
    return "".join(pieces) + text[position:]
