"""From author to unit editor to publisher; hours that come by themselves; one person in urgency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.articles import desk_queries, search, service, urgency
from portal.articles.models import Article
from portal.articles.process_models import UrgentPublication
from portal.articles.publishing import Publication
from portal.articles.states import State
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.mail import Letter
from portal.search.models import SearchChange
from tests.articles.conftest import MakeArticle, MakeDraft, People, load

SetClock = Callable[[datetime], None]
ALONE = Publication(urgent="Cảnh báo dịch ngay trong đêm.")
ADDRESS = "/bai-viet/nop-ho-so-qua-mang"


@pytest.fixture(autouse=True)
def in_app(app: Flask):
    with app.app_context():
        yield


@pytest.fixture
def unit_first(app: Flask) -> None:
    settings = app.extensions["settings"]
    rules = replace(settings.site.publishing, unit_editor_first=True)
    app.extensions["settings"] = replace(settings, site=replace(settings.site, publishing=rules))


def submitted(people: People, draft: MakeDraft) -> int:
    number = service.create(people.author, draft())
    service.submit(people.author, number, 1)
    return number


def recipients(subject: str) -> set[str]:
    rows = db.session.execute(select(Letter.recipient, Letter.subject))
    return {recipient for recipient, said in rows if said.startswith(subject)}


def waits_for(actor) -> set[int]:
    return set(db.session.scalars(select(Article.id).where(desk_queries.waiting(actor))))


def test_the_units_editor_may_read_and_pass_on(app: Flask, people: People, draft) -> None:
    number = submitted(people, draft)
    assert number in waits_for(people.editor)
    assert number in waits_for(people.publisher), "a small agency does not wait for an editor"
    service.pass_on(people.editor, number, 2)
    assert load(app, number).state == State.PASSED
    assert len(recipients("Chờ duyệt đăng")) == 2
    assert number not in waits_for(people.editor)
    with pytest.raises(NotAllowed):
        service.save(people.author, number, 3, draft(body="<p>Sửa sau khi đơn vị đọc.</p>"))
    service.publish(people.publisher, number, 3)
    assert load(app, number).is_visible


def test_where_the_unit_comes_first_nobody_goes_round_it(
    people: People, draft: MakeDraft, unit_first: None
) -> None:
    number = submitted(people, draft)
    assert number not in waits_for(people.publisher)
    assert len(recipients("Chờ duyệt:")) == 1, "only the unit's editor is asked"
    with pytest.raises(Invalid, match="biên tập viên đơn vị"):
        service.publish(people.publisher, number, 2)
    service.pass_on(people.editor, number, 2)
    assert number in waits_for(people.publisher)
    service.return_with_remark(people.publisher, number, 3, "Thêm nguồn.")
    service.submit(people.author, number, 4)
    with pytest.raises(Invalid):
        service.publish(people.publisher, number, 5)


def test_one_person_publishes_in_urgency_and_another_confirms(
    app: Flask, people: People, draft: MakeDraft, set_clock: SetClock
) -> None:
    number = service.create(people.publisher, draft(unit_code=None))
    service.publish(people.publisher, number, 1, None, ALONE)
    assert load(app, number).is_visible
    assert number in waits_for(people.second)
    assert number not in waits_for(people.publisher)
    for actor, error in ((people.publisher, Invalid), (people.editor, Exception)):
        with pytest.raises(error):
            service.confirm(actor, number, 2)
    moment = clock.now()
    set_clock(moment + timedelta(hours=23))
    assert urgency.tell_overdue() == 0
    set_clock(moment + timedelta(hours=25))
    assert urgency.tell_overdue() == 1
    assert urgency.tell_overdue() == 0, "once"
    assert len(recipients("Quá hạn xem lại")) == 1, "not to who published"
    service.confirm(people.second, number, 2)
    row = db.session.scalars(select(UrgentPublication)).one()
    assert (row.outcome, row.closed_by_id) == ("confirmed", people.second.user_id)
    with pytest.raises(Conflict):
        service.confirm(people.second, number, 3)


def test_urgency_needs_a_need_a_reason_and_no_hour(people: People, draft: MakeDraft) -> None:
    number = submitted(people, draft)
    with pytest.raises(Invalid, match="bình thường"):
        service.publish(people.publisher, number, 2, None, ALONE)
    service.save(people.publisher, number, 2, draft(body="<p>Của tôi.</p>"))
    with pytest.raises(Invalid):
        service.publish(people.publisher, number, 3, None, Publication(urgent="  "))
    with pytest.raises(Invalid):
        service.publish(people.publisher, number, 3, None, Publication(urgent="x" * 501))
    with pytest.raises(Invalid, match="đăng ngay"):
        service.publish(people.publisher, number, 3, clock.now() + timedelta(hours=1), ALONE)
    with pytest.raises(NotAllowed):
        service.publish(people.author, number, 3, None, ALONE)


def test_who_wrote_it_does_not_confirm_what_another_hurried(
    people: People, draft: MakeDraft, unit_first: None
) -> None:
    number = submitted(people, draft)
    service.save(people.second, number, 2, draft(body="<p>Lời của người thứ hai.</p>"))
    service.publish(people.publisher, number, 3, None, ALONE)
    with pytest.raises(Invalid, match="viết hoặc đăng khẩn"):
        service.confirm(people.second, number, 4)


def test_an_hour_to_come_and_an_hour_to_go(
    app: Flask, people: People, draft: MakeDraft, set_clock: SetClock
) -> None:
    number, start = submitted(people, draft), clock.now()
    comes, goes = start + timedelta(hours=1), start + timedelta(hours=3)
    service.publish(people.publisher, number, 2, comes, Publication(until=goes))
    due = set(db.session.scalars(select(SearchChange.due_at)))
    assert due == {None, comes, goes}
    reader = app.test_client()
    seen = []
    for hour in (start, comes, comes + timedelta(hours=1), goes, goes + timedelta(days=1)):
        set_clock(hour)
        feed = reader.get("/feed.xml").text
        shown = search.build(db.session(), str(number)) is not None
        assert ("Nộp hồ sơ qua mạng" in feed) == shown
        assert load(app, number).is_visible == shown
        seen.append((reader.get(ADDRESS).status_code, shown))
    assert seen == [(404, False), (200, True), (200, True), (410, False), (410, False)]
    assert "Bài chỉ có giá trị đến" in reader.get(ADDRESS).text
    with pytest.raises(Conflict, match="đã gỡ"):
        service.save(people.author, number, 3, draft(title="Muộn"))
    with pytest.raises(Conflict, match="đã gỡ"):
        service.withdraw(people.publisher, number, 3, "Muộn.")
    service.restore(people.publisher, number, 3)
    article = load(app, number)
    assert (article.state, article.withdraw_at, article.publish_at) == (State.DRAFT, None, None)


@pytest.mark.parametrize("shift", [timedelta(minutes=-1), timedelta(), timedelta(days=400)])
def test_hours_of_withdrawal_that_cannot_be(people, draft, shift: timedelta) -> None:
    number = submitted(people, draft)
    until = clock.now() + shift
    with pytest.raises(Invalid) as refusal:
        service.publish(people.publisher, number, 2, None, Publication(until=until))
    assert "until" in refusal.value.problems
    service.publish(people.publisher, number, 2)
    with pytest.raises(Invalid):
        service.plan_withdrawal(people.publisher, number, 3, until, "Hết hạn.")


def test_it_does_not_go_before_it_comes(people: People, draft: MakeDraft) -> None:
    number, start = submitted(people, draft), clock.now()
    hours = [start + timedelta(hours=n) for n in range(6)]
    with pytest.raises(Invalid, match="sau giờ hẹn đăng"):
        service.publish(people.publisher, number, 2, hours[3], Publication(until=hours[2]))
    service.publish(people.publisher, number, 2, hours[2], Publication(until=hours[4]))
    with pytest.raises(Invalid, match="sau giờ hẹn đăng"):
        service.plan_withdrawal(people.publisher, number, 3, hours[1], "Hết hạn.")
    with pytest.raises(Invalid, match="đã hẹn gỡ"):
        service.publish(people.publisher, number, 3, hours[5])


def test_hours_are_taken_back(app: Flask, people: People, draft: MakeDraft) -> None:
    number, start = submitted(people, draft), clock.now()
    with pytest.raises(Conflict):
        service.unschedule(people.publisher, number, 2)
    service.publish(people.publisher, number, 2, start + timedelta(hours=2))
    service.save(people.author, number, 3, draft(body="<p>Sửa khi đã hẹn.</p>"))
    service.unschedule(people.second, number, 4)
    article = load(app, number)
    assert (article.state, article.publish_at) == (State.PASSED, None)
    assert article.body == "<p>Sửa khi đã hẹn.</p>", "what was written meanwhile is not lost"
    service.publish(people.publisher, number, 5)
    with pytest.raises(Conflict):
        service.keep(people.publisher, number, 6)
    service.plan_withdrawal(people.publisher, number, 6, start + timedelta(days=1), "Hết hạn.")
    service.keep(people.publisher, number, 7)
    article = load(app, number)
    assert (article.withdraw_at, article.withdrawn_reason) == (None, "")
    with pytest.raises(Conflict, match="đã hiện"):
        service.unschedule(people.publisher, number, 8)


def test_expired_ones_are_listed_as_withdrawn(make_article: MakeArticle, people: People) -> None:
    hour = clock.now() - timedelta(minutes=5)
    number = make_article("het-han", withdraw_at=hour)
    for view, holds in (("da-go", True), ("da-dang", False), ("hen-dang", False)):
        wanted = desk_queries.Filter(desk_queries.View(view))
        found = {a.id for a in db.session.scalars(desk_queries.listed(people.publisher, wanted))}
        assert (number in found) == holds, view
