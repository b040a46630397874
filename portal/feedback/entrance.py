"""Where citizens' posts come in: never all workers at once, so that reading always goes on."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app

from portal.core.settings import current_settings
from portal.core.turnstile import Turnstile

BUSY = (
    "Hệ thống đang quá tải, nội dung của bạn vẫn còn trên trang này. Bạn giữ trang mở, chờ vài giây"
    " rồi bấm gửi lại."
)
BUSY_FILES = (
    "Hệ thống đang quá tải nên chưa nhận được tệp. Phần chữ vẫn còn trên trang này; bạn chờ vài"
    " giây, chọn lại tệp rồi bấm tiếp."
)
_NAME = "feedback.entrance"


def entrance() -> AbstractContextManager[None]:
    """Take one of the places, of which there is one less than there are workers. Raises
    `Overloaded` when all are taken."""
    settings = current_settings()
    if _NAME not in current_app.extensions:
        places = max(1, settings.workers - 1)
        current_app.extensions[_NAME] = Turnstile(settings.instance, "entrance", places)
    found = current_app.extensions[_NAME]
    assert isinstance(found, Turnstile)
    return found.place()
