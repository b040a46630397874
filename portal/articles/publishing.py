"""From what is written to what readers see: passed on, published (alone in urgency), confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor
from portal.articles import letters, remarks, review, search
from portal.articles.case import Case, open_for
from portal.articles.checks import refuse_unfinished
from portal.articles.models import Article, Way
from portal.articles.process_models import ChangeNote, Outcome, UrgentPublication
from portal.articles.states import State, Verb
from portal.articles.writing import apply_correction
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.core.settings import current_settings
from portal.core.text import clean_text

FARTHEST = timedelta(days=366)
REASON_LIMIT, NOTE_LIMIT = 500, 300
SAME_EYES = (
    "Bạn là người sửa bài này lần cuối. Theo nguyên tắc hai người, một người duyệt khác cần đọc "
    "và đăng."
)
UNIT_FIRST = "Bài chờ biên tập viên đơn vị đọc và chuyển duyệt đăng trước."


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """`until`: the hour from which readers do not see it any more. `note`: what readers are told
    that a correction changed; "" for one that does not matter to them. `urgent`: the reason for
    which one person alone publishes; then another publisher has to confirm."""

    until: datetime | None = None
    note: str = ""
    urgent: str = ""


USUAL = Publication()


def pass_on(actor: Actor, article_id: int, version: int) -> None:
    """The unit has read it: it waits for the publisher. Raises `Invalid` while not complete."""
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.PASS)
        refuse_unfinished(case.session, case.article)
        case.move(Verb.PASS, AuditEvent.ARTICLE_PASSED)
        case.article.remark = ""
        letters.passed(session, actor, case.article)


def publish(
    actor: Actor,
    article_id: int,
    version: int,
    at: datetime | None = None,
    how: Publication = USUAL,
) -> None:
    """Show an article now, or from the later hour `at`; for a shown one, its correction now.

    Whoever changed the text last may not do it (four eyes, a setting of the site) but in urgency.
    """
    moment, until = clock.now(), how.until
    note, urgent = _short(how.note, "note", NOTE_LIMIT), _short(how.urgent, "urgent", REASON_LIMIT)
    check_hours(moment, at, until)
    if urgent and at is not None:
        raise Invalid({"urgent": "Đăng khẩn là đăng ngay. Muốn hẹn giờ thì một người khác duyệt."})
    with write() as session:
        verb = Verb.URGENT if urgent else Verb.PUBLISH
        case = open_for(session, actor, article_id, version, verb)
        article = case.article
        if urgent:
            _begin_urgency(case, urgent, moment)
        else:
            refuse_one_person(case)
        _refuse_hours_of_shown(article, at)
        before = {"publish_at": article.publish_at, "withdraw_at": article.withdraw_at}
        was_shown = article.is_visible
        apply_correction(case)
        refuse_unfinished(session, article)
        if was_shown:
            _tell_readers(case, note, moment)
        else:
            article.publish_at = at or moment
        if until is not None:
            article.withdraw_at, article.withdrawn_way = until, Way.NOTICE.value
            article.merged_into, article.withdrawn_reason = "", ended_by_itself(until)
        _refuse_gone_before(article)
        article.slug_fixed, article.remark = True, ""
        review.set_first_day(article)
        remarks.close_all(session, article)
        event = AuditEvent.ARTICLE_URGENT if urgent else AuditEvent.ARTICLE_PUBLISHED
        event = AuditEvent.ARTICLE_SCHEDULED if at is not None else event
        after = {"publish_at": article.publish_at, "withdraw_at": article.withdraw_at}
        changes = {name: (before[name], after[name]) for name in after}
        told = {"note": (None, note)} if note else {}
        why = {"reason": (None, urgent)} if urgent else {}
        case.move(verb, event, {**changes, **told, **why})
        search.note_change(session, article)
        letters.published(session, actor, article)
        if urgent:
            letters.published_urgently(session, actor, article, urgent)


def confirm(actor: Actor, article_id: int, version: int) -> None:
    """A second person has read what one alone published in urgency, and stands by it."""
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.CONFIRM)
        rows = open_urgencies(session, case.article)
        if not rows:
            raise Conflict("Bài không có lần đăng khẩn nào chờ xem lại.")
        if any(actor.user_id in (row.by_id, row.writer_id) for row in rows):
            raise Invalid({"": "Bạn đã viết hoặc đăng khẩn bài này. Một người duyệt khác xem lại."})
        _close(rows, actor, Outcome.CONFIRMED)
        case.settle(AuditEvent.ARTICLE_CONFIRMED, {"outcome": (None, Outcome.CONFIRMED.value)})


def unschedule(actor: Actor, article_id: int, version: int) -> None:
    """Take an hour of publication back; what was approved waits for a publisher again."""
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.UNSCHEDULE)
        article = case.article
        if not article.is_scheduled:
            raise Conflict("Bài đã hiện với người đọc nên không hủy hẹn được. Bạn gỡ bài nếu cần.")
        before = article.publish_at
        apply_correction(case)
        changes = {"publish_at": (before, None), "withdraw_at": (article.withdraw_at, None)}
        article.publish_at = article.withdraw_at = None
        case.move(Verb.UNSCHEDULE, AuditEvent.ARTICLE_UNSCHEDULED, changes)
        search.note_change(session, article)


def open_urgencies(session: Session, article: Article) -> list[UrgentPublication]:
    """Publications in urgency of an article that nobody has confirmed; one statement."""
    query = select(UrgentPublication).where(
        UrgentPublication.article_id == article.id, UrgentPublication.closed_at.is_(None)
    )
    return list(session.scalars(query))


def end_urgency(case: Case) -> None:
    """The article leaves its readers: nothing is left to confirm."""
    _close(open_urgencies(case.session, case.article), case.actor, Outcome.WITHDRAWN)


def check_hours(moment: datetime, at: datetime | None, until: datetime | None) -> None:
    """Raise `Invalid` for hours that have passed, are too far, or stand the wrong way round."""
    problems = {}
    for name, hour, doing in (("at", at, "đăng"), ("until", until, "gỡ")):
        if hour is None:
            continue
        if hour <= moment:
            problems[name] = (
                f"Giờ hẹn {doing} {clock.format_moment(hour)} đã qua, bây giờ là "
                f"{clock.format_moment(moment)}. Chọn giờ hẹn sau lúc này."
            )
        elif hour > moment + FARTHEST:
            problems[name] = f"Chọn giờ hẹn {doing} trong vòng một năm kể từ hôm nay."
    if not problems and until is not None and until <= (at or moment):
        problems["until"] = "Giờ hẹn gỡ phải sau giờ hẹn đăng."
    if problems:
        raise Invalid(problems)


def ended_by_itself(until: datetime) -> str:
    """What readers are told of an article that was meant for some time only."""
    return f"Bài chỉ có giá trị đến {clock.format_moment(until)}."


def is_own(article: Article, user_id: int) -> bool:
    """Whether four eyes forbid this person to publish: the last words are theirs."""
    writer = article.pending.text_by_id if article.pending else article.text_by_id
    return current_settings().site.publishing.four_eyes and writer == user_id


def lacks_unit_step(article: Article) -> bool:
    """Whether the unit's editor has to read an article before it may be published."""
    first = current_settings().site.publishing.unit_editor_first
    return first and article.state == State.SUBMITTED and article.unit_code is not None


def refuse_one_person(case: Case) -> None:
    """Raise `Invalid` unless everybody who has to has read what would be published."""
    if is_own(case.article, case.actor.user_id):
        raise Invalid({"": SAME_EYES})
    if lacks_unit_step(case.article):
        raise Invalid({"": UNIT_FIRST})


def _begin_urgency(case: Case, reason: str, moment: datetime) -> None:
    article, pending = case.article, case.article.pending
    steps = article.state in (State.DRAFT, State.RETURNED) or lacks_unit_step(article)
    if not steps and not is_own(article, case.actor.user_id):
        raise Invalid({"urgent": "Bài không phải do bạn sửa cuối nên bạn đăng bình thường được."})
    hours = current_settings().site.publishing.urgent_review_hours
    case.session.add(
        UrgentPublication(
            article_id=article.id,
            at=moment,
            by_id=case.actor.user_id,
            reason=reason,
            writer_id=pending.text_by_id if pending else article.text_by_id,
            due_at=moment + timedelta(hours=hours),
        )
    )


def _refuse_hours_of_shown(article: Article, at: datetime | None) -> None:
    if article.is_visible and at is not None:
        raise Invalid({"at": "Bài đang hiện với người đọc nên bản sửa chỉ đăng được ngay."})
    if article.is_visible and article.pending is None:
        raise Conflict("Bài đã được đăng.")


def _refuse_gone_before(article: Article) -> None:
    at, gone = article.publish_at, article.withdraw_at
    if at is not None and gone is not None and gone <= at:
        hour = clock.format_moment(gone)
        raise Invalid({"at": f"Bài đã hẹn gỡ {hour}. Chọn giờ đăng sớm hơn, hoặc hủy hẹn gỡ."})


def _tell_readers(case: Case, note: str, moment: datetime) -> None:
    if note:
        case.article.text_changed_at = moment
        case.session.add(
            ChangeNote(article_id=case.article.id, at=moment, by_id=case.actor.user_id, text=note)
        )


def _close(rows: list[UrgentPublication], actor: Actor, outcome: Outcome) -> None:
    for row in rows:
        row.closed_at, row.closed_by_id, row.outcome = clock.now(), actor.user_id, outcome.value


def _short(text: str, name: str, limit: int) -> str:
    text = clean_text(text)
    if len(text) > limit:
        raise Invalid({name: f"Viết ngắn lại, không quá {limit} ký tự."})
    return text
