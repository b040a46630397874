"""The whole catalogue as open data, streamed batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.settings import Settings
from portal.core.tables import BOM, csv_line
from portal.procedures.models import Channel, Fee, Procedure
from portal.procedures.queries import everything
from portal.procedures.terms import LEVELS, STATES, Level
from portal.procedures.wording import (
    channel_words,
    cost,
    duration,
    fee_words,
    online_words,
    time_words,
)

COLUMNS = (
    "ma", "ten", "linh_vuc", "cap", "truc_tuyen", "trang_thai", "doi_tuong", "co_quan",
    "thoi_han", "phi_le_phi", "ket_qua", "quyet_dinh", "ngay_quyet_dinh", "can_cu_phap_ly",
    "nguon", "dia_chi_nguon", "ngay_kiem_tra", "dia_chi", "giay_phep",
)  # fmt: skip
LICENCE_PATH = "/trang/dieu-khoan"


def as_csv(session: Session, settings: Settings) -> Iterator[str]:
    """The catalogue as CSV with a byte order mark, which spreadsheets need to see UTF-8."""
    day = clock.today()
    yield BOM + csv_line(COLUMNS)
    for batch in everything(session):
        yield "".join(csv_line(_row(procedure, day, settings)) for procedure in batch)


def as_json(session: Session, settings: Settings) -> Iterator[str]:
    """The catalogue as one JSON object; `items` come as they are read."""
    day = clock.today()
    head = {
        "publisher": settings.site.agency.name,
        "licence": settings.site.site.licence,
        "licence_url": settings.address(LICENCE_PATH),
        "generated_at": clock.now().isoformat(timespec="seconds"),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "items": ['
    separator = "\n"
    for batch in everything(session):
        for procedure in batch:
            yield separator + json.dumps(as_dict(procedure, day, settings), ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def as_dict(procedure: Procedure, day: date, settings: Settings) -> dict[str, object]:
    """One procedure for machines: values as they are, words where the source has only words."""
    return {
        "code": procedure.code,
        "name": procedure.name,
        "field": procedure.field.name,
        "levels": list(procedure.levels),
        "online_level": procedure.online_level,
        "state": procedure.state_on(day).value,
        "effective_from": _iso(procedure.effective_from),
        "effective_to": _iso(procedure.effective_to),
        "subjects": list(procedure.subjects),
        "agencies": list(procedure.agencies),
        "channels": [_channel(channel) for channel in procedure.channels],
        "results": [result.name for result in procedure.results],
        "legal_bases": [link.basis.number for link in procedure.legal_links],
        "decision": procedure.decision_number or None,
        "decision_issued_on": _iso(procedure.decision_issued_on),
        "source": procedure.source_name or None,
        "source_url": procedure.source_url or None,
        "checked_on": _iso(procedure.checked_on),
        "url": settings.address(f"/thu-tuc/{procedure.code}"),
    }


def _row(procedure: Procedure, day: date, settings: Settings) -> tuple[object, ...]:
    return (
        procedure.code, procedure.name, procedure.field.name,
        "; ".join(LEVELS[Level(level)].name for level in procedure.levels),
        online_words(procedure), STATES[procedure.state_on(day)].name,
        "; ".join(procedure.subjects), "; ".join(procedure.agencies),
        duration(procedure.channels), cost(procedure.channels, day),
        "; ".join(map(str, procedure.results)), procedure.decision_number,
        _iso(procedure.decision_issued_on),
        "; ".join(link.basis.number for link in procedure.legal_links),
        procedure.source_name, procedure.source_url, _iso(procedure.checked_on),
        settings.address(f"/thu-tuc/{procedure.code}"), settings.address(LICENCE_PATH),
    )  # fmt: skip


def _channel(channel: Channel) -> dict[str, object]:
    return {
        "kind": channel.kind,
        "name": channel_words(channel),
        "case": channel.case or None,
        "time": float(channel.time) if channel.time is not None else None,
        "unit": channel.time_unit,
        "time_text": time_words(channel),
        "fees": [_fee(fee) for fee in channel.fees],
    }


def _fee(fee: Fee) -> dict[str, object]:
    return {
        "amount": fee.amount,
        "text": fee_words(fee),
        "label": fee.label or None,
        "basis": fee.basis or None,
        "valid_from": _iso(fee.valid_from),
        "valid_to": _iso(fee.valid_to),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
