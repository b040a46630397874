"""Text cut into lines that are not too wide."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.pdf.faces import Face
from portal.core.pdf.parts import Style


def wrap(text: str, style: Style, width: float) -> list[str]:
    """The text in spelled lines of at most `width`; a word that is longer is cut."""
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _wrap_one(style.face.spell(part), style, width)
    return lines


def _wrap_one(text: str, style: Style, width: float) -> list[str]:
    letters, size = style.face, style.size
    blank = letters.width(" ", size)
    lines: list[str] = []
    line, used = "", 0.0
    for word in _words(text, style, width):
        needs = letters.width(word, size)
        if line and used + blank + needs <= width:
            line, used = f"{line} {word}", used + blank + needs
            continue
        if line:
            lines.append(line)
        line = word
        while letters.width(line, size) > width and len(line) > 1:
            cut = _fitting(line, letters, size, width)
            lines.append(line[:cut])
            line = line[cut:]
        used = letters.width(line, size)
    return [*lines, line]


def _words(text: str, style: Style, width: float) -> Iterable[str]:
    """Words that lines break between; what is bound together too long for a line is untied."""
    for word in text.split(" "):
        if "\u00a0" in word and style.face.width(word, style.size) > width:
            yield from word.split("\u00a0")
        else:
            yield word


def _fitting(word: str, letters: Face, size: float, width: float) -> int:
    used = 0.0
    for i, char in enumerate(word):
        used += letters.width(char, size)
        if used > width:
            return max(i, 1)
    return len(word)
