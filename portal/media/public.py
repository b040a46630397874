"""Files of the library as readers fetch them: the stored type, nothing that runs, ranges; and the
page that tells of a document or recording."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from flask_login import current_user
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.utils import send_file

from portal.accounts.permissions import may
from portal.core.db import db
from portal.media import lacks, queries, ranges, storage, usage
from portal.media.models import KIND_NAMES, LICENCE_NAMES, MediaFile, MediaKind

blueprint = Blueprint("media", __name__)
_SEALED = "default-src 'none'; sandbox"
_PDF_POLICY = "default-src 'none'"  # a sandbox would keep the browser's own PDF viewer away
_SIDE_TYPES = {".webp": "image/webp", ".jpg": "image/jpeg", ".vtt": "text/vtt"}
_SHOWN = (MediaKind.IMAGE, MediaKind.AUDIO, MediaKind.VIDEO)
_PRIVATE = "private, no-store"
_DATED = "public, max-age=600"  # short: what is withdrawn goes from readers' machines soon
_LASTING = "public, no-cache"  # printed and written addresses: asked for anew after a replacement


@blueprint.get("/tu-lieu/<public_id>/<variant>")
def file(public_id: str, variant: str) -> Response:
    """A file that something published shows; staff may look at the others too."""
    media = queries.by_public_id(db.session(), public_id) or abort(404)
    path = storage.path_of(media, variant)
    if path is None and media.replaced_at is not None:
        former = queries.former_widths(db.session(), media.id)
        path = storage.path_of(media, variant, former)
    if path is None:
        abort(404)
    public = usage.is_public(db.session(), media)
    if not public and not _may_preview():
        abort(404)
    return send(media, path, public=public)


@blueprint.get("/tu-lieu/<public_id>/")
def page(public_id: str) -> Response:
    """What a document or recording is, with its player, transcript or abstract."""
    media = queries.by_public_id(db.session(), public_id) or abort(404)
    public = usage.is_public(db.session(), media)
    if media.kind == MediaKind.IMAGE or not (public or _may_preview()):
        abort(404)
    answer = make_response(render_template(
        "media/page.html", media=media, kind=KIND_NAMES[MediaKind(media.kind)], public=public,
        unread=media.text_layer in lacks.UNREAD,
        licence={k.value: name for k, name in LICENCE_NAMES.items()}.get(media.licence, ""),
    ))  # fmt: skip
    if not public:
        answer.headers["Cache-Control"] = _PRIVATE
    return answer


def _may_preview() -> bool:
    if not current_user.is_authenticated or current_user.must_enrol:
        return False
    return may(current_user.actor, "media.list")


def send(media: MediaFile, path: Path, *, public: bool) -> Response:
    try:
        size = path.stat().st_size
        answer: Response = send_file(  # type: ignore[assignment]  # the response class is Flask's
            path, _environ(size), mimetype=_type(media, path), conditional=True,
            etag=path.name.replace(".", "-"), max_age=None,
            response_class=current_app.response_class,
        )  # fmt: skip
    except FileNotFoundError:
        abort(404)
    except RequestedRangeNotSatisfiable:
        answer = Response(
            status=416, mimetype="text/plain", headers={"Content-Range": f"bytes */{size}"}
        )
    is_pdf = media.extension == "pdf"
    answer.headers["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _SEALED
    answer.headers["Content-Disposition"] = disposition(media, path.suffix)
    answer.headers["Cache-Control"] = _keeping(path) if public else _PRIVATE
    return answer


def _environ(size: int) -> dict[str, Any]:
    """The request with its range as one that is surely understood, or none."""
    environ = dict(request.environ)
    header = environ.pop("HTTP_RANGE", "")
    try:
        part = ranges.wanted(header, size) if header else None
    except ranges.UnsatisfiableError:
        environ["HTTP_RANGE"] = f"bytes={size}-"
    else:
        if part:
            environ["HTTP_RANGE"] = f"bytes={part[0]}-{part[1]}"
    return environ


def _type(media: MediaFile, path: Path) -> str:
    own = media.kind != MediaKind.IMAGE and path.stem == media.stored_name
    return media.mime if own else _SIDE_TYPES[path.suffix]


def _keeping(path: Path) -> str:
    """How long a browser may keep what it got: an address that names this very content is given
    up by our pages when the content is replaced."""
    stamp = request.args.get("v", "")
    return _DATED if stamp and path.name.startswith(stamp) and len(stamp) == 8 else _LASTING


def disposition(media: MediaFile, suffix: str) -> str:
    """Whether a browser shows a file or saves it, and under which name."""
    shown = media.kind in _SHOWN or media.extension == "pdf"
    name = Path(media.original_name).stem + suffix
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c if c.isalnum() or c in "._- " else "" for c in plain if c.isascii())
    how = "inline" if shown else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
