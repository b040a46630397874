"""What a procedure said at each version, kept for ever as plain JSON.

keep(session, procedure, facts, Origin.DESK, "Sửa tại bàn làm việc")
facts_in(version)   # the facts again
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cattrs.preconf.json import make_converter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.procedures.facts import ProcedureFacts
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.terms import Origin

_converter = make_converter(omit_if_default=True)
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))


def packed(facts: ProcedureFacts) -> dict[str, Any]:
    """Facts as JSON; what is empty is left out."""
    data = _converter.unstructure(facts)
    assert isinstance(data, dict)
    return data


def unpacked(data: dict[str, Any]) -> ProcedureFacts:
    """What `packed` made, as facts. Keys of former times that are no longer known are passed
    over."""
    return _converter.structure(data, ProcedureFacts)


def facts_in(version: ProcedureVersion) -> ProcedureFacts:
    """The facts of a version."""
    return unpacked(version.facts)


def keep(
    session: Session, procedure: Procedure, facts: ProcedureFacts, origin: Origin, reason: str = ""
) -> None:
    """Keep `facts` as what `procedure` says at its present version number."""
    session.add(
        ProcedureVersion(
            procedure=procedure, number=procedure.version, recorded_at=clock.now(),
            origin=origin.value, reason=reason, facts=packed(facts),
        )
    )  # fmt: skip


def of_procedure(session: Session, procedure: Procedure) -> Sequence[ProcedureVersion]:
    """All kept versions of a procedure, newest first."""
    query = (
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure.id)
        .order_by(ProcedureVersion.number.desc())
    )
    return session.scalars(query).all()


def numbered(session: Session, procedure: Procedure, number: int) -> ProcedureVersion | None:
    """One kept version."""
    query = select(ProcedureVersion).filter_by(procedure_id=procedure.id, number=number)
    return session.scalar(query)


def without_any(session: Session) -> Sequence[str]:
    """Codes of procedures of which no version was kept: recorded before versions were."""
    kept = select(ProcedureVersion.id).where(ProcedureVersion.procedure_id == Procedure.id)
    return session.scalars(select(Procedure.code).where(~kept.exists())).all()
