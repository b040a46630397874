"""What the search is told of a procedure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.core.db import db
from portal.procedures import documents
from portal.procedures.facts import ProcedureFacts
from portal.procedures.terms import Kind, Level, Status
from portal.search import feed
from portal.search.engine import SearchDocument
from tests.procedures.conftest import load

BASE = ProcedureFacts(code="1.000001", name="Cấp giấy phép", levels=(Level.PROVINCE,))


def document(app: Flask, code: str = "1.000001") -> SearchDocument:
    with app.app_context():
        found = feed.registry.build(db.session(), (documents.KIND, code))
    assert found is not None
    return found


def test_what_people_look_for_is_there(app: Flask, folder: Path) -> None:
    with app.app_context():
        load(folder)
    found = document(app, "1.012290")
    assert (found.title, found.code) == ("Cấp lại giấy phép hành nghề", "1.012290")
    assert set(found.former_codes) == {"1.002991", "1.003348"}
    assert {"GPHN", "Giấy phép hành nghề", "Bản sao văn bằng"} <= set(found.keywords)
    for words in ("96/2023/NĐ-CP", "Bạn nhận giấy phép", "3643/QĐ-UBND", "Có văn bằng"):
        assert words in found.body
    assert found.facet_values() == {
        "field": ["kham-benh"], "level": ["tinh"], "online": ["toan-trinh"],
        "subject": ["nguoi-dan"], "status": ["hieu-luc"], "letter": ["c"],
    }  # fmt: skip


def test_one_and_many_are_the_same(app: Flask, folder: Path) -> None:
    with app.app_context():
        load(folder)
        session = db.session()
        keys = [(documents.KIND, code) for code in (*documents.keys(session), "9.999999")]
        many = feed.registry.build_many(session, keys)
        assert many == {key: feed.registry.build(session, key) for key in keys}
        assert many[documents.KIND, "9.999999"] is None
        assert len(many) == 3


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (BASE, replace(BASE, levels=(Level.MINISTRY,))),
        (replace(BASE, agencies=("Sở Y tế",)), replace(BASE, agencies=("Sở Xây dựng",))),
        (BASE, replace(BASE, kind=Kind.INTERNAL)),
        (BASE, replace(BASE, status=Status.ABOLISHED)),
        (BASE, replace(BASE, effective_to=date(2026, 11, 21))),
    ],
)
def test_one_s_own_and_what_is_in_force_stand_higher(
    app: Flask, keep: Callable[..., None], better: ProcedureFacts, worse: ProcedureFacts
) -> None:
    keep(better, replace(worse, code="1.000002"))
    assert document(app).boost > document(app, "1.000002").boost


def test_the_state_is_that_of_the_day(app: Flask, keep: Callable[..., None]) -> None:
    keep(replace(BASE, effective_from=date(2026, 11, 22)))
    assert document(app).facets["status"] == ["sap-hieu-luc"]
    with app.app_context():
        due = db.session.query(feed.SearchChange).filter(feed.SearchChange.due_at.is_not(None))
        assert due.one().due_at is not None
