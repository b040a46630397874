"""How much of a PDF is text that a screen reader can say. Used by `pdf_probe`, in its process.

Words: full, some (pages without text among others), none (a scan, letters as drawings), old
(letters in a font of before Unicode, such as .VnTime: they are read out as nonsense).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pikepdf

MOST_PAGES, MOST_SECONDS, MOST_DEPTH = 40, 8.0, 4
ENOUGH = 20  # characters that make a page one with text
DRAWN = 50  # painted paths that make a page without text one that says something
_OLD_FONTS = (".vn", "vni-", "vntime", "vnarial")
_SHOWN = frozenset(["Tj", "TJ", "'", '"'])
_PAINTED = frozenset(["f", "F", "f*", "S", "s", "B", "B*", "b", "b*"])


@dataclass(slots=True)
class Seen:
    """What one page shows: characters by how they can be read, pictures, painted paths."""

    clear: int = 0
    old: int = 0
    lost: int = 0
    pictures: int = 0
    paths: int = 0

    @property
    def says_something(self) -> bool:
        return bool(self.clear or self.old or self.lost or self.pictures or self.paths >= DRAWN)


def judge(pdf: pikepdf.Pdf) -> str:
    """The word for a document, from up to 40 of its pages."""
    pages = [seen for seen in _sample(pdf) if seen.says_something]
    clear = sum(seen.clear >= ENOUGH for seen in pages)
    old = sum(seen.old >= max(ENOUGH, seen.clear) for seen in pages)
    if old * 2 > len(pages):
        return "old"
    if not pages or clear * 2 < len(pages):
        return "none"
    return "full" if clear * 10 >= len(pages) * 9 else "some"


def _sample(pdf: pikepdf.Pdf) -> list[Seen]:
    count = len(pdf.pages)
    step = max(1, -(-count // MOST_PAGES))
    until = time.monotonic() + MOST_SECONDS
    found = []
    for number in range(0, count, step):
        if time.monotonic() > until:
            break
        seen = Seen()
        page = pdf.pages[number].obj
        _read(page, _inherited(page, "/Resources"), seen, 0)
        found.append(seen)
    return found


def _inherited(page: Any, name: str) -> Any:
    """What a page has, or one of the nodes above it."""
    for _ in range(20):
        if page is None or page.get(name) is not None:
            break
        page = page.get("/Parent")
    return None if page is None else page.get(name)


def _read(stream: Any, resources: Any, seen: Seen, depth: int) -> None:
    """Add what a page or a form shows. What cannot be parsed shows nothing."""
    try:
        operations = pikepdf.parse_content_stream(stream)
    except Exception:  # a page without a stream, a broken one
        return
    kind, width = "clear", 1
    for operation in operations:
        if isinstance(operation, pikepdf.ContentStreamInlineImage):
            seen.pictures += 1
            continue
        operands, operator = operation.operands, str(operation.operator)
        if operator in _SHOWN:
            setattr(seen, kind, getattr(seen, kind) + _length(operands) // width)
        elif operator == "Tf" and operands:
            kind, width = _font(_of(resources, "/Font", str(operands[0])))
        elif operator == "Do" and operands:
            _draw(_of(resources, "/XObject", str(operands[0])), resources, seen, depth)
        elif operator in _PAINTED:
            seen.paths += 1


def _draw(thing: Any, resources: Any, seen: Seen, depth: int) -> None:
    kind = str(thing.get("/Subtype")) if thing is not None else ""
    if kind == "/Image":
        seen.pictures += 1
    elif kind == "/Form" and depth < MOST_DEPTH:
        _read(thing, thing.get("/Resources", resources), seen, depth + 1)


def _of(resources: Any, group: str, name: str) -> Any:
    things = resources.get(group) if resources is not None else None
    return things.get(name) if isinstance(things, pikepdf.Dictionary) else None


def _font(font: Any) -> tuple[str, int]:
    """How letters in a font can be read, and how many bytes each has."""
    if font is None:
        return "clear", 1
    name = str(font.get("/BaseFont", "")).lstrip("/").rpartition("+")[2].lower()
    kind = str(font.get("/Subtype"))
    width = 2 if kind == "/Type0" else 1
    if name.startswith(_OLD_FONTS):
        return "old", width
    blind = kind == "/Type3" or (
        kind == "/Type0" and str(font.get("/Encoding")) in ("/Identity-H", "/Identity-V")
    )
    return ("lost" if blind and font.get("/ToUnicode") is None else "clear"), width


def _length(operands: Any) -> int:
    """Bytes of the strings of a text operator, spaces left out."""
    count = 0
    for operand in operands:
        if isinstance(operand, pikepdf.Array):
            count += _length(operand)
        elif isinstance(operand, pikepdf.String):
            count += len(bytes(operand).replace(b" ", b""))
    return count
