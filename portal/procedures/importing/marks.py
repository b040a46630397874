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
    if other := others_agency(facts.agencies, own_agency):
        yield f"cơ quan thực hiện là của nơi khác: {other}"
    else:
        named = (province_in(words) for words in (facts.name, *facts.agencies))
        if foreign := next((one for one in named if is_foreign(one, own_agency)), ""):
            yield f"của địa phương khác: {foreign}"
    if TEST.search(facts.name):
        yield "giống bản ghi thử trong nguồn"
    if facts.kind is Kind.INTERNAL:
        yield "thủ tục nội bộ giữa các cơ quan"
