"""What is written to staff about their accounts. Plain text, one link, no personal data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.core import mail
from portal.core.settings import current_settings


def invitation(session: Session, user: User, address: str) -> None:
    """The link with which a new colleague sets a password."""
    _send(
        session,
        user,
        "Mời bạn dùng",
        f"Bạn được mời tham gia bàn làm việc. Để bắt đầu, bạn mở liên kết dưới đây và đặt "
        f"mật khẩu:\n\n{address}\n\nLiên kết dùng được một lần trong 7 ngày. Nếu liên kết hết "
        f"hạn, bạn đề nghị quản trị viên gửi lại.",
    )


def reset(session: Session, user: User, address: str) -> None:
    """The link asked for with "quên mật khẩu"."""
    _send(
        session,
        user,
        "Đặt lại mật khẩu",
        f"Có người, có thể là bạn, đề nghị đặt lại mật khẩu của tài khoản này. Bạn mở liên kết "
        f"dưới đây để đặt mật khẩu mới:\n\n{address}\n\nLiên kết dùng được một lần trong 1 giờ. "
        f"Nếu bạn không đề nghị, bạn bỏ qua thư này: mật khẩu hiện tại vẫn dùng được.",
    )


def many_failures(session: Session, user: User, address: str) -> None:
    """Somebody keeps guessing this account's password."""
    _send(
        session,
        user,
        "Có nhiều lần đăng nhập sai",
        f"Tài khoản của bạn có nhiều lần liên tiếp đăng nhập sai mật khẩu. Nếu bạn quên mật khẩu, "
        f"bạn mở liên kết dưới đây để đặt mật khẩu mới:\n\n{address}\n\nLiên kết dùng được một "
        f"lần trong 1 giờ. Nếu không phải bạn, mật khẩu của bạn chưa bị lộ và vẫn dùng được; "
        f"bạn báo cho quản trị viên biết.",
    )


def password_changed(session: Session, user: User) -> None:
    """Tells the owner, in case it was somebody else."""
    _send(
        session,
        user,
        "Mật khẩu đã được thay đổi",
        "Mật khẩu của tài khoản này vừa được thay đổi và các phiên đăng nhập khác đã kết thúc. "
        "Nếu không phải bạn làm việc này, bạn báo ngay cho quản trị viên.",
    )


def _send(session: Session, user: User, subject: str, text: str) -> None:
    site = current_settings().site
    place = f"{site.site.title}, {site.agency.short_name}"
    body = (
        f"Kính gửi {user.name},\n\n{text}\n\n{place}\n(Thư gửi tự động, bạn không cần trả lời.)\n"
    )
    mail.enqueue(session, user.email, f"{subject}: {place}", body)
