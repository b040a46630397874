"""Error pages in the site's design that need no database, no session and no luck."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, jsonify, make_response, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.core.db import db
from portal.core.errors import Conflict, NotAllowed, NotFound, Overloaded, TooMany
from portal.core.web import kiosk

log = logging.getLogger(__name__)

TEXTS: dict[int, tuple[str, str]] = {
    400: (
        "Không đọc được yêu cầu",
        "Địa chỉ có ký tự hỏng, hoặc trang mở đã lâu. Bạn mở lại trang rồi làm lần nữa.",
    ),
    401: ("Cần đăng nhập", "Trang này dành cho cán bộ. Bạn đăng nhập rồi mở lại trang."),
    403: (
        "Tài khoản của bạn chưa có quyền này",
        "Nếu đây là việc của bạn, bạn đề nghị quản trị viên của cơ quan giao quyền.",
    ),
    404: (
        "Không tìm thấy trang",
        "Trang có thể đã đổi địa chỉ hoặc không còn nữa. Bạn thử tìm bằng vài từ khóa.",
    ),
    405: (
        "Không mở được trang theo cách này",
        "Bạn mở lại từ đầu: chọn một mục dưới đây, hoặc tìm bằng vài từ khóa.",
    ),
    409: (
        "Nội dung đã thay đổi",
        "Có người vừa sửa nội dung này. Bạn quay lại, tải lại trang rồi làm tiếp.",
    ),
    410: (
        "Trang đã được gỡ",
        "Nội dung này không còn được công bố. Bạn thử tìm nội dung mới hơn bằng vài từ khóa.",
    ),
    413: (
        "Tệp quá lớn",
        "Tổng dung lượng gửi lên vượt giới hạn. Bạn quay lại, chọn tệp nhỏ hơn rồi gửi.",
    ),
    429: (
        "Bạn chờ vài phút",
        "Vừa có nhiều lượt gửi từ mạng của bạn. Bạn thử lại sau ít phút.",
    ),
    500: (
        "Hệ thống gặp lỗi",
        "Bạn thử lại sau ít phút, hoặc gọi đường dây nóng và đọc các mã ở cuối trang.",
    ),
    503: (
        "Hệ thống tạm thời chưa phục vụ được",
        "Nội dung vừa gửi, nếu có, chưa được lưu. Bạn giữ bản của mình và thử lại sau ít phút.",
    ),
}


def init_app(app: Flask) -> None:
    """Answer every error with the page (or problem document) that fits it."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotAllowed, lambda _: problem(403))
    app.register_error_handler(NotFound, lambda _: problem(404))
    app.register_error_handler(Conflict, lambda error: problem(409, str(error)))
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(Overloaded, lambda e: problem(503, retry_after=e.retry_after))
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(OSError, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, detail: str = "", *, retry_after: int = 0) -> Response:
    """The answer for `status`: a page for people, `application/problem+json` for the API."""
    title, text = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    if request.path.startswith("/api/"):
        response = jsonify(
            type="about:blank", title=title, status=status, detail=detail or text,
            instance=request.path,
        )  # fmt: skip
        response.content_type = "application/problem+json"
    else:
        page = kiosk.render(
            "errors/error.html", status=status, title=title, text=detail or text,
            request_id=g.get("request_id", ""),
        )  # fmt: skip
        response = make_response(page)
    response.status_code = status
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # redirects are answers, not errors
        return make_response(error.get_response())
    response = problem(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _too_many(error: TooMany) -> Response:
    minutes = -(-error.retry_after // 60)
    text = f"Vừa có nhiều lượt gửi từ mạng của bạn. Bạn chờ khoảng {minutes} phút rồi thử lại."
    return problem(429, text, retry_after=error.retry_after)


def _unavailable(error: Exception) -> Response:
    _forget_transaction()
    log.error("storage.failed", exc_info=error)
    return problem(503, retry_after=60)


def _unexpected(error: Exception) -> Response:
    _forget_transaction()
    log.error("request.failed", exc_info=error)
    return problem(500)


def _forget_transaction() -> None:
    try:
        db.session.rollback()
    except Exception:  # the database may be the very thing that failed
        log.exception("rollback.failed")
