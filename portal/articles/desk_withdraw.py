"""Taking an article from its readers: a page that shows what links here and says what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, needs
from portal.accounts.permissions import require
from portal.articles import desk_queries, service, targets
from portal.articles.desk import ARTICLE, blueprint
from portal.articles.forms import WithdrawForm
from portal.articles.models import Article, Way
from portal.articles.references import ARTICLE as ARTICLE_LINKS
from portal.articles.references import what_links_here
from portal.articles.states import Verb, check
from portal.articles.withdrawing import Withdrawal
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.search import service as search

Page = str | Response | tuple[str, int]
_DONE = {
    Way.NOTICE: "Đã gỡ. Người mở địa chỉ cũ thấy thông báo và lý do.",
    Way.MERGED: "Đã gộp. Người mở địa chỉ cũ được dẫn sang trang thay thế.",
    Way.ERROR: "Đã gỡ. Bài không còn dấu vết nào với người đọc.",
}


@blueprint.route(ARTICLE + "/go", methods=["GET", "POST"])
@needs("article.withdraw")
def withdraw(article_id: int) -> Page:
    """Choose how and when; an hour is confirmed on a page of its own unless the button said it."""
    article = desk_queries.find(db.session(), current_actor(), article_id)
    require(current_actor(), "article.withdraw", article)
    form = WithdrawForm()
    if not form.is_submitted():
        check(Verb.WITHDRAW, article.standing)
        return _page(form, article)
    if request.form.get("then") == "search":
        return _page(form, article)
    if not form.validate():
        return _page(form, article, 400)
    if form.when.data == "hen" and not form.at:
        form.add_problems({"ngay": "Chọn ngày và giờ gỡ."})
        return _page(form, article, 400)
    if form.when.data == "hen" and not form.seen.data:
        return render_template(
            "articles/desk/withdraw_confirm.html", form=form, article=article, at=form.at
        )
    return _do(form, article)


def _do(form: WithdrawForm, article: Article) -> Page:
    actor, way = current_actor(), Way(form.way.data)
    how = Withdrawal(way=way, reason=form.reason.data or "", into=form.into.data or "")
    at = form.at if form.when.data == "hen" else None
    number = article.id
    try:
        if at is None:
            service.withdraw(actor, number, form.opened_version, how)
        else:
            service.plan_withdrawal(actor, number, form.opened_version, at, how)
    except Invalid as error:
        form.add_problems(_beside_fields(error.problems))
        return _page(form, desk_queries.find(db.session(), actor, number), 400)
    except Conflict as error:
        form.add_problems({"": str(error)})
        return _page(form, desk_queries.find(db.session(), actor, number), 409)
    flash(f"Đã hẹn gỡ lúc {clock.format_moment(at)}." if at else _DONE[way])
    return redirect(url_for("articles_desk.article", article_id=number), 303)


def _beside_fields(problems: Mapping[str, str]) -> dict[str, str]:
    return {"ngay" if name == "until" else name: said for name, said in problems.items()}


def _page(form: WithdrawForm, article: Article, status: int = 200) -> tuple[str, int]:
    session = db.session()
    if not form.is_submitted() or status == 409:  # having seen why, sending again is a choice
        form.version.data, form.version.raw_data = str(article.version), None
    page = render_template(
        "articles/desk/withdraw.html", form=form, article=article,
        links=what_links_here(session, ARTICLE_LINKS, str(article.id)),
        found=_found(form.words.data or "", article),
        chosen=targets.title_of(session, targets.path_of(form.into.data or "")),
    )  # fmt: skip
    return page, status


def _found(words: str, article: Article) -> Sequence[tuple[str, str]]:
    """(address, title) of public pages whose titles go on as was typed."""
    if not words:
        return []
    found = search.suggest(words, ("article", "procedure", "page"), limit=8)
    return [(one.url, one.title) for one in found if one.url != article.url]
