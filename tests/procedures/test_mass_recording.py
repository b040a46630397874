"""Many procedures at once say the same as one by one, all or nothing, and only what was judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db, write
from portal.procedures import versions
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
from portal.procedures.mass_recording import Change, MassRecorder, Written
from portal.procedures.models import LegalBasis, Procedure, ProcedureVersion
from portal.procedures.recording import Recorder, load_with_parts
from portal.procedures.terms import (
    ChannelKind,
    FeeKind,
    Kind,
    Level,
    OnlineLevel,
    Origin,
    ProcessKind,
    Status,
    TimeUnit,
)
from portal.search.models import SearchChange

FULL = ProcedureFacts(
    code="1.000001", name="Cấp “giấy phép” 100%", field=FieldFacts(key="duoc", name="Dược"),
    levels=(Level.PROVINCE, Level.COMMUNE), kind=Kind.SPECIFIC, status=Status.IN_FORCE,
    effective_from=date(2027, 3, 1), online_level=OnlineLevel.PARTIAL, subjects=("Công dân",),
    agencies=("Sở Y tế",), competent=("Ủy ban",), receiving_place="Trung tâm",
    results=(Result("Giấy phép", "KQ.1"), Result("Thẻ")), conditions="Có bằng", dossier_sets=1,
    postal=True, non_territorial=False, steps=(Step("Nộp", "Nộp hồ sơ"), Step("", "Nhận")),
    channels=(
        ChannelFacts(
            kind=ChannelKind.ONLINE, time=Decimal("2.5"), unit=TimeUnit.WORKING_DAY, case="Mới",
            fees=(FeeFacts(kind=FeeKind.FEE, amount=215_000, valid_to=date(2026, 12, 31)),
                  FeeFacts(label="Theo nghị quyết")),
        ),
        ChannelFacts(kind=ChannelKind.DIRECT, note="Tại quầy"),
    ),
    cases=(
        CaseFacts(name="Mới", components=(
            ComponentFacts(name="Đơn", originals=1, template="Mẫu 1.docx", code="KQ5"),
            ComponentFacts(name="Ảnh", copies=2, required=False, note="4x6"))),
        CaseFacts(name="Lại"),
    ),
    legal_bases=(LegalFacts(number="96/2023/NĐ-CP", title="Nghị định"),
                 LegalFacts(number="15/2023/QH15", issued_on=date(2023, 1, 9))),
    replaces=("1.009001",), decision_number="3501/QĐ-UBND", source_name="Nguồn",
    checked_on=date(2026, 9, 17),
    local=LocalFacts(time=Decimal("1.5"), unit=TimeUnit.DAY, place="Tầng 1"),
    forms=(FormFacts(name="Đơn", url="https://example.vn/don.docx"),),
    processes=(ProcessFacts(kind=ProcessKind.INTERNAL, title="Quy trình",
                            rows=(ProcessRow("Tiếp nhận", "Một cửa", Decimal("0.25")),)),),
)  # fmt: skip
PLAIN = ProcedureFacts(
    code="1.000002", name="Không có gì thêm", field=FULL.field, kind=Kind.STANDARD,
    status=Status.IN_FORCE,
)  # fmt: skip


def record(*changes: Change) -> Written:
    mass = MassRecorder(changes, Origin.IMPORT, "Tệp a.xlsx")
    with write() as session:
        return mass.write(session)


def kept(code: str) -> ProcedureFacts:
    return facts_of(load_with_parts(db.session(), [code])[code])


def test_it_says_what_the_single_recorder_says(app: Flask) -> None:
    with app.app_context():
        with write() as session:
            Recorder(session, Origin.IMPORT).record(None, FULL)
        twin = replace(FULL, code="1.000009")
        assert record(Change(twin, 0), Change(PLAIN, 0)).versions == {"1.000009": 1, "1.000002": 1}
        assert kept("1.000009") == twin
        assert replace(kept("1.000001"), code="1.000009") == kept("1.000009")
        assert kept("1.000002") == PLAIN
        assert db.session.scalar(select(func.count(LegalBasis.id))) == 2
        one, many = db.session.scalars(select(ProcedureVersion).limit(2)).all()
        assert replace(versions.facts_in(one), code="1.000009") == versions.facts_in(many)
        outbox = db.session.scalars(select(SearchChange)).all()
        single, mass = (
            {(row.kind, row.due_at) for row in outbox if row.key == code}
            for code in ("1.000001", "1.000009")
        )
        assert single == mass
        assert len(mass) == 2


def test_a_change_replaces_every_part(app: Flask) -> None:
    with app.app_context():
        record(Change(FULL, 0), Change(PLAIN, 0))
        bare = replace(PLAIN, code="1.000001", name="Tên mới")
        full = replace(FULL, code="1.000002", replaces=())
        record(Change(bare, 1), Change(full, 1))
        assert kept("1.000001") == bare
        assert kept("1.000002") == full
        numbers = select(ProcedureVersion.number).join(Procedure).where(Procedure.code == FULL.code)
        assert list(db.session.scalars(numbers)) == [1, 2]


def test_what_changed_since_is_left_alone(app: Flask) -> None:
    with app.app_context():
        record(Change(FULL, 0), Change(PLAIN, 0))
        done = record(
            Change(replace(FULL, name="Từ tệp"), 7),
            Change(replace(PLAIN, name="Mới tinh"), 0),
            Change(replace(PLAIN, code="1.000003"), 1),
        )
        assert done == Written({}, ["1.000001", "1.000002", "1.000003"])
        assert kept("1.000001").name == FULL.name


def test_a_failure_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        mass = MassRecorder([Change(FULL, 0)], Origin.IMPORT)
        with pytest.raises(RuntimeError), write() as session:
            mass.write(session)
            raise RuntimeError
        for model in (Procedure, ProcedureVersion, LegalBasis, SearchChange):
            assert db.session.scalar(select(func.count(model.id))) == 0
