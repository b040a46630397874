"""Which constituent parts a procedure must have to be published, and which of them are there.

The list is that of Nghị định 63/2010/NĐ-CP, Điều 8 (as amended); the desk shows it, nothing blocks
reading: a page with a hole says so to readers as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.procedures.models import Procedure
from portal.procedures.processes import differences
from portal.procedures.wording import current_fees, duration


@dataclass(frozen=True, slots=True)
class Part:
    """One constituent part; `needed` ones every procedure has, the others only "nếu có"."""

    name: str
    there: bool
    needed: bool


@dataclass(frozen=True, slots=True)
class Check:
    """All parts in the order of the decree, and what does not add up."""

    parts: tuple[Part, ...]
    warnings: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """Names of needed parts that are not there."""
        return [part.name for part in self.parts if part.needed and not part.there]


def check_of(procedure: Procedure, day: date) -> Check:
    """What a published procedure needs, against what this one has. Needs all its parts."""
    papers = [part for case in procedure.cases for part in case.components]
    needed = (
        ("Tên thủ tục", bool(procedure.name) and not procedure.name_truncated),
        ("Trình tự thực hiện", bool(procedure.steps)),
        ("Cách thức thực hiện", bool(procedure.channels)),
        ("Thành phần hồ sơ", bool(papers)),
        ("Số lượng hồ sơ", procedure.dossier_sets is not None),
        ("Thời hạn giải quyết", duration(procedure.channels) is not None),
        ("Đối tượng thực hiện", bool(procedure.subjects)),
        ("Cơ quan giải quyết", bool(procedure.agencies)),
    )
    optional = (
        ("Mẫu đơn, mẫu tờ khai", bool(procedure.forms or any(part.template for part in papers))),
        ("Kết quả", bool(procedure.results)),
        ("Yêu cầu, điều kiện", bool(procedure.conditions)),
        ("Phí, lệ phí", bool(current_fees(procedure.channels, day))),
        ("Căn cứ pháp lý", bool(procedure.legal_links)),
    )
    parts = [Part(name, there, True) for name, there in needed]
    parts += [Part(name, there, False) for name, there in optional]
    return Check(tuple(parts), tuple(differences(procedure)))
