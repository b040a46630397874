"""The part of the copy's editor that is about attachments: left out, or a covered picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, request, send_file
from werkzeug.datastructures import FileStorage

from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.text import clean_line
from portal.feedback import contacts, public_pictures, signing
from portal.feedback.attachments import Attachment
from portal.feedback.models import MAX_ALT, Feedback, FeedbackFile, FeedbackPublicFile
from portal.feedback.public_pictures import Change, Offer

_SEALED = "default-src 'none'; sandbox"


@dataclass(slots=True)
class Row:
    """An attachment in the editor, or a picture whose attachment was erased."""

    key: str
    name: str = ""
    file: FeedbackFile | None = None
    picture: FeedbackPublicFile | None = None
    wanted: bool = False
    dropped: bool = False
    alt: str = ""
    kept: Attachment | None = None
    problem: str = ""

    @property
    def token(self) -> str:
        """For an uploaded picture that waits while something else is mended."""
        return signing.sign_attachment(self.kept) if self.kept else ""


def rows(feedback: Feedback) -> list[Row]:
    """All attachments as the stored copy has them."""
    pictures = public_pictures.of(db.session(), feedback.id)
    by_source = {picture.source_id: picture for picture in pictures}
    names = contacts.names_of(feedback.files)
    found = [
        Row(f"tep-{file.id}", names[file.id], file, by_source.get(file.id))
        for file in feedback.files
    ]
    found += [Row(f"hinh-{one.id}", picture=one) for one in pictures if one.source_id is None]
    for row in found:
        row.alt = row.picture.alt if row.picture else ""
    return found


def rows_as_sent(feedback: Feedback) -> list[Row]:
    """The same with what the officer chose, typed and uploaded; `problem` says what is wrong."""
    found = rows(feedback)
    for row in found:
        row.alt = clean_line(request.form.get(f"mo-ta-{row.key}", row.alt))
        if row.picture:
            row.dropped = f"bo-{row.key}" in request.form
        elif row.file:
            row.wanted = request.form.get(f"kem-{row.key}") == "1"
            row.kept = signing.read_attachment(request.form.get(f"nhan-{row.key}", ""))
            _take(row, request.files.get(f"anh-{row.key}"), feedback.files)
        row.problem = row.problem or _missing(row)
    return found


def change_of(found: Sequence[Row]) -> Change:
    """What is to be stored. Raises `Invalid` with the problems of the rows."""
    problems = {f"mo-ta-{row.key}": row.problem for row in found if row.problem}
    if problems:
        raise Invalid(problems)
    shown = [row for row in found if row.picture]
    return Change(
        frozenset(row.picture.id for row in shown if row.picture and row.dropped),
        {row.picture.id: row.alt for row in shown if row.picture and not row.dropped},
        [Offer(r.file.id, r.kept, r.alt) for r in found if r.file and r.kept and r.wanted],
    )


def descriptions(found: Sequence[Row]) -> list[str]:
    """The texts beside the pictures that are to be public."""
    return [row.alt for row in found if row.wanted or (row.picture and not row.dropped)]


def send(picture: FeedbackPublicFile | None, keeping: str) -> Response:
    """A picture as an image and nothing else, under its neutral name."""
    if picture is None:
        abort(404)
    try:
        answer = send_file(
            public_pictures.path_of(picture.stored_name), mimetype=picture.mime,
            download_name=public_pictures.name_of(picture), conditional=True,
            etag=picture.sha256[:32], last_modified=None, max_age=None,
        )  # fmt: skip
    except FileNotFoundError:
        abort(404)
    answer.headers["Content-Security-Policy"] = _SEALED
    answer.headers["Cache-Control"] = keeping
    return answer


def _take(row: Row, upload: FileStorage | None, sent: Sequence[FeedbackFile]) -> None:
    if upload is None or not upload.filename:
        return
    try:
        row.kept = public_pictures.receive(sent, upload.stream, upload.filename)
    except Invalid as error:
        row.problem = " ".join(error.problems.values())
        return
    if not row.wanted:
        row.problem = "Bạn vừa tải ảnh lên nhưng đang để “Bỏ ra”. Chọn một trong hai rồi lưu lại."


def _missing(row: Row) -> str:
    if row.wanted and not row.kept:
        return "Chọn ảnh đã che thông tin riêng, hoặc để “Bỏ ra”."
    is_shown = row.wanted or (row.picture is not None and not row.dropped)
    if is_shown and not 0 < len(row.alt) <= MAX_ALT:
        return f"Viết mô tả ảnh, nhiều nhất {MAX_ALT} ký tự."
    return ""
