"""Names and small steps in the XML of a Word file. Parsing refuses document types and entities."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from defusedxml.ElementTree import fromstring

MOST_XML = 16_000_000  # bytes of one part
_SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dc": "http://purl.org/dc/elements/1.1/",
}
# "Strict" files say the same in other namespaces.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _SPACES["w"].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _SPACES["m"].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", _SPACES["a"].encode()),
)


class TooLarge(Exception):
    """A part of the file has more text than an article ever needs."""


def q(name: str) -> str:
    """`w:p` as ElementTree spells it."""
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The root of a part; None when the file has no such part."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > MOST_XML:
        raise TooLarge(name)
    data = archive.read(info)
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    root: Element = fromstring(data, forbid_dtd=True)
    return root


def value(element: Element | None, path: str) -> str | None:
    """`w:val` of the child at `path` (names joined by /); None when there is no such child."""
    child = at(element, path)
    return None if child is None else child.get(q("w:val"))


def at(element: Element | None, path: str) -> Element | None:
    """The child at `path`, as `w:pPr/w:pStyle`."""
    for name in path.split("/"):
        if element is None:
            return None
        element = element.find(q(name))
    return element


def is_on(element: Element | None, path: str) -> bool:
    """Whether a switch such as `w:rPr/w:vanish` is there and not switched off."""
    child = at(element, path)
    return child is not None and child.get(q("w:val")) not in ("0", "false", "off", "none")


def text_of(element: Element) -> str:
    """The letters that stand in the text of an element."""
    return "".join(node.text or "" for node in element.iter(q("w:t")))


def own(paragraph: Element, tag: str) -> Iterator[Element]:
    """Elements of a paragraph in order, without those of text boxes that hang on it."""
    for child in list(paragraph):
        if child.tag == tag:
            yield child
        if child.tag != q("w:txbxContent"):
            yield from own(child, tag)


def words_of(paragraph: Element) -> str:
    """The letters of a paragraph, with spaces where it has tabs and line breaks."""
    parts = []
    for child in paragraph:
        if child.tag == q("w:t"):
            parts.append(child.text or "")
        elif child.tag in (q("w:tab"), q("w:br")):
            parts.append(" ")
        elif child.tag not in (q("w:pPr"), q("w:txbxContent")):
            parts.append(words_of(child))
    return "".join(parts)


def text_run(text: str, like: Element | None = None) -> Element:
    """A new run with `text`, in the format of another run."""
    run = Element(q("w:r"))
    if like is not None and (look := like.find(q("w:rPr"))) is not None:
        run.append(look)
    SubElement(run, q("w:t")).text = text
    return run


def with_parents(root: Element) -> Iterator[tuple[Element, Element]]:
    """Every element below `root` with its parent, as they stood at the beginning."""
    return iter([(parent, child) for parent in root.iter() for child in parent])


def replace(parent: Element, child: Element, others: list[Element]) -> None:
    """Put `others` in the place of `child`."""
    position = list(parent).index(child)
    parent[position : position + 1] = others
