"""Contacts and names of files are sealed: in the database, in backups, under turning keys."""

from __future__ import annotations

import dataclasses
import io
import logging
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from portal.accounts.permissions import Actor, Role
from portal.core.db import db, write
from portal.core.mail import Letter
from portal.core.settings import load_settings
from portal.feedback import contacts
from portal.feedback.contacts import Contact
from portal.feedback.models import Feedback, FeedbackContact, FeedbackFile
from portal.ops import backup
from tests.feedback.conftest import CONTACT, TEXTS, Citizen, picture
from tests.feedback.test_desk import Officer
from tests.support.installations import environment_of

FILE = "đơn của Mật Danh.jpg"
SECRETS = ("Mật Danh", "Mật Danh".encode().hex(), "0912 345 678", "mat.danh@vidu.vn")


@pytest.fixture
def sent(citizen: Citizen) -> None:
    citizen.send(TEXTS | CONTACT, [(io.BytesIO(picture()), FILE)])


def _turn(app: Flask, *keys: str) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(settings, contact_keys=keys)


def _contact() -> Contact | None:
    return contacts.of(db.session(), db.session.scalars(select(Feedback)).one())


def _file_names() -> list[str]:
    return list(contacts.names_of(db.session.scalars(select(FeedbackFile))).values())


@pytest.mark.sqlite
def test_the_database_and_its_backup_tell_no_names(
    app: Flask, instance: Path, sent: None, tmp_path: Path
) -> None:
    with app.app_context():
        assert _contact() == Contact(
            name=CONTACT["name"], phone=CONTACT["phone"], email=CONTACT["email"]
        )
        assert db.session.scalars(select(Letter)).one().address == CONTACT["email"]
        archive = backup.make(app.extensions["settings"], tmp_path / "backups").path
        db.session.remove()
        db.engine.dispose()  # with the last connection the write-ahead log goes into the file
    for path in (archive, instance / "portal.sqlite3"):
        raw = path.read_bytes()
        assert TEXTS["subject"].encode() in raw
        for secret in SECRETS:
            assert secret.encode() not in raw, (path.name, secret)


def test_a_sealed_contact_opens_in_its_own_row_only(app: Flask, citizen: Citizen) -> None:
    citizen.send(TEXTS | CONTACT)
    citizen.send(TEXTS | CONTACT | {"body": "Một việc khác.", "name": "Người Thứ Hai"})
    with app.app_context():
        with write() as session:
            one, other = session.scalars(select(FeedbackContact)).all()
            one.sealed, other.sealed = other.sealed, one.sealed
        for item in db.session.scalars(select(Feedback)):
            assert contacts.of(db.session(), item) == Contact(readable=False)


def test_keys_turn(app: Flask, sent: None) -> None:
    old = app.extensions["settings"].contact_keys[0]
    new = secrets.token_hex(32)
    _turn(app, new, old)
    with app.app_context():
        assert _file_names() == [FILE]
        assert contacts.reseal() == (2, 0)
        assert contacts.reseal() == (0, 0)
    _turn(app, new)
    with app.app_context():
        contact = _contact()
        assert contact is not None
        assert contact.values == [CONTACT["name"], CONTACT["phone"], CONTACT["email"]]
        assert _file_names() == [FILE]


def test_the_command_reseals(app: Flask, sent: None) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["feedback", "reseal"]).output == "sealed anew: 0, not readable: 0\n"
    _turn(app, secrets.token_hex(32))
    lost = run(args=["feedback", "reseal"])
    assert (lost.exit_code, lost.output) == (1, "sealed anew: 0, not readable: 2\n")


def test_a_lost_key_breaks_nothing(
    app: Flask,
    sent: None,
    staff: Callable[..., tuple[FlaskClient, Actor]],
    units: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    officer = Officer(*staff(Role.FEEDBACK_OFFICER))
    _turn(app, secrets.token_hex(32))
    page = officer.do(1, "lien-he").get_data(as_text=True)
    assert "Không mở được liên hệ này" in page
    assert "tep-1.jpg" in page
    with caplog.at_level(logging.WARNING):
        assert officer.do(1, "tra-loi", answer_text="Đã xem xét.").status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Letter)).all()) == 1  # the receipt
        assert _contact() == Contact(readable=False)
    assert any(record.message == "contact.not_readable" for record in caplog.records)
    assert officer.client.get("/ban-lam-viec/phan-anh/1/cong-khai").status_code == 200


def test_migrating_seals_what_was_plain(app: Flask, sent: None, instance: Path) -> None:
    with app.app_context():
        db.session.remove()
        downgrade(revision="0019_feedback_in_full")
        with db.engine.begin() as connection:
            plain = connection.execute(
                text("SELECT c.name, c.phone, c.email, f.original_name"
                     " FROM feedback_contact c JOIN feedback_file f USING (feedback_id)")
            ).one()  # fmt: skip
        assert tuple(plain) == (CONTACT["name"], CONTACT["phone"], CONTACT["email"], FILE)
        upgrade()
        contact = _contact()
        assert contact is not None
        assert contact.values == [CONTACT["name"], CONTACT["phone"], CONTACT["email"]]
        assert _file_names() == [FILE]
        kept = db.session.scalars(select(FeedbackContact)).one()
        assert kept.consent_version
        assert "Mật" not in kept.sealed


def test_the_key_has_a_file_of_its_own(instance: Path) -> None:
    settings = load_settings(environment_of(instance))
    lines = (instance / "keys" / "contacts.key").read_text("ascii").split()
    assert lines == list(settings.contact_keys)
    assert (instance / "keys" / "contacts.key").stat().st_mode & 0o077 == 0
    assert not {*settings.contact_keys} & {*settings.sealing_keys, settings.audit_key}
    assert settings.contact_keys[0] not in repr(settings)
