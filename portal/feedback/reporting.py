"""“Báo sai sót”: a short form for who finds a mistake on the page of a procedure.

It becomes a feedback like any other, with its code and due day, but lies at once with the unit
that answers for the procedure and says which version of the page was read.
"""

from __future__ import annotations

import logging

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from wtforms import BooleanField, SelectField, StringField

from portal.core.db import db
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.web.forms import EXPIRED, LineField, PortalForm, TextField, csrf, required
from portal.core.web.requests import client_address
from portal.feedback import neighbours, signing, submission
from portal.feedback.forms import limited, long_enough, typed
from portal.feedback.models import MAX_BODY, Kind
from portal.feedback.neighbours import ProcedureCard
from portal.feedback.sending import NOT_STORED, TOO_FAST, keep_receipt
from portal.feedback.submission import Draft

log = logging.getLogger(__name__)
blueprint = Blueprint("feedback_report", __name__)
PARTS = {
    "ten": "Tên, mã, lĩnh vực",
    "ho-so": "Hồ sơ, giấy tờ",
    "mau": "Mẫu đơn, tờ khai",
    "thoi-han": "Thời hạn",
    "phi": "Phí, lệ phí",
    "noi-nop": "Nơi nộp, cách nộp",
    "cac-buoc": "Các bước",
    "can-cu": "Căn cứ pháp lý",
    "hieu-luc": "Hiệu lực, thủ tục thay thế",
    "lien-ket": "Liên kết không mở được",
    "khac": "Phần khác",
}
MOST = MAX_BODY - 300  # room for the line that says which page was read


class ReportForm(PortalForm):
    """What is wrong, and whom to answer if they wish."""

    part = SelectField("Phần nào sai?", choices=PARTS, default="khac")
    body = TextField(
        "Sai thế nào?",
        [required("Viết điều bạn thấy sai."), long_enough, limited(MOST, "Nội dung")],
    )
    name = LineField("Họ và tên", [limited(120, "Họ và tên")])
    email = LineField("Thư điện tử (email)", [limited(254, "Thư điện tử")])
    consent = BooleanField(
        "Tôi đồng ý cho cơ quan dùng liên hệ trên để xử lý và trả lời nội dung này"
    )
    # People do not see this field; programs that fill in everything do.
    trang_web = StringField("Bỏ trống ô này")

    def draft(self, card: ProcedureCard, version: str) -> Draft:
        """The report as a feedback. `version` is that of the page when it was read."""
        part = PARTS[self.part.data]
        read = version if version.isdecimal() and len(version) < 7 else str(card.version)
        return Draft(
            kind=Kind.SUGGESTION,
            subject=f"Báo sai sót thủ tục {card.code}: {part}",
            body=f"{typed(self.body)}\n\n(Phần: {part}. Trang thủ tục {card.code}, bản số {read}.)",
            procedure_code=card.code,
            handled_by=card.unit_code or "",
            name=typed(self.name),
            email=typed(self.email),
            consent=self.consent.data,
        )


@blueprint.get("/thu-tuc/<code>/bao-sai-sot")
def open_report(code: str) -> ResponseReturnValue:
    """An empty form; `phan` says which part of the page it was opened from."""
    part = request.args.get("phan", "")
    form = ReportForm(formdata=None, part=part if part in PARTS else "khac")
    return _page(form, _card(code), signing.new_stamp())


@blueprint.post("/thu-tuc/<code>/bao-sai-sot")
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks the token and keeps the text
def send_report(code: str) -> ResponseReturnValue:
    """Take the report in, or show it again with everything in it."""
    form = ReportForm()
    valid = form.validate()
    if form.csrf_token.errors and neighbours.procedure_card(code) is None:
        abort(400)
    card = _card(code)
    stamp = signing.read_stamp(request.form.get("dau", ""))
    if not valid:
        return _page(form, card, stamp or signing.new_stamp(), 400)
    if stamp is None or stamp.too_fast or stamp.expired:
        said = TOO_FAST if stamp and stamp.too_fast else EXPIRED
        return _page(form, card, stamp or signing.new_stamp(), 400, said)
    try:
        receipt = submission.submit(
            form.draft(card, request.form.get("ban_so", "")), form=stamp.key,
            network=client_address(), suspicious=bool(form.trang_web.data),
        )  # fmt: skip
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(form, card, stamp, 400)
    except TooMany as error:
        return _too_many(form, card, stamp, error)
    except (SQLAlchemyError, OSError):
        log.exception("feedback.report_not_stored")
        db.session.rollback()
        return _page(form, card, stamp, 503, NOT_STORED)
    keep_receipt(receipt)
    return redirect(url_for("feedback_send.show_receipt"), 303)


def _too_many(
    form: ReportForm, card: ProcedureCard, stamp: signing.Stamp, error: TooMany
) -> Response:
    minutes = -(-error.retry_after // 60)
    said = (
        f"Mạng của bạn vừa gửi nhiều nội dung. Bạn chờ khoảng {minutes} phút rồi bấm gửi lại;"
        " nội dung vẫn còn trên trang này."
    )
    response = _page(form, card, stamp, 429, said)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _page(
    form: ReportForm, card: ProcedureCard, stamp: signing.Stamp, status: int = 200, said: str = ""
) -> Response:
    page = render_template(
        "feedback/report.html", form=form, card=card, notice=said, most=MOST,
        version=request.values.get("ban_so", str(card.version))[:6],
        stamp=stamp.renewed() if stamp.expired else stamp,
    )  # fmt: skip
    return make_response(page, status)


def _card(code: str) -> ProcedureCard:
    card = neighbours.procedure_card(code)
    if card is None:
        raise NotFound(code)
    return card
