"""What stands on a posting sheet: the parts that Article 8 of Decree 63/2010 names, in its order.

The HTML view and the PDF print the same parts. A part that every procedure must have and that is
not known yet is named with "đang cập nhật": a sheet must not look complete when it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core import clock
from portal.core.settings import Settings
from portal.directory.models import Hotline, Purpose, Scope
from portal.procedures import wording
from portal.procedures.models import (
    Channel,
    DossierCase,
    DossierComponent,
    LegalLink,
    Procedure,
)
from portal.procedures.terms import FEE_KINDS, FeeKind, Level, TimeUnit

UNKNOWN = "Đang cập nhật"
_BOARD_PURPOSES = {Purpose.RULES.value, Purpose.CONDUCT.value, Purpose.PROCEDURES.value}


@dataclass(frozen=True, slots=True)
class Entry:
    """One point of a list; the title may be empty."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One numbered part: paragraphs, then lists (each with its own heading or none), then rows
    under `heads`."""

    title: str
    paragraphs: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[Entry, ...]], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A posting sheet as of `day`."""

    code: str
    name: str
    field: str
    levels: str
    state: str
    version: int
    day: date
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    feedback: tuple[tuple[str, str], ...]
    feedback_note: str
    address: str
    validity: str

    @property
    def note(self) -> str:
        """What lets a reader see that a sheet is stale."""
        return (
            f"Bản in ngày {clock.format_date(self.day)}, phiên bản {self.version}, {self.validity}"
        )


def path_of(code: str, version: int) -> str:
    """Where a printed code leads: the page, which then knows what was printed."""
    return f"/thu-tuc/{code}?ban={version}"


def sheet_of(
    procedure: Procedure, settings: Settings, hotlines: Iterable[Hotline], day: date
) -> Sheet:
    """The sheet of a procedure that was loaded with all its parts."""
    return Sheet(
        code=procedure.code,
        name=procedure.name,
        field=procedure.field.name,
        levels=wording.level_words(procedure),
        state=procedure.state_on(day),
        version=procedure.version,
        day=day,
        facts=_facts(procedure, settings, day),
        parts=tuple(_parts(procedure, day)),
        feedback=feedback_contacts(settings, hotlines),
        feedback_note=settings.site.posting.feedback_note,
        address=settings.address(path_of(procedure.code, procedure.version)),
        validity=validity(procedure, _last_change(procedure, day)),
    )


def for_sheet(session: Session, code: str) -> Procedure | None:
    """A procedure with all that its sheet prints; four statements."""
    query = (
        select(Procedure)
        .where(Procedure.code == code)
        .options(
            joinedload(Procedure.field),
            joinedload(Procedure.local),
            joinedload(Procedure.forms),
            joinedload(Procedure.changes),
            selectinload(Procedure.channels).joinedload(Channel.fees),
            selectinload(Procedure.cases).joinedload(DossierCase.components),
            selectinload(Procedure.legal_links).joinedload(LegalLink.basis),
        )
    )
    return session.scalars(query).unique().one_or_none()


def _last_change(procedure: Procedure, day: date) -> date | None:
    """Since when the newest announced change holds."""
    days = (change.effective_from for change in procedure.changes)
    return max((one for one in days if one and one <= day), default=None)


def validity(procedure: Procedure, changed_on: date | None = None) -> str:
    """`hiệu lực từ 01/03/2027`, or that nobody has said so far."""
    begin, end = procedure.effective_from, procedure.effective_to
    begin = max(filter(None, [begin, changed_on]), default=None)
    words = f"hiệu lực từ {clock.format_date(begin)}" if begin else "ngày hiệu lực đang cập nhật"
    return f"{words}, đến hết ngày {clock.format_date(end)}" if end else words


def place(procedure: Procedure, settings: Settings) -> str | None:
    """Where a dossier is handed in on paper: as the agency says of this procedure, as the source
    says, or as the agency says of all of a level."""
    posting, local = settings.site.posting, procedure.local
    if local and local.place:
        return "\n".join(filter(None, [local.place, local.place_hours]))
    if procedure.receiving_place:
        return procedure.receiving_place
    if Level.PROVINCE.value in procedure.levels and posting.receiving_province:
        return posting.receiving_province
    if Level.COMMUNE.value in procedure.levels and posting.receiving_commune:
        return posting.receiving_commune
    return None


def feedback_contacts(
    settings: Settings, hotlines: Iterable[Hotline]
) -> tuple[tuple[str, str], ...]:
    """Where to send a feedback: a posted sheet must say so (Decree 20/2008)."""
    agency, external = settings.site.agency, settings.site.external
    lines = [
        line
        for line in hotlines
        if line.scope == Scope.AGENCY and _BOARD_PURPOSES.intersection(line.purposes)
    ]
    phones = list(dict.fromkeys([*(one.phone for one in lines), agency.phone]))
    emails = list(dict.fromkeys([*(one.email for one in lines), agency.email]))
    unsure = " (chưa kiểm chứng)" if agency.address_certainty == "unverified" else ""
    online = [settings.address("/phan-anh/gui"), external.national_feedback]
    return (
        ("Nơi tiếp nhận", agency.name),
        ("Địa chỉ", f"{agency.address}{unsure}" if agency.address else UNKNOWN),
        ("Điện thoại", ", ".join(filter(None, phones)) or UNKNOWN),
        ("Thư điện tử", ", ".join(filter(None, emails)) or UNKNOWN),
        ("Qua mạng", "\n".join(filter(None, online))),
    )


def _facts(procedure: Procedure, settings: Settings, day: date) -> tuple[tuple[str, str], ...]:
    summary = wording.summary_of(procedure, day)
    where = [summary.where or "", place(procedure, settings) or ""]
    return (
        ("Bao lâu", how_long(procedure) or UNKNOWN),
        ("Bao nhiêu tiền", summary.how_much or UNKNOWN),
        ("Nộp ở đâu", "\n".join(filter(None, where)) or UNKNOWN),
        ("Nhận gì", summary.what or UNKNOWN),
    )


def how_long(procedure: Procedure) -> str | None:
    """The time; where the agency promises a shorter one, that first, with what shortens it."""
    general, local = wording.duration(procedure.channels), procedure.local
    if local is None or local.time is None or local.time_unit is None:
        return general
    own = wording.span(local.time, TimeUnit(local.time_unit))
    basis = f", {local.time_basis}" if local.time_basis else ""
    return f"{own} (quy định chung: {general}{basis})" if general else own


def _parts(procedure: Procedure, day: date) -> Iterable[Part]:
    steps = tuple(Entry(step.title, step.text) for step in procedure.steps)
    yield _listed("Trình tự thực hiện", steps)
    yield _channels(procedure.channels, day)
    yield _dossier(procedure)
    yield _said("Đối tượng thực hiện", procedure.subjects)
    yield Part("Cơ quan giải quyết", tuple(_agencies(procedure)) or (UNKNOWN,))
    yield _said("Kết quả", [result.name for result in procedure.results])
    if procedure.forms:
        names = (Entry("", "\n".join(filter(None, [x.name, x.url]))) for x in procedure.forms)
        yield _listed("Mẫu đơn, tờ khai", tuple(names))
    if procedure.conditions:
        yield Part("Yêu cầu, điều kiện", tuple(procedure.conditions.split("\n")))
    yield _listed("Căn cứ pháp lý", tuple(_legal(procedure)))
    if procedure.decision_number:
        yield Part("Quyết định công bố", (_decision(procedure),))


def _said(title: str, values: Sequence[str]) -> Part:
    return Part(title, ("; ".join(values) or UNKNOWN,))


def _listed(title: str, entries: tuple[Entry, ...]) -> Part:
    return Part(title, lists=(("", entries),)) if entries else Part(title, (UNKNOWN,))


def _channels(channels: Sequence[Channel], day: date) -> Part:
    title = "Cách thức thực hiện, thời hạn, phí, lệ phí"
    if not channels:
        return Part(title, (UNKNOWN,))
    rows = tuple(
        (
            "\n".join(filter(None, [wording.channel_words(one), one.case])),
            wording.time_words(one) or UNKNOWN,
            "\n".join(fee_lines(one, day)) or UNKNOWN,
        )
        for one in channels
    )
    return Part(title, heads=("Cách nộp", "Thời hạn", "Phí, lệ phí"), rows=rows)


def fee_lines(channel: Channel, day: date) -> Iterable[str]:
    """What is to pay on `day`, each amount with what it is for and until when."""
    for fee in channel.fees:
        if fee.holds_on(day):
            kind = f"{FEE_KINDS[FeeKind(fee.kind)]} " if fee.kind and fee.amount else ""
            label = wording.fee_label(fee)
            until = f", đến hết {clock.format_date(fee.valid_to)}" if fee.valid_to else ""
            yield f"{kind}{wording.fee_words(fee)}{f' ({label})' if label else ''}{until}"


def _dossier(procedure: Procedure) -> Part:
    title = "Thành phần, số lượng hồ sơ"
    lists = tuple(
        (case.name, tuple(_paper(part) for part in case.components)) for case in procedure.cases
    )
    sets = procedure.dossier_sets
    paragraphs = (f"Số lượng hồ sơ: {sets} bộ",) if sets else ()
    return Part(title, paragraphs if lists else (UNKNOWN, *paragraphs), lists)


def _paper(part: DossierComponent) -> Entry:
    counts = [
        f"{count} {kind}"
        for count, kind in ((part.originals, "bản chính"), (part.copies, "bản sao"))
        if count
    ]
    if not part.required:
        counts.append("nếu có")
    words = f"{part.name} ({', '.join(counts)})" if counts else part.name
    template = f"Mẫu: {part.template}" if part.template else ""
    return Entry("", "\n".join(filter(None, [words, template, part.note])))


def _agencies(procedure: Procedure) -> Iterable[str]:
    for label, names in (
        ("", procedure.agencies),
        ("Cơ quan có thẩm quyền: ", procedure.competent),
        ("Cơ quan được ủy quyền: ", procedure.authorised),
        ("Cơ quan phối hợp: ", procedure.coordinating),
    ):
        if names:
            yield f"{label}{'; '.join(names)}"


def _legal(procedure: Procedure) -> Iterable[Entry]:
    for link in procedure.legal_links:
        yield Entry("", " ".join(filter(None, [link.basis.number, link.basis.title])))


def _decision(procedure: Procedure) -> str:
    day, issuer = procedure.decision_issued_on, procedure.decision_issuer
    return (
        f"Quyết định {procedure.decision_number}"
        f"{f' ngày {clock.format_date(day)}' if day else ''}{f' của {issuer}' if issuer else ''}"
    )
