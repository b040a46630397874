"""Nights of trying links, and what people decide about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.directory.models import Unit
from portal.links import collecting, service
from portal.links.models import ExternalLink, LinkPlace
from portal.links.network import Answer, Outcome
from portal.links.service import DAYS_TO_BREAK, check_due, record
from portal.ops import ticker
from portal.pages.models import Page
from tests.boards.conftest import TODAY, Write
from tests.links.conftest import Web
from tests.support.queries import count_queries

HOME = "/ban-lam-viec/lien-ket/"
Staff = Callable[..., tuple[FlaskClient, Actor]]
Turn = Callable[..., None]
BODY = '<p><a href="{0}" rel="noopener">x</a></p>'


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Set the clock of the agency."""

    def turn(day: date, hour: int = 2) -> None:
        moment = clock.from_local(datetime(day.year, day.month, day.day, hour))
        monkeypatch.setattr(clock, "now", lambda: moment)

    return turn


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    app.extensions["settings"] = replace(app.extensions["settings"], check_links=True)
    with app.app_context():
        yield


def link(url: str) -> ExternalLink | None:
    db.session.expire_all()
    return db.session.scalar(select(ExternalLink).where(ExternalLink.url == url))


def night(web: Web) -> int:
    """Tick until nothing more is tried."""
    count = 0
    while tried := check_due(web):
        count += tried
    return count


def test_addresses_are_found_where_they_stand_and_forgotten_when_they_go(
    app: Flask, tasks: dict[str, int], post: Write, procedure: Callable[..., int], inside: None
) -> None:
    number = post(1, body=BODY.format("https://a.vn/x?a=1&amp;b=2#doan") + BODY.format("/noi-bo"))
    post(-5, body=BODY.format("https://chua-dang.vn/"))
    procedure("1.000001", apply_url="https://a.vn/x?a=1&b=2", source_url="mailto:a@b.vn")
    with write() as session:
        session.add(Page(slug="gt", title="Giới thiệu", body=BODY.format("http://127.0.0.1/x")))
        unit = session.scalars(select(Unit).where(Unit.code == "cdc")).one()
        unit.website = "https://cdc.vn"
    assert collecting.sync() == 2
    places = db.session.scalars(select(LinkPlace).join(LinkPlace.link).order_by(LinkPlace.id)).all()
    assert {(place.kind, place.key) for place in places} == {
        ("article", str(number)), ("procedure", "1.000001"), ("unit", "cdc"),
    }  # fmt: skip
    assert link("https://a.vn/x?a=1&b=2") is not None
    with write() as session:
        session.scalars(select(Unit).where(Unit.code == "cdc")).one().website = ""
    assert collecting.sync() == 1
    assert link("https://cdc.vn") is None
    with count_queries(app) as statements:
        collecting.sync()
    assert not [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_three_days_of_failure_make_a_link_broken(
    tasks: dict[str, int], post: Write, web: Web, inside: None, at: Turn
) -> None:
    web.page("http://tot.vn/")
    for name in ("tot", "mat"):
        post(1, body=BODY.format(f"http://{name}.vn/"))
    web.names["mat.vn"] = web.names["tot.vn"]
    states = []
    for day in range(4):
        at(TODAY + timedelta(days=day))
        night(web)
        found = link("http://mat.vn/")
        assert found is not None
        states.append((found.state, found.failures))
    assert states == [("failing", 1), ("failing", 2), ("broken", 3), ("broken", 3)]
    web.page("http://mat.vn/")
    at(TODAY + timedelta(days=5))
    night(web)
    found = link("http://mat.vn/")
    assert found is not None
    assert (found.state, found.failures, found.broken_on) == ("good", 0, None)


def test_without_a_network_nobody_is_blamed(
    tasks: dict[str, int], post: Write, web: Web, inside: None, at: Turn
) -> None:
    post(1, body=BODY.format("http://tot.vn/"))
    at(TODAY)
    assert check_due(web) == 1
    found = link("http://tot.vn/")
    assert found is not None
    assert (found.state, found.failures) == ("new", 0)
    assert check_due(web) == 0, "we wait for an hour"
    web.page("http://tot.vn/")
    at(TODAY, 4)
    assert check_due(web) == 1
    found = link("http://tot.vn/")
    assert found is not None
    assert found.state == "good"


def test_it_happens_at_night_a_few_at_a_time_and_each_of_another_host(
    tasks: dict[str, int], post: Write, web: Web, inside: None, *, at: Turn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for number in range(6):
        web.page(f"http://mot.vn/{number}")
        web.page(f"http://n{number}.vn/")
        post(1, body=BODY.format(f"http://mot.vn/{number}") + BODY.format(f"http://n{number}.vn/"))
    at(TODAY, 9)
    assert check_due(web) == 0
    assert not web.asked
    at(TODAY, 1)
    assert check_due(web) == service.AT_ONCE
    hosts = [address.partition("/")[0] for _, address in web.asked]
    assert len(set(hosts)) == len(hosts)
    monkeypatch.setattr(service, "MOST_A_NIGHT", 7)
    while check_due(web):
        pass
    assert len(web.asked) <= 7 + service.AT_ONCE
    at(TODAY + timedelta(days=1), 1)
    night(web)
    assert {address for _, address in web.asked} == {*web.pages}


def test_switched_off_it_asks_nothing(
    app: Flask, tasks: dict[str, int], post: Write, web: Web, at: Turn
) -> None:
    assert service.check_due in ticker.OFTEN
    post(1, body=BODY.format("http://tot.vn/"))
    at(TODAY)
    with app.app_context():
        assert check_due(web) == 0
        assert link("http://tot.vn/") is None


@given(st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(list(Answer))), max_size=25))
def test_a_link_is_broken_only_after_failures_on_different_days(
    steps: list[tuple[int, Answer]],
) -> None:
    """However the clock goes: failures since the last good answer, each on a later day."""
    found = ExternalLink(url="u", host="h", state="new", failures=0, due_on=TODAY)
    day, failed_on = TODAY, []
    for jump, answer in steps:
        day += timedelta(days=jump)
        record(found, Outcome(answer, "vì"), day)
        if answer in (Answer.GOOD, Answer.UNCLEAR):
            failed_on = []
        elif not failed_on or day > failed_on[-1]:
            failed_on.append(day)
        assert found.failures == len(failed_on)
        assert (found.state == "broken") == (len(failed_on) >= DAYS_TO_BREAK)
        assert found.due_on > day
        assert (found.broken_on is not None) == (found.state == "broken")


@pytest.fixture
def broken(app: Flask, tasks: dict[str, int]) -> dict[str, int]:
    """A broken link of cdc, and one of van-phong."""
    with app.app_context(), write() as session:
        made = {}
        for unit in ("cdc", "van-phong"):
            row = ExternalLink(url=f"https://{unit}.vn/mat", host=unit, state="broken", failures=3,
                               due_on=TODAY, broken_on=TODAY, reason="Trang không còn.",
                               moved_to="https://moi.vn/")  # fmt: skip
            row.places = [LinkPlace(kind="article", key="1", title=f"Bài của {unit}",
                                    url="/ban-lam-viec/bai-viet/1", unit_code=unit)]  # fmt: skip
            session.add(row)
            session.flush()
            made[unit] = row.id
        return made


def test_editors_see_those_of_their_unit_and_decide(
    app: Flask, broken: dict[str, int], staff: Staff, web: Web, at: Turn
) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, "cdc")
    page = browser.get(HOME).text
    assert "cdc.vn/mat" in page
    assert "van-phong.vn" not in page
    assert "https://moi.vn/" in page
    token = browser.token(HOME)
    other = f"{HOME}{broken['van-phong']}/"
    assert browser.post(other + "thu-lai", data={"csrf_token": token}).status_code == 403
    mine = f"{HOME}{broken['cdc']}/"
    assert browser.post(mine + "thu-lai", data={"csrf_token": token}).status_code == 303
    app.extensions["settings"] = replace(app.extensions["settings"], check_links=True)
    web.names["cdc.vn"] = ["10.0.0.1"]
    at(TODAY, 9)
    with app.app_context():
        assert check_due(web) == 1, "asked for: at any hour"
        found = link("https://cdc.vn/mat")
        assert found is not None
        assert "nội bộ" in found.reason
    assert browser.post(mine + "bo-qua", data={"csrf_token": token}).status_code == 303
    assert "cdc.vn/mat" in browser.get(HOME).text, "without a reason nothing happens"
    data = {"csrf_token": token, "reason": "Trang chỉ mở trong giờ hành chính"}
    assert browser.post(mine + "bo-qua", data=data).status_code == 303
    assert "cdc.vn/mat" not in browser.get(HOME).text
    assert "giờ hành chính" in browser.get(HOME + "?xem=bo-qua").text
    assert browser.post(mine + "theo-doi", data={"csrf_token": token}).status_code == 303
    assert "cdc.vn/mat" in browser.get(HOME).text
    with app.app_context():
        told = [entry.event for entry in db.session.scalars(select(AuditEntry))]
    assert told == ["link.asked", "link.ignored", "link.watched"]


def test_publishers_see_all_and_auditors_only_look(broken: dict[str, int], staff: Staff) -> None:
    for role, may_act in ((Role.PUBLISHER, True), (Role.AUDITOR, False)):
        browser, _ = staff(role)
        page = browser.get(HOME).text
        assert "van-phong.vn/mat" in page
        assert ("Thử lại" in page) is may_act
        assert "van-phong.vn" not in browser.get(HOME + "?don_vi=cdc").text.partition("<table")[2]
    for view in ("theo-doi", "da-doi", "khong-thu-duoc", "tat-ca", "bo-qua", "khong-co"):
        assert browser.get(f"{HOME}?xem={view}").status_code == 200


def test_a_long_list_takes_few_statements(app: Flask, broken: dict[str, int], staff: Staff) -> None:
    with app.app_context(), write() as session:
        for number in range(60):
            row = ExternalLink(url=f"https://v{number}.vn", host="v", state="broken", due_on=TODAY)
            row.places = [LinkPlace(kind="unit", key=str(n), title="T") for n in range(4)]
            session.add(row)
    browser, _ = staff(Role.PUBLISHER)
    browser.get(HOME)
    with count_queries(app) as statements:
        browser.get(HOME)
    assert len(statements) <= 12, len(statements)
