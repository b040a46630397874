"""Tables of a decision that announces procedures: what each row changes, and what the decision is
called. Nothing ends or begins here before a person has said so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cattrs.preconf.json import make_converter

from portal.core.text import clean_line
from portal.procedures.comparing import merged
from portal.procedures.facts import ChangeFacts, ChannelFacts, LocalFacts, ProcedureFacts
from portal.procedures.importing.columns import by_fact
from portal.procedures.importing.notes import Notes
from portal.procedures.importing.parts import table_channel
from portal.procedures.importing.sections import group_of
from portal.procedures.importing.tables import Row
from portal.procedures.importing.values import code_of, day_of, line, text, time_of, told_day
from portal.procedures.terms import ChangeKind

MOST_FIELDS = 200
"""A file over more fields than this is the nation's list: what it leaves out says nothing."""
_NUMBER = re.compile(r"\b(\d{1,5}(?:/\d{4})?/QĐ(?:-[A-ZĐ0-9]+)*)")
_DAY = r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|\d{1,2}\s*/\s*\d{1,2}\s*/\s*\d{4}"
_ISSUED = re.compile(rf"/QĐ[-\w]*[^.\n]{{0,40}}?({_DAY})", re.IGNORECASE)
_EFFECTIVE = re.compile(
    rf"hiệu lực[^.\n]{{0,40}}?từ\s+(?:ngày\s+)?({_DAY}|\d{{1,2}}/\d{{1,2}}/\d{{4}})", re.IGNORECASE
)
_ISSUER = re.compile(
    r"của\s+((?:Chủ tịch\s+|Giám đốc\s+|Bộ trưởng\s+)?(?:Ủy ban|Uỷ ban|UBND|Bộ|Sở)[^)\n;,.]{2,90})"
)
_TITLE = re.compile(r"(?:về việc )?công bố|danh mục", re.IGNORECASE)
_converter = make_converter(omit_if_default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The decision itself, as the form asks for it."""

    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_from: date | None = None
    title: str = ""
    url: str = ""

    def missing(self) -> dict[str, str]:
        """What must be known before anything is written: field → what to do."""
        asked = (
            ("number", self.number, "Nhập số quyết định."),
            ("issuer", self.issuer, "Nhập cơ quan ban hành quyết định."),
            ("effective_from", self.effective_from, "Nhập ngày quyết định có hiệu lực."),
        )
        return {name: words for name, value, words in asked if not value}


def told(title: Sequence[str]) -> dict[str, Any]:
    """What the lines above the tables say of the decision: a proposal for the form."""
    whole = "\n".join(title)
    number, issued = _NUMBER.search(whole), _ISSUED.search(whole)
    effective, issuer = _EFFECTIVE.search(whole), _ISSUER.search(whole)
    named = next((clean_line(one) for one in title if _TITLE.search(one) and len(one) < 400), "")
    about = About(
        number=number[1] if number else "",
        issuer=clean_line(issuer[1]) if issuer else "",
        issued_on=day_of(issued[1]) if issued else None,
        effective_from=day_of(effective[1]) if effective else None,
        title=named,
    )
    return packed_about(about)


def packed_about(about: About) -> dict[str, Any]:
    """As JSON; what is empty is left out."""
    data: dict[str, Any] = _converter.unstructure(about)
    return data


def about_in(data: Mapping[str, Any]) -> About:
    """The decision again."""
    return _converter.structure(data, About)


def packed_change(change: ChangeFacts | None) -> dict[str, Any]:
    """As JSON, {} for none."""
    return {} if change is None else dict(_converter.unstructure(change))


def change_in(data: Mapping[str, Any]) -> ChangeFacts | None:
    """The change of a row again."""
    return _converter.structure(data, ChangeFacts) if data else None


def change_of(row: Row, facts: ProcedureFacts, notes: Notes) -> ChangeFacts | None:
    """What the decision does to the procedure of a row; None when the table announces nothing."""
    values = by_fact(row.values, row.facts)
    kind = row.group.change
    if "change" in values:
        kind = group_of(line(values["change"]), row.group).change
    if kind is None:
        return None
    replacement = code_of(values.get("replacement"), notes) or ""
    if kind is ChangeKind.REPLACED and not replacement:
        notes.doubtful("thay thế nhưng không ghi mã thủ tục thay thế", "replacement")
    said = [("Bãi bỏ theo", "abolished_by"), ("Phí, lệ phí", "fees"), ("Ghi chú", "note")]
    parts = [f"{label}: {words}" for label, name in said if (words := line(values.get(name)))]
    place = f"{row.sheet}, dòng {row.number}" if row.sheet else f"dòng {row.number}"
    return ChangeFacts(
        code=facts.code, kind=kind, name=facts.name,
        field_name=facts.field.name if facts.field else "",
        effective_from=told_day(values.get("effective_from"), "effective_from", notes),
        replacement="" if replacement == facts.code else replacement,
        place=place[:120], note="\n".join(parts),
    )  # fmt: skip


def announced_facts(row: Row, facts: ProcedureFacts, notes: Notes) -> ProcedureFacts:
    """What a row of a decision says: the time of the law in the channel, the shortened one and
    the place as the agency's own."""
    values = dict(by_fact(row.values, row.facts))
    reduced, place = values.pop("time_reduced", None), text(values.pop("place", None))
    time = time_of(reduced)
    if reduced is not None and time is None and line(reduced):
        notes.doubtful(f"thời hạn sau cắt giảm “{line(reduced)}” không đọc được", "time_reduced")
    local = None
    if time or place:
        local = LocalFacts(
            time=time[0] if time else None, unit=time[1] if time else None, place=place
        )
    channels: tuple[ChannelFacts, ...] = table_channel(values, Notes())
    return replace(facts, channels=channels, local=local)


def outcome_of(
    now: ProcedureFacts | None, said: ProcedureFacts, change: ChangeFacts, about: About
) -> ProcedureFacts | None:
    """What the procedure says once the decision is taken over; None when there is nothing to
    write (an abolished one that is not kept here)."""
    begins = change.effective_from or about.effective_from
    if change.kind in (ChangeKind.ABOLISHED, ChangeKind.REPLACED):
        return replace(now, effective_to=_after(now.effective_from, begins)) if now else None
    signed = replace(
        said, decision_number=about.number, decision_issued_on=about.issued_on,
        decision_issuer=about.issuer, local=_with_basis(now, said.local, about),
    )  # fmt: skip
    if now is None:
        source = f"Quyết định {about.number}".strip()
        starts = begins if change.kind is ChangeKind.NEW else None
        return replace(signed, effective_from=starts, source_name=source)
    numbers = {legal.number for legal in now.legal_bases}
    legal = (*now.legal_bases, *(x for x in said.legal_bases if x.number not in numbers))
    if now.channels:  # the nation's table of channels says more than one line of a decision
        signed = replace(signed, channels=())
    starts = now.effective_from
    if change.kind is ChangeKind.NEW and starts is None:
        starts = begins
    return replace(merged(now, signed), legal_bases=legal, effective_from=starts)


def _after(begin: date | None, end: date | None) -> date | None:
    return begin if begin and end and end < begin else end


def _with_basis(
    now: ProcedureFacts | None, said: LocalFacts | None, about: About
) -> LocalFacts | None:
    old = now.local if now else None
    if said is None:
        return old
    basis = f"Quyết định số {about.number}" if about.number and said.time is not None else ""
    return replace(
        old or LocalFacts(),
        time=said.time if said.time is not None else (old.time if old else None),
        unit=said.unit if said.time is not None else (old.unit if old else None),
        time_basis=basis or (old.time_basis if old else ""),
        place=said.place or (old.place if old else ""),
        decision_number=about.number or (old.decision_number if old else ""),
        decision_issued_on=about.issued_on or (old.decision_issued_on if old else None),
    )
