"""Killing an import at any moment: all of its rows are there or none, and it can be begun again."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from portal.core.settings import ROOT
from tests.support.installations import installed
from tests.support.server import environment, flask

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
ROWS = 600
MOMENTS = (0.5, 0.65, 0.75, 0.85, 0.95)
"""Shares of the time that a whole import takes; starting the command takes the first third."""


def procedures_file(folder: Path) -> Path:
    path = folder / "thu-tuc.jsonl"
    steps = [{"name": f"Bước {n}", "description": "Nộp hồ sơ. " * 60} for n in range(5)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(ROWS):
            record = {
                "code": f"9.{number:06}", "name": f"Cấp giấy phép cho cơ sở số {number}",
                "field": "Khám bệnh, chữa bệnh", "levels": ["Cấp tỉnh"], "steps": steps,
                "results": ["Giấy phép"],
            }  # fmt: skip
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def imported(instance: Path) -> int:
    """How many of the rows are there; the database as a whole is sound."""
    with closing(sqlite3.connect(instance / "portal.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (count,) = connection.execute(
            "SELECT count(*) FROM procedure WHERE code LIKE '9.%'"
        ).fetchone()
    return int(count)


def start(instance: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "procedures", "import", str(file)],
        cwd=ROOT, env=environment(instance, 8000),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_an_import_that_is_killed_leaves_all_or_nothing(
    template_instance: Path, tmp_path: Path
) -> None:
    file = procedures_file(tmp_path)
    shutil.copytree(template_instance, tmp_path / "whole")
    began = time.monotonic()
    assert start(tmp_path / "whole", file).wait(300) == 0
    took = time.monotonic() - began
    assert imported(tmp_path / "whole") == ROWS

    with installed(tmp_path / "instance", template_instance) as instance:
        found = []
        for share in MOMENTS:
            running = start(instance, file)
            time.sleep(took * share)
            running.send_signal(signal.SIGKILL)
            running.wait(30)
            found.append(imported(instance))
            assert found[-1] in (0, ROWS), found
        assert found[0] == 0, "killed before anything could be written"
        done = flask(instance, "procedures", "import", str(file))
        assert done.returncode == 0, done.stderr
        assert imported(instance) == ROWS
        assert flask(instance, "search", "rebuild").returncode == 0
