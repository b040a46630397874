"""Draw the picture that stands in where none can be drawn: the emblem on paper, for any agency.

Run in the portal's virtual environment:
    python frontend/scripts/build_share_picture.py
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from portal.core.web.sharing import HEIGHT, WIDTH  # noqa: E402
from portal.site.share_image import GOLD, PAPER, emblem  # noqa: E402

RED, SIZE = "#a8201a", 260


def main() -> None:
    """Write the picture."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    mark = emblem(SIZE, RED)
    canvas.paste(mark, ((WIDTH - SIZE) // 2, (HEIGHT - SIZE) // 2 - 30), mark)
    ImageDraw.Draw(canvas).rectangle((0, 540, WIDTH, 543), fill=GOLD)
    target = ROOT / "static/img/share.png"
    canvas.quantize(48, dither=Image.Dither.NONE).save(target, optimize=True)
    print(target.name, target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
