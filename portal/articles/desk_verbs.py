"""What can be done with an article at the desk. Each view hands one verb to the service."""

from __future__ import annotations

from flask import render_template, request

from portal.accounts.access import current_actor, needs
from portal.articles import desk_queries, service
from portal.articles.desk import ARTICLE, VERSION, blueprint
from portal.articles.desk_pages import Answer, act, is_own, opened_version, overview
from portal.articles.forms import HourForm
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Conflict


@blueprint.post(ARTICLE + "/gui-duyet")
@needs("article.submit")
def submit(article_id: int) -> Answer:
    """Ask for publication."""
    return act(
        article_id,
        lambda: service.submit(current_actor(), article_id, opened_version()),
        "Đã gửi duyệt. Người duyệt đăng được báo bằng thư.",
    )


@blueprint.post(ARTICLE + "/tra-lai")
@needs("article.return")
def send_back(article_id: int) -> Answer:
    """Give it back with a remark."""
    remark = request.form.get("remark", "")
    return act(
        article_id,
        lambda: service.return_with_remark(current_actor(), article_id, opened_version(), remark),
        "Đã trả lại. Người viết được báo bằng thư.",
    )


@blueprint.get(ARTICLE + "/hen-dang")
@needs("article.publish")
def schedule(article_id: int) -> str | Answer:
    """The chosen hour, with a button that says what it will do."""
    article = desk_queries.find(db.session(), current_actor(), article_id)
    form = HourForm(request.args)
    at = form.at if form.validate() else None
    if at is None:
        return overview(article_id, {"at": "Chọn ngày và giờ đăng."}, 400)
    if not clock.now() < at <= clock.now() + service.FARTHEST:
        return overview(article_id, {"at": "Chọn giờ hẹn sau lúc này và trong vòng một năm."}, 400)
    return render_template(
        "articles/desk/schedule.html", article=article, at=at, form=form, own=is_own(article)
    )


@blueprint.post(ARTICLE + "/dang")
@needs("article.publish")
def publish(article_id: int) -> Answer:
    """Publish now, or from the hour that was confirmed."""
    later = request.form.get("hen") == "1"
    form = HourForm(request.form)
    at = form.at if later and form.validate() else None
    if later and at is None:
        return overview(article_id, {"at": "Chọn ngày và giờ đăng."}, 400)
    done = f"Đã hẹn đăng lúc {clock.format_moment(at)}." if at else "Đã đăng."
    return act(
        article_id,
        lambda: service.publish(current_actor(), article_id, opened_version(), at),
        done,
    )


@blueprint.post(ARTICLE + "/bo-ban-sua")
@needs("article.edit")
def discard(article_id: int) -> Answer:
    """Drop the correction that waits."""
    return act(
        article_id,
        lambda: service.discard(current_actor(), article_id, opened_version()),
        "Đã bỏ bản sửa. Bản đó vẫn còn trong lịch sử.",
    )


@blueprint.post(ARTICLE + "/go")
@needs("article.withdraw")
def withdraw(article_id: int) -> Answer:
    """Take it from its readers."""
    reason = request.form.get("reason", "")
    return act(
        article_id,
        lambda: service.withdraw(current_actor(), article_id, opened_version(), reason),
        "Đã gỡ. Người mở địa chỉ cũ thấy thông báo và lý do.",
    )


@blueprint.post(ARTICLE + "/khoi-phuc")
@needs("article.withdraw")
def restore(article_id: int) -> Answer:
    """Make it a draft again."""
    return act(
        article_id,
        lambda: service.restore(current_actor(), article_id, opened_version()),
        "Đã khôi phục thành bản nháp.",
    )


@blueprint.post(ARTICLE + "/dia-chi")
@needs("article.publish")
def arrange(article_id: int) -> Answer:
    """Its address, and whether the section shows it first."""
    slug, pinned = request.form.get("slug", "").strip(), request.form.get("pinned") == "1"
    return act(
        article_id,
        lambda: service.arrange(
            current_actor(), article_id, opened_version(), slug=slug, pinned=pinned
        ),
        "Đã lưu.",
    )


@blueprint.post(VERSION + "/khoi-phuc")
@needs("article.edit")
def restore_version(article_id: int, number: int) -> Answer:
    """Save an earlier version again."""

    def verb() -> None:
        if not service.restore_revision(current_actor(), article_id, opened_version(), number):
            raise Conflict("Bài đang đúng như phiên bản này nên không có gì để khôi phục.")

    return act(article_id, verb, f"Đã khôi phục phiên bản {number}.")
