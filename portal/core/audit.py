"""The audit log: who did what to which thing, old → new, in a chain that shows tampering.

Entries are written in the transaction of the change they tell of. The vocabulary is closed.
Values never hold a citizen's personal data: log states, counts and flags, not texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import g, has_request_context
from sqlalchemy import JSON, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock, secrets
from portal.core.db import Base
from portal.core.settings import current_settings

GENESIS = "0" * 64


class AuditEvent(StrEnum):
    """Everything that can stand in the log; a label for each is in `LABELS`."""

    CONTENT_LOADED = "content.loaded"
    USER_INVITED = "user.invited"
    USER_ACTIVATED = "user.activated"
    USER_CHANGED = "user.changed"
    USER_DISABLED = "user.disabled"
    USER_ENABLED = "user.enabled"
    USER_PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - a name, not a secret
    USER_RESET_ASKED = "user.reset_asked"
    SECOND_STEP_ENABLED = "second_step.enabled"
    SECOND_STEP_REMOVED = "second_step.removed"
    SECOND_STEP_RESET = "second_step.reset"
    SECOND_STEP_FAILED = "second_step.failed"
    RECOVERY_CODE_USED = "recovery_code.used"
    RECOVERY_CODES_RENEWED = "recovery_codes.renewed"
    SESSION_STARTED = "session.started"
    SESSION_ENDED = "session.ended"
    LOGIN_FAILED = "login.failed"
    UNIT_CHANGED = "unit.changed"
    HOTLINE_CREATED = "hotline.created"
    HOTLINE_CHANGED = "hotline.changed"
    HOTLINE_CHECKED = "hotline.checked"
    HOTLINE_REMOVED = "hotline.removed"
    HOTLINE_RESTORED = "hotline.restored"
    CONTACT_CHANGED = "contact.changed"
    MEDIA_UPLOADED = "media.uploaded"
    MEDIA_CHANGED = "media.changed"
    MEDIA_REPLACED = "media.replaced"
    MEDIA_VERSION_RESTORED = "media.version_restored"
    MEDIA_REMOVED = "media.removed"
    MEDIA_RESTORED = "media.restored"
    PLAN_TASK_ADDED = "plan.task_added"
    PLAN_TASK_CHANGED = "plan.task_changed"
    PLAN_TASK_REMOVED = "plan.task_removed"
    PLAN_TASK_RESTORED = "plan.task_restored"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_CHANGED = "evidence.changed"
    EVIDENCE_REMOVED = "evidence.removed"
    EVIDENCE_RESTORED = "evidence.restored"
    LINK_ASKED = "link.asked"
    LINK_IGNORED = "link.ignored"
    LINK_WATCHED = "link.watched"
    NOTICES_CHOSEN = "notices.chosen"
    PROCEDURE_IMPORTED = "procedure.imported"
    PROCEDURE_IMPORT_UNDONE = "procedure.import_undone"
    PROCEDURE_CHANGED = "procedure.changed"
    PROCEDURE_POSTED = "procedure.posted"
    ARTICLE_CREATED = "article.created"
    ARTICLE_CHANGED = "article.changed"
    ARTICLE_SUBMITTED = "article.submitted"
    ARTICLE_RETURNED = "article.returned"
    ARTICLE_SCHEDULED = "article.scheduled"
    ARTICLE_PUBLISHED = "article.published"
    ARTICLE_PASSED = "article.passed"
    ARTICLE_URGENT = "article.published_urgently"
    ARTICLE_CONFIRMED = "article.confirmed"
    ARTICLE_UNSCHEDULED = "article.unscheduled"
    ARTICLE_WITHDRAWN = "article.withdrawn"
    ARTICLE_WITHDRAWAL_PLANNED = "article.withdrawal_planned"
    ARTICLE_WITHDRAWAL_CANCELLED = "article.withdrawal_cancelled"
    ARTICLE_REMARKED = "article.remarked"
    ARTICLE_REMARK_DONE = "article.remark_done"
    ARTICLE_REVIEWED = "article.reviewed"
    ARTICLE_PREVIEW_SHARED = "article.preview_shared"
    ARTICLE_PREVIEW_OPENED = "article.preview_opened"
    ARTICLE_PREVIEW_ENDED = "article.preview_ended"
    ARTICLE_RESTORED = "article.restored"
    FEEDBACK_RECEIVED = "feedback.received"
    FEEDBACK_READ = "feedback.read"
    FEEDBACK_CLASSIFIED = "feedback.classified"
    FEEDBACK_ASSIGNED = "feedback.assigned"
    FEEDBACK_ANSWERED = "feedback.answered"
    FEEDBACK_FORWARDED = "feedback.forwarded"
    FEEDBACK_REFUSED = "feedback.refused"
    FEEDBACK_PREPARED = "feedback.prepared"
    FEEDBACK_PUBLISHED = "feedback.published"
    FEEDBACK_UNPUBLISHED = "feedback.unpublished"
    FEEDBACK_REGISTERED = "feedback.registered"
    FEEDBACK_ENTERED = "feedback.entered"
    FEEDBACK_NOTED = "feedback.noted"
    FEEDBACK_ASKED = "feedback.asked"
    FEEDBACK_RESUMED = "feedback.resumed"
    FEEDBACK_EXTENDED = "feedback.extended"
    FEEDBACK_DRAFTED = "feedback.drafted"
    FEEDBACK_SUBMITTED = "feedback.submitted"
    FEEDBACK_RETURNED = "feedback.returned"
    FEEDBACK_RESTRICTED = "feedback.restricted"
    FEEDBACK_RELEASED = "feedback.released"
    FEEDBACK_SETTLED = "feedback.settled"
    FEEDBACK_ADDED = "feedback.added"
    FEEDBACK_WITHDRAWN = "feedback.withdrawn"
    FEEDBACK_RATED = "feedback.rated"
    FEEDBACK_REOPENED = "feedback.reopened"
    FEEDBACK_PUBLICATION = "feedback.publication"
    FEEDBACK_WARNED = "feedback.warned"
    FEEDBACK_ERASURE_ASKED = "feedback.erasure_asked"
    FEEDBACK_ERASED = "feedback.erased"
    FEEDBACK_PURGED = "feedback.purged"
    FEEDBACK_EXPORTED = "feedback.exported"
    ANSWER_TEMPLATE_CHANGED = "answer_template.changed"
    ANSWER_TEMPLATE_REMOVED = "answer_template.removed"
    ANSWER_TEMPLATE_RESTORED = "answer_template.restored"
    SYNONYM_ADDED = "synonym.added"
    SYNONYM_CHANGED = "synonym.changed"
    SYNONYM_REMOVED = "synonym.removed"
    SYNONYM_RESTORED = "synonym.restored"
    GAP_HANDLED = "search_gap.handled"
    GAP_REOPENED = "search_gap.reopened"
    SETTINGS_CHANGED = "settings.changed"
    SETTINGS_RESTORED = "settings.restored"
    BANNER_ADDED = "banner.added"
    BANNER_CHANGED = "banner.changed"
    BANNER_REMOVED = "banner.removed"
    BANNER_RESTORED = "banner.restored"
    AUDIT_EXPORTED = "audit.exported"
    USER_WORK_HANDED_OVER = "user.work_handed_over"
    BACKUP_MADE = "backup.made"
    BACKUP_RESTORED = "backup.restored"


LABELS: dict[AuditEvent, str] = {
    AuditEvent.CONTENT_LOADED: "Nạp nội dung từ tệp",
    AuditEvent.USER_INVITED: "Mời người dùng",
    AuditEvent.USER_ACTIVATED: "Kích hoạt tài khoản",
    AuditEvent.USER_CHANGED: "Sửa tài khoản",
    AuditEvent.USER_DISABLED: "Khóa tài khoản",
    AuditEvent.USER_ENABLED: "Mở lại tài khoản",
    AuditEvent.USER_PASSWORD_CHANGED: "Đổi mật khẩu",
    AuditEvent.USER_RESET_ASKED: "Gửi liên kết đặt lại mật khẩu",
    AuditEvent.SECOND_STEP_ENABLED: "Bật xác nhận hai bước",
    AuditEvent.SECOND_STEP_REMOVED: "Tắt xác nhận hai bước",
    AuditEvent.SECOND_STEP_RESET: "Đặt lại xác nhận hai bước",
    AuditEvent.SECOND_STEP_FAILED: "Nhập sai mã xác nhận",
    AuditEvent.RECOVERY_CODE_USED: "Dùng mã khôi phục",
    AuditEvent.RECOVERY_CODES_RENEWED: "Tạo bộ mã khôi phục mới",
    AuditEvent.SESSION_STARTED: "Đăng nhập",
    AuditEvent.SESSION_ENDED: "Kết thúc phiên",
    AuditEvent.LOGIN_FAILED: "Đăng nhập không thành công",
    AuditEvent.UNIT_CHANGED: "Sửa đơn vị",
    AuditEvent.HOTLINE_CREATED: "Thêm đường dây nóng",
    AuditEvent.HOTLINE_CHANGED: "Sửa đường dây nóng",
    AuditEvent.HOTLINE_CHECKED: "Kiểm tra đường dây nóng",
    AuditEvent.HOTLINE_REMOVED: "Gỡ đường dây nóng",
    AuditEvent.HOTLINE_RESTORED: "Khôi phục đường dây nóng",
    AuditEvent.CONTACT_CHANGED: "Sửa liên hệ lãnh đạo",
    AuditEvent.MEDIA_UPLOADED: "Tải tư liệu lên",
    AuditEvent.MEDIA_CHANGED: "Sửa tư liệu",
    AuditEvent.MEDIA_REPLACED: "Thay tệp của tư liệu",
    AuditEvent.MEDIA_VERSION_RESTORED: "Đưa lại tệp cũ của tư liệu",
    AuditEvent.MEDIA_REMOVED: "Gỡ tư liệu",
    AuditEvent.MEDIA_RESTORED: "Khôi phục tư liệu",
    AuditEvent.PLAN_TASK_ADDED: "Thêm nhiệm vụ kế hoạch",
    AuditEvent.PLAN_TASK_CHANGED: "Sửa nhiệm vụ kế hoạch",
    AuditEvent.PLAN_TASK_REMOVED: "Bỏ nhiệm vụ kế hoạch",
    AuditEvent.PLAN_TASK_RESTORED: "Khôi phục nhiệm vụ kế hoạch",
    AuditEvent.EVIDENCE_ADDED: "Thêm minh chứng",
    AuditEvent.EVIDENCE_CHANGED: "Sửa minh chứng",
    AuditEvent.EVIDENCE_REMOVED: "Gỡ minh chứng",
    AuditEvent.EVIDENCE_RESTORED: "Khôi phục minh chứng",
    AuditEvent.LINK_ASKED: "Yêu cầu thử lại liên kết",
    AuditEvent.LINK_IGNORED: "Bỏ qua liên kết hỏng",
    AuditEvent.LINK_WATCHED: "Theo dõi lại liên kết",
    AuditEvent.NOTICES_CHOSEN: "Chọn cách nhận nhắc việc",
    AuditEvent.PROCEDURE_IMPORTED: "Nhập thủ tục",
    AuditEvent.PROCEDURE_IMPORT_UNDONE: "Hoàn tác lần nhập thủ tục",
    AuditEvent.PROCEDURE_CHANGED: "Sửa thủ tục",
    AuditEvent.PROCEDURE_POSTED: "Niêm yết thủ tục",
    AuditEvent.ARTICLE_CREATED: "Tạo bài viết",
    AuditEvent.ARTICLE_CHANGED: "Sửa bài viết",
    AuditEvent.ARTICLE_SUBMITTED: "Gửi duyệt bài viết",
    AuditEvent.ARTICLE_RETURNED: "Trả lại bài viết",
    AuditEvent.ARTICLE_SCHEDULED: "Hẹn giờ đăng bài viết",
    AuditEvent.ARTICLE_PUBLISHED: "Đăng bài viết",
    AuditEvent.ARTICLE_PASSED: "Chuyển duyệt đăng bài viết",
    AuditEvent.ARTICLE_URGENT: "Đăng khẩn bài viết",
    AuditEvent.ARTICLE_CONFIRMED: "Xác nhận bài đăng khẩn",
    AuditEvent.ARTICLE_UNSCHEDULED: "Hủy hẹn đăng bài viết",
    AuditEvent.ARTICLE_WITHDRAWN: "Gỡ bài viết",
    AuditEvent.ARTICLE_WITHDRAWAL_PLANNED: "Hẹn gỡ bài viết",
    AuditEvent.ARTICLE_WITHDRAWAL_CANCELLED: "Hủy hẹn gỡ bài viết",
    AuditEvent.ARTICLE_REMARKED: "Nhận xét bài viết",
    AuditEvent.ARTICLE_REMARK_DONE: "Đánh dấu nhận xét đã xử lý",
    AuditEvent.ARTICLE_REVIEWED: "Xem lại bài viết",
    AuditEvent.ARTICLE_PREVIEW_SHARED: "Tạo liên kết xem trước",
    AuditEvent.ARTICLE_PREVIEW_OPENED: "Liên kết xem trước được mở",
    AuditEvent.ARTICLE_PREVIEW_ENDED: "Thu hồi liên kết xem trước",
    AuditEvent.ARTICLE_RESTORED: "Khôi phục bài viết",
    AuditEvent.FEEDBACK_RECEIVED: "Tiếp nhận phản ánh",
    AuditEvent.FEEDBACK_READ: "Xem phản ánh",
    AuditEvent.FEEDBACK_CLASSIFIED: "Phân loại phản ánh",
    AuditEvent.FEEDBACK_ASSIGNED: "Phân công xử lý phản ánh",
    AuditEvent.FEEDBACK_ANSWERED: "Trả lời phản ánh",
    AuditEvent.FEEDBACK_FORWARDED: "Chuyển phản ánh đến cơ quan khác",
    AuditEvent.FEEDBACK_REFUSED: "Từ chối tiếp nhận phản ánh",
    AuditEvent.FEEDBACK_PREPARED: "Soạn bản công khai phản ánh",
    AuditEvent.FEEDBACK_PUBLISHED: "Công khai phản ánh",
    AuditEvent.FEEDBACK_UNPUBLISHED: "Thôi công khai phản ánh",
    AuditEvent.FEEDBACK_REGISTERED: "Vào sổ phản ánh",
    AuditEvent.FEEDBACK_ENTERED: "Nhập thay người gửi",
    AuditEvent.FEEDBACK_NOTED: "Ghi chú nội bộ về phản ánh",
    AuditEvent.FEEDBACK_ASKED: "Đề nghị người gửi bổ sung",
    AuditEvent.FEEDBACK_RESUMED: "Tiếp tục xử lý phản ánh",
    AuditEvent.FEEDBACK_EXTENDED: "Gia hạn trả lời",
    AuditEvent.FEEDBACK_DRAFTED: "Soạn câu trả lời",
    AuditEvent.FEEDBACK_SUBMITTED: "Trình duyệt câu trả lời",
    AuditEvent.FEEDBACK_RETURNED: "Trả lại câu trả lời để sửa",
    AuditEvent.FEEDBACK_RESTRICTED: "Chuyển sang đường tố cáo",
    AuditEvent.FEEDBACK_RELEASED: "Chuyển lại đường phản ánh",
    AuditEvent.FEEDBACK_SETTLED: "Ghi kết quả theo đường được giữ bí mật",
    AuditEvent.FEEDBACK_ADDED: "Người gửi bổ sung thông tin",
    AuditEvent.FEEDBACK_WITHDRAWN: "Người gửi rút phản ánh",
    AuditEvent.FEEDBACK_RATED: "Người gửi đánh giá câu trả lời",
    AuditEvent.FEEDBACK_REOPENED: "Người gửi đề nghị xem lại",
    AuditEvent.FEEDBACK_PUBLICATION: "Người gửi cho hoặc không cho công khai",
    AuditEvent.FEEDBACK_WARNED: "Nhắc hạn trả lời phản ánh",
    AuditEvent.FEEDBACK_ERASURE_ASKED: "Người gửi yêu cầu xóa dữ liệu",
    AuditEvent.FEEDBACK_ERASED: "Xóa dữ liệu cá nhân của phản ánh",
    AuditEvent.FEEDBACK_PURGED: "Xóa dữ liệu hết hạn lưu",
    AuditEvent.FEEDBACK_EXPORTED: "Xuất sổ phản ánh",
    AuditEvent.ANSWER_TEMPLATE_CHANGED: "Sửa mẫu trả lời",
    AuditEvent.ANSWER_TEMPLATE_REMOVED: "Gỡ mẫu trả lời",
    AuditEvent.ANSWER_TEMPLATE_RESTORED: "Khôi phục mẫu trả lời",
    AuditEvent.SYNONYM_ADDED: "Thêm từ đồng nghĩa",
    AuditEvent.SYNONYM_CHANGED: "Sửa từ đồng nghĩa",
    AuditEvent.SYNONYM_REMOVED: "Gỡ từ đồng nghĩa",
    AuditEvent.SYNONYM_RESTORED: "Khôi phục từ đồng nghĩa",
    AuditEvent.GAP_HANDLED: "Ghi đã xử lý từ chưa tìm thấy",
    AuditEvent.GAP_REOPENED: "Mở lại từ chưa tìm thấy",
    AuditEvent.SETTINGS_CHANGED: "Đổi cài đặt",
    AuditEvent.SETTINGS_RESTORED: "Khôi phục cài đặt",
    AuditEvent.BANNER_ADDED: "Đăng băng thông báo",
    AuditEvent.BANNER_CHANGED: "Sửa băng thông báo",
    AuditEvent.BANNER_REMOVED: "Gỡ băng thông báo",
    AuditEvent.BANNER_RESTORED: "Đưa lại băng thông báo",
    AuditEvent.AUDIT_EXPORTED: "Tải nhật ký về",
    AuditEvent.USER_WORK_HANDED_OVER: "Bàn giao việc đang mở",
    AuditEvent.BACKUP_MADE: "Sao lưu",
    AuditEvent.BACKUP_RESTORED: "Phục hồi từ bản sao lưu",
}


class AuditEntry(Base):
    """One line of the log. Rows are only ever inserted; triggers refuse anything else."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(60), index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80), index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(40))
    chain: Mapped[str] = mapped_column(String(64))


# Made once and without the ORM's unit of work: this runs in every change, while others wait.
_APPEND = insert(AuditEntry.__table__)  # type: ignore[arg-type]  # declared as FromClause
_LAST = select(AuditEntry.id, AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1)
_LINKED = [column.key for column in AuditEntry.__table__.columns]


def record(
    session: Session,
    event: AuditEvent,
    *,
    actor_id: int | None,
    thing: tuple[str, object],
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Add one entry inside the caller's `write()` block, which alone may write: no fork.

    `actor_id` is the staff member, None for a citizen or the command line; `thing` is (kind,
    id); `changes` maps a field to (old, new), both shown as text.
    """
    session.flush()
    connection = session.connection()
    last = connection.execute(_LAST).first()
    row: dict[str, Any] = {
        "id": (last.id if last else 0) + 1,
        "at": clock.now(),
        "event": AuditEvent(event).value,
        "actor_id": actor_id,
        "object_kind": thing[0],
        "object_id": str(thing[1])[:80],
        "changes": {k: [_plain(old), _plain(new)] for k, (old, new) in (changes or {}).items()},
        "request_id": g.get("request_id", "") if has_request_context() else "",
    }
    row["chain"] = _link(last.chain if last else GENESIS, row)
    connection.execute(_APPEND, row)


def differences(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """What differs between two snapshots of the same fields, as `record` wants it."""
    return {k: (before.get(k), v) for k, v in after.items() if before.get(k) != v}


def verify(session: Session) -> Iterator[str]:
    """Walk the chain; yield one English line for each entry that was changed or is missing."""
    previous, expected = GENESIS, 1
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)
    ):
        if entry.id != expected:
            yield f"entries {expected} to {entry.id - 1} are missing"
        if entry.chain != _link(previous, {name: getattr(entry, name) for name in _LINKED}):
            yield f"entry {entry.id} does not fit its place"
        previous, expected = entry.chain, entry.id + 1


def _link(previous: str, row: Mapping[str, Any]) -> str:
    body = json.dumps(
        {
            "id": row["id"],
            "at": row["at"].timestamp(),
            "event": row["event"],
            "actor": row["actor_id"],
            "thing": [row["object_kind"], row["object_id"]],
            "changes": row["changes"],
            "request": row["request_id"],
        },
        ensure_ascii=False,
        sort_keys=True,
    )
    return secrets.keyed_hash(current_settings().audit_key, previous, body)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return clock.format_moment(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
