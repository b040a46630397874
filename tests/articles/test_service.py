"""The verbs of articles: who, from where, what they leave behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.permissions import Role, may
from portal.articles import search, service
from portal.articles.drafts import Source
from portal.articles.models import Article, ArticleRevision, ArticleSlug
from portal.articles.publishing import Publication
from portal.articles.scope import visible_to
from portal.articles.states import State, Verb
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.mail import Letter
from portal.search.models import SearchChange
from tests.articles.conftest import MakeArticle, MakeDraft, People, load, published, submitted
from tests.media import samples
from tests.media.conftest import author, keep  # noqa: F401 - fixtures
from tests.support.staff import make_user

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _inside(app: Flask):
    with app.app_context():
        yield


def events(number: int) -> list[str]:
    query = select(AuditEntry.event).where(AuditEntry.object_kind == "article")
    query = query.where(AuditEntry.object_id == str(number)).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def letters() -> list[tuple[str, str]]:
    return [(letter.recipient, letter.subject) for letter in db.session.scalars(select(Letter))]


def test_from_draft_to_reader_and_back(app: Flask, people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft())
    assert load(app, number).slug == "nop-ho-so-qua-mang"
    service.submit(people.author, number, 1)
    service.return_with_remark(people.publisher, number, 2, "Thêm ví dụ.")
    assert load(app, number).remark == "Thêm ví dụ."
    assert service.save(people.author, number, 3, draft(body="<p>Bước một. Ví dụ.</p>"))
    service.submit(people.author, number, 4)
    service.publish(people.publisher, number, 5)
    article = load(app, number)
    assert article.is_visible
    assert article.remark == ""
    service.withdraw(people.second, number, 6, "Đổi quy định.")
    assert load(app, number).was_visible
    service.restore(people.second, number, 7)
    article = load(app, number)
    assert (article.state, article.publish_at, article.version) == (State.DRAFT, None, 8)
    assert events(number) == [
        "article.created", "article.submitted", "article.returned", "article.changed",
        "article.submitted", "article.published", "article.withdrawn", "article.restored",
    ]  # fmt: skip
    revisions = db.session.scalars(
        select(ArticleRevision.number).where(ArticleRevision.article_id == number)
    ).all()
    assert revisions == [1, 2]


def test_letters_reach_those_who_must_act(people: People, draft: MakeDraft) -> None:
    number = submitted(people, draft)
    assert [subject for _, subject in letters()] == ["Chờ duyệt: Nộp hồ sơ qua mạng"] * 2
    service.return_with_remark(people.publisher, number, 2, "Sửa.")
    service.submit(people.author, number, 3)
    service.publish(people.publisher, number, 4)
    to_author = [subject for _, subject in letters() if not subject.startswith("Chờ duyệt")]
    assert to_author == ["Cần sửa: Nộp hồ sơ qua mạng", "Đã duyệt: Nộp hồ sơ qua mạng"]
    assert len(letters()) == 6


def test_failed_verb_sends_nothing_and_changes_nothing(
    app: Flask, people: People, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = submitted(people, draft)
    before = len(letters())

    def published_letter(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service.letters, "published", published_letter)
    with pytest.raises(OSError, match="No space"):
        service.publish(people.publisher, number, 2)
    assert load(app, number).state == State.SUBMITTED
    assert len(letters()) == before
    assert db.session.scalars(select(SearchChange)).all() == []


def test_scheduled_words_stay_out_of_the_index_until_their_hour(
    app: Flask, people: People, draft: MakeDraft, set_clock: SetClock
) -> None:
    number = submitted(people, draft)
    hour = clock.now() + timedelta(hours=3)
    service.publish(people.publisher, number, 2, at=hour)
    assert load(app, number).is_scheduled
    assert events(number)[-1] == "article.scheduled"
    due = db.session.scalars(select(SearchChange.due_at).order_by(SearchChange.id)).all()
    assert due == [None, hour]
    assert search.build(db.session(), str(number)) is None
    set_clock(hour)
    document = search.build(db.session(), str(number))
    assert document is not None
    assert document.body == "Bước một."
    assert load(app, number).is_visible


def test_scheduled_may_move_to_another_hour_or_now(
    app: Flask, people: People, draft: MakeDraft
) -> None:
    number = submitted(people, draft)
    first, second = (clock.now() + timedelta(days=n) for n in (1, 2))
    service.publish(people.publisher, number, 2, at=first)
    service.publish(people.publisher, number, 3, at=second)
    assert load(app, number).publish_at == second
    service.publish(people.publisher, number, 4)
    assert load(app, number).is_visible


@pytest.mark.parametrize("shift", [timedelta(), -timedelta(minutes=1), timedelta(days=500)])
def test_hours_that_make_no_sense(people: People, draft: MakeDraft, shift: timedelta) -> None:
    number = submitted(people, draft)
    with pytest.raises(Invalid) as refusal:
        service.publish(people.publisher, number, 2, at=clock.now() + shift)
    assert "at" in refusal.value.problems


def test_four_eyes(app: Flask, people: People, draft: MakeDraft) -> None:
    number = submitted(people, draft)
    service.save(people.publisher, number, 2, draft(body="<p>Sửa câu.</p>"))
    with pytest.raises(Invalid, match="hai người"):
        service.publish(people.publisher, number, 3)
    service.publish(people.second, number, 3)
    assert load(app, number).is_visible


def test_moving_to_another_topic_is_not_writing(
    people: People, draft: MakeDraft, topics: dict[str, int]
) -> None:
    number = submitted(people, draft)
    service.save(people.publisher, number, 2, draft(topic_id=topics["y-te-so"]))
    service.publish(people.publisher, number, 3)


def test_touching_the_topic_does_not_launder_ones_own_text(
    people: People, draft: MakeDraft, topics: dict[str, int]
) -> None:
    number = published(people, draft)
    service.save(people.publisher, number, 3, draft(body="<p>Ý của tôi.</p>"))
    moved = draft(body="<p>Ý của tôi.</p>", topic_id=topics["y-te-so"])
    service.save(people.second, number, 4, moved)
    with pytest.raises(Invalid, match="hai người"):
        service.publish(people.publisher, number, 5)
    service.publish(people.second, number, 5)


def test_one_person_may_publish_where_the_site_says_so(
    app: Flask, people: People, draft: MakeDraft
) -> None:
    settings = app.extensions["settings"]
    site = replace(settings.site, publishing=replace(settings.site.publishing, four_eyes=False))
    app.extensions["settings"] = replace(settings, site=site)
    number = service.create(people.publisher, draft())
    service.submit(people.publisher, number, 1)
    service.publish(people.publisher, number, 2)
    assert load(app, number).is_visible


def test_correction_waits_beside_what_readers_see(
    app: Flask, people: People, draft: MakeDraft, set_clock: SetClock
) -> None:
    number = published(people, draft)
    assert service.save(people.author, number, 3, draft(body="<p>Bản sửa.</p>"))
    article = load(app, number)
    assert article.body == "<p>Bước một.</p>"
    assert article.pending is not None
    assert service.save(people.author, number, 4, draft(body="<p>Bản sửa nữa.</p>"))
    with pytest.raises(Invalid):
        service.publish(people.publisher, number, 5, at=clock.now() + timedelta(days=1))
    shown_since = load(app, number).publish_at
    set_clock(clock.now() + timedelta(days=2))
    service.publish(people.publisher, number, 5, None, Publication(note="Thêm một bước."))
    article = load(app, number)
    assert (article.body, article.pending) == ("<p>Bản sửa nữa.</p>", None)
    assert article.publish_at == shown_since
    assert article.corrected_on is not None
    with pytest.raises(Conflict):
        service.publish(people.second, number, 6)


def test_correction_may_be_dropped(app: Flask, people: People, draft: MakeDraft) -> None:
    number = published(people, draft)
    with pytest.raises(Conflict):
        service.discard(people.author, number, 3)
    service.save(people.author, number, 3, draft(body="<p>Bản sửa.</p>"))
    service.discard(people.author, number, 4)
    article = load(app, number)
    assert (article.body, article.pending) == ("<p>Bước một.</p>", None)


def test_earlier_version_comes_back_as_a_save(app: Flask, people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft())
    service.save(people.author, number, 1, draft(title="Tên khác", body="<p>Hai.</p>"))
    service.restore_revision(people.author, number, 2, 1)
    article = load(app, number)
    assert (article.title, article.body) == ("Nộp hồ sơ qua mạng", "<p>Bước một.</p>")
    assert article.version == 3
    with pytest.raises(NotFound):
        service.restore_revision(people.author, number, 3, 99)


def test_saving_the_same_changes_nothing(app: Flask, people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft())
    assert service.save(people.author, number, 1, draft()) is False
    assert load(app, number).version == 1


@pytest.mark.parametrize(
    "body",
    [
        "<p>a</p><script>alert(1)</script>", '<p onclick="x">a</p>', '<a href="javascript:x">a</a>',
        '<img src="https://xau.vn/a.png">', "<svg onload=alert(1)>", '<p style="color:red">a</p>',
        '<h2 id="dang-nhap">a</h2>', '<iframe src="https://xau.vn"></iframe>',
    ],
)  # fmt: skip
def test_bodies_are_cleaned_when_saved(
    app: Flask, people: People, draft: MakeDraft, body: str
) -> None:
    number = service.create(people.author, draft(body=body))
    kept = load(app, number).body
    for bad in ("script", "onclick", "javascript", "xau.vn", "svg", "style", "id="):
        assert bad not in kept
    revision = db.session.scalars(
        select(ArticleRevision.body).where(ArticleRevision.article_id == number)
    ).one()
    assert revision == kept


def test_typed_text_becomes_paragraphs(app: Flask, people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft(body="Câu một\ncâu hai & ba\n\nĐoạn hai"))
    assert load(app, number).body == "<p>Câu một<br>câu hai &amp; ba</p>\n<p>Đoạn hai</p>"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"summary": "x" * 501}, "summary"),
        ({"kind": "poem"}, "kind"),
        ({"topic_id": 999}, "topic_id"),
        ({"unit_code": "vp"}, "unit_code"),
        ({"unit_code": None}, "unit_code"),
        ({"cover_id": 999}, "cover_id"),
        ({"attachment_ids": (999,)}, "attachments"),
        ({"task_ids": (999,)}, "tasks"),
        ({"sources": (Source("a", "javascript:alert(1)"),)}, "sources"),
        ({"body": "<b>" * 6000}, "body"),
        ({"body": "x" * 300_001}, "body"),
    ],
)
def test_what_cannot_be_stored(
    app: Flask, people: People, draft: MakeDraft, changes: dict, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        service.create(people.author, draft(**changes))
    assert field in refusal.value.problems
    assert "Nộp hồ sơ" not in str(db.session.scalars(select(Article.title)).all())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"topic_id": None}, "topic_id"),
        ({"body": "<p> </p>"}, "body"),
        ({"body": '<p>a</p><img src="/tu-lieu/x/1.jpg" alt=" ">'}, "body"),
        ({"body": f'<p><a href="/tu-lieu/{"0" * 32}/tep.pdf">Mẫu đơn</a></p>'}, "body"),
    ],
)
def test_unfinished_is_saved_but_not_submitted(
    people: People, draft: MakeDraft, changes: dict, field: str
) -> None:
    number = service.create(people.author, draft(**changes))
    with pytest.raises(Invalid) as refusal:
        service.submit(people.author, number, 1)
    assert set(refusal.value.problems) == {field}


def test_files_belong_to_their_article(
    app: Flask,
    people: People,
    draft: MakeDraft,
    keep: Callable[..., int],  # noqa: F811
) -> None:
    cover = keep(samples.picture(size=(900, 600)), "bia.png")
    paper = keep(samples.pdf(), "van-ban.pdf")
    inside = keep(samples.picture(), "trong.png")
    linked = keep(samples.pdf(), "bieu-mau.pdf")
    from portal.media.models import MediaFile

    address = db.session.get_one(MediaFile, inside).url
    link = db.session.get_one(MediaFile, linked).url
    body = f'<p><a href="{link}">Mẫu</a></p><figure><img src="{address}" alt="Ảnh"></figure>'
    with pytest.raises(Invalid):
        service.create(people.author, draft(cover_id=paper))
    number = service.create(
        people.author, draft(body=body, cover_id=cover, attachment_ids=(paper,))
    )
    article = load(app, number)
    assert [a.media_id for a in article.attachments] == [paper]
    assert sorted(media.id for media in article.inline_files) == [inside, linked]
    with pytest.raises(Invalid, match="Ảnh bìa chưa có mô tả"):
        service.submit(people.author, number, 1)
    client = app.test_client()
    assert client.get(address).status_code == 404
    from portal.media.service import Description, describe, remove

    describe(people.publisher, cover, Description(title="Bìa", alt="Một cửa"))
    service.submit(people.author, number, 1)
    service.publish(people.publisher, number, 2)
    assert client.get(address).status_code == 200
    assert client.get(link).status_code == 200
    page = client.get(article.url).get_data(as_text=True)
    assert "van-ban.pdf" not in page
    assert "van-ban" in page
    assert f'srcset="{address.rpartition("/")[0]}/64.webp?v=' in page
    for used in (cover, paper, inside, linked):
        with pytest.raises(Conflict):
            remove(people.publisher, used)


def test_address_follows_the_title_until_it_is_known(
    app: Flask, people: People, draft: MakeDraft
) -> None:
    number = service.create(people.author, draft())
    twin = service.create(people.author, draft())
    assert load(app, twin).slug == "nop-ho-so-qua-mang-2"
    service.save(people.author, number, 1, draft(title="Tên mới"))
    assert load(app, number).slug == "ten-moi"
    service.submit(people.author, number, 2)
    service.publish(people.publisher, number, 3)
    service.save(people.author, number, 4, draft(title="Tên mới nữa"))
    service.publish(people.publisher, number, 5)
    assert load(app, number).slug == "ten-moi"


def test_changed_address_leads_on(app: Flask, people: People, draft: MakeDraft) -> None:
    number = published(people, draft)
    service.arrange(people.publisher, number, 3, slug="dia-chi-moi", pinned=True)
    client = app.test_client()
    answer = client.get("/bai-viet/nop-ho-so-qua-mang")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/bai-viet/dia-chi-moi")
    assert client.get("/bai-viet/dia-chi-moi").status_code == 200
    other = published(people, draft)
    assert load(app, other).slug == "nop-ho-so-qua-mang-2", "a former address is not given away"
    service.arrange(people.publisher, number, 4, slug="nop-ho-so-qua-mang", pinned=True)
    assert client.get("/bai-viet/nop-ho-so-qua-mang").status_code == 200
    assert client.get("/bai-viet/dia-chi-moi").status_code == 301
    former = db.session.scalars(select(ArticleSlug.slug)).all()
    assert former == ["dia-chi-moi"]


@pytest.mark.parametrize("slug", ["", "Có Dấu", "a--b", "-a", "a/b", "x" * 121, "an-nhap"])
def test_addresses_that_cannot_be(people: People, draft: MakeDraft, slug: str) -> None:
    number = published(people, draft)
    with pytest.raises(Invalid) as refusal:
        service.arrange(people.publisher, number, 3, slug=slug, pinned=False)
    assert "slug" in refusal.value.problems


VERBS: dict[Verb, tuple[State, Callable[..., object]]] = {
    Verb.SAVE: (State.DRAFT, lambda a, n, d: service.save(a, n, 1, d(title="Khác"))),
    Verb.SUBMIT: (State.DRAFT, lambda a, n, _: service.submit(a, n, 1)),
    Verb.RETURN: (State.SUBMITTED, lambda a, n, _: service.return_with_remark(a, n, 1, "Sửa.")),
    Verb.PUBLISH: (State.SUBMITTED, lambda a, n, _: service.publish(a, n, 1)),
    Verb.WITHDRAW: (State.APPROVED, lambda a, n, _: service.withdraw(a, n, 1, "Sai.")),
    Verb.RESTORE: (State.WITHDRAWN, lambda a, n, _: service.restore(a, n, 1)),
    Verb.PASS: (State.SUBMITTED, lambda a, n, _: service.pass_on(a, n, 1)),
    Verb.URGENT: (State.DRAFT, lambda a, n, _: service.publish(a, n, 1, None, ALONE)),
    Verb.PLAN_WITHDRAWAL: (
        State.APPROVED,
        lambda a, n, _: service.plan_withdrawal(a, n, 1, clock.now() + timedelta(days=1), "Hết."),
    ),
}
ALONE = Publication(urgent="Cảnh báo dịch.")
WRITERS, BOSSES = {"author", "editor", "publisher"}, {"publisher"}
UNIT = {"editor", "publisher"}
ALLOWED = {
    Verb.SAVE: WRITERS, Verb.SUBMIT: WRITERS, Verb.RETURN: UNIT, Verb.PUBLISH: BOSSES,
    Verb.WITHDRAW: BOSSES, Verb.RESTORE: BOSSES, Verb.PASS: UNIT, Verb.URGENT: BOSSES,
    Verb.PLAN_WITHDRAWAL: BOSSES,
}  # fmt: skip
HIDDEN_FROM = {"stranger", "officer"}


@pytest.mark.parametrize("who", ["author", "editor", "stranger", "publisher", "auditor", "officer"])
@pytest.mark.parametrize("verb", list(VERBS))
def test_who_may_do_what(
    people: People, draft: MakeDraft, make_article: MakeArticle, verb: Verb, who: str
) -> None:
    state, act = VERBS[verb]
    number = make_article("cua-cdc", state, author_id=people.author.user_id)
    actor = getattr(people, who)
    if who in ALLOWED[verb]:
        act(actor, number, draft)
    else:
        with pytest.raises(NotFound if who in HIDDEN_FROM else NotAllowed):
            act(actor, number, draft)


def test_only_writers_begin_articles(people: People, draft: MakeDraft) -> None:
    for who in ("auditor", "officer"):
        with pytest.raises(NotAllowed):
            service.create(getattr(people, who), draft())


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("unit", [None, "cdc", "vp"])
def test_scope_is_the_permission(app: Flask, make_article: MakeArticle, role: Role, unit) -> None:
    actor = make_user(app, role, unit)
    make_article("rieng", State.DRAFT, author_id=actor.user_id, unit_code="vp")
    make_article("khac", State.DRAFT, author_id=None, unit_code="vp")
    make_article("khong", State.DRAFT, author_id=None, unit_code=None)
    everything = db.session.scalars(select(Article)).all()
    expected = {article.id for article in everything if may(actor, "article.view", article)}
    seen = set(db.session.scalars(select(Article.id).where(visible_to(actor))))
    assert seen == expected


@pytest.mark.parametrize("verb", list(VERBS))
def test_what_was_seen_must_be_what_is(
    people: People, draft: MakeDraft, make_article: MakeArticle, verb: Verb
) -> None:
    state, act = VERBS[verb]
    number = make_article("moi-hon", state, version=2)
    with pytest.raises(Conflict):
        act(people.publisher, number, draft)


def test_remark_and_reason_are_needed(people: People, draft: MakeDraft) -> None:
    number = submitted(people, draft)
    for remark in ("", " \n ", "x" * 2001):
        with pytest.raises(Invalid):
            service.return_with_remark(people.publisher, number, 2, remark)
    service.publish(people.publisher, number, 2)
    for reason in ("", "x" * 501):
        with pytest.raises(Invalid):
            service.withdraw(people.publisher, number, 3, reason)


def test_audit_tells_old_and_new_but_not_the_body(people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft())
    service.save(people.author, number, 1, draft(title="Khác", body="<p>Lời bí mật.</p>"))
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "article.changed")
    ).one()
    assert entry.changes["title"] == ["Nộp hồ sơ qua mạng", "Khác"]
    assert "bí mật" not in str(entry.changes)


def test_desk_change_keeps_the_loader_away(app: Flask, people: People, draft: MakeDraft) -> None:
    number = service.create(people.author, draft())
    assert load(app, number).edited_at is not None


def test_pending_text_is_not_found(app: Flask, people: People, draft: MakeDraft) -> None:
    number = published(people, draft)
    service.save(people.author, number, 3, draft(body="<p>chimcanhcut</p>"))
    document = search.build(db.session(), str(number))
    assert document is not None
    assert "chimcanhcut" not in document.body
    assert "chimcanhcut" not in app.test_client().get("/bai-viet/nop-ho-so-qua-mang").text


def test_plan_counts_only_what_is_visible(app: Flask, people: People, draft: MakeDraft) -> None:
    from portal.plan.evidence import gather
    from portal.plan.models import Plan, PlanTask

    with write() as session:
        plan = Plan(code="p", year=2026, title="K", status="draft", goals=[], reporting=[])
        task = PlanTask(number=1, title="T", partners=[], topics=[], plan=plan)
        session.add_all([plan, task])
        session.flush()
        number = task.id
    published(people, draft, task_ids=(number,))
    submitted(people, draft, title="Chưa đăng", task_ids=(number,))
    found = gather(db.session(), [number])[number]
    assert found.count == 1
    assert [link.title for link in found.latest] == ["Nộp hồ sơ qua mạng"]
