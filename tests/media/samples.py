"""Sound and malicious files, made here so that nothing hostile lies in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from PIL import Image

W = "http://schemas.openxmlformats.org"
DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSX_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **save: Any
) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **save)
    return out.getvalue()


def photo_with_place(orientation: int = 6) -> bytes:
    """A JPEG that lies on its side and says where it was taken, by whom, with a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "Người chụp bí mật"
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 51.0, 0.0), 3: "E", 4: (106.0, 41.0, 0.0)})
    image = Image.new("RGB", (80, 40), "white")
    image.paste((200, 0, 0), (0, 0, 40, 40))
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment="lời bí mật", quality=95)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 9))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pdf(**changes: Any) -> bytes:
    """A PDF of one page; `root` and `page` add entries, `save` goes to the writer."""
    document = pikepdf.Pdf.new()
    document.add_blank_page()
    for name, value in changes.get("root", {}).items():
        document.Root[name] = value
    for name, value in changes.get("page", {}).items():
        document.pages[0][name] = value
    out = io.BytesIO()
    document.save(out, **changes.get("save", {}))
    return out.getvalue()


def office(
    main: str = DOCX_MAIN,
    parts: dict[str, bytes | str] | None = None,
    *,
    relations: str = "",
    types: str = "",
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A Word or Excel file with more parts, relations or content types."""
    content_types = (
        f'<Types xmlns="{W}/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{main}"/>{types}</Types>'
    )
    rels = f'<Relationships xmlns="{W}/package/2006/relationships">{relations}</Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("[Content_Types].xml", content_types)
        archive.writestr("_rels/.rels", rels)
        archive.writestr("main.xml", "<document/>")
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def relation(kind: str, target: str) -> str:
    return (
        f'<Relationship Id="r1" Type="{W}/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="External"/>'
    )


def encrypted_zip() -> bytes:
    """The flag of encryption set on every entry."""
    data = bytearray(office())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(sign)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(sign, start + 4)
    return bytes(data)


def lying_zip() -> bytes:
    """An archive whose directory says that its entries unfold to gigabytes."""
    data = bytearray(office())
    start = data.find(b"PK\x01\x02")
    while start >= 0:
        data[start + 24 : start + 28] = struct.pack("<I", 3_000_000_000)
        start = data.find(b"PK\x01\x02", start + 4)
    return bytes(data)


def overlapping_zip() -> bytes:
    """Two entries of the directory that point to the same bytes."""
    data = bytearray(office(parts={"a.xml": "<a/>" * 500, "b.xml": "<a/>" * 500}))
    entries, start = [], data.find(b"PK\x01\x02")
    while start >= 0:
        entries.append(start)
        start = data.find(b"PK\x01\x02", start + 4)
    first, second = entries[-2:]
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def mp3(frames: int = 4, tag: bytes = b"") -> bytes:
    header = b"\xff\xfb\x90\x00"  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame
    return tag + (header + b"\0" * 413) * frames


def m4a(*handlers: bytes) -> bytes:
    def box(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data) + 8) + kind + data

    tracks = b"".join(
        box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12)))
        for handler in handlers
    )
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", tracks) + box(b"mdat", b"\0" * 64)
