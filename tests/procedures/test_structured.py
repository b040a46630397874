"""A procedure told to machines: exact, current, and silent about what nobody checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.procedures.facts import (
    ChannelFacts,
    FeeFacts,
    FieldFacts,
    LegalFacts,
    ProcedureFacts,
    Result,
)
from portal.procedures.terms import ChannelKind, Level, Status, TimeUnit
from tests.support.json_ld import things_of

Keep = Callable[..., None]
FACTS = ProcedureFacts(
    code="1.012290",
    name="Cấp lại giấy phép hành nghề",
    field=FieldFacts(key="kham-benh", name="Khám bệnh"),
    levels=(Level.PROVINCE,),
    status=Status.IN_FORCE,
    subjects=("Công dân Việt Nam", "Người nước ngoài"),
    agencies=("Sở Y tế", "Bộ Y tế"),
    results=(Result("Giấy phép hành nghề"),),
    conditions="Có văn bằng phù hợp.",
    channels=(
        ChannelFacts(
            kind=ChannelKind.ONLINE, time=Decimal("2.5"), unit=TimeUnit.WORKING_DAY,
            fees=(
                FeeFacts(amount=215000, valid_to=date(2026, 12, 31)),
                FeeFacts(amount=430000, valid_from=date(2027, 1, 1)),
                FeeFacts(label="Theo quy định"),
            ),
        ),
        ChannelFacts(
            kind=ChannelKind.DIRECT, time=Decimal(15), unit=TimeUnit.DAY,
            fees=(FeeFacts(amount=215000, valid_to=date(2026, 12, 31)), FeeFacts(amount=0)),
        ),
        ChannelFacts(kind=ChannelKind.POST),
    ),
    legal_bases=(LegalFacts(number="15/2023/QH15", title="Luật Khám bệnh", issuer="Quốc hội",
                            issued_on=date(2023, 1, 9)),),
    source_url="https://dichvucong.gov.vn/thu-tuc/1",
    checked_on=date(2026, 9, 17),
)  # fmt: skip


@pytest.fixture
def told(keep: Keep, client: FlaskClient) -> Callable[[ProcedureFacts], dict[str, Any] | None]:
    """The service that the page tells of."""

    def ask(facts: ProcedureFacts) -> dict[str, Any] | None:
        keep(facts)
        markup = client.get(f"/thu-tuc/{facts.code}").get_data(as_text=True)
        return things_of(markup).get("GovernmentService")

    return ask


def test_everything_that_is_known(app: Flask, told: Callable[..., dict[str, Any]]) -> None:
    service = told(FACTS)
    assert service["identifier"] == "1.012290"
    assert service["serviceType"] == "Khám bệnh"
    own, other = service["provider"]
    assert own["@id"] == "http://127.0.0.1:8000/#co-quan", "“Sở Y tế” is the agency itself"
    assert other == {"@type": "GovernmentOrganization", "name": "Bộ Y tế"}
    assert service["areaServed"]["name"] == "Thành phố Hải Phòng"
    assert service["audience"]["audienceType"] == "Công dân Việt Nam; Người nước ngoài"
    assert service["serviceOutput"] == [{"@type": "Thing", "name": "Giấy phép hành nghề"}]
    assert service["termsOfService"] == "Có văn bằng phù hợp."
    assert service["subjectOf"] == [{
        "@type": "Legislation", "legislationIdentifier": "15/2023/QH15", "name": "Luật Khám bệnh",
        "legislationDate": "2023-01-09",
        "legislationPassedBy": {"@type": "Organization", "name": "Quốc hội"},
    }]  # fmt: skip


def test_times_are_said_as_exactly_as_they_can_be(told: Callable[..., dict[str, Any]]) -> None:
    online, direct, post = told(FACTS)["availableChannel"]
    assert online["name"] == "Trực tuyến"
    assert online["serviceUrl"] == FACTS.source_url
    assert online["processingTime"] == {"@type": "Duration", "name": "2,5 ngày làm việc"}
    assert direct["processingTime"] == "P15D"
    assert "serviceUrl" not in direct
    assert "processingTime" not in post, "what is not known is not told"


@pytest.mark.parametrize(
    ("time", "unit", "duration"),
    [
        ("4", TimeUnit.HOUR, "PT4H"),
        ("2", TimeUnit.MONTH, "P2M"),
        ("2.5", TimeUnit.DAY, {"@type": "Duration", "name": "2,5 ngày"}),
        ("15", TimeUnit.WORKING_DAY, {"@type": "Duration", "name": "15 ngày làm việc"}),
    ],
)
def test_working_days_are_never_days(
    told: Callable[..., dict[str, Any]], time: str, unit: TimeUnit, duration: object
) -> None:
    channel = ChannelFacts(kind=ChannelKind.DIRECT, time=Decimal(time), unit=unit)
    service = told(replace(FACTS, channels=(channel,)))
    assert service["availableChannel"][0]["processingTime"] == duration


def test_only_what_is_paid_today_is_an_offer(told: Callable[..., dict[str, Any]]) -> None:
    offers = [
        (offer["price"], offer["priceCurrency"], offer["description"], offer.get("name"))
        for offer in told(FACTS)["offers"]
    ]
    assert offers == [
        (215000, "VND", "Trực tuyến, Trực tiếp", None),
        (0, "VND", "Trực tiếp", "Không thu phí"),
    ]


@pytest.mark.parametrize("checked_on", [None, date(2026, 1, 1)])
def test_what_nobody_checked_lately_is_told_by_name_alone(
    told: Callable[..., dict[str, Any]], checked_on: date | None
) -> None:
    service = told(replace(FACTS, checked_on=checked_on))
    assert set(service) == {"@type", "@id", "name", "identifier", "serviceType", "url"}


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.ABOLISHED},
        {"effective_to": date(2026, 11, 1)},
        {"effective_from": date(2026, 12, 1)},
    ],
)
def test_what_is_not_in_force_is_no_service(
    told: Callable[..., dict[str, Any] | None], change: dict[str, Any]
) -> None:
    assert told(replace(FACTS, **change)) is None
