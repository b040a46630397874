"""The library's use cases: durable or nothing, described, removed, brought back, accounted for."""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, Role, may
from portal.core import clock, files
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.media import service, storage, usage
from portal.media.models import MediaFile, MediaKind
from portal.media.service import Description, Upload
from portal.media.usage import Use
from tests.media import samples
from tests.media.conftest import Keep, names_in
from tests.media.test_intake import GOOD
from tests.support.staff import make_user


def found(app: Flask, number: int) -> MediaFile:
    with app.app_context():
        return db.session.get_one(MediaFile, number)


def test_row_tells_of_the_file(app: Flask, keep: Keep, author: Actor, library: Path) -> None:
    data = samples.picture("PNG", (600, 300))
    media = found(app, keep(data, "So_do quy trình.png", alt=" Sơ đồ ", credit="CDC"))
    assert (media.title, media.alt, media.credit) == ("So do quy trình", "Sơ đồ", "CDC")
    assert (media.width, media.height, media.size) == (600, 300, len(data))
    assert (media.author_id, media.unit_code) == (author.user_id, "cdc")
    assert names_in(library) == sorted(storage.file_names(media))
    assert all(path.stat().st_mode & 0o777 == 0o640 for path in library.iterdir())
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.event)).all() == ["media.uploaded"]


@pytest.mark.parametrize("name", ["photo.jpg", "letter.pdf"])
def test_full_disk_leaves_nothing(
    app: Flask, keep: Keep, library: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real, count = os.fsync, iter(range(100))

    def fsync(descriptor: int) -> None:
        if next(count) >= 1:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(files.os, "fsync", fsync)
    with pytest.raises(OSError, match="No space"):
        keep(GOOD[name], name)
    monkeypatch.undo()
    with app.app_context():
        assert db.session.query(MediaFile).count() == 0
    assert names_in(library) == []
    assert keep(GOOD[name], name), "works again without restart"


def test_failed_commit_leaves_no_file(
    app: Flask, keep: Keep, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def record(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service.audit, "record", record)
    with pytest.raises(OSError, match="No space"):
        keep(GOOD["photo.jpg"], "a.jpg")
    assert names_in(library) == []
    with app.app_context():
        assert db.session.query(MediaFile).count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_who_may_upload(app: Flask, keep: Keep, role: Role) -> None:
    actor = make_user(app, role, "cdc" if role in (Role.AUTHOR, Role.UNIT_EDITOR) else None)
    if role in (Role.AUTHOR, Role.UNIT_EDITOR, Role.PUBLISHER, Role.FEEDBACK_OFFICER):
        assert keep(GOOD["dot.png"], "a.png", actor=actor)
    else:
        with pytest.raises(NotAllowed):
            keep(GOOD["dot.png"], "a.png", actor=actor)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("unit", ["cdc", "vp"])
@pytest.mark.parametrize("verb", ["edit", "remove"])
def test_who_may_change(  # noqa: PLR0917
    app: Flask, keep: Keep, author: Actor, role: Role, unit: str, verb: str
) -> None:
    number = keep(GOOD["dot.png"], "a.png")
    actor = make_user(app, role, unit)
    allowed = role in (Role.PUBLISHER, Role.ADMINISTRATOR) or (
        role == Role.UNIT_EDITOR and unit == "cdc"
    )
    with app.app_context():
        assert may(actor, f"media.{verb}", db.session.get_one(MediaFile, number)) == allowed
        try:
            if verb == "edit":
                service.describe(actor, number, Description(title="Khác"))
            else:
                service.remove(actor, number)
        except NotAllowed:
            assert not allowed
        else:
            assert allowed


def test_describe_is_told_field_by_field(app: Flask, keep: Keep, author: Actor) -> None:
    number = keep(GOOD["dot.png"], "a.png", alt="cũ")
    with app.app_context():
        service.describe(author, number, Description(title="a", alt="mới"))
        service.describe(author, number, Description(title="a", alt="mới"))
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "media.changed")
        ).all()
        assert [entry.changes for entry in entries] == [{"alt": ["cũ", "mới"]}]
        with pytest.raises(Invalid):
            service.describe(author, number, Description(title=" "))
        with pytest.raises(Invalid):
            service.describe(author, number, Description(title="x" * 201))


def test_removed_and_restored(app: Flask, keep: Keep, author: Actor) -> None:
    number = keep(GOOD["dot.png"], "a.png")
    with app.app_context():
        service.remove(author, number)
        service.remove(author, number)
        assert db.session.get_one(MediaFile, number).removed_at is not None
        service.restore(author, number)
        assert db.session.get_one(MediaFile, number).removed_at is None
        events = db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
        assert events == ["media.uploaded", "media.removed", "media.restored"]
        with pytest.raises(NotFound):
            service.remove(author, 999)


def test_what_readers_see_cannot_be_removed(app: Flask, keep: Keep, author: Actor) -> None:
    number = keep(GOOD["dot.png"], "a.png")

    def find(_session: Session, _media_id: int) -> list[Use]:
        return [Use("Bài đã đăng", "/x", public=True)]

    usage.register("test", find)
    try:
        with app.app_context(), pytest.raises(Conflict, match="Bài đã đăng"):
            service.remove(author, number)
    finally:
        usage.register("test", lambda _session, _id: [])


def test_purge_deletes_only_what_is_long_gone(
    app: Flask, keep: Keep, author: Actor, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, there = keep(GOOD["photo.jpg"], "a.jpg"), keep(GOOD["letter.pdf"], "b.pdf")
    later = clock.now() + timedelta(days=31)
    with app.app_context():
        service.remove(author, gone)
        assert service.purge() == 0
        monkeypatch.setattr(clock, "now", lambda: later)
        assert service.purge() == 1
        assert db.session.scalars(select(MediaFile.id)).all() == [there]
    assert [name.rpartition(".")[2] for name in names_in(library)] == ["pdf"]


def test_findings_list_orphans_and_missing(app: Flask, keep: Keep, library: Path) -> None:
    keep(GOOD["letter.pdf"], "a.pdf")
    lost = names_in(library)[0]
    (library / lost).unlink()
    for name, age in (("fresh.pdf", 0), ("old.pdf", 7200)):
        (library / name).write_bytes(b"x")
        moment = time.time() - age
        os.utime(library / name, (moment, moment))
    with app.app_context():
        assert storage.findings(db.session()) == (["old.pdf"], [lost])


def test_only_the_kinds_asked_for(app: Flask, author: Actor) -> None:
    sent = Upload(io.BytesIO(GOOD["letter.pdf"]), "a.pdf")
    with app.app_context(), pytest.raises(Invalid):
        service.upload(author, sent, Description(), kinds=[MediaKind.IMAGE])


def test_unit_of_another_is_refused(app: Flask, author: Actor) -> None:
    sent = Upload(io.BytesIO(GOOD["dot.png"]), "a.png")
    with app.app_context(), pytest.raises(Invalid):
        service.upload(author, sent, Description(), unit_code="vp")


def test_database_refuses_pictures_without_size(app: Flask, keep: Keep) -> None:
    number = keep(GOOD["dot.png"], "a.png")
    with (
        app.app_context(),
        pytest.raises(Exception, match=r"(?i)check constraint"),
        write() as session,
    ):
        session.get_one(MediaFile, number).width = None


def test_files_of_before_are_looked_into_once(app: Flask, keep: Keep, library: Path) -> None:
    scan, talk = keep(samples.pdf(pages=[samples.SCAN]), "a.pdf"), keep(samples.mp3(500), "b.mp3")
    lost = keep(samples.pdf(), "c.pdf")
    with app.app_context(), write() as session:
        for number in (scan, talk, lost):
            row = session.get_one(MediaFile, number)
            row.text_layer, row.seconds, row.pages = "", None, None
            if number == lost:
                (library / storage.file_names(row)[0]).unlink()
    with app.app_context():
        assert service.look_again() == 2
        assert service.look_again() == 0
    assert (found(app, scan).text_layer, found(app, scan).pages) == ("none", 1)
    assert found(app, talk).seconds == 13
