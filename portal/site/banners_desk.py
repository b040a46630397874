"""The desk of banners."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.core import clock, live
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.web.editing import Answer
from portal.core.web.toasts import tell
from portal.site import banners
from portal.site.banners import Wanted
from portal.site.forms import BannerForm
from portal.site.models import BannerKind

blueprint = desk_blueprint("banners", "bang-thong-bao")
_USUAL = timedelta(days=2)


@blueprint.get("/")
@needs("banner.list")
def index() -> str:
    """All banners; which one readers see now."""
    live.refresh()  # another process may have answered the form that led here
    shown = banners.now()
    return render_template(
        "site/banners/index.html", rows=banners.all_banners(), shown=shown, kinds=banners.KIND_NAMES
    )


@blueprint.route("/moi", methods=["GET", "POST"])
@needs("banner.edit")
def new() -> Answer | str:
    """A new banner, seen before it is saved."""
    form = BannerForm()
    if not form.is_submitted():
        moment = clock.now().replace(second=0, microsecond=0)
        form.show(Wanted(kind=BannerKind.NEWS, text="", starts_at=moment, ends_at=moment + _USUAL))
    return _edit(form, None)


@blueprint.route("/<int:banner_id>", methods=["GET", "POST"])
@needs("banner.edit")
def edit(banner_id: int) -> Answer | str:
    """Change a banner."""
    stored = banners.as_wanted(banners.get(db.session(), banner_id))
    form = BannerForm()
    if not form.is_submitted():
        form.show(stored)
    return _edit(form, stored)


@blueprint.post("/<int:banner_id>/go")
@needs("banner.edit")
def remove(banner_id: int) -> BaseResponse:
    """Take it off at once."""
    banners.remove(current_actor(), banner_id)
    tell("Đã gỡ băng thông báo.", undo=url_for(".restore", banner_id=banner_id), label="Đưa lại")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:banner_id>/dua-lai")
@needs("banner.edit")
def restore(banner_id: int) -> BaseResponse:
    """Put it back."""
    try:
        banners.restore(current_actor(), banner_id)
    except Invalid as error:
        flash(" ".join(error.problems.values()))
    else:
        flash("Đã đưa lại băng thông báo.")
    return redirect(url_for(".index"), 303)


def _edit(form: BannerForm, stored: Wanted | None) -> Answer | str:
    preview, status = None, 200
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                preview = banners.check(form.wanted)
                if "xem" not in request.form:
                    return _save(form, stored)
                status = 200
        except Invalid as error:
            form.add_problems(error.problems)
        except Conflict as error:
            form.add_problems({"": str(error)})
            status = 409
    page = render_template(
        "site/banners/edit.html", form=form, stored=stored, preview=preview,
        shown=banners.now(),
    )  # fmt: skip
    return page, status


def _save(form: BannerForm, stored: Wanted | None) -> BaseResponse:
    if stored is None:
        banners.add(current_actor(), form.wanted)
    else:
        banners.change(current_actor(), stored.id, form.opened_version, form.wanted)
    flash("Đã lưu băng thông báo. Băng tự hiện và tự hết theo giờ đã chọn.")
    return redirect(url_for(".index"), 303)
