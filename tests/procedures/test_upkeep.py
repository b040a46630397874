"""Procedures due for review: not compared for long, or changed by an import nobody looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.db import write
from portal.procedures.models import ProcedureVersion
from tests.boards.conftest import procedure

__all__ = ["procedure"]
LIST = "/ban-lam-viec/thu-tuc/?thieu={}"
Staff = Callable[..., tuple[FlaskClient, Actor]]


@pytest.fixture
def codes(app: Flask, procedure: Callable[..., int]) -> None:
    """1 is fresh, 2 was never compared, 3 long ago, 4 was changed by an import, 5 is an
    import's first version, 6 was changed by an import of another unit."""
    today = clock.today()
    numbers = {
        "1": procedure("1.000001", checked_on=today),
        "2": procedure("1.000002", checked_on=None),
        "3": procedure("1.000003", checked_on=today - timedelta(days=181)),
        "4": procedure("1.000004", checked_on=today, version=2),
        "5": procedure("1.000005", checked_on=today),
        "6": procedure("1.000006", "van-phong", checked_on=today, version=3),
    }
    with app.app_context(), write() as session:
        for key, number in (("4", 2), ("5", 1), ("6", 3)):
            session.add(ProcedureVersion(
                procedure_id=numbers[key], number=number, origin="import", facts={},
                recorded_at=clock.now(),
            ))  # fmt: skip


def listed(browser: FlaskClient, gap: str, unit: str = "") -> set[str]:
    html = browser.get(LIST.format(gap) + (f"&don_vi={unit}" if unit else "")).text
    return {n for n in "123456" if f"/thu-tuc/1.00000{n}" in html}


def test_the_lists_hold_what_they_say(codes: None, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    assert listed(browser, "kiem-tra") == {"2", "3"}
    assert listed(browser, "nhap-chua-xem") == {"4", "6"}
    assert listed(browser, "xem-lai") == {"2", "3", "4", "6"}
    assert listed(browser, "xem-lai", "van-phong") == {"6"}


def test_who_looked_says_so_in_the_list(app: Flask, codes: None, staff: Staff) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, "cdc")
    page = LIST.format("xem-lai")
    data = {"csrf_token": browser.token(page), "ve": "thieu=xem-lai"}
    for code in ("2", "4"):
        path = f"/ban-lam-viec/thu-tuc/1.00000{code}/da-kiem-tra"
        answer = browser.post(path, data=data)
        assert answer.location.endswith("/thu-tuc/?thieu=xem-lai")
    assert listed(browser, "xem-lai") == {"3", "6"}
    path = "/ban-lam-viec/thu-tuc/1.000006/da-kiem-tra"
    assert browser.post(path, data=data).status_code == 403


def test_the_next_import_asks_for_another_look(app: Flask, codes: None, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    data = {"csrf_token": browser.token(LIST.format("xem-lai"))}
    browser.post("/ban-lam-viec/thu-tuc/1.000004/da-kiem-tra", data=data)
    assert "4" not in listed(browser, "nhap-chua-xem")
    with app.app_context(), write() as session:
        old = session.query(ProcedureVersion).filter_by(number=2).one()
        session.add(ProcedureVersion(
            procedure_id=old.procedure_id, number=9, origin="import", facts={},
            recorded_at=clock.now(),
        ))  # fmt: skip
    assert "4" in listed(browser, "nhap-chua-xem")
