"""The audit log at the desk: read, filter, export. Nothing here can change it."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
)
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import FileWrapper

from portal.accounts import audit_log, queries
from portal.accounts.access import DESK, current_actor, needs
from portal.accounts.audit_log import Filters
from portal.accounts.forms import AuditFilterForm
from portal.accounts.list_views import UNFILTERED, BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.core import audit_anchor, clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.web.pages import paginate
from portal.core.web.requests import page_number

blueprint = Blueprint("audit_desk", __name__, url_prefix=f"{DESK}/nhat-ky")
_PAGE = 50
_NOT_FILTERS = {"trang", *UNFILTERED}


@blueprint.get("/")
@needs("audit.read")
def index() -> Response | BaseResponse:
    """The entries that fit the filters, the latest first."""
    views = list_views(DeskList.AUDIT, [BuiltIn("Tất cả")])
    if views.start:
        return redirect(views.start, 303)
    form = _form()
    good = form.validate()
    number = page_number()
    filters = _filters(form) if good else Filters()
    page = paginate(db.session(), audit_log.entries(filters), number, _PAGE)
    lines = audit_log.in_words(page.items)
    html = render_template(
        "accounts/audit.html", form=form, page=page, lines=lines, asked=_asked(), views=views,
        checked=audit_anchor.last_look(), most=audit_log.WORKBOOK_LIMIT,
    )  # fmt: skip
    response = make_response(html)
    response.status_code = 200 if good else 400
    return response


@blueprint.get("/nhat-ky.csv")
@needs("audit.read")
def export() -> Response:
    """The same entries, all of them, as a file."""
    filters, noted = _noted("csv", audit_log.EXPORT_LIMIT)
    lines = stream_with_context(audit_log.export(filters, noted))
    response = Response(lines, content_type="text/csv; charset=utf-8")
    return _as_download(response, "csv")


@blueprint.get("/nhat-ky.xlsx")
@needs("audit.read")
def workbook() -> Response:
    """The same as a workbook."""
    filters, noted = _noted("xlsx", audit_log.WORKBOOK_LIMIT)
    response = Response(
        stream_with_context(FileWrapper(audit_log.workbook(filters, noted))),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    return _as_download(response, "xlsx")


@blueprint.get("/kiem-tra")
@needs("audit.read")
def chain() -> str:
    """When the chain was verified last, with which result, and its end to be kept elsewhere."""
    return render_template(
        "accounts/audit_chain.html", last=audit_anchor.last_look(),
        head=audit_anchor.head(db.session()),
    )  # fmt: skip


def _noted(kind: str, most: int) -> tuple[Filters, int]:
    """The filters of an export, and the entry of the log that tells of it."""
    form = _form()
    if not form.validate():
        abort(400)
    filters = _filters(form)
    rows = min(audit_log.count(filters), most)
    return filters, audit_log.note_export(current_actor(), kind, _asked(), rows)


def _as_download(response: Response, suffix: str) -> Response:
    name = f"nhat-ky-{clock.today():%Y%m%d}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked() -> dict[str, str]:
    """The filters in use, as they stand in the address."""
    return {name: text for name, text in request.args.items() if text and name not in _NOT_FILTERS}


def _form() -> AuditFilterForm:
    form = AuditFilterForm(request.args)
    form.nguoi.choices = {"": "Mọi người", **queries.all_names()}
    return form


def _filters(form: AuditFilterForm) -> Filters:
    person = form.nguoi.data or ""
    return Filters(
        event=AuditEvent(form.su_viec.data) if form.su_viec.data else None,
        person=int(person) if person.isdecimal() else None,
        kind=form.loai.data or "",
        thing=form.ma.data or "",
        first_day=form.tu_ngay.data,
        last_day=form.den_ngay.data,
        words=form.q.data or "",
    )
