"""The register and its figures at the desk: a period to read, to print and to take away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Response, abort, render_template, request, url_for
from wtforms import DateField
from wtforms.validators import InputRequired

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.core.web.forms import AddressForm
from portal.core.web.requests import page_number
from portal.feedback import overview, register_files, register_rows
from portal.feedback.overview import Overview, Period
from portal.feedback.register_rows import Line

blueprint = desk_blueprint("feedback_register", "phan-anh/so")
LONGEST_DAYS = 366 * 3
_DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
_DAY = [InputRequired("Chọn ngày, ví dụ 01/11/2026.")]
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class PeriodForm(AddressForm):
    """Which days; the names stand in the address."""

    tu_ngay = DateField("Từ ngày", _DAY, format=_DAYS)
    den_ngay = DateField("Đến ngày", _DAY, format=_DAYS)

    @property
    def period(self) -> Period:
        """What was asked for, once both days are there."""
        assert self.tu_ngay.data
        assert self.den_ngay.data
        return Period(self.tu_ngay.data, self.den_ngay.data)

    def validate(self, extra_validators: object = None) -> bool:
        """Dates in their order, and a period that one page can hold."""
        if not super().validate():
            return False
        period = self.period
        if period.first > period.last:
            self.den_ngay.errors = ["Ngày cuối phải từ ngày đầu trở đi."]
        elif (period.last - period.first).days > LONGEST_DAYS:
            self.den_ngay.errors = ["Kỳ dài nhất là ba năm. Chọn kỳ ngắn hơn."]
        return not self.den_ngay.errors


@blueprint.get("/")
@needs("feedback.report")
def index() -> Response:
    """Figures of a period, and its register page by page."""
    form, period = _asked()
    return _page(form, period, 200 if not form.errors else 400)


@blueprint.get("/so-theo-doi.xlsx")
@needs("feedback.report")
def register_xlsx() -> Response:
    """The register of a period as a workbook."""
    return _register("xlsx", lambda lines, _: register_files.register_xlsx(lines))


@blueprint.get("/so-theo-doi.docx")
@needs("feedback.report")
def register_docx() -> Response:
    """The register of a period as a document."""
    return _register(
        "docx",
        lambda lines, period: register_files.register_docx(lines, period.name, current_settings()),
    )


@blueprint.get("/bao-cao.xlsx")
@needs("feedback.report")
def report_xlsx() -> Response:
    """The figures of a period as a workbook."""
    return _report("xlsx", register_files.figures_xlsx)


@blueprint.get("/bao-cao.docx")
@needs("feedback.report")
def report_docx() -> Response:
    """The figures of a period as a report to be finished and signed."""
    return _report("docx", lambda shown: register_files.report_docx(shown, current_settings()))


def _register(kind: str, make: Callable[[list[Line], Period], bytes]) -> Response:
    form, period = _asked()
    if form.errors:
        abort(400)
    try:
        lines = register_rows.all_lines(db.session(), current_actor(), period, kind)
    except Invalid as refusal:
        form.den_ngay.errors = list(refusal.problems.values())
        return _page(form, period, 400)
    return _file(make(lines, period), "so-phan-anh", kind, period, len(lines))


def _report(kind: str, make: Callable[[Overview], bytes]) -> Response:
    form, period = _asked()
    if form.errors:
        abort(400)
    shown = overview.of(db.session(), current_actor(), period)
    return _file(make(shown), "bao-cao-phan-anh", kind, period, shown.total.received)


def _asked() -> tuple[PeriodForm, Period]:
    """The form of the address, and the period it names; this month when it names none."""
    month = overview.month_of(clock.today())
    if not request.args.get("tu_ngay") and not request.args.get("den_ngay"):
        return PeriodForm(data={"tu_ngay": month.first, "den_ngay": month.last}), month
    form = PeriodForm(request.args)
    if not form.validate():
        return form, month
    return form, form.period


def _page(form: PeriodForm, period: Period, status: int) -> Response:
    actor, session = current_actor(), db.session()
    shown = overview.of(session, actor, period)
    days = {"tu_ngay": period.first.isoformat(), "den_ngay": period.last.isoformat()}
    html = render_template(
        "feedback/register.html", form=form, period=period, shown=shown, days=days,
        page=register_rows.lines(session, actor, period, page_number()),
        sentences=register_files.sentences(shown), head=register_files.FIGURE_HEAD,
        cells=register_files.figure_cells, decimal=register_files.decimal,
        whole=overview.sees_all(actor), shortcuts=_shortcuts(), most=register_rows.MOST,
    )  # fmt: skip
    return Response(html, status)


def _shortcuts() -> list[tuple[str, str]]:
    """Periods that are asked for most, as addresses."""
    today = clock.today()
    this = overview.month_of(today)
    before = overview.month_of(this.first - timedelta(days=1))
    quarter = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    year = today.replace(month=1, day=1)
    wanted = (
        ("Tháng này", this), ("Tháng trước", before), ("Quý này", Period(quarter, this.last)),
        ("Năm nay", Period(year, this.last)),
    )  # fmt: skip
    return [(name, _address(period)) for name, period in wanted]


def _address(period: Period) -> str:
    return url_for(
        "feedback_register_desk.index", tu_ngay=period.first.isoformat(),
        den_ngay=period.last.isoformat(),
    )  # fmt: skip


def _file(content: bytes, name: str, kind: str, period: Period, rows: int) -> Response:
    """The download; that it was taken stands in the log."""
    with write() as session:
        audit.record(
            session, AuditEvent.FEEDBACK_EXPORTED, actor_id=current_actor().user_id,
            thing=("feedback", name),
            changes={"format": (None, kind), "period": (None, period.name), "rows": (None, rows)},
        )  # fmt: skip
    days = f"{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    response = Response(content, content_type=_KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{days}.{kind}"'
    return response
