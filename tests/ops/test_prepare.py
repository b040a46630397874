"""From nothing to ready, quickly when nothing changed, and never past a fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.core.db import db
from portal.core.errors import SettingsError
from portal.core.settings import ROOT, load_settings
from portal.ops import prepare
from portal.procedures.models import Procedure
from tests.support.server import flask


@pytest.fixture
def small(tmp_path: Path) -> Flask:
    """The commune's portal on a fresh instance folder, with content of its own to change."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content-examples" / "xa-thanh-ha", content)
    environment = {"PORTAL_INSTANCE": str(tmp_path / "i"), "PORTAL_CONTENT": str(content)}
    return create_app(load_settings(environment))


def test_from_nothing_and_again(small: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    settings = small.extensions["settings"]
    with small.app_context():
        prepare.prepare(settings, said.append)
        assert db.session.query(Procedure).count() > 10
        assert any("/tai-khoan/kich-hoat/" in line for line in said)
        assert (settings.instance / "error-pages" / "404.html").exists()
        monkeypatch.setattr(prepare, "load_content", lambda _: pytest.fail("nothing changed"))
        prepare.prepare(settings, said.append)


def test_changed_content_is_loaded_and_faults_stop(small: Flask) -> None:
    settings = small.extensions["settings"]
    units = settings.content / "units.yaml"
    with small.app_context():
        prepare.prepare(settings, lambda _: None)
        good = units.read_text("utf-8")
        units.write_text(good + "\n- {code: x}\n", "utf-8")
        said: list[str] = []
        with pytest.raises(SettingsError):
            prepare.prepare(settings, said.append)
        assert any("units.yaml:" in line for line in said)
        units.write_text(good, "utf-8")
        prepare.prepare(settings, lambda _: None)


def test_stamp_of_another_database_does_not_count(small: Flask) -> None:
    settings = small.extensions["settings"]
    with small.app_context():
        prepare.prepare(settings, lambda _: None)
        db.session.remove()
        db.engine.dispose()
        for path in settings.instance.glob("portal.sqlite3*"):
            path.unlink()
        prepare.prepare(settings, lambda _: None)
        assert db.session.query(Procedure).count() > 10


def test_command_tells_a_wrong_setting_in_one_line(tmp_path: Path) -> None:
    done = flask(tmp_path, "prepare", PORTAL_WORKERS="many")
    assert done.returncode != 0
    assert "PORTAL_WORKERS" in done.stderr
