"""Files are whole or absent; letters leave after commit, wait for a dead server, and once."""

from __future__ import annotations

import errno
import io
import os
import smtplib
from pathlib import Path

import pytest
from flask import Flask

from portal.core import files, mail
from portal.core.db import db, write
from portal.core.errors import Invalid
from portal.core.mail import Letter


def test_store_names_hashes_and_syncs(tmp_path: Path) -> None:
    kept = files.store(io.BytesIO(b"noi dung"), tmp_path, "pdf", limit=100)
    assert (tmp_path / kept.name).read_bytes() == b"noi dung"
    assert kept.size == 8
    assert len(kept.name) == 36
    assert (tmp_path / kept.name).stat().st_mode & 0o777 == 0o640


def test_store_refuses_too_much_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        files.store(io.BytesIO(b"x" * 101), tmp_path, "pdf", limit=100)
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        files.store(io.BytesIO(b"x"), tmp_path, "pdf", limit=100)
    with pytest.raises(OSError, match="space"):
        files.write_atomically(tmp_path / "a.txt", b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "shown"),
    [(512, "512 byte"), (24_300, "24 kB"), (1_500_000, "1,5 MB"), (2_000_000, "2 MB")],
)
def test_sizes_read_well(size: int, shown: str) -> None:
    assert files.format_size(size) == shown


def test_letter_leaves_after_commit_only(app: Flask, instance: Path) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError), write() as session:
            mail.enqueue(session, "a@vidu.vn", "Chủ đề", "Lời thư")
            raise RuntimeError
        assert mail.deliver_due() == (0, 0)
        with write() as session:
            mail.enqueue(session, "a@vidu.vn", "Chủ đề\r\nBcc: b@vidu.vn", "Lời thư")
        assert mail.deliver_due() == (1, 0)
        assert mail.deliver_due() == (0, 0)
        letter = db.session.query(Letter).one()
        assert (letter.recipient, letter.body) == ("", "")
    [kept] = (instance / "outbox").glob("*.eml")
    assert b"\nBcc:" not in kept.read_bytes()


def test_dead_server_delays_letters_and_nothing_else(app: Flask, monkeypatch) -> None:
    def dead(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    with app.app_context():
        with write() as session:
            mail.enqueue(session, "a@vidu.vn", "Chủ đề", "Lời thư")
        with monkeypatch.context() as patch:
            patch.setattr(mail, "_send", dead)
            assert mail.deliver_due() == (0, 1)
        assert mail.pending_count(db.session()) == 1
        assert mail.deliver_due() == (0, 0), "it waits before it is tried again"


@pytest.mark.parametrize(
    "address", ["", "khong", "a@b", "a@vidu.vn\r\nBcc: x@vidu.vn", "a b@vidu.vn"]
)
def test_bad_addresses_are_refused(app: Flask, address: str) -> None:
    with pytest.raises(Invalid), app.app_context():
        mail.check_address(address)
