"""The way of one's own feedback: the code, the page that it opens, and what can be done there.

The forms check the token themselves, because the general error page would lose what was typed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from portal.core.errors import Conflict, Invalid, NotFound, Overloaded, TooMany
from portal.core.limits import limiter
from portal.core.web.forms import csrf
from portal.core.web.requests import client_address
from portal.feedback import (
    acts,
    attachments,
    following,
    holding,
    receipts,
    sheets,
    signing,
    status,
    submission,
)
from portal.feedback.accepting import NOT_STORED
from portal.feedback.acts import Act, ActForm
from portal.feedback.attachments import Attachment
from portal.feedback.entrance import BUSY, entrance
from portal.feedback.forms import TrackForm, typed
from portal.feedback.holding import Holder
from portal.feedback.models import Feedback
from portal.feedback.sheets import forget_transaction

log = logging.getLogger(__name__)
blueprint = Blueprint("feedback_tracking", __name__)
PER_FEEDBACK = "40/hour"
NOT_FOUND = (
    "Không tìm thấy nội dung nào với mã này. Bạn xem lại từng nhóm bốn ký tự trên biên nhận."
)
CLOSED = "Trang theo dõi đã đóng. Bạn nhập mã tra cứu để mở lại."
ENDED = (
    "Trang theo dõi tự đóng sau 30 phút không dùng. Những gì bạn viết còn nguyên: bạn nhập lại mã"
    " tra cứu để gửi tiếp."
)
_PAGE = "/phan-anh/theo-doi"


@dataclass
class Slip:
    """The form of one act on its way through a browser, with files that wait for it."""

    act: Act
    form: ActForm
    files: list[Attachment] = field(default_factory=list)
    file_problem: str = ""
    notice: str = ""

    @property
    def tokens(self) -> list[tuple[Attachment, str]]:
        return [(file, signing.sign_attachment(file)) for file in self.files]


@blueprint.get("/phan-anh/tra-cuu")
def track() -> Response:
    """Where the code of a receipt is typed."""
    return _track_page(TrackForm(formdata=None))


@blueprint.post("/phan-anh/tra-cuu")
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks the token and keeps the code
def tracked() -> ResponseReturnValue:
    """The feedback of the code that was typed; the same answer for every code that is none."""
    form = TrackForm()
    if not form.validate():
        return _track_page(form, 400)
    try:
        found = _found(form)
    except TooMany as error:
        return _slow_down(_track_page(form, 429, _wait(error)), error)
    if found is None:
        return _track_page(form, 404)
    response = redirect(_PAGE, 303)
    following.remember(response, holding.holder_of(found))
    return response


@blueprint.get("/phan-anh/theo-doi")
def show() -> ResponseReturnValue:
    """Where it stands, and what can be done. A reload repeats nothing."""
    feedback = following.current()
    if feedback is None:
        return _track_page(TrackForm(formdata=None), 200, CLOSED)
    done = acts.find(request.args.get("da", ""))
    return _following(feedback, _status_page(feedback, done.done if done else ""))


@blueprint.post("/phan-anh/theo-doi/dong")
def close() -> ResponseReturnValue:
    """Forget on this computer what was followed, and the receipt too."""
    receipts.drop()
    response = redirect("/phan-anh/tra-cuu", 303)
    following.forget(response)
    return response


@blueprint.get("/phan-anh/theo-doi/<viec>")
def ask(viec: str) -> ResponseReturnValue:
    """The page of one act: what it means, and its form."""
    act = acts.find(viec) or abort(404)
    feedback = following.current()
    if feedback is None:
        return _track_page(TrackForm(formdata=None), 200, CLOSED)
    if not act.offered(feedback):
        return redirect(_PAGE, 303)
    form = act.form(formdata=None)
    form.show_answer(feedback)
    return _following(feedback, _act_page(Slip(act, form), feedback))


@blueprint.post("/phan-anh/theo-doi/<viec>")
@csrf.exempt  # type: ignore[untyped-decorator]
def do(viec: str) -> ResponseReturnValue:
    """Do it; on any trouble the form comes back with everything that was typed."""
    act = acts.find(viec) or abort(404)
    slip = Slip(act, act.form())
    try:
        if act.takes_files:
            slip.files = sheets.brought_files()
            sheets.take_files(slip)
        feedback = following.current()
        return _with(feedback, slip) if feedback else _prove_again(slip)
    except (SQLAlchemyError, OSError):
        log.exception("feedback.act_not_stored")
        forget_transaction()
        slip.notice = NOT_STORED
        return _act_page(slip, None, 503)


def _with(feedback: Feedback, slip: Slip) -> ResponseReturnValue:
    """The act by somebody whose code is proven."""
    holder = holding.holder_of(feedback)
    valid = slip.form.validate()
    if slip.file_problem:
        slip.form.add_problems({"": slip.file_problem})
    if not valid or slip.file_problem:
        return _following(feedback, _act_page(slip, feedback, 400))
    try:
        limiter().hit(PER_FEEDBACK, "feedback.act", str(holder.feedback_id))
        with entrance():
            slip.act.perform(holder, slip.form, tuple(slip.files))
    except Overloaded as error:
        slip.notice = BUSY
        return _slow_down(_again(slip, holder, 503), error)
    except NotFound:
        return _over()
    except TooMany as error:
        slip.notice = _wait(error)
        return _slow_down(_again(slip, holder, 429), error)
    except Invalid as error:
        slip.form.add_problems(error.problems)
        return _again(slip, holder, 400)
    except Conflict as error:
        slip.notice = str(error)
        return _again(slip, holder, 409)
    response = redirect(f"{_PAGE}?da={slip.act.slug}", 303)
    following.remember(response, holder)
    return response


def _prove_again(slip: Slip) -> ResponseReturnValue:
    """The half hour is over: nothing is done before the code is shown again, nothing is lost."""
    if "code" not in request.form:
        slip.notice = ENDED
        return _proof_page(slip, TrackForm(formdata=MultiDict()), 403)
    form = TrackForm()
    if not form.validate():
        return _proof_page(slip, form, 400)
    try:
        found = _found(form)
    except TooMany as error:
        slip.notice = _wait(error)
        return _slow_down(_proof_page(slip, form, 429), error)
    return _with(found, slip) if found else _proof_page(slip, form, 404)


def _found(form: TrackForm) -> Feedback | None:
    found = submission.track(typed(form.code), network=client_address())
    if found is None:
        form.add_problems({"code": NOT_FOUND})
    return found


def _again(slip: Slip, holder: Holder, code: int) -> Response:
    """The form once more, beside what the feedback has become meanwhile."""
    feedback = following.of_holder(holder)
    if feedback is None:
        return _over()
    if code == 409:
        slip.form.show_answer(feedback)
    return _following(feedback, _act_page(slip, feedback, code))


def _over() -> Response:
    response = _track_page(TrackForm(formdata=MultiDict()), 404, CLOSED)
    following.forget(response)
    return response


def _following(feedback: Feedback, response: Response) -> Response:
    """The half hour begins anew with each page."""
    following.remember(response, holding.holder_of(feedback))
    return response


def _wait(error: TooMany) -> str:
    seconds = error.retry_after
    time = f"{seconds} giây" if seconds < 60 else f"{-(-seconds // 60)} phút"
    return f"Có quá nhiều lần thử. Bạn chờ khoảng {time} rồi thử lại."


def _slow_down(response: Response, error: TooMany | Overloaded) -> Response:
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _track_page(form: TrackForm, code: int = 200, notice: str = "") -> Response:
    page = render_template("feedback/track.html", form=form, notice=notice)
    return make_response(page, code)


def _status_page(feedback: Feedback, done: str) -> Response:
    page = render_template(
        "feedback/status.html", f=feedback, done=done, acts=acts.offered(feedback),
        rated=acts.rated(feedback),
        rate=acts.find("danh-gia"), rate_form=_blank("danh-gia", feedback),
        add=acts.find("bo-sung"), add_form=_blank("bo-sung", feedback), **_files_words(),
        **status.of(feedback),
    )  # fmt: skip
    return make_response(page)


def _blank(slug: str, feedback: Feedback) -> ActForm | None:
    act = acts.find(slug)
    if act is None or not act.offered(feedback):
        return None
    form = act.form(formdata=None)
    form.show_answer(feedback)
    return form


def _act_page(slip: Slip, feedback: Feedback | None, code: int = 200) -> Response:
    """The page of an act. Without a feedback (the database is silent) it still holds the form."""
    is_offered = feedback is None or slip.act.offered(feedback)
    page = render_template(
        "feedback/act.html", slip=slip, act=slip.act, form=slip.form, f=feedback,
        is_offered=is_offered, **_files_words(),
    )  # fmt: skip
    return make_response(page, code)


def _proof_page(slip: Slip, form: TrackForm, code: int) -> Response:
    page = render_template("feedback/prove.html", slip=slip, act=slip.act, proof=form)
    return make_response(page, code)


def _files_words() -> dict[str, object]:
    return {"max_files": attachments.MAX_FILES, "accept": attachments.ACCEPT}
