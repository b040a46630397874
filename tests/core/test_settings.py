"""A wrong setting stops the start with one clear line; keys are private."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.core.errors import SettingsError
from portal.core.settings import NAMES, ROOT, load_settings


@pytest.mark.parametrize(
    "environment",
    [
        {"PORTAL_DATABSE_URL": "x"},
        {"PORTAL_WORKERS": "nhiều"},
        {"PORTAL_WORKERS": "0"},
        {"PORTAL_TRUSTED_PROXIES": "-1"},
        {"PORTAL_BASE_URL": "portal.vn"},
        {"PORTAL_BASE_URL": "ftp://portal.vn"},
        {"PORTAL_MAIL_URL": "http://mail"},
        {"PORTAL_SECRET_KEY": "ngắn"},
        {"PORTAL_CONTENT": "/khong/co"},
    ],
)
def test_wrong_settings_stop_the_start(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings({"PORTAL_INSTANCE": str(tmp_path), **environment})
    assert "\n" not in str(refusal.value)


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    first = load_settings({"PORTAL_INSTANCE": str(tmp_path)})
    second = load_settings({"PORTAL_INSTANCE": str(tmp_path)})
    assert first.session_keys == second.session_keys
    assert len({first.session_keys[0], first.tracking_key, first.audit_key}) == 3
    for key in (tmp_path / "keys").iterdir():
        assert key.stat().st_mode & 0o777 == 0o600
    assert first.tracking_key not in repr(first)


def test_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_settings({"PORTAL_INSTANCE": str(tmp_path)})
    (tmp_path / "keys" / "session.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod"):
        load_settings({"PORTAL_INSTANCE": str(tmp_path)})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[agency]", "[agencies]"),
        ("name =", "nom ="),
        ("[theme]", "[theme"),
        ('brand = "#', 'brand = "'),
        ("[publishing]", '[sharing]\nnetworks = ["zola"]\n[publishing]'),
    ],
)
def test_site_toml_faults_name_the_file(tmp_path: Path, old: str, new: str) -> None:
    content = tmp_path / "content"
    content.mkdir()
    text = (ROOT / "content" / "site.toml").read_text("utf-8")
    assert old in text
    (content / "site.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SettingsError, match=r"site\.toml"):
        load_settings({"PORTAL_INSTANCE": str(tmp_path), "PORTAL_CONTENT": str(content)})


def test_every_setting_is_in_the_operating_guide() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert [name for name in NAMES if name not in guide] == []
