"""Why a record should not be taken over without a second look: it is not ticked from the start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.procedures.facts import ProcedureFacts
from portal.procedures.importing.parts import others_agency
from portal.procedures.importing.provinces import is_foreign, province_in
from portal.procedures.terms import Kind

TEST = re.compile(
    r"\(fix\)|\btest\b|bản ghi thử|thủ tục thử\b|^đính chính .{0,40}\b01$", re.IGNORECASE
)


def reasons(facts: ProcedureFacts, own_agency: str) -> Iterator[str]:
    """Each reason in Vietnamese; none for a record to take over."""
    yield from firm_reasons(facts, own_agency)
    other = others_agency(facts.agencies, own_agency)
    if other and facts.kind is not Kind.SPECIFIC:
        yield f"cơ quan thực hiện là của nơi khác: {other}"
    if facts.kind is Kind.INTERNAL:
        yield "thủ tục nội bộ giữa các cơ quan"


def firm_reasons(facts: ProcedureFacts, own_agency: str) -> Iterator[str]:
    """The reasons that leave no doubt. The nation's own procedures sometimes name one city's
    agency by mistake; a procedure that is only one place's own is never anybody else's."""
    words = (facts.name, *(facts.agencies if facts.kind is Kind.SPECIFIC else ()))
    named = (province_in(one) for one in words)
    if foreign := next((one for one in named if is_foreign(one, own_agency)), ""):
        yield f"của địa phương khác: {foreign}"
    if TEST.search(facts.name):
        yield "giống bản ghi thử trong nguồn"
