"""What pages and the editor expect of static/: fonts, icons, licences, and one language of markup
on both sides of the wire."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from portal.core.html import sanitise

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
KEPT: dict[str, str] = json.loads((ROOT / "frontend/test/kept.json").read_text("utf-8"))
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img/icons.svg").read_text("utf-8")))


@pytest.mark.parametrize("markup", KEPT.values(), ids=KEPT.keys())
def test_sanitiser_keeps_what_the_editor_writes(markup: str) -> None:
    assert sanitise(markup).replace(' rel="noopener"', "") == markup


PASTED = {
    path.stem: path.read_text("utf-8").split("=====>")[1].partition("\n")[2].strip()
    for path in (ROOT / "frontend/test/paste").glob("*.txt")
}


def test_there_are_enough_pasted_fragments() -> None:
    assert len(PASTED) >= 40


@pytest.mark.parametrize("name", PASTED)
def test_sanitiser_keeps_what_was_pasted(name: str) -> None:
    assert sanitise(PASTED[name]).replace(' rel="noopener"', "") == PASTED[name]


def test_font_addresses_carry_the_hash_of_the_files() -> None:
    sheet = (STATIC / "css/fonts.css").read_text("utf-8")
    addresses = re.findall(r'url\("\.\./fonts/([\w.-]+)\?v=(\w+)"\)', sheet)
    assert len(addresses) == sheet.count("url(") == 2
    for name, version in addresses:
        assert hashlib.sha256((STATIC / "fonts" / name).read_bytes()).hexdigest()[:12] == version


def test_every_icon_that_templates_and_editor_name_is_in_the_sprite() -> None:
    templates = "\n".join(p.read_text("utf-8") for p in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r"""\bicon\(\s*["']([\w-]+)["']""", templates))
    named |= set(re.findall(r"icons\.svg[^\"']*#([\w-]+)", templates))
    tools = (ROOT / "frontend/editor/tools.js").read_text("utf-8")
    named |= set(re.findall(r'\bicon: "([\w-]+)"', tools))
    assert "bold" in SYMBOLS
    assert named - SYMBOLS == set()


@pytest.mark.parametrize(
    "path", ["fonts/OFL.txt", "img/icons.LICENSE.txt", "vendor/editor/LICENSE.txt"]
)
def test_third_party_files_bring_their_licence(path: str) -> None:
    assert (STATIC / path).stat().st_size > 500


def test_nothing_served_or_locked_names_a_download_host() -> None:
    lock = (ROOT / "frontend/package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    editor = (STATIC / "vendor/editor/editor.js").read_text("utf-8")
    assert "sourceMappingURL" not in editor
    for sheet in (STATIC / "css").rglob("*.css"):
        assert "//" not in re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)


def test_no_file_of_the_front_holds_an_unfinished_merge() -> None:
    folders = [STATIC / "css", STATIC / "js", STATIC / "vendor", ROOT / "frontend/editor"]
    files = [p for folder in folders for p in folder.rglob("*") if p.suffix in (".js", ".css")]
    assert len(files) > 30
    broken = [p for p in files if re.search(r"^(<{7}|>{7}) ", p.read_text("utf-8"), re.MULTILINE)]
    assert broken == []
