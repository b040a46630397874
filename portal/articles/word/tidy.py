"""The text of a Word file made ready for mammoth, so that not a word is lost on the way.

mammoth knows no automatic numbers, equations, legacy fonts or wrappers such as `w:fldSimple`, and
reads headings by a few English names. Here each becomes what mammoth does know; what an article
cannot hold is counted in `facts`.
"""

from __future__ import annotations

import copy
from collections import Counter
from xml.etree.ElementTree import Element, SubElement

from portal.articles.word import legacy
from portal.articles.word.looks import Looks
from portal.articles.word.numbers import Marker, Numbers
from portal.articles.word.ooxml import (
    at,
    is_on,
    own,
    q,
    replace,
    text_of,
    text_run,
    value,
    with_parents,
)

NUMBER = ("\ue010", "\ue011")  # around the number of a list item, for `structure`
MOST_HEADING = 300  # letters: a longer "heading" is a paragraph that somebody styled so
_WRAPPERS = {
    q(f"w:{name}") for name in ("fldSimple", "dir", "bdo", "ins", "moveTo", "smartTag", "customXml")
}
_DROPPED = {q(f"w:{name}") for name in ("del", "moveFrom")}
_SWAPPED = {q("w:cr"): q("w:br"), q("w:ptab"): q("w:tab")}
_STYLES = {
    "plain": "PortalPlain", "title": "PortalTitle",
    "caption": "PortalCaption", "quote": "PortalQuote",
    **{f"heading{level}": f"PortalHeading{level}" for level in range(1, 7)},
}  # fmt: skip
_ALIGNED = {"center": "PortalCenter", "right": "PortalRight", "end": "PortalRight"}

Facts = Counter[str]


def tidy(root: Element, looks: Looks, numbers: Numbers, facts: Facts) -> None:
    """Rewrite one part of a Word file (its text, its notes) in place."""
    count(root, facts)
    _unwrap(root, facts)
    _drop_contents(root, looks, facts)
    for paragraph in list(root.iter(q("w:p"))):
        _letters(paragraph, looks, facts)
        _drop_hidden(paragraph, facts)
        _shape(paragraph, looks, numbers, facts)


def count(root: Element, facts: Facts) -> None:
    """Count what an article cannot hold."""
    for element in root.iter():
        tag = element.tag
        if tag in (q("w:ins"), q("w:moveTo")) and text_of(element).strip():
            facts["inserted"] += 1
        elif tag == q("w:delText") and (element.text or "").strip():
            facts["deleted"] += 1
        elif tag == q("w:rPr"):
            _count_look(element, facts)
        elif tag == q("w:altChunk"):
            facts["embedded"] += 1
        elif tag == q("w:commentReference"):
            facts["comments"] += 1
        elif tag == q("dgm:relIds"):
            facts["diagrams"] += 1
        elif tag == q("c:chart"):
            facts["charts"] += 1


def _count_look(look: Element, facts: Facts) -> None:
    facts["colours"] += (value(look, "w:color") or "auto") not in ("auto", "000000")
    facts["colours"] += is_on(look, "w:highlight")
    facts["fonts"] += at(look, "w:rFonts") is not None or at(look, "w:sz") is not None
    facts["struck"] += is_on(look, "w:strike") or is_on(look, "w:dstrike")


def _unwrap(root: Element, facts: Facts) -> None:
    """Wrappers make place for what they hold; what was deleted or moved away goes."""
    _choose_alternatives(root)
    facts["text_boxes"] += sum(1 for _ in root.iter(q("w:txbxContent")))
    for parent, child in reversed(list(with_parents(root))):
        if child.tag in _DROPPED and parent.tag not in (q("w:rPr"), q("w:trPr")):
            replace(parent, child, [])
        elif child.tag in _WRAPPERS and parent.tag not in (q("w:rPr"), q("w:trPr")):
            replace(parent, child, list(child))
        elif child.tag == q("w:ruby"):
            base = at(child, "w:rubyBase")
            replace(parent, child, [] if base is None else list(base.iter(q("w:t"))))
        elif child.tag in (q("m:oMath"), q("m:oMathPara")):
            facts["equations"] += child.tag == q("m:oMath")
            replace(parent, child, _math(child))
        elif child.tag in _SWAPPED:
            child.tag = _SWAPPED[child.tag]
        elif child.tag == q("w:drawing") and any(True for _ in child.iter(q("w:txbxContent"))):
            replace(parent, child, [_text_boxes(child)])


def _choose_alternatives(root: Element) -> None:
    """The fallback of an alternative, which mammoth reads; where there is none, the choice."""
    for parent, child in with_parents(root):
        if child.tag == q("mc:AlternateContent"):
            chosen = child.find(q("mc:Fallback"))
            chosen = child.find(q("mc:Choice")) if chosen is None else chosen
            replace(parent, child, [] if chosen is None else list(chosen))


def _text_boxes(drawing: Element) -> Element:
    """The words of a drawing's boxes, as the older drawing that mammoth reads."""
    picture = Element(q("w:pict"))
    picture.extend(drawing.iter(q("w:txbxContent")))
    return picture


def _math(formula: Element) -> list[Element]:
    """A formula in one line: its letters, in order. Already made runs stay."""
    runs = [child for child in formula if child.tag == q("w:r")]
    if runs:
        return runs
    text = "".join(node.text or "" for node in formula.iter(q("m:t")))
    return [text_run(text)] if text else []


def _drop_contents(root: Element, looks: Looks, facts: Facts) -> None:
    """Word's table of contents repeats headings with page numbers; the page makes its own."""
    for parent, child in with_parents(root):
        if child.tag == q("w:p") and looks.role(child) == "contents":
            facts["contents"] += 1
            replace(parent, child, [])


def _drop_hidden(paragraph: Element, facts: Facts) -> None:
    for parent, child in with_parents(paragraph):
        if child.tag == q("w:r") and is_on(child, "w:rPr/w:vanish"):
            facts["hidden"] += bool(text_of(child).strip())
            replace(parent, child, [])


def _letters(paragraph: Element, looks: Looks, facts: Facts) -> None:
    """Text of legacy fonts in Unicode. A VNI letter may be cut in two by the end of a run."""
    last: Element | None = None
    for run in own(paragraph, q("w:r")):
        encoding = legacy.encoding_of(looks.font(paragraph, run))
        if not encoding:
            last = None
            continue
        for soft in list(run.findall(q("w:softHyphen"))):
            if encoding == legacy.TCVN3:
                soft.tag, soft.text = q("w:t"), "\u00ad"
        for node in run.findall(q("w:t")):
            _join(last, node, encoding)
            last = node
    for run in own(paragraph, q("w:r")):
        font = looks.font(paragraph, run)
        if encoding := legacy.encoding_of(font):
            for node in run.findall(q("w:t")):
                before, node.text = (
                    node.text or "",
                    legacy.to_unicode(node.text or "", encoding, font),
                )
                facts[encoding] += before != node.text


def _join(last: Element | None, node: Element, encoding: str) -> None:
    before, text = (last.text or "") if last is not None else "", node.text or ""
    if encoding != legacy.VNI or last is None:
        return
    if before[-1:] in legacy.VNI_BASES and text[:1] in legacy.VNI_MARKS:
        last.text, node.text = before + text[0], text[1:]


def _shape(paragraph: Element, looks: Looks, numbers: Numbers, facts: Facts) -> None:
    """Name what the paragraph is, and write the number that Word shows before it."""
    words = ""
    for node in own(paragraph, q("w:t")):
        node.text = (node.text or "").replace(NUMBER[0], "").replace(NUMBER[1], "")
        words += node.text
    role, written = looks.role(paragraph), bool(words.strip())
    marker = numbers.next(looks.numbering(paragraph)) if written else None
    if role.startswith("heading") and not written:
        facts["empty_headings"] += 1
    if role.startswith(("heading", "title")) and len(words) > MOST_HEADING:
        role = "plain"
    if marker is not None:
        _write_marker(paragraph, marker, heading=role not in ("", "plain"), facts=facts)
    listed = marker is not None and (marker.bullet or marker.number is not None) and not role
    style = _STYLES.get(role) or (
        "" if listed else _ALIGNED.get(value(paragraph, "w:pPr/w:jc") or "")
    )
    if style:
        _set(paragraph, "w:pStyle", style)


def _write_marker(paragraph: Element, marker: Marker, *, heading: bool, facts: Facts) -> None:
    if marker.bullet and not heading:
        return
    first = next((run for run in own(paragraph, q("w:r")) if text_of(run)), None)
    if marker.number is not None and not heading:
        run = text_run(f"{NUMBER[0]}{marker.number}{NUMBER[1]}")
    else:
        _end_numbering(paragraph)
        if marker.bullet or not marker.text:
            return
        facts["numbers"] += 1
        run = text_run(marker.text + " ", copy.deepcopy(first) if first is not None else None)
    paragraph.insert(1 if paragraph.find(q("w:pPr")) is not None else 0, run)


def _end_numbering(paragraph: Element) -> None:
    """Number 0 is none; said on the paragraph it also overrules its style."""
    properties = _properties(paragraph)
    if (old := properties.find(q("w:numPr"))) is not None:
        properties.remove(old)
    numbering = SubElement(properties, q("w:numPr"))
    for name in ("w:ilvl", "w:numId"):
        SubElement(numbering, q(name)).set(q("w:val"), "0")


def _set(paragraph: Element, name: str, text: str) -> None:
    properties = _properties(paragraph)
    child = properties.find(q(name))
    if child is None:
        child = SubElement(properties, q(name))
    child.set(q("w:val"), text)


def _properties(paragraph: Element) -> Element:
    properties = paragraph.find(q("w:pPr"))
    if properties is None:
        properties = Element(q("w:pPr"))
        paragraph.insert(0, properties)
    return properties
