"""What can be done with an article at the desk. Each view hands one verb to the service."""

from __future__ import annotations

from flask import render_template, request

from portal.accounts.access import current_actor, needs
from portal.articles import desk_queries, service
from portal.articles.desk import ARTICLE, VERSION, blueprint
from portal.articles.desk_pages import Answer, act, is_own, opened_version, overview
from portal.articles.forms import HourForm
from portal.articles.publishing import Publication, check_hours
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Conflict, Invalid


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


@blueprint.post(ARTICLE + "/chuyen-duyet")
@needs("article.pass")
def pass_on(article_id: int) -> Answer:
    """The unit has read it."""
    return act(
        article_id,
        lambda: service.pass_on(current_actor(), article_id, opened_version()),
        "Đã chuyển duyệt đăng. Người duyệt đăng được báo bằng thư.",
    )


@blueprint.get(ARTICLE + "/hen-dang")
@needs("article.publish")
def schedule(article_id: int) -> str | Answer:
    """The chosen hours, with a button that says what it will do."""
    article = desk_queries.find(db.session(), current_actor(), article_id)
    form = HourForm(request.args)
    if problem := _unreadable(form):
        return overview(article_id, problem, 400)
    try:
        check_hours(clock.now(), form.at, form.until)
    except Invalid as error:
        return overview(article_id, error.problems, 400)
    return render_template(
        "articles/desk/schedule.html", article=article, form=form, own=is_own(article)
    )


@blueprint.post(ARTICLE + "/dang")
@needs("article.publish")
def publish(article_id: int) -> Answer:
    """Publish now, or from the hour that stood on the button."""
    form, later = HourForm(request.form), request.form.get("hen") == "1"
    if later and (problem := _unreadable(form)):
        return overview(article_id, problem, 400)
    at, until = (form.at, form.until) if later else (None, None)
    told = request.form.get("change") == "note"
    note = request.form.get("note", "") if told else ""
    if told and not note.strip():
        return overview(article_id, {"note": "Ghi điều đã thay đổi để người đọc biết."}, 400)
    how = Publication(until=until, note=note)
    done = f"Đã hẹn đăng lúc {clock.format_moment(at)}." if at else "Đã đăng."
    return act(
        article_id,
        lambda: service.publish(current_actor(), article_id, opened_version(), at, how),
        f"{done} Bài tự gỡ lúc {clock.format_moment(until)}." if until else done,
    )


def _unreadable(form: HourForm) -> dict[str, str]:
    """What is wrong with hours that are no hours."""
    if not form.validate() or form.at is None:
        return {"at": "Chọn ngày và giờ đăng."}
    if form.until is None and (form.go_ngay.data or form.go_ngay.raw_data not in ([], [""], None)):
        return {"until": "Chọn cả ngày và giờ gỡ, hoặc để trống cả hai."}
    return {}


@blueprint.post(ARTICLE + "/dang-khan")
@needs("article.urgent")
def publish_urgently(article_id: int) -> Answer:
    """One person alone publishes, with a reason."""
    reason = request.form.get("urgent", "")
    if not reason.strip():
        return overview(article_id, {"urgent": "Ghi lý do đăng khẩn."}, 400)
    how = Publication(urgent=reason)
    return act(
        article_id,
        lambda: service.publish(current_actor(), article_id, opened_version(), None, how),
        "Đã đăng khẩn. Những người duyệt khác được báo bằng thư để xem lại.",
    )


@blueprint.post(ARTICLE + "/xac-nhan")
@needs("article.publish")
def confirm(article_id: int) -> Answer:
    """A second person stands by what was published in urgency."""
    return act(
        article_id,
        lambda: service.confirm(current_actor(), article_id, opened_version()),
        "Đã xác nhận. Bài không còn trong danh sách chờ xem lại.",
    )


@blueprint.post(ARTICLE + "/huy-hen-dang")
@needs("article.publish")
def unschedule(article_id: int) -> Answer:
    """Take the hour of publication back."""
    return act(
        article_id,
        lambda: service.unschedule(current_actor(), article_id, opened_version()),
        "Đã hủy hẹn đăng. Bài chờ duyệt đăng.",
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


@blueprint.post(ARTICLE + "/huy-hen-go")
@needs("article.withdraw")
def keep(article_id: int) -> Answer:
    """Take the hour of withdrawal back."""
    return act(
        article_id,
        lambda: service.keep(current_actor(), article_id, opened_version()),
        "Đã hủy hẹn gỡ. Bài tiếp tục hiện với người đọc.",
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
