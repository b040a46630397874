"""The desk of words: gaps handled, synonyms tried, saved, undone and taken along."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Invalid, NotAllowed
from portal.procedures.facts import FieldFacts, ProcedureFacts
from portal.procedures.recording import Recorder
from portal.procedures.terms import Level, Origin, Status
from portal.search import service as search
from portal.search.models import SearchGap, SynonymRule
from portal.vocabulary import service
from portal.vocabulary.service import Wanted

HOME = "/ban-lam-viec/tim-kiem/"
TABLE = f"{HOME}tu-dong-nghia/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


@pytest.fixture
def editor(app: Flask, staff: Staff) -> FlaskClient:
    """An editor's browser on a portal with one procedure and one gap."""
    with app.app_context():
        with write() as session:
            Recorder(session, Origin.CONTENT).record(
                None,
                ProcedureFacts(
                    code="1.000001", name="Đủ điều kiện dịch vụ xoa bóp", levels=(Level.PROVINCE,),
                    status=Status.IN_FORCE, field=FieldFacts(key="kcb", name="Khám bệnh"),
                ),
            )  # fmt: skip
            session.add(
                SearchGap(
                    mark="x", words="tiem xong hoi", count=7, first_on=clock.today(),
                    last_on=clock.today(),
                )
            )  # fmt: skip
            session.add(
                SearchGap(
                    mark="y", words="", count=9, first_on=clock.today(), last_on=clock.today()
                )
            )
        search.rebuild()
    return staff(Role.UNIT_EDITOR, "cdc")[0]


def send(browser: FlaskClient, path: str, page: str = HOME, **fields: str) -> str:
    answer = browser.post(path, data={"csrf_token": browser.token(page), **fields})  # type: ignore[attr-defined]
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def line(**changed: str) -> dict[str, str]:
    return {
        "said": "tiệm xông hơi", "meant": "dịch vụ xoa bóp", "direction": "mot-chieu", "trial": "",
        "gap": "", "version": "0", **changed,
    }  # fmt: skip


def found(app: Flask, text: str) -> bool:
    return (
        'result__title"><a href="/thu-tuc/1.000001"'
        in app.test_client().get(f"/thu-tuc/?q={text}").text.partition('class="empty"')[0]
    )


def test_gaps_wait_on_the_first_page_and_in_their_list(editor: FlaskClient) -> None:
    assert "Từ chưa tìm thấy" in editor.get("/ban-lam-viec/").text
    text = editor.get(HOME).text
    assert "tiem xong hoi" in text
    assert 'href="/thu-tuc/?q=tiem+xong+hoi"' in text
    rows = list(csv.reader(io.StringIO(editor.get(f"{HOME}xuat.csv").text.lstrip("\ufeff"))))
    assert [row[:2] for row in rows[1:]] == [["tiem xong hoi", "7"]]


def test_handled_can_be_undone(editor: FlaskClient, app: Flask) -> None:
    send(editor, f"{HOME}1/da-xu-ly")
    after = editor.get(HOME).text
    assert "Không có từ nào đang chờ" in after
    assert f'action="{HOME}1/mo-lai"' in after
    assert "tiem xong hoi" in editor.get(f"{HOME}?xem=da-xu-ly").text
    send(editor, f"{HOME}1/mo-lai")
    assert "tiem xong hoi" in editor.get(HOME).text
    with app.app_context():
        events = list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))
    assert events[-2:] == ["search_gap.handled", "search_gap.reopened"]


def test_words_nobody_may_read_cannot_be_handled(editor: FlaskClient) -> None:
    answer = editor.post(f"{HOME}2/da-xu-ly", data={"csrf_token": editor.token(HOME)})  # type: ignore[attr-defined]
    assert answer.status_code == 404


def test_a_gap_is_filled_by_a_synonym(editor: FlaskClient, app: Flask) -> None:
    link = re.search(rf'href="({TABLE}them\?[^"]+)"', editor.get(HOME).text)
    assert link
    address = link[1].replace("&amp;", "&")
    form = editor.get(address).text
    assert 'value="tiem xong hoi"' in form
    assert not found(app, "tiem+xong+hoi")
    tried = editor.post(
        address,
        data={"csrf_token": editor.token(address), **line(gap="1"), "thu": "1"},  # type: ignore[attr-defined]
    )
    assert tried.status_code == 200
    after = tried.text.partition("Nếu lưu dòng này")[2].partition("Hiện nay")
    assert "Đủ điều kiện dịch vụ xoa bóp" in after[0]
    assert "Không tìm thấy" in after[2]
    assert not found(app, "tiem+xong+hoi"), "trying saves nothing"
    target = send(editor, f"{TABLE}them", **line(gap="1"))
    assert "Đủ điều kiện dịch vụ xoa bóp" in editor.get(target).text
    assert found(app, "tiem+xong+hoi")
    assert "tiem xong hoi" not in editor.get(HOME).text


def test_removed_and_put_back(editor: FlaskClient, app: Flask) -> None:
    send(editor, f"{TABLE}them", **line())
    send(editor, f"{TABLE}1/go")
    assert not found(app, "tiem+xong+hoi")
    assert f'action="{TABLE}1/khoi-phuc"' in editor.get(TABLE).text
    send(editor, f"{TABLE}1/khoi-phuc")
    assert found(app, "tiem+xong+hoi")


def test_a_line_of_the_file_is_hidden_and_counts_again(editor: FlaskClient) -> None:
    assert "gphn, giấy phép hành nghề" in editor.get(f"{TABLE}?q=gphn").text
    send(editor, f"{TABLE}tat", line="gphn, giấy phép hành nghề")
    assert "<s>gphn, giấy phép hành nghề</s>" in editor.get(f"{TABLE}?q=gphn").text
    assert "\ngphn, giấy phép hành nghề" not in editor.get(f"{TABLE}xuat.txt").text
    send(editor, f"{TABLE}1/go")
    assert "\ngphn, giấy phép hành nghề" in editor.get(f"{TABLE}xuat.txt").text
    unknown = editor.post(
        f"{TABLE}tat",
        data={"csrf_token": editor.token(HOME), "line": "không có dòng này"},  # type: ignore[attr-defined]
    )
    assert unknown.status_code == 404


def test_changed_by_two_at_once(editor: FlaskClient) -> None:
    send(editor, f"{TABLE}them", **line())
    send(editor, f"{TABLE}1", f"{TABLE}1", **line(meant="xoa bóp", version="1"))
    late = editor.post(
        f"{TABLE}1",
        data={"csrf_token": editor.token(HOME), **line(meant="xông", version="1")},  # type: ignore[attr-defined]
    )
    assert late.status_code == 409
    assert 'value="xông"' in late.text


@pytest.mark.parametrize(
    ("said", "meant", "field"),
    [("", "xoa bóp", "said"), ("a", "", "meant"), ("a => b", "c", "said"), ("a # b", "c", "said"),
     ("a, , b", "c", "said"), ("một", "Một", "meant"), ("từ " * 17, "b", "said"),
     ("a" * 301, "b", "said"), ("--", "b", "said")],
)  # fmt: skip
def test_faults_stand_beside_their_field(said: str, meant: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Wanted(said, meant, False).line()
    assert list(refused.value.problems) == [field]


def test_the_same_line_twice_is_refused(app: Flask, staff: Staff) -> None:
    _, actor = staff(Role.PUBLISHER)
    with app.app_context():
        service.add(actor, Wanted("xông hơi", "xoa bóp", True))
        for again in (
            Wanted("Xoa bóp", "xông hơi", True),
            Wanted("gphn", "giấy phép hành nghề", True),
        ):
            with pytest.raises(Invalid):
                service.add(actor, again)
        service.add(actor, Wanted("xông hơi", "xoa bóp", False))
        assert db.session.query(SynonymRule).count() == 2


def test_lines_come_back_as_they_were_typed() -> None:
    for wanted in (Wanted("a b", "c, d", True), Wanted("a, b", "c", False)):
        assert Wanted.of(wanted.line()) == wanted


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.AUDITOR, Role.FEEDBACK_OFFICER])
def test_others_do_not_change_words(app: Flask, staff: Staff, role: Role) -> None:
    _, actor = staff(role, "cdc")
    with app.app_context():
        for verb in (
            lambda: service.add(actor, Wanted("a", "b", False)),
            lambda: service.hide(actor, "gphn, giấy phép hành nghề"),
            lambda: service.remove(actor, 1),
            lambda: service.handle(actor, 1),
        ):
            with pytest.raises(NotAllowed):
                verb()
