"""The second step of one's own account: setting it up, its recovery codes, switching it off."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import devices, second_step
from portal.accounts.access import DESK, ENROLMENT, Principal, current_actor, needs
from portal.accounts.forms import CodeForm, ConfirmForm, ProofForm
from portal.accounts.models import User
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.web.forms import PortalForm

blueprint = Blueprint(ENROLMENT, __name__, url_prefix=f"{DESK}/tai-khoan/cua-toi/hai-buoc")


@blueprint.get("")
@needs("account.own")
def index() -> Response:
    """Whether the second step is on, and what can be done about it."""
    return _page()


@blueprint.post("/bat-dau")
@needs("account.own")
def begin() -> Response | BaseResponse:
    """The password once more, then the QR code."""
    form = ConfirmForm()
    try:
        if not form.validate_on_submit():
            return _page(begin=form)
        second_step.begin(current_actor(), current_user.token, form.current.data)
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(begin=form)
    return redirect(url_for(".scan"), 303)


@blueprint.get("/quet-ma")
@needs("account.own")
def scan() -> Response | BaseResponse:
    """The QR code, the same in letters, and the field for the first code."""
    return _scan_page(CodeForm())


@blueprint.post("/quet-ma")
@needs("account.own")
def confirm() -> Response | BaseResponse:
    """The first code proves that the application works; recovery codes are shown, once."""
    form, actor = CodeForm(), current_actor()
    try:
        if not form.validate_on_submit():
            return _scan_page(form, 400)
        device = devices.asking().name
        made, token = second_step.confirm(actor, current_user.token, form.code.data, device)
    except Invalid as error:
        form.add_problems(error.problems)
        return _scan_page(form, 400)
    login_user(Principal(token, actor))
    return _codes_page(made)


@blueprint.post("/ma-khoi-phuc")
@needs("account.own")
def renew() -> Response:
    """A new set of recovery codes."""
    form = ProofForm()
    try:
        if not form.validate_on_submit():
            return _page(renew=form)
        return _codes_page(
            second_step.renew_codes(current_actor(), form.current.data, form.code.data)
        )
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(renew=form)


@blueprint.post("/tat")
@needs("account.own")
def remove() -> Response | BaseResponse:
    """Switch it off, with password and code."""
    form, actor = ProofForm(prefix="tat-"), current_actor()
    try:
        if not form.validate_on_submit():
            return _page(remove=form)
        second_step.remove(actor, current_user.token, form.current.data, form.code.data)
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(remove=form)
    flash("Đã tắt xác nhận hai bước. Các phiên đăng nhập khác đã kết thúc.")
    return redirect(url_for(".index"), 303)


def _page(
    *,
    begin: ConfirmForm | None = None,
    renew: ProofForm | None = None,
    remove: ProofForm | None = None,
) -> Response:
    actor = current_actor()
    user = db.session.get_one(User, actor.user_id)
    wrong: PortalForm | None = begin or renew or remove
    page = render_template(
        "accounts/second_step.html", person=user, wrong=wrong,
        left=second_step.codes_left(user.id) if user.second_step_at else 0,
        required=second_step.is_required(actor), begin=begin or ConfirmForm(formdata=None),
        renew=renew or ProofForm(formdata=None),
        remove=remove or ProofForm(formdata=None, prefix="tat-"),
    )  # fmt: skip
    return make_response(page, 400 if wrong else 200)


def _scan_page(form: CodeForm, status: int = 200) -> Response | BaseResponse:
    shown = second_step.enrolment(current_actor(), current_user.token)
    if shown is None:
        return redirect(url_for(".index"), 303)
    page = render_template("accounts/second_step_scan.html", form=form, shown=shown)
    return make_response(page, status)


def _codes_page(made: list[str]) -> Response:
    user = db.session.get_one(User, current_actor().user_id)
    return make_response(render_template("accounts/recovery_codes.html", codes=made, person=user))
