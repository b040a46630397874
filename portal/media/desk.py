"""The library at the desk: take files in, find, describe, remove and bring back."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.list_views import BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.accounts.permissions import may, require
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.text import clean_line
from portal.core.web.bulk import answer, list_address, nothing_picked, picks
from portal.core.web.requests import page_number
from portal.core.web.toasts import tell
from portal.media import bulk, queries, service, usage
from portal.media.forms import DescriptionForm, UploadForm
from portal.media.models import KIND_NAMES, MediaFile, MediaKind
from portal.media.service import Description, Upload

blueprint = desk_blueprint("media", "tu-lieu")
FILE = "/<int(max=2147483647):media_id>"
_EDITOR_KINDS = {
    "image": (MediaKind.IMAGE,),
    "file": (MediaKind.DOCUMENT, MediaKind.AUDIO),
}
_LIBRARY_SIZE = 24


@blueprint.get("/")
@needs("media.list")
def index() -> str | BaseResponse:
    """The library: search, filter by kind, what was removed."""
    words, kind = clean_line(request.args.get("q", "")), request.args.get("loai", "")
    removed = request.args.get("da-go") == "1"
    views = list_views(DeskList.MEDIA, [BuiltIn("Đang dùng"), BuiltIn("Đã gỡ", (("da-go", "1"),))])
    if views.start:
        return redirect(views.start, 303)
    kinds = [MediaKind(kind)] if kind in list(MediaKind) else []
    query = queries.matching(words, kinds, removed=removed)
    page = queries.page_of(db.session(), query, page_number())
    return render_template(
        "media/list.html", page=page, words=words, kind=kind, removed=removed,
        kind_names=_kind_names(), views=views,
    )  # fmt: skip


@blueprint.route("/tai-len", methods=["GET", "POST"])
@needs("media.upload")
def upload() -> str | BaseResponse | tuple[str, int]:
    """A form for one file."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            number = service.upload(current_actor(), _sent(form.file.data), form.description)
        except Invalid as error:
            form.add_problems(error.problems)
        else:
            flash("Đã thêm vào thư viện.")
            return redirect(url_for("media_desk.edit", media_id=number), 303)
    status = 400 if form.is_submitted() else 200
    return render_template("media/upload.html", form=form), status


@blueprint.post("/tai-len.json")
@needs("media.upload")
def upload_for_editor() -> tuple[Response, int]:
    """The editor sends a file and gets what it puts into the text."""
    sent = request.files.get("file")
    if sent is None:
        return jsonify(error="Chọn tệp cần tải lên."), 400
    said = {name: request.form.get(name, "") for name in ("title", "alt", "credit")}
    try:
        number = service.upload(current_actor(), _sent(sent), Description(**said))
    except Invalid as error:
        return jsonify(error=str(error), problems=error.problems), 400
    media = queries.by_id(db.session(), number)
    assert media is not None
    return jsonify(_for_editor(media)), 201


@blueprint.get("/chon.json")
@needs("media.list")
def choose() -> Response:
    """The newest files that fit some words, for the editor to choose from."""
    kinds = _EDITOR_KINDS.get(request.args.get("kind", "image")) or abort(400)
    query = queries.matching(request.args.get("q", ""), kinds).limit(_LIBRARY_SIZE)
    found = db.session().scalars(query)
    return jsonify(items=[_for_editor(media) for media in found])


@blueprint.route(FILE, methods=["GET", "POST"])
@needs("media.list")
def edit(media_id: int) -> str | BaseResponse | tuple[str, int]:
    """One file: what is said of it, where it is used."""
    media = queries.by_id(db.session(), media_id) or abort(404)
    form = DescriptionForm(obj=media)
    if form.is_submitted():
        require(current_actor(), "media.edit", media)
    if form.validate_on_submit():
        try:
            service.describe(
                current_actor(), media_id, form.description, is_public=form.is_public.data
            )
        except Invalid as error:
            form.add_problems(error.problems)
        else:
            flash("Đã lưu.")
            return redirect(url_for("media_desk.edit", media_id=media_id), 303)
    page = render_template(
        "media/edit.html", media=media, form=form, uses=usage.uses(db.session(), media_id),
        kind_names=_kind_names(), may_edit=may(current_actor(), "media.edit", media),
        may_remove=may(current_actor(), "media.remove", media),
    )  # fmt: skip
    return page, 400 if form.is_submitted() else 200


@blueprint.post(FILE + "/go")
@needs("media.remove")
def remove(media_id: int) -> BaseResponse:
    """Take a file out, with a way back."""
    service.remove(current_actor(), media_id)
    tell(
        "Đã gỡ khỏi thư viện. Bạn có thể khôi phục trong 30 ngày ở mục “Đã gỡ”.",
        undo=url_for("media_desk.restore", media_id=media_id),
    )
    return redirect(url_for("media_desk.edit", media_id=media_id), 303)


@blueprint.post(FILE + "/khoi-phuc")
@needs("media.remove")
def restore(media_id: int) -> BaseResponse:
    """Bring a removed file back."""
    service.restore(current_actor(), media_id)
    flash("Đã khôi phục.")
    return redirect(url_for("media_desk.edit", media_id=media_id), 303)


@blueprint.post("/hang-loat/go")
@needs("media.remove")
def remove_many() -> BaseResponse | str:
    """Take out what was ticked, with a way back."""
    chosen, back = picks(), list_address("media_desk.index")
    if not chosen:
        return nothing_picked(back)
    return answer(
        bulk.remove(current_actor(), chosen), lambda n: f"Đã gỡ {n} tệp khỏi thư viện.", back,
        undo=url_for("media_desk.restore_many"), undo_keys=[pick.key for pick in chosen],
    )  # fmt: skip


@blueprint.post("/hang-loat/khoi-phuc")
@needs("media.remove")
def restore_many() -> BaseResponse | str:
    """Bring back what was ticked."""
    chosen, back = picks(), list_address("media_desk.index")
    if not chosen:
        return nothing_picked(back)
    outcome = bulk.restore(current_actor(), chosen)
    return answer(outcome, lambda n: f"Đã khôi phục {n} tệp.", back)


def _sent(sent: FileStorage) -> Upload:
    return Upload(sent.stream, sent.filename or "", sent.mimetype or "")  # type: ignore[arg-type]


def _for_editor(media: MediaFile) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": media.id, "url": media.url, "title": media.title, "alt": media.alt,
        "credit": media.credit,
    }  # fmt: skip
    if media.kind == MediaKind.IMAGE:
        width, height = media.shown_size
        answer |= {
            "width": width, "height": height, "thumb": media.variant_url(media.widths[0]),
        }  # fmt: skip
    return answer


def _kind_names() -> dict[str, str]:
    return {kind.value: name for kind, name in KIND_NAMES.items()}
