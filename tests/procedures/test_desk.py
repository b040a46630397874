"""The desk: who may, what is kept, what clashes, and files that are tried before they count."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.accounts.permissions import Actor, Role
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Invalid, NotAllowed
from portal.directory.models import Unit
from portal.procedures import service
from portal.procedures.comparing import facts_of
from portal.procedures.facts import FeeFacts, ProcedureFacts, Result
from portal.procedures.forms import fee_line, read_fees
from portal.procedures.models import Procedure
from portal.procedures.recording import load_with_parts
from portal.search import service as search
from portal.search.models import SearchChange
from tests.procedures.conftest import change, load
from tests.support.queries import count_queries

HOME = "/ban-lam-viec/thu-tuc/"
CODE = "1.012290"
Staff = Callable[..., tuple[FlaskClient, Actor]]


@pytest.fixture(autouse=True)
def records(app: Flask, folder: Path) -> None:
    """Two procedures; the first belongs to a unit."""
    change(
        folder / "procedures" / "kham-benh.yaml",
        "    kind: standard\n",
        "    kind: standard\n    unit: phong-mot\n",
    )
    with app.app_context():
        with write() as session:
            session.add(Unit(code="phong-mot", name="Phòng Một", kind="office"))
        assert load(folder).faults == []


def stored(app: Flask, code: str = CODE) -> ProcedureFacts:
    with app.app_context():
        return facts_of(load_with_parts(db.session(), [code])[code])


def opened(browser: FlaskClient, path: str) -> dict[str, str]:
    """The fields of the form at `path` as a browser would send them back."""
    markup = browser.get(path).get_data(as_text=True)
    form = markup[markup.rindex("<form", 0, markup.index('name="version"')) :]
    data: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        if name:
            value = re.search(r'value="([^"]*)"', tag)
            data[name[1]] = value[1] if value else ""
    areas = r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>'
    for name, body in re.findall(areas, form, re.DOTALL):
        data[name] = body.strip().replace("&#34;", '"')
    lists = r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>'
    for name, body in re.findall(lists, form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        data[name] = chosen[1] if chosen else ""
    return data


@pytest.mark.parametrize(
    ("role", "unit", "statuses"),
    [
        (Role.PUBLISHER, None, [200, 200, 200]),
        (Role.UNIT_EDITOR, "phong-mot", [200, 200, 403]),
        (Role.UNIT_EDITOR, "phong-hai", [200, 403, 403]),
        (Role.ADMINISTRATOR, None, [200, 403, 200]),
        (Role.AUDITOR, None, [200, 403, 403]),
        (Role.AUTHOR, "phong-mot", [403, 403, 403]),
        (Role.FEEDBACK_OFFICER, None, [403, 403, 403]),
    ],
)
def test_who_may(staff: Staff, role: Role, unit: str | None, statuses: list[int]) -> None:
    browser, _ = staff(role, unit=unit)
    pages = ("", CODE, "nhap")
    assert [browser.get(HOME + path).status_code for path in pages] == statuses


def test_strangers_are_led_to_the_door(client: FlaskClient) -> None:
    assert client.get(HOME).status_code == 303


def test_the_list_finds_by_words_and_by_gaps(staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    for query, shown in (
        ("?q=cap+lai+giay", [CODE]), ("?q=1012278", ["1.012278"]), ("?thieu=ho-so", ["1.012278"]),
        ("?thieu=cac-buoc", ["1.012278"]), ("?thieu=truc-tuyen", ["1.012278"]),
        ("?thieu=phi&q=cap", ["1.012278"]), ("?thieu=don-vi", ["1.012278"]),
        ("?thieu=kiem-tra", ["1.012278"]), ("?linh_vuc=kham-benh", [CODE, "1.012278"]),
        ("?linh_vuc=khac", []), ("?thieu=zzz", [CODE, "1.012278"]), ("?q=%25", []),
    ):  # fmt: skip
        text = browser.get(HOME + query).get_data(as_text=True)
        assert sorted(set(re.findall(r'href="/thu-tuc/(\d\.\d{6})"', text))) == sorted(shown), query


def test_opening_and_saving_changes_nothing(app: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    before = stored(app)
    answer = browser.post(HOME + CODE, data=opened(browser, HOME + CODE))
    assert answer.status_code == 303
    assert stored(app) == before
    with app.app_context():
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 0
        row = db.session.scalars(select(Procedure).where(Procedure.code == CODE)).one()
        assert (row.version, row.edited_at) == (1, None)


def test_an_edit_is_kept_logged_and_told_to_search(
    app: Flask, staff: Staff, folder: Path, lost_index: None
) -> None:
    browser, actor = staff(Role.UNIT_EDITOR, unit="phong-mot")
    data = opened(browser, HOME + CODE)
    data |= {
        "online_level": "partial", "results": "Giấy phép mới\nQuyết định", "channels-0-time": "1,5",
        "channels-1-kind": "", "channels-2-kind": "post", "channels-2-time": "4",
        "channels-2-time_unit": "day", "channels-2-fees": "0\n50.000 | Cấp lại | 64/2025/TT-BTC",
    }  # fmt: skip
    with app.app_context():
        changes = db.session.scalar(select(func.count(SearchChange.id)))
    assert browser.post(HOME + CODE, data=data).status_code == 303
    facts = stored(app)
    assert facts.online_level == "partial"
    assert facts.results == (Result("Giấy phép mới"), Result("Quyết định"))
    assert [(c.kind.value, c.time) for c in facts.channels] == [
        ("online", Decimal("1.5")),
        ("post", Decimal(4)),
    ]
    assert facts.channels[0].fees[0].valid_to == date(2026, 12, 31)
    assert facts.channels[1].fees[1] == FeeFacts(
        amount=50_000, label="Cấp lại", basis="64/2025/TT-BTC"
    )
    assert len(facts.cases) == 2
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert entry.actor_id == actor.user_id
        assert set(entry.changes) == {"online_level", "results", "channels"}
        assert (db.session.scalar(select(func.count(SearchChange.id))) or 0) == (changes or 0) + 1
        change(folder / "procedures" / "kham-benh.yaml", "phù hợp.", "khác.")
        assert load(folder).kept == [f"procedure {CODE}"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("channels-0-time", "nhanh", "Nhập bằng chữ số"),
        ("channels-0-time", "-1", "lớn hơn 0"),
        ("channels-0-time_unit", "", "Chọn đơn vị tính"),
        ("channels-0-fees", "một đồng", "không phải số tiền"),
        ("channels-0-fees", "1000 | x | y | hôm nay", "ngày phải viết"),
        ("channels-0-fees", "1000\n | | 64/2025", "dòng 2"),
        ("channels-0-kind", "bo-cau", "Chọn"),
        ("online_level", "rất cao", "Chọn"),
        ("unit_code", "phong-la", "Chọn"),
        ("checked_on", "32/13/2026", "ngày có thật"),
        ("summary", "a" * 2001, "dài quá 2000"),
    ],
)
def test_wrong_input_is_told_and_kept(
    app: Flask, staff: Staff, name: str, value: str, words: str
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    before = stored(app)
    data = opened(browser, HOME + CODE) | {"results": "Điều vừa gõ", name: value}
    answer = browser.post(HOME + CODE, data=data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert words in text
    assert "Điều vừa gõ" in text
    assert stored(app) == before


def test_two_editors_never_overwrite_each_other(app: Flask, staff: Staff) -> None:
    first, _ = staff(Role.PUBLISHER)
    second, _ = staff(Role.PUBLISHER)
    early = opened(first, HOME + CODE)
    late = opened(second, HOME + CODE)
    first.post(HOME + CODE, data=early | {"conditions": "Của người thứ nhất"})
    answer = second.post(HOME + CODE, data=late | {"conditions": "Của người thứ hai"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Của người thứ nhất" in text
    assert "Của người thứ hai" in text
    assert stored(app).conditions == "Của người thứ nhất"
    again = late | {"conditions": "Của người thứ hai", "version": "2"}
    assert second.post(HOME + CODE, data=again).status_code == 303
    assert stored(app).conditions == "Của người thứ hai"


def test_nobody_takes_or_gives_away_what_is_not_theirs(app: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, unit="phong-mot")
    data = opened(browser, HOME + CODE) | {"unit_code": ""}
    assert browser.post(HOME + CODE, data=data).status_code == 403
    assert stored(app).unit_code == "phong-mot"
    _, stranger = staff(Role.UNIT_EDITOR, unit="phong-hai")
    with app.app_context(), pytest.raises(NotAllowed):
        service.check_today(stranger, CODE)


def test_a_check_is_noted(app: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    token = browser.token(HOME + CODE)
    answer = browser.post(f"{HOME}{CODE}/da-kiem-tra", data={"csrf_token": token})
    assert answer.status_code == 303
    assert stored(app).checked_on == date(2026, 11, 21)


@pytest.mark.parametrize("path", ["1.999999", "abc", "nhap/" + "0" * 32, "nhap/..%2f..%2fx"])
def test_what_is_not_there(staff: Staff, path: str) -> None:
    browser, _ = staff(Role.PUBLISHER)
    assert browser.get(HOME + path).status_code == 404


def test_query_budget(app: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    with app.app_context():
        search.rebuild()
    for path in ("", CODE):
        browser.get(HOME + path)
        with count_queries(app) as statements:
            assert browser.get(HOME + path).status_code == 200
        assert len(statements) <= 13, "\n".join(statements)


words = st.text("abcăđ (),./", max_size=20).map(lambda x: " ".join(x.split()))
fees = st.builds(
    FeeFacts, amount=st.none() | st.integers(0, 10**9), label=words, basis=words,
    valid_from=st.none() | st.dates(date(2000, 1, 1), date(2025, 12, 31)),
    valid_to=st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
).filter(lambda fee: fee.amount is not None or fee.label)  # fmt: skip


@given(st.lists(fees, max_size=4))
def test_fees_survive_the_form(listed: list[FeeFacts]) -> None:
    assert read_fees("\n".join(fee_line(fee) for fee in listed)) == tuple(listed)


@given(st.text(max_size=80))
def test_any_typed_fee_is_read_or_refused(typed: str) -> None:
    try:
        found = read_fees(typed)
    except Invalid:
        return
    assert all(fee.label if fee.amount is None else fee.amount >= 0 for fee in found)
