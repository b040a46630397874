"""The whole catalogue as open data, streamed: 10,000 procedures take the memory of 300."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.settings import Settings
from portal.core.tables import BOM, csv_line
from portal.procedures.queries import everything
from portal.procedures.shapes import in_full
from portal.procedures.terms import CHANNELS, LEVELS, ONLINE_LEVELS, STATES, TIME_UNITS

Json = dict[str, Any]
LICENCE_PATH = "/trang/dieu-khoan"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of open data: its lasting name, its title, its cell of an item."""

    name: str
    title: str
    value: Callable[[Json], object]


def as_csv(session: Session, settings: Settings) -> Iterator[str]:
    """The catalogue as CSV with a byte order mark, which spreadsheets need to see UTF-8."""
    day = clock.today()
    yield BOM + csv_line(column.name for column in CELLS)
    for batch in everything(session):
        items = (in_full(procedure, day, settings) for procedure in batch)
        yield "".join(csv_line(column.value(item) for column in CELLS) for item in items)


def as_json(session: Session, settings: Settings) -> Iterator[str]:
    """The catalogue as one JSON object; `items` come as they are read."""
    day = clock.today()
    head = about(settings, "thu-tuc")
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "items": ['
    separator = "\n"
    for batch in everything(session):
        for procedure in batch:
            item = in_full(procedure, day, settings)
            yield separator + json.dumps(item, ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def about(settings: Settings, dataset: str) -> Json:
    """What stands at the head of each data file: from whom, on which terms, of when."""
    return {
        "publisher": settings.site.agency.name,
        "licence": settings.site.site.licence,
        "licence_url": settings.address(LICENCE_PATH),
        "schema": settings.address(f"/du-lieu-mo/{dataset}.schema.json"),
        "generated_at": clock.now().isoformat(timespec="seconds"),
    }


def _times(item: Json) -> str:
    said = [
        f"{CHANNELS[channel['kind']]}: {_time(channel)}" for channel in item["channels"]
        if channel["time"] is not None
    ]  # fmt: skip
    if item["local"] and item["local"]["time"] is not None:
        said.append(f"địa phương rút còn {_time(item['local'])}")
    return "; ".join(dict.fromkeys(said))


def _time(item: Json) -> str:
    unit = TIME_UNITS.get(item["time_unit"], "")
    return f"{item['time']:g}".replace(".", ",") + f" {unit}"


def _fees(item: Json) -> str:
    fees = [fee for channel in item["channels"] for fee in channel["fees"]]
    words = (
        " ".join(filter(None, ["" if fee["amount"] is None else f"{fee['amount']} đồng",
                               f"({fee['label']})" if fee["label"] else ""]))
        for fee in fees
    )  # fmt: skip
    return "; ".join(dict.fromkeys(words))


def _papers(item: Json) -> str:
    return "; ".join(
        f"{case['name']}: {part['name']}"
        if len(item["cases"]) > 1 and case["name"]
        else part["name"]
        for case in item["cases"]
        for part in case["components"]
    )


def _joined(name: str, key: str = "") -> Callable[[Json], object]:
    return lambda item: "; ".join(str(part[key]) if key else str(part) for part in item[name])


def _at(*path: str) -> Callable[[Json], object]:
    def value(item: Json) -> object:
        for key in path:
            item = item[key]
        return item

    return value


CELLS: tuple[Column, ...] = (
    Column("ma", "Mã thủ tục", _at("code")),
    Column("ten", "Tên thủ tục", _at("name")),
    Column("linh_vuc", "Lĩnh vực", _at("field")),
    Column("cap", "Cấp thực hiện", lambda x: "; ".join(LEVELS[v].name for v in x["levels"])),
    Column(
        "truc_tuyen", "Mức độ trực tuyến",
        lambda x: ONLINE_LEVELS[x["online_level"]].name if x["online_level"] else "",
    ),
    Column("trang_thai", "Hiệu lực ngày tải về", lambda x: STATES[x["state"]].name),
    Column("hieu_luc_tu", "Hiệu lực từ", _at("effective_from")),
    Column("het_hieu_luc", "Hết hiệu lực từ", _at("effective_to")),
    Column("doi_tuong", "Đối tượng thực hiện", _joined("subjects")),
    Column("co_quan", "Cơ quan thực hiện", _joined("agencies")),
    Column("thoi_han", "Thời hạn giải quyết", _times),
    Column("phi_le_phi", "Phí, lệ phí", _fees),
    Column("thanh_phan_ho_so", "Thành phần hồ sơ", _papers),
    Column("so_bo", "Số bộ hồ sơ", _at("dossier_sets")),
    Column("ket_qua", "Kết quả", _joined("results", "name")),
    Column("quyet_dinh", "Quyết định công bố", _at("decision", "number")),
    Column("ngay_quyet_dinh", "Ngày quyết định", _at("decision", "issued_on")),
    Column("can_cu_phap_ly", "Căn cứ pháp lý", _joined("legal_bases", "number")),
    Column("ma_cu", "Mã cũ", _joined("replaces")),
    Column("don_vi", "Mã đơn vị phụ trách", _at("unit")),
    Column("nguon", "Nguồn", _at("source", "name")),
    Column("dia_chi_nguon", "Địa chỉ nguồn", _at("source", "url")),
    Column("ngay_kiem_tra", "Ngày kiểm tra", _at("source", "checked_on")),
    Column("phien_ban", "Phiên bản", _at("version")),
    Column("dia_chi", "Địa chỉ trang", _at("url")),
)  # fmt: skip
"""The table of procedures: words of the page, one line each."""
