"""One row of a file as facts."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.text import slugify
from portal.procedures.facts import FieldFacts, ProcedureFacts, Result
from portal.procedures.importing.columns import by_fact
from portal.procedures.importing.marks import reasons
from portal.procedures.importing.notes import Notes
from portal.procedures.importing.parts import (
    cases_of,
    channels_of,
    legal_of,
    table_channel,
)
from portal.procedures.importing.tables import Row
from portal.procedures.importing.values import (
    code_of,
    kind_of,
    levels_of,
    line,
    name_of,
    online_of,
    phrases,
    steps_of,
    text,
    texts,
    told_day,
)
from portal.procedures.terms import Status


def facts_of_row(row: Row, notes: Notes, own_agency: str) -> ProcedureFacts | None:
    """What a row says, or None when it cannot be used; every repair and doubt goes to `notes`."""
    values = by_fact(row.values, row.facts)
    notes.at(row.number, sheet=row.sheet, columns=row.columns)
    code = code_of(values.get("code"), notes)
    if code is None:
        notes.skipped(_no_code(values), "code", values.get("code", ""))
        return None
    notes.named(code)
    name, abolished = name_of(values.get("name"), notes)
    if not name:
        notes.skipped("không có tên thủ tục", "name")
        return None
    _report_unparsed(values, notes)
    facts = ProcedureFacts(
        code=code,
        name=name,
        name_truncated=values.get("name_truncated") is True or name.endswith(("…", "...")),
        field=_field(values, row),
        levels=levels_of(values.get("levels"), notes) or row.group.levels,
        kind=kind_of(values.get("kind"), code),
        status=Status.ABOLISHED if abolished or _is_abolished(values) else None,
        online_level=online_of(values.get("online_level"), values.get("full_process")),
        subjects=texts(values.get("subjects")),
        agencies=phrases(values.get("agencies")) or phrases(values.get("competent")),
        competent=phrases(values.get("competent")),
        authorised=phrases(values.get("authorised")),
        coordinating=phrases(values.get("coordinating")),
        receiving_place=text(values.get("receiving_place")),
        keywords=texts(values.get("keywords")),
        results=tuple(Result(name) for name in phrases(values.get("results"))),
        summary=text(values.get("summary")),
        conditions=text(values.get("conditions")),
        steps=steps_of(values.get("steps")),
        channels=channels_of(values.get("channels"), notes) or table_channel(values, notes),
        cases=cases_of(values.get("cases"), notes),
        legal_bases=legal_of(values.get("legal_bases"), notes),
        replaces=_replaced(values, code, notes),
        decision_number=line(values.get("decision"))[:120],
        decision_issued_on=told_day(values.get("decision_date"), "decision_date", notes),
        source_name=line(values.get("source")),
        source_url=_address(values),
        checked_on=told_day(values.get("checked_on"), "checked_on", notes),
    )
    for reason in reasons(facts, own_agency):
        notes.doubtful(reason)
    return facts


def _no_code(values: Mapping[str, object]) -> str:
    name = line(values.get("name"))[:80]
    if "code" in values:
        return f"mã “{line(values['code'])[:40]}” không phải mã quốc gia: {name}"
    local = f" (mã địa phương {line(values['local_code'])})" if "local_code" in values else ""
    return f"không có mã quốc gia{local}: {name}"


def _field(values: Mapping[str, object], row: Row) -> FieldFacts | None:
    name = line(values.get("field"))[:300] or row.group.field
    return FieldFacts(key=slugify(name), name=name) if slugify(name) else None


def _is_abolished(values: Mapping[str, object]) -> bool:
    return "bãi bỏ" in line(values.get("status")).casefold()


def _replaced(values: Mapping[str, object], code: str, notes: Notes) -> tuple[str, ...]:
    codes = (code_of(part, notes) for part in texts(values.get("replaces")))
    return tuple(dict.fromkeys(old for old in codes if old and old != code))


def _address(values: Mapping[str, object]) -> str:
    value = line(values.get("source_url"))
    return value if value.startswith(("https://", "http://")) else ""


def _report_unparsed(values: Mapping[str, object], notes: Notes) -> None:
    unparsed = values.get("unparsed")
    if isinstance(unparsed, Mapping):
        notes.doubtful(f"nguồn còn phần chưa tách được: {', '.join(map(str, unparsed))}")
