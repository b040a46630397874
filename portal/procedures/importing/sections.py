"""Section titles inside tables: what a decision does to the rows below, their field, their tier."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from portal.core.text import clean_line, fold
from portal.procedures.terms import ChangeKind, Level

_LONGEST = 300
_CHANGES = (
    (re.compile(r"\bbai bo\b"), ChangeKind.ABOLISHED),
    (re.compile(r"\bthay the\b"), ChangeKind.REPLACED),
    (re.compile(r"\bsua doi\b|\bbo sung\b"), ChangeKind.AMENDED),
    (re.compile(r"\bban hanh moi\b|\bmoi ban hanh\b|\bcong bo moi\b"), ChangeKind.NEW),
)
_TIERS = (("cap tinh", Level.PROVINCE), ("cap xa", Level.COMMUNE), ("cap bo", Level.MINISTRY),
          ("trung uong", Level.MINISTRY))  # fmt: skip
_MARKED = re.compile(r"(?:[IVXLC]+|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})?)[.)\-:]\s*(?=\D)")
_FIELD_WORD = re.compile(r"^(?:nhóm\s+)?lĩnh vực(?: của)?\s*:?\s*", re.IGNORECASE)
_TAIL = re.compile(r"\s*\(\s*\d+\s*(?:thủ tục|tthc)?[^)]*\)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """What the titles above a row say."""

    change: ChangeKind | None = None
    field: str = ""
    levels: tuple[Level, ...] = ()

    def after(self, text: str) -> Group:
        """The group below a title; the same object when the text is no title of a section."""
        return group_of(text, self)


def group_of(text: str, above: Group) -> Group:
    """What holds below a line that stands alone in its table."""
    line = clean_line(text)
    if not line or len(line) > _LONGEST:
        return above
    plain = fold(line)
    changes = [kind for pattern, kind in _CHANGES if pattern.search(plain)]
    levels = tuple(level for words, level in _TIERS if words in plain)
    of_procedures = "thu tuc" in plain or "tthc" in plain
    if len(changes) == 1 and (of_procedures or len(line) < 60):
        return Group(changes[0], "", levels or above.levels)
    if changes:
        return above if of_procedures else replace(above, change=None)
    if of_procedures and levels:
        return replace(above, levels=levels, field="")
    if name := _field(line):
        return replace(above, field=name)
    return above


def _field(line: str) -> str:
    """The field that a title names ("II. LĨNH VỰC DƯỢC PHẨM (12 TTHC)")."""
    bare = _MARKED.sub("", line, count=1)
    named = _FIELD_WORD.match(bare)
    if bare == line and not named:
        return ""
    name = _TAIL.sub("", _FIELD_WORD.sub("", bare)).strip(" .:;-")
    if not name or len(name) > 200 or not re.search(r"[^\W\d_]{2}", name):
        return ""
    return name.capitalize() if name.isupper() else name
