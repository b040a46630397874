"""The site says honestly whether it can serve, and nothing more to outsiders."""

from __future__ import annotations

import re
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.ops.error_pages import write_error_pages
from portal.search import service as search


def test_alive_and_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        search.rebuild()
    assert client.get("/healthz").get_data() == b"ok\n"
    assert client.get("/readyz").status_code == 200


def test_not_ready_on_a_full_disk(app: Flask, client: FlaskClient, monkeypatch) -> None:
    with app.app_context():
        search.rebuild()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 99, 1))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.get_data() == b"unavailable\n"
    assert client.get("/healthz").status_code == 200


@pytest.mark.sqlite
def test_not_ready_without_database(app: Flask, client: FlaskClient, instance: Path) -> None:
    (instance / "portal.sqlite3").unlink()
    (instance / "portal.sqlite3").mkdir()
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 429, 500, 503])
def test_error_pages_for_the_proxy(app: Flask, tmp_path: Path, status: int) -> None:
    with app.app_context():
        write_error_pages(tmp_path)
    page = (tmp_path / f"{status}.html").read_text("utf-8")
    assert "<h1>" in page
    assert "mã yêu cầu" not in page
    sheet = re.search(r'rel="stylesheet" href="/([^"?]+)', page)
    assert sheet
    assert ".button" in (tmp_path / sheet[1]).read_text("utf-8")
