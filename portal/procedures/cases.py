"""A procedure's cases as its page shows them: with their own ways, times and fees, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.text import fold
from portal.procedures.models import Channel, DossierCase, DossierComponent, Fee, Procedure
from portal.procedures.terms import CHANNELS, ChannelKind
from portal.procedures.wording import channel_words, fee_label, fee_words, time_words


@dataclass(frozen=True, slots=True)
class Way:
    """Ways of handing in that share everything: `Trực tuyến, trực tiếp`, 10 ngày làm việc."""

    names: str
    case: str
    time: str | None
    note: str


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One amount with everything it holds for. `period`: past, now or coming."""

    fee: Fee
    words: str
    tier: str
    ways: str
    period: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case: its papers, and the ways and fees that hold for it alone."""

    number: int
    name: str
    papers: Sequence[DossierComponent]
    ways: Sequence[Way]
    fees: Sequence[FeeRow]


@dataclass(frozen=True, slots=True)
class Cases:
    """All cases, and the ways and fees that hold for every case (or for one without papers)."""

    views: Sequence[CaseView]
    ways: Sequence[Way]
    fees: Sequence[FeeRow]
    chosen: int


def cases_of(procedure: Procedure, day: date, chosen: int = 1) -> Cases:
    """The cases of a page; `chosen` is the number of the open one, the first when there is none."""
    own: dict[int, list[Channel]] = {}
    names = {fold(case.name): case.position for case in procedure.cases if case.name}
    common: list[Channel] = []
    for channel in procedure.channels:
        position = names.get(fold(channel.case)) if channel.case else None
        (common if position is None else own.setdefault(position, [])).append(channel)
    views = [_view(i, case, own, day) for i, case in enumerate(procedure.cases, start=1)]
    return Cases(
        views, ways_of(common), fee_rows(common, day), chosen if 1 <= chosen <= len(views) else 1
    )


def ways_of(channels: Iterable[Channel]) -> list[Way]:
    """Channels, those that differ only in the way taken together."""
    together: dict[tuple[str, str | None, str], list[str]] = {}
    for channel in channels:
        key = (channel.case, time_words(channel), channel.note)
        names = together.setdefault(key, [])
        if channel_words(channel) not in names:
            names.append(channel_words(channel))
    return [Way(_listed(names), *key) for key, names in together.items()]


def fee_rows(channels: Sequence[Channel], day: date) -> list[FeeRow]:
    """Every amount once, what is paid now first, then what comes, then what is past."""
    ways: dict[tuple[object, ...], list[Channel]] = {}
    fees: dict[tuple[object, ...], Fee] = {}
    for channel in channels:
        for fee in channel.fees:
            key = (fee.amount, fee.label, fee.basis, fee.valid_from, fee.valid_to, channel.case)
            ways.setdefault(key, []).append(channel)
            fees.setdefault(key, fee)
    every = {channel.kind for channel in channels}
    rows = [_fee_row(fees[key], ways[key], every, day) for key in fees]
    return sorted(rows, key=lambda row: ("now", "coming", "past").index(row.period))


def _view(
    number: int, case: DossierCase, own: dict[int, list[Channel]], day: date
) -> CaseView:  # fmt: skip
    channels = own.get(case.position, [])
    ways = [Way(way.names, "", way.time, way.note) for way in ways_of(channels)]
    return CaseView(
        number, case.name or f"Trường hợp {number}", case.components, ways,
        fee_rows(channels, day),
    )  # fmt: skip


def _fee_row(fee: Fee, channels: Sequence[Channel], every: set[str], day: date) -> FeeRow:
    kinds = {channel.kind for channel in channels}
    names = "" if kinds == every else _listed([CHANNELS[ChannelKind(kind)] for kind in kinds])
    tier = ", ".join(part for part in (fee_label(fee), channels[0].case) if part)
    return FeeRow(fee, fee_words(fee), tier, names, _period(fee, day))


def _period(fee: Fee, day: date) -> str:
    if fee.holds_on(day):
        return "now"
    return "coming" if fee.valid_from and fee.valid_from > day else "past"


def _listed(names: Iterable[str]) -> str:
    """`Trực tiếp, trực tuyến`: only the first with a capital, in the order of the vocabulary."""
    order = list(CHANNELS.values())
    first, *rest = sorted(names, key=order.index)
    return ", ".join([first, *(name[0].lower() + name[1:] for name in rest)])
