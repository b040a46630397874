"""An article at a glance: where it stands, who has it, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.articles import publishing
from portal.articles.models import Article
from portal.articles.process_models import UrgentPublication
from portal.articles.states import STATE_NAMES, State
from portal.core import clock


@dataclass(frozen=True, slots=True)
class Glance:
    """Three short answers."""

    state: str
    who: str
    next: str


_PUBLISHER = "Người duyệt đăng"
_OPEN: dict[State, tuple[str, str]] = {
    State.DRAFT: ("", "Viết xong thì gửi duyệt."),
    State.RETURNED: ("", "Sửa theo nhận xét rồi gửi duyệt lại."),
    State.SUBMITTED: (_PUBLISHER, "Đọc, rồi đăng hoặc trả lại."),
    State.PASSED: (_PUBLISHER, "Đọc, rồi đăng hoặc trả lại."),
    State.WITHDRAWN: ("Không ai", "Muốn đăng lại thì khôi phục thành bản nháp."),
}


def of(article: Article, urgencies: Sequence[UrgentPublication] = ()) -> Glance:
    """The answers for an article whose author is loaded."""
    name = state_name(article)
    if article.standing == State.APPROVED:
        return Glance(name, *_approved(article, urgencies))
    if publishing.lacks_unit_step(article):
        return Glance(name, "Biên tập viên đơn vị", "Đọc, rồi chuyển duyệt đăng hoặc trả lại.")
    who, what = _OPEN[article.standing]
    return Glance(name, who or (article.author.name if article.author else "Người viết"), what)


def state_name(article: Article) -> str:
    """The state in words, with what time makes of it."""
    if article.is_scheduled:
        return "Hẹn đăng"
    return "Đang đăng" if article.is_visible else STATE_NAMES[article.standing]


def _approved(article: Article, urgencies: Sequence[UrgentPublication]) -> tuple[str, str]:
    if article.is_scheduled and article.publish_at is not None:
        hour = f"Tự đăng lúc {clock.format_moment(article.publish_at)}."
        return ("Đã duyệt xong", hour + _gone(article))
    if urgencies:
        due = clock.format_moment(min(row.due_at for row in urgencies))
        return ("Người duyệt thứ hai", f"Đọc, rồi xác nhận hoặc gỡ, trước {due}.")
    if article.pending_id is not None:
        return (_PUBLISHER, "Đọc bản sửa, rồi đăng hoặc bỏ bản sửa.")
    if article.withdraw_at is not None:
        return ("Đã duyệt xong", _gone(article).strip())
    if article.review_on is not None:
        return ("Đơn vị", f"Xem lại vào ngày {clock.format_date(article.review_on)}.")
    return ("Đã duyệt xong", "Không còn việc nào.")


def _gone(article: Article) -> str:
    at = article.withdraw_at
    return f" Tự gỡ lúc {clock.format_moment(at)}." if at is not None else ""
