"""What the library takes in and what it refuses; a refusal leaves nothing behind."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from portal.core.db import db
from portal.core.errors import Invalid
from portal.media import pictures, sniff
from portal.media.models import MediaFile
from tests.media import samples
from tests.media.conftest import Keep, names_in
from tests.media.samples import office, pdf, picture, relation

JAVASCRIPT = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F=pikepdf.String("calc.exe"))
GOTO = pikepdf.Dictionary(S=pikepdf.Name("/GoTo"), D=pikepdf.String("x"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"

GOOD = {
    "photo.jpg": picture("JPEG"),
    "photo.JPEG": picture("JPEG"),
    "plan.png": picture("PNG"),
    "clear.png": picture("PNG", mode="RGBA"),
    "palette.png": picture("PNG", mode="P"),
    "bits.png": picture("PNG", mode="1"),
    "deep.png": picture("PNG", mode="I;16"),
    "grey.jpg": picture("JPEG", mode="L"),
    "print.jpg": picture("JPEG", mode="CMYK"),
    "new.webp": picture("WEBP"),
    "old.gif": picture("GIF", mode="P"),
    "wide.jpg": picture("JPEG", (2000, 50)),
    "dot.png": picture("PNG", (1, 1)),
    "letter.pdf": pdf(),
    "opens-at.pdf": pdf(root={"/OpenAction": GOTO}),
    "no-copy.pdf": pdf(save={"encryption": pikepdf.Encryption(owner="x", user="")}),
    "packed.pdf": pdf(save={"object_stream_mode": pikepdf.ObjectStreamMode.generate}),
    "form.docx": office(),
    "chart.docx": office(parts={"word/embeddings/Microsoft_Excel_Sheet1.xlsx": b"x"}),
    "linked.docx": office(relations=relation("hyperlink", "https://vidu.vn")),
    "own-template.docx": office(relations=relation("attachedTemplate", "file:///C:/mau.dotm")),
    "stored.docx": office(method=zipfile.ZIP_STORED),
    "table.xlsx": office(samples.XLSX_MAIN),
    "talk.mp3": samples.mp3(),
    "tagged.mp3": samples.mp3(tag=b"ID3\x03\x00\x00\x00\x00\x00\x05abcde"),
    "talk.m4a": samples.m4a(b"soun"),
    "film.mp4": samples.mp4(),
    "silent.mp4": samples.mp4(sound=b""),
    "pieces.mp4": samples.mp4_in_fragments(),
    "film.webm": samples.webm(),
    "moving.gif": samples.moving("GIF"),
    "moving.webp": samples.moving("WEBP"),
    "wide.png": picture("PNG", (20_000, 20)),
    "print16.png": samples.deep_colour(),
    "mpo.jpg": samples.two_pictures(),
}

BAD = {
    # not of our kinds
    "empty.png": b"",
    "image.svg": SVG,
    "image.png": SVG,
    "page.html": HTML,
    "page.jpg": HTML,
    "page.pdf": HTML,
    "page.mp3": HTML,
    "script.js": b"alert(1)",
    "program.exe": b"MZ" + b"\0" * 99,
    "program.pdf": b"MZ" + b"\0" * 99,
    "noname": picture(),
    "double.png.exe": picture(),
    "archive.zip": office(),
    "picture.tiff": b"II*\0" + b"\0" * 99,
    "picture.bmp": b"BM" + b"\0" * 99,
    "photo.heic": b"\0\0\0\x18ftypheic" + b"\0" * 99,
    "photo-apple.jpg": b"\0\0\0\x18ftypheic" + b"\0" * 99,
    "photo.avif": b"\0\0\0\x18ftypavif" + b"\0" * 99,
    # names that lie
    "photo.png": picture("JPEG"),
    "photo.jpg": picture("PNG"),
    "photo.pdf": picture("JPEG"),
    "letter.docx": pdf(),
    "letter.xlsx": office(),
    "table.docx": office(samples.XLSX_MAIN),
    "talk.m4a": samples.mp3(),
    # broken
    "cut.jpg": picture("JPEG", (300, 300))[:-700],
    "cut.png": picture("PNG", (300, 300))[:200],
    "cut.webp": picture("WEBP", (300, 300))[:-40],
    "cut.gif": picture("GIF", (300, 300), mode="P")[:300],
    "head.png": b"\x89PNG\r\n\x1a\n",
    "cut.pdf": pdf()[:-200],
    "head.pdf": b"%PDF-1.7\n%%EOF",
    "cut.docx": office()[:-30],
    "frame.mp3": b"\xff\xfb\x90\x00" + b"\0" * 2000,
    "tag.mp3": b"ID3\x03\x00\x00\x00\x00\x00\x05abcde",
    "silent.m4a": samples.m4a(),
    # bombs
    "huge.png": samples.png_header(60_000, 60_000),
    "large.png": samples.png_header(8_000, 6_000),
    "tall.png": picture("PNG", (2, 13_000)),
    "bomb.docx": office(parts={"a.xml": b"<a/>" + b" " * 5_000_000}),
    "giant.docx": samples.lying_zip(),
    "many.docx": office(parts={f"{n}.xml": b"" for n in range(2_001)}),
    "overlap.docx": samples.overlapping_zip(),
    # two things in one
    "pdf-zip.pdf": pdf() + office(),
    "pdf-html.pdf": pdf() + HTML,
    "late.pdf": b"GIF89a" + pdf(),
    "prefix.docx": b"PK\x03\x04junk" + office(),
    # documents that act
    "script.pdf": pdf(root={"/OpenAction": JAVASCRIPT}),
    "launch.pdf": pdf(root={"/OpenAction": LAUNCH}),
    "packed-script.pdf": pdf(
        root={"/OpenAction": JAVASCRIPT},
        save={"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    ),
    "page-action.pdf": pdf(page={"/AA": pikepdf.Dictionary(O=JAVASCRIPT)}),
    "deep-script.pdf": pdf(page={"/X": [[pikepdf.Dictionary(Y=[JAVASCRIPT])]]}),
    "carries.pdf": pdf(root={"/Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())}),
    "form.pdf": pdf(root={"/AcroForm": pikepdf.Dictionary(XFA=pikepdf.String("x"))}),
    "locked.pdf": pdf(save={"encryption": pikepdf.Encryption(owner="x", user="y")}),
    "old.doc": OLE,
    "locked.docx": OLE,
    "secret.docx": samples.encrypted_zip(),
    "macro.docx": office(DOCM),
    "hidden-macro.docx": office(parts={"word/vbaProject.bin": b"x"}),
    "macro-type.docx": office(
        types='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    ),
    "macro4.xlsx": office(
        samples.XLSX_MAIN,
        types='<Override PartName="/m.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>',
    ),
    "ole.docx": office(parts={"word/embeddings/oleObject1.bin": b"x"}),
    "activex.docx": office(parts={"word/activeX/activeX1.xml": b"<a/>"}),
    "template.docx": office(relations=relation("attachedTemplate", "https://xau.vn/a.dotm")),
    "share.docx": office(relations=relation("attachedTemplate", "file://///xau.vn/a.dotm")),
    "frame.docx": office(relations=relation("frame", "http://xau.vn/")),
    "entity.docx": office(parts={"a.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}),
    "entity16.docx": office(parts={"a.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16")}),
    "entity-types.docx": office(parts={"b.rels": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}),
    "climb.docx": office(parts={"../../etc/cron.d/x": b"x"}),
    "root.docx": office(parts={"/etc/x": b"x"}),
    "drive.docx": office(parts={"C:/x": b"x"}),
    "twice.docx": office(parts={"MAIN.XML": b"<a/>"}),
    "film.m4a": samples.m4a(b"soun", b"vide"),
    "unheard.m4a": samples.box(b"ftyp", b"M4A ....") + samples.box(
        b"moov", samples.track(b"soun", b"alac")
    ),
    # films that browsers do not play, or that are none
    "apple.mov": samples.mp4(brand=b"qt  "),
    "phone.mp4": samples.mp4(b"hvc1"),
    "new.mp4": samples.mp4(b"av01"),
    "sound.mp4": samples.m4a(b"soun"),
    "locked.mp4": samples.mp4(b"encv", b"enca"),
    "cinema.mp4": samples.mp4(sound=b"ac-3"),
    "cut.mp4": samples.mp4()[:200],
    "film.mkv": samples.webm(kind=b"matroska"),
    "renamed.webm": samples.webm(kind=b"matroska"),
    "old.webm": samples.webm(b"V_MPEG4/ISO/AVC", b"A_OPUS"),
    "sound.webm": samples.webm(b"A_OPUS"),
    "cut.webm": samples.webm()[:30],
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_sound_files_are_taken(app: Flask, keep: Keep, library: Path, name: str) -> None:
    number = keep(GOOD[name], name)
    assert names_in(library)
    with app.app_context():
        media = db.session.get_one(MediaFile, number)
        assert media.original_name == name


@pytest.mark.parametrize("name", BAD)
def test_others_are_refused_and_leave_nothing(
    app: Flask, keep: Keep, library: Path, name: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(BAD[name], name)
    assert set(refusal.value.problems) == {"file"}
    assert len(str(refusal.value)) > 20
    assert names_in(library) == []
    with app.app_context():
        assert db.session.query(MediaFile).count() == 0


@pytest.mark.parametrize(
    ("declared", "taken"),
    [
        ("image/png", True), ("image/x-png", True), ("application/octet-stream", True), ("", True),
        ("text/html", False), ("application/pdf", False), ("image", True),
    ],
)  # fmt: skip
def test_declared_type_must_be_of_the_family(keep: Keep, declared: str, taken: bool) -> None:
    if taken:
        assert keep(picture(), "a.png", declared)
    else:
        with pytest.raises(Invalid):
            keep(picture(), "a.png", declared)


def test_limits_of_size(keep: Keep) -> None:
    for name, data in (("a.jpg", GOOD["photo.jpg"]), ("a.mp3", GOOD["talk.mp3"])):
        limit = sniff.FORMATS[name[2:]].limit
        with pytest.raises(Invalid, match="lớn hơn"):
            keep(data + b"\0" * (limit + 1 - len(data)), name)


def test_photo_is_upright_and_tells_nothing(app: Flask, keep: Keep, library: Path) -> None:
    number = keep(samples.photo_with_place(orientation=6), "anh.jpg")
    with app.app_context():
        media = db.session.get_one(MediaFile, number)
        assert (media.width, media.height) == (40, 80)
    for path in library.iterdir():
        data = path.read_bytes()
        for secret in ("bí mật".encode(), b"Exif", b"EXIF", b"GPS", b"ICC_PROFILE"):
            assert secret not in data, (path.suffix, secret)
        with Image.open(path) as image:
            assert image.size == (40, 80)
            assert not image.getexif()
            top, bottom = (image.convert("RGB").getpixel((20, y)) for y in (15, 65))
        assert top[1] < 60, "the red half lies on top"
        assert bottom[1] > 200


def test_print_colours_become_screen_colours() -> None:
    image = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    drawn = pictures.render(out.getvalue(), "jpg")
    for data in drawn.variants.values():
        with Image.open(io.BytesIO(data)) as shown:
            assert shown.mode == "RGB"
            red, green, blue = shown.convert("RGB").getpixel((20, 20))
        assert (red > 180, max(green, blue) < 90) == (True, True)


def test_foreign_profile_that_does_not_fit_costs_nothing() -> None:
    for profile in (b"junk", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()):
        drawn = pictures.render(picture("JPEG", icc_profile=profile), "jpg")
        assert drawn.variants


@pytest.mark.parametrize(
    ("size", "widths"),
    [((100, 50), [100]), ((480, 9), [480]), ((700, 9), [480, 700]), ((4000, 9), [480, 960, 1600])],
)
def test_widths_never_exceed_the_original(size: tuple[int, int], widths: list[int]) -> None:
    drawn = pictures.render(picture("PNG", size), "png")
    assert sorted(drawn.variants) == sorted((w, e) for w in widths for e in ("jpg", "webp"))
    for (width, _), data in drawn.variants.items():
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (width, max(1, round(size[1] * width / size[0])))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_orientation_comes_upright(orientation: int, kind: str) -> None:
    """The upper left of what the camera saw is red, whichever way the file has it."""
    seen = Image.new("RGB", (60, 40), "white")
    seen.paste((200, 0, 0), (0, 0, 20, 15))
    turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    lying = seen if turn is None else seen.transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    lying.save(out, kind, exif=exif, **({"quality": 95} if kind != "PNG" else {}))
    drawn = pictures.render(out.getvalue(), kind.lower().replace("jpeg", "jpg"))
    assert (drawn.width, drawn.height) == (60, 40)
    for data in drawn.variants.values():
        with Image.open(io.BytesIO(data)) as image:
            shown = image.convert("RGB")
            assert shown.size == (60, 40)
            assert max(shown.getpixel((5, 5))[1:]) < 90, "red"
            assert min(shown.getpixel((50, 5))) > 200, "white"
            assert min(shown.getpixel((5, 35))) > 200, "white"


def test_sixteen_bits_a_colour_keep_their_brightness() -> None:
    drawn = pictures.render(samples.deep_colour(), "png")
    with Image.open(io.BytesIO(drawn.variants[16, "jpg"])) as image:
        red, green, blue = image.getpixel((8, 2))
        assert (abs(red - 128) < 14, green < 40, blue < 40) == (True, True, True)
        assert min(image.getpixel((8, 10))) > 240
    grey = Image.new("I;16", (20, 20), 0x8000)
    out = io.BytesIO()
    grey.save(out, "PNG")
    drawn = pictures.render(out.getvalue(), "png")
    with Image.open(io.BytesIO(drawn.variants[20, "jpg"])) as image:
        assert abs(image.convert("L").getpixel((5, 5)) - 128) < 6


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_an_animation_the_first_picture_is_kept(kind: str) -> None:
    drawn = pictures.render(samples.moving(kind), kind.lower())
    for data in drawn.variants.values():
        with Image.open(io.BytesIO(data)) as image:
            assert getattr(image, "n_frames", 1) == 1
            red, green, blue = image.convert("RGB").getpixel((20, 15))
            assert (red > 180, max(green, blue) < 90) == (True, True)


def test_colours_of_a_wide_space_are_brought_to_srgb() -> None:
    """A profile whose colours are swapped shows that it is used."""
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    assert pictures.render(picture("JPEG", icc_profile=swapped), "jpg").variants
    plain = Image.new("RGB", (20, 20), (10, 200, 30))
    out = io.BytesIO()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain.save(out, "PNG", icc_profile=srgb)
    drawn = pictures.render(out.getvalue(), "png")
    with Image.open(io.BytesIO(drawn.variants[20, "webp"])) as image:
        assert "icc_profile" not in image.info
        shown = image.convert("RGB").getpixel((9, 9))
    assert all(abs(a - b) < 12 for a, b in zip(shown, (10, 200, 30), strict=True))


@pytest.mark.parametrize(
    ("name", "words"),
    [("photo.heic", "HEIC"), ("photo-apple.jpg", "HEIC"), ("apple.mov", "H.264"),
     ("picture.tiff", "JPG hoặc PNG"), ("archive.zip", "giải nén"), ("old.doc", "docx"),
     ("large.png", "40 triệu"), ("huge.png", "40 triệu"), ("phone.mp4", "H.265")],
)  # fmt: skip
def test_refusals_say_what_to_do(keep: Keep, name: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        keep(BAD[name], name)


def test_large_photo_on_its_side_keeps_its_proportions() -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    drawn = pictures.render(picture("JPEG", (3000, 2000), exif=exif), "jpg")
    assert (drawn.width, drawn.height) == (2000, 3000)
    with Image.open(io.BytesIO(drawn.variants[1600, "jpg"])) as image:
        assert image.size == (1600, 2400)


def test_transparency_is_kept_in_webp_and_white_in_jpeg() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    drawn = pictures.render(out.getvalue(), "png")
    with Image.open(io.BytesIO(drawn.variants[20, "webp"])) as image:
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0
    with Image.open(io.BytesIO(drawn.variants[20, "jpg"])) as image:
        assert min(image.getpixel((5, 5))) > 250


@pytest.mark.parametrize("extension", ["jpg", "png", "webp"])
def test_redrawn_picture_keeps_its_format_and_tells_nothing(extension: str) -> None:
    photo = samples.photo_with_place(orientation=6)
    if extension != "jpg":
        out = io.BytesIO()
        with Image.open(io.BytesIO(photo)) as image:
            image.save(out, extension, exif=image.getexif())
        photo = out.getvalue()
    data = pictures.redraw(photo, extension, 40)
    for secret in ("bí mật".encode(), b"Exif", b"EXIF", b"eXIf", b"GPS", b"ICC_PROFILE"):
        assert secret not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == (extension.upper().replace("JPG", "JPEG"), (20, 40))
        top, bottom = (image.convert("RGB").getpixel((10, y)) for y in (5, 35))
    assert top[1] < 60, "the red half lies on top"
    assert bottom[1] > 200


@pytest.mark.parametrize("extension", ["png", "webp"])
def test_redrawn_picture_keeps_its_transparency(extension: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, extension)
    with Image.open(io.BytesIO(pictures.redraw(out.getvalue(), extension, 4_000))) as image:
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0


@given(st.text(max_size=300))
def test_names_are_cleaned(name: str) -> None:
    cleaned = sniff.clean_name(name)
    assert 0 < len(cleaned) <= 150
    assert "/" not in cleaned
    assert "\\" not in cleaned
    assert "\n" not in cleaned
    assert cleaned not in (".", "..")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_damaged_files_are_refused_or_sound_never_an_error(name: str, data: st.DataObject) -> None:
    """Any byte of a good file changed: a picture, or a refusal in words."""
    whole = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    extension = Path(name).suffix.lower()[1:].replace("jpeg", "jpg")
    if extension not in ("jpg", "png", "webp", "gif"):
        extension = "png"
    with contextlib.suppress(Invalid):
        assert pictures.render(bytes(whole), extension).variants
