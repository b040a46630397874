"""Reads a Word file and answers its text as JSON. Run as a program of its own: a hostile file then
costs this process at most its own memory and seconds.

    python -m portal.articles.word.worker FILE FOLDER

Pictures are written into FOLDER as `0`, `1`...; the answer names them by these numbers.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, tostring

import mammoth

from portal.articles.word.looks import Looks
from portal.articles.word.numbers import Numbers
from portal.articles.word.ooxml import TooLarge, part, q, text_of, words_of
from portal.articles.word.tidy import Facts, tidy

MEMORY, SECONDS = 1 << 30, 20
MOST_PICTURES, MOST_PICTURE_BYTES = 60, 20_000_000
PICTURE = "word-picture:"
_MAIN = ".wordprocessingml.document.main+xml"
_NEEDED = ("[content_types].xml", "_rels/", "word/_rels/", "word/media/", "word/styles.xml",
           "word/numbering.xml")  # fmt: skip
_STYLE_MAP = "\n".join(
    [
        "p.PortalTitle => h1.title:fresh",
        *(f"p.PortalHeading{level} => h{level}:fresh" for level in range(1, 7)),
        "p.PortalCaption => p.caption:fresh",
        "p.PortalQuote => blockquote > p:fresh",
        "p.PortalCenter => p.align-center:fresh",
        "p.PortalRight => p.align-right:fresh",
        "u => u",
        "strike =>",
    ]
)


def read(path: str, folder: Path) -> dict[str, Any]:
    """The text of the file as markup, its pictures, and what was met on the way."""
    facts: Facts = Counter()
    with zipfile.ZipFile(path) as archive:
        texts = _tidied(archive, facts)
        title = _title(archive)
        facts["margins"] = _margins(archive)
        plain = _rebuilt(archive, texts)
    pictures: list[dict[str, Any]] = []
    done = mammoth.convert_to_html(
        plain, style_map=_STYLE_MAP, include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(_keeper(folder, pictures)),
    )  # fmt: skip
    words = [words_of(p) for root in texts.values() for p in root.iter(q("w:p"))]
    return {
        "markup": done.value, "title": title, "pictures": pictures,
        "facts": {name: count for name, count in facts.items() if count}, "text": "\n".join(words),
    }  # fmt: skip


def _tidied(archive: zipfile.ZipFile, facts: Facts) -> dict[str, Element]:
    looks = Looks(part(archive, "word/styles.xml"))
    numbers = Numbers(part(archive, "word/numbering.xml"))
    texts: dict[str, Element] = {}
    for name in (_main_name(archive), "word/footnotes.xml", "word/endnotes.xml"):
        if (root := part(archive, name)) is not None:
            tidy(root, looks, numbers, facts)
            texts[name] = root
    return texts


def _main_name(archive: zipfile.ZipFile) -> str:
    """The part with the text: not every program calls it `word/document.xml`."""
    types = part(archive, "[Content_Types].xml")
    for override in () if types is None else types:
        if (override.get("ContentType") or "").endswith(_MAIN):
            return (override.get("PartName") or "").lstrip("/")
    return "word/document.xml"


def _title(archive: zipfile.ZipFile) -> str:
    root = part(archive, "docProps/core.xml")
    return "" if root is None else (root.findtext(q("dc:title")) or "").strip()


def _margins(archive: zipfile.ZipFile) -> int:
    """How many heads and feet of pages have words."""
    names = [n for n in archive.namelist() if n.startswith(("word/header", "word/footer"))]
    roots = [part(archive, name) for name in names[:20]]
    return sum(root is not None and bool(text_of(root).strip()) for root in roots)


def _rebuilt(archive: zipfile.ZipFile, texts: dict[str, Element]) -> io.BytesIO:
    """The same file with its tidied texts and nothing that mammoth does not need."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
        for info in archive.infolist():
            if info.filename in texts:
                copy.writestr(info.filename, tostring(texts[info.filename], encoding="utf-8"))
            elif info.filename.lower().startswith(_NEEDED):
                copy.writestr(info.filename, archive.read(info))
    out.seek(0)
    return out


def _keeper(folder: Path, pictures: list[dict[str, Any]]) -> Callable[[Any], dict[str, str]]:
    def keep(image: Any) -> dict[str, str]:
        number = len(pictures)
        row = {"alt": " ".join((image.alt_text or "").split()), "type": image.content_type or ""}
        try:
            with image.open() as stream:
                data = stream.read(MOST_PICTURE_BYTES + 1)
        except Exception:  # a link to a picture elsewhere, or to nothing
            data = b""
            row["lost"] = "elsewhere"
        if number >= MOST_PICTURES or len(data) > MOST_PICTURE_BYTES:
            data, row["lost"] = b"", "many" if number >= MOST_PICTURES else "large"
        if data:
            (folder / str(number)).write_bytes(data)
        pictures.append(row)
        return {"src": f"{PICTURE}{number}"}

    return keep


def main(path: str, folder: str) -> None:
    """Answer on standard output: the text, or the one word `large`, `broken`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer = read(path, Path(folder))
    except (TooLarge, MemoryError, RecursionError):
        answer = {"refused": "large"}
    except Exception as error:  # broken files fail in a hundred ways
        answer = {"refused": "broken", "why": type(error).__name__}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
