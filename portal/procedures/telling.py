"""The facts of a procedure as lines of plain text: to compare two versions, and to tell what
changed between them the way a person would say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.clock import format_date
from portal.procedures.cases import ways_of
from portal.procedures.comparing import differing
from portal.procedures.facts import (
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FormFacts,
    LocalFacts,
    ProcedureFacts,
    ProcessFacts,
)
from portal.procedures.recording_parts import channel
from portal.procedures.terms import (
    KINDS,
    LEVELS,
    ONLINE_LEVELS,
    PROCESSES,
    ChannelKind,
    Status,
)
from portal.procedures.wording import duration, fee_label, fee_words, span

LONGEST = 240
NAMES: Mapping[str, str] = {
    "name": "Tên", "field": "Lĩnh vực", "levels": "Cấp thực hiện", "kind": "Loại",
    "status": "Hiệu lực", "effective_from": "Có hiệu lực từ", "effective_to": "Hết hiệu lực từ",
    "online_level": "Mức độ trực tuyến", "summary": "Tóm tắt", "subjects": "Đối tượng",
    "agencies": "Cơ quan thực hiện", "competent": "Cơ quan có thẩm quyền",
    "authorised": "Cơ quan được ủy quyền", "coordinating": "Cơ quan phối hợp",
    "receiving_place": "Nơi tiếp nhận", "channels": "Cách nộp, thời hạn, phí",
    "cases": "Hồ sơ", "dossier_sets": "Số bộ hồ sơ", "forms": "Mẫu đơn, tờ khai",
    "steps": "Các bước", "results": "Kết quả", "conditions": "Yêu cầu, điều kiện",
    "local": "Phần của địa phương", "postal": "Nhận qua bưu chính công ích",
    "non_territorial": "Nộp ở đâu cũng được (phi địa giới)",
    "online_reason": "Lý do chưa toàn trình", "apply_url": "Địa chỉ nộp trực tuyến",
    "legal_bases": "Căn cứ pháp lý", "processes": "Quy trình giải quyết", "note": "Ghi chú",
    "decision_number": "Quyết định công bố", "decision_issued_on": "Ngày quyết định",
    "decision_issuer": "Cơ quan ra quyết định", "replaces": "Mã cũ",
    "source_name": "Nguồn", "source_url": "Địa chỉ nguồn", "checked_on": "Ngày kiểm tra",
}  # fmt: skip
"""What readers see, in the order of the page; not what only the desk and the search need."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that differs. Both sides empty when they are too long for one line."""

    name: str
    before: str
    after: str


def changes_between(old: ProcedureFacts, new: ProcedureFacts) -> list[Change]:
    """What changed for a reader, most telling first: `Thời hạn: 30 ngày → 12 ngày làm việc`."""
    names = set(differing(old, new))
    found = _of_channels(old, new) if "channels" in names else []
    for name, words in NAMES.items():
        if name in names and name != "channels":
            before, after = lines_of(old, name), lines_of(new, name)
            found += _change(words, before, after)
    return found


def text_of(facts: ProcedureFacts) -> str:
    """Everything that a reader saw, a paragraph a line."""
    parts: list[str] = []
    for name, words in NAMES.items():
        lines = lines_of(facts, name)
        if len(lines) == 1 and len(lines[0]) <= LONGEST:
            parts.append(f"{words}: {lines[0]}")
        elif lines:
            parts += [f"{words}:", *lines]
    return "\n".join(parts)


def lines_of(facts: ProcedureFacts, name: str) -> list[str]:
    """One fact as lines, none when it is empty."""
    value = getattr(facts, name)
    if value in (None, "", ()):
        return []
    tell = _TELLERS.get(name)
    lines = tell(value) if tell else _plain(value)
    return [line for text in lines for line in text.split("\n") if line.strip()]


def channel_lines(channels: Iterable[ChannelFacts]) -> Iterable[str]:
    """`Trực tiếp, trực tuyến: 10 ngày làm việc`, then their fees."""
    facts = list(channels)
    for way in ways_of(channel(i, one) for i, one in enumerate(facts)):
        head = f"{way.names} ({way.case})" if way.case else way.names
        yield f"{head}: {way.time or 'chưa rõ thời hạn'}"
        if way.note:
            yield way.note
    yield from dict.fromkeys(fee_line(fee) for one in facts for fee in one.fees)


def fee_line(fee: FeeFacts) -> str:
    """`75.000 đồng, cấp lại, theo 64/2025/TT-BTC, đến hết ngày 31/12/2026`."""
    (row,) = channel(0, ChannelFacts(kind=ChannelKind.DIRECT, fees=(fee,))).fees
    parts = [fee_words(row), fee_label(row), f"theo {fee.basis}" if fee.basis else ""]
    parts.append(f"từ ngày {format_date(fee.valid_from)}" if fee.valid_from else "")
    parts.append(f"đến hết ngày {format_date(fee.valid_to)}" if fee.valid_to else "")
    return ", ".join(part for part in parts if part)


def _of_channels(old: ProcedureFacts, new: ProcedureFacts) -> list[Change]:
    """Time and fees apart, for these are what people ask about; the rest as a whole."""
    found: list[Change] = []
    times = [_times(facts) for facts in (old, new)]
    if times[0] != times[1]:
        found += _change("Thời hạn", [times[0]], [times[1]])
    fees = [
        list(dict.fromkeys(fee_line(fee) for one in facts.channels for fee in one.fees))
        for facts in (old, new)
    ]
    if fees[0] != fees[1]:
        found += _change("Phí, lệ phí", ["; ".join(fees[0])], ["; ".join(fees[1])])
    if not found:
        found += _change(
            "Cách nộp", list(channel_lines(old.channels)), list(channel_lines(new.channels))
        )
    return found


def _times(facts: ProcedureFacts) -> str:
    return duration([channel(i, one) for i, one in enumerate(facts.channels)]) or ""


def _change(words: str, before: list[str], after: list[str]) -> list[Change]:
    """A short change with both sides; of lists what came and went; of long texts only the name."""
    sides = ["; ".join(before), "; ".join(after)]
    if len(before) > 1 or len(after) > 1:
        gone = [line for line in before if line not in after]
        come = [line for line in after if line not in before]
        sides = ["; ".join(gone), "; ".join(come)]
    if max(map(len, sides)) > LONGEST:
        return [Change(words, "", "")]
    return [Change(words, *sides)]


def _paper(part: ComponentFacts) -> str:
    counts = [
        f"{number} {name}"
        for number, name in ((part.originals, "bản chính"), (part.copies, "bản sao"))
        if number
    ]
    extra = [*counts, *([] if part.required else ["nếu có"])]
    return f"{part.name} ({', '.join(extra)})" if extra else part.name


def _local(local: LocalFacts) -> Iterable[str]:
    if local.time is not None and local.unit is not None:
        basis = local.time_basis or local.decision_number
        yield f"Thời hạn {span(local.time, local.unit)}" + (f", theo {basis}" if basis else "")
    yield from (local.place, local.place_hours, local.explanation)


def _processes(processes: tuple[ProcessFacts, ...]) -> Iterable[str]:
    for process in processes:
        yield f"{PROCESSES[process.kind]} {process.title}".strip()
        for row in process.rows:
            hours = f", {row.hours.normalize():f} giờ" if row.hours is not None else ""
            yield f"{row.task}: {row.doer}{hours}"


def _form(form: FormFacts) -> str:
    return f"{form.name} {form.url}".strip()


def _plain(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["có" if value else "không"]
    if isinstance(value, date):
        return [format_date(value)]
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return [str(value)]


_TELLERS: Mapping[str, Callable[..., Iterable[str]]] = {
    "field": lambda field: [field.name],
    "levels": lambda levels: [LEVELS[level].name for level in levels],
    "kind": lambda kind: [KINDS[kind]],
    "status": lambda status: ["Còn áp dụng" if status is Status.IN_FORCE else "Bị bãi bỏ"],
    "online_level": lambda level: [ONLINE_LEVELS[level].name],
    "channels": channel_lines,
    "cases": lambda cases: [
        line
        for case in cases
        for line in ([case.name] if case.name else []) + [_paper(p) for p in case.components]
    ],
    "steps": lambda steps: [
        f"{step.title}: {step.text}" if step.title else step.text for step in steps
    ],
    "legal_bases": lambda bases: [f"{one.number} {one.title}".strip() for one in bases],
    "local": _local,
    "forms": lambda forms: [_form(form) for form in forms],
    "processes": _processes,
}
