"""Two people at one article in the same moment: one wins, the other is told, nothing mixes."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.articles import service
from portal.articles.models import Article, ArticleRevision
from portal.articles.states import State
from portal.core.audit import AuditEntry, verify
from portal.core.db import db
from portal.core.errors import Conflict
from tests.articles.conftest import MakeDraft, People, load

ROUNDS = 12


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Results (or refusals) of acts that begin together, each in a thread of its own."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[index] = act()
            except Exception as error:
                results[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def count_of(event: str) -> int:
    return db.session.scalar(select(func.count()).where(AuditEntry.event == event)) or 0


def outcome(results: list[object]) -> tuple[int, int]:
    """How many went through, how many were told that they came late."""
    late = sum(isinstance(result, Conflict) for result in results)
    failed = [r for r in results if isinstance(r, Exception) and not isinstance(r, Conflict)]
    assert not failed, failed
    return len(results) - late, late


@pytest.mark.slow
def test_two_publishers_publish_once(app: Flask, people: People, draft: MakeDraft) -> None:
    for round_ in range(ROUNDS):
        with app.app_context():
            number = service.create(people.author, draft(title=f"Bài {round_}"))
            service.submit(people.author, number, 1)
        results = at_once(
            app,
            lambda n=number: service.publish(people.publisher, n, 2),
            lambda n=number: service.publish(people.second, n, 2),
        )
        assert outcome(results) == (1, 1)
    with app.app_context():
        assert count_of("article.published") == ROUNDS
        assert list(verify(db.session())) == []


@pytest.mark.slow
def test_publish_and_return_exclude_each_other(
    app: Flask, people: People, draft: MakeDraft
) -> None:
    for round_ in range(ROUNDS):
        with app.app_context():
            number = service.create(people.author, draft(title=f"Bài {round_}"))
            service.submit(people.author, number, 1)
        results = at_once(
            app,
            lambda n=number: service.publish(people.publisher, n, 2),
            lambda n=number: service.return_with_remark(people.second, n, 2, "Sửa."),
            lambda n=number: service.save(people.author, n, 2, draft(body="<p>Sửa vội.</p>")),
        )
        assert outcome(results) == (1, 2)
        article = load(app, number)
        if article.is_visible:
            assert article.body == "<p>Bước một.</p>", "what was published is what was read"
            assert article.pending is None
        else:
            assert article.state in (State.RETURNED, State.SUBMITTED)


@pytest.mark.slow
def test_two_savers_keep_both_texts_apart(app: Flask, people: People, draft: MakeDraft) -> None:
    with app.app_context():
        number = service.create(people.author, draft())
    version = 1
    for round_ in range(ROUNDS):
        results = at_once(
            app,
            lambda v=version, r=round_: service.save(
                people.author, number, v, draft(body=f"<p>Người viết {r}</p>")
            ),
            lambda v=version, r=round_: service.save(
                people.editor, number, v, draft(body=f"<p>Biên tập {r}</p>")
            ),
        )
        assert outcome(results) == (1, 1)
        version += 1
    with app.app_context():
        article = db.session.get_one(Article, number)
        assert article.version == version
        revisions = db.session.scalars(
            select(ArticleRevision).where(ArticleRevision.article_id == number)
        ).all()
        assert [r.number for r in revisions] == list(range(1, ROUNDS + 2))
        assert revisions[-1].body == article.body


@pytest.mark.slow
def test_many_articles_of_one_title_get_their_own_addresses(
    app: Flask, people: People, draft: MakeDraft
) -> None:
    results = at_once(
        app, *[lambda: service.create(people.author, draft(title="Trùng tên")) for _ in range(8)]
    )
    assert outcome(results) == (8, 0)
    with app.app_context():
        slugs = db.session.scalars(
            select(Article.slug).where(Article.slug.startswith("trung-ten"))
        ).all()
    assert sorted(slugs) == sorted(["trung-ten", *(f"trung-ten-{n}" for n in range(2, 9))])
