"""The administrators' desk: who has an account, and what each may do."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import audit_log, queries, second_step, service
from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.forms import DetailsForm, GrantsForm, InviteForm
from portal.accounts.list_views import BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.accounts.permissions import ROLE_NAMES, Actor
from portal.accounts.queries import STATUS_NAMES, Status
from portal.accounts.units import grant_names, unit_names
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.core.web.pages import Page
from portal.core.web.requests import page_number
from portal.core.web.toasts import tell

blueprint = desk_blueprint("accounts", "tai-khoan")
_PAGE = 50
_SPARE_ROWS = 2
_HISTORY = 10


@blueprint.get("/")
@needs("user.list")
def index() -> str | BaseResponse:
    """All accounts, by name, with filters."""
    asked = {name: request.args.get(name, "") for name in ("q", "vai_tro", "trang_thai", "don_vi")}
    views = list_views(DeskList.ACCOUNTS, [BuiltIn("Tất cả")])
    if views.start:
        return redirect(views.start, 303)
    rows = queries.list_accounts(asked["q"], asked["vai_tro"], asked["trang_thai"], asked["don_vi"])
    number = page_number()
    page = Page(rows[(number - 1) * _PAGE : number * _PAGE], number, _PAGE, len(rows))
    units = unit_names()
    return render_template(
        "accounts/users.html", page=page, asked=asked, roles=ROLE_NAMES, units=units,
        statuses=STATUS_NAMES, views=views,
        grant_names=lambda row: grant_names(row.user.actor.grants, units),
    )  # fmt: skip


@blueprint.get("/moi")
@needs("user.manage")
def new() -> str:
    """The form for an invitation."""
    return _invite_page(InviteForm())


@blueprint.post("/moi")
@needs("user.manage")
def invite() -> Response | BaseResponse:
    """Make an account and write to its owner."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            user_id, _ = service.invite(
                current_actor(), form.email.data, form.name.data, form.chosen
            )
        except Invalid as error:
            form.add_problems(error.problems)
        else:
            flash(f"Đã tạo tài khoản. {_letter_text(form.email.data)}")
            return redirect(url_for(".one", user_id=user_id), 303)
    return make_response(_invite_page(form), 400)


@blueprint.get("/<int:user_id>")
@needs("user.list")
def one(user_id: int) -> Response:
    """One account: who, which roles, what happened to it."""
    return _page(user_id)


@blueprint.post("/<int:user_id>/thong-tin")
@needs("user.manage")
def change_details(user_id: int) -> Response | BaseResponse:
    """Correct name and address."""
    form = DetailsForm()
    try:
        if not form.validate_on_submit():
            return _page(user_id, details=form)
        service.change_details(current_actor(), user_id, form.email.data, form.name.data)
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(user_id, details=form)
    flash("Đã lưu thông tin.")
    return _back(user_id)


@blueprint.post("/<int:user_id>/vai-tro")
@needs("user.manage")
def change_grants(user_id: int) -> Response | BaseResponse:
    """Give exactly the chosen roles."""
    form = GrantsForm()
    try:
        if not form.validate_on_submit():
            return _page(user_id, grants=form)
        service.change_grants(current_actor(), user_id, form.chosen, form.seen.data or "")
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(user_id, grants=form)
    flash("Đã lưu vai trò. Người này cần đăng nhập lại.")
    return _back(user_id)


@blueprint.post("/<int:user_id>/khoa")
@needs("user.manage")
def disable(user_id: int) -> BaseResponse:
    """Close the account."""
    service.disable(current_actor(), user_id)
    tell(
        "Đã khóa tài khoản, mọi phiên đã kết thúc. Bạn xem việc đang mở để giao cho người khác.",
        undo=url_for(".enable", user_id=user_id), label="Mở lại",
    )  # fmt: skip
    return _back(user_id)


@blueprint.post("/<int:user_id>/mo-lai")
@needs("user.manage")
def enable(user_id: int) -> BaseResponse:
    """Open the account again."""
    service.enable(current_actor(), user_id)
    flash("Đã mở lại tài khoản.")
    return _back(user_id)


@blueprint.post("/<int:user_id>/lien-ket")
@needs("user.manage")
def send_link(user_id: int) -> BaseResponse:
    """Write to the owner with a new link."""
    email = queries.get_account(user_id).user.email
    service.send_link(current_actor(), user_id)
    flash(_letter_text(email))
    return _back(user_id)


@blueprint.post("/<int:user_id>/hai-buoc/dat-lai")
@needs("user.manage")
def reset_second_step(user_id: int) -> BaseResponse:
    """Let somebody who lost telephone and codes in with the password, to set it up again."""
    second_step.reset(current_actor(), user_id)
    flash("Đã đặt lại xác nhận hai bước. Người này nhận được thư và đăng nhập lại bằng mật khẩu.")
    return _back(user_id)


def _page(
    user_id: int, *, details: DetailsForm | None = None, grants: GrantsForm | None = None
) -> Response:
    row = queries.get_account(user_id)
    actor = row.user.actor
    page = render_template(
        "accounts/user.html", row=row,
        enrol_by=second_step.deadline(row.user), is_self=user_id == current_actor().user_id,
        roles=grant_names(actor.grants), is_disabled=row.status is Status.DISABLED,
        details=details or DetailsForm(formdata=None, obj=row.user),
        grants=grants or _grants_form(actor), wrong=details or grants,
        history=audit_log.latest_about("user", user_id, _HISTORY),
    )  # fmt: skip
    return make_response(page, 400 if details or grants else 200)


def _grants_form(actor: Actor) -> GrantsForm:
    rows = [{"role": g.role.value, "unit": g.unit_code or ""} for g in actor.grants]
    empty = [{"role": "", "unit": ""}] * _SPARE_ROWS
    seen = service.fingerprint(actor.grants)
    return GrantsForm(formdata=None, grants=[*rows, *empty], seen=seen)


def _invite_page(form: InviteForm) -> str:
    return render_template("accounts/invite.html", form=form)


def _letter_text(email: str) -> str:
    if current_settings().mail_url.startswith("file:"):
        return (
            "Máy chủ chưa nối với hộp thư: thư có liên kết nằm trong thư mục outbox của máy chủ, "
            "người vận hành chuyển giúp."
        )
    return f"Thư có liên kết dùng một lần đang được gửi tới {email}."


def _back(user_id: int) -> BaseResponse:
    return redirect(url_for(".one", user_id=user_id), 303)
