"""Loading content: idempotent, all or nothing, faults with their place, the desk's word kept."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.app import create_app
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.content import Report
from portal.core.db import Base, db, write
from portal.core.settings import ROOT, load_settings
from portal.directory.models import Hotline
from portal.ops.content import load_content
from portal.procedures.models import Procedure, ProcedureField
from tests.ops.conftest import change
from tests.support.installations import environment_of
from tests.support.pages import PageClient


def state() -> dict[str, list[str]]:
    """Every row of the database, but for the logs that only grow."""
    logs = {"audit_entry", "search_change"}
    return {
        table.name: sorted(str(row) for row in db.session.execute(select(table)))
        for table in Base.metadata.sorted_tables
        if table.name not in logs
    }


def lines(report: Report) -> list[str]:
    return [str(fault) for fault in report.faults]


def test_a_second_load_changes_nothing(app: Flask, folder: Path) -> None:
    with app.app_context():
        first = load_content(folder)
        before = state()
        second = load_content(folder)
        assert (first.faults, first.created) == ([], 8)
        assert (second.created, second.updated, second.removed) == (0, 0, 0)
        assert second.unchanged == first.created
        assert state() == before
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 1


def test_a_changed_entry_is_updated_alone(app: Flask, folder: Path) -> None:
    with app.app_context():
        load_content(folder)
        change(folder / "hotlines.yaml", "0225 3000 000", "0225 3111 111")
        report = load_content(folder)
        assert (report.created, report.updated, report.unchanged) == (0, 1, 7)
        assert db.session.scalar(select(Hotline.phone)) == "0225 3111 111"


def test_an_entry_that_left_the_file_leaves_the_pages_and_may_come_back(
    app: Flask, folder: Path
) -> None:
    text = (folder / "hotlines.yaml").read_text("utf-8")
    with app.app_context():
        load_content(folder)
        (folder / "hotlines.yaml").write_text("leaders:" + text.partition("leaders:")[2], "utf-8")
        assert load_content(folder).removed == 1
        assert db.session.scalars(select(Hotline.removed_at)).one() is not None
        assert load_content(folder).removed == 0
        (folder / "hotlines.yaml").write_text(text, "utf-8")
        assert load_content(folder).updated == 1
        assert db.session.scalars(select(Hotline.removed_at)).one() is None


def test_what_the_desk_edited_stays(app: Flask, folder: Path) -> None:
    with app.app_context():
        load_content(folder)
        with write() as session:
            hotline = session.scalars(select(Hotline)).one()
            hotline.phone, hotline.edited_at = "19001234", clock.now()
        assert load_content(folder).kept == []
        change(folder / "hotlines.yaml", "0225 3000 000", "0225 3111 111")
        report = load_content(folder)
        assert report.kept == ["hotline so-chinh"]
        assert db.session.scalar(select(Hotline.phone)) == "19001234"


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        ("units.yaml", "kind: office", "kind: palace", "units.yaml:3", "palace"),
        ("units.yaml", "kind: office", "kind: office\n  colour: red", "units.yaml:4", "colour"),
        ("units.yaml", "  name: Phòng Một\n", "", "units.yaml:1", "'name' is missing"),
        ("units.yaml", "code: trung-tam", "code: phong-mot", "units.yaml:4", "twice"),
        ("units.yaml", "parent: phong-mot", "parent: khong-co", "units.yaml:7", "khong-co"),
        ("units.yaml", "kind: office", "kind: office\n  kind: office", "units.yaml:4", "twice"),
        ("units.yaml", "kind: office", "kind: [", "units.yaml:", ""),
        ("hotlines.yaml", "2026-11-01", "2026-02-30", "hotlines.yaml", "day"),
        ("hotlines.yaml", '"0225 3000 000"', "02253000000", "hotlines.yaml:5", "quotes"),
        ("hotlines.yaml", '"0225 3000 000"', '"gọi sau"', "hotlines.yaml:5", "phone number"),
        ("hotlines.yaml", "conduct]", "chat]", "hotlines.yaml:4", "chat"),
        ("hotlines.yaml", "unit: phong-mot\n  ", "unit: x\n  ", "hotlines.yaml:6", "no unit 'x'"),
        ("plans/2026.yaml", "lead: phong-mot", "lead: phong-ba", "plans/2026.yaml:8", "phong-ba"),
        ("plans/2026.yaml", "number: 2", "number: 1", "plans/2026.yaml:10", "twice"),
        ("plans/2026.yaml", "target: 2", "target: hai", "plans/2026.yaml:13", "whole number"),
        ("plans/2026.yaml", 'code: "2026"', 'code: "2027"', "site.toml:", "'2026'"),
        ("pages/gioi-thieu.md", "title:", "tilte:", "pages/gioi-thieu.md:2", "tilte"),
        ("site.toml", "[theme]", "[them]", "site.toml", "[them]"),
    ],
)
def test_a_fault_names_its_place_and_stops_everything(
    app: Flask, folder: Path, *, file: str, old: str, new: str, place: str, words: str
) -> None:
    change(folder / file, old, new)
    with app.app_context():
        report = load_content(folder)
        assert any(line.startswith(place) and words in line for line in lines(report)), lines(
            report
        )
        assert all(rows == [] for rows in state().values())


def test_all_faults_are_told_at_once(app: Flask, folder: Path) -> None:
    change(folder / "units.yaml", "kind: office", "kind: palace")
    change(folder / "plans" / "2026.yaml", "target: 2", "target: hai")
    with app.app_context():
        report = load_content(folder)
    assert {fault.path for fault in report.faults} == {"units.yaml", "plans/2026.yaml"}


def test_references_within_a_file_are_refused(app: Flask, folder: Path) -> None:
    """A few lines of them can unfold into gigabytes."""
    change(folder / "units.yaml", "kind: office", "kind: office\n  duties: &a [x]\n  address: *a")
    with app.app_context():
        report = load_content(folder)
    assert lines(report) == ["units.yaml:5: references (*name) are not used"]


JUNK = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *("[", "{", "- ", ": ", "&a ", "*a", "!!binary x", "!!set {a}", "---\n", "\t", "'"),
            *('"\\ud800"', "2026-02-30", "{1: 2}", "[[[[", "? ", "null", "9" * 5000, ".inf"),
            *("~", "<<: {}", "%x", "|\n"),
        ]
    ),
)  # fmt: skip


PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def load_spoiled(app: Flask, root: Path, place: random.Random, junk: str) -> None:
    """Put `junk` somewhere into a content file, over up to six characters, and load."""
    files = [path for path in root.rglob("*") if path.suffix in (".yaml", ".md")]
    path = place.choice(sorted(files))
    good = path.read_bytes()
    data = good.decode()
    start = place.randrange(len(data))
    spoiled = data[:start] + junk + data[start + place.randrange(7) :]
    path.write_bytes(spoiled.encode("utf-8", "surrogatepass"))
    try:
        with app.app_context():
            before = state()
            report = load_content(root)
            if report.faults:
                assert state() == before
                assert report.created == report.updated == report.removed == 0
            else:
                assert load_content(root).updated == 0
    finally:
        path.write_bytes(good)


@settings(PATIENT, max_examples=100)
@given(place=st.randoms(use_true_random=False), junk=JUNK)
def test_spoiled_files_never_raise_and_never_apply_in_part(
    app: Flask, folder: Path, place: random.Random, junk: str
) -> None:
    load_spoiled(app, folder, place, junk)


@settings(PATIENT, max_examples=25)
@given(place=st.randoms(use_true_random=False), junk=JUNK)
def test_nor_do_those_of_a_whole_agency(
    app: Flask, tmp_path: Path, place: random.Random, junk: str
) -> None:
    root = tmp_path / "commune"
    if not root.exists():
        shutil.copytree(ROOT / "content-examples" / "xa-thanh-ha", root)
    load_spoiled(app, root, place, junk)


@pytest.mark.parametrize("name", ["content", "content-examples/xa-thanh-ha"])
def test_shipped_content_loads(app: Flask, name: str) -> None:
    with app.app_context():
        report = load_content(ROOT / name)
        assert lines(report) == []
        again = load_content(ROOT / name)
        assert (again.created, again.updated, again.removed) == (0, 0, 0)


def test_another_agency_needs_nothing_but_its_folder(instance: Path) -> None:
    """No page of a commune speaks of the health department whose content is shipped."""
    folder = ROOT / "content-examples" / "xa-thanh-ha"
    app = create_app(load_settings(environment_of(instance) | {"PORTAL_CONTENT": str(folder)}))
    app.test_client_class, app.testing = PageClient, True
    with app.app_context():
        assert load_content(folder).faults == []
    client = app.test_client()
    for path in ("/duong-day-nong/", "/ke-hoach/", "/trang/gioi-thieu", "/trang/quyen-rieng-tu"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Thanh Hà" in answer.text
        assert "Sở Y tế Hải Phòng" not in answer.text
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_procedure_that_was_imported_may_be_mentioned(app: Flask, folder: Path) -> None:
    change(folder / "site.toml", "popular_searches", 'popular_procedures = ["1.000001"]\n#')
    with app.app_context():
        assert "there is no procedure '1.000001'" in lines(load_content(folder))[0]
        with write() as session:
            field = ProcedureField(key="thu", name="Thử")
            session.add(field)
            session.flush()
            nothing: dict[str, Any] = dict.fromkeys(
                ("levels", "subjects", "agencies", "keywords", "results", "steps"), ()
            )
            session.add(
                Procedure(
                    code="1.000001", name="Thủ tục thử", name_folded="thu tuc thu",
                    field_id=field.id, updated_at=clock.now(), **nothing,
                )
            )  # fmt: skip
        assert lines(load_content(folder)) == []


def test_the_command_tells_faults_and_fails(app: Flask, folder: Path) -> None:
    change(folder / "units.yaml", "kind: office", "kind: palace")
    result = app.test_cli_runner().invoke(args=["content", "load", str(folder)])
    assert result.exit_code == 1
    assert "units.yaml:3:" in result.stderr
    assert "nothing was changed" in result.stderr


def test_the_command_counts(app: Flask, folder: Path) -> None:
    result = app.test_cli_runner().invoke(args=["content", "load", str(folder)])
    assert result.exit_code == 0
    assert "created 8" in result.output
