"""The road of a feedback into the house: form, review, receipt. Nothing typed is ever lost.

The views do without the global CSRF check, because its error page would lose the text; the
form checks the same token and is shown again with everything in it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid, TooMany
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.forms import EXPIRED, csrf
from portal.core.web.requests import client_address
from portal.directory.queries import unit_names
from portal.feedback import attachments, codes, deadlines, neighbours, signing, submission
from portal.feedback.attachments import Attachment
from portal.feedback.deadlines import Limit
from portal.feedback.forms import REFERRALS, SendForm, typed
from portal.feedback.models import KIND_NAMES, MAX_BODY, Kind
from portal.feedback.submission import Draft, Receipt

log = logging.getLogger(__name__)
blueprint = Blueprint("feedback_send", __name__)
RECEIPT_LIFE = timedelta(minutes=30)
_COOKIE = "feedback"
TOO_FAST = "Bạn vừa mở biểu mẫu. Bạn đọc lại một lượt rồi bấm “Gửi cho cơ quan” lần nữa."
NOT_STORED = (
    "Hệ thống chưa lưu được, nội dung của bạn vẫn còn trên trang này. Bạn giữ trang mở và bấm gửi"
    " lại sau ít phút, hoặc sao chép nội dung ra chỗ khác."
)


@dataclass
class Sheet:
    """A form on its way through a browser: its fields, its stamp, its waiting files."""

    form: SendForm
    stamp: signing.Stamp
    genuine: bool = True
    files: list[Attachment] = field(default_factory=list)
    file_problem: str = ""
    notice: str = ""
    units: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        units = _units()
        self.form.offer_units(units)
        self.units = units or {}

    @property
    def tokens(self) -> list[tuple[Attachment, str]]:
        return [(file, signing.sign_attachment(file)) for file in self.files]

    @property
    def kind(self) -> Kind:
        return Kind(self.form.kind.data)

    @property
    def limit(self) -> Limit:
        return deadlines.limit_for(self.kind, current_settings().site)

    @property
    def due_on(self) -> date:
        return deadlines.due_on(self.kind, clock.today(), current_settings().site)

    def draft(self) -> Draft:
        form = self.form
        return Draft(
            kind=self.kind, subject=typed(form.subject), body=typed(form.body),
            procedure_code=typed(form.procedure_code), unit_code=typed(form.unit_code),
            name=typed(form.name), phone=typed(form.phone), email=typed(form.email),
            consent=form.consent.data, files=tuple(self.files),
        )  # fmt: skip


@blueprint.get("/phan-anh/gui")
def open_form() -> ResponseReturnValue:
    """An empty form; `thu_tuc` and `don_vi` say what it is about."""
    form = SendForm(
        formdata=None,
        procedure_code=clean_line(request.args.get("thu_tuc", ""))[:40],
        unit_code=clean_line(request.args.get("don_vi", ""))[:80],
        kind=request.args.get("loai"),
    )
    return _form_page(Sheet(form, signing.new_stamp()))


@blueprint.post("/phan-anh/gui")
@csrf.exempt  # type: ignore[untyped-decorator]
def send() -> ResponseReturnValue:
    """Review, change or send, as the button says."""
    sheet = _posted()
    step = request.form.get("buoc", "")
    if sheet.form.kind.data in REFERRALS:
        return _page("feedback/referral.html", sheet, 200)
    try:
        sheet.file_problem = _take_files(sheet)
    except (OSError, SQLAlchemyError):
        log.exception("feedback.file_not_stored")
        _forget_transaction()
        sheet.notice = NOT_STORED
        return _form_page(sheet, 503)
    if step == "sua":
        return _form_page(sheet)
    if not _sound(sheet):
        if step == "gui" and set(sheet.form.errors) == {"csrf_token"}:
            sheet.notice = EXPIRED
            return _review_page(sheet, 400)
        return _form_page(sheet, 400)
    return _accept(sheet) if step == "gui" else _review_page(sheet)


@blueprint.get("/phan-anh/bien-nhan")
def show_receipt() -> ResponseReturnValue:
    """The code, for half an hour, in the browser that sent the form."""
    kept = session.get(_COOKIE)
    receipt = _receipt(kept) if isinstance(kept, list) and len(kept) == 2 else None
    status = 200 if receipt else 404
    code = codes.show(receipt.code) if receipt else ""
    page = render_template("feedback/receipt.html", receipt=receipt, code=code)
    return make_response(page, status)


@blueprint.post("/phan-anh/bien-nhan")
def forget_receipt() -> ResponseReturnValue:
    """Take the receipt off this browser, for people at a shared computer."""
    session.pop(_COOKIE, None)
    return redirect(url_for("feedback.index"), 303)


def keep_receipt(receipt: Receipt) -> None:
    """Let this browser, and only it, show the receipt for half an hour."""
    session[_COOKIE] = [receipt.seed, int(clock.now().timestamp())]


def _receipt(kept: list[str | int]) -> Receipt | None:
    age = clock.now() - datetime.fromtimestamp(int(kept[1]), clock.LOCAL_ZONE)
    return submission.receipt(str(kept[0])) if age < RECEIPT_LIFE else None


def _posted() -> Sheet:
    stamp = signing.read_stamp(request.form.get("dau", ""))
    sheet = Sheet(SendForm(), stamp or signing.new_stamp(), genuine=stamp is not None)
    dropped = set(request.form.getlist("bo_tep"))
    for token in request.form.getlist("tep_da_nhan")[: 2 * attachments.MAX_FILES]:
        file = signing.read_attachment(token)
        if file and file.stored_name not in dropped:
            sheet.files.append(file)
    return sheet


def _take_files(sheet: Sheet) -> str:
    """Store what was uploaded; returns what is wrong with the rest, in words."""
    problems: list[str] = []
    for upload in request.files.getlist("tep"):
        if not upload.filename:
            continue
        try:
            if len(sheet.files) >= attachments.MAX_FILES:
                said = f"Bạn gửi nhiều nhất {attachments.MAX_FILES} tệp. Bạn bỏ bớt tệp."
                raise Invalid({"files": said})
            submission.allow_file(client_address())
            sheet.files.append(attachments.receive(upload.stream, upload.filename))
        except Invalid as error:
            problems += error.problems.values()
    return " ".join(problems)


def _sound(sheet: Sheet) -> bool:
    valid = bool(sheet.form.validate())
    if _unknown_procedure(sheet):
        sheet.form.add_problems(
            {"procedure_code": "Không có thủ tục nào mang mã này. Bạn xem lại mã, hoặc bỏ trống."}
        )
        valid = False
    if sheet.file_problem:
        sheet.form.add_problems({"": sheet.file_problem})
    if not valid or sheet.file_problem:
        return False
    try:
        submission.check(sheet.draft())
    except Invalid as error:
        sheet.form.add_problems(error.problems)
        return False
    return True


def _accept(sheet: Sheet) -> ResponseReturnValue:
    if not sheet.genuine or sheet.stamp.too_fast or sheet.stamp.expired:
        sheet.notice = TOO_FAST if sheet.genuine and sheet.stamp.too_fast else EXPIRED
        return _review_page(sheet, 400)
    try:
        receipt = submission.submit(
            sheet.draft(), form=sheet.stamp.key, network=client_address(),
            suspicious=bool(sheet.form.trang_web.data),
        )  # fmt: skip
    except Invalid as error:
        sheet.form.add_problems(error.problems)
        return _form_page(sheet, 400)
    except TooMany as error:
        minutes = -(-error.retry_after // 60)
        sheet.notice = (
            f"Mạng của bạn vừa gửi nhiều nội dung. Bạn chờ khoảng {minutes} phút rồi bấm gửi lại;"
            " nội dung vẫn còn trên trang này."
        )
        response = _review_page(sheet, 429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except (SQLAlchemyError, OSError):
        log.exception("feedback.not_stored")
        _forget_transaction()
        sheet.notice = NOT_STORED
        return _review_page(sheet, 503)
    keep_receipt(receipt)
    return redirect(url_for("feedback_send.show_receipt"), 303)


def _form_page(sheet: Sheet, status: int = 200) -> Response:
    return _page("feedback/form.html", sheet, status)


def _review_page(sheet: Sheet, status: int = 200) -> Response:
    return _page("feedback/review.html", sheet, status)


def _page(template: str, sheet: Sheet, status: int) -> Response:
    if sheet.stamp.expired:
        sheet.stamp = sheet.stamp.renewed()
    page = render_template(
        template, sheet=sheet, form=sheet.form, kind_names=KIND_NAMES,
        procedure_name=_procedure_name(sheet), max_body=MAX_BODY, max_files=attachments.MAX_FILES,
        accept=attachments.ACCEPT,
    )  # fmt: skip
    return make_response(page, status)


def _units() -> dict[str, str] | None:
    """The agency's units; None when the database does not answer."""
    try:
        return unit_names()
    except SQLAlchemyError:
        _forget_transaction()
        return None


def _unknown_procedure(sheet: Sheet) -> bool:
    """Whether a code was typed that no procedure has. A silent database blames nobody."""
    code = typed(sheet.form.procedure_code)
    try:
        return bool(code) and not neighbours.is_procedure(code)
    except SQLAlchemyError:
        _forget_transaction()
        return False


def _procedure_name(sheet: Sheet) -> str | None:
    try:
        return neighbours.procedure_name(sheet.form.procedure_code.data)
    except SQLAlchemyError:
        _forget_transaction()
        return None


def _forget_transaction() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError:
        log.exception("rollback.failed")
