"""The desk of one's own account: password and signed-in browsers."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import own as own_account
from portal.accounts import sessions
from portal.accounts.access import DESK, current_actor, needs
from portal.accounts.forms import ChangePasswordForm
from portal.accounts.models import User
from portal.accounts.units import grant_names
from portal.core.db import db
from portal.core.errors import Invalid

blueprint = Blueprint("own_desk", __name__, url_prefix=f"{DESK}/tai-khoan/cua-toi")


@blueprint.get("")
@needs("account.own")
def own() -> Response:
    """Who I am here, my password, where I am signed in."""
    return _own_page(ChangePasswordForm())


@blueprint.post("/mat-khau")
@needs("account.own")
def change_password() -> Response | BaseResponse:
    """Set a new password of my own."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _own_page(form, 400)
    try:
        own_account.change_password(
            current_actor(), current_user.token, form.current.data, form.password.data
        )
    except Invalid as error:
        form.add_problems(error.problems)
        return _own_page(form, 400)
    flash("Mật khẩu đã được đổi. Các phiên đăng nhập khác đã kết thúc.")
    return redirect(url_for(".own"), 303)


@blueprint.post("/phien/<int:session_id>/ket-thuc")
@needs("account.own")
def end_session(session_id: int) -> BaseResponse:
    """Sign one of my browsers out."""
    own_account.end_session(current_actor(), session_id)
    flash("Phiên đăng nhập đã kết thúc.")
    return redirect(url_for(".own"), 303)


@blueprint.post("/phien/ket-thuc-khac")
@needs("account.own")
def end_other_sessions() -> BaseResponse:
    """Sign all my other browsers out."""
    own_account.end_other_sessions(current_actor(), current_user.token)
    flash("Mọi phiên đăng nhập khác đã kết thúc.")
    return redirect(url_for(".own"), 303)


@blueprint.post("/phien/ket-thuc-het")
@needs("account.own")
def end_all_sessions() -> BaseResponse:
    """Sign out everywhere, here too."""
    own_account.end_all_sessions(current_actor())
    session.clear()
    flash("Bạn đã đăng xuất ở mọi nơi.")
    return redirect(url_for("accounts.login"), 303)


def _own_page(form: ChangePasswordForm, status: int = 200) -> Response:
    actor = current_actor()
    this = sessions.find(current_user.token)
    page = render_template(
        "accounts/own.html", form=form, person=db.session.get_one(User, actor.user_id),
        roles=grant_names(actor.grants), sessions=own_account.living_sessions(actor),
        current_id=this.id if this else None,
    )  # fmt: skip
    response = make_response(page)
    response.status_code = status
    return response
