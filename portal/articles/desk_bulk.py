"""What can be done with many articles at once."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, needs
from portal.articles import bulk
from portal.articles.desk import blueprint
from portal.articles.forms import ReasonForm
from portal.core.web.bulk import answer, list_address, nothing_picked, picks

LIST = "articles_desk.index"


@blueprint.post("/hang-loat/gui-duyet")
@needs("article.submit")
def submit_many() -> Response | str:
    """Ask for publication of what was ticked."""
    chosen, back = picks(), list_address(LIST)
    if not chosen:
        return nothing_picked(back)
    return answer(bulk.submit(current_actor(), chosen), lambda n: f"Đã gửi duyệt {n} bài.", back)


@blueprint.post("/hang-loat/go")
@needs("article.withdraw")
def withdraw_many() -> Response | str | tuple[str, int]:
    """Ask for the reason on a page that names the articles, then take them from their readers."""
    chosen, back, form = picks(), list_address(LIST), ReasonForm()
    if not chosen:
        return nothing_picked(back)
    if form.asked.data and form.validate():
        outcome = bulk.withdraw(current_actor(), chosen, form.reason.data)
        return answer(outcome, lambda n: f"Đã gỡ {n} bài.", back)
    if not form.asked.data:
        form = ReasonForm(formdata=None)
    page = render_template(
        "articles/desk/bulk_withdraw.html", form=form, picks=chosen, back=back,
        titles=bulk.titles(current_actor(), chosen),
    )  # fmt: skip
    return page, 400 if form.problem_list else 200
