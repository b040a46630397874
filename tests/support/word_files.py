"""Word files for tests, written part by part as Word writes them."""

# ruff: noqa: E501 - samples read better as they are written in a file
from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape
from typing import Any

from PIL import Image

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_OFFICE}/relationships" xmlns:m="{_OFFICE}/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STYLES = (
    ("Title", "Title", ""), ("u1", "heading 1", "0"), ("u2", "heading 2", "1"),
    ("u3", "heading 3", "2"), ("Heading4", "heading 4", "3"), ("Caption", "caption", ""),
    ("Quote", "Quote", ""), ("TOC1", "toc 1", ""), ("De1", "Đầu đề 1", ""), ("Tieude", "Tiêu đề", ""),
    ("MucLon", "Mục lớn của cơ quan", "u1"), ("ListParagraph", "List Paragraph", ""),
    ("FootnoteText", "footnote text", ""),
)  # fmt: skip


TITLE = "Cấp lại giấy phép hành nghề: chuẩn bị gì, nộp ở đâu"


def run(text: str, look: str = "") -> str:
    """A run; `look` is the inside of its `w:rPr`."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def bold(text: str) -> str:
    return run(text, "<w:b/>")


def paragraph(*runs: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs; a run that is no markup is plain text."""
    inside = (f'<w:pStyle w:val="{style}"/>' if style else "") + properties
    head = f"<w:pPr>{inside}</w:pPr>" if inside else ""
    return f"<w:p>{head}{''.join(r if r.startswith('<') else run(r) for r in runs)}</w:p>"


def item(number: int, *runs: str, level: int = 0) -> str:
    """A paragraph that Word numbers by itself, by numbering `number`."""
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(*runs, style="ListParagraph", properties=numbering)


def table(*rows: Sequence[str], header: bool = False) -> str:
    """A table; `header` marks the first row as one that Word repeats on each page."""
    lines = []
    for index, row in enumerate(rows):
        cells = "".join(
            f"<w:tc><w:tcPr/>{c if c.startswith(('<w:p', '<w:tbl')) else paragraph(c)}</w:tc>"
            for c in row
        )
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if header and index == 0 else ""
        lines.append(f"<w:tr>{mark}{cells}</w:tr>")
    return f"<w:tbl><w:tblPr/>{''.join(lines)}</w:tbl>"


def picture(number: int, alt: str = "") -> str:
    """A run with the picture `number` of the file."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="{number}" name="Picture {number}" '
        f'descr="{escape(alt)}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="rIdPic{number}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def note(number: int) -> str:
    """The call of a footnote."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def photo(colour: str = "teal", size: tuple[int, int] = (640, 400), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def link(number: int, text: str) -> str:
    return f'<w:hyperlink r:id="rIdLink{number}">{run(text)}</w:hyperlink>'


def word_file(
    *blocks: str,
    pictures: Sequence[bytes | tuple[bytes, str]] = (),
    links: Sequence[str] = (),
    notes: Sequence[str] = (),
    levels: Sequence[Sequence[tuple[str, str]]] = (),
    title: str = "",
    parts: dict[str, bytes | str] | None = None,
    relations: str = "",
    main: str = DOCX_MAIN,
    defaults: str = "",
) -> bytes:
    """A .docx. `levels` are numberings: for each its levels as (format, text); their numbers count
    from 1. A picture is bytes of a PNG, or bytes with the extension."""
    kept = [p if isinstance(p, tuple) else (p, "png") for p in pictures]
    relations += "".join(
        f'<Relationship Id="rIdPic{n}" Type="{_OFFICE}/relationships/image" '
        f'Target="media/image{n}.{ext}"/>'
        for n, (_, ext) in enumerate(kept, 1)
    ) + "".join(
        f'<Relationship Id="rIdLink{n}" Type="{_OFFICE}/relationships/hyperlink" '
        f'Target="{escape(address)}" TargetMode="External"/>'
        for n, address in enumerate(links, 1)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _types(main))
        archive.writestr("_rels/.rels", _relations(
            f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" '
            'Target="word/document.xml"/>'
        ))  # fmt: skip
        archive.writestr(
            "word/document.xml", _document("document", f"<w:body>{''.join(blocks)}</w:body>")
        )
        archive.writestr("word/_rels/document.xml.rels", _relations(relations))
        archive.writestr(
            "word/styles.xml", _document("styles", defaults + "".join(map(_style, _STYLES)))
        )
        archive.writestr("word/numbering.xml", _document("numbering", _numbering(levels)))
        archive.writestr("word/footnotes.xml", _document("footnotes", "".join(
            f'<w:footnote w:id="{n}">{text if text.startswith("<") else paragraph(text, style="FootnoteText")}'
            "</w:footnote>" for n, text in enumerate(notes, 1)
        )))  # fmt: skip
        archive.writestr("docProps/core.xml", (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
            "</cp:coreProperties>"
        ))  # fmt: skip
        for number, (data, extension) in enumerate(kept, 1):
            archive.writestr(f"word/media/image{number}.{extension}", data)
        for name, part in (parts or {}).items():
            archive.writestr(name, part)
    return out.getvalue()


def _types(main: str) -> str:
    kinds = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "emf": "image/x-emf",
             "wmf": "image/x-wmf", "bmp": "image/bmp", "rels": f"{_PACKAGE}.relationships+xml",
             "xml": "application/xml"}  # fmt: skip
    defaults = "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in kinds.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">{defaults}'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def _relations(inside: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _document(name: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {SPACES}>{inside}</w:{name}>'


def _style(row: tuple[str, str, str]) -> str:
    key, name, level = row
    based = f'<w:basedOn w:val="{level}"/>' if level.startswith("u") else ""
    outline = f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>' if level.isdecimal() else ""
    return f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{based}{outline}</w:style>'


def _numbering(levels: Sequence[Sequence[tuple[str, str]]]) -> str:
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">'
        + "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{how}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for depth, (how, text) in enumerate(rows)
        )
        + "</w:abstractNum>"
        for n, rows in enumerate(levels, 1)
    )
    used = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
        for n in range(1, len(levels) + 1)
    )
    return abstract + used


def answers(title: str = TITLE, **changes: Any) -> bytes:
    """A Word file as an editor of a unit writes it: headings, a table and two pictures."""
    return word_file(
        paragraph(title, style="Title"),
        paragraph("Từ ngày 01/7/2025, người hành nghề ở Hải Phòng nộp hồ sơ tại Trung tâm Phục vụ hành chính công hoặc qua mạng."),
        paragraph("Hồ sơ cần có", style="u1"),
        item(1, "Đơn đề nghị theo Mẫu số 02;"),
        item(1, "Bản sao giấy phép đã cấp (nếu còn)."),
        paragraph(picture(1)),
        paragraph("Hình 1. Quầy tiếp nhận số 5", style="Caption"),
        paragraph("Thời hạn và mức phí", style="u1"),
        paragraph("Mức phí theo trường hợp", style="u2"),
        table([paragraph(bold("Trường hợp")), paragraph(bold("Mức phí")), paragraph(bold("Thời hạn"))],
              ["Bị mất, hư hỏng", "150.000 đồng", "15 ngày làm việc"],
              ["Thay đổi thông tin", "150.000 đồng", "15 ngày làm việc"]),
        paragraph("Kết quả được gửi qua ", bold("bưu chính công ích"), " nếu bạn đăng ký", note(1), "."),
        paragraph(picture(2)),
        paragraph("Cần hỏi thêm, bạn gọi đường dây nóng của Sở."),
        **{"pictures": [photo("teal"), photo("orange")], "levels": [[("decimal", "%1.")]],
           "notes": ["Theo Nghị định số 96/2023/NĐ-CP của Chính phủ."], **changes},
    )  # fmt: skip
