"""Word files in the form of administrative documents (Decree 30/2020/NĐ-CP, Appendix I).

A4 with the margins of the decree, Times New Roman, the head with the name of the State and of
the agency, page numbers in the middle of the top from the second page on. What the clerk fills in
(number, place, day, signature) is left as dots. All text is text: nothing in it is markup.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ILLEGAL = {n: None for n in range(32) if n not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
_STATE = "Cộng hòa xã hội chủ nghĩa Việt Nam"
_MOTTO = " - ".join(("Độc lập", "Tự do", "Hạnh phúc"))  # noqa: FLY002 - hyphens by law
# Twentieths of a point. The decree: top and bottom 20 to 25 mm, left 30 to 35, right 15 to 20.
_LONG, _SHORT = 16838, 11906
_MARGINS = 'w:top="1134" w:bottom="1134" w:left="1701" w:right="851" w:header="567" w:footer="567"'
_SIDES = 1701 + 851


class Document:
    """A document that is written from top to bottom; `save` gives the file."""

    def __init__(self, title: str, *, landscape: bool = False) -> None:
        self._title, self._landscape = title, landscape
        self._body: list[str] = []

    @property
    def width(self) -> int:
        """Room between the margins, in twentieths of a point."""
        return (_LONG if self._landscape else _SHORT) - _SIDES

    def official_head(self, parent: str, agency: str) -> None:
        """Whose document it is, the State's name and motto, number, place and day to be filled."""
        left = [
            _paragraph(parent.upper(), size=12, align="center"),
            _paragraph(agency.upper(), size=12, bold=True, align="center", line=True),
            _paragraph("Số: ………/……………", size=13, align="center"),
        ]
        right = [
            _paragraph(_STATE.upper(), size=12, bold=True, align="center"),
            _paragraph(_MOTTO, size=13, bold=True, align="center", line=True),
            _paragraph(
                "……………, ngày …… tháng …… năm ………", size=13, italic=True, align="center"
            ),
        ]  # fmt: skip
        widths = (self.width * 2 // 5, self.width * 3 // 5)
        self._body.append(_table([[left if parent else left[1:], right]], widths, border=False))
        self.text("")

    def name(self, kind: str, about: str = "") -> None:
        """The name of the document and what it is about, in the middle."""
        self._body.append(_paragraph(kind.upper(), size=14, bold=True, align="center", level=1))
        if about:
            self._body.append(_paragraph(about, size=14, bold=True, align="center", line=True))
        self.text("")

    def heading(self, text: str) -> None:
        """The heading of a part."""
        self._body.append(_paragraph(text, size=14, bold=True, level=2))

    def text(self, text: str) -> None:
        """A paragraph."""
        self._body.append(_paragraph(text, size=14, align="both", indent=bool(text)))

    def table(
        self, head: Sequence[str], rows: Iterable[Sequence[str]], shares: Sequence[int],
        *, size: int = 11,
    ) -> None:  # fmt: skip
        """A table whose head is repeated on each page; `shares` tell how wide columns are."""
        widths = [self.width * share // sum(shares) for share in shares]
        lines = [[[_paragraph(t, size=size, bold=True, align="center")] for t in head]]
        lines += [[[_paragraph(cell, size=size)] for cell in row] for row in rows]
        self._body.append(_table(lines, widths, border=True))
        self.text("")

    def signature(self, receivers: Sequence[str], signer: str) -> None:
        """Who gets it, and room for the signature."""
        left = [_paragraph("Nơi nhận:", size=12, bold=True, italic=True)]
        left += [_paragraph(f"- {receiver}", size=11) for receiver in receivers]
        right = [
            _paragraph(signer.upper(), size=14, bold=True, align="center"),
            _paragraph(
                "(Chữ ký của người có thẩm quyền, dấu của cơ quan)", size=12, italic=True,
                align="center",
            ),
            *[_paragraph("", size=14)] * 3,
            _paragraph("Họ và tên", size=14, bold=True, align="center"),
        ]  # fmt: skip
        half = self.width // 2
        self._body.append(_table([[left, right]], (half, half), border=False))

    def save(self) -> bytes:
        """The file."""
        size = (_LONG, _SHORT) if self._landscape else (_SHORT, _LONG)
        turned = ' w:orient="landscape"' if self._landscape else ""
        section = (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
            f'<w:pgSz w:w="{size[0]}" w:h="{size[1]}"{turned}/><w:pgMar {_MARGINS} w:gutter="0"/>'
            "<w:titlePg/></w:sectPr>"
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in _parts(self._title).items():
                archive.writestr(name, _HEAD + text)
            body = f"<w:body>{''.join(self._body)}{section}</w:body>"
            text = f"{_HEAD}<w:document {_W} {_R}>{body}</w:document>"
            archive.writestr("word/document.xml", text)
        return out.getvalue()


def _paragraph(  # noqa: PLR0913 - the looks of a paragraph, each by name
    text: str, *, size: int, bold: bool = False, italic: bool = False, align: str = "",
    line: bool = False, indent: bool = False, level: int = 0,
) -> str:  # fmt: skip
    """A paragraph; `line` draws the rule below it, `level` makes it a heading."""
    shape = f'<w:pStyle w:val="Heading{level}"/>' if level else ""
    if line:
        shape += '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
    shape += '<w:spacing w:before="40" w:after="40"/>'
    if line:  # the rule is as long as a third of the line, as the decree has it
        shape += '<w:ind w:left="1000" w:right="1000"/>'
    elif indent:
        shape += '<w:ind w:firstLine="567"/>'
    shape += f'<w:jc w:val="{align}"/>' if align else ""
    look = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    look += f'<w:sz w:val="{2 * size}"/><w:szCs w:val="{2 * size}"/>'
    pieces = escape(text.translate(_ILLEGAL)).split("\n")
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces)
    return f"<w:p><w:pPr>{shape}</w:pPr><w:r><w:rPr>{look}</w:rPr>{runs}</w:r></w:p>"


def _table(rows: Sequence[Sequence[Sequence[str]]], widths: Sequence[int], *, border: bool) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV") if border else ()
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="auto"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    made = []
    for number, row in enumerate(rows):
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(cell)}</w:tc>'
            for width, cell in zip(widths, row, strict=True)
        )
        repeat = "<w:tblHeader/>" if border and number == 0 else ""
        made.append(f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )


def _parts(title: str) -> dict[str, str]:
    """Everything of the file but its text."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    related = "http://schemas.openxmlformats.org/package/2006/relationships"
    core = "http://schemas.openxmlformats.org/package/2006"
    kinds = " ".join(f'w:{kind}="Times New Roman"' for kind in ("ascii", "hAnsi", "cs", "eastAsia"))
    font = f"<w:rFonts {kinds}/>"
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        f'<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>'
        f'<w:pPr><w:keepNext/><w:outlineLvl w:val="{n - 1}"/></w:pPr></w:style>'
        for n in (1, 2)
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{types}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/>'
            f'<Override PartName="/word/header1.xml" ContentType="{_KIND}.header+xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{related}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{core}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{related}"><Relationship Id="rId1" Type="{_OFFICE}/styles" '
            f'Target="styles.xml"/><Relationship Id="rId2" Type="{_OFFICE}/header" '
            'Target="header1.xml"/></Relationships>'
        ),
        "word/styles.xml": (
            f"<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{font}"
            '<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault>'
            '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
            f'<w:name w:val="Normal"/></w:style>{headings}</w:styles>'
        ),
        "word/header1.xml": (
            f'<w:hdr {_W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>'
            '<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>'
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{core}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title.translate(_ILLEGAL))}</dc:title><dc:language>vi</dc:language>"
            "</cp:coreProperties>"
        ),
    }
