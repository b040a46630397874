"""Passages of a text: what a remark quotes, where a quotation stands now, the text cut there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from portal.core.text import nfc

QUOTE_LIMIT = 500
_BLOCKS = frozenset(
    ["p", "h2", "h3", "h4", "li", "td", "th", "figcaption", "caption", "pre", "dt", "dd", "summary"]
)
_VOID = frozenset(["br", "hr", "img", "col", "wbr", "source"])


@dataclass(slots=True)
class Piece:
    """A block of the page's markup that nothing stands around, and the passages within it."""

    markup: str
    passages: list[str] = field(default_factory=list)


def pieces_of(markup: str) -> list[Piece]:
    """Sanitised (and perhaps dressed) markup, cut between its outermost blocks."""
    cutter = _Cutter(markup)
    cutter.feed(markup)
    cutter.close()
    return cutter.finish()


def passages_of(body: str) -> list[str]:
    """The words of each paragraph, heading, item and cell, in order."""
    return [passage for piece in pieces_of(body) for passage in piece.passages]


def locate(quote: str, position: int, passages: Sequence[str]) -> int | None:
    """The number of the passage that holds `quote`, the one nearest to `position` when it occurs
    more than once; None when the words have changed."""
    wanted = flat(quote)
    found = [number for number, passage in enumerate(passages) if wanted in passage]
    return min(found, key=lambda number: abs(number - position)) if found and wanted else None


def flat(text: str) -> str:
    """Words with single spaces between them, so that breaks of lines do not count."""
    return " ".join(nfc(text).split())


class _Cutter(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._starts = _line_starts(source)
        self._source, self._from, self._depth = source, 0, 0
        self._words: list[list[str]] = []
        self._found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data(" ")
        if tag in _VOID:
            return
        if self._depth == 0:
            self._cut(self._here())
        self._depth += 1
        if tag in _BLOCKS:
            self._end_words()
            self._words.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        self._depth = max(0, self._depth - 1)
        if tag in _BLOCKS and self._words:
            self._end_words()
            self._words.pop()
        if self._depth == 0:
            self._cut(self._here() + len(tag) + 3)

    def handle_data(self, data: str) -> None:
        if not self._words:
            self._words.append([])
        self._words[-1].append(data)

    def finish(self) -> list[Piece]:
        self._end_words()
        self._cut(len(self._source))
        return self.pieces

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def _end_words(self) -> None:
        """What was said so far in the open block is a passage: a nested one begins or it ends."""
        if self._words and (words := flat("".join(self._words[-1]))):
            self._found.append(words)
        if self._words:
            self._words[-1] = []

    def _cut(self, end: int) -> None:
        if self._depth == 0 and len(self._words) == 1:
            self._end_words()
            self._words.clear()
        if self._source[self._from : end].strip():
            self.pieces.append(Piece(self._source[self._from : end], self._found))
            self._found = []
        self._from = end


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for number, character in enumerate(source):
        if character == "\n":
            starts.append(number + 1)
    return starts


def shortened(passages: Iterable[str], limit: int = 90) -> list[tuple[str, str]]:
    """(what is quoted, what a list shows) for each passage, as far as a quotation may be long."""
    found: dict[str, str] = {}
    for number, passage in enumerate(passages, 1):
        words = passage[:QUOTE_LIMIT].rstrip()
        shown = words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"
        found.setdefault(words, f"{number}. {shown}")
    return list(found.items())
