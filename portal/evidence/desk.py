"""The desk of evidence: what was done beside articles, for which tasks and topics."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import Actor, may, require
from portal.accounts.units import unit_names
from portal.core import clock
from portal.core.db import db
from portal.core.text import clean_line
from portal.core.web.editing import Answer, edit_page
from portal.core.web.pages import paginate
from portal.core.web.requests import page_number
from portal.core.web.toasts import tell
from portal.evidence import queries, service
from portal.evidence.forms import EvidenceForm
from portal.evidence.models import KIND_NAMES, EvidenceKind, EvidenceRecord
from portal.evidence.queries import KIND_SLUGS, Wish
from portal.media import queries as library
from portal.plan.queries import task_choices
from portal.plan.topics import topic_names

blueprint = desk_blueprint("evidence", "ke-hoach/minh-chung")
PIECE = "/<int(max=2147483647):evidence_id>"
PAGE = 50


@blueprint.get("/")
@needs("plan.list")
def index() -> str:
    """All evidence, by words, kind, unit, task and topic."""
    wish = _wish()
    return render_template(
        "evidence/desk/index.html",
        page=paginate(db.session(), queries.listed(wish), page_number(), PAGE),
        wish=wish, units=unit_names(), kinds=KIND_NAMES, slugs=KIND_SLUGS,
        tasks=[(str(task), name) for task, name in task_choices(db.session())],
        topics=topic_names(), address_of=queries.address_of,
    )  # fmt: skip


@blueprint.route("/them/<kind>", methods=["GET", "POST"])
@needs("evidence.create")
def add(kind: str) -> Answer:
    """A new piece; the address may name a task, a topic or a file that it serves."""
    chosen, actor = queries.kind_of(kind), current_actor()
    form = EvidenceForm()
    if not form.is_submitted():
        _prefill(form, actor)
    _offer(form, chosen, actor, None)
    return edit_page(
        form, "evidence/desk/edit.html", done="Đã thêm minh chứng.", record=None, kind=chosen,
        kind_name=KIND_NAMES[chosen], back=_back(),
        save=lambda: service.add(actor, chosen, form.values()),
    )  # fmt: skip


@blueprint.route(PIECE, methods=["GET", "POST"])
@needs("evidence.edit")
def edit(evidence_id: int) -> Answer:
    """Change a piece."""
    actor, record = current_actor(), queries.get(db.session(), evidence_id)
    require(actor, service.EDIT, record)
    kind = EvidenceKind(record.kind)
    form = EvidenceForm(obj=record)
    _offer(form, kind, actor, record)
    return edit_page(
        form, "evidence/desk/edit.html", done="Đã lưu minh chứng.", record=record, kind=kind,
        kind_name=KIND_NAMES[kind], back=url_for("evidence_desk.index"),
        save=lambda: service.edit(actor, evidence_id, form.opened_version, form.values()),
    )  # fmt: skip


@blueprint.post(PIECE + "/go")
@needs("evidence.edit")
def remove(evidence_id: int) -> Response:
    """Let a piece no longer count."""
    record = service.remove(current_actor(), evidence_id)
    undo = url_for("evidence_desk.restore", evidence_id=evidence_id)
    tell(f"Đã gỡ minh chứng “{record.title}”. Minh chứng không còn được tính.", undo=undo)
    return redirect(url_for("evidence_desk.index"), 303)


@blueprint.post(PIECE + "/khoi-phuc")
@needs("evidence.edit")
def restore(evidence_id: int) -> Response:
    """Let a piece count again."""
    record = service.restore(current_actor(), evidence_id)
    flash(f"Đã đưa lại minh chứng “{record.title}”.")
    return redirect(url_for("evidence_desk.index"), 303)


def _wish() -> Wish:
    asked = request.args
    kinds = {slug: kind.value for kind, slug in KIND_SLUGS.items()}
    return Wish(
        words=clean_line(asked.get("q", ""))[:200], kind=kinds.get(asked.get("loai", ""), ""),
        unit=asked.get("don_vi", "")[:80], task=_number(asked.get("nhiem_vu", "")),
        topic=asked.get("chu_de", "")[:80], removed=asked.get("da_go") == "1",
    )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _prefill(form: EvidenceForm, actor: Actor) -> None:
    task, topic = _number(request.args.get("nhiem_vu", "")), request.args.get("chu_de", "")
    form.task_ids.data = [task] if task else []
    form.topic_slugs.data = [topic] if topic else []
    form.media_id.data = _number(request.args.get("tep", "")) or None
    form.unit_code.data = request.args.get("don_vi") or min(actor.units, default="")
    form.day.data = clock.today()


def _back() -> str:
    task = _number(request.args.get("nhiem_vu", ""))
    return url_for("evidence_desk.index", nhiem_vu=task or None)


def _offer(
    form: EvidenceForm, kind: EvidenceKind, actor: Actor, record: EvidenceRecord | None
) -> None:
    """Fill the lists to choose from; what is stored is always among them."""
    session, names = db.session(), unit_names()
    mine = list(names) if may(actor, "plan.edit") else sorted(actor.units)
    if record and record.unit_code and record.unit_code not in mine:
        mine.append(record.unit_code)
    files = {}
    if kind is EvidenceKind.FILE:
        chosen = library.by_id(session, form.media_id.data) if form.media_id.data else None
        recent = [*([chosen] if chosen else []), *library.recent(session, (), 60)]
        files = {media.id: f"{media.title} (.{media.extension})" for media in recent}
    form.offer(
        kind=kind, units={code: names.get(code, code) for code in mine},
        tasks=task_choices(session), topics=topic_names(), files=files,
    )  # fmt: skip
