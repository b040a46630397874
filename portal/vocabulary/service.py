"""Changing the words that lead to things: each verb checks who asks, changes and logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import clean_line
from portal.search import service as search
from portal.search import thesaurus
from portal.search.models import SearchGap, SynonymRule
from portal.search.synonyms import MAX_PHRASE

EDIT = "wording.edit"
MOST_RULES = 2_000
MAX_SIDE = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as the form has it: phrases with commas between them on both sides."""

    said: str
    meant: str
    both_ways: bool

    def line(self) -> str:
        """The line in the format of the file. Raises `Invalid` by field."""
        sides = {"said": clean_line(self.said), "meant": clean_line(self.meant)}
        problems = {name: found for name, text in sides.items() if (found := _problem(text))}
        if problems:
            raise Invalid(problems)
        line = f"{sides['said']}{', ' if self.both_ways else ' => '}{sides['meant']}"
        if fault := thesaurus.fault(line):
            raise Invalid({"": fault})
        if len({key for side in sides.values() for key in _keys(side)}) < 2:
            raise Invalid({"meant": "Hai bên giống nhau. Nhập từ khác mà thủ tục đang dùng."})
        return line

    @classmethod
    def of(cls, line: str) -> Wanted:
        """The form's view of a line."""
        left, arrow, right = line.partition("=>")
        if arrow:
            return cls(left.strip(), right.strip(), False)
        first, _, rest = line.partition(",")
        return cls(first.strip(), rest.strip(), True)


def _problem(text: str) -> str:
    if not text:
        return "Nhập ít nhất một từ."
    if len(text) > MAX_SIDE:
        return f"Dài quá {MAX_SIDE} ký tự. Bạn tách thành hai dòng."
    if "=>" in text or "#" in text or "=" in text:
        return "Bỏ các dấu “=”, “>”, “#”: chỉ cần từ và dấu phẩy giữa các từ."
    if any(not _keys(part) for part in text.split(",")):
        return "Có dấu phẩy thừa, hoặc một phần không có chữ nào."
    for part in text.split(","):
        if len(part.split()) > MAX_PHRASE:
            return f"“{part.strip()}” dài quá {MAX_PHRASE} từ. Bạn rút ngắn lại."
    return ""


def _keys(text: str) -> list[str]:
    return [key for part in text.split(",") if (key := thesaurus.key_of(part))]


def add(actor: Actor, wanted: Wanted, gap_id: int | None = None) -> SynonymRule:
    """Add a line; the gap that it fills, if any, is handled with it. Raises `Invalid`."""
    require(actor, EDIT)
    line = wanted.line()
    with write() as session:
        _refuse_known(session, line)
        rule = _new(session, actor, line, hides=False)
        if gap_id is not None and (gap := session.get(SearchGap, gap_id)):
            _handle(session, actor, gap)
    search.table().forget()
    return rule


def change(actor: Actor, rule_id: int, version: int, wanted: Wanted) -> SynonymRule:
    """Change a line as it was at `version`. Raises `Invalid`, `Conflict`, `NotFound`."""
    require(actor, EDIT)
    line = wanted.line()
    with write() as session:
        rule = get(session, rule_id)
        if rule.version != version or rule.removed_at is not None:
            raise Conflict("Có người vừa sửa dòng này sau khi bạn mở. Bạn xem lại rồi lưu lần nữa.")
        if line != rule.line:
            _refuse_known(session, line, but=rule.id)
            changes = {"line": (rule.line, line)}
            rule.line = line
            _touch(session, actor, rule, AuditEvent.SYNONYM_CHANGED, changes)
    search.table().forget()
    return rule


def hide(actor: Actor, line: str) -> SynonymRule:
    """Have a line of the file count no more. Raises `NotFound` when the file has no such line."""
    require(actor, EDIT)
    key = thesaurus.key_of(line)
    if not key or key not in {thesaurus.key_of(known) for _, known in search.table().base()}:
        raise NotFound(line)
    with write() as session:
        hidden = session.scalars(select(SynonymRule).where(SynonymRule.hides)).all()
        rule = next((one for one in hidden if thesaurus.key_of(one.line) == key), None)
        if rule is None:
            rule = _new(session, actor, clean_line(line), hides=True)
        elif rule.removed_at is not None:
            rule.removed_at = None
            _touch(session, actor, rule, AuditEvent.SYNONYM_ADDED, {})
    search.table().forget()
    return rule


def remove(actor: Actor, rule_id: int) -> SynonymRule:
    """Take a rule of the desk out; a hidden line of the file counts again. It can be restored."""
    return _switch(actor, rule_id, on=False)


def restore(actor: Actor, rule_id: int) -> SynonymRule:
    """Put a rule back that was taken out."""
    return _switch(actor, rule_id, on=True)


def _switch(actor: Actor, rule_id: int, *, on: bool) -> SynonymRule:
    require(actor, EDIT)
    with write() as session:
        rule = get(session, rule_id)
        if (rule.removed_at is None) != on:
            rule.removed_at = None if on else clock.now()
            event = AuditEvent.SYNONYM_RESTORED if on else AuditEvent.SYNONYM_REMOVED
            _touch(session, actor, rule, event, {"line": (rule.line, rule.line)})
    search.table().forget()
    return rule


def handle(actor: Actor, gap_id: int) -> SearchGap:
    """Note that somebody has dealt with words that led nowhere."""
    require(actor, EDIT)
    with write() as session:
        gap = _gap(session, gap_id)
        if gap.handled_at is None:
            _handle(session, actor, gap)
        return gap


def reopen(actor: Actor, gap_id: int) -> SearchGap:
    """Put words back to those that wait."""
    require(actor, EDIT)
    with write() as session:
        gap = _gap(session, gap_id)
        if gap.handled_at is not None:
            gap.handled_at = None
            _log(session, actor, AuditEvent.GAP_REOPENED, ("search_gap", gap.id), {})
        return gap


def get(session: Session, rule_id: int) -> SynonymRule:
    """The rule, taken out or not. Raises `NotFound`."""
    rule = session.get(SynonymRule, rule_id)
    if rule is None:
        raise NotFound(str(rule_id))
    return rule


def _gap(session: Session, gap_id: int) -> SearchGap:
    gap = session.get(SearchGap, gap_id)
    if gap is None or not gap.words:
        raise NotFound(str(gap_id))
    return gap


def _handle(session: Session, actor: Actor, gap: SearchGap) -> None:
    gap.handled_at = clock.now()
    _log(session, actor, AuditEvent.GAP_HANDLED, ("search_gap", gap.id), {})


def _refuse_known(session: Session, line: str, but: int | None = None) -> None:
    key = thesaurus.key_of(line)
    rules = session.scalars(select(SynonymRule).where(SynonymRule.removed_at.is_(None))).all()
    hidden = {thesaurus.key_of(rule.line) for rule in rules if rule.hides}
    added = {thesaurus.key_of(rule.line) for rule in rules if not rule.hides and rule.id != but}
    base = {thesaurus.key_of(known) for _, known in search.table().base()}
    if key in added | (base - hidden):
        raise Invalid({"": "Bảng từ đã có dòng này."})
    if len(rules) >= MOST_RULES:
        raise Invalid({"": f"Bảng từ có tối đa {MOST_RULES} dòng thêm. Bạn gỡ bớt dòng cũ."})


def _new(session: Session, actor: Actor, line: str, *, hides: bool) -> SynonymRule:
    rule = SynonymRule(line=line, hides=hides, version=0, changed_at=clock.now())
    session.add(rule)
    session.flush()
    event = AuditEvent.SYNONYM_REMOVED if hides else AuditEvent.SYNONYM_ADDED
    _touch(session, actor, rule, event, {"line": (line, "") if hides else ("", line)})
    return rule


def _touch(
    session: Session,
    actor: Actor,
    rule: SynonymRule,
    event: AuditEvent,
    changes: Mapping[str, tuple[object, object]],
) -> None:
    rule.version += 1
    rule.changed_at, rule.changed_by = clock.now(), actor.name
    _log(session, actor, event, ("synonym", rule.id), changes)


def _log(
    session: Session,
    actor: Actor,
    event: AuditEvent,
    thing: tuple[str, object],
    changes: Mapping[str, tuple[object, object]],
) -> None:
    audit.record(session, event, actor_id=actor.user_id, thing=thing, changes=changes)
