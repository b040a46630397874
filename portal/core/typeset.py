"""PDF files from templates of Typst: tagged for screen readers (PDF/UA-1), our own letters inside.

    typeset.pdf("procedures/posting/list.typ", {"title": …})

Typst comes as one wheel that needs nothing of the machine. It works in a process of its own, one
at a time: its memory goes with it, and a document that never ends is cut off.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

from portal.core.settings import ROOT

TEMPLATES = ROOT / "templates"
FONTS = ROOT / "static" / "fonts"
LONGEST_SECONDS = 60
_one_at_a_time = threading.BoundedSemaphore(1)


class TypesettingFailed(Exception):
    """No file came out: a fault of the template, of memory, or too much to do."""


def pdf(template: str, data: dict[str, Any], bodies: tuple[float, ...] = ()) -> bytes:
    """The file that `template` (below `templates/`) makes of `data`, read there as plain JSON:
    no text in it is ever taken for markup.

    `bodies` are sizes of type in points, largest first: the first that keeps the document on one
    sheet is taken, else the last. Raises `TypesettingFailed`.
    """
    order = {
        "root": str(TEMPLATES), "template": str(TEMPLATES / template), "fonts": str(FONTS),
        "data": json.dumps(data, ensure_ascii=False, default=str), "bodies": bodies,
    }  # fmt: skip
    with _one_at_a_time:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "portal.core.typeset_worker"],
                cwd=ROOT,
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=LONGEST_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", b"") or b""
            raise TypesettingFailed(told.decode(errors="replace")[-2000:]) from error
    return done.stdout
