"""A form on its way through a citizen's browser, with its stamp and its waiting files.

Nothing here may fail for a silent database: the page that would tell of it holds what was typed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from flask import request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import FileStorage

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid, Overloaded
from portal.core.settings import current_settings
from portal.core.web.requests import client_address
from portal.core.working_days import Computation
from portal.directory.queries import unit_names
from portal.feedback import (
    attachments,
    deadlines,
    neighbours,
    redaction,
    signing,
    submission,
)
from portal.feedback.attachments import Attachment
from portal.feedback.deadlines import Limit
from portal.feedback.entrance import BUSY_FILES, entrance
from portal.feedback.forms import SendForm, typed
from portal.feedback.models import Kind
from portal.feedback.submission import Draft

log = logging.getLogger(__name__)


class CarriesFiles(Protocol):
    """A form with files that wait for it to be sent."""

    files: list[Attachment]
    file_problem: str


@dataclass
class Sheet:
    """A form on its way through a browser: its fields, its stamp, its waiting files."""

    form: SendForm
    stamp: signing.Stamp | None
    files: list[Attachment] = field(default_factory=list)
    file_problem: str = ""
    notice: str = ""
    units: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.form.unit_code.data:
            self.offer_units()

    def offer_units(self) -> None:
        """Ask for the agency's units: to judge the one that was chosen, or to show them all."""
        if not self.units:
            units = _units()
            self.form.offer_units(units)
            self.units = units or {}

    @property
    def tokens(self) -> list[tuple[Attachment, str]]:
        return [(file, signing.sign_attachment(file)) for file in self.files]

    @property
    def kind(self) -> Kind:
        return Kind(self.form.kind.data)

    @property
    def limit(self) -> Limit:
        return deadlines.limit_for(self.kind, current_settings().site)

    @property
    def computation(self) -> Computation:
        """How the due date comes about if this is sent today."""
        return deadlines.computation(self.kind, clock.today(), current_settings())

    @property
    def due_on(self) -> date:
        return self.computation.end

    def draft(self) -> Draft:
        """What is sent when it is sent as it stands."""
        form = self.form
        return Draft(
            kind=self.kind, subject=typed(form.subject), body=typed(form.body),
            procedure_code=typed(form.procedure_code), unit_code=typed(form.unit_code),
            name=typed(form.name), phone=typed(form.phone), email=typed(form.email),
            consent=form.consent.data, no_publication=form.no_publication.data,
            files=tuple(self.files),
        )  # fmt: skip

    @property
    def preview(self) -> tuple[str, str]:
        """Subject and text as a public copy would begin: what looks like a person taken out."""
        form = self.form
        own = [value for value in map(typed, (form.name, form.phone, form.email)) if value]
        return (redaction.masked(typed(form.subject), own), redaction.masked(typed(form.body), own))

    def is_sound(self) -> bool:
        """Whether every field may be sent; what may not is told beside it."""
        valid = bool(self.form.validate())
        if self._names_no_procedure():
            said = "Không có thủ tục nào mang mã này. Bạn xem lại mã, hoặc bỏ trống."
            self.form.add_problems({"procedure_code": said})
            valid = False
        if self.file_problem:
            self.form.add_problems({"": self.file_problem})
        if not valid or self.file_problem:
            return False
        try:
            submission.check(self.draft())
        except Invalid as error:
            self.form.add_problems(error.problems)
            return False
        return True

    def _names_no_procedure(self) -> bool:
        """Whether a code was typed that no procedure has. A silent database blames nobody."""
        code = typed(self.form.procedure_code)
        try:
            return bool(code) and not neighbours.is_procedure(code)
        except SQLAlchemyError:
            forget_transaction()
            return False

    @property
    def procedure_name(self) -> str | None:
        try:
            return neighbours.procedure_name(self.form.procedure_code.data)
        except SQLAlchemyError:
            forget_transaction()
            return None


def posted() -> Sheet:
    """The sheet that this request brings back; its stamp is None when it is not one of ours."""
    return Sheet(SendForm(), signing.read_stamp(request.form.get("dau", "")), brought_files())


def brought_files() -> list[Attachment]:
    """The files that this form brought before and still wants."""
    dropped = set(request.form.getlist("bo_tep"))
    tokens = request.form.getlist("tep_da_nhan")[: 2 * attachments.MAX_FILES]
    found = [signing.read_attachment(token) for token in tokens]
    return [file for file in found if file and file.stored_name not in dropped]


def take_files(sheet: CarriesFiles) -> None:
    """Store what was uploaded; what is wrong with the rest is told on the sheet, in words."""
    uploads = [upload for upload in request.files.getlist("tep") if upload.filename]
    if not uploads:
        return
    try:
        with entrance():  # a large picture keeps a processor busy for a second or two
            problems = [problem for upload in uploads if (problem := _take(sheet, upload))]
    except Overloaded:
        problems = [BUSY_FILES]
    sheet.file_problem = " ".join(problems)


def _take(sheet: CarriesFiles, upload: FileStorage) -> str:
    try:
        if len(sheet.files) >= attachments.MAX_FILES:
            said = f"Bạn gửi nhiều nhất {attachments.MAX_FILES} tệp. Bạn bỏ bớt tệp."
            raise Invalid({"files": said})
        submission.allow_file(client_address())
        sheet.files.append(attachments.receive(upload.stream, upload.filename or ""))
    except Invalid as error:
        return " ".join(error.problems.values())
    return ""


def forget_transaction() -> None:
    """Leave a session usable whose database has just failed."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        log.exception("rollback.failed")


def _units() -> dict[str, str] | None:
    """The agency's units; None when the database does not answer."""
    try:
        return unit_names()
    except SQLAlchemyError:
        forget_transaction()
        return None
