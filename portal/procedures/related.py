"""Which other procedures somebody may need, computed: the nation's list is nearly always empty.

The same telling words, the same legal documents (a rare one tells more than a law that everything
rests on), the same field and the same applicants count; what is abolished is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.procedures.models import LegalBasis, LegalLink, Procedure
from portal.procedures.terms import Status

LIMIT = 5
_AMONG = 900
_STOP_WORDS = frozenset(
    ["cap", "lai", "thu", "tuc", "doi", "voi", "cua", "cho", "va", "trong", "theo", "hoac", "cac",
     "co", "quan", "truong", "hop", "thuoc"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Related:
    """Another procedure, and in words why it stands here."""

    code: str
    name: str
    why: str


def related(session: Session, procedure: Procedure, limit: int = LIMIT) -> list[Related]:
    """The nearest procedures in force, best first; one statement. Needs `legal_links`."""
    bases = {link.legal_basis_id for link in procedure.legal_links}
    today = clock.today()
    shares = and_(LegalLink.procedure_id == Procedure.id, LegalLink.legal_basis_id.in_(bases))
    same_field = Procedure.field_id == procedure.field_id
    query = (
        select(
            Procedure.code, Procedure.name, Procedure.name_folded, Procedure.field_id,
            Procedure.subjects, LegalLink.legal_basis_id, LegalBasis.number,
        )
        .outerjoin(LegalLink, shares)
        .outerjoin(LegalBasis, LegalBasis.id == LegalLink.legal_basis_id)
        .where(
            Procedure.id != procedure.id,
            Procedure.status == Status.IN_FORCE.value,
            or_(Procedure.effective_to.is_(None), Procedure.effective_to > today),
            or_(same_field, LegalLink.legal_basis_id.is_not(None)),
        )
        .order_by(same_field.desc(), Procedure.id)
        .limit(_AMONG)
    )  # fmt: skip
    rows: Sequence[Row[Any]] = session.execute(query).all()  # type: ignore[assignment]
    resting_on = Counter(row.legal_basis_id for row in rows if row.legal_basis_id)
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row)
    ranked = sorted(
        ((_score(procedure, group, resting_on), group[0].code, group) for group in found.values()),
        key=lambda one: (-one[0], one[1]),
    )
    return [
        Related(group[0].code, group[0].name, _why(procedure, group, resting_on))
        for score, _, group in ranked[:limit]
        if score >= 0.1
    ]


def telling_words(folded: str) -> frozenset[str]:
    """The words of a folded name that say what it is about."""
    return frozenset(folded.split()) - _STOP_WORDS


def _score(procedure: Procedure, group: Sequence[Row[Any]], resting_on: Counter[int]) -> float:
    row = group[0]
    own, other = telling_words(procedure.name_folded), telling_words(row.name_folded)
    words = len(own & other) / max(1, len(own | other))
    laws = sum(1 / (1 + resting_on[basis]) for basis in _bases(group))
    mine, theirs = set(procedure.subjects), set(row.subjects)
    people = len(mine & theirs) / max(1, len(mine | theirs))
    if not words and not laws:
        return 0.0
    field = 0.15 if row.field_id == procedure.field_id else 0.0
    return words + min(0.5, laws) + field + 0.05 * people


def _why(procedure: Procedure, group: Sequence[Row[Any]], resting_on: Counter[int]) -> str:
    row = group[0]
    said = ["Cùng lĩnh vực"] if row.field_id == procedure.field_id else []
    rarest = min(_bases(group), key=lambda basis: (resting_on[basis], basis), default=None)
    number = next((one.number for one in group if one.legal_basis_id == rarest), None)
    if number:
        said.append(f"{'c' if said else 'C'}ùng căn cứ {number}")
    return ", ".join(said) or "Tên gần giống"


def _bases(group: Iterable[Row[Any]]) -> set[int]:
    return {row.legal_basis_id for row in group if row.legal_basis_id}
