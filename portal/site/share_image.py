"""The picture of a page for who passes it on: drawn here, with Pillow, in the portal's identity.

Pure: a card and a look go in, PNG bytes come out. Everything is measured in pixels of the
finished picture; the emblem is drawn larger and reduced, since Pillow does not smooth edges.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from portal.core.settings import ROOT
from portal.core.text import clean_line
from portal.core.web.sharing import HEIGHT, WIDTH

FONTS = ROOT / "static" / "fonts"
MARGIN = 72
MAX_LINES = 4
PAPER, INK, SOFT, GOLD = "#fbfaf7", "#1a1f24", "#4a545e", "#c9971c"
STAR, PAGES = "#f2c94c", "#fffaf0"
_EMBLEM = 92
_TITLE_TOP, _TITLE_BOTTOM = 268, 544
_TITLE_SIZES = (88, 76, 68, 60, 54, 48)
_LEADING = 1.2  # two marks above a letter and one below still stand apart
_MAX_TITLE = 600
_SHADES = 14  # between two colours, for smooth edges
_COLOURS_OF_LOGO = 160
_SPELLED = {"≥": ">=", "≤": "<=", "→": "-"}  # signs that the faces lack
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Look:
    """What is the same on all pictures of a portal. `logo` is a file of pixels, or None for the
    emblem; a mark that cannot be drawn is left out."""

    agency: str
    portal: str
    host: str
    brand: str
    red: str
    logo: Path | None = None
    has_emblem: bool = True


def draw(label: str, title: str, look: Look) -> bytes:
    """The picture as PNG. Raises `OSError` when fonts or logo cannot be read."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(canvas)
    _head(canvas, pen, look)
    _label(pen, label, look)
    _title(pen, title)
    _foot(pen, look)
    out = io.BytesIO()
    _few_colours(canvas, look).save(out, "PNG", optimize=True)
    return out.getvalue()


def fit(text: str, width: int, height: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest face in which `text` fits, and its lines, about equally long. A text too long
    for the smallest ends with an ellipsis."""
    words = text.split(" ")
    for size in _TITLE_SIZES:
        font = face(size, bold=True)
        lines = wrap(words, font, width)
        if len(lines) <= MAX_LINES and len(lines) * size * _LEADING <= height:
            return font, _balanced(words, font, width, len(lines))
    return font, _shortened(lines[:MAX_LINES], font, width)


def wrap(words: Sequence[str], font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines of at most `width`; only a word that is longer itself is cut."""
    lines: list[str] = []
    line = ""
    for word in words:
        for piece in _pieces(word, font, width):
            joined = f"{line} {piece}" if line else piece
            if line and font.getlength(joined) > width:
                lines.append(line)
                line = piece
            else:
                line = joined
    return [*lines, line] if line else lines


@lru_cache(maxsize=16)
def face(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """One of the two faces made for drawing (Vietnamese and Latin letters, static)."""
    name = "semibold" if bold else "regular"
    return ImageFont.truetype(FONTS / f"cong-cchc-sans-{name}.ttf", size)


def drawable(text: str) -> str:
    """`text` without what the faces have no glyph for: no empty boxes on a picture."""
    spelled = "".join(_SPELLED.get(char, char) for char in clean_line(text))
    return " ".join("".join(char for char in spelled if _has_glyph(char)).split())


def _few_colours(canvas: Image.Image, look: Look) -> Image.Image:
    """The picture with a palette: a third of the bytes. Ours is made of the colours that are
    used and what lies between them, so none is replaced by a neighbour."""
    if look.logo:
        return canvas.quantize(_COLOURS_OF_LOGO, dither=Image.Dither.NONE)
    pairs = [(PAPER, INK), (PAPER, SOFT), (PAPER, look.brand), (PAPER, look.red),
             (look.red, STAR), (look.red, PAGES), (PAPER, GOLD)]  # fmt: skip
    colours = [shade for pair in pairs for shade in _between(*pair)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in dict.fromkeys(colours) for part in colour])
    return canvas.quantize(palette=palette, dither=Image.Dither.NONE)


def _between(first: str, last: str) -> list[tuple[int, int, int]]:
    start, end = ImageColor.getrgb(first)[:3], ImageColor.getrgb(last)[:3]
    return [
        (mixed[0], mixed[1], mixed[2])
        for step in range(_SHADES)
        for mixed in [
            [round(a + (b - a) * step / (_SHADES - 1)) for a, b in zip(start, end, strict=True)]
        ]
    ]


def _head(canvas: Image.Image, pen: ImageDraw.ImageDraw, look: Look) -> None:
    left = MARGIN
    mark = _mark(look)
    if mark:
        canvas.paste(mark, (left, 48 + (_EMBLEM - mark.height) // 2), mark)
        left += mark.width + 26
    room = WIDTH - MARGIN - left
    _line(pen, (left, 54), look.agency, face(37, bold=True), INK, room)
    _line(pen, (left, 100), look.portal, face(30), SOFT, room)
    pen.rectangle((0, 172, WIDTH, 175), fill=GOLD)


def _label(pen: ImageDraw.ImageDraw, label: str, look: Look) -> None:
    _line(pen, (MARGIN, 206), label, face(31, bold=True), look.brand)


def _title(pen: ImageDraw.ImageDraw, title: str) -> None:
    text = drawable(title[:_MAX_TITLE])
    if not text:
        return
    font, lines = fit(text, WIDTH - 2 * MARGIN, _TITLE_BOTTOM - _TITLE_TOP)
    step = font.size * _LEADING
    for number, line in enumerate(lines):
        pen.text((MARGIN, _TITLE_TOP + number * step), line, INK, font, anchor="la")


def _foot(pen: ImageDraw.ImageDraw, look: Look) -> None:
    _line(pen, (MARGIN, 566), look.host, face(28), SOFT)
    pen.rectangle((0, HEIGHT - 12, WIDTH, HEIGHT), fill=look.brand)


def _line(  # noqa: PLR0913, PLR0917 - where, what and how
    pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, font: ImageFont.FreeTypeFont,
    colour: str, room: int = WIDTH - 2 * MARGIN,
) -> None:  # fmt: skip
    text = drawable(text)
    if font.getlength(text) > room:
        text = _shortened([text], font, room)[0]
    pen.text(at, text, colour, font, anchor="la")


def _balanced(
    words: Sequence[str], font: ImageFont.FreeTypeFont, width: int, count: int
) -> list[str]:
    """The same number of lines, none much longer than another: the narrowest width that does."""
    low, high = width // 2, width
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (low, middle) if len(wrap(words, font, middle)) <= count else (middle, high)
    return wrap(words, font, high)


def _shortened(lines: list[str], font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    last = lines[-1]
    while last and font.getlength(last + _ELLIPSIS) > width:
        last = last.rpartition(" ")[0] or last[:-1]
    return [*lines[:-1], last.rstrip(" ,;:.-–(") + _ELLIPSIS]


def _pieces(word: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    if font.getlength(word) <= width:
        return [word]
    pieces = [""]
    for char in word:
        if font.getlength(pieces[-1] + char) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


@lru_cache(maxsize=2000)
def _has_glyph(char: str) -> bool:
    if char.isspace():
        return True
    font = face(40)
    return bytes(font.getmask(char)) != bytes(font.getmask("\ue000"))


def _mark(look: Look) -> Image.Image | None:
    if look.logo:
        with Image.open(look.logo) as picture:
            picture.thumbnail((3 * _EMBLEM, _EMBLEM))
            return picture.convert("RGBA")
    return emblem(_EMBLEM, look.red) if look.has_emblem else None


def emblem(size: int, red: str) -> Image.Image:
    """The emblem of static/img/emblem.svg: a red disc, a gold ring and star, an open book."""
    scale = 6 * size / 64
    picture = Image.new("RGBA", (6 * size, 6 * size))
    pen = ImageDraw.Draw(picture)

    def disc(radius: float, **how: object) -> None:
        box = [(32 - radius) * scale, (32 - radius) * scale] + 2 * [(32 + radius) * scale]
        pen.ellipse(box, **how)  # type: ignore[arg-type]

    disc(32, fill=red)
    disc(29.3, outline=STAR, width=round(1.4 * scale))
    pen.polygon([(x * scale, y * scale) for x, y in _star(32, 21.9, 10.9)], fill=STAR)
    for mirrored in (False, True):
        page = _page(mirrored=mirrored)
        pen.polygon([(x * scale, y * scale) for x, y in page], fill=PAGES)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for number in range(10):
        reach = radius if number % 2 == 0 else radius * 0.382
        angle = math.pi * number / 5
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points


def _page(*, mirrored: bool) -> list[tuple[float, float]]:
    """One page of the book: its upper edge, then its lower one back."""
    upper = _curve((13.2, 33.6), (19.1, 32), (25, 33.2), (30.9, 37.4))
    lower = _curve((30.9, 50), (25, 45.8), (19.1, 44.6), (13.2, 46.2))
    return [(64 - x, y) if mirrored else (x, y) for x, y in (*upper, *lower)]


def _curve(*points: tuple[float, float]) -> list[tuple[float, float]]:
    """A cubic Bézier curve as a line of short steps."""
    found = []
    for step in range(21):
        t = step / 20
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        pairs = list(zip(weights, points, strict=True))
        found.append((sum(w * p[0] for w, p in pairs), sum(w * p[1] for w, p in pairs)))
    return found
