"""Markdown of `content/` as sanitised HTML."""

from __future__ import annotations

from markdown_it import MarkdownIt

from portal.core.html import sanitise

_renderer = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def render(source: str) -> str:
    """HTML of a CommonMark text with tables; raw HTML in it stays text. A first-level heading
    becomes second-level, as the page owns its only h1."""
    lines = ("#" + line if line.startswith("# ") else line for line in source.splitlines())
    return sanitise(_renderer.render("\n".join(lines)))
