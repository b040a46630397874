"""Facts in words: exact numbers, honest about what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.procedures.models import Channel, Fee
from portal.procedures.wording import cost, duration, fee_words, where

DAY = date(2026, 11, 21)


def channel(time: str | None = None, unit: str | None = None, *fees: Fee, kind: str = "direct"):  # type: ignore[no-untyped-def]
    return Channel(
        kind=kind, time=Decimal(time) if time else None, time_unit=unit, case="", note="",
        fees=list(fees),
    )  # fmt: skip


def fee(amount: int | None, label: str = "", begin: date | None = None, end: date | None = None):  # type: ignore[no-untyped-def]
    return Fee(amount=amount, label=label, basis="", valid_from=begin, valid_to=end)


def plain(text: str | None) -> str | None:
    return text.replace("\u00a0", " ") if text else text


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ([], None),
        ([channel()], None),
        ([channel("2.5", "working_day")], "2,5 ngày làm việc"),
        ([channel("10.00", "day"), channel("10", "day")], "10 ngày"),
        ([channel("3", "working_day"), channel("5", "working_day")],
         "3 đến 5 ngày làm việc, tùy trường hợp"),
        ([channel("1", "hour"), channel("2", "working_day")],
         "1 giờ hoặc 2 ngày làm việc, tùy trường hợp"),
    ],
)  # fmt: skip
def test_how_long(channels: list[Channel], said: str | None) -> None:
    assert plain(duration(channels)) == said


@pytest.mark.parametrize(
    ("fees", "said"),
    [
        ([], None),
        ([fee(430_000)], "430.000 đồng"),
        ([fee(0)], "Không thu phí"),
        ([fee(0, "Không quy định mức thu")], "Không quy định mức thu"),
        ([fee(75_000, "Cấp lại"), fee(215_000, "Cấp mới")],
         "Từ 75.000 đến 215.000 đồng, tùy trường hợp"),
        ([fee(0), fee(50_000)], "Từ 0 đến 50.000 đồng, tùy trường hợp"),
        ([fee(None, "Theo nghị quyết của HĐND")], "Theo nghị quyết của HĐND"),
        ([fee(100_000), fee(None, "Vùng khó khăn")], "100.000 đồng, có trường hợp khác"),
        ([fee(215_000, end=date(2026, 11, 20))], None),
        ([fee(215_000, end=date(2026, 11, 21))], "215.000 đồng"),
        ([fee(215_000, end=date(2025, 12, 31)), fee(430_000, begin=date(2026, 1, 1))],
         "430.000 đồng"),
    ],
)  # fmt: skip
def test_how_much_on_the_day(fees: list[Fee], said: str | None) -> None:
    assert plain(cost([channel(None, None, *fees)], DAY)) == said


def test_a_fee_without_amount_never_reads_as_free() -> None:
    assert fee_words(fee(None, "Theo quy định")) == "Theo quy định"
    assert "Không thu" not in fee_words(fee(None, "x"))


def test_where_names_each_way_once() -> None:
    ways = [channel(kind="direct"), channel(kind="online"), channel(kind="direct")]
    assert where(ways) == "Nộp qua mạng hoặc trực tiếp tại nơi tiếp nhận"
    assert where([]) is None
