"""Tables of imports: a file's proposal row by row, what was found in it, what its columns mean."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.procedures.types import one_of


class ImportKind(StrEnum):
    """What a file is: records of procedures, or the tables of a decision that announces them."""

    RECORDS = "records"
    DECISION = "decision"


class ImportState(StrEnum):
    """Where an import is. The three that end in -ing belong to a job that is due or running."""

    READING = "reading"
    COLUMNS = "columns"
    READY = "ready"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Decision(StrEnum):
    """What an import would do with a row; `KEPT` is a change to what an editor has mended, `GONE`
    what the file no longer lists, `ENDED` what a decision abolishes."""

    NEW = "new"
    CHANGED = "changed"
    KEPT = "kept"
    ENDED = "ended"
    UNCHANGED = "unchanged"
    GONE = "gone"


class RowOutcome(StrEnum):
    """What became of a row. `STALE`: somebody changed the procedure after the proposal was made;
    `WAITING`: its decision is not in force yet."""

    OPEN = "open"
    APPLIED = "applied"
    STALE = "stale"
    WAITING = "waiting"
    UNDONE = "undone"
    BLOCKED = "blocked"


class ImportMapping(Base):
    """What somebody said the columns of such a table are; `fingerprint` of its headers."""

    __tablename__ = "import_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    facts: Mapped[dict[str, str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)


class ProcedureImport(Base):
    """One file on its way: read, judged, accepted row by row, applied, perhaps undone."""

    __tablename__ = "procedure_import"
    __table_args__ = (one_of("kind", ImportKind), one_of("state", ImportState))

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    file: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(30), default=ImportKind.RECORDS.value)
    state: Mapped[str] = mapped_column(String(30), index=True)
    job: Mapped[str] = mapped_column(String(30), default="")
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    heads: Mapped[list[Any]] = mapped_column(JSON)
    decision: Mapped[dict[str, Any]] = mapped_column(JSON)
    announcement_id: Mapped[int | None] = mapped_column(
        ForeignKey("announcement.id", ondelete="SET NULL"), default=None
    )
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    acted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    applied_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)


class ProcedureImportRow(Base):
    """One procedure of a file: what it would become (`facts`), judged against `base_version`;
    `reason` says why it is not ticked from the start."""

    __tablename__ = "procedure_import_row"
    __table_args__ = (
        one_of("decision", Decision),
        one_of("outcome", RowOutcome),
        Index("ix_procedure_import_row_place", "import_id", "position"),
        Index("ix_procedure_import_row_decision", "import_id", "decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("procedure_import.id", ondelete="CASCADE"))
    position: Mapped[int]
    row: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(200), default="")
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    field_name: Mapped[str] = mapped_column(Text, default="")
    ministry: Mapped[str] = mapped_column(Text, default="")
    agency: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text, default="")
    accepted: Mapped[bool]
    differences: Mapped[list[str]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    base_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(30), default=RowOutcome.OPEN.value)
    applied_version: Mapped[int | None] = mapped_column(default=None)


class ProcedureImportNote(Base):
    """One finding: which row and column of the file, what stood there, what was done."""

    __tablename__ = "procedure_import_note"
    __table_args__ = (Index("ix_procedure_import_note_row", "import_id", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("procedure_import.id", ondelete="CASCADE"))
    row: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(200), default="")
    code: Mapped[str] = mapped_column(String(8), default="")
    severity: Mapped[str] = mapped_column(String(30))
    column_name: Mapped[str] = mapped_column(Text, default="")
    found: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text)
