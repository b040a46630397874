"""The citizen's reading pages: published answers, and the way of one's own feedback."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.core.db import db
from portal.core.errors import NotFound, TooMany
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.forms import csrf
from portal.core.web.requests import client_address, page_number
from portal.directory.queries import unit_names
from portal.feedback import deadlines, neighbours, queries, structured, submission
from portal.feedback.forms import TrackForm, typed
from portal.feedback.handling import REFUSALS, Refusal
from portal.feedback.models import EVENT_TEXTS, KIND_NAMES, Feedback, Kind
from portal.feedback.states import LABELS, OPEN, State

blueprint = Blueprint("feedback", __name__)
KIND_SLUGS = {
    "phan-anh": Kind.COMPLAINT,
    "kien-nghi": Kind.SUGGESTION,
    "cau-hoi": Kind.QUESTION,
    "khen-ngoi": Kind.PRAISE,
}
NOT_FOUND = (
    "Không tìm thấy nội dung nào với mã này. Bạn xem lại từng nhóm bốn ký tự trên biên nhận."
)


@blueprint.get("/phan-anh/")
def index() -> str:
    """Published questions and answers, by words and kind."""
    text = clean_line(request.args.get("q", ""))[: queries.MAX_QUERY]
    slug = request.args.get("loai", "")
    if slug and slug not in KIND_SLUGS:
        abort(400)
    page = queries.published(db.session(), text, KIND_SLUGS.get(slug), page_number())
    return render_template(
        "feedback/index.html", page=page, text=text, chosen=slug, kind_slugs=KIND_SLUGS,
        kind_names=KIND_NAMES,
    )  # fmt: skip


@blueprint.get("/phan-anh/<public_id>")
def item(public_id: str) -> str:
    """One published question with its answer."""
    found = queries.published_item(db.session(), public_id)
    if found is None:
        raise NotFound("feedback")
    return render_template(
        "feedback/item.html", item=found, kind_names=KIND_NAMES, kind=Kind(found.kind),
        procedure_name=neighbours.procedure_name(found.procedure_code),
        sharing=structured.of_item(current_settings(), found),
    )  # fmt: skip


@blueprint.get("/phan-anh/tra-cuu")
def track() -> str:
    """Where the code of a receipt is typed."""
    return render_template("feedback/track.html", form=TrackForm(formdata=None), notice="")


@blueprint.post("/phan-anh/tra-cuu")
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks the token and keeps the code
def tracked() -> ResponseReturnValue:
    """The feedback of the code that was typed; the same answer for every code that is none."""
    form = TrackForm()
    if not form.validate():
        return _track_page(form, 400)
    try:
        found = submission.track(typed(form.code), network=client_address())
    except TooMany as error:
        minutes = -(-error.retry_after // 60)
        said = f"Có nhiều lần nhập mã không đúng. Bạn chờ khoảng {minutes} phút rồi thử lại."
        response = _track_page(form, 429, said)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    if found is None:
        form.add_problems({"code": NOT_FOUND})
        return _track_page(form, 404)
    return _status_page(found)


def _track_page(form: TrackForm, status: int, notice: str = "") -> Response:
    page = render_template("feedback/track.html", form=form, notice=notice)
    return make_response(page, status)


def _status_page(feedback: Feedback) -> str:
    units = unit_names()
    return render_template(
        "feedback/status.html", feedback=feedback, state=State(feedback.state),
        labels=LABELS, event_texts=EVENT_TEXTS, is_open=State(feedback.state) in OPEN,
        kind_names=KIND_NAMES, kind=Kind(feedback.kind), units=units,
        refusal=REFUSALS[Refusal(feedback.refusal)] if feedback.refusal else "",
        procedure_name=neighbours.procedure_name(feedback.procedure_code),
        how=deadlines.explain(
            deadlines.received_on(feedback), feedback.due_on, current_settings()
        ),
    )  # fmt: skip
