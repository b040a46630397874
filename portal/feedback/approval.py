"""Who lets an answer out: where the agency wants it, another person than the one who wrote it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Role, may
from portal.core.settings import current_settings
from portal.feedback.models import Feedback

NOBODY = (
    "Chưa có ai giữ vai trò Người đứng đầu (duyệt trả lời) cho nội dung này. Bạn đề nghị Quản trị"
    " viên cấp vai trò đó ở trang Tài khoản, cho đơn vị xử lý hoặc cho cả cơ quan."
)
ONLY_YOU = (
    "Bạn là người duy nhất giữ vai trò Người đứng đầu cho nội dung này nên không tự duyệt lời mình"
    " soạn. Bạn giao một cán bộ soạn, hoặc đề nghị Quản trị viên cấp vai trò cho người thứ hai."
)
_NOT_HEAD = (
    "Câu trả lời do Người đứng đầu (duyệt trả lời) gửi. Bạn bấm “Trình duyệt”, nội dung bạn viết"
    " vẫn còn trên trang."
)
_OWN = (
    "Bạn là người soạn câu trả lời này nên không tự duyệt. Bạn nhờ Người đứng đầu khác duyệt, hoặc"
    " giao một cán bộ soạn lại."
)
_NOT_DRAFTED = (
    "Câu trả lời đi qua hai người: một người soạn, một người duyệt. Bạn lưu bản thảo rồi trình"
    " duyệt, hoặc giao một cán bộ soạn."
)


def is_needed() -> bool:
    """Whether this agency sends no answer that only one person has seen."""
    return current_settings().site.feedback.answer_approval


def obstacle(actor: Actor, feedback: Feedback) -> str:
    """Why this person may not send the answer themselves; empty when they may."""
    if not is_needed():
        return ""
    if not may(actor, "feedback.approve", feedback):
        return _NOT_HEAD
    if feedback.drafted_by is None:
        return _NOT_DRAFTED
    return _OWN if feedback.drafted_by == actor.user_id else ""


def approvers(session: Session, feedback: Feedback) -> Sequence[User]:
    """Who may let an answer to `feedback` out, by name."""
    covers = or_(RoleGrant.unit_code.is_(None), RoleGrant.unit_code == feedback.unit_code)
    query = (
        select(User)
        .join(RoleGrant)
        .where(RoleGrant.role == Role.HEAD.value, covers, User.disabled_at.is_(None))
        .order_by(User.name, User.id)
    )
    return session.scalars(query).unique().all()


def no_approver(actor: Actor, approving: Sequence[User]) -> str:
    """What to do when nobody could approve what `actor` submits; empty when somebody can."""
    if not approving:
        return NOBODY
    return ONLY_YOU if {user.id for user in approving} == {actor.user_id} else ""
