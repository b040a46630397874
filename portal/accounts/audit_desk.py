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

from portal.accounts import audit_log, queries
from portal.accounts.access import DESK, needs
from portal.accounts.audit_log import Filters
from portal.accounts.forms import AuditFilterForm
from portal.accounts.list_views import UNFILTERED, BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.core import clock
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
    asked = {name: text for name, text in request.args.items() if text and name not in _NOT_FILTERS}
    html = render_template(
        "accounts/audit.html", form=form, page=page, lines=lines, asked=asked, views=views
    )
    response = make_response(html)
    response.status_code = 200 if good else 400
    return response


@blueprint.get("/nhat-ky.csv")
@needs("audit.read")
def export() -> Response:
    """The same entries, all of them, as a file."""
    form = _form()
    if not form.validate():
        abort(400)
    lines = stream_with_context(audit_log.export(_filters(form)))
    response = Response(lines, content_type="text/csv; charset=utf-8")
    name = f"nhat-ky-{clock.today():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
    )
