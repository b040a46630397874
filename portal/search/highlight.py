"""Marking the words of a query in the text that people read, with its capitals and diacritics.

Gives segments, not markup: the template escapes the text and writes the `<mark>`.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, pairwise

from portal.search.analysis import Kind, Token, codes_and_numbers, is_stop_word
from portal.search.citations import number_refs
from portal.search.cutting import Place, places, spellings

Segments = list[tuple[str, bool]]
MAX_BRIDGE = 30
MAX_LOOKED_AT = 2_500
"""Characters of a long text in which the best place for an excerpt is looked for."""


def highlight(text: str, words: Collection[str]) -> Segments:
    """`text` in pieces (piece, marked). The pieces joined are the text itself.

    `words` are folded terms and phrases of them, as `SearchResults.words` holds them; of a phrase
    all words must stand side by side. Marked words with nothing but space or stop words between
    them become one piece.
    """
    segments: Segments = []
    position = 0
    for start, end in _runs(text, _meant(text, words)):
        if start > position:
            segments.append((text[position:start], False))
        segments.append((text[start:end], True))
        position = end
    if position < len(text):
        segments.append((text[position:], False))
    return segments


def excerpt(text: str, words: Collection[str], width: int = 240) -> Segments:
    """The part of a long text with the most of the words, highlighted, cut between words."""
    if len(text) <= width:
        return highlight(text, words)
    start = _best_start(_meant(text[:MAX_LOOKED_AT], words), width)
    start = _word_start(text, max(0, min(start - width // 6, len(text) - width)))
    piece = text[start : start + width]
    if start + width < len(text):
        piece = piece.rsplit(None, 1)[0] + " …"
    return highlight(f"… {piece}" if start else piece, words)


def _meant(text: str, words: Collection[str]) -> list[Place]:
    """Where the words stand; only texts that are asked for a number are looked at for numbers."""
    single = [word for word in words if " " not in word]
    phrases = [tuple(word.split()) for word in words if " " in word]
    wanted = spellings({*single, *chain.from_iterable(phrases)})
    found = places(text, wanted)
    if phrases:
        found = _whole(text, found, spellings(single), phrases)
    if all(map(str.isalpha, single)):
        return found
    refs = list(codes_and_numbers(text))
    within = {place for token in refs for place in range(token.start, token.end)}
    found = [place for place in found if place[0] not in within]
    found += [(token.start, token.end, token.term) for token in refs if _is_meant(token, words)]
    return sorted(found)


def _whole(
    text: str, found: Sequence[Place], single: Collection[str], phrases: Sequence[tuple[str, ...]]
) -> list[Place]:
    """Of the words that were found those that count alone, and those of a whole phrase."""
    begins: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        begins.setdefault(phrase[0], []).append(phrase)
    asked = {
        spelled: word for word in chain.from_iterable(phrases) for spelled in spellings([word])
    }
    terms = [asked.get(term, term) for _, _, term in found]
    joined = [text[a[1] : b[0]].isspace() for a, b in pairwise(found)]
    kept = [term in single for _, _, term in found]
    for i, term in enumerate(terms):
        for phrase in begins.get(term, ()):
            end = i + len(phrase)
            if tuple(terms[i:end]) == phrase and all(joined[i : end - 1]):
                kept[i:end] = [True] * len(phrase)
    return [place for place, keep in zip(found, kept, strict=True) if keep]


def _best_start(found: Sequence[Place], width: int) -> int:
    """Where the first stretch begins that holds the most different words."""
    within: Counter[str] = Counter()
    best, most, first = 0, 0, 0
    for position, _, term in found:
        within[term] += 1
        while position - found[first][0] >= width:
            dropped = found[first][2]
            within[dropped] -= 1
            if not within[dropped]:
                del within[dropped]
            first += 1
        if len(within) > most:
            best, most = found[first][0], len(within)
    return best


def _word_start(text: str, position: int) -> int:
    while 0 < position < len(text) and not text[position - 1].isspace():
        position -= 1
    return position


def _is_meant(token: Token, words: Collection[str]) -> bool:
    if token.term in words:
        return True
    return token.kind is Kind.NUMBER and any(ref in words for ref in number_refs(token.term))


def _runs(text: str, found: Sequence[Place]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for start, end, _ in found:
        if runs and _bridged(text[runs[-1][1] : start]):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _bridged(between: str) -> bool:
    """Whether there is nothing but space and stop words between two marked words."""
    if len(between) > MAX_BRIDGE or not (between[:1].isspace() and between[-1:].isspace()):
        return False
    return all(map(is_stop_word, between.split()))
