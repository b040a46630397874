"""Content of the room: faithful, idempotent, all or nothing, every fault with its place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.content import Report
from portal.core.db import db, write
from portal.core.settings import ROOT
from portal.procedures import loading
from portal.procedures.comparing import facts_of
from portal.procedures.models import (
    Announcement,
    LegalBasis,
    Procedure,
    ProcedureField,
    ProcedureOldCode,
)
from portal.procedures.recording import load_with_parts
from portal.procedures.terms import State
from portal.search.models import SearchChange
from tests.procedures.conftest import change, load


def test_rows_say_what_the_file_says(app: Flask, folder: Path) -> None:
    with app.app_context():
        plan = loading.read(folder, Report())
        load(folder)
        rows = load_with_parts(db.session(), ["1.012290", "1.012278"])
        kept = facts_of(rows["1.012290"])
        assert kept.channels[0].time == Decimal("2.5")
        assert kept.channels[0].fees[0].valid_to == date(2026, 12, 31)
        assert [case.name for case in kept.cases] == ["Bị mất", "Bị hỏng"]
        assert kept.cases[0].components[1].copies == 1
        said = plan.procedures[0]
        for name in ("channels", "cases", "steps", "legal_bases", "keywords", "decision_number"):
            assert getattr(kept, name) == getattr(said, name), name
        assert db.session.scalar(select(func.count(LegalBasis.id))) == 2
        assert set(db.session.scalars(select(ProcedureOldCode.old_code))) == {
            "1.003348",
            "1.002991",
        }


def test_a_second_load_changes_nothing(app: Flask, folder: Path) -> None:
    with app.app_context():
        first = load(folder)
        versions = db.session.execute(select(Procedure.code, Procedure.version)).all()
        changes = db.session.scalar(select(func.count(SearchChange.id)))
        second = load(folder)
        assert (first.faults, first.created) == ([], 3)
        assert (second.created, second.updated, second.unchanged) == (0, 0, 3)
        assert db.session.execute(select(Procedure.code, Procedure.version)).all() == versions
        assert db.session.scalar(select(func.count(SearchChange.id))) == changes


def test_a_changed_entry_is_written_alone_and_told_to_search(app: Flask, folder: Path) -> None:
    with app.app_context():
        load(folder)
        change(folder / "procedures" / "kham-benh.yaml", "- name: Bị hỏng", "- name: Bị rách")
        report = load(folder)
        assert (report.created, report.updated, report.unchanged) == (0, 1, 2)
        row = load_with_parts(db.session(), ["1.012290"])["1.012290"]
        assert [case.name for case in row.cases] == ["Bị mất", "Bị rách"]
        assert row.version == 2
        keys = db.session.scalars(select(SearchChange.key)).all()
        assert keys.count("1.012290") == keys.count("1.012278") + 1


def test_what_the_desk_edited_stays(app: Flask, folder: Path) -> None:
    with app.app_context():
        load(folder)
        with write() as session:
            session.execute(
                update(Procedure)
                .where(Procedure.code == "1.012290")
                .values(conditions="Của người biên tập", edited_at=clock.now())
            )
        change(folder / "procedures" / "kham-benh.yaml", "phù hợp.", "khác.")
        report = load(folder)
        assert report.kept == ["procedure 1.012290"]
        assert (
            db.session.scalar(select(Procedure.conditions).where(Procedure.code == "1.012290"))
            == "Của người biên tập"
        )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"1.012290"', '"1.01229"', "is not a code"),
        ('"1.012290"', "1.012290", "is not text"),
        ("levels: [province]", "levels: [city]", "province"),
        ("time: '2,5'", "time: nhanh", "number of days"),
        ("time: '2,5'", "time: 2.555", "number of days"),
        ("time: '2,5'\n        unit: working_day", "time: '2,5'", "stands alone"),
        ("amount: 215000", "amount: -1", "whole number"),
        ("valid_to: 2026-12-31", "valid_to: 2024-12-31", "before"),
        ("kind: online", "kind: pigeon", "none of"),
        ("originals: 1", "originals: một", "whole number"),
        ("conditions:", "condition:", "unknown entry"),
        ("url: https://", "url: javascript:", "address"),
        ("checked_on: 2026-09-17", "checked_on: hôm qua", "date"),
        ('"1.012278"', '"1.012290"', "defined twice"),
        ("order: 1", "order: đầu", "whole number"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_applied(
    app: Flask, folder: Path, old: str, new: str, words: str
) -> None:
    path = folder / "procedures" / "kham-benh.yaml"
    line = path.read_text("utf-8").partition(old)[0].count("\n") + 1
    change(path, old, new)
    with app.app_context():
        report = load(folder)
        places = {(fault.path, fault.line) for fault in report.faults}
        assert ("procedures/kham-benh.yaml", line) in places, [str(f) for f in report.faults]
        assert any(words in fault.message for fault in report.faults)
        assert db.session.scalar(select(func.count(Procedure.id))) == 0


def test_a_day_that_does_not_exist_is_a_fault(app: Flask, folder: Path) -> None:
    change(folder / "procedures" / "kham-benh.yaml", "2026-12-31", "2026-02-30")
    with app.app_context():
        assert [fault.path for fault in load(folder).faults] == ["procedures/kham-benh.yaml"]


def test_faults_of_decisions(app: Flask, folder: Path) -> None:
    change(folder / "announcements.yaml", "kind: amended", "kind: changed")
    with app.app_context():
        faults = [str(fault) for fault in load(folder).faults]
    assert faults == [
        "announcements.yaml:9: 'kind' is none of new, amended, replaced, abolished: 'changed'"
    ]


@pytest.mark.parametrize("text", ["", "- 1\n", "field: 3\nprocedures: 4\n", "a: [\n", "x"])
def test_a_file_of_another_shape_is_a_fault(app: Flask, folder: Path, text: str) -> None:
    (folder / "procedures" / "khac.yaml").write_text(text, "utf-8")
    with app.app_context():
        assert any(fault.path == "procedures/khac.yaml" for fault in load(folder).faults)


def test_two_files_of_one_field_are_a_fault(app: Flask, folder: Path) -> None:
    first = folder / "procedures" / "kham-benh.yaml"
    text = first.read_text("utf-8").replace("1.012290", "1.000001").replace("1.012278", "1.000002")
    (folder / "procedures" / "z.yaml").write_text(text, "utf-8")
    with app.app_context():
        assert [fault.line for fault in load(folder).faults] == [2]


def test_decisions_give_procedures_their_dates(app: Flask, folder: Path) -> None:
    change(folder / "announcements.yaml", '"1.009999"', '"1.012278"')
    change(folder / "announcements.yaml", "kind: amended", "kind: new")
    with app.app_context():
        load(folder)
        rows = {row.code: row for row in db.session.scalars(select(Procedure))}
        assert rows["1.012278"].state_on(date(2026, 9, 10)) is State.IN_FORCE
        assert rows["1.012278"].state_on(date(2026, 9, 11)) is State.ENDED
        assert rows["1.012290"].state_on(date(2027, 2, 28)) is State.UPCOMING
        assert rows["1.012290"].state_on(date(2027, 3, 1)) is State.IN_FORCE
        waiting = db.session.scalars(
            select(SearchChange.due_at).where(SearchChange.due_at.is_not(None))
        ).all()
        version = rows["1.012278"].version
        assert clock.from_local(datetime(2027, 3, 1)) in waiting
        load(folder)
        assert db.session.scalar(
            select(Procedure.version).where(Procedure.code == "1.012278")
        ) == version  # fmt: skip


def test_shipped_content_loads(app: Flask) -> None:
    with app.app_context():
        report = load(ROOT / "content")
        assert report.faults == []
        assert db.session.scalar(select(func.count(Procedure.id))) >= 214
        assert db.session.scalar(select(func.count(Announcement.id))) >= 4
        assert db.session.scalar(select(func.count(ProcedureField.id))) >= 17
        truncated = select(func.count(Procedure.id)).where(Procedure.name_truncated)
        assert db.session.scalar(truncated) == 17
