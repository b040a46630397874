"""Procedures as the very values that the database driver takes, all but their ids: for writing
many at once. Turning facts into such values is slow, and so it is done before the transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.orm import Session

from portal.core.db import Base
from portal.procedures.comparing import same
from portal.procedures.facts import (
    CaseFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FormFacts,
    LocalFacts,
    ProcedureFacts,
    ProcessFacts,
)
from portal.procedures.models import (
    Channel,
    DossierCase,
    DossierComponent,
    Fee,
    InternalProcess,
    LegalLink,
    ProcedureForm,
    ProcedureLocal,
    ProcedureOldCode,
)

Values = tuple[Any, ...]
Row = Mapping[str, Any]


class Writer:
    """Writes rows of one table. `keys` are the columns whose values are known only inside the
    transaction; they come first."""

    def __init__(
        self, dialect: Dialect, model: type[Base], keys: Sequence[str], names: Iterable[str]
    ) -> None:
        table = model.__table__
        assert isinstance(table, Table)
        self.keys, self.names = tuple(keys), tuple(names)
        self._converters = [_converter(table, name, dialect) for name in self.names]
        quote = dialect.identifier_preparer.quote
        self._table = quote(table.name)
        self._columns = [quote(name) for name in (*self.keys, *self.names)]
        self._mark = "?" if dialect.paramstyle == "qmark" else "%s"

    def values(self, row: Row) -> Values:
        """The values of a row for the driver, without the keys."""
        return tuple(
            row[name] if convert is None else convert(row[name])
            for name, convert in zip(self.names, self._converters, strict=True)
        )

    def insert(self, session: Session, rows: Sequence[Values]) -> None:
        """New rows; each begins with its keys."""
        marks = ", ".join([self._mark] * len(self._columns))
        columns = ", ".join(self._columns)
        self._run(session, f"INSERT INTO {self._table} ({columns}) VALUES ({marks})", rows)  # noqa: S608  # nosec B608 - names of our own tables

    def update(self, session: Session, rows: Sequence[Values]) -> None:
        """Rows whose first key says which they are, moved behind their values."""
        columns = ", ".join(f"{name} = {self._mark}" for name in self._columns[1:])
        sql = f"UPDATE {self._table} SET {columns} WHERE {self._columns[0]} = {self._mark}"  # noqa: S608  # nosec B608 - names of our own tables
        self._run(session, sql, [(*row[1:], row[0]) for row in rows])

    @staticmethod
    def _run(session: Session, sql: str, rows: Sequence[Values]) -> None:
        if rows:
            session.connection().exec_driver_sql(sql, list(rows))


def _converter(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What a value of this column goes through on its way to the driver."""
    column = table.c[name]
    convert: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return convert


@dataclass(slots=True)
class Parts:
    """The parts of one procedure: channels with their fees, cases with their papers, the rest by
    their table."""

    channels: list[tuple[Values, list[Values]]] = field(default_factory=list)
    cases: list[tuple[Values, list[Values]]] = field(default_factory=list)
    plain: dict[type[Base], list[Values]] = field(default_factory=dict)


class PartWriters:
    """One writer for each kind of part."""

    def __init__(self, dialect: Dialect) -> None:
        owner = ("procedure_id",)
        self.channel = Writer(
            dialect, Channel, ("id", *owner),
            ("position", "kind", "time", "time_unit", "case_name", "note"),
        )  # fmt: skip
        self.fee = Writer(dialect, Fee, ("channel_id",), _names(FeeFacts))
        self.case = Writer(dialect, DossierCase, ("id", *owner), ("position", "name"))
        self.component = Writer(dialect, DossierComponent, ("case_id",), _names(ComponentFacts))
        local = ("time_unit", *_names(LocalFacts, but=("unit", "position")))
        self.plain: dict[type[Base], Writer] = {
            ProcedureOldCode: Writer(dialect, ProcedureOldCode, owner, ("old_code",)),
            ProcedureForm: Writer(dialect, ProcedureForm, owner, _names(FormFacts)),
            InternalProcess: Writer(dialect, InternalProcess, owner, _names(ProcessFacts)),
            ProcedureLocal: Writer(dialect, ProcedureLocal, owner, local),
            LegalLink: Writer(dialect, LegalLink, (*owner, "legal_basis_id", "position"), ()),
        }

    def parts(self, facts: ProcedureFacts) -> Parts:
        """The parts of one procedure but for its legal documents, which are shared."""
        old_codes = [code for code in dict.fromkeys(facts.replaces) if code != facts.code]
        plain: dict[type[Base], list[Row]] = {
            ProcedureOldCode: [{"old_code": code} for code in old_codes],
            ProcedureForm: _placed(FormFacts, facts.forms),
            InternalProcess: _placed(ProcessFacts, facts.processes),
            ProcedureLocal: [_local(facts.local)] if facts.local else [],
        }
        return Parts(
            channels=[
                (
                    self.channel.values(_channel(i, channel)),
                    [self.fee.values(row) for row in _placed(FeeFacts, channel.fees)],
                )
                for i, channel in enumerate(facts.channels)
            ],
            cases=[
                (
                    self.case.values({"position": i, **same(CaseFacts, case)}),
                    [self.component.values(x) for x in _placed(ComponentFacts, case.components)],
                )
                for i, case in enumerate(facts.cases)
            ],
            plain={
                model: [self.plain[model].values(row) for row in rows]
                for model, rows in plain.items()
            },
        )


def _names(facts: type, *, but: tuple[str, ...] = ()) -> list[str]:
    names = ("position", *facts.__dataclass_fields__)  # type: ignore[attr-defined]
    return [name for name in names if name not in but]


def _placed(kind: type, parts: Sequence[object]) -> list[Row]:
    """Facts as rows with their place; a kind is kept as its plain word."""
    rows: list[Row] = []
    for position, part in enumerate(parts):
        row: dict[str, Any] = {"position": position, **same(kind, part)}
        if "kind" in row:
            row["kind"] = row["kind"].value if row["kind"] else None
        rows.append(row)
    return rows


def _channel(position: int, facts: ChannelFacts) -> Row:
    return {
        "position": position, "kind": facts.kind.value, "time": facts.time,
        "time_unit": facts.unit.value if facts.unit else None, "case_name": facts.case,
        "note": facts.note,
    }  # fmt: skip


def _local(facts: LocalFacts) -> Row:
    unit = facts.unit.value if facts.unit else None
    return {"time_unit": unit, **same(LocalFacts, facts)}
