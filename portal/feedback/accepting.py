"""The last press of the button, for every form of a citizen: in, or kept with a reason."""

from __future__ import annotations

import logging
import math
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from portal.core.errors import Overloaded, TooMany
from portal.core.web.forms import EXPIRED
from portal.core.web.requests import client_address
from portal.feedback import receipts, submission
from portal.feedback.entrance import BUSY, entrance
from portal.feedback.sheets import forget_transaction
from portal.feedback.signing import Stamp
from portal.feedback.submission import Draft

log = logging.getLogger(__name__)
TOO_FAST = "Bạn vừa mở biểu mẫu. Bạn đọc lại một lượt rồi bấm “Gửi cho cơ quan” lần nữa."
NOT_STORED = (
    "Hệ thống chưa lưu được, nội dung của bạn vẫn còn trên trang này. Bạn giữ trang mở và bấm gửi"
    " lại sau ít phút, hoặc sao chép nội dung ra chỗ khác."
)


FLOODED = timedelta(seconds=25)
WAIT = (
    "Hiện có rất nhiều nội dung gửi đến cùng lúc. Bạn chờ {} giây rồi bấm gửi lại; nội dung vẫn còn"
    " trên trang này."
)


class NotYet(Exception):
    """What was sent is not in, and why: the page is shown again with everything on it."""

    def __init__(self, notice: str, status: int, retry_after: int = 0) -> None:
        super().__init__(notice)
        self.notice, self.status, self.retry_after = notice, status, retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}


def accept(draft: Draft, stamp: Stamp | None, *, suspicious: bool) -> None:
    """Take `draft` in and lend this browser its receipt. Pressing twice takes in once.

    `stamp` is that of the form as it came back, None when it is not ours. Raises `Invalid` for
    what a field got wrong and `NotYet` for everything else.
    """
    if stamp is None or stamp.expired:
        raise NotYet(EXPIRED, 400)
    if stamp.too_fast:
        raise NotYet(TOO_FAST, 400)
    try:
        with entrance():
            _slow_a_flood(stamp)
            receipt = submission.submit(
                draft, form=stamp.key, network=client_address(), suspicious=suspicious
            )
    except Overloaded as error:
        raise NotYet(BUSY, 503, error.retry_after) from None
    except TooMany as error:
        minutes = -(-error.retry_after // 60)
        said = (
            f"Mạng của bạn vừa gửi nhiều nội dung. Bạn chờ khoảng {minutes} phút rồi bấm gửi lại;"
            " nội dung vẫn còn trên trang này."
        )
        raise NotYet(said, 429, error.retry_after) from None
    except (SQLAlchemyError, OSError):
        log.exception("feedback.not_stored")
        forget_transaction()
        raise NotYet(NOT_STORED, 503) from None
    receipts.keep(receipt)


def _slow_a_flood(stamp: Stamp) -> None:
    """While more comes than people write, a form must have been open as long as people take."""
    left = math.ceil((FLOODED - stamp.age).total_seconds())
    if left > 0 and submission.is_flooded():
        raise NotYet(WAIT.format(left), 429, left)
