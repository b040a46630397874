"""The parts of a procedure as rows: channels, papers, forms, what the agency adds."""

from __future__ import annotations

from portal.core.text import fold
from portal.procedures.comparing import PLAIN, same
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
    Procedure,
    ProcedureForm,
    ProcedureLocal,
)
from portal.procedures.terms import Kind, Status


def fill(procedure: Procedure, facts: ProcedureFacts) -> None:
    """Let `procedure` say `facts`, but for what it shares with others: field, documents, codes."""
    for name in PLAIN:
        setattr(procedure, name, getattr(facts, name))
    procedure.name_folded = fold(facts.name)
    procedure.levels = tuple(level.value for level in facts.levels)
    procedure.kind = (facts.kind or Kind.STANDARD).value
    procedure.status = (facts.status or Status.IN_FORCE).value
    procedure.online_level = facts.online_level.value if facts.online_level else None
    set_parts(procedure, facts)


def set_parts(procedure: Procedure, facts: ProcedureFacts) -> None:
    """Give `procedure` exactly the parts of `facts`; its former ones go."""
    procedure.channels = [channel(i, part) for i, part in enumerate(facts.channels)]
    procedure.cases = [case(i, part) for i, part in enumerate(facts.cases)]
    procedure.forms = [
        ProcedureForm(position=i, **same(FormFacts, part)) for i, part in enumerate(facts.forms)
    ]
    procedure.processes = [_process(i, part) for i, part in enumerate(facts.processes)]
    _set_local(procedure, facts.local)


def channel(position: int, facts: ChannelFacts) -> Channel:
    """A channel with its fees."""
    return Channel(
        position=position, kind=facts.kind.value, time=facts.time,
        time_unit=facts.unit.value if facts.unit else None, case=facts.case, note=facts.note,
        fees=[_fee(i, fee) for i, fee in enumerate(facts.fees)],
    )  # fmt: skip


def case(position: int, facts: CaseFacts) -> DossierCase:
    """A case with its papers."""
    return DossierCase(
        position=position, name=facts.name,
        components=[
            DossierComponent(position=i, **same(ComponentFacts, part))
            for i, part in enumerate(facts.components)
        ],
    )  # fmt: skip


def _fee(position: int, facts: FeeFacts) -> Fee:
    kind = facts.kind.value if facts.kind else None
    return Fee(position=position, kind=kind, **same(FeeFacts, facts, but=("kind",)))


def _process(position: int, facts: ProcessFacts) -> InternalProcess:
    plain = same(ProcessFacts, facts, but=("kind",))
    return InternalProcess(position=position, kind=facts.kind.value, **plain)


def _set_local(procedure: Procedure, facts: LocalFacts | None) -> None:
    if facts is None:
        procedure.local = None
        return
    row = procedure.local or ProcedureLocal()
    for name, value in same(LocalFacts, facts, but=("unit",)).items():
        setattr(row, name, value)
    row.time_unit = facts.unit.value if facts.unit else None
    procedure.local = row
