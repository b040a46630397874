"""Files that come to the library at the desk: new ones, those of the editor, replacements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import current_actor, needs
from portal.accounts.permissions import require
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.web.forms import PortalForm, first_error
from portal.media import lacks, queries, replacing, service
from portal.media.desk import FILE, blueprint, page_of
from portal.media.forms import (
    CaptionsForm,
    DescriptionForm,
    PosterForm,
    ReplaceForm,
    UploadForm,
)
from portal.media.intake import Upload
from portal.media.models import MediaFile, MediaKind
from portal.media.service import Description

_EDITOR_KINDS = {
    "image": (MediaKind.IMAGE,),
    "file": (MediaKind.DOCUMENT, MediaKind.AUDIO, MediaKind.VIDEO),
}
_LIBRARY_SIZE = 24
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: taken in, refused with a `reason`, or there already."""

    name: str
    media_id: int = 0
    reason: str = ""
    twin: MediaFile | None = None


@blueprint.route("/tai-len", methods=["GET", "POST"])
@needs("media.upload")
def upload() -> str | BaseResponse | tuple[str, int]:
    """A form for one file or several; each is judged by itself."""
    form = UploadForm()
    results: list[Taken] = []
    if form.validate_on_submit():
        sent = [one for one in form.file.data if one and one.filename]
        if len(sent) > MOST_FILES:
            form.add_problems({"file": f"Mỗi lần tải lên nhiều nhất {MOST_FILES} tệp."})
        else:
            results = [_take(form, one, alone=len(sent) == 1) for one in sent]
            if all(taken.media_id for taken in results):
                return _all_taken(results)
            if len(results) == 1 and results[0].reason:
                form.add_problems({"file": f"{results[0].name}: {results[0].reason}"})
                results = []
    status = 400 if form.is_submitted() else 200
    return render_template("media/upload.html", form=form, results=results), status


def _take(form: UploadForm, sent: FileStorage, *, alone: bool) -> Taken:
    upload, name = _sent(sent), sent.filename or ""
    try:
        if not form.again.data and (twin := service.same_as(upload)):
            return Taken(name, twin=twin)
        said = form.said(alone=alone)
        return Taken(name, media_id=service.upload(current_actor(), upload, said))
    except Invalid as error:
        return Taken(name, reason=str(error))


def _all_taken(results: list[Taken]) -> BaseResponse:
    if len(results) == 1:
        flash("Đã thêm vào thư viện.")
        return redirect(url_for("media_desk.edit", media_id=results[0].media_id), 303)
    flash(f"Đã thêm {len(results)} tệp. Bạn bổ sung mô tả cho từng tệp.")
    return redirect(url_for("media_desk.index"), 303)


@blueprint.post("/tai-len.json")
@needs("media.upload")
def upload_for_editor() -> tuple[Response, int]:
    """One file by script: the answer is what the editor puts into the text. The library's own
    file is answered (200, `existing`) when it has the same one, unless `again` is sent."""
    sent = request.files.get("file")
    if sent is None:
        return jsonify(error="Chọn tệp cần tải lên."), 400
    names = ("title", "alt", "credit", "licence", "source")
    said = {name: request.form.get(name, "") for name in names}
    try:
        if not request.form.get("again") and (twin := service.same_as(_sent(sent))):
            return jsonify(_for_editor(twin) | {"existing": True}), 200
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


@blueprint.post(FILE + "/thay")
@needs("media.edit")
def replace(media_id: int) -> BaseResponse | tuple[str, int]:
    """Put another file in the place of this one."""
    form = ReplaceForm()
    return _change(
        media_id, form, form.file,
        lambda: replacing.replace(current_actor(), media_id, _sent(form.file.data)),
        "Đã thay tệp. Mọi nơi dùng tệp này hiện tệp mới; tệp cũ còn ở mục “Các tệp trước đây”.",
    )  # fmt: skip


@blueprint.post(FILE + "/phien-ban/<int(max=2147483647):version_id>")
@needs("media.edit")
def restore_version(media_id: int, version_id: int) -> BaseResponse | tuple[str, int]:
    """Bring a former content back."""
    return _change(
        media_id, None, None,
        lambda: replacing.restore_version(current_actor(), media_id, version_id),
        "Đã đưa tệp cũ trở lại.",
    )  # fmt: skip


@blueprint.post(FILE + "/anh-dai-dien")
@needs("media.edit")
def poster(media_id: int) -> BaseResponse | tuple[str, int]:
    """Give a film its picture, or take it away."""
    actor = current_actor()
    if request.form.get("bo"):
        return _change(
            media_id, None, None, lambda: replacing.set_poster(actor, media_id, None),
            "Đã bỏ ảnh đại diện.",
        )  # fmt: skip
    form = PosterForm()
    return _change(
        media_id, form, form.poster,
        lambda: replacing.set_poster(actor, media_id, _sent(form.poster.data)),
        "Đã đặt ảnh đại diện.",
    )  # fmt: skip


@blueprint.post(FILE + "/phu-de")
@needs("media.edit")
def captions(media_id: int) -> BaseResponse | tuple[str, int]:
    """Give a film its captions, or take them away."""
    actor = current_actor()
    if request.form.get("bo"):
        return _change(
            media_id, None, None, lambda: replacing.set_captions(actor, media_id, None),
            "Đã bỏ phụ đề.",
        )  # fmt: skip
    form = CaptionsForm()
    return _change(
        media_id, form, form.captions,
        lambda: replacing.set_captions(actor, media_id, form.captions.data.stream),
        "Đã thêm phụ đề. Phim chưa có bản chép lời thì lời phụ đề được chép sang.",
    )  # fmt: skip


def _change(
    media_id: int,
    form: PortalForm | None,
    field: Any,
    verb: Callable[[], None],
    done: str,
) -> BaseResponse | tuple[str, int]:
    """Run a verb on a file; a refusal is told on its page beside the form that was sent."""
    media = queries.by_id(db.session(), media_id) or abort(404)
    require(current_actor(), "media.edit", media)
    problems: dict[str, str] = {}
    if form is not None and not form.validate():
        problems = {field.id: first_error(field)} if field.errors else {"": form.problem_list[0][1]}
    else:
        try:
            verb()
        except Invalid as error:
            name = f"{field.data.filename}: " if field is not None else ""
            problems = {key: f"{name}{message}" for key, message in error.problems.items()}
    if not problems:
        flash(done)
        return redirect(url_for("media_desk.edit", media_id=media_id), 303)
    return page_of(media_id, DescriptionForm(None, obj=media), 400, problems)


def _sent(sent: FileStorage) -> Upload:
    return Upload(sent.stream, sent.filename or "", sent.mimetype or "")  # type: ignore[arg-type]


def _for_editor(media: MediaFile) -> dict[str, Any]:
    lack = lacks.lack_of(media)
    answer: dict[str, Any] = {
        "id": media.id, "url": media.url, "title": media.title, "alt": media.alt,
        "credit": media.credit, "page": url_for("media_desk.edit", media_id=media.id),
        "lack": lacks.LACK_NAMES[lack] if lack else "",
    }  # fmt: skip
    if media.kind == MediaKind.IMAGE:
        width, height = media.shown_size
        answer |= {
            "width": width, "height": height, "thumb": media.variant_url(media.widths[0]),
        }  # fmt: skip
    return answer
