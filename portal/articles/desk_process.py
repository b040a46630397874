"""Beside the verbs: remarks on passages, days of review, links for outsiders."""

from __future__ import annotations

from flask import request

from portal.accounts.access import current_actor, needs
from portal.articles import previews, remarks, review
from portal.articles.desk import ARTICLE, blueprint
from portal.articles.desk_pages import Answer, act, overview
from portal.articles.forms import DayForm
from portal.core import clock

REMARK = ARTICLE + "/nhan-xet"
PREVIEW = ARTICLE + "/xem-ngoai"


@blueprint.post(REMARK)
@needs("article.return")
def add_remark(article_id: int) -> Answer:
    """Say what should change in a passage."""
    quote, text = request.form.get("quote", ""), request.form.get("text", "")
    return act(
        article_id,
        lambda: remarks.add(current_actor(), article_id, quote, text),
        "Đã ghi nhận xét. Người viết thấy nhận xét này ngay dưới đoạn được trích.",
    )


@blueprint.post(REMARK + "/<int:remark_id>/xong")
@needs("article.edit")
def tick_remark(article_id: int, remark_id: int) -> Answer:
    """Mark a remark as dealt with, or not yet."""
    done = request.form.get("done") == "1"
    return act(
        article_id,
        lambda: remarks.tick(current_actor(), article_id, {remark_id}, done=done),
        "Đã đánh dấu nhận xét là đã sửa." if done else "Đã mở lại nhận xét.",
    )


@blueprint.post(ARTICLE + "/ngay-xem-lai")
@needs("article.review")
def set_review_day(article_id: int) -> Answer:
    """Choose when it has to be read again."""
    form = DayForm(request.form)
    if not form.validate():
        return overview(article_id, {"review_on": "Chọn một ngày có thật."}, 400)
    day = form.review_on.data
    return act(
        article_id,
        lambda: review.set_day(current_actor(), article_id, day),
        f"Bài được nhắc xem lại ngày {clock.format_date(day)}."
        if day
        else "Bài không hẹn xem lại.",
    )


@blueprint.post(ARTICLE + "/con-dung")
@needs("article.review")
def still_right(article_id: int) -> Answer:
    """Somebody read it again and nothing has to change."""
    return act(
        article_id,
        lambda: review.still_right(current_actor(), article_id),
        "Đã ghi: bài còn đúng. Ngày xem lại tiếp theo ở mục “Xem lại” của bài.",
    )


@blueprint.post(PREVIEW)
@needs("article.share_preview")
def share_preview(article_id: int) -> Answer:
    """Make a link for somebody without an account."""
    days = request.form.get("days", "")
    count = int(days) if days in {str(n) for n in previews.DAYS} else 0
    return act(
        article_id,
        lambda: previews.share(current_actor(), article_id, count),
        "Đã tạo liên kết. Sao chép ở mục “Cho người ngoài xem trước”.",
    )


@blueprint.post(PREVIEW + "/<int:link_id>/thu-hoi")
@needs("article.share_preview")
def end_preview(article_id: int, link_id: int) -> Answer:
    """Have a link work no longer."""
    return act(
        article_id,
        lambda: previews.end(current_actor(), article_id, link_id),
        "Đã thu hồi. Liên kết không còn mở được.",
    )
