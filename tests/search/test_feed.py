"""The outbox: nothing is lost, nothing comes early, one process works at a time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import ROOT
from portal.search import feed, service
from portal.search.engine import SearchDocument, SearchQuery, SearchUnavailable
from portal.search.models import SearchChange
from portal.search.postgres_tables import PostgresTables
from portal.search.store import IndexStore
from tests.search.conftest import Library


def book(key: str, title: str) -> SearchDocument:
    return SearchDocument("book", key, title)


def change(key: str, **more: object) -> None:
    with write() as session:
        feed.changed(session, "book", key, **more)  # type: ignore[arg-type]


def found(text: str) -> list[str]:
    return [hit.key for hit in service.search(SearchQuery(text)).hits]


def rows() -> list[str]:
    try:
        return list(db.session.scalars(select(SearchChange.key).order_by(SearchChange.id)))
    finally:
        db.session.rollback()


def everything_kept(store: feed.Store) -> bytes:
    """All that an index has written down."""
    if isinstance(store, PostgresTables):
        with store.connected() as connection:
            rows = connection.execute(
                "SELECT query_to_xml(format('SELECT * FROM %%I.%%I', schemaname, tablename), true,"
                " true, '')::text FROM pg_tables WHERE schemaname = %s",
                [store.schema],
            ).fetchall()
        return "".join(text for (text,) in rows).encode()
    assert isinstance(store, IndexStore)
    return b"".join(path.read_bytes() for path in store.root.rglob("*") if path.is_file())


def lose(store: feed.Store) -> None:
    """Take an index away, wholly."""
    if isinstance(store, PostgresTables):
        with store.connected() as connection:
            connection.execute("DROP SCHEMA portal_search CASCADE")
    else:
        assert isinstance(store, IndexStore)
        shutil.rmtree(store.root)


def test_a_change_reaches_the_index_and_leaves_the_outbox(library: Library) -> None:
    library.put(book("a", "Sách đỏ"))
    change("a")
    assert found("sách đỏ") == []
    assert service.drain() == 1
    assert found("sách đỏ") == ["a"]
    assert rows() == []
    library.put(book("a", "Vở xanh"))
    change("a")
    change("a")
    assert service.drain() == 2
    assert found("đỏ") == []
    assert found("vở xanh") == ["a"]


def test_what_has_no_document_any_more_leaves_the_index(library: Library) -> None:
    library.put(book("a", "Sách đỏ"))
    change("a")
    service.drain()
    del library.documents["a"]
    change("a")
    service.drain()
    assert found("sách đỏ") == []
    assert feed.differences(service.engine()) == []


def test_a_rolled_back_change_never_happened(library: Library) -> None:
    with pytest.raises(ZeroDivisionError), write() as session:
        feed.changed(session, "book", "a")
        _ = 1 / 0
    assert rows() == []


def test_nothing_is_indexed_before_its_hour(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = clock.now() + timedelta(hours=1)
    library.put(book("secret", "chimhoangyen xuất bản lúc chín giờ"))
    change("secret", due_at=hour)
    assert service.drain() == 0
    assert found("chimhoangyen") == []
    assert b"chimhoangyen" not in everything_kept(service._state().store)
    assert service.status().pending == 0
    monkeypatch.setattr(clock, "now", lambda: hour)
    assert service.status().pending == 1
    assert service.status().lag == 0.0
    monkeypatch.setattr(clock, "now", lambda: hour + timedelta(minutes=1))
    assert service.status().lag == 60.0
    assert service.drain() == 1
    assert found("chimhoangyen") == ["secret"]


def test_a_clock_set_back_does_not_hold_changes_up(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(book("a", "Sách đỏ"))
    change("a")
    past = clock.now() - timedelta(days=365)
    monkeypatch.setattr(clock, "now", lambda: past)
    assert service.drain() == 1


def test_killed_between_index_and_outbox_is_finished_by_the_next(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(book("a", "Sách đỏ"))
    change("a")

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(feed, "write", die)
        with pytest.raises(Killed):
            service.drain()
    assert rows() == ["a"]
    assert found("sách đỏ") == ["a"]
    assert service.drain() == 1
    assert rows() == []
    assert service.engine().document_count() == 1


def test_a_failing_index_keeps_the_rows(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    change("a")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(service.engine(), "apply", full)
        with pytest.raises(OSError, match="space"):
            service.drain()
    assert rows() == ["a"]


def test_who_does_not_get_the_lock_leaves_the_work_to_the_holder(library: Library) -> None:
    library.put(book("a", "Sách đỏ"))
    change("a")
    state = service._state()
    with state.store.writer_lock() as held:
        assert held
        assert service.drain() == 0
    assert rows() == ["a"]
    assert service.drain() == 1


def test_the_holder_looks_again_after_letting_go(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is committed while the holder is past its last look, by a writer that finds the
    lock taken, must not wait for the next request."""
    library.put(book("a", "Sách đỏ"))
    library.put(book("b", "Vở xanh"))
    change("a")
    engine = service.engine()
    tidy = engine.tidy
    late: list[str] = ["b"]

    def tidy_while_another_writes() -> None:
        if late:
            change(late.pop())
        tidy()

    monkeypatch.setattr(engine, "tidy", tidy_while_another_writes)
    assert service.drain() == 2
    assert found("vở xanh") == ["b"]


def test_many_changes_go_in_batches(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "BATCH", 7)
    with write() as session:
        for number in range(40):
            library.put(book(f"k{number}", f"Sách số {number}"))
            feed.changed(session, "book", f"k{number}")
    assert service.drain() == 40
    assert service.engine().document_count() == 40
    assert feed.differences(service.engine()) == []


def test_a_mass_of_changes_makes_a_new_index(
    library: Library, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed meanwhile, and what is not due yet, is not lost."""
    monkeypatch.setattr(feed, "MANY", 10)
    later = clock.now() + timedelta(days=1)
    with write() as session:
        for number in range(12):
            library.put(book(f"k{number}", f"Sách số {number}"))
            feed.changed(session, "book", f"k{number}")
        feed.changed(session, "book", "k1", due_at=later)
    app.test_client().get("/healthz")
    assert len(rows()) == 13, "a visitor's thread does not do it"
    rebuild, calls = service.engine().rebuild, []

    def rebuild_while_another_writes(documents: object, progress: object = None) -> int:
        calls.append(1)
        count = rebuild(documents, progress)  # type: ignore[arg-type]
        library.put(book("k2", "Vở xanh"))
        change("k2")
        return count

    monkeypatch.setattr(service.engine(), "rebuild", rebuild_while_another_writes)
    assert service.drain() == 13
    assert calls == [1], "the last change is a small one"
    assert found("vở xanh") == ["k2"]
    assert rows() == ["k1"]
    assert feed.differences(service.engine()) == []


def test_differences_name_what_is_not_equal(library: Library) -> None:
    library.put(book("a", "Sách đỏ"))
    assert feed.differences(service.engine()) == [("book", "a")]
    service.rebuild()
    assert feed.differences(service.engine()) == []
    library.put(book("a", "Sách xanh"))
    assert feed.differences(service.engine()) == [("book", "a")]


def test_changes_made_during_a_rebuild_are_in_it_or_after_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(book("a", "Sách đỏ"))
    build = library.build

    def build_and_change(session: object, key: str) -> SearchDocument | None:
        document = build(session, key)  # type: ignore[arg-type]
        if document and document.title == "Sách đỏ":
            library.put(book("a", "Vở xanh"))
            db.session.rollback()
            change("a")
        return document

    monkeypatch.setitem(feed.registry.builders, "book", build_and_change)
    service.rebuild()
    assert found("vở xanh") == ["a"]
    assert rows() == []


def test_an_unknown_kind_is_removed_not_fatal(library: Library) -> None:
    with write() as session:
        feed.changed(session, "gone-room", "x")
    assert service.drain() == 1


def test_without_an_index_the_drain_makes_one(lost_index: None, library: Library) -> None:
    library.put(book("a", "Sách đỏ"))
    with pytest.raises(SearchUnavailable):
        found("sách")
    assert service.suggest("sách") == []
    assert not service.status().readable
    assert "unreadable" in str(service.status())
    service.drain()
    assert found("sách đỏ") == ["a"]
    assert str(service.status()) == "1 documents, 0 changes wait (0 s)"


def test_an_answer_drains_after_it_has_gone(library: Library, app: Flask) -> None:
    library.put(book("a", "Sách đỏ"))
    change("a")
    response = app.test_client().get("/healthz")
    service._state().looked = -1e9
    response.close()
    with app.test_client().get("/healthz") as again:
        assert again.status_code
    assert found("sách đỏ") == ["a"]


def test_a_lost_index_heals_after_an_answer(
    library: Library, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put(book("a", "Sách đỏ"))
    lose(service._state().store)
    with pytest.raises(SearchUnavailable):
        found("sách đỏ")
    with app.test_client().get("/healthz"):
        pass
    for thread in threading.enumerate():
        if thread.name == "search-heal":
            thread.join(20)
    assert found("sách đỏ") == ["a"]


def test_a_failing_drain_does_not_reach_the_visitor(
    library: Library, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("boom")

    service._state().looked = -1e9
    monkeypatch.setattr(feed, "drain", fail)
    with client.get("/healthz") as response:
        assert response.status_code


def test_the_commands(library: Library, app: Flask) -> None:
    library.put(book("a", "Sách đỏ"))
    runner = app.test_cli_runner()
    assert "1 tài liệu" in runner.invoke(args=["search", "rebuild"]).output
    change("a")
    assert "1 thay đổi" in runner.invoke(args=["search", "drain"]).output


WORKER = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from portal.app import create_app
    from portal.core.db import db, write
    from portal.core.settings import load_settings
    from portal.search import feed, service, store
    from portal.search.engine import SearchDocument
    from tests.support.installations import environment_of

    def build(session, key):
        return SearchDocument("book", key, "Sach " + key)

    instance, task, first, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    app = create_app(load_settings(environment_of(Path(instance))))
    feed.registry.builders.clear()
    feed.registry.register("book", build, lambda session: [])
    with app.app_context():
        if task == "die":
            service.engine().tidy = lambda: None
            feed.write = lambda: os.kill(os.getpid(), signal.SIGKILL)
        for number in range(first, last):
            with write() as session:
                feed.changed(session, "book", f"k{number}")
            service.drain()
        db.session.remove()
        db.engine.dispose()
    """
)


def start(instance: Path, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WORKER, str(instance), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def anything(_session: object, key: str) -> SearchDocument:
    return SearchDocument("book", key, "Sach " + key)


@pytest.fixture
def endless(library: Library, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setitem(feed.registry.builders, "book", anything)
    return lambda: None


@pytest.mark.usefixtures("endless")
def test_two_processes_drain_at_once_and_every_change_is_there(instance: Path) -> None:
    workers = [start(instance, "work", 0, 12), start(instance, "work", 12, 24)]
    assert [worker.wait(120) for worker in workers] == [0, 0]
    assert rows() == []
    expected = {("book", f"k{number}") for number in range(24)}
    assert set(service.engine().fingerprint()) == expected


@pytest.mark.usefixtures("endless")
def test_killed_after_the_commit_of_the_index(instance: Path) -> None:
    assert start(instance, "die", 7, 8).wait(60) == -signal.SIGKILL
    assert rows() == ["k7"]
    assert set(service.engine().fingerprint()) == {("book", "k7")}
    assert service.drain() == 1
    assert set(service.engine().fingerprint()) == {("book", "k7")}
