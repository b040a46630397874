"""The stored body as its page shows it: headings that can be linked to, pictures in the right
size, tables that scroll. Works on sanitised markup only and writes every character escaped."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from portal.core.text import slugify
from portal.media.models import MediaFile

_VOID = frozenset(["br", "hr", "img"])
_HEADINGS = frozenset(["h2", "h3", "h4"])
_LIBRARY = re.compile(r"/tu-lieu/([0-9a-f]{32})/")


@dataclass(frozen=True, slots=True)
class Heading:
    """A second-level heading and where it stands on the page."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class DressedBody:
    """Markup for the page (as safe as what it was made from), and its main headings."""

    markup: str
    headings: Sequence[Heading]


def dress(
    body: str, pictures: Iterable[MediaFile] = (), addresses: Mapping[str, str] | None = None
) -> DressedBody:
    """Make `body`, a sanitised column, ready to be shown. `pictures` are those that it uses;
    `addresses` what its links by reference lead to now, "" where readers can open nothing."""
    headings = _headings(body)
    known = {picture.public_id: picture for picture in pictures}
    dresser = _Dresser(headings, known, addresses or {})
    dresser.feed(body)
    dresser.close()
    markup = "".join(dresser.out) + _notes(dresser.notes)
    return DressedBody(markup, [h for level, h in headings if level == "h2"])


def file_ids(body: str) -> set[str]:
    """Public ids of the library's files that stand in a sanitised body: pictures and links."""
    finder = _Files()
    finder.feed(body)
    return {found for address in finder.addresses if (found := _public_id(address))}


def pictures_without_words(body: str, plain: Collection[str] = ()) -> list[int]:
    """Which pictures (counted from 1) of a sanitised body have no alternative text; those whose
    public id is among `plain` need none."""
    finder = _Files()
    finder.feed(body)
    return [
        number
        for number, (address, alt) in enumerate(finder.pictures, 1)
        if not alt.strip() and _public_id(address) not in plain
    ]


def _public_id(address: str) -> str:
    found = _LIBRARY.match(address)
    return found[1] if found else ""


class _Files(HTMLParser):
    """Addresses of pictures and links; each picture with its alternative text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: list[str] = []
        self.pictures: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img":
            self.pictures.append((values.get("src") or "", values.get("alt") or ""))
        self.addresses.append(values.get("src" if tag == "img" else "href") or "")


class _Words(HTMLParser):
    """Level and text of each heading, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS:
            self.found.append((tag, ""))
            self._open = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            level, text = self.found[-1]
            self.found[-1] = (level, text + data)


def _headings(body: str) -> list[tuple[str, Heading]]:
    words = _Words()
    words.feed(body)
    taken: set[str] = set()
    found = []
    for level, text in words.found:
        stem = anchor = "muc-" + (slugify(text, limit=60) or "moi")
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{stem}-{number}"
        taken.add(anchor)
        found.append((level, Heading(anchor, " ".join(text.split()))))
    return found


def _notes(notes: Sequence[str]) -> str:
    """The notes at the end of the text, each with a way back to where it is called."""
    if not notes:
        return ""
    items = []
    for number, note in enumerate(notes, 1):
        back = f"Về chỗ ghi chú {number} trong bài"
        items.append(
            f'<li id="ghi-chu-{number}">{note} <a href="#ghi-chu-{number}-o-bai" '
            f'role="doc-backlink" aria-label="{back}">↩</a></li>'
        )
    title = "Ghi chú"
    head = f'<h2 id="ghi-chu-cuoi-bai">{title}</h2>'
    return (
        '<section class="notes" role="doc-endnotes" aria-labelledby="ghi-chu-cuoi-bai">'
        f"{head}<ol>{''.join(items)}</ol></section>"
    )


class _Dresser(HTMLParser):
    """Writes markup anew, tag by tag."""

    def __init__(
        self,
        headings: list[tuple[str, Heading]],
        pictures: dict[str, MediaFile],
        addresses: Mapping[str, str],
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._anchors = iter([heading.anchor for _, heading in headings])
        self._pictures = pictures
        self._tables = 0
        self._addresses = addresses
        self._unlinked = False
        self.notes: list[str] = []
        self._page: list[str] | None = None  # what is written beside a note that is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = [(name, value or "") for name, value in attrs]
        if tag == "small":
            self._begin_note()
            return
        if tag == "a":
            linked = self._link(dict(values))
            if linked is None:
                return
            values = linked
        if tag in _HEADINGS:
            values.append(("id", next(self._anchors)))
        elif tag == "img":
            values = self._picture(dict(values))
        elif tag == "iframe":
            values += [("loading", "lazy"), ("allowfullscreen", "")]
        elif tag == "table":
            self._tables += 1
            label = f"Bảng {self._tables}, cuộn ngang được"
            self.out.append(
                f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">'
            )
        self.out.append("<" + tag + "".join(f' {n}="{escape(v)}"' for n, v in values) + ">")

    def handle_endtag(self, tag: str) -> None:
        if tag == "small":
            self._end_note()
            return
        if tag == "a" and self._unlinked:
            self._unlinked = False
            return
        if tag not in _VOID:
            self.out.append(f"</{tag}>")
        if tag == "table":
            self.out.append("</div>")

    def _link(self, values: dict[str, str]) -> list[tuple[str, str]] | None:
        """A link by reference with the address of today; None when there is nothing to open."""
        ref = values.pop("data-ref", "")
        present = self._addresses.get(ref)
        self._unlinked = present == ""
        if present:
            values["href"] = present
        return None if self._unlinked else list(values.items())

    def _begin_note(self) -> None:
        """A number in the text; what follows goes to the end of the page."""
        if self._page is not None:
            return
        number = len(self.notes) + 1
        label = f"Ghi chú {number}"
        self.out.append(
            f'<sup class="note-call"><a id="ghi-chu-{number}-o-bai" href="#ghi-chu-{number}" '
            f'role="doc-noteref" aria-label="{label}">{number}</a></sup>'
        )
        self._page, self.out = self.out, []

    def _end_note(self) -> None:
        if self._page is not None:
            self.notes.append("".join(self.out))
            self.out, self._page = self._page, None

    def handle_data(self, data: str) -> None:
        self.out.append(escape(data, quote=False))

    def _picture(self, values: dict[str, str]) -> list[tuple[str, str]]:
        media = self._pictures.get(_public_id(values.get("src", "")))
        values.setdefault("alt", "")
        if media is not None and media.width:
            width, height = media.shown_size
            values |= {
                "src": media.shown_url,
                "width": str(width),
                "height": str(height),
                "srcset": media.source_set("webp"),
                "sizes": "(min-width: 44rem) 42rem, 100vw",
            }
        return [*values.items(), ("loading", "lazy"), ("decoding", "async")]
