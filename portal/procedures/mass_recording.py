"""Thousands of facts become rows in one short transaction.

`recording.Recorder` goes through objects, which is right for a few procedures and takes a minute
for ten thousand. Here everything that needs time is done before, outside any transaction: rows
are built as plain values. Inside `write()` they only get their ids and go in, so that other
writers wait for seconds at most, and a reader sees all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import chain, islice
from typing import Any

from sqlalchemy import Table, delete, select, text
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Base, Json, as_json, db
from portal.core.text import fold
from portal.procedures import versions
from portal.procedures.comparing import PLAIN
from portal.procedures.facts import FieldFacts, LegalFacts, ProcedureFacts
from portal.procedures.models import (
    Channel,
    DossierCase,
    LegalLink,
    Procedure,
    ProcedureVersion,
)
from portal.procedures.recording import SEARCH_KIND, UNSORTED, Recorder
from portal.procedures.recording_rows import Parts, PartWriters, Values, Writer
from portal.procedures.terms import Kind, Origin, Status
from portal.search.models import SearchChange

_CHUNK = 500
_COMPUTED = ("name_folded", "levels", "kind", "status", "online_level", "updated_at", "version")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Change:
    """What one procedure shall say. `version` is the one that this was judged against, 0 for a
    procedure that was not there."""

    facts: ProcedureFacts
    version: int


@dataclass(slots=True)
class Written:
    """What was done: code → the version that says so now; `stale` are the codes of procedures
    that somebody changed since they were judged, left as they are."""

    versions: dict[str, int] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Ready:
    change: Change
    values: Values
    parts: Parts
    version: Values
    outbox: list[Values]


class MassRecorder:
    """Prepared changes. Make it outside `write()`, call `write` inside."""

    def __init__(
        self,
        changes: Iterable[Change],
        origin: Origin,
        reason: str = "",
        progress: Progress | None = None,
    ) -> None:
        dialect = db.engine.dialect
        self.origin, self.reason = origin, reason
        self._moment, self._today = clock.now(), clock.today()
        self._procedure = Writer(dialect, Procedure, ("id", "field_id"), (*PLAIN, *_COMPUTED))
        self._parts = PartWriters(dialect)
        self._version = Writer(
            dialect, ProcedureVersion, ("procedure_id",),
            ("number", "recorded_at", "origin", "reason", "facts"),
        )  # fmt: skip
        self._outbox = Writer(dialect, SearchChange, (), ("kind", "key", "due_at", "created_at"))
        self._all: list[_Ready] = []
        for change in changes:
            self._all.append(self._prepare(change))
            if progress is not None:
                progress(len(self._all))

    def write(self, session: Session) -> Written:
        """Write all that is still as it was judged."""
        known = _known(session, [one.change.facts.code for one in self._all])
        done = Written()
        ready: list[_Ready] = []
        for one in self._all:
            code = one.change.facts.code
            if known.get(code, (0, 0))[1] != one.change.version:
                done.stale.append(code)
                continue
            ready.append(one)
            done.versions[code] = one.change.version + 1
        self._insert(session, ready, {code: id_ for code, (id_, _) in known.items()})
        return done

    def _prepare(self, change: Change) -> _Ready:
        facts = change.facts
        row = {name: getattr(facts, name) for name in PLAIN}
        row |= {
            "name_folded": fold(facts.name),
            "levels": tuple(level.value for level in facts.levels),
            "kind": (facts.kind or Kind.STANDARD).value,
            "status": (facts.status or Status.IN_FORCE).value,
            "online_level": facts.online_level.value if facts.online_level else None,
            "updated_at": self._moment,
            "version": change.version + 1,
        }
        version = {
            "number": change.version + 1, "recorded_at": self._moment,
            "origin": self.origin.value, "reason": self.reason,
            "facts": Json(as_json(versions.packed(facts))),
        }  # fmt: skip
        return _Ready(
            change, self._procedure.values(row), self._parts.parts(facts),
            self._version.values(version), list(self._changes(facts)),
        )  # fmt: skip

    def _changes(self, facts: ProcedureFacts) -> Iterator[Values]:
        """What the search room must look at: now, and when a date turns the state."""
        turns = [day for day in (facts.effective_from, facts.effective_to) if day]
        turn = min((day for day in turns if day > self._today), default=None)
        due = clock.from_local(datetime.combine(turn, time.min)) if turn else None
        for due_at in dict.fromkeys((None, due)):
            yield self._outbox.values(
                {"kind": SEARCH_KIND, "key": facts.code, "due_at": due_at,
                 "created_at": self._moment}
            )  # fmt: skip

    def _insert(self, session: Session, ready: Sequence[_Ready], known: Mapping[str, int]) -> None:
        fields, documents = self._shared(session, ready)
        fresh = [one for one in ready if not one.change.version]
        ids = iter(reserve_ids(session, Procedure, len(fresh)))
        owners = [known[x.change.facts.code] if x.change.version else next(ids) for x in ready]
        rows = [
            (owner, fields[one.change.facts.field or UNSORTED], *one.values)
            for owner, one in zip(owners, ready, strict=True)
        ]
        old = [owner for owner, one in zip(owners, ready, strict=True) if one.change.version]
        models: tuple[type[Base], ...] = (Channel, DossierCase, *self._parts.plain)
        for model in models:
            _delete(session, model, old)
        there = set(old)
        self._procedure.insert(session, [row for row in rows if row[0] not in there])
        self._procedure.update(session, [row for row in rows if row[0] in there])
        pairs = list(zip(owners, ready, strict=True))
        self._insert_nested(session, pairs)
        self._insert_plain(session, pairs, documents)
        self._version.insert(session, [(owner, *one.version) for owner, one in pairs])
        self._outbox.insert(session, list(chain.from_iterable(one.outbox for one in ready)))

    def _insert_nested(self, session: Session, pairs: Sequence[tuple[int, _Ready]]) -> None:
        """Channels with their fees, cases with their papers."""
        for model, outer, inner, name in (
            (Channel, self._parts.channel, self._parts.fee, "channels"),
            (DossierCase, self._parts.case, self._parts.component, "cases"),
        ):
            wholes = [(owner, one) for owner, x in pairs for one in getattr(x.parts, name)]
            ids = reserve_ids(session, model, len(wholes))
            outer.insert(
                session,
                [
                    (id_, owner, *values)
                    for id_, (owner, (values, _)) in zip(ids, wholes, strict=True)
                ],
            )
            inner.insert(
                session,
                [
                    (id_, *part)
                    for id_, (_, (_, parts)) in zip(ids, wholes, strict=True)
                    for part in parts
                ],
            )

    def _insert_plain(
        self, session: Session, pairs: Sequence[tuple[int, _Ready]], documents: Mapping[str, int]
    ) -> None:
        for model, writer in self._parts.plain.items():
            writer.insert(
                session,
                [(owner, *part) for owner, one in pairs for part in one.parts.plain.get(model, ())],
            )
        links = [
            (owner, document, position)
            for owner, one in pairs
            for position, document in enumerate(
                dict.fromkeys(documents[legal.number] for legal in one.change.facts.legal_bases)
            )
        ]
        self._parts.plain[LegalLink].insert(session, links)

    def _shared(
        self, session: Session, ready: Sequence[_Ready]
    ) -> tuple[dict[FieldFacts, int], dict[str, int]]:
        """Ids of fields and of legal documents, made where they are not kept yet."""
        recorder = Recorder(session, self.origin, self.reason)
        wanted = dict.fromkeys(one.change.facts.field or UNSORTED for one in ready)
        fields = {facts: recorder.field(facts) for facts in wanted}
        legal: dict[LegalFacts, None] = {}
        for one in ready:
            legal.update(dict.fromkeys(one.change.facts.legal_bases))
        documents = {facts.number: recorder.document(facts) for facts in legal}
        session.flush()
        return (
            {facts: row.id for facts, row in fields.items()},
            {number: row.id for number, row in documents.items()},
        )


def reserve_ids(session: Session, model: type[Base], count: int) -> list[int]:
    """Ids for `count` new rows of `model`; only for whoever holds the write transaction."""
    table = _table(model)
    if not count:
        return []
    if session.get_bind().dialect.name == "postgresql":
        statement = text(
            "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
        )
        return list(session.scalars(statement, {"count": count, "name": table.name}))
    last = session.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1)) or 0
    return list(range(last + 1, last + 1 + count))


def _known(session: Session, codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Code → id and version of the procedures that are kept."""
    found: dict[str, tuple[int, int]] = {}
    query = select(Procedure.code, Procedure.id, Procedure.version)
    for chunk in _chunks(codes):
        for row in session.execute(query.where(Procedure.code.in_(chunk))):
            found[row.code] = (row.id, row.version)
    return found


def _delete(session: Session, model: type[Base], owners: Sequence[int]) -> None:
    table = _table(model)
    for chunk in _chunks(owners):
        session.execute(delete(table).where(table.c.procedure_id.in_(chunk)))


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _chunks(items: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
