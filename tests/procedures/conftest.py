"""A small content folder with procedures, and procedures made by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from portal.core import clock
from portal.core.content import Report
from portal.core.db import write
from portal.core.settings import ROOT
from portal.procedures import loading
from portal.procedures.facts import ProcedureFacts
from portal.procedures.recording import Recorder, load_with_parts
from portal.procedures.terms import Origin

FIELD = """\
field:
  key: kham-benh
  name: Khám bệnh
  code: KCB
  order: 1

procedures:
"""
LICENCE = """\
  - code: "1.012290"
    name: Cấp lại giấy phép hành nghề
    levels: [province]
    kind: standard
    status: in_force
    online_level: full
    subjects: [Công dân Việt Nam, Người nước ngoài]
    agencies: [Sở Y tế]
    channels:
      - kind: online
        time: '2,5'
        unit: working_day
        fees:
          - amount: 215000
            basis: 64/2025/TT-BTC
            valid_from: 2025-07-01
            valid_to: 2026-12-31
      - kind: direct
        time: '3'
        unit: working_day
        fees:
          - amount: 430000
    steps:
      - title: Nộp hồ sơ
        text: Bạn nộp một bộ hồ sơ.
      - text: Bạn nhận giấy phép.
    cases:
      - name: Bị mất
        components:
          - name: Đơn đề nghị theo Mẫu 02
            originals: 1
            template: Mẫu 02.docx
          - name: Bản sao văn bằng
            copies: 1
            note: Có chứng thực.
      - name: Bị hỏng
        components:
          - name: Giấy phép đã cấp
            originals: 1
    results: [Giấy phép hành nghề]
    legal_bases:
      - number: 15/2023/QH15
        title: Luật Khám bệnh, chữa bệnh
      - number: 96/2023/NĐ-CP
    conditions: Có văn bằng phù hợp.
    keywords: [GPHN, chứng chỉ hành nghề]
    decision:
      number: 3643/QĐ-UBND
      issued_on: 2026-09-11
      issuer: UBND thành phố
    replaces: ["1.003348", "1.002991"]
    source:
      name: Cổng Dịch vụ công quốc gia
      url: https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bff
      checked_on: 2026-09-17
"""
CLINIC = """\
  - code: "1.012278"
    name: Cấp giấy phép hoạt động phòng khám
    levels: [province, commune]
    status: in_force
    legal_bases:
      - number: 15/2023/QH15
    source:
      name: Danh mục niêm yết
"""
ANNOUNCEMENTS = """\
- decision:
    number: 3501/QĐ-UBND
    issued_on: 2026-09-01
    issuer: UBND thành phố
    title: Công bố thủ tục lĩnh vực Khám bệnh
    certainty: found
  changes:
    - code: "1.012290"
      kind: amended
      effective_from: 2027-03-01
      note: Rút ngắn còn 2,5 ngày làm việc.
    - code: "1.009999"
      kind: abolished
      effective_from: 2026-09-11
"""


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the morning of 21/11/2026: fees and decisions of the samples have their dates."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 21, 2, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Content of two procedures and one decision, without faults."""
    root = tmp_path / "content"
    (root / "procedures").mkdir(parents=True)
    shutil.copy(ROOT / "content" / "site.toml", root / "site.toml")
    (root / "procedures" / "kham-benh.yaml").write_text(FIELD + LICENCE + CLINIC, "utf-8")
    (root / "announcements.yaml").write_text(ANNOUNCEMENTS, "utf-8")
    return root


def change(path: Path, old: str, new: str) -> None:
    """Replace `old`, which must be there, in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def load(root: Path) -> Report:
    """Load the room's files as the content load does."""
    report = Report()
    plan = loading.read(root, report)
    if not report.faults:
        with write() as session:
            loading.apply(session, plan, report)
    return report


@pytest.fixture
def keep(app: Flask) -> Callable[..., None]:
    """`keep(facts, ...)` records procedures."""

    def record(*procedures: ProcedureFacts) -> None:
        with app.app_context(), write() as session:
            recorder = Recorder(session, Origin.CONTENT)
            existing = load_with_parts(session, (facts.code for facts in procedures))
            for facts in procedures:
                recorder.record(existing.get(facts.code), facts)

    return record
