"""Words while they are being written: kept, never over newer ones, nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.permissions import Actor
from portal.articles import autosaves, presence, service
from portal.articles.autosaves import Item, Page, WrittenElsewhere
from portal.articles.models import Article, ArticleRevision
from portal.articles.states import State
from portal.articles.words_models import ArticleAutosave
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.articles.conftest import MakeArticle, MakeDraft, People, load

HOME = "/ban-lam-viec/bai-viet/"
FIRST, SECOND = "trang-mot", "trang-hai"


@pytest.fixture
def number(app: Flask, people: People, draft: MakeDraft) -> int:
    """A draft of the author, version 1."""
    with app.app_context():
        return service.create(people.author, draft())


def words(actor: Actor, item: Item) -> Any:
    row = autosaves.find(db.session(), actor, item)
    return row.fields if row else None


def send(client: FlaskClient, address: str, **changes: Any) -> Any:
    """What the page's script sends."""
    token = client.get(HOME + "phien.json").json["csrf"]
    sent = {"tab": FIRST, "sequence": 1, "version": 1, "after": "", "fields": {"title": "Bài"}}
    return client.post(
        HOME + address + "/dang-soan", json={**sent, **changes}, headers={"X-CSRFToken": token}
    )


def test_kept_whole_and_beside(app: Flask, people: People, number: int) -> None:
    """Every field as typed, also what could not be saved; the article, its history and the audit
    log stay as they are."""
    item = Item(number)
    fields = {"title": "", "summary": "x" * 900, "body": "<p>Dở", "tasks": ["9", "không có"]}
    with app.app_context():
        before = db.session.scalar(select(func.count(AuditEntry.id)))
        for sequence in range(1, 6):
            autosaves.keep(people.author, item, Page(FIRST, sequence, 1), fields)
        assert words(people.author, item) == fields
        assert db.session.scalar(select(func.count(AuditEntry.id))) == before
        assert db.session.scalar(select(func.count(ArticleRevision.id))) == 1
        assert db.session.scalar(select(func.count(ArticleAutosave.id))) == 1
    assert load(app, number).version == 1
    assert load(app, number).title == "Nộp hồ sơ qua mạng"


def test_an_older_page_never_writes_over_newer_words(
    app: Flask, people: People, number: int
) -> None:
    item = Item(number)
    with app.app_context():
        kept = autosaves.keep(people.author, item, Page(FIRST, 3, 1), {"title": "Ba"})
        assert autosaves.keep(people.author, item, Page(FIRST, 2, 1), {"title": "Hai"}).mark == (
            kept.mark
        )
        assert words(people.author, item) == {"title": "Ba"}, "an earlier word that comes late"
        with pytest.raises(WrittenElsewhere):
            autosaves.keep(people.author, item, Page(SECOND, 1, 1), {"title": "Thẻ khác"})
        assert words(people.author, item) == {"title": "Ba"}
        on = Page(SECOND, 1, 1, after=kept.mark)
        autosaves.keep(people.author, item, on, {"title": "Viết tiếp"})
        with pytest.raises(WrittenElsewhere):
            autosaves.keep(people.author, item, Page(FIRST, 4, 1), {"title": "Trang cũ"})
        assert words(people.author, item) == {"title": "Viết tiếp"}
        autosaves.keep(
            people.author, item, Page(FIRST, 5, 1), {"title": "Chọn bản này"}, take_over=True
        )
        autosaves.take_back(people.author, item)
        assert words(people.author, item) == {"title": "Viết tiếp"}, "the other is not lost"
        autosaves.take_back(people.author, item)
        assert words(people.author, item) == {"title": "Chọn bản này"}, "nor is this one"


def test_saving_ends_it(app: Flask, people: People, number: int, draft: MakeDraft) -> None:
    item = Item(number)
    with app.app_context():
        autosaves.keep(people.author, item, Page(FIRST, 1, 1), {"title": "Mới"})
        service.save(people.author, number, 1, draft(title="Mới"), Page(FIRST, 2, 1))
        assert words(people.author, item) is None
        autosaves.keep(people.author, item, Page(FIRST, 1, 1), {"title": "Đến muộn"})
        assert words(people.author, item) is None, "sent before the saving, arrived after it"
        autosaves.keep(people.author, item, Page(SECOND, 1, 2), {"title": "Lần sau"})
        assert words(people.author, item) == {"title": "Lần sau"}


def test_saving_from_an_older_page_leaves_the_newer_words(
    app: Flask, people: People, number: int, draft: MakeDraft
) -> None:
    item = Item(number)
    with app.app_context():
        autosaves.keep(people.author, item, Page(SECOND, 1, 1), {"title": "Mới hơn"})
        service.save(people.author, number, 1, draft(title="Trang cũ"), Page(FIRST, 1, 1))
        assert words(people.author, item) == {"title": "Mới hơn"}


def test_a_save_that_is_refused_ends_nothing(
    app: Flask, people: People, number: int, draft: MakeDraft
) -> None:
    item = Item(number)
    with app.app_context():
        autosaves.keep(people.author, item, Page(FIRST, 1, 1), {"title": "Dở"})
        service.save(people.editor, number, 1, draft(title="Biên tập viên lưu trước"))
        with pytest.raises(Conflict):
            service.save(people.author, number, 1, draft(title="Dở"), Page(FIRST, 2, 1))
        assert words(people.author, item) == {"title": "Dở"}


def test_creating_ends_what_was_begun(app: Flask, people: People, draft: MakeDraft) -> None:
    item = Item(token="mau-don-thu-nhat")
    with app.app_context():
        autosaves.keep(people.author, item, Page(FIRST, 1), {"title": "Mới"})
        assert [row.item for row in autosaves.begun(db.session(), people.author)] == [item.key]
        assert autosaves.begun(db.session(), people.editor) == []
        service.create(people.author, draft(), (item, Page(FIRST, 2)))
        assert autosaves.begun(db.session(), people.author) == []


def test_whoever_has_a_newer_text_is_named(
    app: Flask, people: People, number: int, draft: MakeDraft
) -> None:
    with app.app_context():
        service.save(people.editor, number, 1, draft(title="Bản của biên tập viên"))
        kept = autosaves.keep(people.author, Item(number), Page(FIRST, 1, 1), {"title": "Dở"})
        assert people.editor.name in kept.newer
        assert words(people.author, Item(number)) == {"title": "Dở"}, "kept all the same"


@pytest.mark.parametrize("state", [State.APPROVED, State.WITHDRAWN])
def test_published_or_withdrawn_meanwhile(
    app: Flask, people: People, make_article: MakeArticle, state: State
) -> None:
    number = make_article("luc-do", state, author_id=people.author.user_id, version=4)
    with app.app_context():
        kept = autosaves.keep(people.author, Item(number), Page(FIRST, 1, 1), {"title": "Dở"})
        assert kept.newer
        assert bool(kept.closed) == (state == State.WITHDRAWN)
        assert words(people.author, Item(number)) == {"title": "Dở"}


def test_nobody_reaches_the_words_of_another(
    app: Flask, people: People, number: int, browser
) -> None:
    new = Item(token="mau-don-thu-nhat")
    with app.app_context():
        autosaves.keep(people.author, Item(number), Page(FIRST, 1, 1), {"title": "Riêng tôi"})
        mark = autosaves.keep(people.author, new, Page(FIRST, 1), {"title": "Riêng tôi"}).mark
        with pytest.raises(NotFound):
            autosaves.keep(people.stranger, Item(number), Page(SECOND, 1, 1), {"title": "Lạ"})
        with pytest.raises(NotAllowed):
            autosaves.keep(people.auditor, Item(number), Page(SECOND, 1, 1), {"title": "Lạ"})
    editor = browser(people.editor)
    token = editor.get(HOME + "phien.json").json["csrf"]
    for path in (f"{number}", f"moi/{new.token}"):
        for verb in ("bo", "lay-lai"):
            answer = editor.post(
                f"{HOME}{path}/dang-soan/{verb}", data={"csrf_token": token, "mark": mark}
            )
            assert answer.status_code == 303
    assert send(browser(people.stranger), str(number)).status_code == 404
    assert send(browser(people.auditor), str(number)).status_code == 403
    assert send(editor, f"moi/{new.token}").status_code == 200, "a row of its own"
    with app.app_context():
        assert words(people.author, new) == {"title": "Riêng tôi"}
        assert words(people.author, Item(number)) == {"title": "Riêng tôi"}


def test_discarding_can_be_undone(app: Flask, people: People, number: int) -> None:
    item = Item(number)
    with app.app_context():
        autosaves.keep(people.author, item, Page(FIRST, 1, 1), {"title": "Một"})
        with pytest.raises(Conflict):
            autosaves.discard(people.author, item, "trang-mot:7")
        autosaves.discard(people.author, item, "trang-mot:1")
        assert words(people.author, item) is None
        autosaves.take_back(people.author, item)
        assert words(people.author, item) == {"title": "Một"}
        with pytest.raises(Conflict):
            autosaves.take_back(people.author, item)


@pytest.mark.parametrize(
    "sent",
    ["chữ", None, ["title"], {"Tên": "x"}, {"title": 5}, {"title": {"a": "b"}}, {"x" * 41: "y"},
     {"title": ["x"] * 301}, {f"o{n}": "" for n in range(61)}, {"body": "x" * 1_000_001}],
)  # fmt: skip
def test_what_no_form_sends(app: Flask, people: People, number: int, sent: object) -> None:
    with app.app_context(), pytest.raises(Invalid):
        autosaves.keep(people.author, Item(number), Page(FIRST, 1, 1), sent)


def test_text_that_no_database_can_store_is_cleaned(
    app: Flask, people: People, number: int
) -> None:
    with app.app_context():
        sent = {"title": "Hô\u0300 sơ\x00 \ud800", "body": "<p>a</p>"}
        autosaves.keep(people.author, Item(number), Page(FIRST, 1, 1), sent)
        assert words(people.author, Item(number)) == {"title": "Hồ sơ", "body": "<p>a</p>"}


def test_the_script_is_answered_in_its_language(
    app: Flask, people: People, number: int, browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(people.author)
    answer = send(client, str(number), fields={"title": "Một", "tasks": ["1", "2"]})
    assert answer.status_code == 200
    assert answer.json["mark"] == f"{FIRST}:1"
    assert send(client, str(number), tab=SECOND).status_code == 409
    for bad in ({"tab": "x"}, {"sequence": -1}, {"sequence": "2"}, {"version": 2**40}):
        assert send(client, str(number), **bad).status_code == 400, bad
    assert send(client, "moi/ng%C3%A0y-mai-").status_code == 404
    assert send(client, str(number), fields={"body": "x" * 4_000_001}).status_code == 413
    monkeypatch.setattr(autosaves, "EVERY_FEW_SECONDS", "1/minute")
    assert send(client, str(number), sequence=2).status_code == 200
    assert send(client, str(number), sequence=3).status_code == 429


def test_a_token_of_another_session_writes_nothing(
    app: Flask, people: People, number: int, browser
) -> None:
    client = browser(people.author)
    body = {"tab": FIRST, "sequence": 1, "version": 1, "fields": {"title": "Một"}}
    foreign = browser(people.editor).get(HOME + "phien.json").json["csrf"]
    for headers in ({}, {"X-CSRFToken": foreign}, {"X-CSRFToken": "x"}):
        answer = client.post(f"{HOME}{number}/dang-soan", json=body, headers=headers)
        assert answer.status_code == 400
    with app.app_context():
        assert words(people.author, Item(number)) is None


def test_a_session_that_is_over(app: Flask, people: People, number: int, browser) -> None:
    client = browser(people.author)
    token = client.get(HOME + "phien.json").json["csrf"]
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "da-het"
    body = {"tab": FIRST, "sequence": 1, "version": 1, "fields": {"title": "Một"}}
    headers = {"X-CSRFToken": token}
    assert client.post(f"{HOME}{number}/dang-soan", json=body, headers=headers).status_code == 403
    away = client.get(HOME + "phien.json")
    assert away.status_code == 303, "the script sees that it must sign in"


@pytest.mark.parametrize("fault", ["disk", "locked"])
def test_a_dead_disk_is_told(
    people: People, number: int, browser, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    from sqlalchemy.exc import OperationalError

    client = browser(people.author)
    error = OSError(28, "No space left on device") if fault == "disk" else OperationalError(
        "INSERT", {}, Exception("database is locked")
    )  # fmt: skip

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(autosaves, "find", fail)
    answer = send(client, str(number))
    assert answer.status_code == 503
    assert "locked" not in answer.text


def test_two_people_see_each_other(
    app: Flask, people: People, number: int, browser, set_clock
) -> None:
    start = clock.now()
    author, editor = browser(people.author), browser(people.editor)
    assert send(author, str(number)).json["others"] == []
    since = clock.format_time(start)
    told = send(editor, str(number), tab=SECOND, fields={"title": "Của tôi"}).json["others"]
    assert told == [{"name": people.author.name, "since": since}]
    set_clock(start + timedelta(seconds=60))
    alive = {"tab": FIRST, "version": 1, "sequence": 9, "after": ""}
    token = author.get(HOME + "phien.json").json["csrf"]
    answer = author.post(
        f"{HOME}{number}/dang-soan", json=alive, headers={"X-CSRFToken": token}
    )  # a sign of life without words
    assert [one["name"] for one in answer.json["others"]] == [people.editor.name]
    set_clock(start + timedelta(seconds=100))
    with app.app_context():
        assert presence.others(db.session(), people.author, number) == [], "the editor has gone"
        assert [o.since for o in presence.others(db.session(), people.editor, number)] == [
            pytest.approx(start, abs=timedelta(seconds=5))
        ]
    answer = author.post(
        f"{HOME}{number}/dang-soan",
        json={**alive, "leaving": True},
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200
    with app.app_context():
        assert presence.others(db.session(), people.editor, number) == []


def test_signs_of_life_are_seldom_written(
    app: Flask, people: People, number: int, set_clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, writes = clock.now(), []
    real = presence.touch
    monkeypatch.setattr(presence, "touch", lambda *a: (writes.append(1), real(*a)))
    with app.app_context():
        for second in range(0, 61, 5):
            set_clock(start + timedelta(seconds=second))
            autosaves.note_presence(people.author, number, FIRST)
    assert len(writes) == 4, "once in twenty seconds"


def test_a_full_disk_does_not_close_the_form(
    app: Flask, people: People, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(presence, "write", fail)
    with app.app_context():
        presence.enter(people.author, number, FIRST)


def test_what_is_old_is_forgotten(app: Flask, people: People, number: int, set_clock) -> None:
    start, item, saved = clock.now(), Item(number), Item(token="mau-don-thu-nhat")
    with app.app_context():
        autosaves.keep(people.author, item, Page(FIRST, 1, 1), {"title": "Một"})
        autosaves.keep(people.editor, item, Page(FIRST, 1, 1), {"title": "Hai"})
        autosaves.keep(people.author, saved, Page(FIRST, 1), {"title": "Ba"})
        autosaves.discard(people.editor, item, f"{FIRST}:1")
        set_clock(start + timedelta(days=6))
        autosaves.purge()
        autosaves.take_back(people.editor, item)
        row = autosaves.find(db.session(), people.editor, item)
        autosaves.discard(people.editor, item, row.mark)
        set_clock(start + timedelta(days=14))
        autosaves.purge()
        assert words(people.author, item) == {"title": "Một"}
        assert autosaves.find(db.session(), people.editor, item) is None
        set_clock(start + timedelta(days=61))
        autosaves.purge()
        assert db.session.scalar(select(func.count(ArticleAutosave.id))) == 0
        assert db.session.scalar(select(func.count(Article.id)).where(Article.id == number)) == 1
