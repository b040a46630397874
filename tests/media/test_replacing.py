"""Another content under the same address; what was there comes back; nothing is left behind."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.media import queries, replacing, service, storage, usage
from portal.media.models import MediaFile
from portal.media.service import Description, Upload
from portal.media.usage import Use
from tests.media import samples
from tests.media.conftest import Keep, names_in
from tests.media.samples import SCAN, pdf, picture
from tests.support.staff import make_user

SAME = pdf()


@pytest.fixture
def everything_public() -> Iterator[None]:
    """Readers see every file."""
    usage.register("test", lambda _session, _id: [Use("Bài đã đăng", "/x", public=True)])
    yield
    usage.register("test", lambda _session, _id: [])


@pytest.fixture
def swap(app: Flask, author: Actor) -> Callable[..., None]:
    def do(number: int, data: bytes, name: str, actor: Actor = author) -> None:
        with app.app_context():
            replacing.replace(actor, number, Upload(io.BytesIO(data), name))

    return do


def row(app: Flask, number: int) -> MediaFile:
    with app.app_context():
        return db.session.get_one(MediaFile, number)


@pytest.mark.usefixtures("everything_public")
def test_everybody_sees_the_new_file_at_the_old_address(
    app: Flask, client: FlaskClient, keep: Keep, swap: Callable[..., None]
) -> None:
    number = keep(pdf(), "mau-01.pdf", title="Mẫu 01")
    before = row(app, number)
    old = client.get(before.url)
    swap(number, pdf(pages=[samples.shows("Mau don moi, thay cho mau cu")]), "mau-01-moi.pdf")
    after = row(app, number)
    assert (after.url, after.title) == (before.url, "Mẫu 01")
    assert after.shown_url != before.shown_url, "no browser shows what it kept"
    new = client.get(after.url, headers={"If-None-Match": old.headers["ETag"]})
    assert new.status_code == 200
    assert new.data != old.data
    assert "mau-01-moi.pdf" in new.headers["Content-Disposition"]
    kept = client.get(before.shown_url)
    assert kept.data == new.data
    assert kept.headers["Cache-Control"] == "public, no-cache", "the address of the old content"
    dated = client.get(after.shown_url)
    assert dated.headers["Cache-Control"] == "public, max-age=600"


@pytest.mark.usefixtures("everything_public")
def test_addresses_of_all_former_widths_go_on(
    app: Flask, client: FlaskClient, keep: Keep, swap: Callable[..., None]
) -> None:
    number = keep(picture(size=(700, 350)), "a.png", alt="Sơ đồ")
    base = row(app, number).url.rpartition("/")[0]
    assert row(app, number).url.endswith("/700.jpg")
    swap(number, picture("JPEG", (2000, 1000)), "b.jpg")
    answer = client.get(f"{base}/700.jpg")
    assert answer.status_code == 200
    with samples.Image.open(io.BytesIO(answer.data)) as image:
        assert image.size == (960, 480)
    swap(number, picture("JPEG", (300, 150)), "c.jpg")
    for width in (480, 700, 960, 1600):
        assert client.get(f"{base}/{width}.webp").status_code == 200
    assert client.get(f"{base}/701.webp").status_code == 404


def test_versions_are_kept_and_come_back(
    app: Flask, keep: Keep, swap: Callable[..., None], author: Actor, library: Path
) -> None:
    number = keep(picture(size=(500, 300)), "mot.png", alt="Ảnh")
    first = row(app, number).sha256
    swap(number, picture(size=(600, 400)), "hai.png")
    assert len(names_in(library)) == 8, "both are on disk, in two widths and two formats"
    with app.app_context():
        (former,) = queries.versions(db.session(), number)
        assert (former.original_name, former.width) == ("mot.png", 500)
        replacing.restore_version(author, number, former.id)
        (former,) = queries.versions(db.session(), number)
        assert former.original_name == "hai.png"
        media = db.session.get_one(MediaFile, number)
        assert (media.sha256, media.original_name, media.width) == (first, "mot.png", 500)
        assert storage.findings(db.session()) == ([], [])
        events = db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
        assert events == ["media.uploaded", "media.replaced", "media.version_restored"]
        with pytest.raises(NotFound):
            replacing.restore_version(author, number, 4711)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (samples.office(), "a.docx", "Loại tệp này|cùng loại"),
        (samples.mp3(), "a.mp3", "Loại tệp này"),
        (b"MZ" + b"\0" * 99, "a.pdf", "không phải"),
        (SAME, "khac-ten.pdf", "giống hệt"),
    ],
)
def test_another_kind_and_the_same_file_are_refused(  # noqa: PLR0917
    app: Flask, keep: Keep, swap: Callable[..., None], library: Path, data: bytes, name: str,
    words: str,
) -> None:  # fmt: skip
    number = keep(SAME, "a.pdf")
    before = names_in(library)
    with pytest.raises(Invalid, match=words):
        swap(number, data, name)
    assert names_in(library) == before
    with app.app_context():
        assert not queries.versions(db.session(), number)


@pytest.mark.usefixtures("everything_public")
def test_a_scan_does_not_replace_what_readers_can_hear(
    app: Flask, keep: Keep, swap: Callable[..., None], author: Actor, library: Path
) -> None:
    number = keep(pdf(), "a.pdf", title="Quyết định")
    before = names_in(library)
    with pytest.raises(Invalid, match="Bài đã đăng") as refusal:
        swap(number, pdf(pages=[SCAN]), "quet.pdf")
    assert set(refusal.value.problems) == {"abstract"}
    assert names_in(library) == before
    abstract = "Quyết định công bố danh mục thủ tục mới và nơi nhận hồ sơ từ tháng sau."
    with app.app_context():
        service.describe(author, number, Description(title="Quyết định", abstract=abstract))
    swap(number, pdf(pages=[SCAN]), "quet.pdf")
    with app.app_context(), pytest.raises(Invalid):
        service.describe(author, number, Description(title="Quyết định", abstract=""))


def test_full_disk_leaves_the_old_file(
    app: Flask, keep: Keep, swap: Callable[..., None], library: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    number = keep(picture(), "a.png", alt="Ảnh")
    before, names = row(app, number).sha256, names_in(library)

    def record(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service.audit, "record", record)
    with pytest.raises(OSError, match="No space"):
        swap(number, picture(size=(90, 90)), "b.png")
    assert (row(app, number).sha256, names_in(library)) == (before, names)


def test_only_who_may_edit_and_only_what_is_there(
    app: Flask, keep: Keep, swap: Callable[..., None], author: Actor
) -> None:
    number = keep(picture(), "a.png", alt="Ảnh")
    with pytest.raises(NotAllowed):
        swap(number, picture(size=(9, 9)), "b.png", make_user(app, Role.AUTHOR, "vp"))
    with pytest.raises(NotFound):
        swap(4711, picture(size=(9, 9)), "b.png")
    with app.app_context():
        service.remove(author, number)
    with pytest.raises(Conflict):
        swap(number, picture(size=(9, 9)), "b.png")


def test_purge_takes_former_contents_poster_and_captions(  # noqa: PLR0917
    app: Flask, keep: Keep, swap: Callable[..., None], author: Actor, library: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    number = keep(samples.mp4(), "a.mp4")
    swap(number, samples.mp4(seconds=9), "b.mp4")
    with app.app_context():
        replacing.set_poster(author, number, Upload(io.BytesIO(picture(size=(1200, 700))), "p.png"))
        replacing.set_captions(author, number, io.BytesIO(samples.VTT.encode()))
        assert len(names_in(library)) == 4
        assert storage.findings(db.session()) == ([], [])
        service.remove(author, number)
        later = clock.now() + service.KEPT_AFTER_REMOVAL * 2
        monkeypatch.setattr(clock, "now", lambda: later)
        assert service.purge() == 1
    assert names_in(library) == []


@pytest.mark.usefixtures("everything_public")
def test_film_gets_a_picture_and_captions(
    app: Flask, client: FlaskClient, keep: Keep, author: Actor, library: Path
) -> None:
    number = keep(samples.mp4(), "a.mp4", title="Hướng dẫn")
    with app.app_context():
        replacing.set_poster(author, number, Upload(io.BytesIO(picture(size=(1200, 700))), "p.png"))
        replacing.set_captions(author, number, io.BytesIO(samples.SRT.encode()))
        replacing.set_captions(author, number, io.BytesIO(samples.VTT.encode()))
    media = row(app, number)
    assert len(names_in(library)) == 3, "the first captions are gone"
    assert media.transcript == "Xin chào bạn.\nHẹn gặp lại.", "words of the first captions"
    captions = client.get(media.captions_url)
    assert captions.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert captions.data.startswith(b"WEBVTT\n")
    assert captions.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(media.poster_url).headers["Content-Type"] == "image/jpeg"
    page = client.get(media.page_url).get_data(as_text=True)
    assert media.captions_url in page.replace("&amp;", "&")
    assert "Xin chào bạn." in page
    with app.app_context():
        for broken in (b"khong phai phu de", b"\xff\xfe"):
            with pytest.raises(Invalid):
                replacing.set_captions(author, number, io.BytesIO(broken))
        with pytest.raises(Invalid) as refusal:
            replacing.set_poster(author, number, Upload(io.BytesIO(pdf()), "a.pdf"))
        assert set(refusal.value.problems) == {"poster"}
        replacing.set_poster(author, number, None)
        replacing.set_captions(author, number, None)
    assert len(names_in(library)) == 1
    assert client.get(media.captions_url).status_code == 404


def test_only_films_have_captions(app: Flask, keep: Keep, author: Actor) -> None:
    number = keep(pdf(), "a.pdf")
    with app.app_context():
        with pytest.raises(Conflict):
            replacing.set_captions(author, number, io.BytesIO(samples.VTT.encode()))
        with pytest.raises(Conflict):
            replacing.set_poster(author, number, None)


def test_rooms_are_told_of_changes(app: Flask, keep: Keep, author: Actor) -> None:
    told: list[int] = []

    def listen(_session: Session, media_id: int) -> None:
        told.append(media_id)

    number = keep(samples.mp3(), "a.mp3")
    usage.register("test", lambda _session, _id: [], listener=listen)
    try:
        with app.app_context():
            words = "Bạn mang theo giấy hẹn khi đến."
            service.describe(author, number, Description(title="Lời dặn", transcript=words))
            service.describe(author, number, Description(title="Lời dặn", transcript=words))
    finally:
        usage.register("test", lambda _session, _id: [], listener=lambda _session, _id: None)
    assert told == [number]
