"""Open data files: whole, true to their schema and hash, and never half made."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.api import snapshots
from portal.api.datasets import BY_NAME
from portal.core import clock
from tests.support.schemas import judge

HOME = "/du-lieu-mo/"
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
def made(app: Flask) -> snapshots.Snapshot:
    with app.app_context():
        return snapshots.publish()


def _json(client: FlaskClient, name: str, kind: str = "json") -> Any:
    return json.loads(client.get(f"{HOME}{name}.{kind}", headers=PLAIN).data)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_file_is_as_its_schema_says(
    client: FlaskClient, made: snapshots.Snapshot, name: str
) -> None:
    content = _json(client, name)
    judge(content, client.get(f"{HOME}{name}.schema.json").get_json())
    assert len(content["items"]) == made.datasets[name].items
    assert content["licence_url"].endswith("/trang/dieu-khoan")
    if name != "hoi-dap":
        assert content["items"]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_table_has_the_described_columns_and_all_rows(
    client: FlaskClient, made: snapshots.Snapshot, name: str
) -> None:
    text = client.get(f"{HOME}{name}.csv", headers=PLAIN).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == made.datasets[name].items
    described = client.get(f"{HOME}{name}.csv-metadata.json").get_json()
    columns = [column["name"] for column in described["tableSchema"]["columns"]]
    assert text.splitlines()[0].split(",") == columns


@pytest.mark.parametrize("kind", snapshots.FORMATS)
def test_the_hash_is_that_of_the_file(
    client: FlaskClient, made: snapshots.Snapshot, kind: str
) -> None:
    file = made.datasets["thu-tuc"].files[kind]
    answer = client.get(f"{HOME}thu-tuc.{kind}", headers=PLAIN)
    digest = hashlib.sha256(answer.data)
    assert (len(answer.data), digest.hexdigest()) == (file.size, file.sha256)
    assert (
        answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    )
    assert file.sha256 in client.get(HOME).text
    packed = client.get(f"{HOME}thu-tuc.{kind}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == answer.data


def test_linked_data_names_every_service_once(
    client: FlaskClient, made: snapshots.Snapshot
) -> None:
    graph = _json(client, "thu-tuc", "jsonld")
    assert graph["@context"] == "https://schema.org"
    names = [part["@id"] for part in graph["hasPart"]]
    assert len(names) == len(set(names)) > 100
    assert graph["hasPart"][0]["@type"] == "GovernmentService"


def test_who_has_the_file_is_told_so(client: FlaskClient, made: snapshots.Snapshot) -> None:
    first = client.get(f"{HOME}don-vi.csv", headers=PLAIN)
    headers = {**PLAIN, "If-None-Match": first.headers["ETag"]}
    assert client.get(f"{HOME}don-vi.csv", headers=headers).status_code == 304
    part = client.get(f"{HOME}don-vi.csv", headers={**PLAIN, "Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, first.data[:10])


def test_before_the_first_files_the_page_says_so(client: FlaskClient) -> None:
    page = client.get(HOME).text
    assert "Đang lập các tệp" in page
    assert "/thu-tuc/du-lieu.csv" in page
    assert client.get(f"{HOME}thu-tuc.csv").status_code == 404


@pytest.mark.parametrize(
    "path", ["x.csv", "x.schema.json", "x.csv-metadata.json", "..%2Fportal.csv"]
)
def test_no_such_set(client: FlaskClient, made: snapshots.Snapshot, path: str) -> None:
    assert client.get(HOME + path).status_code == 404


def test_a_failure_half_way_leaves_the_former_files(
    app: Flask, client: FlaskClient, made: snapshots.Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = client.get(f"{HOME}thu-tuc.csv", headers=PLAIN).data
    monkeypatch.setattr(snapshots, "_write", fail)
    with app.app_context(), pytest.raises(OSError, match="No space"):
        snapshots.publish()
    assert client.get(f"{HOME}thu-tuc.csv", headers=PLAIN).data == before
    home = Path(app.extensions["settings"].instance) / "open-data"
    assert sorted(path.name for path in home.iterdir()) == [made.name, "current"]


@pytest.mark.parametrize("harm", ["{", '{"moment": 1}', "[]"])
def test_damaged_files_are_made_anew(app: Flask, made: snapshots.Snapshot, harm: str) -> None:
    with app.app_context():
        path = snapshots.path_of(made, "x", "y").with_name("manifest.json")
        path.write_text(harm)
        assert snapshots.current() is None
        snapshots.publish_if_due()
        assert snapshots.current() is not None


def test_only_the_last_two_are_kept(app: Flask) -> None:
    with app.app_context():
        names = [snapshots.publish().name for _ in range(3)]
        home = Path(app.extensions["settings"].instance) / "open-data"
        assert sorted(path.name for path in home.iterdir()) == [*names[1:], "current"]


def test_new_files_come_in_the_small_hours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(text: str) -> str:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)
        with app.app_context():
            snapshots.publish_if_due()
            found = snapshots.current()
        assert found is not None
        return found.name

    first = at("2026-11-21T08:00")
    assert at("2026-11-21T18:00") == first  # 1 in the morning in Hải Phòng
    second = at("2026-11-21T19:30")
    assert second > first
    assert at("2026-11-22T12:00") == second


def test_the_command_makes_the_files(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["open-data", "publish"])
    assert result.exit_code == 0
    assert "thu-tuc: 2" in result.output
