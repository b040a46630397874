"""The names under which known sources keep a fact, compared without diacritics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from portal.core.text import fold

# fact → names of columns or keys, the surest first
NAMES: Mapping[str, tuple[str, ...]] = {
    "code": (
        "code", "national code", "ma tthc", "ma thu tuc", "ma thu tuc hanh chinh", "ma so tthc",
        "ma so thu tuc", "ma so", "ma tthc quoc gia", "ma quoc gia", "codenotation", "matthc",
        "ma so ho so tthc", "ma", "national code full",
    ),
    "name": (
        "name", "national name", "ten thu tuc hanh chinh", "ten thu tuc", "ten tthc", "tentthc",
        "thu tuc hanh chinh", "local name", "ten",
    ),
    "name_truncated": ("name truncated",),
    "local_code": ("local code", "ma dia phuong", "ma noi bo"),
    "field": ("field", "linh vuc", "ten linh vuc", "linhvuc"),
    "levels": ("levels", "level", "cap thuc hien", "cap giai quyet", "cap", "capthuchien"),
    "kind": ("kind", "loai thu tuc", "loai tthc", "loai"),
    "full_process": ("full process", "isfullprocess"),
    "online_level": (
        "online level", "muc do", "muc do dvc", "muc do dich vu cong", "dvctt", "dvcttloai",
        "dich vu cong truc tuyen", "muc do cung cap dich vu cong truc tuyen",
    ),
    "subjects": ("subjects", "doi tuong", "doi tuong thuc hien"),
    "agencies": (
        "agencies", "implementing agency", "co quan thuc hien", "co quan giai quyet",
        "competent agency", "co quan co tham quyen", "unit", "don vi", "don vi thuc hien",
    ),
    "ministry": ("ministry", "bo nganh"),
    "results": ("results", "result", "ket qua", "ket qua thuc hien", "ket qua giai quyet"),
    "conditions": (
        "conditions", "yeu cau dieu kien", "yeu cau dieu kien thuc hien", "dieu kien",
        "yeu cau hoac dieu kien",
    ),
    "keywords": ("keywords", "tu khoa"),
    "summary": ("summary", "description", "mo ta"),
    "steps": ("steps", "steps text", "trinh tu thuc hien", "trinh tu"),
    "channels": ("channels", "hinh thuc nop", "cach thuc thuc hien"),
    "cases": ("cases", "dossier cases", "thanh phan ho so"),
    "legal_bases": ("legal bases", "legal", "can cu phap ly", "can cu phap li"),
    "unparsed": ("unparsed",),
    "time_reduced": (
        "thoi han sau cat giam", "sau cat giam", "thoi han giai quyet sau cat giam",
        "thoi gian sau cat giam",
    ),
    "time": (
        "time", "thoi han", "thoi han giai quyet", "thoi gian giai quyet",
        "thoi han theo quy dinh", "theo quy dinh",
    ),
    "place": ("place", "dia diem", "dia diem thuc hien", "noi tiep nhan", "receiving address"),
    "fees": ("fee", "fees", "phi le phi", "phi", "le phi", "muc phi", "phi le phi dong"),
    "decision": (
        "decision", "decision no", "so quyet dinh", "quyet dinh", "quyet dinh cong bo",
        "so quyet dinh cong bo", "soquyetdinh",
    ),
    "decision_date": ("decision date", "ngay quyet dinh", "ngay ban hanh", "ngaybanhanh"),
    "status": ("status", "trang thai", "tinh trang", "trangthai"),
    "replaces": ("replaces", "ma cu", "thay the cho", "ma tthc cu"),
    "source": ("source", "nguon"),
    "source_url": ("source url", "detail url", "url", "duong dan", "lien ket", "dia chi nguon"),
    "checked_on": ("checked on", "ngay kiem tra", "ngay doi chieu"),
}  # fmt: skip
_FACT_OF = {name: fact for fact, names in NAMES.items() for name in names}
_RANK = {name: rank for names in NAMES.values() for rank, name in enumerate(names)}
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=2000)
def plain(header: str) -> str:
    """A header as it is compared: folded, words only, without what stands in brackets."""
    text = re.sub(r"\([^)]*\)", " ", header).replace("_", " ")
    return _NOT_WORD.sub(" ", fold(text)).strip()


def fact_of(header: object) -> str | None:
    """The fact that a column holds, None when no known source calls one so."""
    return _FACT_OF.get(plain(header)) if isinstance(header, str) else None


def by_fact(values: Mapping[str, object]) -> dict[str, object]:
    """The values of a row under the names of the facts. Where several columns hold a fact, the
    surest one that is filled wins."""
    found: dict[str, tuple[int, object]] = {}
    for header, value in values.items():
        name = plain(header)
        fact = _FACT_OF.get(name)
        if fact is None or value in (None, "", [], {}):
            continue
        if fact not in found or _RANK[name] < found[fact][0]:
            found[fact] = (_RANK[name], value)
    return {fact: value for fact, (_, value) in found.items()}
