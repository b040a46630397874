"""Articles told to machines: what holds questions, who is named, which picture stands for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.articles.questions import questions_of
from portal.core import clock
from portal.core.db import write
from portal.media.models import MediaFile
from tests.articles.conftest import MakeArticle
from tests.support.json_ld import head_of, things_of

BODY = (
    "<p>Mở đầu.</p><h2>Nộp ở <em>đâu</em>?</h2><p>Tại trung tâm &amp; qua mạng.</p>"
    "<ul><li>Một<br>nửa</li><li>Hai</li></ul><h2>Lưu ý</h2><p>Không phải câu hỏi.</p>"
    "<h3>Bao lâu?</h3><p>3 ngày làm việc.</p><h2>Ai trả lời?</h2>"
)


def test_headings_that_ask_and_are_answered() -> None:
    assert [(one.question, one.answer) for one in questions_of(BODY)] == [
        ("Nộp ở đâu?", "Tại trung tâm & qua mạng.\nMột\nnửa\nHai"),
        ("Bao lâu?", "3 ngày làm việc."),
    ]


@given(st.text("<>/?phh23 aệ&;", max_size=60))
def test_no_body_breaks_the_reading(body: str) -> None:
    assert all(one.question.endswith("?") and one.answer for one in questions_of(body))


@pytest.mark.parametrize(("kind", "is_faq"), [("questions", True), ("news", False)])
def test_only_an_article_of_questions_is_a_faq(
    client: FlaskClient, make_article: MakeArticle, kind: str, is_faq: bool
) -> None:
    make_article("hoi-dap", kind=kind, body=BODY)
    things = things_of(client.get("/bai-viet/hoi-dap").get_data(as_text=True))
    assert "NewsArticle" in things
    assert ("FAQPage" in things) is is_faq
    if is_faq:
        assert [one["name"] for one in things["FAQPage"]["mainEntity"]] == [
            "Nộp ở đâu?", "Bao lâu?",
        ]  # fmt: skip


def test_corrected_article_says_when(client: FlaskClient, make_article: MakeArticle) -> None:
    shown, corrected = clock.now() - timedelta(days=3), clock.now() - timedelta(days=1)
    make_article("da-sua", publish_at=shown, text_changed_at=corrected)
    markup = client.get("/bai-viet/da-sua").get_data(as_text=True)
    news, (meta, _) = things_of(markup)["NewsArticle"], head_of(markup)
    assert news["datePublished"] == meta["article:published_time"] < news["dateModified"]
    assert news["dateModified"] == meta["article:modified_time"]


def test_cover_stands_before_the_drawn_picture_and_no_person_is_named(
    app: Flask, client: FlaskClient, make_article: MakeArticle
) -> None:
    with app.app_context(), write() as session:
        cover = MediaFile(
            public_id="a" * 32, kind="image", title="Quầy", alt="Quầy tiếp nhận", credit="CDC",
            original_name="q.jpg", stored_name="q", extension="jpg", mime="image/jpeg", size=1,
            sha256="0" * 64, width=1200, height=800, created_at=clock.now(),
        )  # fmt: skip
        session.add(cover)
        session.flush()
        cover_id = cover.id
    make_article("co-anh", cover_id=cover_id)
    news = things_of(client.get("/bai-viet/co-anh").get_data(as_text=True))["NewsArticle"]
    own, drawn = news["image"]
    assert own == {
        "@type": "ImageObject", "width": 1200, "height": 800, "caption": "Quầy tiếp nhận",
        "creditText": "CDC", "url": f"http://127.0.0.1:8000/tu-lieu/{'a' * 32}/1200.jpg",
    }  # fmt: skip
    assert "/anh-chia-se/bai-viet/co-anh.png?v=" in drawn["url"]
    assert news["author"] == {
        "@type": "GovernmentOrganization", "name": "Trung tâm Kiểm soát bệnh tật",
        "url": "http://127.0.0.1:8000/don-vi/cdc",
    }  # fmt: skip
