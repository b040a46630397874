"""Facts in the words of a page. Nothing is guessed: the unknown is None, and the page says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.core.web.templating import money, number
from portal.procedures.models import Channel, Fee, Procedure
from portal.procedures.terms import (
    CHANNELS,
    LEVELS,
    ONLINE_LEVELS,
    TIME_UNITS,
    ChannelKind,
    OnlineLevel,
    TimeUnit,
)

FREE = "Không thu phí"
_NBSP = "\u00a0"
_HOW_IN_WORDS = {
    ChannelKind.ONLINE: "qua mạng",
    ChannelKind.POST: "qua bưu chính công ích",
    ChannelKind.DIRECT: "trực tiếp tại nơi tiếp nhận",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The four answers at the top of a page; None is shown as "đang cập nhật"."""

    how_long: str | None
    how_much: str | None
    where: str | None
    what: str | None


def summary_of(procedure: Procedure, day: date) -> Summary:
    """The summary box on `day`. Needs channels with their fees."""
    return Summary(
        how_long=duration(procedure.channels),
        how_much=cost(procedure.channels, day),
        where=where(procedure.channels),
        what="; ".join(map(str, procedure.results)) or None,
    )


def time_words(channel: Channel) -> str | None:
    """`2,5 ngày làm việc`, never torn apart by a line break after the number."""
    if channel.time is None or channel.time_unit is None:
        return None
    return span(channel.time, TimeUnit(channel.time_unit))


def duration(channels: Iterable[Channel]) -> str | None:
    """How long it takes over all channels: one value, a range, or the values of each unit."""
    spans: dict[TimeUnit, set[Decimal]] = {}
    for channel in channels:
        if channel.time is not None and channel.time_unit is not None:
            spans.setdefault(TimeUnit(channel.time_unit), set()).add(channel.time)
    if not spans:
        return None
    parts = [_range(times, unit) for unit, times in spans.items()]
    several = len(parts) > 1 or any(len(times) > 1 for times in spans.values())
    return " hoặc ".join(parts) + (", tùy trường hợp" if several else "")


def fee_words(fee: Fee) -> str:
    """The amount of one fee, or the words that the source gives for it."""
    if fee.amount:
        return money(fee.amount)
    if fee.amount == 0:
        return fee.label or FREE
    return fee.label


def fee_label(fee: Fee) -> str:
    """What the fee is for, where that is not already the amount's own words."""
    return fee.label if fee.amount else ""


def current_fees(channels: Iterable[Channel], day: date) -> list[Fee]:
    """Fees to pay on `day`, over all channels."""
    return [fee for channel in channels for fee in channel.fees if fee.holds_on(day)]


def cost(channels: Sequence[Channel], day: date) -> str | None:
    """What it costs on `day`: an amount, a range, or words; None when nothing current is known."""
    fees = current_fees(channels, day)
    amounts = {fee.amount for fee in fees if fee.amount is not None}
    if not fees or not amounts:
        words = list(dict.fromkeys(fee.label for fee in fees if fee.label))
        return words[0] if len(words) == 1 and len(words[0]) <= 80 else _see_table(fees)
    unclear = any(fee.amount is None for fee in fees)
    low, high = min(amounts), max(amounts)
    if low == high:
        said = fee_words(next(fee for fee in fees if fee.amount is not None))
        return f"{said}, có trường hợp khác" if unclear else said
    start = f"{number(low)} đến " if low else "0 đến "
    return f"Từ {start}{money(high)}, tùy trường hợp"


def where(channels: Iterable[Channel]) -> str | None:
    """The ways to hand in the dossier, as one phrase."""
    kinds = {ChannelKind(channel.kind) for channel in channels}
    words = [phrase for kind, phrase in _HOW_IN_WORDS.items() if kind in kinds]
    if not words:
        return None
    phrase = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} hoặc {words[-1]}"
    return f"Nộp {phrase}"


def level_words(procedure: Procedure) -> str:
    """`Cấp tỉnh, cấp xã`."""
    names = [term.name for level, term in LEVELS.items() if level.value in procedure.levels]
    return ", ".join([*names[:1], *(name[0].lower() + name[1:] for name in names[1:])])


def online_words(procedure: Procedure) -> str | None:
    """`Dịch vụ công toàn trình`."""
    if procedure.online_level is None:
        return None
    name = ONLINE_LEVELS[OnlineLevel(procedure.online_level)].name
    return f"Trực tuyến {name[0].lower()}{name[1:]}"


def channel_words(channel: Channel) -> str:
    """The name of a way to hand in the dossier."""
    return CHANNELS[ChannelKind(channel.kind)]


def card_line(procedure: Procedure, day: date) -> list[str]:
    """The one line of a result: field, level, time, cost; what is unknown is left out."""
    parts = (
        procedure.field.name,
        level_words(procedure),
        duration(procedure.channels),
        cost(procedure.channels, day),
    )
    return [part for part in parts if part]


def missing_parts(procedure: Procedure, day: date) -> list[str]:
    """Names of the parts that a valid procedure has and this record does not (yet)."""
    checks = (
        (procedure.channels, "cách thức và thời hạn"),
        (current_fees(procedure.channels, day), "phí, lệ phí"),
        (procedure.cases, "thành phần hồ sơ"),
        (procedure.steps, "trình tự thực hiện"),
        (procedure.results, "kết quả"),
        (procedure.legal_links, "căn cứ pháp lý"),
        (procedure.subjects, "đối tượng thực hiện"),
    )
    return [name for there, name in checks if not there]


def can_apply_online(procedure: Procedure) -> bool:
    """Whether the source says that a dossier may be handed in online."""
    online = procedure.online_level in (OnlineLevel.FULL, OnlineLevel.PARTIAL)
    return online or any(channel.kind == ChannelKind.ONLINE for channel in procedure.channels)


def _see_table(fees: Sequence[Fee]) -> str | None:
    return "Theo từng trường hợp, xem bảng phí bên dưới" if fees else None


def span(time: Decimal, unit: TimeUnit) -> str:
    """`2,5 ngày làm việc`, on one line."""
    return f"{number(time)}{_NBSP}{TIME_UNITS[unit].replace(' ', _NBSP)}"


def _range(times: set[Decimal], unit: TimeUnit) -> str:
    if len(times) == 1:
        return span(next(iter(times)), unit)
    return f"{number(min(times))} đến {span(max(times), unit)}"
