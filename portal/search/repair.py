"""Mending the words of a query with what the index knows.

A syllable that stands in some document is taken as meant. An unknown one is read as keys of Telex
or VNI, as one slip of the finger, as two words glued or one word torn; its neighbours decide
between the candidates. Costs a few hundred dictionary look-ups a word at most.
"""

import itertools
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from portal.search import spelling
from portal.search.analysis import accented, fold, has_marks
from portal.search.engine import MAX_WORDS, Vocabulary

_KEYS = 3.0
_GLUED = 0.9
_OTHERS = 2
MAX_REPAIRS = 6
"""Unknown words of a query that are mended: a text of nothing but junk costs no more."""


@dataclass(frozen=True, slots=True)
class Word:
    """One syllable to look for; `text` is how it is written, `others` what it may be instead."""

    text: str
    term: str
    start: int
    end: int
    others: tuple[str, ...] = ()
    repaired: bool = False
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    texts: tuple[str, ...]
    keyed: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(fold(text) for text in self.texts)


def repair(words: Sequence[Word], vocabulary: Vocabulary, reserved: Collection[str]) -> list[Word]:
    """The words with unknown ones mended where something fits; `reserved` (abbreviations) stay."""
    plain = not any(has_marks(word.text) for word in words)
    mended: list[Word] = []
    position = looked_up = 0
    while position < len(words) and len(mended) < MAX_WORDS:
        word = words[position]
        following = words[position + 1] if position + 1 < len(words) else None
        position += 1
        if word.term in reserved or vocabulary.frequency(word.term):
            mended.append(word)
            continue
        if following and (joined := _join(word, following, vocabulary)):
            mended.append(joined)
            position += 1
            continue
        before = mended[-1].term if mended else ""
        if spelling.is_syllable(word.term) and not spelling.decode_keys(word.text):
            mended.append(word)
            continue
        looked_up += 1
        if looked_up > MAX_REPAIRS:
            mended.append(word)
            continue
        found = _mend(word, before, following.term if following else "", vocabulary)
        mended.extend(_without_marks(found) if plain else found)
    return mended[:MAX_WORDS]


def _without_marks(words: Sequence[Word]) -> list[Word]:
    """Who types no diacritics is answered without, but for what the keys themselves said."""
    return [
        replace(word, text=word.term) if word.repaired and not word.keyed else word
        for word in words
    ]


def _join(word: Word, following: Word, vocabulary: Vocabulary) -> Word | None:
    """`gi ấy` → `giấy`, if the halves are not words and the whole is."""
    whole = word.text + following.text
    if vocabulary.frequency(following.term) > vocabulary.frequency(fold(whole)):
        return None
    if not vocabulary.frequency(fold(whole)):
        return None
    return Word(whole, fold(whole), word.start, following.end, repaired=True)


def _mend(word: Word, before: str, after: str, vocabulary: Vocabulary) -> list[Word]:
    best = sorted(_candidates(word, before, after, vocabulary), key=lambda c: (-c.score, c.texts))
    if not best:
        return [word]
    others = [c.terms[0] for c in best[1 : _OTHERS + 1] if len(c.terms) == len(best[0].terms) == 1]
    return [
        Word(text, fold(text), word.start, word.end, tuple(others), True, best[0].keyed)
        for text in best[0].texts
    ]


def _candidates(
    word: Word, before: str, after: str, vocabulary: Vocabulary
) -> Iterator[_Candidate]:
    def weigh(likely: float, *texts: str) -> _Candidate:
        terms = [fold(text) for text in texts]
        chain = [before, *terms, after]
        context = sum(
            math.log1p(vocabulary.pair_frequency(a, b))
            for a, b in itertools.pairwise(chain)
            if a and b
        )
        common = min(math.log1p(vocabulary.frequency(term)) for term in terms)
        return _Candidate(likely * (common + 2 * context), texts)

    term = word.term
    keyed = spelling.decode_keys(word.text)
    if keyed and vocabulary.frequency(fold(keyed)):
        yield replace(weigh(_KEYS, keyed), keyed=True)
    if not term.isalpha() or not any(vowel in term for vowel in "aeiouy"):
        return
    for other, likely in vocabulary.similar(term):
        yield weigh(likely, _spell(other, word.text, vocabulary))
    for first, second in spelling.splits(term, lambda part: vocabulary.frequency(part) > 0):
        if vocabulary.pair_frequency(first, second):
            yield weigh(_GLUED, vocabulary.spelling(first), vocabulary.spelling(second))


def _spell(term: str, typed: str, vocabulary: Vocabulary) -> str:
    """The usual spelling of a repaired syllable, with the tone the writer typed where he did."""
    usual = vocabulary.spelling(term)
    if has_marks(typed) and not has_marks(usual):
        form = accented(typed)
        return spelling.spell(term + form[-1]) if form[-1].isdigit() else usual
    return usual
