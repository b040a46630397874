"""Many articles at once: each judged on its own, nothing by guessing ids, all of it told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.articles import bulk
from portal.articles.models import Article
from portal.articles.states import State
from portal.core.audit import AuditEntry
from portal.core.bulk import MOST, Pick
from portal.core.db import db
from tests.articles.conftest import MakeArticle, People, load

LIST = "/ban-lam-viec/bai-viet/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


@pytest.fixture
def three(make_article: MakeArticle, people: People) -> list[int]:
    """A draft of the author, a shown article of the unit, a draft of another unit."""
    return [
        make_article("cua-toi", State.DRAFT, author_id=people.author.user_id),
        make_article("dang-hien", author_id=people.author.user_id),
        make_article("don-vi-khac", State.DRAFT, unit_code="vp", title="Bí mật"),
    ]


def picks(ids: list[int]) -> list[Pick]:
    return [Pick(str(number), 1) for number in ids]


def states(app: Flask, ids: list[int]) -> list[str]:
    return [load(app, number).state for number in ids]


def test_each_is_judged_alone_and_told(app: Flask, people: People, three: list[int]) -> None:
    with app.app_context():
        outcome = bulk.submit(people.author, picks([*three, 99_999]))
        entries = db.session.scalars(select(AuditEntry.event)).all()
    assert outcome.done == ["Bài cua-toi"]
    (shown, why), (hidden, unknown), (missing, _) = outcome.refused
    assert shown == "Bài dang-hien"
    assert "gửi duyệt" in why
    assert "Bí mật" not in hidden  # not even its title, to who may not know it
    assert "không được xem" in unknown
    assert missing == "Mục 99999"
    assert list(entries) == ["article.submitted"]
    assert states(app, three) == ["submitted", "approved", "draft"]


def test_who_may_not_withdraw_withdraws_nothing(
    app: Flask, people: People, three: list[int]
) -> None:
    with app.app_context():
        outcome = bulk.withdraw(people.editor, picks(three), "Hết hiệu lực.")
    assert outcome.done == []
    assert states(app, three) == ["draft", "approved", "draft"]


def test_a_colleague_who_was_faster_is_respected(
    app: Flask, people: People, three: list[int]
) -> None:
    with app.app_context():
        outcome = bulk.submit(people.author, [Pick(str(three[0]), 7)])
    assert [name for name, _ in outcome.refused] == ["Bài cua-toi"]
    assert states(app, three[:1]) == ["draft"]


def test_withdrawing_asks_for_the_reason_first(app: Flask, staff: Staff, three: list[int]) -> None:
    browser, _ = staff(Role.PUBLISHER)
    page = browser.get(f"{LIST}?xem=da-dang").get_data(as_text=True)
    assert f'value="{three[1]}@1"' in page
    data = {
        "csrf_token": browser.token(f"{LIST}?xem=tat-ca"),
        "chon": f"{three[1]}@1",
        "ve": "xem=da-dang",
    }  # type: ignore[attr-defined]
    asked = browser.post(f"{LIST}hang-loat/go", data=data)
    assert "Bài dang-hien" in asked.get_data(as_text=True)
    empty = browser.post(f"{LIST}hang-loat/go", data={**data, "asked": "1", "reason": " "})
    assert (asked.status_code, empty.status_code) == (200, 400)
    assert states(app, three) == ["draft", "approved", "draft"]
    done = browser.post(f"{LIST}hang-loat/go", data={**data, "asked": "1", "reason": "Đã cũ."})
    assert (done.status_code, done.location) == (303, f"{LIST}?xem=da-dang")
    assert load(app, three[1]).withdrawn_reason == "Đã cũ."
    assert "Đã gỡ 1 bài." in browser.get(done.location).get_data(as_text=True)


def test_what_was_not_done_has_a_page(staff: Staff, three: list[int]) -> None:
    browser, _ = staff(Role.PUBLISHER)
    data = {"csrf_token": browser.token(f"{LIST}?xem=tat-ca"), "chon": [f"{n}@1" for n in three]}  # type: ignore[attr-defined]
    page = browser.post(f"{LIST}hang-loat/gui-duyet", data=data).get_data(as_text=True)
    assert "1 mục chưa làm được" in page
    assert "Đã gửi duyệt 2 bài." in page


def test_odd_forms(staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    token = browser.token(f"{LIST}?xem=tat-ca")  # type: ignore[attr-defined]
    nothing = browser.post(f"{LIST}hang-loat/gui-duyet", data={"csrf_token": token, "ve": "a=//x"})
    assert nothing.location == f"{LIST}?a=%2F%2Fx"
    many = {"csrf_token": token, "chon": [str(n) for n in range(MOST + 1)]}
    assert browser.post(f"{LIST}hang-loat/gui-duyet", data=many).status_code == 400
    odd = {"csrf_token": token, "chon": ["x@y", "²@²"]}
    assert browser.post(f"{LIST}hang-loat/gui-duyet", data=odd).status_code == 200


def test_without_scripts_a_link_ticks_the_page(app: Flask, staff: Staff, three: list[int]) -> None:
    browser, _ = staff(Role.PUBLISHER)
    page = browser.get(f"{LIST}?xem=tat-ca&chon=tat-ca").get_data(as_text=True)
    with app.app_context():
        total = len(db.session.scalars(select(Article.id)).all())
    assert page.count(" checked>") == total
