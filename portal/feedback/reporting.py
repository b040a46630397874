"""“Báo sai sót”: a short form for who finds a mistake on the page of a procedure.

It becomes a feedback like any other, with its code and due day, but lies at once with the unit
that answers for the procedure and says which version of the page was read.
"""

from __future__ import annotations

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
from wtforms import BooleanField, SelectField, StringField

from portal.core.errors import Invalid, NotFound
from portal.core.web.forms import LineField, PortalForm, TextField, csrf, required
from portal.feedback import accepting, neighbours, signing
from portal.feedback.accepting import NotYet
from portal.feedback.forms import limited, long_enough, typed
from portal.feedback.models import MAX_BODY, Kind
from portal.feedback.neighbours import ProcedureCard
from portal.feedback.submission import Draft

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
    return _page(form, _card(code), None)


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
        return _page(form, card, stamp, 400)
    try:
        accepting.accept(
            form.draft(card, request.form.get("ban_so", "")), stamp,
            suspicious=bool(form.trang_web.data),
        )  # fmt: skip
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(form, card, stamp, 400)
    except NotYet as reason:
        response = _page(form, card, stamp, reason.status, reason.notice)
        response.headers.update(reason.headers)
        return response
    return redirect(url_for("feedback_receipt.show"), 303)


def _page(
    form: ReportForm, card: ProcedureCard, stamp: signing.Stamp | None, status: int = 200,
    said: str = "",
) -> Response:  # fmt: skip
    page = render_template(
        "feedback/report.html", form=form, card=card, notice=said, most=MOST,
        version=request.values.get("ban_so", str(card.version))[:6], stamp=signing.fresh(stamp),
    )  # fmt: skip
    return make_response(page, status)


def _card(code: str) -> ProcedureCard:
    card = neighbours.procedure_card(code)
    if card is None:
        raise NotFound(code)
    return card
