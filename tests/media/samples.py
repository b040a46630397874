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


def moving(kind: str) -> bytes:
    """An animation: of it the first picture is kept."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def two_pictures() -> bytes:
    """What cameras write: a JPEG with a second, smaller one behind it."""
    first, second = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (30, 20), "blue")
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


def deep_colour(size: tuple[int, int] = (16, 12)) -> bytes:
    """A PNG of 16 bits a colour: dark red above, white below."""
    width, height = size
    dark, white = b"\x00" + b"\x80\x00\x00\x00\x00\x00" * width, b"\x00" + b"\xff" * 6 * width
    rows = dark * (height // 2) + white * (height - height // 2)
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


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


LETTER = "Ban mang theo giay hen khi den nhan ket qua tai quay so 3"


def pdf(**changes: Any) -> bytes:
    """A PDF of one page with a line of text; `root` and `page` add entries, `save` goes to the
    writer. `pages` are content streams, one a page, instead; `font` is what they write in."""
    document = pikepdf.Pdf.new()
    font = changes.get("font") or {"Subtype": "/Type1", "BaseFont": "/Helvetica"}
    for content in changes.get("pages", [shows(LETTER)]):
        _add_page(document, content, font)
    for name, value in changes.get("root", {}).items():
        document.Root[name] = value
    for name, value in changes.get("page", {}).items():
        document.pages[0][name] = value
    out = io.BytesIO()
    document.save(out, **changes.get("save", {}))
    return out.getvalue()


def shows(words: str | bytes) -> bytes:
    """A content stream that writes a line."""
    line = words.encode("latin-1") if isinstance(words, str) else words
    return b"BT /F1 12 Tf 72 700 Td (" + line + b") Tj ET"


SCAN = b"q 595 0 0 842 0 0 cm /Im1 Do Q"
OUTLINES = b"0 0 m 10 10 l 20 0 l h f\n" * 80


def _add_page(document: pikepdf.Pdf, content: bytes, font: dict[str, str]) -> None:
    page = document.add_blank_page()
    parts = {f"/{key}": pikepdf.Name(value) for key, value in font.items()}
    letters = pikepdf.Dictionary({"/Type": pikepdf.Name("/Font"), **parts})
    picture_of_page = document.make_stream(
        b"\0" * 3, Type=pikepdf.Name("/XObject"), Subtype=pikepdf.Name("/Image"), Width=1, Height=1,
        ColorSpace=pikepdf.Name("/DeviceRGB"), BitsPerComponent=8,
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(F1=letters),
        XObject=pikepdf.Dictionary(Im1=picture_of_page),
    )
    page.Contents = document.make_stream(content)


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


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def track(handler: bytes, coding: bytes = b"", size: tuple[int, int] = (0, 0)) -> bytes:
    """A track of an MPEG-4 file that says what it is and holds nothing."""
    coding = coding or {b"soun": b"mp4a", b"vide": b"avc1"}.get(handler, b"text")
    sides = struct.pack(">II", size[0] << 16, size[1] << 16)
    entry = box(b"stsd", b"\0" * 4 + struct.pack(">I", 1) + box(coding, b"\0" * 24))
    media = box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12) + box(b"minf", box(b"stbl", entry))
    return box(b"trak", box(b"tkhd", b"\0" * 76 + sides) + box(b"mdia", media))


def _movie(seconds: int, tracks: bytes) -> bytes:
    head = box(b"mvhd", b"\0" * 12 + struct.pack(">II", 1000, seconds * 1000) + b"\0" * 80)
    return box(b"moov", head + tracks) + box(b"mdat", b"\0" * 64)


def m4a(*handlers: bytes, seconds: int = 95) -> bytes:
    """An MPEG-4 file of tracks with these handlers."""
    return box(b"ftyp", b"M4A \0\0\0\0") + _movie(seconds, b"".join(map(track, handlers)))


def mp4(
    coding: bytes = b"avc1", sound: bytes = b"mp4a", seconds: int = 130, brand: bytes = b"isom"
) -> bytes:
    """A film of 1280 × 720 in a coding; `sound` empty for a silent one."""
    tracks = track(b"vide", coding, (1280, 720)) + (track(b"soun", sound) if sound else b"")
    return box(b"ftyp", brand + b"\0\0\0\0") + _movie(seconds, tracks)


def mp4_in_fragments(seconds: int = 42) -> bytes:
    """A film whose length stands in `mehd`, as cameras and live streams write it."""
    head = box(b"mvhd", b"\0" * 12 + struct.pack(">II", 1000, 0) + b"\0" * 80)
    more = box(b"mvex", box(b"mehd", b"\0" * 4 + struct.pack(">I", seconds * 1000)))
    tracks = track(b"vide", b"avc1", (640, 360))
    return box(b"ftyp", b"iso5\0\0\0\0") + box(b"moov", head + more + tracks)


def _element(number: bytes, data: bytes) -> bytes:
    return number + (0x10000000 | len(data)).to_bytes(4, "big") + data


def webm(*codings: bytes, seconds: float = 12.5, kind: bytes = b"webm") -> bytes:
    """A WebM film of 640 × 480 that says what it is and holds nothing."""
    codings = codings or (b"V_VP9", b"A_OPUS")
    video = _element(b"\xe0", _element(b"\xb0", b"\x02\x80") + _element(b"\xba", b"\x01\xe0"))
    entries = b"".join(
        _element(b"\xae", _element(b"\x86", one) + (video if one[:1] == b"V" else b""))
        for one in codings
    )
    info = _element(b"\x2a\xd7\xb1", b"\x0f\x42\x40")
    info += _element(b"\x44\x89", struct.pack(">d", seconds * 1000))
    segment = _element(b"\x15\x49\xa9\x66", info) + _element(b"\x16\x54\xae\x6b", entries)
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", kind))
    return head + _element(b"\x18\x53\x80\x67", segment)


VTT = """WEBVTT

1
00:00:01.000 --> 00:00:04.000 align:start
<v Bác sĩ An>Bạn mang theo <b>giấy hẹn</b>.

00:00:05.000 --> 00:00:07.500
Quầy số 3 & quầy số 4.
"""
SRT = """1
00:00:01,000 --> 00:00:02,500
Xin chào bạn.

2
00:00:03,000 --> 00:00:04,000
Hẹn gặp lại.
""".replace("\n", "\r\n")
