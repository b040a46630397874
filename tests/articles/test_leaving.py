"""Three ways from readers, links for outsiders, days of review, notes of changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.permissions import Actor
from portal.articles import calendar, previews, remarks, review, search, service, targets
from portal.articles.models import Article, Way
from portal.articles.process_models import PreviewLink, Remark
from portal.articles.publishing import Publication
from portal.articles.withdrawing import Withdrawal
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.mail import Letter
from portal.media.models import MediaFile
from tests.articles.conftest import MakeArticle, MakeDraft, People, load, published, submitted
from tests.media import samples
from tests.media.conftest import author, keep  # noqa: F401
from tests.support.staff import sign_in

SetClock = Callable[[datetime], None]
ERROR = Withdrawal(way=Way.ERROR, reason="Nhầm bản nháp.")


@pytest.fixture(autouse=True)
def in_app(app: Flask):
    with app.app_context():
        yield


def merged(into: str) -> Withdrawal:
    return Withdrawal(way=Way.MERGED, into=into)


def test_published_in_error_leaves_no_trace(app: Flask, people: People, draft: MakeDraft) -> None:
    number = published(people, draft, title="Tên lộ nhầm")
    service.arrange(people.publisher, number, 3, slug="ten-khac", pinned=True)
    reader = app.test_client()
    card = "/anh-chia-se/bai-viet/ten-khac.png"
    assert reader.get(card).status_code == 200
    service.withdraw(people.publisher, number, 4, ERROR)
    for path in ("/bai-viet/ten-khac", "/bai-viet/ten-lo-nham", card):
        answer = reader.get(path, check=False)
        assert answer.status_code == 404, path
        assert b"Nh\xe1\xba\xa7m" not in answer.data
    for path in ("/", "/feed.xml", "/sitemap.xml", "/tim-kiem?q=ten+lo+nham", "/api/v1/articles"):
        text = reader.get(path, check=False).text
        assert "Tên lộ nhầm" not in text, path
        assert "ten-khac" not in text, path
    assert search.build(db.session(), str(number)) is None


def test_merged_leads_on_and_never_in_a_circle(
    app: Flask, people: People, draft: MakeDraft, make_article: MakeArticle
) -> None:
    one = published(people, draft, title="Bài một")
    two = published(people, draft, title="Bài hai")
    three = published(people, draft, title="Bài ba")
    for wrong in ("", "/bai-viet/bai-mot", "/bai-viet/an-nhap", "/khong-co", "https://xau.vn", "/"):
        with pytest.raises(Invalid) as refusal:
            service.withdraw(people.publisher, one, 3, merged(wrong))
        assert "into" in refusal.value.problems, wrong
    service.withdraw(people.publisher, one, 3, merged("https://cong.vidu.vn/bai-viet/bai-hai?a=1"))
    with pytest.raises(Invalid, match="dẫn về chính bài"):
        service.withdraw(people.publisher, two, 3, merged("/bai-viet/bai-mot"))
    service.withdraw(people.publisher, two, 3, merged("/bai-viet/bai-ba"))
    reader = app.test_client()
    for slug in ("bai-mot", "bai-hai"):
        answer = reader.get(f"/bai-viet/{slug}")
        assert (answer.status_code, answer.location) == (301, "/bai-viet/bai-ba"), slug
    with pytest.raises(Invalid):
        service.withdraw(people.publisher, three, 3, merged("/bai-viet/bai-mot"))
    service.withdraw(people.publisher, three, 3, "Hết hiệu lực.")
    assert reader.get("/bai-viet/bai-mot").status_code == 410
    service.restore(people.publisher, one, 4)
    assert load(app, one).merged_into == ""


def test_planned_merges_count_as_circles_too(app: Flask, people: People, draft: MakeDraft) -> None:
    one, two = published(people, draft, title="Một"), published(people, draft, title="Hai")
    later = clock.now() + timedelta(days=1)
    service.plan_withdrawal(people.publisher, one, 3, later, merged("/bai-viet/hai"))
    with pytest.raises(Invalid, match="dẫn về chính bài"):
        service.withdraw(people.publisher, two, 3, merged("/bai-viet/mot"))
    with pytest.raises(Invalid):
        service.plan_withdrawal(people.publisher, two, 3, later, ERROR)


def test_a_circle_in_the_table_still_ends(app: Flask, make_article: MakeArticle) -> None:
    from portal.articles.states import State

    for slug, other in (("vong-a", "vong-b"), ("vong-b", "vong-a")):
        make_article(
            slug, State.WITHDRAWN, withdrawn_way="merged", merged_into=f"/bai-viet/{other}"
        )
    assert app.test_client().get("/bai-viet/vong-a").status_code == 410


def test_targets_are_public_pages(app: Flask, make_article: MakeArticle) -> None:
    make_article("dich")
    session = db.session()
    assert targets.title_of(session, "/bai-viet/dich") == "Bài dich"
    for path in ("/thu-tuc/9.999999", "/trang/khong-co", "/bai-viet/an-hen-gio", "", "//"):
        assert targets.title_of(session, path) is None, path


def token_of(number: int, people: People, days: int = 1) -> str:
    link = db.session.get_one(PreviewLink, previews.share(people.author, number, days))
    return previews.address(link)


def test_an_outsider_reads_what_waits(
    app: Flask,
    people: People,
    draft: MakeDraft,
    keep,  # noqa: F811
    set_clock: SetClock,
) -> None:
    mine = keep(samples.picture(), "trong.png")
    other = keep(samples.picture(size=(30, 30)), "khac.png")
    address = db.session.get_one(MediaFile, mine).url
    foreign = db.session.get_one(MediaFile, other).url
    body = f'<p>Chưa ai biết.</p><figure><img src="{address}" alt="Ảnh"></figure>'
    number = service.create(people.author, draft(body=body))
    path = token_of(number, people)
    reader = app.test_client()
    answer = reader.get(path)
    assert answer.status_code == 200
    assert "Bản xem trước, chưa phát hành" in answer.text
    assert 'name="robots" content="noindex' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    sources = re.findall(rf'(?:src|srcset)="({path}/tu-lieu/[^ "]+)', answer.text)
    assert len(sources) == 2
    assert {reader.get(one, check=False).status_code for one in sources} == {200}
    assert reader.get(address, check=False).status_code == 404
    assert reader.get(path + foreign, check=False).status_code == 404
    assert load(app, number).state == "draft"
    link = db.session.scalars(select(PreviewLink)).one()
    db.session.refresh(link)
    assert link.opened_at is not None
    set_clock(clock.now() + timedelta(days=1, seconds=1))
    gone = reader.get(path)
    guessed = reader.get(f"/xem-truoc/{'0' * 64}")
    assert gone.status_code == guessed.status_code == 404
    pages = {re.sub(r"[0-9a-f]{8,}", "", one.text) for one in (gone, guessed)}
    assert len(pages) == 1, "who tries addresses learns nothing"
    assert reader.get(path + address, check=False).status_code == 404


def test_links_end_and_guessing_is_slowed(app: Flask, people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft())
    path = token_of(number, people, 7)
    link = db.session.scalars(select(PreviewLink)).one()
    reader = app.test_client()
    half = f"{path[:-1]}{'0' if path[-1] != '0' else '1'}"
    assert reader.get(half).status_code == 404, "the number alone opens nothing"
    previews.end(people.author, number, link.id)
    assert reader.get(path).status_code == 404
    statuses = [reader.get(f"/xem-truoc/{n:064x}", check=False).status_code for n in range(25)]
    assert statuses[-1] == 429
    with pytest.raises(NotFound):
        previews.end(people.author, number, link.id)
    with pytest.raises(NotFound):
        previews.share(people.stranger, number, 1)
    with pytest.raises(NotAllowed):
        previews.share(people.auditor, number, 1)
    with pytest.raises(Invalid):
        previews.share(people.author, number, 30)


def test_withdrawing_ends_the_links(app: Flask, people: People, draft: MakeDraft) -> None:
    number = published(people, draft)
    path = token_of(number, people)
    service.withdraw(people.publisher, number, 3, ERROR)
    assert app.test_client().get(path).status_code == 404
    with pytest.raises(Conflict):
        previews.share(people.author, number, 1)


def test_only_notes_that_matter_reach_readers(
    app: Flask, people: People, draft: MakeDraft, set_clock: SetClock
) -> None:
    number = published(people, draft)
    shown = load(app, number).publish_at
    set_clock(clock.now() + timedelta(days=2))
    service.save(people.author, number, 3, draft(body="<p>Sửa dấu phẩy.</p>"))
    service.publish(people.publisher, number, 4)
    reader = app.test_client()
    page = reader.get("/bai-viet/nop-ho-so-qua-mang").text
    assert "Sửa dấu phẩy." in page
    assert "Cập nhật" not in page
    assert load(app, number).modified_at == shown
    service.save(people.author, number, 5, draft(body="<p>Thời hạn 10 ngày.</p>"))
    service.publish(people.publisher, number, 6, None, Publication(note="Thời hạn còn 10 ngày."))
    today = clock.format_date(clock.now())
    page = reader.get("/bai-viet/nop-ho-so-qua-mang").text
    assert f">{today}</time>: Thời hạn còn 10 ngày." in page
    assert f"Cập nhật ngày {today}: Thời hạn còn 10 ngày." in reader.get("/feed.xml").text
    assert load(app, number).modified_at == clock.now()
    with pytest.raises(Invalid):
        service.publish(people.second, number, 7, None, Publication(note="x" * 301))


def test_days_of_review(
    app: Flask, people: People, make_article: MakeArticle, set_clock: SetClock
) -> None:
    number = make_article("huong-dan", review_on=clock.today())
    assert review.tell() == 1
    assert review.tell() == 0, "once"
    letters = db.session.execute(select(Letter.subject, Letter.body)).all()
    assert [subject for subject, _ in letters] == ["1 bài đến hạn xem lại"]
    assert "- Bài huong-dan" in letters[0].body
    for stranger in (people.author, people.stranger):
        with pytest.raises((NotAllowed, NotFound)):
            review.still_right(stranger, number)
    version = load(app, number).version
    following = review.still_right(people.editor, number)
    assert following > clock.today()
    article = load(app, number)
    assert (article.review_on, article.version) == (following, version)
    for day in (clock.today(), clock.today() - timedelta(days=1), date(2099, 1, 1)):
        with pytest.raises(Invalid):
            review.set_day(people.editor, number, day)
    review.set_day(people.editor, number, None)
    assert load(app, number).review_on is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 12, 5), 1, date(2027, 1, 5)),
     (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 11, 30), 3, date(2027, 2, 28))],
)  # fmt: skip
def test_some_months_later(day: date, months: int, later: date) -> None:
    assert review.later(day, months) == later


def shown_remarks(app: Flask, actor: Actor, number: int) -> str:
    client = app.test_client()
    sign_in(app, client, actor)
    return client.get(f"/ban-lam-viec/bai-viet/{number}").text


def test_remarks_stand_at_their_passages_and_survive_edits(
    app: Flask, people: People, draft: MakeDraft
) -> None:
    body = "<h2>Hồ sơ</h2><p>Nộp hai bản.</p><ul><li>Đơn đề nghị.</li><li>Ảnh thẻ.</li></ul>"
    number = submitted(people, draft, body=body)
    with pytest.raises(NotAllowed):
        remarks.add(people.author, number, "Nộp hai bản.", "Tự khen.")
    with pytest.raises(Invalid, match="không có đoạn"):
        remarks.add(people.publisher, number, "Nộp ba bản.", "Một bản thôi.")
    with pytest.raises(Invalid):
        remarks.add(people.publisher, number, "Nộp hai bản.", " ")
    first = remarks.add(people.publisher, number, "hai bản", "Một bản thôi.")
    second = remarks.add(people.editor, number, "Ảnh thẻ.", "Cỡ nào?")
    page = shown_remarks(app, people.author, number)
    assert page.index("Nộp hai bản.</p>") < page.index("Một bản thôi.") < page.index("<li>Đơn")
    assert page.index("Ảnh thẻ.</li>") < page.index("Cỡ nào?")
    service.return_with_remark(people.publisher, number, 2, "")
    letter = db.session.scalars(
        select(Letter.body).where(Letter.subject.startswith("Cần sửa"))
    ).one()
    assert "Đoạn “hai bản”:\nMột bản thôi." in letter
    edited = "<h2>Hồ sơ</h2><p>Mới thêm.</p><p>Nộp\nhai bản chính.</p><p>Ảnh 3x4.</p>"
    service.save(people.author, number, 3, draft(body=edited))
    page = shown_remarks(app, people.author, number)
    assert page.index("hai bản chính.") < page.index("Một bản thôi.") < page.index("Ảnh 3x4.")
    assert "Đoạn đã đổi:</strong> <q>Ảnh thẻ.</q>" in page
    assert remarks.tick(people.author, number, {first}, done=True) == 1
    assert remarks.tick(people.author, number, {first}, done=True) == 0
    with pytest.raises(NotFound):
        remarks.tick(people.author, number, {first, 999}, done=True)
    service.submit(people.author, number, 4)
    service.publish(people.publisher, number, 5)
    closed = db.session.scalars(select(Remark.closed_at).order_by(Remark.id)).all()
    assert len(closed) == 2
    assert None not in closed
    assert second > first


def test_nothing_is_said_about_what_nobody_submitted(people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft())
    with pytest.raises(Conflict):
        remarks.add(people.publisher, number, "", "Chưa gửi mà.")


def test_an_unwritten_hour_is_written_down_by_the_next_verb(
    people: People, make_article: MakeArticle
) -> None:
    number = make_article("het-gio", withdraw_at=clock.now() - timedelta(minutes=9))
    with pytest.raises(Conflict):
        service.publish(people.publisher, number, 1)
    with write() as session:
        assert session.get_one(Article, number).state == "approved", "a refusal changes nothing"
    service.restore(people.publisher, number, 1)
    with write() as session:
        assert session.get_one(Article, number).state == "draft"


def test_calendar_shows_what_is_planned_to_whom_it_concerns(
    app: Flask, people: People, make_article: MakeArticle, set_clock: SetClock
) -> None:
    set_clock(clock.from_local(datetime(2026, 11, 22, 9, 0)))
    comes = clock.from_local(datetime(2026, 11, 25, 8, 0))
    goes = clock.from_local(datetime(2026, 11, 30, 17, 0))
    make_article(
        "theo-lich", publish_at=comes, withdraw_at=goes, review_on=date(2026, 11, 27),
        title="Tiêm vắc xin cuối tuần",
    )  # fmt: skip
    client = app.test_client()
    sign_in(app, client, people.author)
    page = client.get("/ban-lam-viec/bai-viet/lich?thang=2026-11").text
    for day, words in (
        ("25", "08:00</span> <strong>Tự đăng:"), ("30", "17:00</span> <strong>Tự gỡ:"),
        ("27", "<strong>Xem lại:"),
    ):  # fmt: skip
        cell = page[page.index(f'datetime="2026-11-{day}"') :]
        assert words in cell[: cell.index("</td>")], day
    assert "Tiêm vắc xin" not in client.get("/ban-lam-viec/bai-viet/lich?thang=2026-09").text
    for odd in ("2026-13", "x", "9999-99", "2026-1"):
        assert client.get(f"/ban-lam-viec/bai-viet/lich?thang={odd}").status_code == 200
    days = [date(2026, 11, day) for day in range(1, 31)]
    theirs = calendar.planned(db.session(), people.stranger, days)
    assert not any(theirs.values())


def test_leaving_by_the_pages_of_the_desk(app: Flask, people: People, draft: MakeDraft) -> None:
    goal = published(people, draft, title="Bài thay thế")
    number = published(people, draft, title="Bài cũ")
    client = app.test_client()
    sign_in(app, client, people.publisher)
    path = f"/ban-lam-viec/bai-viet/{number}/go"
    base = {"csrf_token": client.token(path), "version": "3", "way": "notice", "when": "hen"}
    tomorrow = clock.to_local(clock.now() + timedelta(days=1)).date().isoformat()
    assert client.post(path, data=base).status_code == 400, "no day"
    hour = {"ngay": tomorrow, "gio": "17:00", "reason": "Hết hạn."}
    asked = client.post(path, data={**base, **hour})
    day = clock.format_date(date.fromisoformat(tomorrow))
    assert f"Hẹn gỡ lúc 17:00 ngày {day}</button>" in asked.text
    assert load(app, number).withdraw_at is None, "asking does nothing yet"
    assert client.post(path, data={**base, **hour, "seen": "1"}).status_code == 303
    assert load(app, number).withdraw_at is not None
    past = {**base, **hour, "ngay": "2020-01-01", "seen": "1", "version": "4"}
    assert "đã qua" in client.post(path, data=past).text
    now = {**base, "version": "4", "when": "ngay", "way": "merged"}
    found = client.post(path, data={**now, "then": "search", "words": "bài thay"})
    assert found.status_code == 200
    assert client.post(path, data={**now, "into": "/khong-co"}).status_code == 400
    assert client.post(path, data={**now, "version": "3", "into": "/"}).status_code in (400, 409)
    target = load(app, goal).url
    assert client.post(path, data={**now, "into": target}).status_code == 303
    assert app.test_client().get("/bai-viet/bai-cu").location == target
