"""Lists that the desk edits as lines, parts set apart by `|`: no script, nothing lost on the way.

A line that was not touched gives back the very facts that it was made of, with what the line does
not show.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from portal.core.errors import Invalid
from portal.core.web.templating import number
from portal.procedures.facts import ComponentFacts, LegalFacts, ProcessRow

OPTIONAL = "nếu có"


def component_line(part: ComponentFacts) -> str:
    """`Đơn đề nghị | 1 | 0 | | Mẫu 02.docx | ghi chú`, empty ends left off."""
    return _joined(
        part.name, str(part.originals), str(part.copies), "" if part.required else OPTIONAL,
        part.template, part.note,
    )  # fmt: skip


def read_components(text: str, known: Iterable[ComponentFacts]) -> tuple[ComponentFacts, ...]:
    """Papers of lines. Raises `Invalid` naming the line."""
    before = {component_line(part): part for part in known}
    codes = {part.name: part.code for part in before.values()}
    found = []
    for place, line in _lines(text):
        if line in before:
            found.append(before[line])
            continue
        name, originals, copies, optional, template, note = _parts(line, 6, place, "Giấy tờ")
        if optional and optional.casefold() != OPTIONAL:
            raise Invalid({"papers": f"Giấy tờ, dòng {place}: phần thứ tư chỉ ghi “{OPTIONAL}”."})
        found.append(
            ComponentFacts(
                name=name, originals=_count(originals, place), copies=_count(copies, place),
                required=not optional, template=template, note=note, code=codes.get(name, ""),
            )
        )  # fmt: skip
    return tuple(found)


def process_line(row: ProcessRow) -> str:
    """`Thẩm định hồ sơ | Phòng Nghiệp vụ Y | 12 | Tờ trình | Mẫu 05`."""
    hours = number(row.hours) if row.hours is not None else ""
    return _joined(row.task, row.doer, hours, row.output, row.form)


def read_process(text: str) -> tuple[ProcessRow, ...]:
    """Rows of lines. Raises `Invalid` naming the line."""
    found = []
    for place, line in _lines(text):
        task, doer, hours, output, form = _parts(line, 5, place, "Bước")
        found.append(ProcessRow(task, doer, _hours(hours, place), output, form))
    return tuple(found)


def legal_line(facts: LegalFacts) -> str:
    """`96/2023/NĐ-CP | Quy định chi tiết …`."""
    return _joined(facts.number, facts.title)


def read_legal(text: str, known: Iterable[LegalFacts]) -> tuple[LegalFacts, ...]:
    """Documents of lines, each number once. Raises `Invalid` naming the line."""
    before = {facts.number: facts for facts in known}
    found: dict[str, LegalFacts] = {}
    for place, line in _lines(text):
        code, title = _parts(line, 2, place, "Căn cứ")
        found.setdefault(code, before.get(code) or LegalFacts(number=code, title=title))
    return tuple(found.values())


def _lines(text: str) -> Iterable[tuple[int, str]]:
    for place, line in enumerate(text.split("\n"), start=1):
        if line.strip(" |"):
            yield place, line.strip()


def _parts(line: str, most: int, place: int, thing: str) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > most:
        raise Invalid({"": f"{thing}, dòng {place}: có nhiều hơn {most} phần."})
    if not parts[0]:
        raise Invalid({"": f"{thing}, dòng {place}: phần đầu còn trống."})
    return parts + [""] * (most - len(parts))


def _count(text: str, place: int) -> int:
    if not text:
        return 0
    if not (text.isdecimal() and len(text) < 4):
        raise Invalid({"": f"Giấy tờ, dòng {place}: “{text}” không phải số bản, ví dụ 1."})
    return int(text)


def _hours(text: str, place: int) -> Decimal | None:
    if not text:
        return None
    try:
        hours = Decimal(text.removesuffix("giờ").strip().replace(",", "."))
    except InvalidOperation:
        hours = Decimal(-1)
    if not hours.is_finite() or not 0 <= hours <= 100_000:
        raise Invalid({"": f"Bước, dòng {place}: “{text}” không phải số giờ, ví dụ 4 hoặc 2,5."})
    return round(hours, 2)


def _joined(*parts: str) -> str:
    clean = [" ".join(part.replace("|", "/").split()) for part in parts]
    return " | ".join(clean).rstrip(" |")
