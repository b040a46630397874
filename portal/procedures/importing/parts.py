"""Channels, papers and legal documents of a source, with the known faults of each mended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.procedures.facts import (
    CaseFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    LegalFacts,
)
from portal.procedures.importing.fees import glued_fees, named_fees, plain_fee
from portal.procedures.importing.notes import Notes
from portal.procedures.importing.values import (
    channel_kind_of,
    day_of,
    line,
    text,
    time_of,
)
from portal.procedures.terms import ChannelKind

MAX_COUNT = 50
_LONGEST_FILE = 100
_UNREGULATED = re.compile(
    r"không quy định (?:thời hạn|thời gian)|không quy định\.?$", re.IGNORECASE
)
_ANY_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf)$", re.IGNORECASE)
_MARK = re.compile(r"^(?:(?P<letter>[a-zđ])|(?P<number>\d{1,2}))\s*[.)]\s")
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_QH = re.compile(r"^(\d+/\d{4}/QH1\d)(\d+)$")
_NUMBER = re.compile(r"\d+[a-z]?/(?:\d{4}/)?[A-ZĐ][\wĐ&-]*(?:-[\wĐ&]+)*")
_PLACE = re.compile(
    r"(?:[Tt]ỉnh\s|[Tt]hành phố\s|T\.?P\.?\s?)\s*([A-ZĐ]\w+(?:\s[A-ZĐ]\w+){0,2})"
)  # a capital letter follows only where the place has a name
_BARE = re.compile(r"^\d{1,4}/?$")


def channels_of(value: object, notes: Notes) -> tuple[ChannelFacts, ...]:
    """Ways to hand in the dossier; rows that say the same twice are one."""
    if not isinstance(value, list):
        return ()
    found = [
        channel for item in value if isinstance(item, Mapping) if (channel := _channel(item, notes))
    ]
    distinct = tuple(dict.fromkeys(found))
    if len(distinct) < len(found):
        notes.repaired(f"{len(found) - len(distinct)} dòng cách thức thực hiện bị lặp")
    return distinct


def _channel(item: Mapping[str, Any], notes: Notes) -> ChannelFacts | None:
    kind = channel_kind_of(item.get("channel") or item.get("hinh_thuc") or item.get("kind"))
    if kind is None:
        notes.doubtful("hình thức nộp không rõ, không nhập dòng này")
        return None
    if "hinh_thuc" in item:
        fees = named_fees(item.get("phi_le_phi") or "", notes)
        note, time = text(item.get("mo_ta")), time_of(item.get("thoi_han_giai_quyet"))
    elif "fee_and_note" in item:
        fees, note = glued_fees(item.get("fee_and_note"), notes)
        time = _timed(item.get("time_value"), item.get("time_unit"), note, notes)
    else:
        fee = plain_fee(item.get("fee"), notes)
        fees, note = (fee,) if fee else (), text(item.get("note"))
        time = _timed(item.get("time"), item.get("unit"), note, notes)
    return ChannelFacts(
        kind=kind, time=time[0] if time else None, unit=time[1] if time else None,
        case=line(item.get("case")), note=note, fees=fees,
    )  # fmt: skip


def _timed(value: object, unit: object, note: str, notes: Notes) -> Any:
    if value is None:
        return None
    if unit is None:
        notes.doubtful(f"thời hạn “{value}” không có đơn vị, không nhập")
        return None
    if line(value) in ("0", "1") and _UNREGULATED.search(note):
        notes.repaired(f"thời hạn “{value} {unit}” trong khi lời ghi là không quy định, bỏ trống")
        return None
    return time_of(value, unit)


def table_channel(values: Mapping[str, object], notes: Notes) -> tuple[ChannelFacts, ...]:
    """The one line of a decision's table: time (after the cut, if there is one), fee, place."""
    time = time_of(values.get("time_reduced")) or time_of(values.get("time"))
    raw_time = text(values.get("time_reduced")) or text(values.get("time"))
    fee = plain_fee(values.get("fees"), notes) if not isinstance(values.get("fees"), list) else None
    fees: tuple[FeeFacts, ...] = (fee,) if fee else ()
    if time is None and not fees and not raw_time:
        return ()
    told = [text(values.get("place"))]
    if time is None:
        told.append(raw_time)
    elif time_of(values.get("time_reduced")) and values.get("time"):
        told.append(f"Thời hạn theo quy định: {line(values['time'])}.")
    return (
        ChannelFacts(
            kind=ChannelKind.DIRECT, time=time[0] if time else None,
            unit=time[1] if time else None, note="\n".join(filter(None, told)), fees=fees,
        ),
    )  # fmt: skip


def cases_of(value: object, notes: Notes) -> tuple[CaseFacts, ...]:
    """Dossier cases with their papers, in order where the papers carry letters or numbers."""
    if not isinstance(value, list) or not value:
        return ()
    if all(isinstance(item, Mapping) and "ten_giay_to" in item for item in value):
        value = [{"case": "", "items": value}]
    cases = []
    for case in value:
        if isinstance(case, Mapping):
            items = case.get("items") or case.get("components") or []
            listed = items if isinstance(items, list) else []
            papers = [_component(item, notes) for item in listed if isinstance(item, Mapping)]
            kept = tuple(paper for paper in papers if paper is not None)
            name = line(case.get("case") or case.get("name"))
            if kept or name:
                cases.append(CaseFacts(name=name, components=_ordered(kept, notes)))
    return tuple(cases)


def _component(item: Mapping[str, Any], notes: Notes) -> ComponentFacts | None:
    name = line(item.get("name") or item.get("ten_giay_to"))
    if not name:
        return None
    template = line(item.get("template") or (item.get("so_luong") if "ten_giay_to" in item else ""))
    template = "" if not _ANY_FILE.search(template) else template
    originals, copies = item.get("originals"), item.get("copies")
    if "ghi_chu" in item:
        counted = dict(re.findall(r"Bản (chính|sao):\s*(\d+)", str(item["ghi_chu"])))
        originals, copies = counted.get("chính", 0), counted.get("sao", 0)
    seam = _seam(name) if _ANY_FILE.search(name) else None
    if seam:
        notes.repaired(f"tên mẫu “{name[seam:][:60]}” dính vào tên giấy tờ")
        name, template = name[:seam], name[seam:]
    elif seam is not None:
        notes.doubtful("tên giấy tờ có thể dính tên tệp mẫu")
    return ComponentFacts(
        name=name, originals=_count(originals, notes), copies=_count(copies, notes),
        template=template,
    )  # fmt: skip


def _seam(name: str) -> int:
    """Where the name of a file was stuck to the name of a paper: the first place in the last
    hundred letters where a capital or digit follows without a space; 0 when there is none."""
    for place in range(max(1, len(name) - _LONGEST_FILE), len(name)):
        before, after = name[place - 1], name[place]
        if (before.islower() or before in ")].;”") and (after.isupper() or after.isdecimal()):
            return place
    return 0


def _count(value: object, notes: Notes) -> int:
    number = int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0
    if number > MAX_COUNT:
        notes.repaired(f"số bản “{number}” không hợp lý, bỏ trống")
        return 0
    return number


def _ordered(papers: tuple[ComponentFacts, ...], notes: Notes) -> tuple[ComponentFacts, ...]:
    marks = [_MARK.match(paper.name) for paper in papers]
    style = "letter" if all(mark and mark["letter"] for mark in marks) else "number"
    if len(papers) < 2 or not all(mark and mark[style] for mark in marks):
        return papers
    keys = [_rank(mark[style]) for mark in marks if mark]
    if len(set(keys)) < len(keys) or keys == sorted(keys):
        return papers
    notes.repaired("giấy tờ không theo thứ tự a), b), c), đã xếp lại")
    return tuple(paper for _, paper in sorted(zip(keys, papers, strict=True), key=lambda x: x[0]))


def _rank(mark: str) -> int:
    return int(mark) if mark.isdecimal() else _LETTERS.find(mark)


def legal_of(value: object, notes: Notes) -> tuple[LegalFacts, ...]:
    """Legal documents, numbers torn by the source put together again."""
    if isinstance(value, str):
        value = re.split(r"[;\n]", value)
    if not isinstance(value, list):
        return ()
    found: dict[str, LegalFacts] = {}
    carry = ""
    for item in value:
        number, title, issued_on, issuer = _legal_parts(item)
        number, title, carry, torn = _mend(carry, number, title)
        if torn and number not in found:
            notes.repaired(f"số văn bản bị xé rời, ghép lại thành {number}")
        if not number:
            if title:
                notes.doubtful(f"căn cứ “{title[:80]}” không có số văn bản, không nhập")
            continue
        kept = found.get(number)
        if kept is None or (title and not kept.title):
            found[number] = LegalFacts(
                number=number, title=title, issued_on=issued_on, issuer=issuer
            )
    return tuple(found.values())


def _legal_parts(item: object) -> tuple[str, str, date | None, str]:
    if isinstance(item, Mapping):
        number = line(item.get("number") or item.get("code") or item.get("so_ky_hieu"))
        title = line(item.get("title") or item.get("name") or item.get("trich_yeu"))
        issued_on = day_of(item.get("ngay_ban_hanh"))
        issuer = line(item.get("co_quan_ban_hanh"))[:300]
        if not _NUMBER.fullmatch(number):  # "Thông tư số 104/2024/TT-BQP", or only "12"
            inside = _NUMBER.search(number) or _NUMBER.search(title)
            number = inside[0] if inside else ("" if _BARE.match(number) else number)
        return number[:200], title, issued_on, issuer
    words = line(item)
    inside = _NUMBER.search(words)
    if not inside:
        return "", words, None, ""
    title = (words[: inside.start()] + words[inside.end() :]).strip(" -–,.:()")
    return inside[0][:200], title, None, ""


def _mend(carry: str, number: str, title: str) -> tuple[str, str, str, bool]:
    """One torn row: the last digit of "51/2019/QH14" + "5" belongs to the next row, whose title
    is the middle of its number. Returns number, title, what to carry, whether it was torn."""
    torn = False
    if number and _BARE.match(title):  # the head of the number stands where the title belongs
        number, title, torn = f"{carry}{title}{number}", "", True
    elif carry and number and not title:
        number, torn = carry + number, True
    if tail := _QH.match(number):
        return tail[1], title, tail[2], torn
    return number[:200], title, "", torn


def others_agency(agencies: Sequence[str], own: str) -> str | None:
    """The first agency that belongs to another province or city than the one named `own`."""
    for agency in agencies:
        place = _PLACE.search(agency)
        if place and place[1].strip().casefold() not in own.casefold():
            return agency
    return None
