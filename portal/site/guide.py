"""The guide beside each screen of the desk: one chapter for each section of `docs/editing.md`.

A line `<!-- screens: /bai-viet/* -->` under a heading says for which screens of the desk the
section is written; `*` stands for anything. One text serves readers of the repository and
people at the desk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from markupsafe import Markup

from portal.accounts.access import DESK
from portal.core import markdown
from portal.core.html import as_markup
from portal.core.settings import ROOT
from portal.core.text import fold, slugify

SOURCE = ROOT / "docs" / "editing.md"
HOME = f"{DESK}/tro-giup/"
_SCREENS = re.compile(r"^<!-- screens: (.*?) -->\n", re.MULTILINE)
_PICTURE = re.compile(r"\]\(\.\./static/")
_LOWER = re.compile(r"^###(?=#* )", re.MULTILINE)
_FILE_LINK = re.compile(r"\[([^\]]*)\]\((?!/|https?:)[^)]*\.md[^)]*\)")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section; `screens` are patterns of addresses of the desk."""

    slug: str
    title: str
    screens: tuple[str, ...]
    source: str

    @property
    def address(self) -> str:
        """Where it is read."""
        return f"{HOME}{self.slug}"

    @property
    def body(self) -> Markup:
        """Its text as HTML."""
        text = _PICTURE.sub("](/static/", _FILE_LINK.sub(r"\1", self.source))
        text = _LOWER.sub("##", text)  # the chapter's name is the page's h1
        return as_markup(markdown.render(text))


@cache
def chapters(source: Path = SOURCE) -> tuple[Chapter, ...]:
    """The guide, in the order of its file; read once a process."""
    _, *sections = re.split(r"^## ", source.read_text("utf-8"), flags=re.MULTILINE)
    return tuple(map(_chapter, sections))


def find(slug: str) -> Chapter | None:
    """The chapter with that name in addresses."""
    return next((chapter for chapter in chapters() if chapter.slug == slug), None)


def address_for(path: str) -> str:
    """The chapter about the screen at `path`: that of the longest pattern; else the guide's first
    page."""
    fitting = [
        (len(pattern), chapter)
        for chapter in chapters()
        for pattern in chapter.screens
        if fnmatchcase(path, pattern)
    ]
    return max(fitting, key=lambda one: one[0])[1].address if fitting else HOME


def holding(words: str) -> list[Chapter]:
    """Chapters that hold all of `words`, with or without diacritics."""
    wanted = fold(words).split()
    return [
        chapter
        for chapter in chapters()
        if all(word in fold(f"{chapter.title} {chapter.source}") for word in wanted)
    ]


def _chapter(section: str) -> Chapter:
    title, _, text = section.partition("\n")
    named = _SCREENS.search(text)
    screens = tuple(f"{DESK}{part}" for part in named[1].split()) if named else ()
    return Chapter(slugify(title), title.strip(), screens, _SCREENS.sub("", text).strip())
