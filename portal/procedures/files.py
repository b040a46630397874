"""Forms to fill in: which file of the library or which official address each one is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from portal.core.text import fold
from portal.media import usage
from portal.media.models import MediaFile
from portal.media.usage import Use
from portal.procedures.models import Announcement, Procedure, ProcedureForm


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as its page offers it: a file of ours with its type and size, or a link that leaves
    the portal; neither, when only its name is known."""

    name: str
    paper: str
    file: MediaFile | None
    url: str


def register() -> None:
    """Lend the library how procedures use it."""
    usage.register("procedures", uses, used=_used)


def uses(session: Session, media_id: int) -> Iterable[Use]:
    """Procedures that offer a file as a form, decisions whose text it is; readers may fetch it."""
    query = (
        select(Procedure.code, Procedure.name)
        .join(ProcedureForm, ProcedureForm.procedure_id == Procedure.id)
        .join(MediaFile, MediaFile.public_id == ProcedureForm.file)
        .where(MediaFile.id == media_id)
        .distinct()
        .order_by(Procedure.code)
    )
    for code, name in session.execute(query):
        yield Use(f"{code} {name}", f"/ban-lam-viec/thu-tuc/{code}", public=True)
    decisions = select(Announcement.number, Announcement.slug)
    for number, slug in session.execute(decisions.where(Announcement.media_id == media_id)):
        yield Use(f"Quyết định {number}", f"/thu-tuc/cong-bo/{slug}", public=True)


def _used() -> Select[Any]:
    """Ids of all files that procedures and decisions use."""
    forms = select(MediaFile.id).join(ProcedureForm, ProcedureForm.file == MediaFile.public_id)
    decisions = select(Announcement.media_id).where(Announcement.media_id.is_not(None))
    return select(union_all(forms, decisions).subquery().c[0])


def form_views(session: Session, forms: Sequence[ProcedureForm]) -> list[FormView]:
    """The forms of a procedure; one statement when some are files of ours, else none."""
    wanted = {form.file for form in forms if form.file}
    query = select(MediaFile).where(MediaFile.public_id.in_(wanted), MediaFile.removed_at.is_(None))
    found = {file.public_id: file for file in session.scalars(query)} if wanted else {}
    return [FormView(form.name, form.paper, found.get(form.file), form.url) for form in forms]


def by_paper(views: Iterable[FormView], papers: Iterable[str]) -> dict[str, list[FormView]]:
    """Forms under the name of the paper that they are for; the rest under the empty name."""
    known = {fold(paper): paper for paper in papers}
    sorted_out: dict[str, list[FormView]] = {}
    for view in views:
        paper = known.get(fold(view.paper), "") if view.paper else ""
        sorted_out.setdefault(paper, []).append(view)
    return sorted_out
