"""The names under which known sources keep a fact, compared without diacritics."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
        "unit", "don vi", "don vi thuc hien",
    ),
    "competent": ("competent", "competent agency", "co quan co tham quyen"),
    "authorised": ("authorised", "authorised agency", "co quan duoc uy quyen"),
    "coordinating": ("coordinating", "coordinating agency", "co quan phoi hop"),
    "receiving_place": ("receiving address", "dia chi tiep nhan ho so", "dia chi tiep nhan hs"),
    "province": ("province", "tinh thanh pho", "dia phuong", "tinh thanh"),
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
    "place": ("place", "dia diem", "dia diem thuc hien", "noi tiep nhan"),
    "fees": ("fee", "fees", "phi le phi", "phi", "le phi", "muc phi", "phi le phi dong"),
    "decision": (
        "decision", "decision no", "so quyet dinh", "quyet dinh", "quyet dinh cong bo",
        "so quyet dinh cong bo", "soquyetdinh",
    ),
    "decision_date": ("decision date", "ngay quyet dinh", "ngay ban hanh", "ngaybanhanh"),
    "status": ("status", "trang thai", "tinh trang", "trangthai"),
    "replaces": ("replaces", "ma cu", "thay the cho", "ma tthc cu"),
    "replacement": (
        "replacement", "ma tthc thay the", "thay the boi", "duoc thay the boi",
        "ma tthc moi", "tthc thay the",
    ),
    "abolished_by": (
        "van ban quy dinh viec bai bo", "ten van ban quy dinh viec bai bo",
        "ten vbqppl quy dinh viec bai bo", "vbqppl quy dinh viec bai bo",
        "ten vbqppl quy dinh viec bai bo tthc", "van ban quy dinh bai bo", "can cu bai bo",
        "ten van ban qppl quy dinh viec bai bo thu tuc hanh chinh",
        "ten vbqppl quy dinh viec bai bo thu tuc hanh chinh",
    ),
    "change": ("change", "noi dung cong bo", "loai thay doi", "hinh thuc cong bo"),
    "effective_from": ("effective from", "ngay co hieu luc", "hieu luc tu", "ngay hieu luc"),
    "note": ("ghi chu",),
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


def fingerprint(headers: Sequence[str]) -> str:
    """Equal for tables whose columns are called alike, in whatever order."""
    names = sorted({plain(header) for header in headers if header})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of one table as they are read: header → fact ("" when not used), with the
    first lines below."""

    sheet: str
    headers: tuple[str, ...]
    facts: Mapping[str, str]
    preview: list[list[str]] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.headers)

    @property
    def names(self) -> dict[str, str]:
        """What the file calls the column of each fact."""
        return {fact: header for header, fact in reversed(list(self.facts.items())) if fact}


@dataclass(slots=True)
class Vocabulary:
    """What columns mean: what people said of these very headers before (`remembered`, by
    fingerprint), else the names of known sources. `seen` collects the tables that were read."""

    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seen: list[Head] = field(default_factory=list)

    def knows(self, headers: Sequence[str]) -> bool:
        """Whether somebody has said what these columns are."""
        return fingerprint(headers) in self.remembered

    def facts_of(self, headers: Sequence[str]) -> dict[str, str]:
        """The fact of each column, "" for one that is not used."""
        known = self.remembered.get(fingerprint(headers))
        if known is not None:
            return {header: known.get(header, "") for header in headers if header}
        return {header: fact_of(header) or "" for header in headers if header}


def by_fact(
    values: Mapping[str, object], facts: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The values of a row under the names of the facts. Where several columns hold a fact, the
    surest one that is filled wins."""
    found: dict[str, tuple[int, object]] = {}
    for header, value in values.items():
        if value in (None, "", [], {}):
            continue
        fact = fact_of(header) if facts is None else facts.get(header)
        if not fact:
            continue
        rank = _RANK.get(plain(header), 0)
        if fact not in found or rank < found[fact][0]:
            found[fact] = (rank, value)
    return {fact: value for fact, (_, value) in found.items()}
