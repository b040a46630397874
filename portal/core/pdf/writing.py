"""The file itself: pages, faces, links, tags, bookmarks, title. Only here pikepdf writes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from portal.core.pdf.faces import Face, face
from portal.core.pdf.parts import WEIGHTS, About, Bookmark, Box, Sheet, Tag


def write(about: About, tree: Tag, sheets: Sequence[Sheet], bookmarks: Sequence[Bookmark]) -> bytes:
    """The file. The same parts give the same bytes."""
    with pikepdf.Pdf.new() as pdf:
        writer = _Writer(pdf, sheets)
        writer.pages()
        writer.tags(tree)
        writer.outline(bookmarks)
        writer.describe(about)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


class _Writer:
    def __init__(self, pdf: pikepdf.Pdf, sheets: Sequence[Sheet]) -> None:
        self.pdf, self.sheets = pdf, sheets
        self._owners: list[list[Any]] = [[None] * sheet.marks for sheet in sheets]

    def pages(self) -> None:
        fonts = Dictionary({f"/F{i}": self._font(face(weight)) for i, weight in enumerate(WEIGHTS)})
        resources = self.pdf.make_indirect(Dictionary(Font=fonts))
        for sheet in self.sheets:
            self.pdf.add_blank_page(page_size=(sheet.width, sheet.height))
            page = self.pdf.pages[-1]
            page.obj.Resources = resources
            page.obj.Contents = self.pdf.make_stream(b"\n".join(sheet.commands))
        self._links()

    def _font(self, letters: Face) -> Any:
        make = self.pdf.make_indirect
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name(f"/{letters.name}"), Flags=32,
            FontBBox=Array(letters.box), ItalicAngle=0, Ascent=letters.ascent,
            Descent=letters.descent, CapHeight=660, StemV=80,
            FontFile2=self.pdf.make_stream(letters.data, Length1=len(letters.data)),
        )  # fmt: skip
        descendant = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name(f"/{letters.name}"),
            CIDSystemInfo=Dictionary(
                Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
            ),
            FontDescriptor=make(descriptor), CIDToGIDMap=Name.Identity,
            W=Array([0, Array(letters.widths)]),
        )  # fmt: skip
        return make(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(f"/{letters.name}"),
                Encoding=Name("/Identity-H"), DescendantFonts=Array([make(descendant)]),
                ToUnicode=self.pdf.make_stream(_to_unicode(letters)),
            )
        )  # fmt: skip

    def _links(self) -> None:
        for number, sheet in enumerate(self.sheets):
            if not sheet.links:
                continue
            page = self.pdf.pages[number].obj
            page.Annots = Array([self._link(sheet, box, goal) for box, goal in sheet.links])

    def _link(self, sheet: Sheet, box: Box, goal: str | int) -> Any:
        x, y, width, height = box
        low = sheet.height - y - height
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Border=Array([0, 0, 0]), F=4,
            Rect=Array([round(n, 2) for n in (x, low, x + width, low + height)]),
        )  # fmt: skip
        if isinstance(goal, int):
            link.Dest = Array([self.pdf.pages[goal].obj, Name.Fit])
        else:
            link.A = Dictionary(S=Name.URI, URI=String(goal))
        return self.pdf.make_indirect(link)

    def tags(self, tree: Tag) -> None:
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = self._element(tree, root)
        numbers = Array()
        for number, owners in enumerate(self._owners):
            if owners:
                self.pdf.pages[number].obj.StructParents = number
                numbers.append(number)
                numbers.append(self.pdf.make_indirect(Array(owners)))
        root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=numbers))
        self.pdf.Root.StructTreeRoot = root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, tag: Tag, parent: Any) -> Any:
        element = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{tag.role}"), P=parent)
        )
        if tag.alt:
            element.Alt = String(tag.alt)
        if tag.role == "TH":
            element.A = Dictionary(O=Name.Table, Scope=Name.Column)
        parts = Array()
        for part in tag.parts:
            if isinstance(part, Tag):
                parts.append(self._element(part, element))
            else:
                sheet, mark = part
                self._owners[sheet][mark] = element
                parts.append(Dictionary(Type=Name.MCR, Pg=self.pdf.pages[sheet].obj, MCID=mark))
        element.K = parts
        return element

    def outline(self, bookmarks: Sequence[Bookmark]) -> None:
        if not bookmarks:
            return
        with self.pdf.open_outline() as outline:
            open_levels: list[Any] = [outline.root]
            for mark in bookmarks:
                height = self.sheets[mark.sheet].height
                item = OutlineItem(mark.title, mark.sheet, "XYZ", top=height - mark.top)
                del open_levels[mark.level + 1 :]
                open_levels[-1].append(item)
                open_levels.append(item.children)
        self.pdf.Root.PageMode = Name.UseOutlines

    def describe(self, about: About) -> None:
        root = self.pdf.Root
        root.Lang = String("vi")
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        moment = about.made_at.isoformat(timespec="seconds")
        with self.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
            metadata["dc:title"] = about.title
            metadata["dc:creator"] = [about.author]
            metadata["dc:language"] = ["vi"]
            metadata["xmp:CreateDate"] = moment
            metadata["xmp:ModifyDate"] = moment


def _to_unicode(letters: Face) -> bytes:
    """The table that turns glyphs back into letters, for copying, searching, reading aloud."""
    spelled: dict[int, str] = {}
    for char, glyph in letters.glyphs.items():
        spelled.setdefault(glyph, char)
    pairs = sorted(spelled.items())
    blocks = []
    for i in range(0, len(pairs), 100):
        block = pairs[i : i + 100]
        rows = "\n".join(
            f"<{glyph:04X}> <{char.encode('utf-16-be').hex().upper()}>" for glyph, char in block
        )
        blocks.append(f"{len(block)} beginbfchar\n{rows}\nendbfchar")
    table = "\n".join(blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{table}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
