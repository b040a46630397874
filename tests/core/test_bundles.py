"""One style sheet for readers, one more for staff, scripts under one hash: kept for ever."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.settings import ROOT
from portal.core.web import bundles
from portal.core.web.scripts import folder_hash, served_text

CSS = ROOT / "static" / "css"
OWN_PAGES_ONLY = {"editor", "kiosk", "board"}
HELPS = re.findall(
    r'^  "([^"]+)": "([a-z-]+)",$', (ROOT / "static/js/site.js").read_text("utf-8"), re.MULTILINE
)
"""What on a page asks for which module, as `site.js` says it."""


def test_pages_ask_for_one_sheet_that_is_kept(app: Flask, client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    text = answer.get_data(as_text=True)
    assert text.index("--brand-light: #") < text.index("--brand-light:#") < text.index("body {")
    for path in set(re.findall(r'url\("([^"]+)"\)', text)):
        assert client.get(path).status_code == 200, path


def test_every_sheet_is_in_a_bundle() -> None:
    served = {*bundles.PUBLIC, *bundles.DESK}
    for path in CSS.rglob("*.css"):
        name = path.relative_to(CSS).with_suffix("").as_posix()
        folder = name.rpartition("/")[0]
        assert name in served | OWN_PAGES_ONLY or f"{folder}/*" in served, name


def test_a_missing_sheet_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    assert bundles.join(tmp_path, ("a", "none/*")) == "a{}"
    with pytest.raises(FileNotFoundError):
        bundles.join(tmp_path, ("a", "b"))


def test_sheets_are_light(client: FlaskClient) -> None:
    """Budget of the wire: 15 kB of style for readers."""
    assert len(gzip.compress(client.get("/giao-dien.css").get_data(), 6)) <= 15_000


@pytest.mark.parametrize(
    "address", ["/", "/phan-anh/gui?loai=complaint", "/duong-day-nong/", "/thu-tuc/"]
)
def test_scripts_of_a_page_are_light(client: FlaskClient, address: str) -> None:
    """10 kB for all that one page may fetch, its search box included."""
    page = client.get(address).get_data(as_text=True)
    asked = {
        name
        for selector, name in [*HELPS, ("[data-read-aloud]", "read-aloud")]
        if any(mark in page for mark in re.findall(r"data-[a-z-]+", selector))
    }
    assert _wire({"site", "suggest", "first"} | asked) <= 10_000


def _wire(names: set[str]) -> int:
    texts = (served_text(ROOT / "static/js" / f"{name}.js") for name in names)
    return sum(len(gzip.compress(text.encode(), 6)) for text in texts)


def test_scripts_and_what_they_import_are_kept(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    (address,) = re.findall(r'<script type="module" src="([^"]+)"', page)
    answer = client.get(address)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    beside = client.get(f"{address.rpartition('/')[0]}/suggest.js")
    assert "immutable" in beside.headers["Cache-Control"]


def test_every_module_that_a_script_names_is_there() -> None:
    folder = ROOT / "static/js"
    for path in folder.rglob("*.js"):
        text = path.read_text("utf-8")
        for name in re.findall(r'(?:from|import\()\s*"(\.[^"]+)"', text):
            assert (path.parent / name).exists(), (path, name)
    assert HELPS
    for _selector, name in HELPS:
        assert "export default function" in (folder / f"{name}.js").read_text("utf-8")


def test_comments_stay_at_home(tmp_path: Path) -> None:
    source = tmp_path / "a.js"
    source.write_text('// why\nconst a = "// not"; // beside\n  // more\nlet b;\n', "utf-8")
    assert served_text(source) == 'const a = "// not"; // beside\nlet b;\n'


def test_the_script_of_an_older_page_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/js/0123456789ab/site.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get("/js/0123456789ab/khong-co.js").status_code == 404
    assert client.get("/js/0123456789ab/../css/base.css").status_code == 404


def test_the_hash_changes_with_any_script(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = folder_hash(tmp_path)
    (tmp_path / "b.js").write_text("1")
    assert folder_hash(tmp_path) != before
