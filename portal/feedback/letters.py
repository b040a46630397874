"""Letters about a feedback. They never carry the tracking code or what the citizen wrote."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import may
from portal.core import clock, mail
from portal.core.settings import current_settings
from portal.feedback import contacts, queries, register
from portal.feedback.models import Feedback

_TRACK = "/phan-anh/tra-cuu"


def received(session: Session, feedback: Feedback, email: str) -> None:
    """Tell the citizen that the feedback is here and by when an answer comes."""
    _to_citizen(
        session, feedback, email, "Đã nhận phản ánh, kiến nghị của bạn",
        f"Cơ quan đã nhận nội dung bạn gửi lúc {clock.format_moment(feedback.received_at)}.\n"
        f"Hạn trả lời: hết ngày {clock.format_date(feedback.due_on)} "
        "(tính theo ngày làm việc, đã trừ thứ Bảy, Chủ nhật và ngày nghỉ lễ, Tết).",
    )  # fmt: skip


def moved(session: Session, feedback: Feedback, subject: str, text: str) -> None:
    """Tell the citizen about a step, when an e-mail address was left."""
    contact = contacts.of(session, feedback)
    if contact is not None and contact.email:
        _to_citizen(session, feedback, contact.email, subject, text)


def erased(session: Session, feedback: Feedback) -> None:
    """Tell the citizen, before the address goes too, that what is personal is gone."""
    contact = contacts.of(session, feedback)
    if contact is None or not contact.email:
        return
    settings = current_settings()
    mail.enqueue_about(
        session, about(feedback), contact.email, "Đã xóa dữ liệu cá nhân",
        "Chào bạn,\n\nTheo yêu cầu của bạn, cơ quan đã xóa liên hệ, nội dung và tệp bạn gửi."
        " Mã tra cứu không dùng được nữa. Cơ quan chỉ giữ số liệu thống kê không nêu tên bạn.\n\n"
        f"{settings.site.agency.name}\n",
    )  # fmt: skip


def about(feedback: Feedback) -> str:
    """How the outbox names a feedback in letters to its sender."""
    return f"feedback:{feedback.public_id}"


def accepted(session: Session, feedback: Feedback) -> None:
    """The register has it, under this number."""
    number = register.label(feedback)
    moved(
        session, feedback, f"Nội dung bạn gửi đã vào sổ, số {number}",
        f"Cơ quan đã tiếp nhận nội dung bạn gửi và vào sổ với số {number}.\n{_due(feedback)}",
    )  # fmt: skip


def given_to_unit(session: Session, feedback: Feedback, unit: str) -> None:
    """Another unit holds it now."""
    text = f"Nội dung bạn gửi đã được giao cho {unit} xử lý.\n{_due(feedback)}"
    moved(session, feedback, "Nội dung bạn gửi đã được giao xử lý", text)


def asked(session: Session, feedback: Feedback, text: str) -> None:
    """Something is missing; the clock stands."""
    moved(
        session, feedback, "Cơ quan cần bạn bổ sung thông tin",
        f"Để xem xét nội dung bạn gửi, cơ quan cần bạn bổ sung:\n\n{text}\n\n"
        f"Hạn trả lời tạm dừng từ hôm nay, còn {feedback.days_left} ngày làm việc; tính tiếp từ"
        " ngày làm việc sau ngày bạn bổ sung. Bạn bổ sung ngay ở trang tra cứu.",
    )  # fmt: skip


def resumed(session: Session, feedback: Feedback) -> None:
    """The clock goes on."""
    text = f"Cơ quan tiếp tục xử lý nội dung bạn gửi.\n{_due(feedback)}"
    moved(session, feedback, "Cơ quan tiếp tục xử lý nội dung bạn gửi", text)


def extended(session: Session, feedback: Feedback, reason: str) -> None:
    """The answer takes longer than was promised."""
    text = f"Câu trả lời cần thêm thời gian. {_due(feedback)}\n\nLý do: {reason}"
    moved(session, feedback, "Gia hạn trả lời nội dung bạn gửi", text)


def answered(session: Session, feedback: Feedback, text: str) -> None:
    """The answer."""
    moved(session, feedback, "Câu trả lời cho nội dung bạn gửi", text)


def forwarded(session: Session, feedback: Feedback, note: str) -> None:
    """Another authority has it."""
    text = f"Nội dung bạn gửi đã được chuyển đến: {feedback.forwarded_to}.\n\n{note}"
    moved(session, feedback, "Nội dung bạn gửi đã được chuyển", text)


def refused(session: Session, feedback: Feedback, reason: str, note: str) -> None:
    """It is not taken in, and why."""
    moved(session, feedback, "Về nội dung bạn gửi", f"{reason}.\n\n{note}")


def unpublished(session: Session, feedback: Feedback, reason: str) -> None:
    """It is not public, and why."""
    text = f"Câu hỏi và câu trả lời không được công khai. Lý do: {reason}"
    moved(session, feedback, "Về việc công khai nội dung bạn gửi", text)


def assigned(session: Session, feedback: Feedback, assignee: User) -> None:
    """Tell an officer that a feedback waits for them."""
    _to_officer(
        session, assignee, f"Phản ánh số {feedback.id} chờ bạn xử lý",
        f"Bạn được giao phản ánh số {feedback.id}.", feedback,
    )  # fmt: skip


def in_charge(session: Session, feedback: Feedback, what: str) -> None:
    """Tell whoever has it in hand what its sender did: the officer, or else those who handle the
    feedback of its unit. What nobody has taken yet waits in everybody's inbox anyway."""
    settings = current_settings()
    address = settings.address(f"/ban-lam-viec/phan-anh/{feedback.id}")
    for user in _who_handles(session, feedback):
        mail.enqueue(
            session, user.email, f"Phản ánh số {feedback.id}: {what}",
            f"Phản ánh số {feedback.id}: {what}.\n\nMở bàn làm việc: {address}\n",
        )  # fmt: skip


def _who_handles(session: Session, feedback: Feedback) -> list[User]:
    officer = session.get(User, feedback.assignee_id) if feedback.assignee_id else None
    if found := _may_know([officer] if officer else [], feedback):
        return found
    if feedback.restricted:
        return list(queries.keepers(session))
    if feedback.unit_code is None:
        return []
    which = RoleGrant.unit_code == feedback.unit_code
    query = select(User).join(RoleGrant).where(which).order_by(User.id)
    return _may_know(list(session.scalars(query).unique()), feedback)


def _may_know(users: list[User], feedback: Feedback) -> list[User]:
    return [
        user
        for user in users
        if user.disabled_at is None and may(user.actor, "feedback.view", feedback)
    ]


def on_another_road(session: Session, feedback: Feedback) -> None:
    """Tell the citizen that something moved on the road of denunciations. Others may read a
    mailbox, so the letter does not say which road it is."""
    moved(
        session, feedback, "Về nội dung bạn gửi",
        "Nội dung bạn gửi có bước xử lý mới theo quy định của pháp luật. Thư này không ghi chi tiết"
        " để giữ bí mật cho bạn.",
    )  # fmt: skip


def back_on_the_road(session: Session, feedback: Feedback) -> None:
    """Tell the citizen that it is handled like any other after all."""
    moved(
        session, feedback, "Về nội dung bạn gửi",
        "Nội dung bạn gửi được xử lý như phản ánh, kiến nghị.\n"
        f"Hạn trả lời: hết ngày {clock.format_date(feedback.due_on)}.",
    )  # fmt: skip


def to_keep(session: Session, feedback: Feedback, keeper: User) -> None:
    """Tell who keeps denunciations that one waits, by its number alone."""
    address = current_settings().address(f"/ban-lam-viec/phan-anh/{feedback.id}")
    mail.enqueue(
        session, keeper.email, f"Nội dung số {feedback.id} chờ bạn xem",
        f"Nội dung số {feedback.id} vừa được chuyển cho người giữ vai trò của bạn.\n\n"
        f"Mở bàn làm việc: {address}\n",
    )  # fmt: skip


def submitted(session: Session, feedback: Feedback, heads: Sequence[User]) -> None:
    """Tell who approves that an answer waits for them."""
    for head in heads:
        _to_officer(
            session, head, f"Câu trả lời phản ánh số {feedback.id} chờ bạn duyệt",
            f"Câu trả lời của phản ánh số {feedback.id} đã được trình, chờ bạn duyệt.",
            feedback,
        )  # fmt: skip


def given_back(session: Session, feedback: Feedback) -> None:
    """Tell who drafted an answer that it is to be mended."""
    author = session.get(User, feedback.drafted_by) if feedback.drafted_by else None
    if author is not None and author.disabled_at is None:
        _to_officer(
            session, author, f"Câu trả lời phản ánh số {feedback.id} cần sửa",
            f"Câu trả lời bạn trình cho phản ánh số {feedback.id} được trả lại kèm ghi chú.",
            feedback,
        )  # fmt: skip


def _to_officer(session: Session, user: User, subject: str, text: str, feedback: Feedback) -> None:
    address = current_settings().address(f"/ban-lam-viec/phan-anh/{feedback.id}")
    body = f"{text}\n{_due(feedback)}\n\nMở bàn làm việc: {address}\n"
    mail.enqueue(session, user.email, subject, body)


def _due(feedback: Feedback) -> str:
    return f"Hạn trả lời: hết ngày {clock.format_date(feedback.due_on)}."


def _to_citizen(session: Session, feedback: Feedback, email: str, subject: str, text: str) -> None:
    settings = current_settings()
    body = (
        f"Chào bạn,\n\n{text}\n\n"
        f"Để xem toàn bộ, bạn mở {settings.address(_TRACK)} và nhập mã tra cứu trên biên nhận. "
        "Thư này không ghi mã; cơ quan không bao giờ hỏi mã qua thư hay điện thoại.\n\n"
        f"{settings.site.agency.name}\n"
    )
    mail.enqueue_about(session, about(feedback), email, subject, body)
