"""The whole life of a feedback, walked at random by officers, a head and its sender, day after day.

Beside the database runs a plain model: the state by the table, every text that was said, the term
counted day by day. Whatever verb comes in whatever state, they agree, and a refused verb changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import func, select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.settings import current_settings
from portal.feedback import (
    answering,
    approval,
    citizen,
    deadlines,
    handling,
    holding,
    pausing,
    publishing,
    restricting,
    states,
    submission,
)
from portal.feedback.citizen import Rating
from portal.feedback.handling import Refusal
from portal.feedback.models import Feedback, FeedbackMessage, FeedbackNote, Kind, RegisterCounter
from portal.feedback.publishing import PublicCopy
from portal.feedback.restricting import Ending, Outcome
from portal.feedback.states import State, Verb
from tests.feedback.test_handling import load, receive, version
from tests.support.staff import make_user

COPY = PublicCopy("Giờ làm việc", "Thứ Bảy có làm không?", "Có, buổi sáng.")
BODY = "Thứ Bảy có làm không?"
REFUSED = (Conflict, Invalid, NotAllowed, NotFound)  # of a denunciation officers do not know
Act = Callable[[int], None]


class Life(RuleBasedStateMachine):
    """`ahead` is how many days the portal's clock is ahead; `approving` whether answers need a
    second person."""

    app: Flask
    officer: Actor
    colleague: Actor
    head: Actor
    ahead: list[int]
    approving: list[bool]

    @initialize(approving=st.booleans())
    def begin(self, approving: bool) -> None:
        self.context = self.app.app_context()
        self.context.push()
        self.approving[0], self.count = approving, 0
        self.number = receive()
        first = load(self.number)
        self.holder = holding.holder_of(first)
        self.state, self.due, self.kind = State.RECEIVED, first.due_on, Kind(first.kind)
        self.said: list[str] = []
        self.noted: set[str] = set()
        self.draft = self.drafter = self.paused = self.register = None
        self.left = self.extended = 0
        self.reopened = self.asked_erasure = self.prepared = self.public = False
        self.maker: Actor | None = None

    def teardown(self) -> None:
        if hasattr(self, "context"):
            db.session.remove()
            self.context.pop()

    def words(self) -> str:
        self.count += 1
        return f"Lời thứ {self.count}"

    def attempt(self, verb: Verb, act: Act, allowed: bool = True) -> bool:
        """Do `act`; whether it was done, which it is exactly where table and model allow it."""
        before, entries = self.everything(), self.audited()
        at = version(self.number)
        try:
            act(at)
        except REFUSED:
            assert not (states.can(self.state, verb) and allowed), (self.state, verb)
            assert (self.everything(), self.audited()) == (before, entries)
            return False
        assert states.can(self.state, verb), (self.state, verb)
        assert allowed, (self.state, verb)
        was, self.state = self.state, states.TRANSITIONS[verb][self.state]
        assert version(self.number) > at
        if was is State.WAITING and self.state is not was:
            self.clock_goes_on()
        return True

    def everything(self) -> tuple[object, ...]:
        item = load(self.number)
        columns = tuple(getattr(item, c.key) for c in Feedback.__table__.columns)
        counted = db.session.scalar(select(func.sum(RegisterCounter.last)))
        return columns, self.messages(), self.notes(), counted

    def audited(self) -> int:
        query = select(func.count()).where(AuditEntry.object_id == str(self.number))
        return db.session.scalar(query) or 0

    def messages(self) -> list[str]:
        query = select(FeedbackMessage.body).where(FeedbackMessage.feedback_id == self.number)
        return list(db.session.scalars(query.order_by(FeedbackMessage.id)))

    def notes(self) -> list[str]:
        query = select(FeedbackNote.body).where(FeedbackNote.feedback_id == self.number)
        return list(db.session.scalars(query))

    # The term, counted by walking through the days.

    def working_days(self, start: date, end: date) -> int:
        day, count = start, 0
        while day < end:
            day += timedelta(days=1)
            count += current_settings().calendar.is_working(day)
        return count

    def walk(self, start: date, days: int) -> date:
        day = start
        while days:
            day += timedelta(days=1)
            days -= current_settings().calendar.is_working(day)
        return day

    def clock_stops(self) -> None:
        self.paused, self.left = clock.today(), self.working_days(clock.today(), self.due)

    def clock_goes_on(self) -> None:
        assert self.paused is not None
        if clock.today() > self.paused and self.due >= self.paused:
            self.due = max(self.due, self.walk(clock.today(), max(1, self.left)))
        self.paused = None

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.ahead[0] += days

    # Officers.

    @rule()
    def accept(self) -> None:
        self.attempt(Verb.ACCEPT, lambda v: handling.accept(self.officer, self.number, v))

    @rule()
    def note(self) -> None:
        # What is restricted, officers do not even know of.
        who, words = self.head, self.words()
        if self.attempt(Verb.NOTE, lambda v: handling.note(who, self.number, v, words)):
            self.noted.add(words)

    @rule(kind=st.sampled_from(Kind))
    def classify(self, kind: Kind) -> None:
        item, settings_ = load(self.number), current_settings()
        received = deadlines.received_on(item)
        first = deadlines.due_on(self.kind, received, settings_)
        if self.attempt(
            Verb.CLASSIFY, lambda v: handling.classify(self.head, self.number, v, kind=kind)
        ):
            if self.due == first and self.paused is None:
                self.due = min(first, deadlines.due_on(kind, received, settings_))
            self.kind = kind

    @rule(unit=st.sampled_from(["van-phong", "cdc"]))
    def assign(self, unit: str) -> None:
        self.attempt(
            Verb.ASSIGN, lambda v: handling.assign(self.head, self.number, v, unit_code=unit)
        )

    @rule()
    def ask(self) -> None:
        words = self.words()
        if self.attempt(Verb.ASK, lambda v: pausing.ask(self.head, self.number, v, words)):
            self.said.append(words)
            self.clock_stops()

    @rule()
    def resume(self) -> None:
        self.attempt(Verb.RESUME, lambda v: pausing.resume(self.head, self.number, v))

    @rule(days=st.integers(0, 12))
    def extend(self, days: int) -> None:
        most, due = current_settings().site.feedback.extension_days, self.walk(self.due, days)
        allowed = 1 <= days <= most and not self.extended and due > clock.today()
        if self.attempt(
            Verb.EXTEND,
            lambda v: pausing.extend(self.head, self.number, v, days=days, reason="Chờ ý kiến."),
            allowed,
        ):
            assert due > self.due
            self.due, self.extended = due, 1

    @rule(who=st.sampled_from(["officer", "colleague", "head"]))
    def drafts(self, who: str) -> None:
        actor, words = getattr(self, who), self.words()
        if self.state is not State.RESTRICTED and self.attempt(
            Verb.DRAFT, lambda v: answering.draft(actor, self.number, v, words)
        ):
            self.written(actor, words)

    @rule(who=st.sampled_from(["officer", "head"]))
    def submit(self, who: str) -> None:
        actor, words = getattr(self, who), self.words()
        if self.state is not State.RESTRICTED and self.attempt(
            Verb.SUBMIT,
            lambda v: answering.submit(actor, self.number, v, words),
            actor is not self.head,  # the only one there is
        ):
            self.written(actor, words)

    def written(self, actor: Actor, words: str) -> None:
        if self.draft and self.drafter is not actor:
            self.noted.add(self.draft)
        self.draft, self.drafter = words, actor

    @rule()
    def give_back(self) -> None:
        words = self.words()
        if self.attempt(
            Verb.RETURN, lambda v: answering.give_back(self.head, self.number, v, words)
        ):
            self.noted.add(words)

    @rule(who=st.sampled_from(["officer", "head"]))
    def answer(self, who: str) -> None:
        actor, words = getattr(self, who), self.words()
        four_eyes = actor is self.head and self.drafter not in (None, actor)
        if self.state is not State.RESTRICTED and self.attempt(
            Verb.ANSWER,
            lambda v: answering.answer(actor, self.number, v, words),
            four_eyes or not self.approving[0],
        ):
            self.written(actor, words)
            self.draft = self.drafter = None
            self.said.append(words)

    @rule()
    def forward(self) -> None:
        self.attempt(
            Verb.FORWARD,
            lambda v: handling.forward(self.head, self.number, v, to="Sở Nội vụ", note="Vì sao."),
        )

    @rule(reason=st.sampled_from(Refusal))
    def refuse(self, reason: Refusal) -> None:
        self.attempt(
            Verb.REFUSE,
            lambda v: handling.refuse(self.head, self.number, v, reason=reason, note="Vì sao."),
        )

    @rule()
    def restrict(self) -> None:
        words = self.words()
        if self.attempt(
            Verb.RESTRICT, lambda v: restricting.restrict(self.head, self.number, v, reason=words)
        ):
            self.noted.add(words)
            self.public = False
            self.clock_stops()

    @rule()
    def release(self) -> None:
        words = self.words()
        if self.attempt(
            Verb.RELEASE, lambda v: restricting.release(self.head, self.number, v, note=words)
        ):
            self.noted.add(words)
            self.clock_goes_on()

    @rule(outcome=st.sampled_from(Outcome))
    def settle(self, outcome: Outcome) -> None:
        ending = Ending(outcome, "Đã hướng dẫn.", "Thanh tra thành phố")
        self.attempt(Verb.SETTLE, lambda v: restricting.settle(self.head, self.number, v, ending))

    @rule(who=st.sampled_from(["officer", "head"]))
    def prepare(self, who: str) -> None:
        actor = getattr(self, who)
        if self.state is not State.RESTRICTED and self.attempt(
            Verb.PREPARE, lambda v: publishing.prepare(actor, self.number, v, COPY)
        ):
            self.prepared, self.public, self.maker = True, False, actor

    @rule(who=st.sampled_from(["officer", "head"]))
    def publish(self, who: str) -> None:
        actor = getattr(self, who)
        allowed = self.prepared and not self.public and actor is not self.maker
        if self.state is not State.RESTRICTED and self.attempt(
            Verb.PUBLISH, lambda v: publishing.publish(actor, self.number, v), allowed
        ):
            self.public = True

    @rule()
    def unpublish(self) -> None:
        if self.attempt(
            Verb.UNPUBLISH, lambda v: publishing.unpublish(self.head, self.number, v, "Đã cũ.")
        ):
            self.public = False

    @rule()
    def with_an_old_page(self) -> None:
        before = self.everything()
        for verb in (handling.accept, pausing.resume, publishing.publish):
            with pytest.raises(REFUSED):
                verb(self.head, self.number, version(self.number) - 1)
        assert self.everything() == before

    # The citizen.

    @rule()
    def add(self) -> None:
        words = self.words()
        if self.attempt(Verb.ADD, lambda _: citizen.add(self.holder, words)):
            self.said.append(words)

    @rule()
    def withdraw(self) -> None:
        words = self.words()
        if self.state is not State.WITHDRAWN and self.attempt(
            Verb.WITHDRAW, lambda _: citizen.withdraw(self.holder, words)
        ):
            self.said.append(words)

    @rule(rating=st.sampled_from(Rating))
    def rate(self, rating: Rating) -> None:
        words, at = self.words(), load(self.number).answered_at
        self.attempt(Verb.RATE, lambda _: citizen.rate(self.holder, rating, words, at))

    @rule()
    def reopen(self) -> None:
        words, at = self.words(), load(self.number).answered_at
        if self.attempt(
            Verb.REOPEN, lambda _: citizen.reopen(self.holder, words, at), not self.reopened
        ):
            self.said.append(words)
            self.reopened, self.public = True, False
            self.due = deadlines.due_on(self.kind, clock.today(), current_settings())

    @rule()
    def ask_erasure(self) -> None:
        if not self.asked_erasure and self.state not in states.OPEN:
            assert self.attempt(Verb.ASK_ERASURE, lambda _: citizen.ask_erasure(self.holder))
            self.asked_erasure = True

    # What holds after every step.

    @invariant()
    def database_and_model_agree(self) -> None:
        if not hasattr(self, "number"):
            return
        item = load(self.number)
        assert State(item.state) is self.state
        assert (item.due_on, item.paused_on) == (self.due, self.paused)
        assert item.body == BODY
        assert item.draft == self.draft
        assert (item.published_at is not None) == self.public

    @invariant()
    def nothing_said_is_lost(self) -> None:
        if hasattr(self, "number"):
            assert self.messages() == self.said
            noted = "\n".join(self.notes())
            assert all(words in noted for words in self.noted)

    @invariant()
    def the_register_has_neither_gaps_nor_doubles(self) -> None:
        if not hasattr(self, "number"):
            return
        item = load(self.number)
        mine = (item.register_year, item.register_number)
        assert self.register in (None, mine)
        self.register = mine if item.register_number else None
        never = {State.RECEIVED, State.WITHDRAWN, State.RESTRICTED}
        assert self.register or self.state in never
        for year, last in db.session.execute(
            select(RegisterCounter.year, RegisterCounter.last)
        ).all():
            numbers = select(Feedback.register_number).where(Feedback.register_year == year)
            given = sorted(number or 0 for number in db.session.scalars(numbers))
            assert given == list(range(1, last + 1))


def test_no_walk_leaves_the_table_loses_a_word_or_miscounts_a_day(
    app: Flask, units: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "ALL_TOGETHER", "100000/minute")
    real, ahead, approving = clock.now, [0], [False]
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=ahead[0]))
    monkeypatch.setattr(approval, "is_needed", lambda: approving[0])

    class Bound(Life):
        pass

    Bound.app, Bound.ahead, Bound.approving = app, ahead, approving
    Bound.officer, Bound.colleague = (make_user(app, Role.FEEDBACK_OFFICER) for _ in range(2))
    Bound.head = make_user(app, Role.HEAD)
    run(Bound, settings=settings(
        max_examples=18, stateful_step_count=22, deadline=None,
        suppress_health_check=list(HealthCheck),
    ))  # fmt: skip
