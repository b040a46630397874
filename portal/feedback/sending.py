"""The road of a feedback into the house: start, form, review. Nothing typed is ever lost.

The views do without the global CSRF check, because its error page would lose the text; the
form checks the same token and is shown again with everything in it.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.forms import EXPIRED, csrf
from portal.feedback import accepting, attachments, deadlines, helping, sheets, signing
from portal.feedback.accepting import NOT_STORED, NotYet
from portal.feedback.forms import KIND_CHOICES, REFERRALS, SendForm, typed
from portal.feedback.models import KIND_NAMES, MAX_BODY, Kind
from portal.feedback.sheets import Sheet

log = logging.getLogger(__name__)
blueprint = Blueprint("feedback_send", __name__)


@blueprint.get("/phan-anh/gui")
def open_form() -> ResponseReturnValue:
    """“Bạn muốn làm gì?”, and with `loai` what follows: an empty form, or the road that the law
    has laid for it. `thu_tuc` and `don_vi` say what it is about."""
    about = {
        "thu_tuc": clean_line(request.args.get("thu_tuc", ""))[:40],
        "don_vi": clean_line(request.args.get("don_vi", ""))[:80],
    }
    kind = request.args.get("loai", "")
    if kind not in KIND_CHOICES:
        return _start_page({name: value for name, value in about.items() if value})
    form = SendForm(
        formdata=None, kind=kind, procedure_code=about["thu_tuc"], unit_code=about["don_vi"]
    )
    sheet = Sheet(form, signing.new_stamp())
    return _page("feedback/referral.html", sheet) if kind in REFERRALS else _form_page(sheet)


@blueprint.post("/phan-anh/gui")
@csrf.exempt  # type: ignore[untyped-decorator]
def send() -> ResponseReturnValue:
    """Review, change or send, as the button says."""
    sheet = sheets.posted()
    step = request.form.get("buoc", "")
    if sheet.form.kind.data in REFERRALS:
        return _page("feedback/referral.html", sheet)
    try:
        sheets.take_files(sheet)
    except (OSError, SQLAlchemyError):
        log.exception("feedback.file_not_stored")
        sheets.forget_transaction()
        sheet.notice = NOT_STORED
        return _form_page(sheet, 503)
    if step == "sua":
        return _form_page(sheet)
    if not sheet.is_sound():
        if step == "gui" and set(sheet.form.errors) == {"csrf_token"}:
            sheet.notice = EXPIRED
            return _review_page(sheet, 400)
        return _form_page(sheet, 400)
    return _accept(sheet) if step == "gui" else _review_page(sheet)


def _accept(sheet: Sheet) -> ResponseReturnValue:
    try:
        accepting.accept(sheet.draft(), sheet.stamp, suspicious=bool(sheet.form.trang_web.data))
    except Invalid as error:
        sheet.form.add_problems(error.problems)
        return _form_page(sheet, 400)
    except NotYet as reason:
        sheet.notice = reason.notice
        response = _review_page(sheet, reason.status)
        response.headers.update(reason.headers)
        return response
    return redirect(url_for("feedback_receipt.show"), 303)


def _start_page(about: dict[str, str]) -> Response:
    site = current_settings().site
    limits = {kind.value: deadlines.limit_for(kind, site) for kind in Kind}
    page = render_template(
        "feedback/start.html", choices=KIND_CHOICES, referrals=REFERRALS, limits=limits, about=about
    )
    return make_response(page)


def _form_page(sheet: Sheet, status: int = 200) -> Response:
    return _page("feedback/form.html", sheet, status)


def _review_page(sheet: Sheet, status: int = 200) -> Response:
    form = sheet.form
    helps = helping.find(sheet.kind.value, typed(form.subject), typed(form.procedure_code))
    return _page("feedback/review.html", sheet, status, helps=helps)


def _page(template: str, sheet: Sheet, status: int = 200, **more: object) -> Response:
    sheet.offer_units()
    page = render_template(
        template, sheet=sheet, form=sheet.form, stamp=signing.fresh(sheet.stamp),
        kind_names=KIND_NAMES, procedure_name=sheet.procedure_name, max_body=MAX_BODY,
        max_files=attachments.MAX_FILES, accept=attachments.ACCEPT, **more,
    )  # fmt: skip
    return make_response(page, status)
