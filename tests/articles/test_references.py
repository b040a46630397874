"""Links inside the portal are kept by reference: a changed address breaks none, a dead one is told."""

# ruff: noqa: E501 - samples read better in one line
from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Actor, Role
from portal.articles import service
from portal.articles.body import dress
from portal.articles.references import addresses, dead_links, references_in, what_links_here
from portal.articles.states import State
from portal.core.db import db, write
from portal.core.html import sanitise
from portal.core.settings import current_settings
from portal.pages.models import Page
from tests.articles.conftest import MakeArticle, MakeDraft, People, load
from tests.support.queries import count_queries

SignIn = Callable[..., tuple[FlaskClient, Actor]]
FILE = "0123456789abcdef" * 2
LINKS = {
    '<a href="/bai-viet/x" data-ref="article:7">a</a>': {("article", "7")},
    '<a href="/bai-viet/dich-den#muc-1">a</a>': {("article at", "dich-den")},
    '<a href="/thu-tuc/1.012290?x=1">a</a>': {("procedure", "1.012290")},
    '<a href="/thu-tuc/1.012290/niem-yet">a</a>': {("procedure", "1.012290")},
    '<a href="/trang/gioi-thieu">a</a>': {("page", "gioi-thieu")},
    '<a href="/cai-cach-hanh-chinh/chuyen-doi-so/">a</a>': {("topic", "chuyen-doi-so")},
    f'<a href="/tu-lieu/{FILE}/tep.pdf">a</a>': {("file", FILE)},
    '<a href="https://example.vn/bai-viet/dich-den">a</a>': set(),
    '<a href="//bai-viet/x">a</a>': set(),
    "<p>không có liên kết</p>": set(),
}


@pytest.mark.parametrize("body", LINKS)
def test_what_a_text_leads_to(app: Flask, body: str) -> None:
    with app.app_context():
        assert references_in(body) == LINKS[body]


def test_an_address_with_the_name_of_this_portal_is_its_own(app: Flask) -> None:
    with app.app_context():
        base = current_settings().base_url
        assert references_in(f'<a href="{base}/trang/gioi-thieu">a</a>') == {("page", "gioi-thieu")}


@pytest.mark.parametrize(
    "ref",
    ["script:1", "article:1 onclick", 'article:"', "article:", "article:" + "a" * 91, "file:../x"],
)
def test_a_reference_of_any_other_shape_is_dropped(ref: str) -> None:
    assert "data-ref" not in sanitise(f"<p><a href='/x' data-ref='{ref}'>a</a></p>")


def test_saving_notes_where_a_text_leads_and_forgets_it(
    app: Flask, people: People, draft: MakeDraft, make_article: MakeArticle
) -> None:
    target = make_article("dich-den")
    body = '<p><a href="/bai-viet/dich-den">một</a> <a href="/thu-tuc/1.012290">hai</a></p>'
    with app.app_context():
        number = service.create(people.author, draft(title="Bài dẫn", body=body))
        session = db.session()
        assert [one.title for one in what_links_here(session, "article", str(target))] == [
            "Bài dẫn"
        ]
        assert [one.public for one in what_links_here(session, "procedure", "1.012290")] == [False]
        service.save(people.author, number, 1, draft(title="Bài dẫn", body="<p>chữ</p>"))
        assert what_links_here(session, "article", str(target)) == []


def test_a_former_address_and_a_standing_page_lead_here_too(
    app: Flask, people: People, draft: MakeDraft, make_article: MakeArticle
) -> None:
    target = make_article("ten-cu", slug_fixed=True)
    with app.app_context():
        service.arrange(people.publisher, target, 1, slug="ten-moi", pinned=False)
        service.create(people.author, draft(body='<p><a href="/bai-viet/ten-cu">x</a></p>'))
        with write() as session:
            session.add(
                Page(
                    slug="huong-dan",
                    title="Trang hướng dẫn",
                    body='<p><a href="/bai-viet/ten-cu">x</a></p>',
                )
            )
        found = what_links_here(db.session(), "article", str(target))
        assert [(one.title, one.public) for one in found] == [
            ("Nộp hồ sơ qua mạng", False), ("Trang hướng dẫn", True),
        ]  # fmt: skip


def test_readers_get_the_address_of_today(
    app: Flask, client: FlaskClient, people: People, make_article: MakeArticle
) -> None:
    target = make_article("ten-cu", slug_fixed=True)
    make_article(
        "bai-dan", body=f'<p><a href="/bai-viet/ten-cu" data-ref="article:{target}">Xem bài</a></p>'
    )
    with app.app_context():
        service.arrange(people.publisher, target, 1, slug="ten-moi", pinned=False)
    with count_queries(app) as counted:
        page = client.get("/bai-viet/bai-dan").text
    assert '<a href="/bai-viet/ten-moi">Xem bài</a>' in page
    assert "data-ref" not in page
    assert len(counted) <= 6


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (State.APPROVED, '<a href="/bai-viet/dich-den">Xem</a>'),
        (State.WITHDRAWN, '<a href="/bai-viet/dich-den">Xem</a>'),
        (State.DRAFT, "<p>Xem</p>"),
    ],
)
def test_a_link_to_what_readers_cannot_open_is_plain_text(
    app: Flask, make_article: MakeArticle, state: State, shown: str
) -> None:
    target = make_article("dich-den", state)
    body = f'<p><a href="/bai-viet/cu" data-ref="article:{target}">Xem</a></p>'
    with app.app_context():
        assert shown in dress(body, (), addresses(db.session(), body)).markup


def test_dead_links_are_told_to_those_who_write(
    app: Flask, staff: SignIn, make_article: MakeArticle
) -> None:
    hidden, shown = make_article("nhap", State.DRAFT), make_article("dang")
    body = (
        f'<p><a href="/x" data-ref="article:{hidden}">Chưa đăng</a> <a href="/x" data-ref="article:{shown}">Đang đăng</a> '
        '<a href="/bai-viet/khong-co">Không có</a> <a href="/trang/khong-co">Trang mất</a> '
        '<a href="https://example.vn/">Ngoài</a></p>'
    )
    number = make_article("bai-dan", body=body)
    with app.app_context():
        assert [one.words for one in dead_links(db.session(), body)] == [
            "Chưa đăng", "Không có", "Trang mất",
        ]  # fmt: skip
    client, _ = staff(Role.PUBLISHER)
    page = client.get(f"/ban-lam-viec/bai-viet/{number}").text
    assert "Liên kết chưa mở được" in page
    assert "“Trang mất”" in page


def test_things_are_found_by_name_and_strangers_drafts_are_not(
    app: Flask, staff: SignIn, people: People, draft: MakeDraft, make_article: MakeArticle
) -> None:
    with app.app_context():
        service.create(people.author, draft(title="Cấp giấy phép của CDC"))
        service.create(people.stranger, draft(title="Cấp giấy phép của Văn phòng", unit_code="vp"))
    client, _ = staff(Role.AUTHOR, "cdc")
    found = client.get("/ban-lam-viec/bai-viet/lien-ket.json?q=cap+giay+phep").get_json()["items"]
    assert [one["title"] for one in found] == ["Cấp giấy phép của CDC"]
    topics = client.get("/ban-lam-viec/bai-viet/lien-ket.json?q=chuyển đổi").get_json()["items"]
    assert [one["ref"] for one in topics] == ["topic:chuyen-doi-so"]
    assert client.get("/ban-lam-viec/bai-viet/lien-ket.json?q=c").get_json()["items"] == []


def test_a_reference_survives_correction_and_publication(
    app: Flask, people: People, draft: MakeDraft, make_article: MakeArticle
) -> None:
    target = make_article("dich-den")
    body = f'<p><a href="/bai-viet/dich-den" data-ref="article:{target}">Xem</a></p>'
    with app.app_context():
        number = service.create(people.author, draft(body=body))
        service.submit(people.author, number, 1)
        service.publish(people.publisher, number, 2)
        found = what_links_here(db.session(), "article", str(target))
        assert [one.public for one in found] == [True]
    assert f'data-ref="article:{target}"' in load(app, number).body


def test_notes_are_numbered_and_lead_there_and_back() -> None:
    body = '<p>Một<small class="note">Nguồn <a href="https://a.vn/">A</a></small> hai<small class="note">B</small></p>'
    markup = dress(sanitise(body)).markup
    for number in (1, 2):
        assert f'id="ghi-chu-{number}-o-bai" href="#ghi-chu-{number}"' in markup
        assert f'<li id="ghi-chu-{number}">' in markup
        assert f'href="#ghi-chu-{number}-o-bai"' in markup
    assert markup.index("Nguồn") > markup.index("</p>")
    assert '<a href="https://a.vn/" rel="noopener">A</a>' in markup
    assert "<small" not in markup


def test_a_note_within_a_note_or_without_end_breaks_nothing() -> None:
    for raw in (
        '<p>a<small class="note">b<small class="note">c</small>d</small>e</p>',
        '<p>a<small class="note">b</p><p>c</p>',
    ):
        markup = dress(sanitise(raw)).markup
        assert all(letter in markup for letter in "abc")
