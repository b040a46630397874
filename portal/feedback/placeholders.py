"""Places in braces that an answer's template leaves open, and what fills them: facts of the item,
never words or contact of the citizen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

KNOWN: dict[str, str] = {
    "so": "số vào sổ",
    "ngay_nhan": "ngày nhận",
    "han": "hạn trả lời",
    "don_vi": "đơn vị xử lý",
    "thu_tuc": "tên thủ tục liên quan",
    "co_quan": "tên cơ quan",
    "ngay": "ngày chèn mẫu",
    "noi_dung": "chỗ bạn tự viết, không điền sẵn",
}
"""What may stand in braces, and what it stands for."""

_PLACE = re.compile(r"\{([^{}]*)\}")


class Filled(NamedTuple):
    """A text with its facts in it, and the names that were not filled, in their order."""

    text: str
    unknown: tuple[str, ...]
    empty: tuple[str, ...]

    @property
    def open_places(self) -> str:
        """What somebody has to write in by hand, as it stands in the text."""
        return braced(self.empty)


def fill(body: str, facts: Mapping[str, str]) -> Filled:
    """`body` with each known place replaced by its fact, in one pass: braces inside a fact are
    only characters. What is unknown, or has no fact, stays as it was written."""

    def fact(found: re.Match[str]) -> str:
        name = _name(found)
        return (facts.get(name) if name in KNOWN else "") or found[0]

    names = [_name(found) for found in _PLACE.finditer(body)]
    return Filled(
        _PLACE.sub(fact, body),
        tuple(dict.fromkeys(name for name in names if name not in KNOWN)),
        tuple(dict.fromkeys(name for name in names if name in KNOWN and not facts.get(name))),
    )


def problem(body: str) -> str:
    """What is wrong with the places of a template; empty when nothing is."""
    if unknown := fill(body, {}).unknown:
        return f"Cổng không biết {braced(unknown)}. Dùng được: {braced(KNOWN)}."
    if set(_PLACE.sub("", body)) & {"{", "}"}:
        return "Có dấu ngoặc nhọn lẻ. Mỗi chỗ điền nằm giữa một cặp ngoặc, ví dụ {so}."
    return ""


def left_over(text: str) -> str:
    """Why a text cannot go to a citizen yet: the known places still open in it; else empty."""
    empty = fill(text, {}).empty
    return f"Còn chỗ chưa điền: {braced(empty)}. Bạn thay bằng chữ." if empty else ""


def braced(names: tuple[str, ...] | Mapping[str, str]) -> str:
    """Names as they are written in a text."""
    return ", ".join(f"{{{name}}}" for name in names)


def _name(found: re.Match[str]) -> str:
    return found[1].strip().lower()
