"""Fees out of glued words. An amount that its own words contradict is not taken for the truth."""

from __future__ import annotations

import re

from portal.core.text import clean_line, clean_text
from portal.procedures.facts import FeeFacts
from portal.procedures.importing.notes import Notes
from portal.procedures.importing.values import is_nothing

_FREE = re.compile(
    r"miễn phí|không thu(?: phí| lệ phí)?|không đồng|0\s*(?:đồng|vnđ|đ)?", re.IGNORECASE
)
_HEAD = re.compile(
    r"(?P<free>Miễn phí)|"
    r"(?P<amount>\d[\d.,]*)\s*(?P<currency>Việt Nam Đồng|VNĐ|VND|Đồng|đ|USD)(?!\w)",
    re.IGNORECASE,
)
_UNSAID = re.compile(r"^(?:Không có thông tin\s*)+", re.IGNORECASE)
_MONEY = re.compile(r"\d[\d.,]*\s*(?:nghìn |triệu )?(?:đồng|đ\b|vnđ|usd)", re.IGNORECASE)
_MAY_COST = re.compile(r"lệ phí|mức phí|mức thu|biểu mức|hội đồng nhân dân|hđnd", re.IGNORECASE)
_NAMED = re.compile(r"(?:Phí|Lệ phí)\s*:\s*", re.IGNORECASE)
_FILE = re.compile(r"Tệp đính kèm|File đính kèm", re.IGNORECASE)


def amount_of(digits: str) -> int | None:
    """`1.250.000`, `1,250,000` or `215000` as a whole number of đồng."""
    if not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+|\d{1,12}", digits):
        return None
    return int(re.sub(r"[.,]", "", digits))


def glued_fees(value: object, notes: Notes) -> tuple[tuple[FeeFacts, ...], str]:
    """Fees and the remaining note of "50,000 VNĐ(chi tiết)ghi chú", as the national page glues
    them together."""
    words = clean_text(str(value)) if isinstance(value, str) else ""
    unsaid = _UNSAID.match(words)
    words = words[unsaid.end() :] if unsaid else words
    head = _HEAD.match(words)
    if not head:
        return (), words
    detail, note = _bracket(words[head.end() :])
    return (_judged(head, detail, note, notes),), note


def named_fees(value: object, notes: Notes) -> tuple[FeeFacts, ...]:
    """Fees of lines like "Phí : 2.000.000 Đồng (Thẩm định ...)"."""
    fees = []
    for part in clean_text(str(value)).split("\n"):
        named = _NAMED.match(part)
        rest = part[named.end() :].strip() if named else part.strip()
        if not rest or _FILE.match(rest) or rest.lower() == "đồng":
            continue
        fees.append(plain_fee(rest, notes))
    return tuple(dict.fromkeys(fee for fee in fees if fee is not None))


def plain_fee(value: object, notes: Notes) -> FeeFacts | None:
    """One fee out of a number or words; words that hold no single amount stay words."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return FeeFacts(amount=int(value)) if value >= 0 and value == int(value) else None
    words = clean_line(str(value))
    if is_nothing(words) and not _FREE.fullmatch(words.strip(" .")):
        return None
    if _FREE.fullmatch(words.strip(" .")):
        return FeeFacts(amount=0)
    head = _HEAD.match(words)
    detail, rest = _bracket(words[head.end() :]) if head else ("", "")
    if head and not rest:
        return _judged(head, detail, rest, notes)
    whole = amount_of(words)
    return FeeFacts(amount=whole) if whole is not None else FeeFacts(label=words[:2000])


def _judged(head: re.Match[str], detail: str, note: str, notes: Notes) -> FeeFacts:
    amount = 0 if head["free"] else amount_of(head["amount"])
    if amount == 0:
        return _free(detail, note, notes)
    if head["currency"].upper() == "USD":
        return FeeFacts(label=_words(f"{head['amount']} USD", detail))
    others = {_value(match) for match in _MONEY.findall(detail)} - {None}
    contradicted = bool(others) and amount not in others
    too_small = amount is not None and amount < 1000
    if amount is None or contradicted or too_small:
        notes.doubtful(f"mức phí “{head[0]}” không khớp với lời ghi kèm, giữ nguyên lời")
        return FeeFacts(label=detail or head[0])
    return FeeFacts(amount=amount, label=detail)


def _free(detail: str, note: str, notes: Notes) -> FeeFacts:
    """Free, unless the words beside it speak of money after all."""
    if _MONEY.search(detail) or _MAY_COST.search(detail):
        notes.doubtful("phí ghi 0 nhưng lời ghi kèm nêu mức thu, giữ nguyên lời")
        return FeeFacts(label=detail)
    if _MONEY.search(note) and _MAY_COST.search(note):
        notes.doubtful("phí ghi 0 nhưng phần mô tả nêu mức thu, cần xem lại")
        return FeeFacts(label="Xem mô tả của cách nộp này")
    return FeeFacts(amount=0)


def _bracket(text: str) -> tuple[str, str]:
    """The content of the bracket that `text` begins with, and what comes after it."""
    text = text.lstrip()
    if not text.startswith("("):
        return "", text.strip()
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return text[1:place].strip(" \n-+"), text[place + 1 :].strip()
    return text[1:].strip(" \n-+"), ""


def _value(words: str) -> int | None:
    digits = re.match(r"\d[\d.,]*", words)
    if digits is None:
        return None
    value = amount_of(digits[0].rstrip(".,"))
    scale = 1_000_000 if "triệu" in words.lower() else 1000 if "nghìn" in words.lower() else 1
    return value * scale if value is not None else None


def _words(amount: str, detail: str) -> str:
    return f"{amount} ({detail})" if detail and detail not in amount else amount
