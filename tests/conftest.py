"""What all tests share: an application on an empty database, a network that is closed."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.accounts.permissions import Actor, Role
from portal.app import create_app
from portal.core.db import db
from portal.core.locks import file_lock
from portal.core.settings import ROOT, load_settings
from tests.support.compiled import keep_routes, keep_templates
from tests.support.installations import SERVER, environment_of, installed, let_healing_end
from tests.support.pages import PageClient
from tests.support.staff import make_user, sign_in

# Speed is measured in bench/, never asserted: a loaded machine must not fail a test.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")
keep_routes()
keep_templates()
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in ("", "127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wanted to reach {host}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite itself when the tests run on PostgreSQL."""
    if SERVER:
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip("about SQLite itself"))


@pytest.fixture(scope="session")
def template_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance folder with an empty, migrated database and its index; each test copies it."""
    from portal.search import service as search

    with installed(tmp_path_factory.mktemp("instance")) as folder:
        app = create_app(load_settings(environment_of(folder)))
        with app.app_context():
            _make_schema()
            search.rebuild()
            db.session.remove()
            db.engine.dispose()
        yield folder


def _make_schema() -> None:
    if list((ROOT / "migrations" / "versions").glob("*.py")):
        from flask_migrate import upgrade

        upgrade()
    else:
        db.metadata.create_all(db.engine)


@pytest.fixture(scope="session")
def loaded_instance(
    template_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """An instance folder with the shipped content loaded and indexed; the processes of one run
    share it, unless its database is on a server."""
    if SERVER or "PYTEST_XDIST_WORKER" not in os.environ:
        with installed(tmp_path_factory.mktemp("loaded") / "instance", template_instance) as folder:
            _load(folder)
            yield folder
        return
    folder = tmp_path_factory.getbasetemp().parent / "loaded"
    with file_lock(folder.with_suffix(".lock"), wait=True):
        if not folder.exists():
            draft = folder.with_suffix(".draft")
            shutil.copytree(template_instance, draft)
            _load(draft)
            draft.rename(folder)
    yield folder


def _load(folder: Path) -> None:
    from portal.ops.content import load_content
    from portal.search import service as search

    app = create_app(load_settings(environment_of(folder)))
    with app.app_context():
        report = load_content(ROOT / "content")
        assert report.faults == []
        search.rebuild()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def instance(template_instance: Path, tmp_path: Path) -> Iterator[Path]:
    with installed(tmp_path / "instance", template_instance) as folder:
        yield folder


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    """The portal on an empty database with the shipped content's settings."""
    app = create_app(load_settings(environment_of(instance)))
    app.test_client_class = PageClient
    app.testing = True
    yield app
    if SERVER:
        let_healing_end()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def lost_index(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search index is gone, and nobody makes a new one unasked."""
    from portal.search import service as search

    monkeypatch.setattr(search, "_heal", lambda *_: None)
    shutil.rmtree(Path(app.instance_path) / "search", ignore_errors=True)
    if SERVER:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA portal_search CASCADE"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A citizen's browser."""
    return app.test_client()


@pytest.fixture
def staff(app: Flask) -> Callable[..., tuple[FlaskClient, Actor]]:
    """`staff(Role.PUBLISHER, unit="cdc")`: a signed-in browser and who sits at it."""

    def enter(role: Role, unit: str | None = None) -> tuple[FlaskClient, Actor]:
        browser = app.test_client()
        actor = make_user(app, role, unit)
        sign_in(app, browser, actor)
        return browser, actor

    return enter


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the checkout; tests that want it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no real data beside the checkout")
    return SHARED_DATA
