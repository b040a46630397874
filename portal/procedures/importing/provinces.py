"""Names of provinces and cities, of before and after July 2025, by which a record is known to be
another province's own."""

from __future__ import annotations

import re
from functools import lru_cache

from portal.core.text import fold

_NAMES = (
    "An Giang", "Bà Rịa - Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre",
    "Bình Dương", "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Cần Thơ",
    "Đà Nẵng", "Đắk Lắk", "Đắk Nông", "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang",
    "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương", "Hải Phòng", "Hậu Giang", "Hòa Bình", "Hồ Chí Minh",
    "Huế", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum", "Lai Châu", "Lạng Sơn", "Lào Cai",
    "Lâm Đồng", "Long An", "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Thọ", "Phú Yên",
    "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La",
    "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Thừa Thiên Huế", "Tiền Giang",
    "Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái",
)  # fmt: skip
_SHORT = {"tpct": "Cần Thơ", "tphcm": "Hồ Chí Minh", "tp hcm": "Hồ Chí Minh", "hcm": "Hồ Chí Minh",
          "tphn": "Hà Nội", "tpdn": "Đà Nẵng", "brvt": "Bà Rịa - Vũng Tàu"}  # fmt: skip
_PLAIN = {re.sub(r"\W+", " ", fold(name)): name for name in _NAMES}
_ANY = "|".join(sorted((*_PLAIN, *_SHORT), key=len, reverse=True))
# In brackets, before or after a dash at either end, or after "tỉnh", "thành phố", "TP".
_MARKED = (
    re.compile(rf"\([^()]*\b({_ANY})\s*\)"),
    re.compile(rf"^({_ANY})\s+[-–:]\s"),
    re.compile(rf"\s[-–]\s+(?:tinh |thanh pho |tp )?({_ANY})\W*$"),
    re.compile(rf"\b(?:tinh|thanh pho|tp)\s+({_ANY})\b"),
)
_KEEP = re.compile(r"[^\w()\-–:]+")


@lru_cache(maxsize=2000)
def province_in(words: str) -> str:
    """The province that a name says it is of, "" when none; one that is only mentioned (a port,
    a road) is not meant."""
    plain = _KEEP.sub(" ", fold(words)).strip()
    for pattern in _MARKED:
        if found := pattern.search(plain):
            return _PLAIN.get(found[1]) or _SHORT[found[1]]
    return ""


def is_foreign(province: str, own_agency: str) -> bool:
    """Whether a province is another one than that of the agency called `own_agency`."""
    return bool(province) and fold(province) not in fold(own_agency)
