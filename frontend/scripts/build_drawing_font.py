"""Make the static TrueType faces that the server draws pictures with.

Web fonts come as separate latin and vietnamese subsets, which Pillow cannot
combine. This joins the two per weight and renames the result, because the
licence reserves the name "Source" for the unmodified font.

Run in a virtual environment with fonttools and brotli:
    python frontend/scripts/build_drawing_font.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "frontend/node_modules/@fontsource/source-sans-3/files"
OUT = ROOT / "static/fonts"
FAMILY = "Cong CCHC Sans"
NAME_COPYRIGHT, NAME_LICENSE, NAME_LICENSE_URL = 0, 13, 14


def merged(weight: int) -> TTFont:
    """Return the latin and vietnamese subsets of one weight as one font."""
    with TemporaryDirectory() as folder:
        parts = []
        for subset in ("latin", "vietnamese"):
            font = TTFont(FILES / f"source-sans-3-{subset}-{weight}-normal.woff2")
            font.flavor = None
            part = Path(folder) / f"{subset}.ttf"
            font.save(part)
            parts.append(str(part))
        return Merger(Options(drop_tables=["GSUB", "GDEF", "DSIG", "STAT"])).merge(parts)


def rename(font: TTFont, style: str) -> None:
    """Give the font our own name and keep its copyright and licence."""
    names = font["name"]
    kept = {i: names.getDebugName(i) for i in (NAME_COPYRIGHT, NAME_LICENSE, NAME_LICENSE_URL)}
    names.names = []
    texts = {1: f"{FAMILY} {style}".removesuffix(" Regular"), 2: "Regular", 4: f"{FAMILY} {style}",
             6: f"{FAMILY} {style}".replace(" ", ""), 16: FAMILY, 17: style, **kept}
    for name_id, text in texts.items():
        if text:
            names.setName(text, name_id, 3, 1, 0x409)


def main() -> None:
    """Write one file per weight."""
    for weight, style in ((400, "Regular"), (600, "SemiBold")):
        font = merged(weight)
        rename(font, style)
        target = OUT / f"cong-cchc-sans-{style.lower()}.ttf"
        font.save(target)
        print(target.name, target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
