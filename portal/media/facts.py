"""What was learnt of a document or recording while it was looked into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """`seconds` of a recording; `width` and `height` of a film; `pages` of a PDF and its
    `text_layer`, one of `TextLayer` in the models. None and "" stand for what does not apply."""

    seconds: int | None = None
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    text_layer: str = ""
