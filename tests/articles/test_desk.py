"""The desk of articles: the writer's and the publisher's day, and what goes wrong in it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.articles import service
from portal.articles.models import Article
from portal.articles.states import State
from portal.core import clock
from portal.core.db import db, write
from portal.media.models import MediaFile
from portal.plan.models import Plan, PlanTask
from tests.articles.conftest import MakeArticle, MakeDraft, People, load
from tests.media import samples
from tests.support.queries import count_queries

HOME = "/ban-lam-viec/bai-viet/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


@pytest.fixture
def typed(topics: dict[str, int]) -> Callable[..., dict]:
    """What a complete form sends."""

    def make(token: str, **changes: object) -> dict:
        values = {
            "csrf_token": token, "version": "0", "title": "Nộp hồ sơ qua mạng",
            "summary": "Ba bước nộp hồ sơ tại nhà.", "body": "<h2>Một</h2><p>Chụp giấy tờ.</p>",
            "kind": "guide", "topic_id": str(topics["huong-dan"]), "unit_code": "cdc",
            "cover_id": "", "sources": "Nghị định 118 | https://vidu.vn/118 | Điều 3",
        }  # fmt: skip
        return {**values, **changes}

    return make


def number_in(location: str) -> int:
    return int(re.search(r"/(\d+)", location.removeprefix("/ban-lam-viec"))[1])


def version_of(client: FlaskClient, path: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', client.get(path).text)[1]


def press(client: FlaskClient, number: int, verb: str, **fields: str):
    page = f"{HOME}{number}"
    data = {"csrf_token": client.token(page), "version": version_of(client, page), **fields}
    return client.post(f"{page}/{verb}", data=data)


def test_writer_and_publisher(app: Flask, people: People, browser, typed) -> None:
    with app.app_context(), write() as session:
        plan = Plan(
            code="2026", year=2026, title="Kế hoạch", status="draft", goals=[], reporting=[]
        )
        task = PlanTask(number=3, title="Đăng bài", partners=[], topics=[], plan=plan)
        session.add_all([plan, task])
        session.flush()
        task_id = task.id
    writer, publisher, reader = browser(people.author), browser(people.publisher), app.test_client()
    files = {
        "cover_file": (io.BytesIO(samples.picture("JPEG", (900, 600))), "mot-cua.jpg"),
        "cover_alt": "Quầy một cửa",
        "attachment_files": (io.BytesIO(samples.pdf()), "mau-don.pdf"),
    }
    answer = writer.post(
        HOME + "moi",
        data=typed(writer.token(HOME + "moi"), tasks=[str(task_id)], then="submit", **files),
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text
    number = number_in(answer.headers["Location"])
    assert load(app, number).state == State.SUBMITTED
    assert "Nộp hồ sơ qua mạng" in publisher.get(HOME + "?xem=cho-toi").text
    back = press(publisher, number, "tra-lai", remark="Thêm ví dụ ở bước một.")
    assert back.status_code == 303
    page = writer.get(f"{HOME}{number}/sua").text
    assert "Thêm ví dụ ở bước một." in page
    assert "Nghị định 118 | https://vidu.vn/118 | Điều 3" in page
    article = load(app, number)
    again = typed(
        writer.token(f"{HOME}{number}/sua"), version=str(article.version), tasks=[str(task_id)],
        body="<h2>Bước một</h2><p>Chụp giấy tờ. Ví dụ: thẻ.</p>", cover_id=str(article.cover_id),
        attachments=[str(article.attachments[0].media_id)], then="submit",
    )  # fmt: skip
    assert writer.post(f"{HOME}{number}/sua", data=again).status_code == 303
    assert press(publisher, number, "dang").status_code == 303
    shown = reader.get("/bai-viet/nop-ho-so-qua-mang").text
    for words in ("Ví dụ: thẻ.", "mau-don", "Quầy một cửa", "/ke-hoach/2026#nhiem-vu-3"):
        assert words in shown
    assert "Nộp hồ sơ qua mạng" in reader.get("/cai-cach-hanh-chinh/huong-dan/").text
    assert "Nộp hồ sơ qua mạng" in reader.get("/").text
    assert "Nộp hồ sơ qua mạng" in reader.get("/feed.xml").text
    assert "Nộp hồ sơ qua mạng" in reader.get("/tim-kiem?q=chup+giay+to").text


def test_scheduling_says_what_it_will_do(
    app: Flask, people: People, browser, draft: MakeDraft, set_clock
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
        service.submit(people.author, number, 1)
    publisher, reader = browser(people.publisher), app.test_client()
    hour = clock.from_local(
        (clock.to_local(clock.now()) + timedelta(days=1)).replace(
            hour=8, minute=0, second=0, microsecond=0, tzinfo=None
        )
    )
    day = clock.to_local(hour).date().isoformat()
    page = publisher.get(f"{HOME}{number}/hen-dang?ngay={day}&gio=08:00").text
    assert f"Hẹn đăng lúc {clock.format_moment(hour)}" in page
    answer = press(publisher, number, "dang", hen="1", ngay=day, gio="08:00")
    assert answer.status_code == 303
    assert load(app, number).publish_at == hour
    assert "Nộp hồ sơ qua mạng" in publisher.get(HOME + "?xem=hen-dang").text
    assert reader.get("/bai-viet/nop-ho-so-qua-mang").status_code == 404
    set_clock(hour)
    assert reader.get("/bai-viet/nop-ho-so-qua-mang").status_code == 200


@pytest.mark.parametrize(
    "query", ["", "?ngay=2026-13-45&gio=08:00", "?ngay=2020-01-01&gio=08:00", "?ngay=x&gio=y",
              "?ngay=9999-12-31&gio=23:59", "?ngay=0001-01-01&gio=00:00"]
)  # fmt: skip
def test_hours_that_cannot_be(
    app: Flask, people: People, browser, draft: MakeDraft, query: str
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
        service.submit(people.author, number, 1)
    publisher = browser(people.publisher)
    answer = publisher.get(f"{HOME}{number}/hen-dang{query}")
    assert answer.status_code == 400
    assert "Chưa làm được" in answer.text
    fields = dict(part.split("=") for part in query[1:].split("&")) if query else {}
    assert press(publisher, number, "dang", hen="1", **fields).status_code == 400
    assert load(app, number).state == State.SUBMITTED


def test_second_saver_sees_both_texts_and_loses_nothing(
    app: Flask, people: People, browser, draft: MakeDraft, typed
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
    first, second = browser(people.author), browser(people.editor)
    path = f"{HOME}{number}/sua"
    opened = {who: (who.token(path), version_of(who, path)) for who in (first, second)}
    token, version = opened[first]
    mine = typed(token, version=version, body="<p>Lời của người thứ nhất.</p>")
    assert first.post(path, data=mine).status_code == 303
    token, version = opened[second]
    theirs = typed(
        token, version=version, title="Tên của người thứ hai", body="<p>Lời của người thứ hai.</p>"
    )
    answer = second.post(path, data=theirs)
    assert answer.status_code == 409
    side = answer.text[answer.text.index('class="diff diff--side"') :]
    marks = re.sub(r'<span class="visually-hidden">.*?</span>', "", side)
    for words in ("Lời của người thứ <del>nhất.</del>", "Lời của người thứ <ins>hai.</ins>"):
        assert words in marks
    for words in ("Lời của người thứ hai.", "Tên của người thứ hai"):
        assert words in answer.text  # in the form, ready to be saved
    assert load(app, number).body == "<p>Lời của người thứ nhất.</p>"
    newer = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)[1]
    assert newer != version
    assert second.post(path, data={**theirs, "version": newer}).status_code == 303
    assert load(app, number).title == "Tên của người thứ hai"


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "99999999999999999999"])
def test_odd_versions_conflict(  # noqa: PLR0917
    app: Flask, people: People, browser, draft: MakeDraft, typed, version: str
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
    client = browser(people.author)
    token = client.token(f"{HOME}{number}/sua")
    data = typed(token, version=version, body="<p>Khác.</p>")
    assert client.post(f"{HOME}{number}/sua", data=data).status_code == 409
    answer = client.post(
        f"{HOME}{number}/gui-duyet", data={"csrf_token": token, "version": version}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "Nhập tiêu đề bài viết."),
        ({"title": "x" * 201}, "Tiêu đề dài quá 200 ký tự."),
        ({"summary": "x" * 501}, "Tóm tắt dài quá 500 ký tự."),
        ({"topic_id": "999"}, "Chọn chủ đề trong danh sách."),
        ({"topic_id": "99999999999999999999"}, None),
        ({"unit_code": "vp"}, "Bạn chỉ viết bài cho đơn vị của mình."),
        ({"kind": "poem"}, "Chọn loại bài trong danh sách."),
        ({"cover_id": "4711"}, "Chọn một ảnh trong thư viện"),
        ({"attachments": ["4711"]}, "Chọn tài liệu, âm thanh hoặc phim"),
        ({"attachments": ["x"]}, None),
        ({"tasks": ["4711"]}, "Chọn nhiệm vụ trong danh sách."),
        ({"sources": "Tên | javascript:alert(1)"}, "không đúng"),
        ({"body": "<b>" * 6000}, "quá nhiều thẻ"),
    ],
)
def test_refused_form_keeps_what_was_typed(  # noqa: PLR0917
    app: Flask, people: People, browser, typed, changes: dict, message: str | None
) -> None:
    client = browser(people.author)
    data = typed(client.token(HOME + "moi"), **{"body": "<p>Lời tôi viết.</p>", **changes})
    answer = client.post(HOME + "moi", data=data)
    if message is None:
        assert answer.status_code == 303
        return
    assert answer.status_code == 400
    assert message in answer.text
    if "body" not in changes:
        assert "Lời tôi viết." in answer.text
    with app.app_context():
        titles = db.session.scalars(select(Article.title)).all()
    assert "Nộp hồ sơ qua mạng" not in titles


def test_refused_file_keeps_text_and_good_files(app: Flask, people: People, browser, typed) -> None:
    client = browser(people.author)
    data = typed(
        client.token(HOME + "moi"),
        cover_file=(io.BytesIO(samples.picture("JPEG")), "bia.jpg"),
        attachment_files=(io.BytesIO(b"MZ"), "virus.pdf"),
    )
    answer = client.post(HOME + "moi", data=data, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "virus.pdf: " in answer.text
    assert "Chụp giấy tờ." in answer.text
    with app.app_context():
        cover = db.session.scalars(select(MediaFile)).one()
    assert f'<option selected value="{cover.id}">' in answer.text


def test_expired_token_keeps_the_text(app: Flask, people: People, browser, typed) -> None:
    client = browser(people.author)
    answer = client.post(HOME + "moi", data=typed("wrong"))
    assert answer.status_code == 400


def test_saved_but_unfinished_is_told(app: Flask, people: People, browser, typed) -> None:
    client = browser(people.author)
    data = typed(client.token(HOME + "moi"), summary="", then="submit")
    answer = client.post(HOME + "moi", data=data)
    assert answer.status_code == 400
    assert "Đã lưu, chưa gửi duyệt" in answer.text
    with app.app_context():
        article = db.session.scalars(
            select(Article).where(Article.title == "Nộp hồ sơ qua mạng")
        ).one()
    assert article.state == State.DRAFT
    assert f'action="{HOME}{article.id}/sua"' in answer.text, "saving again changes this article"
    data = typed(client.token(HOME + "moi"), version=str(article.version), then="submit")
    assert client.post(f"{HOME}{article.id}/sua", data=data).status_code == 303
    assert load(app, article.id).state == State.SUBMITTED


def test_four_eyes_are_told_before_and_held_after(
    app: Flask, people: People, browser, draft: MakeDraft
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
        service.submit(people.author, number, 1)
        service.save(people.publisher, number, 2, draft(body="<p>Của tôi.</p>"))
    client = browser(people.publisher)
    assert "Một người duyệt khác cần đọc và đăng" in client.get(f"{HOME}{number}").text
    answer = press(client, number, "dang")
    assert answer.status_code == 400
    assert "nguyên tắc hai người" in answer.text
    assert number not in numbers_on(client, "cho-toi")
    assert number in numbers_on(browser(people.second), "cho-toi")


def numbers_on(client: FlaskClient, view: str) -> set[int]:
    page = client.get(f"{HOME}?xem={view}").text
    return {int(n) for n in re.findall(rf'href="{HOME}(\d+)"', page)}


def test_correction_is_shown_and_published(
    app: Flask, people: People, browser, draft: MakeDraft, typed
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
        service.submit(people.author, number, 1)
        service.publish(people.publisher, number, 2)
    writer, publisher, reader = browser(people.author), browser(people.publisher), app.test_client()
    path = f"{HOME}{number}/sua"
    data = typed(writer.token(path), version="3", body="<p>Bản đã sửa.</p>")
    assert writer.post(path, data=data).status_code == 303
    assert "Bản đã sửa." not in reader.get("/bai-viet/nop-ho-so-qua-mang").text
    assert "Bản đã sửa." in publisher.get(f"{HOME}{number}").text
    assert "Bản đã sửa." in publisher.get(f"{HOME}{number}/xem").text
    assert number in numbers_on(publisher, "cho-toi")
    assert press(publisher, number, "dang").status_code == 303
    assert "Bản đã sửa." in reader.get("/bai-viet/nop-ho-so-qua-mang").text
    assert writer.post(path, data={**data, "version": "5", "title": "Khác"}).status_code == 303
    assert press(writer, number, "bo-ban-sua").status_code == 303
    assert load(app, number).pending is None


def test_withdraw_restore_arrange_and_history(
    app: Flask, people: People, browser, draft: MakeDraft
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
        service.save(people.author, number, 1, draft(body="<p>Hai.</p>"))
        service.submit(people.author, number, 2)
        service.publish(people.publisher, number, 3)
    publisher, reader = browser(people.publisher), app.test_client()
    history = publisher.get(f"{HOME}{number}/lich-su").text
    assert "Phiên bản 2" in history
    assert "Bước một." in publisher.get(f"{HOME}{number}/lich-su/1").text
    assert publisher.get(f"{HOME}{number}/lich-su/9").status_code == 404
    assert press(publisher, number, "dia-chi", slug="dia-chi-moi", pinned="1").status_code == 303
    assert press(publisher, number, "dia-chi", slug="Sai Địa Chỉ").status_code == 400
    assert reader.get("/bai-viet/nop-ho-so-qua-mang").status_code == 301
    refused = press(publisher, number, "go", reason=" ")
    assert refused.status_code == 400
    assert press(publisher, number, "go", reason="Đổi quy định.").status_code == 303
    assert "Đổi quy định." in reader.get("/bai-viet/dia-chi-moi").text
    assert press(publisher, number, "khoi-phuc").status_code == 303
    assert press(publisher, number, "lich-su/1/khoi-phuc").status_code == 303
    assert load(app, number).body == "<p>Bước một.</p>"
    assert press(publisher, number, "lich-su/1/khoi-phuc").status_code == 409


def test_refused_remark_keeps_what_was_typed(
    app: Flask, people: People, browser, draft: MakeDraft
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
        service.submit(people.author, number, 1)
    publisher = browser(people.publisher)
    token = publisher.token(f"{HOME}{number}")
    data = {"csrf_token": token, "version": "1", "remark": "Nhận xét dài của tôi"}
    answer = publisher.post(f"{HOME}{number}/tra-lai", data=data)
    assert answer.status_code == 409
    assert "Nhận xét dài của tôi</textarea>" in answer.text


def test_lists_filter_search_and_hide(
    app: Flask, people: People, browser, make_article: MakeArticle, topics: dict[str, int]
) -> None:
    from portal.core.text import fold

    mine = make_article(
        "a",
        State.DRAFT,
        author_id=people.author.user_id,
        folded=fold("Gửi hồ sơ"),
        title="Gửi hồ sơ",
    )
    other = make_article("b", topic_id=topics["y-te-so"], kind="guide", folded=fold("Đổi thẻ 100%"))
    foreign = make_article("c", State.DRAFT, unit_code="vp", folded=fold("Gửi hồ sơ"))
    writer = browser(people.author)
    assert mine in numbers_on(writer, "cua-toi")
    assert numbers_on(writer, "tat-ca") >= {mine, other}
    assert foreign not in numbers_on(writer, "tat-ca")
    assert foreign in numbers_on(browser(people.auditor), "tat-ca")
    assert numbers_on(writer, "tat-ca&q=gui+ho+so") == {mine}
    assert numbers_on(writer, "tat-ca&q=100%25") == {other}
    assert numbers_on(writer, "tat-ca&chu-de=y-te-so&loai=guide") == {other}
    assert numbers_on(writer, "da-dang") == {other}
    assert writer.get(f"{HOME}{foreign}").status_code == 404
    assert writer.get(f"{HOME}{other}/sua").status_code == 403
    assert writer.get(HOME).headers["Location"].endswith("?xem=cua-toi")
    assert browser(people.publisher).get(HOME).headers["Location"].endswith("?xem=cho-toi")


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.AUDITOR, "", 200), (Role.AUDITOR, "/xem", 200), (Role.AUDITOR, "/lich-su", 200),
        (Role.AUDITOR, "/sua", 403), (Role.ADMINISTRATOR, "/sua", 403),
        (Role.FEEDBACK_OFFICER, "", 403), (Role.AUTHOR, "/hen-dang", 403),
    ],
)  # fmt: skip
def test_pages_by_role(
    staff: Staff, make_article: MakeArticle, role: Role, path: str, status: int
) -> None:
    number = make_article("xem-thu", State.SUBMITTED)
    client, _ = staff(role, "cdc" if role == Role.AUTHOR else None)
    assert client.get(f"{HOME}{number}{path}").status_code == status


def test_budgets(
    app: Flask, people: People, browser, draft: MakeDraft, make_article: MakeArticle
) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
        service.submit(people.author, number, 1)
    for index in range(30):
        make_article(f"nhieu-{index}", State.SUBMITTED)
    client = browser(people.publisher)
    for path in ("?xem=tat-ca", "?xem=cho-toi", str(number), f"{number}/sua", f"{number}/lich-su"):
        client.get(HOME + path)
        with count_queries(app) as statements:
            assert client.get(HOME + path).status_code == 200
        assert len(statements) <= 12, (path, len(statements), statements)
