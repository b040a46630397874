"""Names of provinces and cities, of before and after July 2025, by which a record is known to be
another province's own."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from portal.core.text import fold

_LINES = Path(__file__).with_name("provinces.txt").read_text("utf-8").splitlines()
_PLAIN: dict[str, str] = {}  # every spelling, folded → the name
for _names in (line.split(" | ") for line in _LINES if line and not line.startswith("#")):
    _PLAIN.update({re.sub(r"\W+", " ", fold(spelling)): _names[0] for spelling in _names})
_ANY = "|".join(sorted(_PLAIN, key=len, reverse=True))
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
            return _PLAIN[found[1]]
    return ""


def is_foreign(province: str, own_agency: str) -> bool:
    """Whether a province is another one than that of the agency called `own_agency`."""
    return bool(province) and fold(province) not in fold(own_agency)
