"""What may be published: never what the citizen left, nor what looks like it."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid
from portal.feedback import answering, publishing, queries, redaction, search_documents
from portal.feedback.models import Feedback
from portal.feedback.publishing import PublicCopy
from portal.search import feed
from portal.search.models import SearchChange
from tests.feedback.test_handling import COPY, load, receive
from tests.support.staff import make_user

PERSONAL = {
    "số điện thoại": ["0912345678", "0912 345 678", "0912.345.678", "+84 912 345 678",
                      "84912345678", "02253.745.678", "(0225) 374 5678"],
    "số định danh hoặc CCCD": ["031085001234", "031 085 001 234"],
    "mã thẻ BHYT": ["DN4310123456789", "DN 4 31 0123456789", "hs4310123456789"],
    "thư điện tử": ["ten.nguoi+a@thu.vidu.vn"],
    "số CMND": ["031234567"],
    "mã số BHXH, BHYT": ["3101234567"],
}  # fmt: skip
HARMLESS = [
    "Thủ tục 1.012290 và 1.012.289, phí 1.250.000 đồng, 430.000 đồng.",
    "Nghị định 96/2023/NĐ-CP ngày 30/12/2023, Luật số 15/2023/QH15.",
    "Từ 7 giờ 30 đến 11 giờ 30, ngày 21/11/2026, phòng 1203, quầy 15.",
    "Năm 2025 có 1.234.567 lượt khám; tổng 12.345.678.901 đồng.",
    "Gọi 115, 19009095 hoặc 1900 9095.",
]


@pytest.mark.parametrize(
    ("what", "text"), [(what, text) for what, texts in PERSONAL.items() for text in texts]
)
def test_personal_numbers_are_found_and_masked(what: str, text: str) -> None:
    sentence = f"Tôi là A, liên hệ {text}, xin cảm ơn."
    assert [finding.what for finding in redaction.find(sentence)] == [what]
    assert redaction.find(redaction.masked(sentence)) == []
    assert redaction.masked(sentence).endswith("xin cảm ơn.")


@pytest.mark.parametrize("text", HARMLESS)
def test_codes_fees_and_dates_are_left_alone(text: str) -> None:
    assert redaction.find(text) == []
    assert redaction.masked(text) == text


def test_what_the_citizen_left_is_found_in_any_spelling() -> None:
    own = ["Trần Thị Mật", "0912 345 678"]
    for text in ("chị TRẦN THỊ MẬT ở quầy", "chi tran thi mat", "gọi 0912-345-678 nhé"):
        assert redaction.find(text, own), text
    assert redaction.find("trần thị mật ong rừng", ["Trần Thị Mật On"]) == []


@given(st.text(max_size=300))
def test_any_text_can_be_searched_and_masked(text: str) -> None:
    assert isinstance(redaction.masked(text, ["Nguyễn Văn A"]), str)


@pytest.fixture
def officers(app: Flask) -> tuple[Actor, Actor]:
    return make_user(app, Role.FEEDBACK_OFFICER), make_user(app, Role.FEEDBACK_OFFICER)


def answered(actor: Actor, **change: object) -> int:
    number = receive(**change)
    answering.answer(actor, number, 1, "Có, buổi sáng.")
    return number


def test_a_copy_with_personal_data_is_not_stored(app: Flask, officers: tuple[Actor, Actor]) -> None:
    with app.app_context():
        number = answered(officers[0], name="Trần Thị Mật", phone="0912345678", consent=True)
        for bad in ("Chị tran thi mat hỏi", "Gọi 0912 345 678", "CCCD 031085001234"):
            for copy in (
                PublicCopy(bad, "b", "c"),
                PublicCopy("a", bad, "c"),
                PublicCopy("a", "b", bad),
            ):
                with pytest.raises(Invalid, match="dữ liệu cá nhân"):
                    publishing.prepare(officers[0], number, 2, copy)
        assert load(number).public_question is None


def test_a_public_number_can_be_confirmed_but_not_the_citizens(
    app: Flask, officers: tuple[Actor, Actor]
) -> None:
    with app.app_context():
        number = answered(officers[0], phone="0912345678", consent=True)
        for spelling in ("0912345678", "+84 912.345.678"):
            with pytest.raises(Invalid):
                publishing.prepare(
                    officers[0], number, 2, PublicCopy("a", "b", f"Gọi {spelling}"), {spelling}
                )
        copy = PublicCopy("a", "b", "Gọi 02253 745 678")
        publishing.prepare(officers[0], number, 2, copy, {"02253 745 678"})
        assert load(number).public_answer == copy.answer


def test_the_suggested_copy_is_masked(app: Flask, officers: tuple[Actor, Actor]) -> None:
    with app.app_context():
        number = answered(
            officers[0], name="Trần Thị Mật", email="mat@vidu.vn", consent=True,
            body="Tôi là Trần Thị Mật, số 0912345678, thư mat@vidu.vn. Thứ Bảy có làm không?",
        )  # fmt: skip
        copy = publishing.suggest_copy(load(number))
        assert publishing.findings(number, copy) == []
        assert copy.question.endswith("Thứ Bảy có làm không?")


def test_search_knows_published_copies_only(app: Flask, officers: tuple[Actor, Actor]) -> None:
    with app.app_context():
        number = answered(officers[0], body="Nguyên văn riêng tư của tôi.")
        public_id = load(number).public_id
        assert search_documents.document(db.session(), public_id) is None
        publishing.prepare(officers[0], number, 2, COPY)
        assert search_documents.document(db.session(), public_id) is None
        publishing.publish(officers[1], number, 3)
        document = search_documents.document(db.session(), public_id)
        assert document is not None
        assert "Nguyên văn" not in repr(document)
        assert search_documents.keys(db.session()) == [public_id]
        assert feed.registry.build(db.session(), ("feedback", public_id)) == document
        rows = db.session.scalars(select(SearchChange.key)).all()
        assert rows == [public_id]
        publishing.unpublish(officers[0], number, 4, "Hết thời sự.")
        assert search_documents.document(db.session(), public_id) is None


def test_a_changed_copy_is_not_public_until_somebody_else_agrees(
    app: Flask, officers: tuple[Actor, Actor]
) -> None:
    with app.app_context():
        number = answered(officers[0])
        publishing.prepare(officers[0], number, 2, COPY)
        publishing.publish(officers[1], number, 3)
        publishing.prepare(officers[1], number, 4, PublicCopy("Mới", "Hỏi", "Đáp"))
        assert load(number).published_at is None
        with pytest.raises(Conflict, match="không tự duyệt"):
            publishing.publish(officers[1], number, 5)
        publishing.publish(officers[0], number, 5)
        assert queries.latest_published(db.session(), 5)[0].public_subject == "Mới"


def test_published_items_are_found_by_words(app: Flask, officers: tuple[Actor, Actor]) -> None:
    with app.app_context():
        for subject in ("Cấp lại giấy phép", "Giờ làm việc", "100% trực tuyến_"):
            number = answered(officers[0])
            publishing.prepare(officers[0], number, 2, PublicCopy(subject, "Hỏi?", "Đáp."))
            publishing.publish(officers[1], number, 3)

        def found(text: str) -> list[str | None]:
            page = queries.published(db.session(), text, None, 1)
            return [item.public_subject for item in page.items]

        assert found("cap lai giay phep") == ["Cấp lại giấy phép"]
        assert found("phép CẤP") == ["Cấp lại giấy phép"]
        assert found("lam hoi") == ["Giờ làm việc"]
        assert found("100%") == ["100% trực tuyến_"]
        assert found("%") == found("_") == []
        assert len(found("")) == 3
        assert queries.public_counts(db.session()) == queries.PublicCounts(3, 3, 3)


def test_who_objects_is_not_published(app: Flask, officers: tuple[Actor, Actor]) -> None:
    with app.app_context():
        number = answered(officers[0], no_publication=True)
        with pytest.raises(Conflict, match="không đồng ý công khai"):
            publishing.prepare(officers[0], number, 2, COPY)
        # A copy from before the objection is not let out either.
        number = answered(officers[0])
        publishing.prepare(officers[0], number, 2, COPY)
        with write() as session:
            session.get_one(Feedback, number).no_publication = True
        with pytest.raises(Conflict, match="không đồng ý công khai"):
            publishing.publish(officers[1], number, load(number).version)
        assert load(number).published_at is None
