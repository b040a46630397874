"""Three ways from readers: with notice and reason, merged into another page, published in error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.accounts.permissions import Actor
from portal.articles import letters, previews, search, targets
from portal.articles.case import Case, open_for
from portal.articles.models import Way
from portal.articles.publishing import REASON_LIMIT, check_hours, end_urgency
from portal.articles.states import Verb
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.core.text import clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """How an article leaves: readers see `reason` with a notice, are led to the address `into`
    (merged), or find nothing at all (in error; then `reason` is for colleagues)."""

    way: Way = Way.NOTICE
    reason: str = ""
    into: str = ""


def withdraw(actor: Actor, article_id: int, version: int, how: Withdrawal | str) -> None:
    """Take an article from its readers now. Words alone are the reason of a notice."""
    wanted = _checked(how)
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.WITHDRAW)
        article = case.article
        changes = _apply(case, wanted)
        article.withdrawn_at, article.withdraw_at, article.pending = clock.now(), None, None
        end_urgency(case)
        previews.end_all(case)
        case.move(Verb.WITHDRAW, AuditEvent.ARTICLE_WITHDRAWN, changes)
        search.note_change(session, article)
        letters.withdrawn(session, actor, article)


def plan_withdrawal(
    actor: Actor, article_id: int, version: int, at: datetime, how: Withdrawal | str
) -> None:
    """Have an article leave its readers at the later hour `at`; nobody has to be there then."""
    wanted = _checked(how)
    check_hours(clock.now(), None, at)
    if wanted.way is Way.ERROR:
        raise Invalid({"way": "Bài đăng nhầm thì gỡ ngay, không hẹn giờ."})
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.PLAN_WITHDRAWAL)
        article = case.article
        if article.publish_at is not None and at <= article.publish_at:
            raise Invalid({"until": "Giờ hẹn gỡ phải sau giờ hẹn đăng."})
        before = article.withdraw_at
        changes = {**_apply(case, wanted), "withdraw_at": (before, at)}
        article.withdraw_at = at
        case.settle(AuditEvent.ARTICLE_WITHDRAWAL_PLANNED, changes)
        search.note_change(session, article)


def keep(actor: Actor, article_id: int, version: int) -> None:
    """Take the hour of withdrawal back: the article stays."""
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.KEEP)
        article = case.article
        if article.withdraw_at is None:
            raise Conflict("Bài không có giờ hẹn gỡ.")
        before, article.withdraw_at = article.withdraw_at, None
        _forget(case)
        case.settle(AuditEvent.ARTICLE_WITHDRAWAL_CANCELLED, {"withdraw_at": (before, None)})
        search.note_change(session, article)


def restore(actor: Actor, article_id: int, version: int) -> None:
    """Make a withdrawn article a draft again; it is published as any other."""
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.RESTORE)
        article = case.article
        end_urgency(case)
        article.publish_at = article.withdraw_at = article.withdrawn_at = None
        _forget(case)
        case.move(Verb.RESTORE, AuditEvent.ARTICLE_RESTORED)
        search.note_change(session, article)


def _checked(wanted: Withdrawal | str) -> Withdrawal:
    if isinstance(wanted, str):
        wanted = Withdrawal(reason=wanted)
    reason, into = clean_text(wanted.reason), targets.path_of(wanted.into)
    problems = {}
    if len(reason) > REASON_LIMIT:
        problems["reason"] = f"Lý do dài quá {REASON_LIMIT} ký tự. Bạn rút ngắn lại."
    if wanted.way is Way.NOTICE and not reason:
        problems["reason"] = "Ghi lý do gỡ; người đọc sẽ thấy lý do này."
    if wanted.way is Way.ERROR and not reason:
        problems["reason"] = "Ghi lý do gỡ để đồng nghiệp biết; người đọc không thấy lý do này."
    if wanted.way is Way.MERGED and not into:
        problems["into"] = "Chọn trang mà người đọc sẽ được dẫn đến."
    if problems:
        raise Invalid(problems)
    merged = wanted.way is Way.MERGED
    return Withdrawal(way=wanted.way, reason=reason, into=into if merged else "")


def _apply(case: Case, wanted: Withdrawal) -> dict[str, tuple[object, object]]:
    article = case.article
    if wanted.into:
        targets.check(case.session, article, wanted.into)
    old = (article.withdrawn_way, article.withdrawn_reason, article.merged_into)
    new = (wanted.way.value, wanted.reason, wanted.into)
    article.withdrawn_way, article.withdrawn_reason, article.merged_into = new
    names = ("way", "reason", "merged_into")
    return {n: (a or None, b) for n, a, b in zip(names, old, new, strict=True) if b}


def _forget(case: Case) -> None:
    article = case.article
    article.withdrawn_way, article.withdrawn_reason = Way.NOTICE.value, ""
    article.merged_into = ""
