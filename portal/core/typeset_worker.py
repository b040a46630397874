"""Run by `typeset.pdf`: an order as JSON on standard input, the file on standard output."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pikepdf
import typst


def main() -> None:
    """Make one file."""
    order = json.load(sys.stdin)
    file = b""
    for body in order["bodies"] or [0]:
        file = _made(order, body)
        if _sheets(file) == 1:
            break
    sys.stdout.buffer.write(file)


def _made(order: dict[str, Any], body: float) -> bytes:
    given = {"data": order["data"], "body": str(body)}
    # The embedded faces stand in where ours has no such letter.
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[order["fonts"]])
    common = {"root": order["root"], "font_paths": fonts, "sys_inputs": given}
    try:
        file = typst.compile(order["template"], pdf_standards="ua-1", **common)
    except typst.TypstError:
        # A letter that no face has is a fault to the standard; a sheet without it is better
        # than none.
        file = typst.compile(order["template"], **common)
    assert isinstance(file, bytes)
    return file


def _sheets(file: bytes) -> int:
    with pikepdf.open(io.BytesIO(file)) as document:
        return len(document.pages)


if __name__ == "__main__":
    main()
