"""Reads that pages and other rooms share. Every relation that a page needs is loaded here."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.core.text import fold, slugify
from portal.procedures.codes import normalise_code
from portal.procedures.missing import Gap
from portal.procedures.models import (
    Announcement,
    AnnouncementChange,
    Channel,
    DossierCase,
    InternalProcess,
    LegalLink,
    Procedure,
    ProcedureField,
    ProcedureForm,
    ProcedureOldCode,
)
from portal.procedures.recording import WITH_PARTS
from portal.procedures.terms import ChangeKind

_CARD = (joinedload(Procedure.field), selectinload(Procedure.channels).joinedload(Channel.fees))
_FIELDS = "procedure_fields"
_FIELD_NAMES = select(ProcedureField.key, ProcedureField.name).order_by(
    ProcedureField.position, ProcedureField.name
)
FIELDS_HOLD = 3.0
"""Seconds for which names of fields are believed."""


def fields(session: Session) -> Sequence[ProcedureField]:
    """All fields in the order of lists."""
    return session.scalars(
        select(ProcedureField).order_by(ProcedureField.position, ProcedureField.name)
    ).all()


def field_names(session: Session, must_know: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(key, name) of all fields in the order of lists. Every page of results asks for them, so
    what a process has read is believed for some seconds, unless a key that it `must_know` is new.
    """
    kept: tuple[float, list[tuple[str, str]]] = current_app.extensions.get(_FIELDS, (-1e9, []))
    known = {key for key, _ in kept[1]}
    if time.monotonic() - kept[0] > FIELDS_HOLD or not known.issuperset(must_know):
        rows = session.execute(_FIELD_NAMES)
        kept = time.monotonic(), [(key, name) for key, name in rows]
        current_app.extensions[_FIELDS] = kept
    return kept[1]


def fields_like(session: Session, text: str, limit: int = 2) -> list[tuple[str, str]]:
    """Key and name of fields in which every word of `text` begins a word, marks aside."""
    words = slugify(text)
    if len(words) < 2:
        return []
    return [
        (key, name)
        for key, name in field_names(session)
        if all(f"-{word}" in f"-{slugify(name, limit=300)}" for word in words.split("-"))
    ][:limit]


def cards(session: Session, codes: Sequence[str]) -> list[Procedure]:
    """Procedures in the order of `codes`, with what one line of a list shows; two statements."""
    query = select(Procedure).where(Procedure.code.in_(codes)).options(*_CARD)
    found = {row.code: row for row in session.scalars(query)}
    return [found[code] for code in codes if code in found]


def name_of(session: Session, code: str) -> str | None:
    """The name of a procedure, whatever its status; one statement."""
    return session.scalar(select(Procedure.name).where(Procedure.code == code))


def names_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Names of procedures by code, whatever their status; one statement."""
    query = select(Procedure.code, Procedure.name).where(Procedure.code.in_(codes))
    return {row.code: row.name for row in session.execute(query)}


@dataclass(frozen=True, slots=True)
class Card:
    """What other rooms ask about a procedure."""

    code: str
    name: str
    version: int
    unit_code: str | None


def card_of(session: Session, code: str) -> Card | None:
    """The card of a procedure, whatever its status; one statement."""
    columns = (Procedure.code, Procedure.name, Procedure.version, Procedure.unit_code)
    row = session.execute(select(*columns).where(Procedure.code == code)).one_or_none()
    return Card(*row) if row else None


def detail(session: Session, code: str) -> Procedure | None:
    """One procedure with everything that its page shows. Four statements, and one more each for
    forms and internal processes where there are any: most have none."""
    query = (
        select(Procedure, _some(ProcedureForm), _some(InternalProcess))
        .where(Procedure.code == code)
        .options(
            joinedload(Procedure.field),
            joinedload(Procedure.local),
            joinedload(Procedure.old_codes),
            joinedload(Procedure.successions).joinedload(ProcedureOldCode.procedure),
            joinedload(Procedure.changes).joinedload(AnnouncementChange.announcement),
            selectinload(Procedure.channels).joinedload(Channel.fees),
            selectinload(Procedure.cases).joinedload(DossierCase.components),
            selectinload(Procedure.legal_links).joinedload(LegalLink.basis),
        )
    )
    found = session.execute(query).unique().one_or_none()
    if found is None:
        return None
    procedure, has_forms, has_processes = found
    for name, table, there in (
        ("forms", ProcedureForm, has_forms), ("processes", InternalProcess, has_processes),
    ):  # fmt: skip
        rows = _parts(session, table, procedure) if there else []
        set_committed_value(procedure, name, rows)
    return procedure


def _some(table: type[ProcedureForm] | type[InternalProcess]) -> ColumnElement[bool]:
    return select(table.id).where(table.procedure_id == Procedure.id).exists()


def _parts(
    session: Session, table: type[ProcedureForm] | type[InternalProcess], procedure: Procedure
) -> list[ProcedureForm | InternalProcess]:
    query = select(table).where(table.procedure_id == procedure.id).order_by(table.position)
    return list(session.scalars(query))


def successors(session: Session, old_code: str) -> Sequence[str]:
    """Codes that a former code has gone into."""
    return session.scalars(
        select(Procedure.code)
        .join(ProcedureOldCode)
        .where(ProcedureOldCode.old_code == old_code)
        .order_by(Procedure.code)
    ).all()


def succeeded(session: Session, old_codes: Sequence[str]) -> Sequence[tuple[str, Procedure]]:
    """(former code, procedure it has gone into) for several former codes; one statement."""
    if not old_codes:
        return []
    query = (
        select(ProcedureOldCode.old_code, Procedure)
        .join(ProcedureOldCode.procedure)
        .where(ProcedureOldCode.old_code.in_(old_codes))
        .options(
            load_only(
                Procedure.code, Procedure.name, Procedure.status,
                Procedure.effective_from, Procedure.effective_to,
            )
        )
        .order_by(Procedure.code)
    )  # fmt: skip
    return [(old, procedure) for old, procedure in session.execute(query)]


def announced_on(session: Session, codes: Sequence[str]) -> dict[str, date]:
    """The day of the newest decision that announced each of the codes; one statement."""
    query = (
        select(AnnouncementChange.code, func.max(Announcement.issued_on))
        .join(AnnouncementChange.announcement)
        .where(AnnouncementChange.code.in_(codes), Announcement.issued_on.is_not(None))
        .group_by(AnnouncementChange.code)
    )
    return {code: day for code, day in session.execute(query) if day}


def withdrawn(session: Session, code: str) -> AnnouncementChange | None:
    """The newest announced end of a code, with its decision; one statement."""
    query = (
        select(AnnouncementChange)
        .join(AnnouncementChange.announcement)
        .options(contains_eager(AnnouncementChange.announcement))
        .where(
            AnnouncementChange.code == code,
            AnnouncementChange.kind.in_([ChangeKind.ABOLISHED.value, ChangeKind.REPLACED.value]),
        )
        .order_by(Announcement.issued_on.desc().nulls_last(), AnnouncementChange.id.desc())
    )
    return session.scalars(query.limit(1)).first()


def announcements(kind: ChangeKind | None = None) -> Select[Announcement]:
    """Decisions (with some change of `kind`), newest first, each with all its changes and the
    procedures that are kept here."""
    query = select(Announcement)
    if kind is not None:
        query = query.where(Announcement.changes.any(AnnouncementChange.kind == kind.value))
    return query.options(
        selectinload(Announcement.changes)
        .joinedload(AnnouncementChange.procedure)
        .joinedload(Procedure.field)
    ).order_by(Announcement.issued_on.desc().nulls_last(), Announcement.id.desc())


def codes_by_legal_basis(session: Session) -> dict[int, list[str]]:
    """The codes of the procedures that rest on each legal document, by its id."""
    query = (
        select(LegalLink.legal_basis_id, Procedure.code)
        .join(Procedure, Procedure.id == LegalLink.procedure_id)
        .order_by(Procedure.code)
    )
    found: dict[int, list[str]] = {}
    for basis, code in session.execute(query):
        found.setdefault(basis, []).append(code)
    return found


def everything(session: Session, batch: int = 300) -> Iterator[list[Procedure]]:
    """All procedures by code, in batches that hold no transaction open between them."""
    last = ""
    while True:
        query = (
            select(Procedure)
            .where(Procedure.code > last)
            .order_by(Procedure.code)
            .limit(batch)
            .options(*WITH_PARTS)
        )
        rows = list(session.scalars(query))
        if not rows:
            return
        last = rows[-1].code
        yield rows
        session.expunge_all()
        session.rollback()


def by_words(words: Sequence[str], code: str | None) -> Select[Procedure]:
    """The plain search of times without an index: every folded word in the name, or the code
    itself, present or former. Loads no more than a filter and a sort look at."""
    query = (
        select(Procedure)
        .join(Procedure.field)
        .options(contains_eager(Procedure.field))
        .order_by(ProcedureField.position, Procedure.name_folded, Procedure.code)
    )
    if code:
        former = select(ProcedureOldCode.procedure_id).where(ProcedureOldCode.old_code == code)
        return query.where(or_(Procedure.code == code, Procedure.id.in_(former)))
    for word in words:
        query = query.where(Procedure.name_folded.contains(fold(word), autoescape=True))
    return query


def for_desk(text: str, gap: Gap | None, field_key: str, unit: str = "") -> Select[Procedure]:
    """The desk's list: by words or code, by what is missing, by field, by unit in charge."""
    query = by_words(fold(text).split()[:16], normalise_code(text)).options(
        selectinload(Procedure.channels).joinedload(Channel.fees),
        selectinload(Procedure.cases),
        selectinload(Procedure.legal_links),
    )
    if gap is not None:
        query = query.where(gap.condition())
    if field_key:
        query = query.where(ProcedureField.key == field_key)
    if unit:
        query = query.where(Procedure.unit_code == unit)
    return query
