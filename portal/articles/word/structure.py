"""From mammoth's markup to the plain structure of an article: title, headings from h2 on, lists
with true numbers, tables with header cells, pictures as figures, notes where they are called."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from portal.articles.word.tables import mend_tables
from portal.articles.word.tidy import NUMBER
from portal.articles.word.tree import BLOCKS, Node, parse
from portal.core.html import safe_address

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LOWEST = 4
_SPACES = re.compile("[\u00a0 \t]+")
_UNSEEN = re.compile("[\u200b\ufeff\u00ad]")
_NUMBER = re.compile(f"{NUMBER[0]}(\\d+){NUMBER[1]}")
_NOTE = re.compile(r"(?:foot|end)note-ref-(.+)")
_INLINE = frozenset(["strong", "em", "u", "sub", "sup", "a", "s"])


@dataclass(frozen=True, slots=True)
class Shaped:
    """`body` still names pictures as the reader of the file did; `facts` say what was changed."""

    title: str
    title_from: str
    body: str
    facts: Counter[str]


def shape(markup: str) -> Shaped:
    """The article that mammoth's markup holds. Not yet sanitised."""
    root, facts = parse(markup), Counter[str]()
    _place_notes(root, facts)
    _mend_links(root, facts)
    _mend_lists(root)
    mend_tables(root, facts)
    _plain_spaces(root)
    _place_pictures(root, facts)
    _mend_headings(root, facts)
    _drop_empty(root)
    title, source = _take_title(root)
    _shift_headings(root, facts)
    _count_bold_lines(root, facts)
    blocks = [child for child in root.children if isinstance(child, Node)]
    return Shaped(title, source, "\n".join(node.markup() for node in blocks), facts)


def _place_notes(root: Node, facts: Counter[str]) -> None:
    """The text of each note goes where the note is called."""
    lists = [node for node in root.nodes() if node.tag == "ol" and _holds_notes(node)]
    notes = {item.attrs["id"]: item for node in lists for item in node.nodes()}
    for node in lists:
        root.replace(node, [])

    def place(node: Node) -> list[Node | str]:
        if node.tag == "sup" and len(node.children) == 1 and _is_note(node.children[0]):
            return node.children
        called = node.tag == "a" and _NOTE.fullmatch(node.attrs.get("id", ""))
        note = notes.get(node.attrs.get("href", "").removeprefix("#")) if called else None
        if note is None:
            return [node]
        facts["notes"] += 1
        return [Node("small", {"class": "note"}, _note_words(note))]

    root.rewrite(place)


def _is_note(child: Node | str) -> bool:
    return isinstance(child, Node) and child.tag == "small"


def _holds_notes(node: Node) -> bool:
    items = node.nodes()
    return bool(items) and all(re.match(r"(foot|end)note-", n.attrs.get("id", "")) for n in items)


def _note_words(note: Node) -> list[Node | str]:
    """The words of a note in one line, without the arrow back."""
    words: list[Node | str] = []
    for block in note.children:
        inner = block.children if isinstance(block, Node) and block.tag in BLOCKS else [block]
        kept = [
            c for c in inner if not (isinstance(c, Node) and "-ref-" in c.attrs.get("href", ""))
        ]
        if words and kept:
            words.append(" ")
        words += kept
    flat = Node("small", {}, words)
    flat.rewrite(lambda node: [*node.children, " "] if node.tag in BLOCKS else [node])
    _trim(flat)
    return flat.children


def _mend_links(root: Node, facts: Counter[str]) -> None:
    """Links inside the Word file and unsafe addresses become text."""

    def mend(node: Node) -> list[Node | str]:
        if node.tag == "input":
            return ["☑" if "checked" in node.attrs else "☐"]
        if node.tag != "a":
            return [node]
        href = node.attrs.get("href", "")
        if href and not href.startswith("#") and safe_address(href):
            node.attrs = {"href": href}
            return [node]
        facts["links"] += bool(href) and not href.startswith("#")
        return node.children

    root.rewrite(mend)


def _mend_lists(root: Node) -> None:
    """Every list begins with the number that Word shows, and ends where the numbers jump."""
    root.rewrite(lambda node: _split(node) if node.tag == "ol" else [node])


def _split(listing: Node) -> list[Node | str]:
    parts: list[Node] = []
    expected = None
    for item in listing.nodes():
        number = _taken_number(item) or expected or 1
        if expected is None or number != expected:
            parts.append(Node("ol", {} if number == 1 else {"start": str(number)}))
        parts[-1].children.append(item)
        expected = number + 1
    return list(parts)


def _taken_number(item: Node) -> int | None:
    """The number that `tidy` wrote at the beginning of an item; it is taken out."""
    holder = item
    while holder.children and isinstance(holder.children[0], Node):
        holder = holder.children[0]
    if not holder.children or not isinstance(holder.children[0], str):
        return None
    found = _NUMBER.match(holder.children[0])
    if found is None:
        return None
    holder.children[0] = holder.children[0][found.end() :].lstrip()
    return int(found[1])


def _plain_spaces(root: Node) -> None:
    for node in [root, *root.walk()]:
        node.children = [
            _NUMBER.sub("", _SPACES.sub(" ", _UNSEEN.sub("", child)))
            if isinstance(child, str)
            else child
            for child in node.children
        ]


def _place_pictures(root: Node, facts: Counter[str]) -> None:
    """A picture stands by itself, after the paragraph that it was in; what Word calls its
    caption comes along."""

    def lift(block: Node) -> list[Node | str]:
        images = block.find_all("img") if block.tag in ("p", *_HEADINGS) else []
        if not images:
            return [block]
        block.rewrite(lambda node: [" "] if node.tag == "img" else [node])
        _join_letters(block)
        for image in images:
            image.attrs = {
                name: image.attrs[name] for name in ("src", "alt") if image.attrs.get(name)
            }
        figures: list[Node | str] = [Node("figure", {}, [image]) for image in images]
        return figures if block.is_blank() else [block, *figures]

    root.rewrite(lift)
    for holder in [root, *root.find_all("td", "th", "li", "blockquote")]:
        _place_captions(holder, facts)


def _join_letters(node: Node) -> None:
    """Letters that stand side by side as one string, with one space between words."""
    joined: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str) and joined and isinstance(joined[-1], str):
            joined[-1] = _SPACES.sub(" ", joined[-1] + child)
        else:
            joined.append(child)
    node.children = joined


def _place_captions(holder: Node, facts: Counter[str]) -> None:
    blocks = holder.nodes()
    for before, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        if block.attrs.get("class") != "caption" or block.is_blank():
            continue
        block.attrs = {}
        if before is not None and before.tag == "figure" and len(before.children) == 1:
            before.children.append(Node("figcaption", {}, block.children))
        elif after is not None and after.tag == "table" and after.nodes()[0].tag != "caption":
            after.children.insert(0, Node("caption", {}, [" ".join(block.text().split())]))
        else:
            continue
        facts["captions"] += 1
        holder.replace(block, [])


def _mend_headings(root: Node, facts: Counter[str]) -> None:
    """Headings are not bold once more, and stand in the text, not in cells or items."""
    top = {id(node) for node in root.nodes()}
    for heading in root.find_all(*_HEADINGS):
        heading.rewrite(lambda node: node.children if node.tag == "strong" else [node])
        if id(heading) not in top and not heading.is_blank():
            heading.tag, heading.attrs = "p", {}
            heading.children = [Node("strong", {}, heading.children)]
            facts["inner_headings"] += 1


def _drop_empty(root: Node) -> None:
    root.rewrite(_without_nothing)
    for item in root.find_all("li", "td", "th"):
        _unwrap_first(item)


def _without_nothing(node: Node) -> list[Node | str]:
    if node.tag in _INLINE and not node.text() and not node.find_all("br", "img"):
        return node.children
    if node.tag in ("p", "blockquote", "ul", "ol", "li", *_HEADINGS) and node.is_blank():
        return []
    if node.tag in ("p", "li", "td", "th", "figcaption", *_HEADINGS):
        _trim(node)
    return [node]


def _unwrap_first(item: Node) -> None:
    """One paragraph alone in an item or cell says nothing more than its words."""
    blocks = item.nodes()
    if blocks and blocks[0].tag == "p" and item.children[0] is blocks[0]:
        alone = len(item.children) == 1
        if alone or (item.tag == "li" and all(n.tag in ("ul", "ol") for n in blocks[1:])):
            if item.tag != "li" and (align := blocks[0].attrs.get("class")):
                item.attrs["class"] = align
            item.replace(blocks[0], blocks[0].children)


def _take_title(root: Node) -> tuple[str, str]:
    """The title and where it was found; it does not stand in the text again."""
    titles = [node for node in root.nodes() if node.attrs.get("class") == "title"]
    if titles:
        words = [" ".join(node.text().split()) for node in titles]
        for node in titles:
            root.replace(node, [])
        return " ".join(words), "style"
    first = next((node for node in root.nodes()), None)
    tops = [node for node in root.nodes() if node.tag == "h1"]
    if first is not None and first.tag == "h1" and len(tops) == 1:
        root.replace(first, [])
        return " ".join(first.text().split()), "heading"
    return "", ""


def _shift_headings(root: Node, facts: Counter[str]) -> None:
    """The levels that are used become h2, h3, h4 without a gap."""
    headings = [node for node in root.nodes() if node.tag in _HEADINGS]
    levels = sorted({node.tag for node in headings})
    for node in headings:
        wanted = f"h{min(levels.index(node.tag) + 2, _LOWEST)}"
        facts["shifted"] += wanted != node.tag
        node.tag, node.attrs = wanted, {}
    facts["headings"] += len(headings)


def _count_bold_lines(root: Node, facts: Counter[str]) -> None:
    """Short lines wholly in bold may be meant as headings: only the writer can tell."""
    for node in root.nodes():
        inner = node.nodes()
        bold = len(node.children) == 1 and bool(inner) and inner[0].tag == "strong"
        facts["bold_lines"] += node.tag == "p" and bold and len(node.text()) <= 120


def _trim(node: Node) -> None:
    """No space at the ends of a line."""
    if node.children and isinstance(node.children[0], str):
        node.children[0] = node.children[0].lstrip()
    if node.children and isinstance(node.children[-1], str):
        node.children[-1] = node.children[-1].rstrip()
    node.children = [child for child in node.children if child != ""]
