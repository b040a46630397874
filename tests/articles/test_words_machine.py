"""Several pages of one writer, and a colleague, saving and autosaving in any order.

Whatever was acknowledged is afterwards in the article (or its history), in the autosave, dropped
where it can be taken back from, or was followed by newer words of the same line of writing.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import select

from portal.articles import autosaves, service
from portal.articles.autosaves import Item, Page, WrittenElsewhere
from portal.articles.models import Article, ArticleRevision
from portal.core.db import db
from portal.core.errors import Conflict
from tests.articles.conftest import MakeDraft, People


@dataclass
class Tab:
    """A page of the writer; `text` is what it shows, `line` all that it was made from."""

    name: str
    version: int
    after: str
    text: str
    line: frozenset[str]
    sequence: int = 1
    late: list[tuple[Page, str, frozenset[str]]] = field(default_factory=list)


class Writing(RuleBasedStateMachine):
    """`acknowledged` are texts that the server said it has; `beyond` those that newer words of
    their own line, acknowledged too, stand for."""

    app: Flask
    people: People
    draft: MakeDraft

    @initialize()
    def begin(self) -> None:
        self.context = self.app.app_context()
        self.context.push()
        self.count = self.opened = 0
        first = self._new()
        self.number = service.create(self.people.author, self.draft(title=first))
        self.item = Item(self.number)
        self.tabs: list[Tab] = []
        self.acknowledged: set[str] = {first}
        self.beyond: set[str] = set()
        self.open()

    def teardown(self) -> None:
        if hasattr(self, "context"):
            db.session.remove()
            self.context.pop()

    def _new(self) -> str:
        self.count += 1
        return f"Chữ số {self.count}"

    @rule()
    def open(self) -> None:
        """A page opens: with the words left, when there are any, else with what is stored."""
        row = autosaves.find(db.session(), self.people.author, self.item)
        article = db.session.get_one(Article, self.number)
        mark = row.mark if row else ""
        if row and row.fields:
            text, version = str(row.fields["title"]), row.base_version
        else:
            text, version = article.title, article.version
        self.opened += 1
        name = f"trang-so-{self.opened}"
        self.tabs.append(Tab(name, version, mark, text, frozenset({text})))
        db.session.rollback()

    @rule(data=st.data(), lost=st.booleans(), take_over=st.booleans())
    def autosave(self, data: Any, lost: bool, take_over: bool) -> None:
        """New words; the answer may be lost on the way, the message may come late."""
        tab = data.draw(st.sampled_from(self.tabs))
        tab.text = self._new()
        tab.sequence += 1
        page = Page(tab.name, tab.sequence, tab.version, tab.after)
        tab.line |= {tab.text}
        if lost:
            tab.late.append((page, tab.text, tab.line))
            return
        self._keep(tab, page, tab.text, tab.line, take_over=take_over)

    @precondition(lambda self: any(tab.late for tab in self.tabs))
    @rule(data=st.data())
    def arrives_late(self, data: Any) -> None:
        tab = data.draw(st.sampled_from([one for one in self.tabs if one.late]))
        page, text, line = tab.late.pop(0)
        self._keep(None, page, text, line, take_over=False)

    def _keep(
        self, tab: Tab | None, page: Page, text: str, line: frozenset[str], *, take_over: bool
    ) -> None:
        before = self._dropped()
        try:
            kept = autosaves.keep(
                self.people.author, self.item, page, {"title": text}, take_over=take_over
            )
        except WrittenElsewhere:
            return
        if kept.mark != page.mark:
            return  # it came after newer words of its own page
        self.acknowledged.add(text)
        self.beyond |= line - {text}
        self.beyond |= before - self._dropped()  # let go knowingly, a second time
        if tab:
            tab.after = kept.mark

    def _dropped(self) -> set[str]:
        row = autosaves.find(db.session(), self.people.author, self.item)
        return {row.dropped["fields"]["title"]} if row and row.dropped else set()

    @rule(data=st.data())
    def save(self, data: Any) -> None:
        tab = data.draw(st.sampled_from(self.tabs))
        tab.sequence += 1
        page = Page(tab.name, tab.sequence, tab.version, tab.after)
        with contextlib.suppress(Conflict):
            service.save(
                self.people.author, self.number, tab.version, self.draft(title=tab.text), page
            )
            self.acknowledged.add(tab.text)
            self.beyond |= tab.line - {tab.text}
            self.tabs.remove(tab)
            if not self.tabs:
                self.open()

    @rule()
    def colleague_saves(self) -> None:
        version = db.session.get_one(Article, self.number).version
        text = self._new()
        service.save(self.people.editor, self.number, version, self.draft(title=text))
        self.acknowledged.add(text)

    @rule()
    def discard_and_take_back(self) -> None:
        row = autosaves.find(db.session(), self.people.author, self.item)
        if row and row.fields:
            before = self._dropped()
            autosaves.discard(self.people.author, self.item, row.mark)
            self.beyond |= before - self._dropped()
            autosaves.take_back(self.people.author, self.item)

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        if not hasattr(self, "number"):
            return
        session = db.session()
        held = set(
            session.scalars(
                select(ArticleRevision.title).where(ArticleRevision.article_id == self.number)
            )
        )
        row = autosaves.find(session, self.people.author, self.item)
        if row and row.fields:
            held.add(str(row.fields["title"]))
        if row and row.dropped:
            held.add(row.dropped["fields"]["title"])
        session.rollback()
        assert self.acknowledged - self.beyond <= held


def test_no_acknowledged_word_is_lost(
    app: Flask, people: People, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosaves, "EVERY_FEW_SECONDS", "1000000/minute")

    class Bound(Writing):
        pass

    Bound.app, Bound.people, Bound.draft = app, people, staticmethod(draft)
    run(Bound, settings=settings(max_examples=8, stateful_step_count=20, deadline=None))
