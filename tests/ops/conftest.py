"""A small content folder that tests may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal.core.settings import ROOT

UNITS = """\
- code: phong-mot
  name: Phòng Một
  kind: office
- code: trung-tam
  name: Trung tâm Hai
  kind: center
  parent: phong-mot
"""
HOTLINES = """\
hotlines:
  - key: so-chinh
    name: Đường dây nóng
    purposes: [procedures, conduct]
    phone: "0225 3000 000"
    unit: phong-mot
    checked_on: 2026-11-01
leaders:
  - key: giam-doc
    name: Nguyễn Văn Thử
    position: Giám đốc
    unit: phong-mot
"""
PLAN = """\
code: "2026"
year: 2026
title: Kế hoạch thử
status: issued
tasks:
  - number: 1
    title: Viết bài
    lead: phong-mot
    due_on: 2026-12-31
  - number: 2
    title: Đối thoại
    lead: Văn phòng UBND thành phố
    target: 2
    unit_of_target: cuộc
"""
PAGE = "---\ntitle: Giới thiệu\n---\nĐây là **trang** thử.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Content of a small agency, without faults."""
    root = tmp_path / "content"
    (root / "plans").mkdir(parents=True)
    (root / "pages").mkdir()
    shutil.copy(ROOT / "content" / "site.toml", root / "site.toml")
    site = (root / "site.toml").read_text("utf-8")
    lines = ("" if "popular_procedures" in line else line for line in site.splitlines())
    (root / "site.toml").write_text("\n".join(lines), "utf-8")
    (root / "units.yaml").write_text(UNITS, "utf-8")
    (root / "hotlines.yaml").write_text(HOTLINES, "utf-8")
    (root / "plans" / "2026.yaml").write_text(PLAN, "utf-8")
    (root / "pages" / "gioi-thieu.md").write_text(PAGE, "utf-8")
    return root


def change(path: Path, old: str, new: str) -> None:
    """Replace `old`, which must be there, in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
