"""The citizen's door: ask for letters, confirm, end. Links only show; buttons act."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectMultipleField, StringField

from portal.core.db import db
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.web.forms import LineField, PortalForm, at_most, csrf, required
from portal.core.web.requests import client_address
from portal.procedures import queries as procedures
from portal.subscriptions import service

blueprint = Blueprint("subscriptions", __name__, url_prefix="/nhan-thu")


class AskForm(PortalForm):
    """An address, what it wants to hear of, and that this is agreed to."""

    email = LineField(
        "Thư điện tử (email)",
        [required("Nhập thư điện tử."), at_most(254, "Thư điện tử")],
    )
    fields = SelectMultipleField("Lĩnh vực", validate_choice=True)
    consent = BooleanField("Tôi đồng ý cho cơ quan dùng địa chỉ này để gửi thư về thủ tục")
    # People do not see this field; programs that fill in everything do.
    trang_web = StringField("Bỏ trống ô này")

    def offer(self, fields: list[tuple[str, str]]) -> None:
        self.fields.choices = fields


@blueprint.route("", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """The form; whatever the address, the answer is the same."""
    form = AskForm()
    form.offer([(one.key, one.name) for one in procedures.fields(db.session())])
    status = 200
    if form.is_submitted():
        try:
            if form.validate():
                _take(form)
                return redirect(url_for("subscriptions.asked"), 303)
            status = 400
        except Invalid as error:
            form.add_problems(error.problems)
            status = 400
        except TooMany as error:
            minutes = -(-error.retry_after // 60)
            said = f"Mạng của bạn vừa gửi nhiều yêu cầu. Bạn thử lại sau khoảng {minutes} phút."
            form.add_problems({"": said})
            status = 429
    return make_response(render_template("subscriptions/ask.html", form=form), status)


@blueprint.get("/cho-xac-nhan")
def asked() -> str:
    """Look into your mailbox."""
    return render_template("subscriptions/asked.html")


@blueprint.route("/xac-nhan/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Is it you? Programs that open links of letters confirm nothing by that."""
    if request.method == "POST":
        try:
            service.confirm(token)
        except NotFound:
            return _gone()
        return redirect(url_for("subscriptions.begun"), 303)
    if service.find_asked(token) is None:
        return _gone()
    return render_template("subscriptions/confirm.html", token=token)


@blueprint.get("/da-xac-nhan")
def begun() -> str:
    """From now on."""
    return render_template("subscriptions/begun.html")


@blueprint.get("/huy/<key>")
def leave(key: str) -> str:
    """A button that ends it; the same page for every key."""
    return render_template("subscriptions/leave.html", key=key)


@blueprint.post("/huy/<key>")
@csrf.exempt  # type: ignore[untyped-decorator]  # mail programs post here by themselves (RFC 8058)
def left(key: str) -> str:
    """Out: the key itself is the proof."""
    service.end(key)
    return render_template("subscriptions/left.html")


def _take(form: AskForm) -> None:
    if form.trang_web.data:  # a program: it gets the same answer and no letter is sent
        return
    service.ask(
        form.email.data, form.fields.data or [], consent=form.consent.data,
        network=client_address(),
    )  # fmt: skip


def _gone() -> ResponseReturnValue:
    return make_response(render_template("subscriptions/gone.html"), 404)
