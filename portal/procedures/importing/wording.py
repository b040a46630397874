"""Facts in words, one thing a line, for comparing what is kept with what a file says."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.core.clock import format_date
from portal.procedures.facts import ChannelFacts, FieldFacts, LocalFacts, ProcedureFacts
from portal.procedures.terms import (
    CHANNELS,
    KINDS,
    LEVELS,
    ONLINE_LEVELS,
    TIME_UNITS,
    ChannelKind,
    Kind,
    Level,
    OnlineLevel,
    Status,
    TimeUnit,
)

_STATUS = {Status.IN_FORCE: "đang hiệu lực", Status.ABOLISHED: "đã bãi bỏ"}


def fact_words(facts: ProcedureFacts | None, name: str) -> str:
    """What `facts` says of the fact `name`, "" for nothing."""
    return "" if facts is None else words_of(getattr(facts, name))


def words_of(value: object) -> str:
    """Any value of the facts in Vietnamese words."""
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, StrEnum):
        return _term(value)
    if isinstance(value, tuple):
        return "\n".join(filter(None, map(words_of, value)))
    return _record(value) if is_dataclass(value) else str(value)


def _term(value: StrEnum) -> str:
    if isinstance(value, Level):
        return LEVELS[value].name
    if isinstance(value, Kind):
        return KINDS[value]
    if isinstance(value, OnlineLevel):
        return ONLINE_LEVELS[value].name
    if isinstance(value, ChannelKind):
        return CHANNELS[value]
    if isinstance(value, TimeUnit):
        return TIME_UNITS[value]
    return _STATUS[value] if isinstance(value, Status) else str(value)


def _record(value: object) -> str:
    if isinstance(value, FieldFacts):
        return value.name
    parts: list[str] = []
    for item in fields(value):  # type: ignore[arg-type]
        part = words_of(getattr(value, item.name)).replace("\n", "; ")
        if item.name == "unit" and parts and isinstance(value, ChannelFacts | LocalFacts):
            parts[-1] = f"{parts[-1]} {part}"
        elif part and part != "0" and item.name not in ("required", "position"):
            parts.append(part)
    return " · ".join(filter(None, parts))
