"""What a printer would get: the pages of a PDF, their words and the paper they want."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass

import pikepdf
from playwright.sync_api import Page

A4, A3 = (595, 842), (842, 1191)
_LINE = re.compile(r"<([0-9A-Fa-f]+)>")


@dataclass(frozen=True)
class Paper:
    """One printed document. `pages`: the words of each, without blanks, because a word may be cut
    where the font changes; `sizes`: in points; `colours`: those of ink that are no grey."""

    pages: list[str]
    sizes: list[tuple[int, int]]
    colours: set[tuple[float, ...]]

    def says(self, words: str) -> bool:
        """Whether the words stand on one of the pages."""
        return any(squeezed(words) in page for page in self.pages)


def squeezed(words: str) -> str:
    """The words without blanks."""
    return "".join(unicodedata.normalize("NFC", words).split())


def print_page(page: Page) -> Paper:
    """Print what the browser shows as a person would, on the paper that the style sheet wants."""
    return read(page.pdf(prefer_css_page_size=True, format="A4"))


def read(file: bytes) -> Paper:
    """The pages of a PDF file."""
    with pikepdf.open(io.BytesIO(file)) as document:
        boxes = [sheet.mediabox for sheet in document.pages]
        return Paper(
            pages=[_words(sheet) for sheet in document.pages],
            sizes=[(round(float(box[2])), round(float(box[3]))) for box in boxes],
            colours=set().union(*(_colours(sheet) for sheet in document.pages)),
        )


def _colours(sheet: pikepdf.Page) -> set[tuple[float, ...]]:
    found = set()
    for operands, operator in pikepdf.parse_content_stream(sheet):
        if str(operator) in ("rg", "RG"):
            inks = tuple(round(float(part), 2) for part in operands)
            if max(inks) - min(inks) > 0.02:
                found.add(inks)
    return found


def _words(sheet: pikepdf.Page) -> str:
    fonts = {name: _font(font) for name, font in sheet.Resources.get("/Font", {}).items()}
    font = _Font(1, {})
    pieces: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(sheet):
        match str(operator):
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj":
                pieces.append(font.read(bytes(operands[0])))
            case "TJ":
                parts = [one for one in operands[0] if isinstance(one, pikepdf.String)]
                pieces.append("".join(font.read(bytes(one)) for one in parts))
    return squeezed("".join(pieces))


@dataclass(frozen=True)
class _Font:
    """How many bytes a code takes, and the letter of each code."""

    width: int
    letters: dict[int, str]

    def read(self, string: bytes) -> str:
        cuts = range(0, len(string), self.width)
        codes = (int.from_bytes(string[i : i + self.width]) for i in cuts)
        return "".join(self.letters.get(code, "") for code in codes)


def _font(font: pikepdf.Object) -> _Font:
    return _Font(2 if font.Subtype == "/Type0" else 1, _letters(font))


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """The ToUnicode table of a font."""
    found: dict[int, str] = {}
    if "/ToUnicode" not in font:
        return found
    table = font.ToUnicode.read_bytes().decode("latin-1")
    for kind, block in re.findall(r"begin(bfchar|bfrange)(.*?)endbf", table, re.DOTALL):
        for line in block.strip().splitlines():
            codes = _LINE.findall(line)
            if kind == "bfchar" and len(codes) == 2:
                found[int(codes[0], 16)] = _spelled(codes[1])
            elif kind == "bfrange" and len(codes) == 3:
                first, last, start = (int(code, 16) for code in codes)
                found |= {code: chr(start + code - first) for code in range(first, last + 1)}
            elif kind == "bfrange":
                first = int(codes[0], 16)
                found |= {first + i: _spelled(code) for i, code in enumerate(codes[2:])}
    return found


def _spelled(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")
