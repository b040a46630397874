"""A disk without room: nothing is lost, reading goes on, and it recovers by itself.

The instance lies on a small file system of its own, which only root may mount.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.drill.crowd import CODE, FORM, READING_SECONDS, make_pdf
from tests.support.browsing import Browser, Page
from tests.support.server import Server, free_port

pytestmark = pytest.mark.slow
ROOM = 8 << 20
TEXTS = {"kind": "complaint", "subject": "Ổ đĩa đầy", "body": "Nội dung phải còn trên trang này."}


@pytest.fixture
def server(loaded_instance: Path, tmp_path: Path) -> Iterator[Server]:
    """A portal whose instance folder has 8 MB of room left."""
    folder = tmp_path / "small"
    folder.mkdir()
    size = sum(path.stat().st_size for path in loaded_instance.rglob("*") if path.is_file())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size + ROOM}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    running = Server(folder / "instance", free_port(), tmp_path / "server.log")
    try:
        shutil.copytree(loaded_instance, running.instance)
        running.start()
        yield running
    finally:
        with suppress(ProcessLookupError):
            running.kill_all()
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(server: Server) -> Path:
    """Take all the room that is left, and what the database keeps for its next pages."""
    ballast = server.instance.parent / "ballast"
    log = server.instance / "portal.sqlite3-wal"
    for _ in range(100):
        _take_all(ballast)
        with closing(sqlite3.connect(server.instance / "portal.sqlite3")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if not log.exists() or log.stat().st_size == 0:
            _take_all(ballast)
            return ballast
        time.sleep(0.1)
    raise AssertionError("the database goes on writing")


def _take_all(ballast: Path) -> None:
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass


def typed(page: Page) -> dict[str, str]:
    """What stands in the form of a page, as far as the citizen wrote it."""
    return {name: value for name, value in page.form(FORM).fields if name in TEXTS}


def test_a_full_disk_loses_nothing_and_heals_by_itself(server: Server) -> None:
    citizen = Browser(server.port)
    review = citizen.submit(
        citizen.get(f"{FORM}?loai=question"), {**TEXTS, "buoc": "xem"}, action=FORM
    )
    assert review.status == 200
    time.sleep(READING_SECONDS)
    ballast = fill_up(server)

    refused = citizen.submit(review, {"buoc": "gui"}, action=FORM)
    assert refused.status == 503
    assert "chưa lưu được" in refused.text
    assert typed(refused) == TEXTS
    files = [("tep", "giay-to.pdf", make_pdf("đầy") + os.urandom(400_000))]
    another = Browser(server.port)
    with_file = another.submit(
        another.get(f"{FORM}?loai=question"), {**TEXTS, "buoc": "xem"}, action=FORM, files=files
    )
    assert with_file.status == 503
    assert typed(with_file) == TEXTS

    reader = Browser(server.port)
    for path in ("/", "/thu-tuc/", "/cai-cach-hanh-chinh/", "/duong-day-nong/", "/phan-anh/",
                 "/tim-kiem?q=giay+phep", "/thu-tuc/?q=giay+phep", "/healthz"):  # fmt: skip
        assert reader.get(path).status == 200, path
    assert reader.get("/readyz").status == 503

    ballast.unlink()
    accepted = citizen.submit(refused, {"buoc": "gui"}, action=FORM)
    assert accepted.status == 200
    assert CODE.search(accepted.text), accepted.text
    assert reader.get("/readyz").status == 200
    check_nothing_half_written(server.instance)


def check_nothing_half_written(instance: Path) -> None:
    connection = sqlite3.connect(instance / "portal.sqlite3")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        subjects = connection.execute("SELECT subject FROM feedback").fetchall()
    finally:
        connection.close()
    assert subjects == [(TEXTS["subject"],)]
    assert list((instance / "uploads").rglob("*.part")) == []
