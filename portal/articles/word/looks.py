"""What the styles of a Word file mean: titles, headings, captions, quotes; which font a run has.

Names of styles are those of Word in English or Vietnamese; a style of one's own is judged by
what it is based on and by its outline level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from portal.articles.word.ooxml import at, q, value

_TITLE = {"title", "tiêu đề", "tiêu đề chính", "tên bài", "đầu đề"}
_CAPTION = {"caption", "chú thích", "chú thích ảnh", "chú thích hình", "figure", "illustration"}
_QUOTE = {"quote", "intense quote", "trích dẫn", "quotations", "block text"}
_HEADING = re.compile(r"(?:heading|đầu đề|tiêu đề|đề mục)\s*([1-9])")
_CONTENTS = re.compile(r"(?:toc|mục lục)\s*\d|contents \d")
_DEEPEST = 6


class Looks:
    """The styles of one file."""

    def __init__(self, styles: Element | None) -> None:
        found = [] if styles is None else styles.findall(q("w:style"))
        self._styles = {style.get(q("w:styleId")) or "": style for style in found}
        self._plain = next(
            (
                style.get(q("w:styleId")) or ""
                for style in found
                if style.get(q("w:type")) == "paragraph"
                and style.get(q("w:default")) in ("1", "true")
            ),
            "",
        )
        self._defaults = at(styles, "w:docDefaults/w:rPrDefault")

    def role(self, paragraph: Element) -> str:
        """`title`, `heading1`..`heading6`, `caption`, `quote`, `contents`, or nothing."""
        for style in self._chain(value(paragraph, "w:pPr/w:pStyle")):
            if role := _role_by_name(_name(style)) or _by_level(value(style, "w:pPr/w:outlineLvl")):
                return role
        return _by_level(value(paragraph, "w:pPr/w:outlineLvl"))

    def numbering(self, paragraph: Element) -> Element | None:
        """The numbering of a paragraph, its own or that of its style."""
        if (own := at(paragraph, "w:pPr/w:numPr")) is not None:
            return own
        for style in self._chain(value(paragraph, "w:pPr/w:pStyle")):
            if (found := at(style, "w:pPr/w:numPr")) is not None:
                return found
        return None

    def font(self, paragraph: Element, run: Element) -> str:
        """The name of the font in which a run is shown."""
        holders = [run, *self._chain(value(run, "w:rPr/w:rStyle"))]
        holders += self._chain(value(paragraph, "w:pPr/w:pStyle") or self._plain)
        if self._defaults is not None:
            holders.append(self._defaults)
        for holder in holders:
            fonts = at(holder, "w:rPr/w:rFonts")
            name = fonts is not None and (fonts.get(q("w:ascii")) or fonts.get(q("w:hAnsi")))
            if name:
                return name
        return ""

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        seen: set[str] = set()
        while style_id and style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = value(style, "w:basedOn")


def _name(style: Element) -> str:
    return " ".join((value(style, "w:name") or "").lower().split())


def _role_by_name(name: str) -> str:
    if name in _TITLE:
        return "title"
    if found := _HEADING.fullmatch(name):
        return f"heading{min(int(found[1]), _DEEPEST)}"
    if name in _CAPTION:
        return "caption"
    if name in _QUOTE:
        return "quote"
    return "contents" if _CONTENTS.fullmatch(name) else ""


def _by_level(level: str | None) -> str:
    """An outline level counts from 0; 9 is plain text."""
    if level is None or not level.isdecimal() or int(level) > 8:
        return ""
    return f"heading{min(int(level) + 1, _DEEPEST)}"
