"""What came by phone, at the counter, by letter or elsewhere, typed by an officer for its sender.

It is a message like any other: same register, same clock (from the day it came), same code for
its sender, shown once to the officer and stored nowhere in the clear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, load_only

from portal.accounts.permissions import Actor, require
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.directory.queries import unit_names
from portal.feedback import narrowing, neighbours, queries, submission
from portal.feedback.models import Channel, Feedback
from portal.feedback.submission import Draft, Entry, Receipt

OLDEST = timedelta(days=366)
SAME_WITHIN = timedelta(days=90)
MAX_EXTERNAL = 60
_MOST_ALIKE = 5
CHANNELS = tuple(channel for channel in Channel if channel is not Channel.WEB)


class Agreed(StrEnum):
    """How the sender agreed that the agency keeps a contact."""

    NONE = ""
    SAID = "noi"
    WRITTEN = "viet"


AGREED_NAMES: dict[Agreed, str] = {
    Agreed.NONE: "Không để lại liên hệ",
    Agreed.SAID: "Đã nghe đọc thông báo và đồng ý bằng lời",
    Agreed.WRITTEN: "Đã đồng ý bằng văn bản hoặc tin nhắn",
}


def consent_of(agreed: Agreed) -> str:
    """How a consent that was not ticked by its giver is written down: the version of the notice
    and the way it was given."""
    version = current_settings().site.feedback.privacy_notice_version
    return f"{version}/{agreed.value}"[:30] if agreed else ""


class LooksKnownError(Exception):
    """Something very like it is here already; `items` are what the officer should look at."""

    def __init__(self, items: Sequence[Feedback]) -> None:
        super().__init__("looks known")
        self.items = items


def enter(actor: Actor, draft: Draft, entry: Entry, *, form: str, certain: bool = False) -> Receipt:
    """Store a message for its sender; the same form and draft again change nothing.

    Raises `Invalid` by field, and `LooksKnownError` unless the officer is `certain` that it is
    another one. No limit for citizens counts here: the officer is known.
    """
    require(actor, "feedback.enter")
    draft = replace(draft, consent=bool(entry.consent))
    _check(draft, entry)
    submission.check(draft)
    seed = f"{form}.{draft.digest()}"
    if known := submission.receipt(seed):
        return known
    if not certain and (found := alike(db.session(), actor, draft, entry.external_code)):
        raise LooksKnownError(found)
    return submission.keep(draft, seed, entry=replace(entry, actor_id=actor.user_id))


def alike(session: Session, actor: Actor, draft: Draft, external_code: str) -> Sequence[Feedback]:
    """What came lately with the same words, or has the same number elsewhere, as far as this
    person may read it: number, subject and state alone."""
    since = clock.now() - SAME_WITHIN
    same = Feedback.text_hash == submission.text_hash_of(draft)
    asked = and_(same, Feedback.received_at > since)
    if external_code:
        asked = or_(asked, Feedback.external_code == external_code)
    query = (
        select(Feedback)
        .where(asked, queries.visible_to(narrowing.reader(actor)))
        .options(load_only(Feedback.subject, Feedback.state, Feedback.received_at,
                           Feedback.register_number, Feedback.register_year))
        .order_by(Feedback.id.desc())
        .limit(_MOST_ALIKE)
    )  # fmt: skip
    return session.scalars(query).all()


def _check(draft: Draft, entry: Entry) -> None:
    problems: dict[str, str] = {}
    today = clock.today()
    if entry.channel not in CHANNELS:
        problems["channel"] = "Chọn đường mà nội dung này đến."
    if entry.came_on > today:
        problems["came_on"] = "Ngày nhận không thể sau hôm nay."
    elif entry.came_on < today - OLDEST:
        problems["came_on"] = "Ngày nhận cách đây hơn một năm. Bạn xem lại năm."
    if entry.channel is Channel.NATIONAL and not entry.external_code:
        problems["external_code"] = "Nhập mã phản ánh trên Cổng Dịch vụ công quốc gia."
    if entry.consent and not draft.has_contact:
        problems["agreed"] = "Bạn chọn có đồng ý mà chưa nhập liên hệ nào."
    if draft.has_contact and not entry.consent:
        problems["agreed"] = (
            "Người gửi chưa đồng ý thì không giữ liên hệ: bạn xóa phần liên hệ, hoặc chọn cách họ"
            " đã đồng ý."
        )
    if draft.procedure_code and not neighbours.is_procedure(draft.procedure_code):
        problems["procedure_code"] = "Không có thủ tục nào mang mã này. Bạn xem lại, hoặc bỏ trống."
    if draft.unit_code and draft.unit_code not in unit_names():
        problems["unit_code"] = "Chọn đơn vị trong danh sách."
    if problems:
        raise Invalid(problems)
