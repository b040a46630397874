"""The staff's way in: sign in, sign out, set a password with a one-time link."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import devices, links, signin
from portal.accounts.access import DESK, Principal
from portal.accounts.forms import (
    CodeForm,
    FirstAdministratorForm,
    ForgottenForm,
    LoginForm,
    PasswordForm,
)
from portal.accounts.models import LinkPurpose
from portal.accounts.next_page import safe_next
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.web.forms import csrf
from portal.core.web.requests import client_address

blueprint = Blueprint("accounts", __name__)
# Not "cookies": browsers would drop those of every site under the agency's domain, too.
_CLEAR, _CLEAR_BUT_WORDS = '"cache", "storage"', '"cache"'
_WAITING = "cho_ma"


@blueprint.get("/dang-nhap")
def login() -> Response | BaseResponse:
    """The sign-in page; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(_destination(request.args.get("next")), 303)
    form = LoginForm(next=safe_next(request.args.get("next")) or "")
    return make_response(render_template("accounts/login.html", form=form))


@blueprint.post("/dang-nhap")
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token and keeps what was typed
def sign_in() -> Response | BaseResponse:
    """Check name and password; then a session of this person begins, or a code is asked for."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _page("accounts/login.html", form)
    browser = devices.asking()
    try:
        found = signin.login(form.email.data, form.password.data, client_address(), browser)
    except Invalid as error:
        form.add_problems(error.problems)
        return _page("accounts/login.html", form)
    except TooMany as error:
        return _wait("accounts/login.html", form, error)
    if isinstance(found, signin.Waiting):
        return _ask_code(found, safe_next(form.next.data))
    return _begin_session(found, browser, form.next.data)


@blueprint.get("/dang-nhap/ma")
def code() -> Response | BaseResponse:
    """The page between password and code; it tells nothing of the account."""
    if not signin.is_waiting(session.get(_WAITING, "")):
        return _start_over()
    form = CodeForm(next=safe_next(request.args.get("next")) or "")
    return make_response(_code_page(form))


@blueprint.post("/dang-nhap/ma")
@csrf.exempt  # type: ignore[untyped-decorator]  # as above
def check_code() -> Response | BaseResponse:
    """Check the code, then start anew with a session of this person."""
    form, browser = CodeForm(), devices.asking()
    if not form.validate_on_submit():
        return make_response(_code_page(form), 400)
    try:
        found = signin.finish(session.get(_WAITING, ""), form.code.data, browser)
    except Invalid as error:
        form.add_problems(error.problems)
        return make_response(_code_page(form), 400)
    except TooMany as error:
        return _wait("accounts/code.html", form, error)
    except NotFound:
        return _start_over()
    return _begin_session(found, browser, form.next.data)


@blueprint.post("/dang-xuat")
def logout() -> Response | BaseResponse:
    """End this session, in the database and in the browser; words that the server never got
    (`giu`) stay there for their writer."""
    if current_user.is_authenticated:
        signin.logout(current_user.token, current_user.actor)
    session.clear()
    response = redirect(url_for("accounts.login"), 303)
    kept = request.form.get("giu") == "1"
    response.headers["Clear-Site-Data"] = _CLEAR_BUT_WORDS if kept else _CLEAR
    return response


@blueprint.get("/tai-khoan/quen-mat-khau")
def forgotten() -> str:
    """Ask for a reset link; after asking, the same page says what happens next."""
    sent = request.args.get("da-gui") == "1"
    return render_template("accounts/forgotten.html", form=ForgottenForm(), sent=sent)


@blueprint.post("/tai-khoan/quen-mat-khau")
@csrf.exempt  # type: ignore[untyped-decorator]  # as above
def ask_reset() -> Response | BaseResponse:
    """Send the link, and answer the same whether there is such an account or not."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return _page("accounts/forgotten.html", form, sent=False)
    links.ask_reset(form.email.data, client_address())
    return redirect(url_for("accounts.forgotten") + "?da-gui=1", 303)


@blueprint.get("/tai-khoan/kich-hoat/<token>")
def activate(token: str) -> Response:
    """The page behind an invitation or a reset link. Looking does not use it up."""
    link = links.find(token)
    if link is None:
        return _dead_link()
    form = FirstAdministratorForm() if link.purpose == LinkPurpose.FIRST else PasswordForm()
    page = render_template("accounts/activate.html", form=form, person=link.user)
    return make_response(page)


@blueprint.post("/tai-khoan/kich-hoat/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # as above
def set_password(token: str) -> Response | BaseResponse:
    """Set the password, then sign in with it."""
    link = links.find(token)
    if link is None:
        return _dead_link()
    is_first = link.purpose == LinkPurpose.FIRST
    form = FirstAdministratorForm() if is_first else PasswordForm()
    try:
        if not form.validate_on_submit():
            return _page("accounts/activate.html", form, person=link.user)
        _use_link(token, form)
    except Invalid as error:
        form.add_problems(error.problems)
        person = found.user if (found := links.find(token)) else None
        return _page("accounts/activate.html", form, person=person)
    except NotFound:
        return _dead_link()
    flash("Mật khẩu đã được đặt. Bạn đăng nhập bằng mật khẩu mới.")
    return redirect(url_for("accounts.login"), 303)


def _use_link(token: str, form: PasswordForm | FirstAdministratorForm) -> None:
    if isinstance(form, FirstAdministratorForm):
        links.create_first_administrator(token, form.email.data, form.name.data, form.password.data)
    else:
        links.set_password(token, form.password.data)


def _begin_session(
    found: signin.SignedIn, browser: devices.Browser, target: str | None
) -> BaseResponse:
    """Nothing of the anonymous session survives: no id fixed beforehand, no old CSRF token."""
    _forget_session()
    login_user(Principal(found.token, found.actor))
    response = redirect(_destination(target), 303)
    devices.remember(response, browser)
    return response


def _ask_code(found: signin.Waiting, target: str | None) -> BaseResponse:
    """On to the page for the code, with a cookie that holds nothing but the place in the queue."""
    _forget_session()
    session[_WAITING] = found.token
    return redirect(url_for(".code", next=target), 303)


def _forget_session() -> None:
    if current_user.is_authenticated:
        signin.logout(current_user.token, current_user.actor)
    session.clear()


def _start_over() -> BaseResponse:
    session.pop(_WAITING, None)
    flash("Lượt đăng nhập này đã hết hạn. Bạn nhập lại mật khẩu.")
    return redirect(url_for(".login"), 303)


def _code_page(form: CodeForm) -> str:
    by_paper = request.args.get("cach") == "ma-khoi-phuc"
    return render_template("accounts/code.html", form=form, by_paper=by_paper)


def _destination(target: str | None) -> str:
    return safe_next(target) or f"{DESK}/"


def _page(template: str, form: object, status: int = 400, **values: object) -> Response:
    response = make_response(render_template(template, form=form, **values))
    response.status_code = status
    return response


def _wait(template: str, form: LoginForm | CodeForm, refusal: TooMany) -> Response:
    minutes = -(-refusal.retry_after // 60)
    form.add_problems(
        {"": f"Có nhiều lần đăng nhập sai. Bạn chờ khoảng {minutes} phút rồi thử lại."}
    )
    response = _page(template, form, 429, by_paper=False)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _dead_link() -> Response:
    response = make_response(render_template("accounts/dead_link.html"))
    response.status_code = 410
    return response
