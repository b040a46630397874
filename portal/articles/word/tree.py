"""Markup as a small tree that can be rearranged: what `structure` works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_VOID = frozenset(["br", "img", "input", "hr"])
BLOCKS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "blockquote", "figure",
     "thead", "tbody", "tr", "td", "th", "dl", "dt", "dd"]
)  # fmt: skip


@dataclass(eq=False, slots=True)
class Node:
    """An element with its attributes and what it holds, letters or other nodes."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Every node below this one, in order, as it stands at the beginning of each step."""
        for child in list(self.children):
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def find_all(self, *tags: str) -> list[Node]:
        """All nodes below with one of these tags."""
        return [node for node in self.walk() if node.tag in tags]

    def nodes(self) -> list[Node]:
        """The nodes right below."""
        return [child for child in self.children if isinstance(child, Node)]

    def text(self) -> str:
        """All letters below."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def is_blank(self) -> bool:
        """Whether nothing is shown: no letters, no picture."""
        return not self.text().strip("\u00a0 \t\r\n\u200b") and not self.find_all("img", "table")

    def replace(self, child: Node, others: list[Node | str]) -> None:
        """Put `others` in the place of a child."""
        position = next(i for i, other in enumerate(self.children) if other is child)
        self.children[position : position + 1] = others

    def rewrite(self, change: Callable[[Node], list[Node | str]]) -> None:
        """Put what `change` answers in the place of every node below, innermost first."""
        children: list[Node | str] = []
        for child in self.children:
            if isinstance(child, Node):
                child.rewrite(change)
                children += change(child)
            else:
                children.append(child)
        self.children = children

    def markup(self) -> str:
        """This node written out."""
        attrs = "".join(f' {name}="{escape(text)}"' for name, text in self.attrs.items())
        if self.tag in _VOID:
            return f"<{self.tag}{attrs}>"
        return f"<{self.tag}{attrs}>{self.inner()}</{self.tag}>"

    def inner(self) -> str:
        """What this node holds, written out."""
        return "".join(
            escape(child, quote=False) if isinstance(child, str) else child.markup()
            for child in self.children
        )


def parse(markup: str) -> Node:
    """Well-formed markup as a tree below one root."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("div")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: text or "" for name, text in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: text or "" for name, text in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
