"""Questions in the body of an article: a heading that asks, answered by what stands below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

_HEADINGS = frozenset(["h2", "h3", "h4"])
_BLOCKS = frozenset(["p", "li", "ul", "ol", "tr", "table", "blockquote", "figure"])


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer as plain text."""

    question: str
    answer: str


def questions_of(body: str) -> Sequence[Answered]:
    """What a sanitised body asks and answers, in order. An answer ends at the next heading."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    pairs = [Answered(_line(heading), _lines(text)) for heading, text in reader.parts]
    return [pair for pair in pairs if pair.question.endswith("?") and pair.answer]


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(line for line in map(_line, text.split("\n")) if line)


class _Reader(HTMLParser):
    """(heading, text below) in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, str]] = []
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS:
            self.parts.append(("", ""))
            self._in_heading = True
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._in_heading = False
        elif tag in _BLOCKS:
            self.handle_data("\n")

    def handle_data(self, data: str) -> None:
        if self.parts:
            heading, text = self.parts[-1]
            self.parts[-1] = (heading + data, text) if self._in_heading else (heading, text + data)
