"""Templates of answers: places filled with facts alone, whose they are, put into what is typed."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.accounts.permissions import Role
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.feedback import answer_templates, answering, handling, pausing
from portal.feedback.answer_starts import STARTS
from portal.feedback.answer_templates import Wanted
from portal.feedback.models import AnswerTemplate, Feedback
from portal.feedback.placeholders import KNOWN, braced, fill, left_over, problem
from tests.feedback.conftest import CONTACT, TEXTS, Citizen
from tests.feedback.test_desk import DESK, Officer, Staff
from tests.feedback.test_handling import load, receive
from tests.support.staff import make_user

LIST = f"{DESK}mau/"
LETTER = Wanted("Thư trả lời", None, None, "Ngày nhận {ngay_nhan}, {don_vi}: {noi_dung}")
words = st.text("ab{} \nsohan_ ẫ", max_size=40)
pieces = st.lists(
    st.one_of(words, st.sampled_from([braced((name,)) for name in [*KNOWN, "", "la", "so}{han"]]))
)
facts = st.dictionaries(st.sampled_from(list(KNOWN)), st.one_of(words, st.just("{so} {han}")))


@given(pieces.map("".join), facts)
def test_filling_touches_nothing_but_known_places(body: str, known: dict[str, str]) -> None:
    """Against a scanner that goes from brace to brace by hand."""
    out, rest = "", body
    while (close := rest.find("}")) >= 0:
        start = rest.rfind("{", 0, close)
        inside = rest[start + 1 : close].strip().lower() if start >= 0 else ""
        fact = known.get(inside) if start >= 0 else ""
        out += rest[:start] + fact if fact else rest[: close + 1]
        rest = rest[close + 1 :]
    filled = fill(body, known)
    assert filled.text == out + rest
    assert not set(filled.empty) & {name for name, fact in known.items() if fact}
    assert set(filled.empty) <= set(KNOWN)
    assert not set(filled.unknown) & set(KNOWN)


@given(words, words)
def test_text_without_places_stays_to_the_letter(before: str, after: str) -> None:
    around = [re.sub("[{}]", "", text) for text in (before, after)]
    assert fill("".join(around), {"so": "1"}).text == "".join(around)
    assert fill("{so}".join(around), {"so": "{han}", "han": "x"}).text == "{han}".join(around)


@pytest.mark.parametrize(
    "body", ["{ten}", "{so}{", "}{so}", "{{so}}", "{}", "{so.__class__}", "{0}"]
)
def test_what_the_portal_cannot_fill_is_not_saved(app: Flask, body: str) -> None:
    writer = make_user(app, Role.HEAD)
    with app.app_context():
        with pytest.raises(Invalid) as refused:
            answer_templates.add(writer, replace(LETTER, body=body))
        assert set(refused.value.problems) == {"body"}
        assert "{so}" in refused.value.problems["body"]
        assert db.session.scalar(select(func.count(AnswerTemplate.id))) == 0


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "x" * 121}, {"body": ""}, {"kind": "x"},
                                    {"unit_code": "khong-co"}, {"body": "x" * 5_001}])  # fmt: skip
def test_each_field_is_judged(app: Flask, change: dict[str, str]) -> None:
    writer = make_user(app, Role.HEAD)
    with app.app_context(), pytest.raises(Invalid) as refused:
        answer_templates.add(writer, replace(LETTER, **change))
    assert set(refused.value.problems) == set(change)


def test_ready_texts_can_be_saved_and_wait_for_the_officers_own_words() -> None:
    for start in STARTS.values():
        assert not problem(start.body)
        assert "{noi_dung}" in left_over(start.body)


@pytest.mark.parametrize("role", [Role.FEEDBACK_OFFICER, Role.HEAD])
def test_a_unit_writes_its_own_and_the_agency_all(app: Flask, role: Role, units: list[str]) -> None:
    agency, here = make_user(app, role), make_user(app, role, "cdc")
    with app.app_context():
        ours = answer_templates.add(here, replace(LETTER, unit_code="cdc"))
        shared = answer_templates.add(agency, LETTER)
        theirs = answer_templates.add(agency, replace(LETTER, unit_code="van-phong"))
        for number in (shared, theirs):
            for deed in (
                lambda n: answer_templates.change(here, n, 1, replace(LETTER, unit_code="cdc")),
                lambda n: answer_templates.remove(here, n),
                lambda n: answer_templates.restore(here, n),
            ):
                with pytest.raises(NotAllowed):
                    deed(number)
        with pytest.raises(NotAllowed):
            answer_templates.change(here, ours, 1, LETTER)  # given to the whole agency
        answer_templates.change(agency, ours, 1, LETTER)
        for stranger in (make_user(app, Role.AUTHOR, "cdc"), make_user(app, Role.ADMINISTRATOR)):
            with pytest.raises(NotAllowed):
                answer_templates.add(stranger, replace(LETTER, unit_code="cdc"))


def test_the_later_of_two_changes_is_told_and_all_is_logged(app: Flask) -> None:
    one, two = make_user(app, Role.FEEDBACK_OFFICER), make_user(app, Role.HEAD)
    with app.app_context():
        number = answer_templates.add(one, LETTER)
        answer_templates.change(one, number, 1, replace(LETTER, body="Mật danh {so}"))
        answer_templates.change(one, number, 2, replace(LETTER, body="Mật danh {so}"))
        with pytest.raises(Conflict):
            answer_templates.change(two, number, 1, LETTER)
        answer_templates.remove(two, number)
        answer_templates.remove(two, number)
        with pytest.raises(Conflict):
            answer_templates.change(one, number, 3, LETTER)
        answer_templates.restore(one, number)
        rows = db.session.scalars(
            select(AuditEntry).where(AuditEntry.object_kind == "answer_template")
        ).all()
        assert [(row.event, row.actor_id) for row in rows] == [
            ("answer_template.changed", one.user_id), ("answer_template.changed", one.user_id),
            ("answer_template.removed", two.user_id), ("answer_template.restored", one.user_id),
        ]  # fmt: skip
        assert not any("Mật danh" in str(row.changes) for row in rows)
        template = db.session.get_one(AnswerTemplate, number)
        assert (template.body, template.removed_at) == ("Mật danh {so}", None)


def test_facts_are_those_of_the_item_and_never_the_citizens(
    app: Flask, citizen: Citizen, units: list[str]
) -> None:
    citizen.send(TEXTS | CONTACT | {"procedure_code": "1.012290"})
    officer = make_user(app, Role.FEEDBACK_OFFICER)
    with app.app_context():
        before = answer_templates.facts_of(load(1))
        assert before["so"] == before["don_vi"] == ""
        assert before["thu_tuc"] == "Cấp lại giấy phép hành nghề"
        handling.assign(officer, 1, 1, unit_code="cdc")
        item = load(1)
        known = answer_templates.facts_of(item)
        assert known["so"] == f"{item.register_number}/{item.register_year}"
        assert known["don_vi"] == "Trung tâm Kiểm soát bệnh tật"
        assert known["han"] == f"{item.due_on:%d/%m/%Y}"
        assert set(known) == set(KNOWN) - {"noi_dung"}
        said = " ".join(known.values())
        assert not [
            word for word in [*CONTACT.values(), TEXTS["subject"]] if word != "y" and word in said
        ]
        pausing.ask(officer, 1, item.version, "Bạn nêu rõ ngày.")
        assert answer_templates.facts_of(load(1))["han"] == ""


@pytest.mark.parametrize("name", list(KNOWN))
def test_what_is_still_open_does_not_reach_the_citizen(app: Flask, name: str) -> None:
    officer = make_user(app, Role.FEEDBACK_OFFICER)
    text = f"Đã xem xét {{ {name.upper()} }} và {{khac}}."
    with app.app_context():
        number = receive()
        for verb in (answering.answer, answering.submit):
            with pytest.raises(Invalid) as refused:
                verb(officer, number, 1, text)
            assert braced((name,)) in refused.value.problems["answer_text"]
        answering.draft(officer, number, 1, text)
        answering.answer(officer, number, 2, "Đã xem xét {khac}.")
        assert load(number).answer == "Đã xem xét {khac}."


def test_a_template_goes_after_what_was_typed_and_nothing_is_stored(
    app: Flask, citizen: Citizen, staff: Staff, units: list[str]
) -> None:
    citizen.send()
    officer = Officer(*staff(Role.FEEDBACK_OFFICER))
    assert "Chưa có mẫu cho nội dung này" in officer.read(1)
    with app.app_context():
        fits = answer_templates.add(officer.actor, replace(LETTER, kind="complaint"))
        others = [
            answer_templates.add(officer.actor, replace(LETTER, name="Lạ", **change))
            for change in ({"kind": "praise"}, {"unit_code": "cdc"})
        ]
        gone = answer_templates.add(officer.actor, replace(LETTER, name="Gỡ"))
        answer_templates.remove(officer.actor, gone)
    offered = re.findall(r'<option value="(\d+)">Thư', officer.read(1))
    assert offered == [str(fits)]
    before = _stored(app)
    typed = "Lời tôi <b>đang</b> viết {so\n\ndòng hai"
    answer = officer.do(1, "chen-mau", answer_text=typed, template=str(fits))
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "Đã chèn mẫu vào cuối, chưa lưu" in page
    assert "Còn chỗ bạn phải viết thay: {don_vi}, {noi_dung}" in page
    text = _text(page)
    assert text.startswith(f"{typed}\n\nNgày nhận ")
    assert text.endswith(", {don_vi}: {noi_dung}")
    for wrong in (*others, gone, 999, "x", ""):
        answer = officer.do(1, "chen-mau", answer_text=typed, template=str(wrong))
        assert answer.status_code == 400
        assert "Chọn mẫu trong danh sách" in answer.get_data(as_text=True)
        assert _text(answer.get_data(as_text=True)) == typed
    assert "Có người vừa sửa" in officer.do(1, "chen-mau", version=99, template=str(fits)).get_data(
        as_text=True
    )
    assert _stored(app) == before
    assert officer.do(1, "tra-loi", answer_text=text).status_code == 400


def _text(page: str) -> str:
    found = re.search(
        r'<textarea[^>]*name="answer_text"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL
    )
    assert found
    return unescape(found[1]).replace("\r\n", "\n")


def _stored(app: Flask) -> tuple[object, ...]:
    with app.app_context():
        item = db.session.scalars(select(Feedback)).one()
        columns = [getattr(item, column.name) for column in Feedback.__table__.columns]
        return (*columns, db.session.scalar(select(func.count(AuditEntry.id))))


def test_from_a_ready_text_to_a_template_and_back(app: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.FEEDBACK_OFFICER)
    assert "Mẫu trả lời" in browser.get(DESK).text
    empty = browser.get(LIST).text
    assert "Chưa có mẫu trả lời nào" in empty
    assert empty.count("Dùng làm mẫu") == len(STARTS)
    form = f"{LIST}them?bat_dau=tra-loi-cau-hoi"
    assert STARTS["tra-loi-cau-hoi"].body in unescape(browser.get(form).text)
    assert 'value="question" selected' not in browser.get(f"{LIST}them?bat_dau=khong-co").text
    data = {"name": "Câu hỏi", "kind": "question", "unit_code": "", "body": "{co_quan}: {ten}"}

    def post(path: str, **fields: str):
        return browser.post(path, data={"csrf_token": browser.token(LIST), **fields})

    wrong = post(f"{LIST}them", **data)
    assert wrong.status_code == 400
    assert "Cổng không biết {ten}. Dùng được: {so}" in wrong.text
    assert "{co_quan}: {ten}" in unescape(wrong.text)
    assert post(f"{LIST}them", **data | {"body": "{co_quan}: {noi_dung}"}).status_code == 303
    assert "Câu hỏi" in browser.get(f"{LIST}?loai=question").text
    assert "Chưa có mẫu cho loại này" in browser.get(f"{LIST}?loai=praise").text
    assert browser.get(f"{LIST}?loai=la").status_code == 200
    late = post(f"{LIST}1", **data | {"body": "Lời mới", "version": "7"})
    assert late.status_code == 409
    assert "Lời mới" in late.text
    assert "{co_quan}: {noi_dung}" in late.text  # what is stored, beside it
    assert post(f"{LIST}1/go").status_code == 303
    assert "Hoàn tác" in browser.get(LIST).text
    assert "Mẫu này đã gỡ" in browser.get(f"{LIST}1").text
    assert post(f"{LIST}1/khoi-phuc").status_code == 303
    assert post(f"{LIST}1", **data | {"body": "Lời mới", "version": "3"}).status_code == 303


def test_others_see_a_units_template_and_cannot_touch_it(
    app: Flask, staff: Staff, units: list[str]
) -> None:
    writer = make_user(app, Role.FEEDBACK_OFFICER, "cdc")
    with app.app_context():
        number = answer_templates.add(writer, replace(LETTER, unit_code="cdc"))
    browser, _ = staff(Role.FEEDBACK_OFFICER, "van-phong")
    page = browser.get(LIST).text
    assert "Thư trả lời" in page
    assert "chỉ xem" in page
    assert f"{LIST}{number}" not in page
    assert browser.get(f"{LIST}{number}").status_code == 403
    form = browser.get(f"{LIST}them").text
    offered = re.search(r'<select[^>]*name="unit_code".*?</select>', form, re.DOTALL)
    assert offered
    assert re.findall(r'value="([^"]*)"', offered[0]) == ["van-phong"]
