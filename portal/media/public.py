"""Files of the library as readers fetch them: the stored type, nothing that runs, ranges."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort, send_file
from flask_login import current_user

from portal.accounts.permissions import may
from portal.core.db import db
from portal.media import queries, storage, usage
from portal.media.models import MediaFile, MediaKind

blueprint = Blueprint("media", __name__)
_SEALED = "default-src 'none'; sandbox"
_PDF_POLICY = "default-src 'none'"  # a sandbox would keep the browser's own PDF viewer away
_VARIANT_TYPES = {".webp": "image/webp", ".jpg": "image/jpeg"}


@blueprint.get("/tu-lieu/<public_id>/<variant>")
def file(public_id: str, variant: str) -> Response:
    """A file that something published shows; staff may look at the others too."""
    media = queries.by_public_id(db.session(), public_id)
    path = storage.path_of(media, variant) if media else None
    if media is None or path is None:
        abort(404)
    public = usage.is_public(db.session(), media)
    if not public and not _may_preview():
        abort(404)
    return _send(media, path, public=public)


def _may_preview() -> bool:
    if not current_user.is_authenticated or current_user.must_enrol:
        return False
    return may(current_user.actor, "media.list")


def _send(media: MediaFile, path: Path, *, public: bool) -> Response:
    try:
        answer = send_file(
            path, mimetype=_VARIANT_TYPES.get(path.suffix, media.mime), conditional=True,
            etag=f"{media.stored_name}-{path.name.rpartition('-')[2]}", max_age=None,
        )  # fmt: skip
    except FileNotFoundError:
        abort(404)
    is_pdf = media.extension == "pdf"
    answer.headers["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _SEALED
    answer.headers["Content-Disposition"] = disposition(media, path.suffix)
    answer.headers["Cache-Control"] = "public, max-age=600" if public else "private, no-store"
    return answer


def disposition(media: MediaFile, suffix: str) -> str:
    """Whether a browser shows a file or saves it, and under which name."""
    shown = media.kind in (MediaKind.IMAGE, MediaKind.AUDIO) or media.extension == "pdf"
    name = Path(media.original_name).stem + suffix
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c if c.isalnum() or c in "._- " else "" for c in plain if c.isascii())
    how = "inline" if shown else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
