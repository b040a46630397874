"""Boards of units: what is due, late, done, quiet; what to write about next."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from portal.accounts.permissions import Actor, Role
from portal.articles.models import Article, Topic
from portal.boards import board
from portal.boards.lights import Light
from portal.core import clock
from portal.core.db import db, write
from portal.directory.models import Hotline, Unit
from portal.feedback.models import Feedback
from portal.links.models import ExternalLink, LinkPlace
from portal.plan.models import PlanTask
from portal.procedures.models import Announcement, AnnouncementChange, ProcedureVersion
from portal.search.models import SearchGap
from tests.boards.conftest import TODAY, Write
from tests.support.queries import count_queries

HOME = "/ban-lam-viec/ke-hoach/"
Staff = Callable[..., tuple[FlaskClient, Actor]]
Make = Callable[..., int]


def of(app: Flask, code: str) -> board.Board:
    with app.app_context():
        session = db.session()
        return board.of_unit(session, board.get_unit(session, code), TODAY)


def titles(shown: board.Board) -> list[str]:
    return [idea.title for idea in shown.ideas]


def test_the_board_says_what_is_done_of_each_quarter(
    app: Flask, tasks: dict[str, int], post: Write, staff: Staff
) -> None:
    for days_ago in (1, 2, 60, 60, 60):
        post(days_ago, task=tasks["posts"])
    browser, _ = staff(Role.AUTHOR, "cdc")
    html = browser.get(HOME + "don-vi/cdc").text
    assert re.search(r"quý III/2026: .*?3/3</span> bài, đạt", html)
    assert re.search(r"quý IV/2026: .*?2/3</span> bài, còn thời gian", html)
    assert re.search(r"quý II/2026: .*?0/3</span> bài, chưa đạt", html)
    assert "còn 39 ngày" in html
    assert "Trong quý IV/2026 đã đăng 2 bài" in html
    assert "09/12/2026" in html, "the report of the quarter"


@pytest.mark.parametrize(
    ("code", "light"),
    [("cdc", Light.RED), ("van-phong", Light.RED), ("benh-vien", Light.GREY)],
)
def test_lights(app: Flask, tasks: dict[str, int], code: str, light: Light) -> None:
    assert of(app, code).light is light


def test_a_unit_that_keeps_its_targets_is_green_until_it_falls_silent(
    app: Flask, tasks: dict[str, int], post: Write
) -> None:
    for days_ago in (60, 60, 60):
        post(days_ago, task=tasks["posts"])
    assert of(app, "cdc").light is Light.AMBER
    assert of(app, "cdc").quiet
    post(14, task=tasks["posts"])
    shown = of(app, "cdc")
    assert (shown.light, shown.quiet) == (Light.GREEN, False)


def test_partners_see_the_task_too(app: Flask, tasks: dict[str, int]) -> None:
    assert [line.task.title for line, _ in of(app, "benh-vien").mine] == [
        "Việc gần hạn", "Đăng bài đều",
    ]  # fmt: skip


def test_topics_without_a_post_this_quarter_are_ideas(
    app: Flask, tasks: dict[str, int], post: Write
) -> None:
    post(70, topic="huong-dan")
    post(3, "van-phong", topic="chuyen-doi-so")
    shown = of(app, "cdc")
    assert titles(shown) == ["Hướng dẫn: việc đã làm trong quý IV/2026"]
    assert "Bài gần nhất ngày 13/09/2026" in shown.ideas[0].reason


def test_a_procedure_that_changed_is_an_idea_until_an_article_explains_it(
    app: Flask, tasks: dict[str, int], post: Write, procedure: Make
) -> None:
    for topic in ("huong-dan", "chuyen-doi-so"):
        post(1, topic=topic)
    announced, other = procedure("1.000001"), procedure("1.000002")
    procedure("1.000003", "benh-vien")
    procedure("1.000004", None)
    with app.app_context(), write() as session:
        decision = Announcement(slug="qd-1", number="1/QĐ", issuer="UBND",
                                issued_on=TODAY - timedelta(days=30))  # fmt: skip
        decision.changes = [
            AnnouncementChange(position=n, code=f"1.00000{n}", kind="amended") for n in (1, 3, 4)
        ]
        session.add(decision)
        for version, origin in ((1, "import"), (2, "desk"), (3, "import")):
            session.add(ProcedureVersion(
                procedure_id=other, number=version, origin=origin, facts={},
                recorded_at=clock.now() - timedelta(days=10),
            ))  # fmt: skip
    assert announced
    found = [idea.procedure for idea in of(app, "cdc").ideas]
    assert found == ["1.000001", "1.000002", "1.000004"], "own ones first, then those of nobody"
    post(40, codes=("1.000001",))
    post(2, codes=("1.000002",))
    found = [idea.procedure for idea in of(app, "cdc").ideas]
    assert found == ["1.000001", "1.000004"], "an article from before the change explains nothing"


def test_what_citizens_ask_is_an_idea_without_their_words(
    app: Flask, tasks: dict[str, int], post: Write, procedure: Make
) -> None:
    for topic in ("huong-dan", "chuyen-doi-so"):
        post(1, topic=topic)
    procedure("1.000009")
    with app.app_context(), write() as session:
        for number in range(4):
            session.add(Feedback(
                public_id=f"P{number}", code_hmac=f"h{number}", form_key=f"f{number}",
                text_hash="t", kind="question", subject="Tôi là Nguyễn Văn A, số 0912345678",
                body="Bí mật", received_at=clock.now() - timedelta(days=5), due_on=TODAY,
                procedure_code="1.000009" if number < 3 else None, unit_code="cdc",
            ))  # fmt: skip
        session.flush()
        published = session.query(Feedback).filter_by(public_id="P3").one()
        published.state, published.answer, published.answered_at = "answered", "x", clock.now()
        published.public_subject, published.public_question = "Thứ Bảy có nhận hồ sơ không", "q"
        published.public_answer, published.published_at = "a", clock.now()
        session.add(SearchGap(mark="m", words="mo tiem xong hoi", count=9, first_on=TODAY,
                              last_on=TODAY))  # fmt: skip
    shown = of(app, "cdc")
    assert titles(shown) == [
        "Trả lời câu hỏi thường gặp về thủ tục Cấp giấy 1.000009",
        "Hỏi đáp: Thứ Bảy có nhận hồ sơ không",
        "Hướng dẫn: mo tiem xong hoi",
    ]
    words = " ".join(f"{idea.title} {idea.reason}" for idea in shown.ideas)
    assert "Nguyễn" not in words
    assert "0912" not in words
    assert titles(of(app, "benh-vien")) == [], "another unit is not asked"


def test_an_idea_opens_the_form_of_a_new_article_filled_in(
    app: Flask, tasks: dict[str, int], staff: Staff, procedure: Make
) -> None:
    procedure("1.000001")
    browser, _ = staff(Role.AUTHOR, "cdc")
    page = browser.get(HOME + "don-vi/cdc").text
    found = re.search(r'href="(/ban-lam-viec/bai-viet/moi\?tieu_de=[^"]*)"', page)
    assert found
    address = found[1].replace("&amp;", "&")
    form = browser.get(address).text
    title = parse_qs(urlsplit(address).query)["tieu_de"][0]
    assert f'value="{title}"' in form
    assert re.search(rf'checked[^>]*value="{tasks["posts"]}"', form)
    assert re.search(r'<option selected value="\d+">(Hướng dẫn|Chuyển đổi số)', form)
    about = browser.get("/ban-lam-viec/bai-viet/moi?thu_tuc=1.000001&tieu_de=%3Cb%3E").text
    assert "/thu-tuc/1.000001" in about
    assert "&lt;b&gt;" in about
    odd = "/ban-lam-viec/bai-viet/moi?thu_tuc=9.999999&nhiem_vu=x&chu_de=khong-co&don_vi=y"
    assert browser.get(odd).status_code == 200


def test_each_sees_the_boards_that_concern_them(tasks: dict[str, int], staff: Staff) -> None:
    for role, unit, own, other, every in (
        (Role.AUTHOR, "cdc", 200, 403, 403), (Role.UNIT_EDITOR, "cdc", 200, 403, 403),
        (Role.PUBLISHER, None, 200, 200, 200), (Role.AUDITOR, None, 200, 200, 200),
        (Role.ADMINISTRATOR, None, 200, 200, 200), (Role.FEEDBACK_OFFICER, None, 403, 403, 403),
    ):  # fmt: skip
        browser, _ = staff(role, unit)
        assert browser.get(HOME + "don-vi/cdc").status_code == own, role
        assert browser.get(HOME + "don-vi/benh-vien").status_code == other, role
        for page in ("don-vi/", "tong-hop", "tong-hop.csv", "tong-hop.xlsx"):
            assert browser.get(HOME + page, check=False).status_code == every, (role, page)
    browser, _ = staff(Role.PUBLISHER)
    assert browser.get(HOME + "don-vi/khong-co").status_code == 404


def test_the_overview_puts_the_urgent_first_and_filters(
    tasks: dict[str, int], staff: Staff
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    html = browser.get(HOME + "don-vi/").text
    assert html.index("Văn phòng Sở") < html.index("Bệnh viện Việt Tiệp")
    only = browser.get(HOME + "don-vi/?den=grey").text
    table = only[only.index("<table") :]
    assert "Bệnh viện" in table
    assert "Văn phòng" not in table


def test_leaders_print_words_and_take_files(
    app: Flask, tasks: dict[str, int], staff: Staff
) -> None:
    with app.app_context(), write() as session:
        session.add(Unit(code="ac-y", name="=HYPERLINK(1)", kind="office"))
    browser, _ = staff(Role.AUDITOR)
    page = browser.get(HOME + "tong-hop").text
    assert "Đỏ: chậm" in page
    assert "Việc quá hạn" in page
    text = browser.get(HOME + "tong-hop.csv").data.decode("utf-8-sig")
    assert "Văn phòng Sở,van-phong,Đỏ: chậm,3,1,1,1" in text
    assert "'=HYPERLINK" in text
    book = openpyxl.load_workbook(io.BytesIO(browser.get(HOME + "tong-hop.xlsx").data))
    assert [sheet.title for sheet in book] == ["Đơn vị", "Nhiệm vụ"]
    cells = [cell.value for row in book["Nhiệm vụ"].iter_rows() for cell in row]
    assert "quý III/2026" in cells
    assert "Đăng bài đều" in cells


@pytest.mark.parametrize("page", ["don-vi/", "don-vi/cdc", "tong-hop"])
def test_two_hundred_units_cost_no_more_statements(
    app: Flask, tasks: dict[str, int], staff: Staff, page: str
) -> None:
    with app.app_context(), write() as session:
        topic = session.query(Topic.id).first()[0]
        for number in range(200):
            code = f"u{number}"
            session.add(Unit(code=code, name=f"Đơn vị {number}", kind="other"))
            session.flush()
            session.add(Hotline(key=f"h{number}", name="Số", purposes=["other"], unit_code=code))
            link = ExternalLink(url=f"https://v{number}.vn", host="v", state="broken", due_on=TODAY)
            link.places = [LinkPlace(kind="unit", key=code, title="Trang", unit_code=code)]
            session.add(link)
            session.add(PlanTask(plan_id=1, number=100 + number, title="Việc", lead=code,
                                 partners=[], topics=["huong-dan"], target=3))  # fmt: skip
        rows = [
            {"slug": f"nhieu-{n}", "title": f"Bài {n}", "kind": "news", "state": "approved",
             "unit_code": f"u{n % 200}", "publish_at": clock.now() - timedelta(days=n % 300),
             "topic_id": topic, "sources": [], "body": ""}
            for n in range(10_000)
        ]  # fmt: skip
        session.execute(insert(Article), rows)
    browser, _ = staff(Role.PUBLISHER)
    browser.get(HOME + page)
    with count_queries(app) as statements:
        html = browser.get(HOME + page).text
    assert len(statements) <= 12, len(statements)
    if page == "don-vi/":
        assert "1 đường dây, 0 thủ tục, 1 liên kết hỏng" in html


def test_a_year_without_a_plan_is_a_board_too(app: Flask, staff: Staff) -> None:
    with app.app_context(), write() as session:
        session.add(Unit(code="cdc", name="CDC", kind="center"))
        session.add(Unit(code="cu", name="Đơn vị cũ", kind="center", removed_at=clock.now()))
    browser, _ = staff(Role.PUBLISHER)
    assert "chưa giao việc" in browser.get(HOME + "don-vi/cdc").text
    assert browser.get(HOME + "don-vi/cu").status_code == 404
    assert browser.get(HOME + "tong-hop").status_code == 200


def test_days_are_told_from_the_wall_clock_of_the_agency(
    app: Flask, tasks: dict[str, int], post: Write
) -> None:
    post(9)
    assert of(app, "cdc").figures.last_post == date(2026, 11, 13)
    assert of(app, "cdc").figures.quiet_days(TODAY) == 9
