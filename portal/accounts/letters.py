"""What is written to staff about their accounts. Plain text, one link, no personal data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.core import clock, mail
from portal.core.settings import current_settings

FEW_CODES = 4


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


def second_step_on(session: Session, user: User) -> None:
    """Tells the owner, in case it was somebody else."""
    _send(
        session,
        user,
        "Đã bật xác nhận hai bước",
        "Từ nay, khi đăng nhập, bạn nhập thêm mã trên điện thoại. Bạn cất bộ mã khôi phục ở nơi "
        "an toàn, phòng khi mất điện thoại. Nếu không phải bạn làm việc này, bạn báo ngay cho "
        "quản trị viên.",
    )


def second_step_off(session: Session, user: User, *, by_themselves: bool) -> None:
    """The account is open to whoever knows the password again: its owner must know."""
    who = "Bạn, hoặc người đang dùng tài khoản của bạn," if by_themselves else "Quản trị viên"
    _send(
        session,
        user,
        "Đã tắt xác nhận hai bước",
        f"{who} vừa tắt xác nhận hai bước của tài khoản này. Bộ mã khôi phục cũ không còn dùng "
        f"được. Lần đăng nhập tới chỉ cần mật khẩu, rồi bạn bật lại với điện thoại đang dùng. Nếu "
        f"bạn không đề nghị việc này, bạn báo ngay cho quản trị viên.",
    )


def recovery_code_used(session: Session, user: User, left: int) -> None:
    """A code from the drawer was used, and how many are left in it."""
    more = "Bạn tạo bộ mã mới ở trang “Tài khoản của tôi”." if left < FEW_CODES else ""
    _send(
        session,
        user,
        "Một mã khôi phục vừa được dùng",
        f"Một mã khôi phục của tài khoản này vừa được dùng, còn {left} mã. {more}\n\nNếu không "
        f"phải bạn, bạn đổi mật khẩu, tạo bộ mã mới và báo ngay cho quản trị viên.",
    )


def recovery_codes_renewed(session: Session, user: User) -> None:
    """The codes that the owner keeps are void."""
    _send(
        session,
        user,
        "Bộ mã khôi phục mới",
        "Tài khoản này vừa có bộ mã khôi phục mới, bộ mã cũ không còn dùng được. Nếu không phải "
        "bạn làm việc này, bạn báo ngay cho quản trị viên.",
    )


def many_wrong_codes(session: Session, user: User) -> None:
    """Somebody knows the password and has no telephone: worse than a wrong password."""
    _send(
        session,
        user,
        "Có nhiều lần nhập sai mã xác nhận",
        "Có người nhập đúng mật khẩu của bạn rồi nhập sai mã xác nhận nhiều lần. Nếu không phải "
        "bạn, mật khẩu của bạn đã lộ: bạn đổi mật khẩu ngay và báo cho quản trị viên. Người đó "
        "chưa vào được tài khoản.",
    )


def new_browser(session: Session, user: User, device: str) -> None:
    """A first sign-in from a browser that this account has not used."""
    moment = clock.format_moment(clock.now())
    _send(
        session,
        user,
        "Đăng nhập từ trình duyệt mới",
        f"Tài khoản của bạn vừa được đăng nhập lần đầu từ một trình duyệt mới: {device}, lúc "
        f"{moment}.\n\nNếu là bạn, bạn không cần làm gì. Nếu không phải bạn, bạn đổi mật khẩu "
        f"ngay (mọi phiên khác sẽ kết thúc) và báo cho quản trị viên.",
    )


def audit_broken(session: Session, user: User, count: int) -> None:
    """Somebody tampered with the log, or a disk did."""
    _send(
        session,
        user,
        "Nhật ký có chỗ không khớp",
        f"Đêm qua hệ thống kiểm tra chuỗi nhật ký và thấy {count} chỗ không khớp: có dòng bị sửa, "
        f"bị mất hoặc bị cắt. Bạn mở trang Nhật ký, mục “Kiểm tra chuỗi nhật ký”, giữ nguyên máy "
        f"chủ và các bản sao lưu, rồi báo cho người phụ trách an toàn thông tin.",
    )


def _send(session: Session, user: User, subject: str, text: str) -> None:
    site = current_settings().site
    place = f"{site.site.title}, {site.agency.short_name}"
    body = (
        f"Kính gửi {user.name},\n\n{text}\n\n{place}\n(Thư gửi tự động, bạn không cần trả lời.)\n"
    )
    mail.enqueue(session, user.email, f"{subject}: {place}", body)
