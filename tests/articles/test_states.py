"""The life of articles as a machine: whatever people do in whatever order, the rules hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from portal.articles import publishing, search, service
from portal.articles.models import Article, ArticleRevision
from portal.articles.publishing import Publication
from portal.articles.states import TRANSITIONS, State, Verb, allows
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.articles.conftest import MakeDraft, People

REFUSED = (Conflict, Invalid, NotAllowed, NotFound)


def test_table_is_whole() -> None:
    assert set(TRANSITIONS) == set(Verb)
    reached = {State.DRAFT} | {t.to for t in TRANSITIONS.values() if t.to}
    assert reached == set(State)
    left = {state for t in TRANSITIONS.values() for state in t.come_from}
    assert left == set(State), "no state is a dead end"


@pytest.mark.slow
def test_life_of_an_article(  # noqa: C901 - a machine of many small rules
    app: Flask, people: People, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_now = clock.now

    class Life(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.passed = timedelta()
            monkeypatch.setattr(clock, "now", lambda: real_now() + self.passed)
            with app.app_context():
                self.number = service.create(people.author, draft(body="<p>0</p>"))
            self.entries, self.revisions = 1, 1

        actors = st.sampled_from(
            [people.author, people.editor, people.stranger, people.publisher, people.second,
             people.auditor]
        )  # fmt: skip
        stale = st.integers(0, 9).map(lambda n: n == 0)

        def article(self) -> Article:
            return db.session.get_one(Article, self.number)

        def attempt(self, verb: Verb, actor, stale: bool, act) -> bool:
            """Run a verb; it must be refused exactly when the table or the version says so."""
            with app.app_context():
                before = self.article()
                state, version = before.standing, before.version
                db.session.rollback()
                try:
                    act(actor, self.number, version - 1 if stale else version)
                except REFUSED:
                    db.session.rollback()
                    assert self.article().version == version, "a refusal changes nothing"
                    return False
                after = self.article()
                assert not stale
                assert allows(verb, state)
                assert after.state == (TRANSITIONS[verb].to or state)
                assert after.version == version + 1
                self.entries += 1
                return True

        @rule(actor=actors, stale=stale, words=st.text("abc", min_size=1, max_size=3))
        def write(self, actor, stale, words) -> None:
            def act(who, number, version) -> None:
                if not service.save(who, number, version, draft(body=f"<p>{words}</p>")):
                    raise Conflict("nothing changed")

            if self.attempt(Verb.SAVE, actor, stale, act):
                self.revisions += 1

        @rule(actor=actors, stale=stale)
        def submit(self, actor, stale) -> None:
            self.attempt(Verb.SUBMIT, actor, stale, service.submit)

        @rule(actor=actors, stale=stale)
        def send_back(self, actor, stale) -> None:
            self.attempt(
                Verb.RETURN, actor, stale,
                lambda *known: service.return_with_remark(*known, "Sửa."),
            )  # fmt: skip

        @rule(actor=actors, stale=stale, hours=st.sampled_from([None, None, 1, 48]))
        def publish(self, actor, stale, hours) -> None:
            at = clock.now() + timedelta(hours=hours) if hours else None
            with app.app_context():
                article = db.session.get_one(Article, self.number)
                pending = article.pending_id and db.session.get_one(
                    ArticleRevision, article.pending_id
                )
                writer = pending.text_by_id if pending else article.text_by_id
            if self.attempt(
                Verb.PUBLISH, actor, stale, lambda *known: service.publish(*known, at=at)
            ):
                assert actor.user_id != writer, "four eyes"

        @rule(actor=actors, stale=stale)
        def drop(self, actor, stale) -> None:
            self.attempt(Verb.DISCARD, actor, stale, service.discard)

        @rule(actor=actors, stale=stale)
        def withdraw(self, actor, stale) -> None:
            self.attempt(
                Verb.WITHDRAW, actor, stale, lambda *known: service.withdraw(*known, "Sai.")
            )

        @rule(actor=actors, stale=stale)
        def bring_back(self, actor, stale) -> None:
            self.attempt(Verb.RESTORE, actor, stale, service.restore)

        @rule(actor=actors, stale=stale)
        def hand_on(self, actor, stale) -> None:
            self.attempt(Verb.PASS, actor, stale, service.pass_on)

        @rule(actor=actors, stale=stale)
        def hurry(self, actor, stale) -> None:
            alone = Publication(urgent="Cảnh báo dịch.")
            if self.attempt(
                Verb.URGENT, actor, stale, lambda *known: service.publish(*known, None, alone)
            ):
                with app.app_context():
                    rows = publishing.open_urgencies(db.session(), self.article())
                    assert (rows[-1].by_id, rows[-1].reason) == (actor.user_id, "Cảnh báo dịch.")

        @rule(actor=actors, stale=stale)
        def confirm(self, actor, stale) -> None:
            with app.app_context():
                rows = publishing.open_urgencies(db.session(), self.article())
                involved = {row.by_id for row in rows} | {row.writer_id for row in rows}
            if self.attempt(Verb.CONFIRM, actor, stale, service.confirm):
                assert rows, "there was something to confirm"
                assert actor.user_id not in involved, "a second person"

        @rule(actor=actors, stale=stale)
        def unschedule(self, actor, stale) -> None:
            self.attempt(Verb.UNSCHEDULE, actor, stale, service.unschedule)

        @rule(actor=actors, stale=stale, hours=st.integers(1, 40))
        def plan_to_go(self, actor, stale, hours) -> None:
            at = clock.now() + timedelta(hours=hours)
            self.attempt(
                Verb.PLAN_WITHDRAWAL, actor, stale,
                lambda *known: service.plan_withdrawal(*known, at, "Hết hạn."),
            )  # fmt: skip

        @rule(actor=actors, stale=stale)
        def let_it_stay(self, actor, stale) -> None:
            self.attempt(Verb.KEEP, actor, stale, service.keep)

        @rule(hours=st.integers(1, 30))
        def time_passes(self, hours) -> None:
            self.passed += timedelta(hours=hours)

        @invariant()
        def readers_see_what_was_approved(self) -> None:
            with app.app_context():
                article = self.article()
                due = article.publish_at is not None and article.publish_at <= clock.now()
                over = article.withdraw_at is not None and article.withdraw_at <= clock.now()
                seen = article.state == State.APPROVED and due and not over
                assert article.is_visible == seen
                status = app.test_client().get(article.url).status_code
                assert status == (200 if seen else 410 if article.was_visible else 404)
                assert (search.build(db.session(), str(self.number)) is not None) == seen
                assert article.pending_id is None or article.state == State.APPROVED

        @invariant()
        def nothing_is_forgotten(self) -> None:
            with app.app_context():
                entries = db.session.scalar(
                    select(func.count()).where(
                        AuditEntry.object_kind == "article",
                        AuditEntry.object_id == str(self.number),
                    )
                )
                revisions = db.session.scalar(
                    select(func.count()).where(ArticleRevision.article_id == self.number)
                )
                assert (entries, revisions) == (self.entries, self.revisions)

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
