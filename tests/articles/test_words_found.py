"""Words left unsaved, found again: the page's choice, a conflict's three ways, forms refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.accounts.permissions import Actor
from portal.articles import autosaves, service
from portal.articles.autosaves import Item, Page
from portal.articles.models import Article
from portal.articles.states import State
from portal.core.db import db, write
from tests.articles.conftest import MakeArticle, MakeDraft, People, load
from tests.support.browsing import forms_in

HOME = "/ban-lam-viec/bai-viet/"
TAB = "trang-mot"
Browsers = Callable[[Actor], FlaskClient]


@pytest.fixture
def number(app: Flask, people: People, draft: MakeDraft) -> int:
    with app.app_context():
        return service.create(people.author, draft())


def fields_of(client: FlaskClient, path: str) -> dict[str, Any]:
    """What the form at `path` holds, hidden fields too."""
    page = client.get(path).text
    form = next(one for one in forms_in(page) if one.action.endswith(("/sua", "/moi")))
    return dict(form.fields)


def left(app: Flask, actor: Actor, item: Item, *, version: int = 1, **fields: str) -> str:
    """Words that a page kept before it was gone; their mark."""
    with app.app_context():
        page = Page(TAB, 1, version)
        body = "<p>Bước một. Bước hai.</p>"
        kept = autosaves.keep(actor, item, page, {"title": "Nháp dở", "body": body, **fields})
        return kept.mark


def test_the_form_opens_with_a_choice(
    app: Flask, people: People, number: int, browser: Browsers
) -> None:
    path, client = f"{HOME}{number}/sua", browser(people.author)
    assert "Sửa bài" in client.get(path).text
    left(app, people.author, Item(number), kind="guide", summary="x" * 700, sources="a | b | c")
    page = client.get(path).text
    assert "Bạn có bản đang soạn dở" in page
    marks = re.sub(r'<span class="visually-hidden">.*?</span>', "", page)
    assert re.search(r"<ins>[^<]*Bước hai\.", marks), "words compared"
    assert "Loại bài" in page, "what differs beside the words"
    goes_on = fields_of(client, path + "?tiep=1")
    assert goes_on["title"] == "Nháp dở"
    assert goes_on["summary"] == "x" * 700, "as typed, though it cannot be saved"
    assert goes_on["after"] == f"{TAB}:1"
    assert "Bạn có bản đang soạn dở" not in browser(people.editor).get(path).text


def test_discarded_and_taken_back_without_a_script(
    app: Flask, people: People, number: int, browser: Browsers
) -> None:
    path, client = f"{HOME}{number}/sua", browser(people.author)
    mark = left(app, people.author, Item(number))
    token = client.token(path)
    data = {"csrf_token": token, "mark": mark}
    gone = client.post(f"{HOME}{number}/dang-soan/bo", data=data, follow_redirects=True)
    assert "Sửa bài" in gone.text
    assert "Lấy lại bản đã bỏ" in gone.text
    assert fields_of(client, path)["title"] == "Nộp hồ sơ qua mạng"
    back = client.post(f"{HOME}{number}/dang-soan/lay-lai", data=data, follow_redirects=True)
    assert 'value="Nháp dở"' in back.text
    again = client.post(f"{HOME}{number}/dang-soan/lay-lai", data=data, follow_redirects=True)
    assert "Bản đã bỏ không còn nữa." in again.text


def test_words_that_say_nothing_new_ask_nothing(
    app: Flask, people: People, number: int, browser: Browsers
) -> None:
    path, client = f"{HOME}{number}/sua", browser(people.author)
    fields = fields_of(client, path)
    same = {name: fields[name] for name in ("title", "summary", "body", "kind", "topic_id")}
    left(app, people.author, Item(number), **same, unit_code="cdc")
    assert "Bạn có bản đang soạn dở" not in client.get(path).text


def test_an_older_beginning_meets_the_newer_text_when_it_is_saved(
    app: Flask, people: People, number: int, draft: MakeDraft, browser: Browsers
) -> None:
    left(app, people.author, Item(number), kind="news")
    with app.app_context():
        service.save(people.editor, number, 1, draft(title="Bản của biên tập viên"))
    path, client = f"{HOME}{number}/sua", browser(people.author)
    page = client.get(path).text
    assert f"{people.editor.name} đã sửa bài lúc" in page
    form = fields_of(client, path + "?tiep=1")
    answer = client.post(path, data=form)
    assert answer.status_code == 409
    assert load(app, number).title == "Bản của biên tập viên"


def test_a_withdrawn_article_still_shows_the_words(
    app: Flask, people: People, browser: Browsers, make_article: MakeArticle
) -> None:
    number = make_article("da-go-roi", State.WITHDRAWN, author_id=people.author.user_id)
    left(app, people.author, Item(number))
    page = browser(people.author).get(f"{HOME}{number}/sua")
    assert page.status_code == 200
    assert "Chưa sửa tiếp được" in page.text
    assert "Nháp dở" in page.text
    assert browser(people.author).get(f"{HOME}{number}/sua?tiep=1").status_code == 409


def test_three_ways_out_of_a_conflict(
    app: Flask, people: People, number: int, draft: MakeDraft, browser: Browsers
) -> None:
    path, client = f"{HOME}{number}/sua", browser(people.author)
    mine = fields_of(client, path) | {"body": "<p>Lời của tôi.</p>"}
    with app.app_context():
        service.save(people.editor, number, 1, draft(body="<p>Lời của họ.</p>", kind="guide"))
    answer = client.post(path, data=mine)
    assert answer.status_code == 409
    for words in ("Lời của tôi.", "Lời của họ.", "Lưu bản của tôi", "Lấy bản đang lưu", "Ghép",
                  people.editor.name, "Loại bài", 'class="diff diff--side"'):  # fmt: skip
        assert words in answer.text
    # Mine is kept although no script ran, and it still began from the older version.
    with app.app_context():
        row = autosaves.find(db.session(), people.author, Item(number))
        assert row.fields["body"] == "<p>Lời của tôi.</p>"
        assert row.base_version == 1
        mark = row.mark
    assert "Bạn có bản đang soạn dở" in client.get(path).text
    token = client.token(path)
    client.post(f"{HOME}{number}/dang-soan/bo", data={"csrf_token": token, "mark": mark})
    assert fields_of(client, path)["body"] == "<p>Lời của họ.</p>", "theirs"
    client.post(f"{HOME}{number}/dang-soan/lay-lai", data={"csrf_token": token})
    again = client.post(path, data=fields_of(client, path + "?tiep=1"))
    assert again.status_code == 409
    form = next(one for one in forms_in(again.text) if one.action.endswith("/sua"))
    assert client.post(path, data=dict(form.fields)).status_code == 303, "mine, knowingly"
    assert load(app, number).body == "<p>Lời của tôi.</p>"
    with app.app_context():
        assert autosaves.find(db.session(), people.author, Item(number)).fields is None
    assert "Bạn có bản đang soạn dở" not in client.get(path).text


def test_a_form_with_a_fault_is_kept(
    app: Flask, people: People, number: int, browser: Browsers
) -> None:
    path, client = f"{HOME}{number}/sua", browser(people.author)
    form = fields_of(client, path) | {"title": "", "summary": "Chữ mới"}
    assert client.post(path, data=form).status_code == 400
    assert fields_of(client, path + "?tiep=1")["summary"] == "Chữ mới"
    right = fields_of(client, path + "?tiep=1") | {"title": "Đủ rồi"}
    assert client.post(path, data=right).status_code == 303
    assert load(app, number).summary == "Chữ mới"


@pytest.mark.parametrize("path", ["moi", "{number}/sua"])
def test_a_token_too_old_keeps_what_was_typed(
    app: Flask, people: People, number: int, browser: Browsers, path: str
) -> None:
    address, client = HOME + path.format(number=number), browser(people.author)
    form = fields_of(client, address) | {"title": "Chữ còn nguyên", "csrf_token": "cu-roi"}
    answer = client.post(address, data=form)
    assert answer.status_code == 400
    assert 'value="Chữ còn nguyên"' in answer.text
    assert load(app, number).title == "Nộp hồ sơ qua mạng"
    with app.app_context():
        assert autosaves.find(db.session(), people.author, Item(number)) is None


def test_an_article_begun_and_not_saved(
    app: Flask, people: People, browser: Browsers, topics: dict[str, int]
) -> None:
    client = browser(people.author)
    item = Item(token="mau-don-thu-nhat")
    left(app, people.author, item, version=0)
    assert "Nháp dở" in client.get(HOME + "moi").text
    assert "Nháp dở" not in browser(people.editor).get(HOME + "moi").text
    address = f"{HOME}moi?tiep={item.token}"
    form = fields_of(client, address)
    assert (form["title"], form["token"]) == ("Nháp dở", item.token)
    token = client.token(address)
    mark = form["after"]
    client.post(f"{HOME}moi/{item.token}/dang-soan/bo", data={"csrf_token": token, "mark": mark})
    assert "Lấy lại" in client.get(HOME + "moi").text
    client.post(f"{HOME}moi/{item.token}/dang-soan/lay-lai", data={"csrf_token": token})
    form = fields_of(client, address) | {"topic_id": str(topics["huong-dan"]), "kind": "news"}
    form |= {"unit_code": "cdc"}
    assert client.post(HOME + "moi", data=form).status_code == 303
    assert "Nháp dở" not in client.get(HOME + "moi").text


def test_the_form_shows_who_else_has_it_open(
    app: Flask, people: People, number: int, browser: Browsers
) -> None:
    """Also without a script, and on the article's page."""
    path = f"{HOME}{number}/sua"
    browser(people.author).get(path)
    said = f"{people.author.name} đang mở bài này, từ "
    assert said in browser(people.editor).get(path).text
    assert said in browser(people.publisher).get(f"{HOME}{number}").text
    assert said not in browser(people.author).get(path).text


def test_the_form_opens_when_nothing_can_be_written(
    people: People, number: int, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.articles import presence

    client = browser(people.author)

    def fail() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(presence, "write", fail)
    assert client.get(f"{HOME}{number}/sua").status_code == 200


def test_signing_out_leaves_only_words_that_the_server_lacks(
    people: People, browser: Browsers
) -> None:
    for giu, cleared in (("", '"cache", "storage"'), ("1", '"cache"')):
        client = browser(people.author)
        data = {"csrf_token": client.token(HOME + "moi"), "giu": giu}
        assert client.post("/dang-xuat", data=data).headers["Clear-Site-Data"] == cleared


def test_an_author_who_lost_the_article_reaches_nothing(
    app: Flask, people: People, number: int, browser: Browsers
) -> None:
    left(app, people.author, Item(number))
    with app.app_context(), write() as session:
        session.execute(
            update(Article)
            .where(Article.id == number)
            .values(author_id=people.stranger.user_id, unit_code="vp")
        )
    assert browser(people.author).get(f"{HOME}{number}/sua").status_code == 404
