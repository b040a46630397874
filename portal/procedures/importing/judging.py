"""What a file would change: each row compared with what is kept, a few hundred at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.core.settings import current_settings
from portal.core.text import clean_line, fold
from portal.procedures import versions
from portal.procedures.comparing import differing, facts_of, merged
from portal.procedures.facts import ChangeFacts, ProcedureFacts
from portal.procedures.import_models import Decision
from portal.procedures.importing.columns import by_fact
from portal.procedures.importing.decisions import About, announced_facts, change_of, outcome_of
from portal.procedures.importing.mapping import facts_of_row
from portal.procedures.importing.marks import reasons
from portal.procedures.importing.readers import read_rows
from portal.procedures.importing.tables import Reading, Row
from portal.procedures.importing.values import line
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.recording import load_with_parts
from portal.procedures.terms import ChangeKind

BATCH = 250
Progress = Callable[[int], None]
"""Called with the number of rows that are done."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would happen with one row: `facts` is what the procedure would say, judged against
    `version` (0: not kept yet); `differences` names what would change. With a `reason` it waits
    for a person's own word."""

    row: int
    sheet: str
    facts: ProcedureFacts
    decision: Decision
    version: int = 0
    differences: tuple[str, ...] = ()
    reason: str = ""
    ministry: str = ""
    change: ChangeFacts | None = None

    @property
    def code(self) -> str:
        return self.facts.code

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def accepted(self) -> bool:
        """Whether it is ticked before anybody has looked."""
        writes = self.decision in (Decision.NEW, Decision.CHANGED, Decision.ENDED)
        announced = self.change is not None and self.decision is Decision.UNCHANGED
        return not self.reason and (writes or announced)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a procedure now. `edited`: an editor has had a hand in it."""

    facts: ProcedureFacts
    version: int
    edited: bool


@dataclass(slots=True)
class _Seen:
    codes: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """One usable row of the file."""

    row: Row
    facts: ProcedureFacts
    ministry: str
    change: ChangeFacts | None = None


def judged(
    session: Session, path: Path, name: str, reading: Reading, progress: Progress | None = None
) -> Iterator[list[Proposal]]:
    """Proposals in batches; the session is free (rolled back) whenever one is handed over.

    Raises `Unreadable` when the file as a whole cannot be used."""
    own = current_settings().site.agency.name
    done = 0
    for batch in batches(read(path, reading, own), BATCH):
        existing = kept(session, [one.facts.code for one in batch])
        session.rollback()
        yield [judge(one, existing.get(one.facts.code), name, own) for one in batch]
        done += len(batch)
        if progress is not None:
            progress(done)


def read(path: Path, reading: Reading, own: str) -> Iterator[Read]:
    """All usable rows, each code once."""
    seen = _Seen()
    for row in read_rows(path, reading):
        facts = facts_of_row(row, reading.notes, own)
        if facts is None:
            continue
        if facts.code in seen.codes:
            reading.notes.skipped(f"trùng mã với dòng {seen.codes[facts.code]}", "code", facts.code)
            continue
        seen.codes[facts.code] = row.number
        code, first = seen.names.setdefault(fold(facts.name), (facts.code, row.number))
        if code != facts.code:
            reading.notes.doubtful(f"trùng tên với mã {code} ở dòng {first}", "name", facts.name)
        ministry = line(by_fact(row.values, row.facts).get("ministry"))[:300]
        change = change_of(row, facts, reading.notes)
        if change is not None:
            facts = announced_facts(row, facts, reading.notes)
        yield Read(row, facts, ministry, change)


def kept(session: Session, codes: Sequence[str]) -> dict[str, Kept]:
    """What is kept of these codes. Read from the newest versions, many times quicker than from
    the rows of all parts; those of which none was kept are read the long way."""
    query = (
        select(Procedure.code, Procedure.version, Procedure.edited_at, ProcedureVersion)
        .outerjoin(
            ProcedureVersion,
            and_(
                ProcedureVersion.procedure_id == Procedure.id,
                ProcedureVersion.number == Procedure.version,
            ),
        )
        .where(Procedure.code.in_(codes))
    )
    rows = session.execute(query).all()
    missing = load_with_parts(session, [row.code for row in rows if row.ProcedureVersion is None])
    return {
        row.code: Kept(
            versions.facts_in(row.ProcedureVersion)
            if row.ProcedureVersion
            else facts_of(missing[row.code]),
            row.version,
            row.edited_at is not None,
        )
        for row in rows
    }


def judge(one: Read, now: Kept | None, file: str, own: str) -> Proposal:
    """The decision on one row. A cell that the file leaves empty never erases what is kept, and a
    file without a source takes no other source's place."""
    facts = one.facts
    place = {"row": one.row.number, "sheet": one.row.sheet, "ministry": one.ministry}
    reason = "; ".join(reasons(facts, own))
    if one.change is not None:
        return _announced(one, now, one.change, reason)
    if now is None:
        facts = replace(facts, source_name=facts.source_name or f"Tệp {clean_line(file)}")
        return Proposal(facts=facts, decision=Decision.NEW, reason=reason, **place)  # type: ignore[arg-type]
    new = merged(now.facts, facts)
    differences = tuple(differing(now.facts, new))
    if not differences:
        decision = Decision.UNCHANGED
    else:
        decision = Decision.KEPT if now.edited else Decision.CHANGED
    return Proposal(
        facts=new, decision=decision, version=now.version, differences=differences,
        reason=reason, **place,  # type: ignore[arg-type]
    )  # fmt: skip


def gone(facts: ProcedureFacts, version: int) -> Proposal:
    """What is kept and the file does not list: only shown, never touched."""
    return Proposal(0, "", facts, Decision.GONE, version)


def _announced(one: Read, now: Kept | None, change: ChangeFacts, reason: str) -> Proposal:
    """The decision on a row of an announced table. `facts` stays what the row says: what comes of
    it depends on the decision's dates, which a person may still put right."""
    differences: tuple[str, ...] = ()
    if change.kind in (ChangeKind.ABOLISHED, ChangeKind.REPLACED):
        decision = Decision.ENDED
        differences = ("effective_to",) if now else ()
    elif now is None:
        decision = Decision.NEW
    else:
        new = outcome_of(now.facts, one.facts, change, About())
        differences = tuple(differing(now.facts, new)) if new else ()
        decision = Decision.CHANGED if differences else Decision.UNCHANGED
        if differences and now.edited:
            decision = Decision.KEPT
    return Proposal(
        one.row.number, one.row.sheet, one.facts, decision, now.version if now else 0,
        differences, reason, one.ministry, change,
    )  # fmt: skip


def batches(items: Iterable[Read], size: int) -> Iterator[list[Read]]:
    """Lists of at most `size`."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
