"""Draw the portal's emblem, favicon and touch icon from one description.

The emblem is the portal's own mark (a star over an open book), not a national
emblem. SVG files need nothing but this script; the PNG files are drawn with
Pillow, oversampled:
    python frontend/scripts/build_emblem.py
"""

from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

OUT = Path(__file__).resolve().parents[2] / "static/img"
RED, GOLD, PAPER = "#a8201a", "#f2c94c", "#fffaf0"
Point = tuple[float, float]


def star(cx: float, cy: float, radius: float) -> list[Point]:
    """Return the ten corners of a five-pointed star standing on two points."""
    inner = radius * 0.402
    return [
        (cx + (radius, inner)[i % 2] * sin(i * pi / 5), cy - (radius, inner)[i % 2] * cos(i * pi / 5))
        for i in range(10)
    ]


def curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    """Return points along a cubic Bezier curve."""
    steps = [i / 24 for i in range(25)]
    return [
        tuple(  # type: ignore[misc]
            (1 - t) ** 3 * a[k] + 3 * (1 - t) ** 2 * t * b[k] + 3 * (1 - t) * t**2 * c[k] + t**3 * d[k]
            for k in (0, 1)
        )
        for t in steps
    ]


# Each mark fits a 64 x 64 square: ring or none, size of the star, the left page.
FULL = {"ring": True, "star": (32, 21.5, 10.5), "x": (13.2, 30.9), "top": (33.6, 37.4), "depth": 12.6}
SMALL = {"ring": False, "star": (32, 21, 13.5), "x": (8.5, 30.6), "top": (33.6, 38.4), "depth": 14}


def page(mark: dict, side: int) -> list[Point]:
    """Return the outline of the left (-1) or right (1) page of the book."""
    outer, spine = mark["x"]
    high, low = mark["top"]
    depth = mark["depth"]
    third = (spine - outer) / 3
    upper = curve((outer, high), (outer + third, high - 1.6), (spine - third, high - 0.4), (spine, low))
    lower = [(x, y + depth) for x, y in reversed(upper)]
    return [(x if side < 0 else 64 - x, y) for x, y in upper + lower]


def path(mark: dict, side: int) -> str:
    """Return the same page as SVG path data with true curves."""
    outer, spine = mark["x"]
    high, low = mark["top"]
    depth = mark["depth"]
    third = (spine - outer) / 3

    def at(x: float, y: float) -> str:
        return f"{x if side < 0 else 64 - x:.4g} {y:.4g}"

    return (
        f"M{at(outer, high)}C{at(outer + third, high - 1.6)} {at(spine - third, high - 0.4)} {at(spine, low)}"
        f"V{low + depth:.4g}C{at(spine - third, high - 0.4 + depth)} {at(outer + third, high - 1.6 + depth)} "
        f"{at(outer, high + depth)}Z"
    )


def svg(mark: dict) -> str:
    """Return the mark as an SVG document of one line a shape."""
    points = " ".join(f"{x:.4g},{y:.4g}" for x, y in star(*mark["star"]))
    ring = f'<circle cx="32" cy="32" r="28.6" fill="none" stroke="{GOLD}" stroke-width="1.4"/>\n' if mark["ring"] else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">\n'
        f'<circle cx="32" cy="32" r="32" fill="{RED}"/>\n{ring}'
        f'<polygon points="{points}" fill="{GOLD}"/>\n'
        f'<path d="{path(mark, -1)}{path(mark, 1)}" fill="{PAPER}"/>\n</svg>\n'
    )


def png(mark: dict, size: int, square: bool) -> Image.Image:
    """Return the mark as a picture; a square one is filled to its corners."""
    scale = size * 8 / 64
    image = Image.new("RGBA", (size * 8, size * 8), RED if square else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse([0, 0, 64 * scale - 1, 64 * scale - 1], fill=RED)
    for shape, colour in ((star(*mark["star"]), GOLD), (page(mark, -1), PAPER), (page(mark, 1), PAPER)):
        draw.polygon([(x * scale, y * scale) for x, y in shape], fill=colour)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all four files."""
    (OUT / "emblem.svg").write_text(svg(FULL))
    (OUT / "favicon.svg").write_text(svg(SMALL))
    png(SMALL, 32, square=False).save(OUT / "favicon.png", optimize=True)
    png(SMALL, 180, square=True).convert("RGB").save(OUT / "apple-touch-icon.png", optimize=True)


if __name__ == "__main__":
    main()
