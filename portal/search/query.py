"""From what a person typed to a bounded plan that an engine can run.

No query language: every character is either part of a word or nothing. At most `MAX_WORDS` words
of at most `MAX_TEXT` characters are looked at, each with a bounded number of alternatives, so a
hostile text costs no more than an honest one.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from portal.search import analysis, citations, references
from portal.search.analysis import Kind, Token
from portal.search.engine import MAX_TEXT, MAX_WORDS, Vocabulary
from portal.search.plan import Alternative, Plan, Slot
from portal.search.references import GUESS_WEIGHT, MAX_CODES
from portal.search.repair import Word, repair
from portal.search.synonyms import Match, Synonyms

MAX_ALTERNATIVES = 14
MAX_TERMS = 100
"""Of all alternatives together: sixteen abbreviations cost no more than one honest sentence."""
STOP_WEIGHT = 0.1
SYNONYM_WEIGHT = 0.85


def cut(text: str) -> str:
    """The part of the input that is looked at."""
    return citations.normalise(text[: MAX_TEXT * 4].replace("\0", " "))[:MAX_TEXT]


def build(text: str, vocabulary: Vocabulary, synonyms: Synonyms, verbatim: bool = False) -> Plan:
    """The plan for a text; one without slots for a text without words. Never raises."""
    text = cut(text)
    tokens = list(analysis.scan(text))[:MAX_WORDS]
    table = Synonyms() if verbatim else synonyms
    slots, runs = _separate(text, tokens, vocabulary, table)
    led = {t.term: references.led(t.term, vocabulary, table) for t in tokens if t.kind is Kind.CODE}
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
        led=tuple((old, new) for old, new in led.items() if new),
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
        alternatives, back, used = references.find(text, tokens, terms, position, vocabulary)
        if alternatives:
            alternatives = references.with_successors(token, alternatives, vocabulary, synonyms)
            del runs[-1][len(runs[-1]) - min(back, len(runs[-1])) :]
            slots.append(Slot(tuple(alternatives[:MAX_CODES])))
            runs.append([])
        else:
            runs[-1].append(Word(token.text, token.term, token.start, token.end))
        position += max(used, 1)
    return slots, [run for run in runs if run]


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
