"""What readers see of articles, and what they do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.articles import search
from portal.articles.models import Article, ArticleSlug
from portal.articles.states import State
from portal.core import clock
from portal.core.db import db, write
from tests.articles.conftest import MakeArticle
from tests.support.queries import count_queries

HIDDEN = ("an-nhap", "an-cho-duyet", "an-tra-lai", "an-hen-gio")


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("slug", HIDDEN)
def test_what_is_not_published_does_not_exist(client: FlaskClient, slug: str) -> None:
    assert "ẩn" not in text_of(client, f"/bai-viet/{slug}", 404)


def test_lists_show_only_what_is_visible(client: FlaskClient, make_article: MakeArticle) -> None:
    make_article("thay-duoc", title="Bài ai cũng thấy")
    for path in ("/cai-cach-hanh-chinh/", "/cai-cach-hanh-chinh/huong-dan/"):
        page = text_of(client, path)
        assert "Bài ai cũng thấy" in page
        assert "ẩn</a>" not in page


def test_article_shows_its_parts(client: FlaskClient, make_article: MakeArticle) -> None:
    make_article(
        "day-du",
        title="Nộp hồ sơ <nhanh> & gọn",
        body="<h2>Chuẩn bị</h2><p>a</p><h2>Nộp</h2><p>b</p><h2>Nộp</h2><p>c</p>",
        publish_at=clock.from_local(datetime(2026, 3, 9, 8, 0)),
        sources=[{"title": "Nghị định 118", "url": "https://vidu.vn/nd", "note": "Điều 3"}],
    )
    page = text_of(client, "/bai-viet/day-du")
    assert "Nộp hồ sơ &lt;nhanh&gt; &amp; gọn" in page
    assert ">09/03/2026<" in page
    assert "Trung tâm Kiểm soát bệnh tật" in page
    assert 'href="https://vidu.vn/nd" rel="noopener">Nghị định 118</a>. Điều 3' in page
    assert '<h2 id="muc-chuan-bi">' in page
    assert '<h2 id="muc-nop-2">' in page
    assert 'href="#muc-nop-2"' in page


def test_withdrawn_says_why(client: FlaskClient) -> None:
    page = text_of(client, "/bai-viet/an-da-go", 410)
    assert "Sai số liệu." in page
    assert "Nội dung của bài" not in page


def test_withdrawn_before_it_was_seen_never_existed(
    client: FlaskClient, make_article: MakeArticle
) -> None:
    later = clock.now() + timedelta(days=1)
    make_article("go-som", State.WITHDRAWN, publish_at=later)
    text_of(client, "/bai-viet/go-som", 404)


def test_old_address_leads_to_the_new_one(
    app: Flask, client: FlaskClient, make_article: MakeArticle
) -> None:
    shown, hidden = make_article("moi"), make_article("moi-nhap", State.DRAFT)
    with app.app_context(), write() as session:
        session.add(ArticleSlug(slug="cu", article_id=shown))
        session.add(ArticleSlug(slug="cu-nhap", article_id=hidden))
    answer = client.get("/bai-viet/cu")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/bai-viet/moi")
    text_of(client, "/bai-viet/cu-nhap", 404)


def test_scheduled_appears_when_its_hour_comes(
    app: Flask,
    client: FlaskClient,
    make_article: MakeArticle,
    set_clock: Callable[[datetime], None],
) -> None:
    hour = clock.now() + timedelta(hours=5)
    number = make_article("hen", title="Đúng giờ", publish_at=hour)
    set_clock(hour - timedelta(seconds=1))
    text_of(client, "/bai-viet/hen", 404)
    with app.app_context():
        assert search.build(db.session(), str(number)) is None
    set_clock(hour)
    assert "Đúng giờ" in text_of(client, "/bai-viet/hen")
    assert "Đúng giờ" in text_of(client, "/cai-cach-hanh-chinh/")
    with app.app_context():
        document = search.build(db.session(), str(number))
    assert document is not None
    assert document.title == "Đúng giờ"


def test_topic_counts_what_lies_below(
    client: FlaskClient, make_article: MakeArticle, topics: dict[str, int]
) -> None:
    make_article("so-1", topic_id=topics["y-te-so"], title="Bài ở chủ đề nhỏ")
    page = text_of(client, "/cai-cach-hanh-chinh/chuyen-doi-so/")
    assert "Bài ở chủ đề nhỏ" in page
    assert "Bài ở chủ đề nhỏ" in text_of(client, "/cai-cach-hanh-chinh/y-te-so/")
    assert "Bài ở chủ đề nhỏ" not in text_of(client, "/cai-cach-hanh-chinh/huong-dan/")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cai-cach-hanh-chinh/khong-co/", 404),
        ("/cai-cach-hanh-chinh/?trang=2", 404),
        ("/cai-cach-hanh-chinh/?trang=0", 400),
        ("/cai-cach-hanh-chinh/?trang=x", 400),
        ("/bai-viet/khong-co", 404),
        ("/bai-viet/%00", 400),
    ],
)
def test_odd_addresses(client: FlaskClient, path: str, status: int) -> None:
    text_of(client, path, status)


def test_lists_have_pages(client: FlaskClient, make_article: MakeArticle) -> None:
    for number in range(13):
        make_article(f"nhieu-{number}")
    first, second = (text_of(client, f"/cai-cach-hanh-chinh/huong-dan/?trang={n}") for n in (1, 2))
    assert first.count('class="teaser"') == 12
    assert second.count('class="teaser"') == 1


def test_pages_keep_their_query_budget(
    app: Flask, client: FlaskClient, make_article: MakeArticle
) -> None:
    for number in range(8):
        make_article(f"ngan-sach-{number}", pinned=number < 2)
    for path in (
        "/cai-cach-hanh-chinh/",
        "/cai-cach-hanh-chinh/huong-dan/",
        "/bai-viet/ngan-sach-1",
    ):
        with count_queries(app) as statements:
            text_of(client, path)
        assert len(statements) <= 5, (path, statements)


def test_unchanged_page_is_not_sent_again(client: FlaskClient, make_article: MakeArticle) -> None:
    make_article("etag")
    tag = client.get("/bai-viet/etag").headers["ETag"]
    assert client.get("/bai-viet/etag", headers={"If-None-Match": tag}).status_code == 304


def test_database_refuses_states_that_cannot_be(app: Flask) -> None:
    for columns in (
        {"state": "posted"},
        {"state": "approved"},
        {"state": "withdrawn"},
        {"state": "draft", "kind": "poem"},
    ):
        values = {"slug": "x", "title": "x", "kind": "news", **columns}
        with (
            app.app_context(),
            pytest.raises(Exception, match=r"(?i)check constraint"),
            write() as session,
        ):
            session.add(Article(**values))
