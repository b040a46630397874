"""Looks into a PDF and prints one word. Run as a program of its own: a hostile file then costs
this process at most its own memory and seconds.

Words: ok, active (runs, launches or embeds something), locked (needs a password), complex, broken.
After ok stand the number of pages and the word of `pdf_text` for what can be read. With a second
path, a sound document that tells of its author or program is written there without that.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf

MEMORY, SECONDS, MOST_OBJECTS = 1 << 30, 15, 200_000
ACTIVE_KEYS = frozenset(
    ["/JS", "/JavaScript", "/AA", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent"]
)
TELLING_KEYS = frozenset(["/Metadata", "/PieceInfo"])
ACTIVE_ACTIONS = frozenset(["/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition"])
ACTIVE_TYPES = frozenset(
    ["/EmbeddedFile", "/RichMedia", "/Movie", "/Sound", "/3D", "/FileAttachment"]
)


def judge(path: str, cleaned: str = "") -> str:
    """The word for the file at `path`; without what tells of people it goes to `cleaned`."""
    try:
        with pikepdf.open(path) as pdf:
            if len(pdf.objects) > MOST_OBJECTS:
                return "complex"
            things = [pdf.trailer, *pdf.objects]
            if any(map(is_active, things)):
                return "active"
            word = f"ok {len(pdf.pages)} {text_layer(pdf)}"
            if cleaned:
                strip(pdf, cleaned)
            return word
    except pikepdf.PasswordError:
        return "locked"
    except MemoryError:
        return "complex"
    except Exception:  # qpdf has many ways to say so
        return "broken"


def strip(pdf: pikepdf.Pdf, cleaned: str) -> None:
    """Write the document without author, program, dates and private data, where it has such."""
    holders = [thing for thing in pdf.objects if _tells(thing)]
    if "/Info" not in pdf.trailer and not holders:
        return
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for thing in holders:
        for key in TELLING_KEYS & set(thing.keys()):
            del thing[key]
    pdf.save(cleaned)


def _tells(thing: object) -> bool:
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    return bool(TELLING_KEYS & set(thing.keys()))


def text_layer(pdf: pikepdf.Pdf) -> str:
    """The word of the module beside this one: a program of its own knows no package."""
    path = Path(__file__).with_name("pdf_text.py")
    spec = importlib.util.spec_from_file_location("pdf_text", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    try:
        return str(module.judge(pdf))
    except Exception:  # text that nobody can get at
        return "none"


def is_active(thing: object) -> bool:
    """Whether an object, with what it holds directly, runs, launches or embeds something."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            if ACTIVE_KEYS & set(part.keys()) or _names(part) & (ACTIVE_ACTIONS | ACTIVE_TYPES):
                return True
            waiting += _direct(part.get(key) for key in part.keys())  # noqa: SIM118
        elif isinstance(part, pikepdf.Array):
            waiting += _direct(iter(part))
    return False


def _names(part: pikepdf.Dictionary | pikepdf.Stream) -> set[str]:
    found = (part.get(key) for key in ("/S", "/Type", "/Subtype"))
    return {str(name) for name in found if isinstance(name, pikepdf.Name)}


def _direct(parts: Iterator[object]) -> list[object]:
    """Indirect objects are judged on their own, in the list of all objects."""
    return [p for p in parts if not (isinstance(p, pikepdf.Object) and p.is_indirect)]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    print(judge(*sys.argv[1:3]))
