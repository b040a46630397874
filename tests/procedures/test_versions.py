"""What a procedure said is kept for ever, whatever was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core.content import Report
from portal.core.db import db, write
from portal.procedures import loading, versions
from portal.procedures.comparing import facts_of
from portal.procedures.facts import (
    CaseFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FieldFacts,
    FormFacts,
    LegalFacts,
    LocalFacts,
    ProcedureFacts,
    ProcessFacts,
    ProcessRow,
    Result,
    Step,
)
from portal.procedures.models import ProcedureVersion
from portal.procedures.recording import keep_first_versions, load_with_parts
from portal.procedures.terms import (
    ChannelKind,
    FeeKind,
    Kind,
    LegalState,
    Level,
    OnlineLevel,
    Origin,
    ProcessKind,
    Status,
    TimeUnit,
)

Keep = Callable[..., None]
DAY = date(2026, 9, 1)
FULL = ProcedureFacts(
    code="1.013860",
    name="Công bố cơ sở đủ điều kiện",
    field=FieldFacts(key="phong-benh", name="Phòng bệnh"),
    levels=(Level.PROVINCE, Level.COMMUNE),
    kind=Kind.STANDARD,
    status=Status.IN_FORCE,
    effective_from=DAY,
    online_level=OnlineLevel.PARTIAL,
    subjects=("Doanh nghiệp",),
    agencies=("Sở Y tế",),
    competent=("UBND thành phố",),
    authorised=("Sở Y tế",),
    coordinating=("Công an thành phố",),
    receiving_place="Trung tâm Phục vụ hành chính công",
    results=(Result("Phiếu tiếp nhận", "KQ.G18.000034"),),
    dossier_sets=1,
    non_territorial=True,
    postal=False,
    apply_url="https://dichvucong.gov.vn/p",
    steps=(Step("Nộp", "Nộp hồ sơ"),),
    channels=(
        ChannelFacts(
            kind=ChannelKind.ONLINE, time=Decimal("2.50"), unit=TimeUnit.WORKING_DAY,
            case="Lần đầu", fees=(FeeFacts(kind=FeeKind.CHARGE, amount=0, label="Miễn"),),
        ),
    ),
    cases=(
        CaseFacts(
            name="Lần đầu",
            components=(ComponentFacts(name="Đơn", code="000.1", required=False, originals=1),),
        ),
    ),
    legal_bases=(
        LegalFacts(number="02/2026/TT-BYT", state=LegalState.IN_FORCE, checked_on=DAY),
    ),
    replaces=("1.002944",),
    source_name="Cổng Dịch vụ công quốc gia",
    source_id="0198-aa",
    local=LocalFacts(
        time=Decimal("2.50"), unit=TimeUnit.WORKING_DAY, time_basis="Quyết định 3501/QĐ-UBND",
        place="Quầy 5", explanation="Bạn nộp một lần.", decision_issued_on=DAY,
    ),
    forms=(FormFacts(name="Mẫu 01", paper="Đơn", url="https://dichvucong.gov.vn/m"),),
    processes=(
        ProcessFacts(
            kind=ProcessKind.ELECTRONIC, decision_number="9/QĐ-SYT",
            rows=(ProcessRow("Tiếp nhận", "Một cửa", Decimal("0.25"), "Phiếu"),),
        ),
    ),
)  # fmt: skip


def _read(app: Flask, code: str = FULL.code) -> ProcedureFacts:
    with app.app_context():
        return facts_of(load_with_parts(db.session(), [code])[code])


def test_everything_comes_back_from_the_rows(app: Flask, keep: Keep) -> None:
    keep(FULL)
    assert _read(app).local == FULL.local
    assert _read(app) == FULL


def test_each_version_says_what_was_said_then(app: Flask, keep: Keep) -> None:
    later = ProcedureFacts(code=FULL.code, name="Tên mới", field=FULL.field)
    keep(FULL)
    keep(later)
    with app.app_context():
        procedure = load_with_parts(db.session(), [FULL.code])[FULL.code]
        new, old = versions.of_procedure(db.session(), procedure)
        assert (old.number, new.number) == (1, 2)
        assert versions.facts_in(old) == FULL
        assert versions.facts_in(new).name == "Tên mới"
        assert versions.facts_in(new).local is None
        assert versions.numbered(db.session(), procedure, 1) is old
        assert versions.numbered(db.session(), procedure, 3) is None


def test_what_was_recorded_before_versions_were_is_kept_once(app: Flask, keep: Keep) -> None:
    keep(FULL)
    with app.app_context():
        with write() as session:
            session.query(ProcedureVersion).delete()
        with write() as session:
            assert keep_first_versions(session) == 1
            session.flush()
            assert keep_first_versions(session) == 0
        kept = db.session.query(ProcedureVersion).one()
        assert versions.facts_in(kept) == FULL
        assert kept.origin == Origin.CONTENT


def test_keys_of_other_times_do_no_harm(app: Flask) -> None:
    data = {**versions.packed(FULL), "gone": 1}
    del data["competent"]
    facts = versions.facts_in(ProcedureVersion(facts=data))
    assert facts.competent == ()
    assert facts.name == FULL.name


@given(
    st.builds(
        ProcedureFacts,
        code=st.just("1.000001"),
        name=st.text(),
        field=st.none() | st.builds(FieldFacts, key=st.text(), name=st.text()),
        effective_from=st.none() | st.dates(),
        non_territorial=st.none() | st.booleans(),
        results=st.tuples(st.builds(Result, st.text(), st.text())),
        channels=st.tuples(
            st.builds(
                ChannelFacts,
                kind=st.sampled_from(ChannelKind),
                time=st.none() | st.decimals(0, 99_999, places=2),
                unit=st.none() | st.sampled_from(TimeUnit),
                fees=st.tuples(st.builds(FeeFacts, amount=st.none() | st.integers(0, 10**12))),
            )
        ),
    )
)
def test_packing_loses_nothing(facts: ProcedureFacts) -> None:
    assert versions.facts_in(ProcedureVersion(facts=versions.packed(facts))) == facts


CONTENT = """
field: {key: phong-benh, name: Phòng bệnh, order: 1}
procedures:
  - code: "1.013860"
    name: Công bố cơ sở
    levels: [province]
    status: in_force
    source: {name: Cổng Dịch vụ công quốc gia, id: 0198-aa}
    local:
      time: '2,5'
      unit: working_day
      time_basis: Quyết định 3501/QĐ-UBND
      decision: {number: 3501/QĐ-UBND, issued_on: 2026-09-01}
      source: {name: Cổng thành phố, url: "https://haiphong.gov.vn/x", checked_on: 2026-11-20}
    forms:
      - {name: Mẫu 01, url: "https://dichvucong.gov.vn/m", paper: Đơn}
    processes:
      - kind: internal
        decision: {number: 9/QĐ-SYT}
        source: {name: Cổng thành phố}
        rows:
          - {task: Tiếp nhận, doer: Một cửa, hours: '0,25'}
"""


def _load(root: Path, text: str) -> tuple[loading.Plan, Report]:
    (root / "procedures").mkdir(exist_ok=True)
    (root / "procedures" / "a.yaml").write_text(text, encoding="utf-8")
    report = Report()
    return loading.read(root, report), report


def test_content_says_what_the_agency_adds(tmp_path: Path) -> None:
    plan, report = _load(tmp_path, CONTENT)
    assert report.faults == []
    (facts,) = plan.procedures
    assert facts.local is not None
    assert (facts.local.time, facts.local.unit) == (Decimal("2.5"), TimeUnit.WORKING_DAY)
    assert facts.local.decision_number == "3501/QĐ-UBND"
    assert facts.forms == (
        FormFacts(name="Mẫu 01", paper="Đơn", url="https://dichvucong.gov.vn/m"),
    )
    assert facts.processes[0].rows[0].hours == Decimal("0.25")


@pytest.mark.parametrize(
    ("sound", "harm"),
    [
        ("unit: working_day\n", "unit: fortnight\n"),
        ("      unit: working_day\n", ""),
        ("kind: internal", "kind: external"),
        ('url: "https://dichvucong.gov.vn/m"', "url: javascript:x"),
        ("hours: '0,25'", "hours: nhanh"),
    ],
)
def test_faults_of_what_the_agency_adds_are_told(tmp_path: Path, sound: str, harm: str) -> None:
    _, report = _load(tmp_path, CONTENT.replace(sound, harm))
    assert len(report.faults) == 1
    assert report.faults[0].line > 1
