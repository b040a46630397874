"""Facts become rows. Content, imports and the desk all write through here.

Everything happens inside the caller's `write()` block; who may do it and the audit entry are the
caller's business. Each recorded procedure tells the search room that it changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core import clock
from portal.core.text import fold, slugify
from portal.procedures import versions
from portal.procedures.comparing import facts_of, same
from portal.procedures.facts import (
    AnnouncementFacts,
    ChangeFacts,
    FieldFacts,
    LegalFacts,
    ProcedureFacts,
)
from portal.procedures.models import (
    Announcement,
    AnnouncementChange,
    Channel,
    DossierCase,
    LegalBasis,
    LegalLink,
    Procedure,
    ProcedureField,
    ProcedureOldCode,
)
from portal.procedures.recording_parts import fill
from portal.procedures.terms import ChangeKind, LegalState, Origin
from portal.search import feed

SEARCH_KIND, LEGAL_KIND = "procedure", "legal_basis"
_CHUNK = 400
WITH_PARTS = (
    joinedload(Procedure.field),
    selectinload(Procedure.channels).selectinload(Channel.fees),
    selectinload(Procedure.cases).selectinload(DossierCase.components),
    selectinload(Procedure.legal_links).joinedload(LegalLink.basis),
    selectinload(Procedure.old_codes),
    joinedload(Procedure.local),
    selectinload(Procedure.forms),
    selectinload(Procedure.processes),
)


class Recorder:
    """Writes many procedures in one transaction; fields and documents are looked up once.

    `origin` and `reason` are kept with each version that is written.
    """

    def __init__(self, session: Session, origin: Origin, reason: str = "") -> None:
        self.session = session
        self.origin, self.reason = origin, reason
        self._fields = {row.key: row for row in session.scalars(select(ProcedureField))}
        self._fields_by_name = {fold(row.name): row for row in self._fields.values()}
        self._legal = {row.number: row for row in session.scalars(select(LegalBasis))}
        self._legal_slugs = {row.slug for row in self._legal.values()}
        self._told: set[str] = set()

    def existing(self, codes: Iterable[str]) -> dict[str, Procedure]:
        """The procedures of these codes that are kept here, with all their parts."""
        return load_with_parts(self.session, codes)

    def record(self, procedure: Procedure | None, facts: ProcedureFacts) -> Procedure:
        """Make `procedure` (or a new one) say exactly `facts`; its version goes up by one."""
        if procedure is None:
            procedure = Procedure(code=facts.code, version=0)
            self.session.add(procedure)
        fill(procedure, facts)
        procedure.field = self.field(facts.field or UNSORTED)
        self._link(procedure, facts)
        touch(self.session, procedure)
        versions.keep(self.session, procedure, facts, self.origin, self.reason)
        return procedure

    def field(self, facts: FieldFacts) -> ProcedureField:
        """The field of this key, made or brought up to date."""
        row = self._fields.get(facts.key)
        if row is None and facts.position is None:
            row = self._fields_by_name.get(fold(facts.name))
        if row is None:
            row = ProcedureField(key=facts.key, name=facts.name)
            self.session.add(row)
            self._fields[facts.key] = self._fields_by_name[fold(facts.name)] = row
        if facts.position is not None:  # only content files say how a field is named and sorted
            row.name, row.code, row.position = facts.name, facts.code, facts.position
        return row

    def _link(self, procedure: Procedure, facts: ProcedureFacts) -> None:
        links = {link.basis.number: link for link in procedure.legal_links}
        kept: list[LegalLink] = []
        for position, legal in enumerate({x.number: x for x in facts.legal_bases}.values()):
            link = links.get(legal.number) or LegalLink()
            link.basis, link.position = self.document(legal), position
            kept.append(link)
        for link in set(links.values()) ^ set(kept):  # found while something rests on it
            self._tell(link.basis.slug)
        procedure.legal_links = kept
        known = {old.old_code: old for old in procedure.old_codes}
        procedure.old_codes = [
            known.get(code) or ProcedureOldCode(old_code=code)
            for code in dict.fromkeys(facts.replaces)
            if code != procedure.code
        ]

    def _tell(self, slug: str) -> None:
        """Have the search look at a document again, once in a transaction."""
        if slug not in self._told:
            self._told.add(slug)
            feed.changed(self.session, LEGAL_KIND, slug)

    def document(self, facts: LegalFacts) -> LegalBasis:
        """The shared document of this number, made or filled up with what is new."""
        row = self._legal.get(facts.number)
        if row is None:
            slug = free_slug(facts.number, self._legal_slugs)
            row = LegalBasis(number=facts.number, slug=slug, title="", issuer="", url="",
                             source_url="", state=LegalState.UNKNOWN.value)  # fmt: skip
            self.session.add(row)
            self._legal[facts.number] = row
        # A document is shared: what one source leaves out does not erase what another said.
        said = same(LegalFacts, facts, but=("number", "state"))
        added = {name: value for name, value in said.items() if value and not getattr(row, name)}
        if facts.state and row.state == LegalState.UNKNOWN:
            added["state"] = facts.state.value
        for name, value in added.items():
            setattr(row, name, value)
        if added:
            self._tell(row.slug)
        return row


def free_slug(name: str, taken: set[str]) -> str:
    """A slug of `name` that is not in `taken`; it is added there."""
    base = slugify(name) or "van-ban"
    slug, count = base, 1
    while slug in taken:
        count += 1
        slug = f"{base}-{count}"
    taken.add(slug)
    return slug


UNSORTED = FieldFacts(key="khac", name="Lĩnh vực khác")


def load_with_parts(session: Session, codes: Iterable[str]) -> dict[str, Procedure]:
    """Procedures by code with everything that `facts_of` reads; a few statements per 400."""
    found: dict[str, Procedure] = {}
    rest = iter(dict.fromkeys(codes))
    while chunk := list(islice(rest, _CHUNK)):
        query = select(Procedure).where(Procedure.code.in_(chunk)).options(*WITH_PARTS)
        found.update((row.code, row) for row in session.scalars(query))
    return found


def touch(session: Session, procedure: Procedure) -> None:
    """Note that `procedure` changed: version, time, search."""
    procedure.version += 1
    procedure.updated_at = clock.now()
    turn = procedure.next_turn(clock.today())
    due_at = clock.from_local(datetime.combine(turn, time.min)) if turn else None
    feed.changed(session, SEARCH_KIND, procedure.code)
    if due_at:
        feed.changed(session, SEARCH_KIND, procedure.code, due_at=due_at)


def record_announcement(
    session: Session, row: Announcement | None, facts: AnnouncementFacts
) -> Announcement:
    """Make `row` (or a new one) say exactly `facts`."""
    if row is None:
        slug = free_slug(facts.number, set(session.scalars(select(Announcement.slug))))
        row = Announcement(number=facts.number, issuer=facts.issuer, slug=slug)
        session.add(row)
    for name, value in same(AnnouncementFacts, facts, but=("changes",)).items():
        setattr(row, name, value)
    row.changes = [
        AnnouncementChange(
            position=position, kind=change.kind.value, **same(ChangeFacts, change, but=("kind",))
        )
        for position, change in enumerate(facts.changes)
    ]
    return row


def draw_consequences(session: Session) -> int:
    """Give procedures the dates that announced decisions set: a new one begins, an abolished
    or replaced one ends. A date that the procedure itself states is left alone. Returns how many
    procedures changed; running it again changes nothing."""
    query = (
        select(AnnouncementChange, Procedure)
        .join(Procedure, Procedure.code == AnnouncementChange.code)
        .where(AnnouncementChange.effective_from.is_not(None))
        .order_by(AnnouncementChange.effective_from)
    )
    changed: dict[str, Procedure] = {}
    for change, procedure in session.execute(query):
        begins = change.kind == ChangeKind.NEW and procedure.effective_from is None
        ends = change.kind in (ChangeKind.ABOLISHED, ChangeKind.REPLACED)
        if begins and not _ends_before(procedure, change):
            procedure.effective_from = change.effective_from
            changed[procedure.code] = procedure
        elif ends and procedure.effective_to is None and not _begins_after(procedure, change):
            procedure.effective_to = change.effective_from
            changed[procedure.code] = procedure
    for procedure in load_with_parts(session, changed).values():
        touch(session, procedure)
        versions.keep(session, procedure, facts_of(procedure), Origin.DECISION)
    return len(changed)


def keep_first_versions(session: Session) -> int:
    """Keep what procedures say of which no version was kept yet; returns how many."""
    codes = versions.without_any(session)
    for procedure in load_with_parts(session, codes).values():
        versions.keep(session, procedure, facts_of(procedure), Origin.CONTENT)
    return len(codes)


def _ends_before(procedure: Procedure, change: AnnouncementChange) -> bool:
    end, begin = procedure.effective_to, change.effective_from
    return bool(end and begin and end < begin)


def _begins_after(procedure: Procedure, change: AnnouncementChange) -> bool:
    begin, end = procedure.effective_from, change.effective_from
    return bool(begin and end and begin > end)
