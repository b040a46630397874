"""Marking the words of a query in the text that people read, with its capitals and diacritics.

Gives segments, not markup: the template escapes the text and writes the `<mark>`.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from portal.search.analysis import Kind, Token, is_stop_word, scan, word_places
from portal.search.citations import number_refs

Segments = list[tuple[str, bool]]
MAX_LOOKED_AT = 4_000
"""Characters of a long text in which the best place for an excerpt is looked for."""
_SHORT = 300


def highlight(text: str, words: Collection[str]) -> Segments:
    """`text` in pieces (piece, marked). The pieces joined are the text itself.

    `words` are folded terms, as `SearchResults.words` holds them. Marked words with nothing but
    space or stop words between them become one piece.
    """
    segments: Segments = []
    position = 0
    for start, end in _runs(text, words):
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
    start = _best_start(_places(text[:MAX_LOOKED_AT], words), width)
    start = _word_start(text, max(0, min(start - width // 6, len(text) - width)))
    piece = text[start : start + width]
    if start + width < len(text):
        piece = piece.rsplit(None, 1)[0] + " …"
    return highlight(f"… {piece}" if start else piece, words)


def _places(text: str, words: Collection[str]) -> list[tuple[int, str]]:
    """Where the words stand; only texts that are asked for a number are looked at for numbers."""
    if all(map(str.isalpha, words)):
        return [(start, term) for start, term in word_places(text) if term in words]
    return [(token.start, token.term) for token in scan(text) if _is_meant(token, words)]


def _best_start(places: Sequence[tuple[int, str]], width: int) -> int:
    """Where the first stretch begins that holds the most different words."""
    within: Counter[str] = Counter()
    best, found, first = 0, 0, 0
    for position, term in places:
        within[term] += 1
        while position - places[first][0] >= width:
            dropped = places[first][1]
            within[dropped] -= 1
            if not within[dropped]:
                del within[dropped]
            first += 1
        if len(within) > found:
            best, found = places[first][0], len(within)
    return best


def _word_start(text: str, position: int) -> int:
    while 0 < position < len(text) and not text[position - 1].isspace():
        position -= 1
    return position


def _is_meant(token: Token, words: Collection[str]) -> bool:
    if token.term in words:
        return True
    return token.kind is Kind.NUMBER and any(ref in words for ref in number_refs(token.term))


@lru_cache(4096)
def _tokens(text: str) -> tuple[Token, ...]:
    """Names come again and again on pages of results."""
    return tuple(scan(text))


def _runs(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    bridge: int | None = None
    for token in _tokens(text) if len(text) <= _SHORT else scan(text):
        if _is_meant(token, words):
            if runs and bridge is not None and text[bridge : token.start].isspace():
                runs[-1] = (runs[-1][0], token.end)
            else:
                runs.append((token.start, token.end))
            bridge = token.end
        elif bridge is not None and not (
            is_stop_word(token.text) and text[bridge : token.start].isspace()
        ):
            bridge = None
        elif bridge is not None:
            bridge = token.end
    return runs
