"""Single values of a source in our own terms; what cannot be told is left empty, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from portal.core.text import clean_line, clean_text
from portal.core.text import fold as fold_anew
from portal.procedures.codes import normalise_code
from portal.procedures.facts import Step, unique
from portal.procedures.importing.notes import Notes
from portal.procedures.terms import ChannelKind, Kind, Level, OnlineLevel, TimeUnit

_NOTHING = frozenset(
    ["", "khong", "khong co", "khong co thong tin", "khong co yeu cau", "khong quy dinh", "none",
     "khong co yeu cau dieu kien", "chua co thong tin", "n a", "null", "0"]
)  # fmt: skip
_LEVELS = {
    "bo": Level.MINISTRY, "trung uong": Level.MINISTRY, "ministry": Level.MINISTRY,
    "tinh": Level.PROVINCE, "thanh pho": Level.PROVINCE, "so": Level.PROVINCE,
    "province": Level.PROVINCE, "xa": Level.COMMUNE, "phuong": Level.COMMUNE,
    "commune": Level.COMMUNE, "co quan khac": Level.OTHER, "khac": Level.OTHER,
    "other": Level.OTHER,
}  # fmt: skip
_CHANNELS = {
    "truc tiep": ChannelKind.DIRECT, "direct": ChannelKind.DIRECT,
    "truc tuyen": ChannelKind.ONLINE, "online": ChannelKind.ONLINE,
    "dich vu buu chinh": ChannelKind.POST, "buu chinh": ChannelKind.POST,
    "buu chinh cong ich": ChannelKind.POST, "dich vu buu chinh cong ich": ChannelKind.POST,
    "post": ChannelKind.POST, "postal": ChannelKind.POST,
}  # fmt: skip
_UNITS = {
    "ngay lam viec": TimeUnit.WORKING_DAY, "working day": TimeUnit.WORKING_DAY,
    "ngay": TimeUnit.DAY, "day": TimeUnit.DAY, "gio": TimeUnit.HOUR, "gio lam viec": TimeUnit.HOUR,
    "hour": TimeUnit.HOUR, "thang": TimeUnit.MONTH, "month": TimeUnit.MONTH,
}  # fmt: skip
_TIME = re.compile(
    r"(?:(?:tối đa|trong|trong vòng|không quá)\s+)?(\d{1,4}(?:[.,]\d{1,2})?)\s*"
    r"(?:\([^)]*\)\s*)?(ngày làm việc|ngày|giờ làm việc|giờ|tháng)\.?",
    re.IGNORECASE,
)
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})"), (3, 2, 1)),
    (re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})", re.IGNORECASE), (3, 2, 1)),
)
_FIRST_DAY = date(1899, 12, 30)  # day 0 of spreadsheets
_SERIALS = (20_000, 73_000)  # 1954 to 2099: other numbers are no dates of decisions
_STEP = re.compile(
    r"(?:^|(?<=[\n.;:]))[ \t]*(?:[-+*]\s*|[a-zđ]\)\s*)?Bước\s+(?:thứ\s+)?\d{1,2}\s*[:.)]?\s*"
)
_ABOLISHED = re.compile(
    r"\s*\(\s*(?:đã\s+)?(?:bãi bỏ|hủy bỏ|huỷ bỏ|hết hiệu lực)[^()]*\)?\s*$", re.IGNORECASE
)
_LONGEST_TITLE = 120

fold = lru_cache(maxsize=2000)(fold_anew)  # the same few words in every row
_clean = lru_cache(maxsize=4000)(clean_line)


def is_nothing(value: object) -> bool:
    """Whether a source says in words that it says nothing."""
    if value is None:
        return True
    words = str(value)
    return len(words) <= 60 and re.sub(r"[^a-z0-9]+", " ", fold(words)).strip() in _NOTHING


def line(value: object) -> str:
    """One clean line. Spreadsheets keep whole numbers as floats."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return _clean(str(value)) if isinstance(value, str | int | float) else ""


def text(value: object) -> str:
    """Clean text of several lines; "" for the words that mean nothing."""
    return "" if is_nothing(value) or not isinstance(value, str) else clean_text(value)


def code_of(value: object, notes: Notes) -> str | None:
    """The national code. Spreadsheets turn `1.012290` into a number and drop its last zero, or
    take its dot for one that parts thousands; what was put right is always told."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    spelled = line(value)
    code = normalise_code(spelled)
    if code is not None:
        if not isinstance(value, str) and "." not in spelled:
            notes.repaired(f"mã lưu thành số {spelled}, hiểu là {code}", "code", spelled)
        return code
    if thousands := re.fullmatch(r"(\d)[.,](\d{3})[.,](\d{3})", spelled):
        code = f"{thousands[1]}.{thousands[2]}{thousands[3]}"
        notes.repaired(f"mã “{spelled}” có dấu ngăn hàng nghìn, hiểu là {code}", "code", spelled)
    elif cut := re.fullmatch(r"(\d)[.,](\d{3,5})", spelled):
        code = f"{cut[1]}.{cut[2]:0<6}"
        notes.repaired(f"mã “{spelled}” thiếu số 0 ở cuối, hiểu là {code}", "code", spelled)
    return code


def name_of(value: object, notes: Notes) -> tuple[str, bool]:
    """The name without what does not belong to it, and whether a hand wrote that it is
    abolished."""
    raw = str(value) if isinstance(value, str) else ""
    name = clean_line(raw)
    if "\n" in raw.strip():
        notes.repaired("tên có xuống dòng, đã nối lại", "name", raw)
    bare = name.rstrip(" .;:,")
    if bare != name and not name.endswith("..."):
        name = bare
        notes.repaired("tên có dấu thừa ở cuối", "name", name)
    abolished = _ABOLISHED.search(name)
    if abolished:
        notes.repaired(f"tên ghi kèm “{abolished[0].strip()}”, hiểu là đã bãi bỏ", "name", raw)
        name = name[: abolished.start()].rstrip(" .;:,")
    return name, bool(abolished)


def texts(value: object) -> tuple[str, ...]:
    """A list, or a text in which `;`, line breaks or commas outside brackets part the items."""
    if isinstance(value, str):
        cleaned = clean_text(value)
        parts: Iterable[object] = (
            re.split(r"[;\n]", cleaned)
            if ";" in cleaned or "\n" in cleaned
            else re.split(r",\s+(?![^(]*\))", cleaned)
        )
    elif isinstance(value, list):
        parts = [x.get("name") if isinstance(x, Mapping) else x for x in value]
    else:
        return ()
    cleaned_parts = (line(part).strip(" .;-") for part in parts if not is_nothing(part))
    return unique(part for part in cleaned_parts)


def phrases(value: object) -> tuple[str, ...]:
    """Like `texts` for things whose names hold commas: only lists, lines and `;` part them."""
    if isinstance(value, str):
        value = [part for part in re.split(r"[;\n]", clean_text(value)) if part]
    return texts(value) if isinstance(value, list) else ()


def levels_of(value: object, notes: Notes) -> tuple[Level, ...]:
    """Tiers; one that is gone (cấp huyện) or unknown is reported."""
    found = []
    for part in texts(value):
        word = re.sub(r"^cap\s+", "", fold(part))
        if level := _LEVELS.get(word):
            found.append(level)
        elif word != "chua xac dinh":
            notes.doubtful(f"cấp thực hiện “{part}” không dùng được", "levels", part)
    return tuple(dict.fromkeys(found))


def kind_of(value: object, code: str) -> Kind | None:
    """The kind; series 5 and 6 are procedures between agencies."""
    if code[0] in "56":
        return Kind.INTERNAL
    word = fold(line(value))
    if "noi bo" in word:
        return Kind.INTERNAL
    if "lien thong" in word:
        return Kind.INTERCONNECTED
    if "dac thu" in word:
        return Kind.SPECIFIC
    return Kind.STANDARD if "tieu chuan" in word else None


def online_of(value: object, full: object) -> OnlineLevel | None:
    """How far a dossier can go online."""
    if full is True:
        return OnlineLevel.FULL
    word = fold(line(value))
    if "toan trinh" in word or word == "full":
        return OnlineLevel.FULL
    if "mot phan" in word or word == "partial":
        return OnlineLevel.PARTIAL
    return OnlineLevel.INFORMATION if "thong tin" in word or word == "information" else None


def channel_kind_of(value: object) -> ChannelKind | None:
    """A way to hand in the dossier."""
    return _CHANNELS.get(fold(line(value)))


def time_of(value: object, unit: object = None) -> tuple[Decimal, TimeUnit] | None:
    """A time with its unit, from two columns or from words like "03 ngày làm việc"."""
    if unit is not None:
        known = _UNITS.get(fold(line(unit)).replace("_", " "))
        try:
            number = Decimal(str(value).strip().replace(",", "."))
        except InvalidOperation:
            return None
        good = known is not None and number.is_finite() and 0 < number < 100_000
        return (round(number, 2), known) if good and known else None
    found = _TIME.fullmatch(line(value)) or _first_time(line(value))
    if not found:
        return None
    number = Decimal(found[1].replace(",", "."))
    return (number, _UNITS[fold(found[2])]) if number else None


def _first_time(words: str) -> re.Match[str] | None:
    """The time at the head of a longer text, when it is the only one in it."""
    found = _TIME.match(words)
    return found if found and len(_TIME.findall(words)) == 1 else None


def day_of(value: object) -> date | None:
    """A date as sources write it, or as spreadsheets count it; None when there is none or it
    does not exist."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        serial = int(value)
        return _FIRST_DAY + timedelta(days=serial) if _SERIALS[0] < serial < _SERIALS[1] else None
    for pattern, (year, month, day) in _DATES:
        if found := pattern.fullmatch(line(value)):
            try:
                return date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError:
                return None
    return None


def told_day(value: object, fact: str, notes: Notes) -> date | None:
    """The same, with a word on what could not be read or was only a number."""
    day = day_of(value)
    if day is None and not is_nothing(value):
        notes.doubtful(f"ngày “{line(value)[:40]}” không đọc được, bỏ trống", fact, value)
    elif day is not None and isinstance(value, int | float):
        notes.repaired(f"ngày lưu thành số {value}, hiểu là {day:%d/%m/%Y}", fact, value)
    return day


def steps_of(value: object) -> tuple[Step, ...]:
    """Steps, from a list or from one text in which "Bước 1:" begins each."""
    if isinstance(value, list):
        return tuple(step for part in value if (step := _step(part)) is not None)
    whole = text(value)
    if not whole:
        return ()
    starts = list(_STEP.finditer(whole))
    if not starts:
        return (Step("", whole),)
    parts = [whole[: starts[0].start()].strip(" \n-")]
    ends = [match.start() for match in starts[1:]] + [len(whole)]
    parts += [whole[m.end() : end].strip(" \n-") for m, end in zip(starts, ends, strict=True)]
    return tuple(_titled(part) for part in parts if part)


def _step(part: object) -> Step | None:
    if isinstance(part, Mapping):
        return Step(line(part.get("name") or part.get("title")), text(part.get("description")))
    cleaned = text(part)
    return _titled(_STEP.sub("", cleaned, count=1)) if cleaned else None


def _titled(part: str) -> Step:
    """A short first line is the title of what follows it."""
    head, _, rest = part.partition("\n")
    if rest and len(head) <= _LONGEST_TITLE and not head.endswith((",", ";")):
        return Step(head.rstrip(" .:"), rest.strip())
    return Step("", part)
