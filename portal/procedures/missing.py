"""What a record may lack, as conditions that the desk's list can ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast
from sqlalchemy.orm import InstrumentedAttribute

from portal.core import clock
from portal.procedures import upkeep
from portal.procedures.models import Channel, Procedure


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that may be missing; `condition` is made anew, for some depend on the day."""

    name: str
    condition: Callable[[], ColumnElement[bool]]


def _empty(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return cast(column, String) == "[]"


GAPS: Mapping[str, Gap] = {
    "cach-nop": Gap("Cách nộp, thời hạn", lambda: ~Procedure.channels.any()),
    "phi": Gap("Phí, lệ phí", lambda: ~Procedure.channels.any(Channel.fees.any())),
    "ho-so": Gap("Thành phần hồ sơ", lambda: ~Procedure.cases.any()),
    "cac-buoc": Gap("Các bước", lambda: _empty(Procedure.steps)),
    "ket-qua": Gap("Kết quả", lambda: _empty(Procedure.results)),
    "can-cu": Gap("Căn cứ pháp lý", lambda: ~Procedure.legal_links.any()),
    "truc-tuyen": Gap("Mức độ trực tuyến", lambda: Procedure.online_level.is_(None)),
    "don-vi": Gap("Đơn vị phụ trách", lambda: Procedure.unit_code.is_(None)),
    "kiem-tra": Gap("Đối chiếu với nguồn (đã lâu)", lambda: upkeep.old(clock.today())),
    "nhap-chua-xem": Gap("Xem lại sau lần nhập", upkeep.changed_by_import),
    "xem-lai": Gap("Mọi thủ tục cần xem lại", upkeep.due_today),
}
