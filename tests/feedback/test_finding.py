"""Published answers: found by words however typed, narrowed with right counts, index or none."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import db, write
from portal.core.text import fold
from portal.feedback import finding
from portal.feedback.finding import Wish
from portal.feedback.models import Feedback, Kind
from portal.feedback.publishing import SEARCH_KIND
from portal.search import feed
from portal.search import service as search
from portal.search.engine import SearchUnavailable

ROWS = [
    ("question", "cdc", "1.012290", "Tiêm chủng cho trẻ em", "Thứ Bảy có tiêm không?"),
    ("question", "van-phong", "1.012290", "Giờ nhận hồ sơ", "Sáng thứ Bảy có nhận hồ sơ không?"),
    ("complaint", "cdc", None, "Chờ lâu ở quầy", "Tôi chờ hai tiếng mà không ai gọi."),
]


@pytest.fixture
def answers(app: Flask, units: list[str]) -> None:
    with app.app_context(), write() as session:
        for number, (kind, unit, procedure, subject, question) in enumerate(ROWS):
            moment = clock.now() - timedelta(days=number)
            text = f"{subject} {question} Cơ quan trả lời."
            session.add(Feedback(
                public_id=f"cau{number:09}", code_hmac=f"{number:064}", form_key=f"{number:064}",
                text_hash="x", kind=kind, subject="Riêng", body="Riêng", state="answered",
                received_at=moment, due_on=clock.today(), answer="Riêng", answered_at=moment,
                unit_code=unit, procedure_code=procedure, public_subject=subject,
                public_question=question, public_answer="Cơ quan trả lời.",
                public_folded=" " + fold(text), published_at=moment,
            ))  # fmt: skip
            feed.changed(session, SEARCH_KIND, f"cau{number:09}")


def subjects(found: finding.Found) -> list[str]:
    return [item.public_subject or "" for item in found.page.items]


@pytest.mark.parametrize("typed", ["tiem chung tre em", "Tiêm chủng", "tiêm chũng"])
def test_words_are_found_without_marks_and_with_a_slip(
    app: Flask, answers: None, typed: str
) -> None:
    with app.app_context():
        search.drain()
        found = finding.find(db.session(), Wish(text=typed))
    assert subjects(found)[0] == "Tiêm chủng cho trẻ em"
    assert not found.indexing


@pytest.mark.parametrize("text", ["", "thứ bảy"])
@pytest.mark.parametrize("filters", [{}, {"unit": "cdc"}, {"kind": "question", "unit": "cdc"},
                                     {"procedure": "1.012290"}, {"unit": "khong-co"}])  # fmt: skip
def test_index_and_table_agree_on_items_and_counts(
    app: Flask, answers: None, monkeypatch: pytest.MonkeyPatch, text: str, filters: dict[str, str]
) -> None:
    def plain(found: finding.Found) -> Any:
        counts = {name: dict(of) for name, of in found.counts.items()}
        return found.page.total, sorted(subjects(found)), counts

    with app.app_context():
        search.drain()
        wish = Wish(text=text, **filters)
        index = plain(finding.find(db.session(), wish))
        monkeypatch.setattr(search, "search", _silent)
        table = finding.find(db.session(), wish)
        assert table.indexing == bool(text)
    expected = [
        row for row in ROWS
        if (not text or "thứ Bảy".lower() in f"{row[3]} {row[4]}".lower())
        and filters.items() <= {"kind": row[0], "unit": row[1], "procedure": row[2]}.items()
    ]  # fmt: skip
    assert index == plain(table)
    assert index[:2] == (len(expected), sorted(row[3] for row in expected))


def _silent(_query: object) -> None:
    raise SearchUnavailable


def test_the_page_counts_links_and_takes_filters_off(client: FlaskClient, answers: None) -> None:
    page = client.get("/phan-anh/").get_data(as_text=True)
    assert "3 câu trả lời" in page
    links = re.findall(r'href="(/phan-anh/\?[^"]+)"[^>]*><span>([^<]+)</span>', page)
    assert ("/phan-anh/?don_vi=cdc", "Trung tâm Kiểm soát bệnh tật") in links
    narrowed = client.get("/phan-anh/?don_vi=cdc&loai=cau-hoi").get_data(as_text=True)
    assert "1 câu trả lời" in narrowed
    assert "Chờ lâu ở quầy" not in narrowed
    assert 'aria-label="Bộ lọc đang dùng"' in narrowed
    empty = client.get("/phan-anh/?don_vi=khong-co").get_data(as_text=True)
    assert "Chưa có câu trả lời nào như vậy" in empty
    assert "xem tất cả câu trả lời" in empty


def test_figures_by_month_are_a_table(client: FlaskClient, answers: None) -> None:
    page = client.get("/phan-anh/").get_data(as_text=True)
    table = re.search(r"<table.*?</table>", page, re.DOTALL)
    assert table
    assert clock.today().strftime("%m/%Y") in table[0]
    assert "Ít hơn 3 đánh giá" in table[0]


def test_machines_may_narrow_by_unit_and_procedure(client: FlaskClient, answers: None) -> None:
    def ask(query: str) -> Any:
        return client.get(f"/api/v1/feedback{query}").get_json()

    assert ask("")["total"] == 3
    assert [i["subject"] for i in ask("?unit=van-phong")["items"]] == ["Giờ nhận hồ sơ"]
    assert ask("?procedure=1.012290&unit=cdc")["total"] == 1
    assert ask("?unit=khong-co") == {"total": 0, "items": []}
    assert {Kind(i["kind"]) for i in ask("")["items"]} == {Kind.QUESTION, Kind.COMPLAINT}
