"""The faces of printed text: which glyph a letter has and how wide it is (TrueType, format 4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cache

from portal.core.settings import ROOT

FONTS = ROOT / "static" / "fonts"
# Signs that the faces lack, in letters that they have.
_SPELLED = {
    "≥": ">=", "≤": "<=", "→": "->", "←": "<-", "•": "·", "\t": " ", "\u2011": "-", "\u200b": "",
    "\u00ad": "", "\ufeff": "", "☐": "[ ]", "−": "-",
}  # fmt: skip
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Face:
    """One face. Widths, ascent and descent are in thousandths of the size."""

    name: str
    data: bytes
    glyphs: dict[str, int]
    widths: tuple[int, ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    _known: dict[str, float] = field(default_factory=dict)

    def spell(self, text: str) -> str:
        """The text in letters that this face has."""
        if all(char in self.glyphs for char in text):
            return text
        return "".join(
            char if char in self.glyphs else _SPELLED.get(char, _UNKNOWN) for char in text
        )

    def width(self, text: str, size: float) -> float:
        """How wide a spelled text is at `size`, in points."""
        total = self._known.get(text)
        if total is None:
            total = float(sum(self.widths[self.glyphs[char]] for char in text))
            if len(text) < 20 and len(self._known) < 20_000:  # words come again, lines do not
                self._known[text] = total
        return total * size / 1000

    def codes(self, text: str) -> bytes:
        """A spelled text as the string of a PDF: two bytes a glyph, in hex."""
        return b"<" + b"".join(b"%04X" % self.glyphs[char] for char in text) + b">"


@cache
def face(weight: str) -> Face:
    """`regular` or `semibold`. Raises `OSError` when the file is missing."""
    data = (FONTS / f"cong-cchc-sans-{weight}.ttf").read_bytes()
    tables = _tables(data)
    head, hhea = tables["head"], tables["hhea"]
    scale = 1000 / struct.unpack_from(">H", data, head + 18)[0]
    left, bottom, right, top = struct.unpack_from(">4h", data, head + 36)
    ascent, descent = struct.unpack_from(">2h", data, hhea + 4)
    count = struct.unpack_from(">H", data, tables["maxp"] + 4)[0]
    measured = struct.unpack_from(">H", data, hhea + 34)[0]
    advances = [
        round(struct.unpack_from(">H", data, tables["hmtx"] + 4 * i)[0] * scale)
        for i in range(measured)
    ]
    return Face(
        name=f"CongCCHCSans-{weight.capitalize()}",
        data=data,
        glyphs=_glyphs(data, tables["cmap"]),
        widths=(*advances, *(advances[-1:] * (count - measured))),
        box=(round(left * scale), round(bottom * scale), round(right * scale), round(top * scale)),
        ascent=round(ascent * scale),
        descent=round(descent * scale),
    )


def _tables(data: bytes) -> dict[str, int]:
    count = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
    return {tag.decode("ascii"): offset for tag, _sum, offset, _length in records}


def _glyphs(data: bytes, cmap: int) -> dict[str, int]:
    """Letter → glyph, from the subtable of Unicode's basic plane."""
    start = cmap + _basic_plane(data, cmap)
    count = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends, begins, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, start + place)
        for place in (14, 16 + 2 * count, 16 + 4 * count, 16 + 6 * count)
    )
    found: dict[str, int] = {}
    for i, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        for code in range(begin, min(end, 0xFFFE) + 1):
            glyph = code
            if offsets[i]:
                place = start + 16 + 6 * count + 2 * i + offsets[i] + 2 * (code - begin)
                glyph = struct.unpack_from(">H", data, place)[0]
            if glyph or not offsets[i]:
                glyph = (glyph + deltas[i]) % 0x10000
            if glyph:
                found[chr(code)] = glyph
    return found


def _basic_plane(data: bytes, cmap: int) -> int:
    for i in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, _encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * i)
        if platform in (0, 3) and struct.unpack_from(">H", data, cmap + offset)[0] == 4:
            return int(offset)
    raise ValueError("the font has no table of Unicode's basic plane")
