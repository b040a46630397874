"""What is special of the index in PostgreSQL: shared by processes, kept in tables, a mere cache."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from portal.search import postgres_snapshot, postgres_tables, synonyms
from portal.search.engine import SearchDocument, SearchQuery, SearchUnavailable, Sort
from portal.search.postgres_engine import PostgresEngine
from portal.search.whoosh_engine import WhooshEngine
from tests.search.conftest import DOCUMENTS, SYNONYMS, generations, procedure, schema_on
from tests.support.installations import server_address

MakeEngine = Callable[[], PostgresEngine]
pytestmark = pytest.mark.parametrize("make_engine", ["postgresql"], indirect=True)

WORDS = """
cấp lại giấy phép hành nghề bác sỹ dược phòng khám thay đổi gia hạn thu hồi chứng chỉ điều kiện
kinh doanh thuốc an toàn thực phẩm tiêm chủng trẻ em người cao tuổi trợ cấp
""".split()  # noqa: SIM905


def some_documents(count: int) -> list[SearchDocument]:
    dice = random.Random(11)
    return [
        procedure(
            f"1.{number:06}",
            " ".join(dice.choices(WORDS, k=7)),
            keywords=[" ".join(dice.choices(WORDS, k=3))],
            body=" ".join(dice.choices(WORDS, k=60)) + f" {number}/2024/TT-BYT",
            facets={"field": dice.choice(("kcb", "duoc"))},
            boost=dice.choice((0.8, 1.0, 1.5)),
            former_codes=[f"2.{number:06}"],
        )
        for number in range(count)
    ]


def questions() -> Iterator[SearchQuery]:
    dice = random.Random(12)
    for _ in range(40):
        asked = " ".join(dice.choices(WORDS, k=dice.randint(1, 6)))
        yield SearchQuery(asked, filters={"field": ["kcb"]} if dice.random() < 0.3 else {})
    for asked in ("giaays phesp", "giap phep hnah nghe", "1.000007", "2.000007", "12/2024/TT-BYT",
                  "tt 12", "0000", "chứng chỉ vũ trụ", "cấp lại gphn", ""):  # fmt: skip
        yield from (SearchQuery(asked, sort=sort) for sort in Sort)
        yield SearchQuery(asked, verbatim=True)


def test_it_answers_word_for_word_like_the_embedded_engine(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    table = synonyms.parse(SYNONYMS)
    documents = some_documents(120)
    ours, theirs = make_engine(), WhooshEngine(tmp_path / "beside", lambda: table)
    ours.rebuild(documents[:80])
    ours.search(SearchQuery("giấy phép"))
    ours.apply(documents[60:], [document.id for document in documents[:10]])
    theirs.rebuild(documents[10:])
    for query in questions():
        assert ours.search(query) == theirs.search(query), query
    for prefix in ("cap", "giay ph", "1.0000", "th", "phòng khám t"):
        assert ours.suggest(prefix) == theirs.suggest(prefix), prefix
    assert ours.fingerprint() == theirs.fingerprint()


def test_many_changes_are_read_anew(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_snapshot, "_MOST_NEW", 5)
    writer, reader = make_engine(), make_engine()
    documents = some_documents(40)
    writer.rebuild(documents[:20])
    for start in range(0, 40, 4):
        writer.apply(documents[start : start + 4], [documents[(start + 7) % 20].id])
        for engine in (writer, reader):
            assert engine.search(SearchQuery()).total == writer.document_count()
    fresh = make_engine()
    for query in questions():
        assert reader.search(query) == fresh.search(query)


def run(engine: PostgresEngine, statement: str) -> None:
    """A statement of somebody who means harm; `{}` stands for the schema."""
    with engine.store.connected() as connection:
        generation = engine.store.pointer(connection).generation
        connection.execute(
            statement.format(engine.store.schema, generation).encode()  # type: ignore[call-overload]
        )


DAMAGES = (
    "DROP SCHEMA {} CASCADE",
    "DROP TABLE {}.current",
    "DELETE FROM {}.current",
    "UPDATE {}.current SET generation = 'g0x0_none'",
    "DROP TABLE {}.document_{}",
    "DROP TABLE {}.vector_{}",
    "TRUNCATE {}.document_{}",
    "TRUNCATE {}.vector_{}",
    "DELETE FROM {}.document_{} WHERE id = 3",
    "ALTER TABLE {}.document_{} DROP COLUMN boost",
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_noticed_and_a_rebuild_brings_it_back(
    make_engine: MakeEngine, damage: str
) -> None:
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    query = SearchQuery("giấy phép hành nghề")
    before = engine.search(query)
    run(engine, damage)
    fresh = make_engine()
    with pytest.raises(SearchUnavailable):
        fresh.search(query)
    if "COLUMN" not in damage:
        with pytest.raises(SearchUnavailable):
            fresh.document_count()
        with pytest.raises(SearchUnavailable):
            fresh.index([DOCUMENTS[0]])
    fresh.rebuild(DOCUMENTS)
    assert fresh.search(query) == before
    assert engine.search(query) == before
    assert generations(fresh) == 1


def test_an_index_made_by_other_rules_is_not_used(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_engine().rebuild(DOCUMENTS)
    monkeypatch.setattr(postgres_tables, "ANALYSIS_VERSION", 10**6)
    with pytest.raises(SearchUnavailable):
        make_engine().search(SearchQuery("giấy"))


def _then_die(documents: list[SearchDocument]) -> Iterator[SearchDocument]:
    yield from documents
    os.kill(os.getpid(), signal.SIGKILL)


def _rebuild_and_die(address: str, schema: str) -> None:
    PostgresEngine(create_engine(address), schema=schema).rebuild(_then_die(some_documents(300)))


def _change_and_die(address: str, schema: str) -> None:
    engine = PostgresEngine(create_engine(address), schema=schema)
    engine.store.advance = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore
    engine.index(some_documents(3))


@pytest.mark.parametrize("work", [_rebuild_and_die, _change_and_die])
def test_killed_at_work_leaves_the_old_index_whole(
    make_engine: MakeEngine, work: Callable[[str, str], None]
) -> None:
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    spawned = multiprocessing.get_context("spawn")
    process = spawned.Process(target=work, args=(server_address(), engine.store.schema))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert make_engine().document_count() == len(DOCUMENTS)
    engine.index([procedure("1.888888", "Sau khi chết")])
    assert make_engine().search(SearchQuery("sau khi chết")).hits[0].key == "1.888888"
    engine.rebuild(DOCUMENTS)
    assert generations(engine) == 1


def test_readers_find_while_the_index_is_made_anew_again_and_again(
    make_engine: MakeEngine,
) -> None:
    writer = make_engine()
    writer.rebuild(DOCUMENTS)
    stop = threading.Event()
    found: list[int] = []
    faults: list[Exception] = []

    def read() -> None:
        reader = make_engine()
        while not stop.is_set():
            try:
                found.append(reader.search(SearchQuery("giấy phép")).total)
                make_engine().search(SearchQuery("hành nghề"))
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(6):
            writer.rebuild(DOCUMENTS)
            writer.index([DOCUMENTS[0]])
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert faults == []
    assert set(found) == {writer.search(SearchQuery("giấy phép")).total}


def test_a_backup_that_reads_the_tables_holds_nobody_up(
    make_engine: MakeEngine, server: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_tables, "PATIENCE", "50ms")
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    with engine.store.connected() as connection:
        table = next(name for name in engine.store.tables(connection) if "vector" in name)
    with server.begin() as backup:
        backup.execute(text(f"LOCK TABLE {engine.store.schema}.{table} IN ACCESS SHARE MODE"))
        engine.rebuild(DOCUMENTS[:3])
        assert make_engine().search(SearchQuery("giấy phép")).total == 2
        assert generations(engine) == 2
    engine.tidy()
    assert generations(engine) == 1


def test_one_writes_at_a_time_and_death_frees_the_lock(
    make_engine: MakeEngine, server: Engine
) -> None:
    one, other = make_engine(), make_engine()
    with one.store.writer_lock() as held, other.store.writer_lock() as second:
        assert (held, second) == (True, False)
    named = {"application_name": one.store.schema}
    holder = create_engine(server_address(), connect_args=named)
    try:
        with PostgresEngine(holder, schema=one.store.schema).store.writer_lock() as held:
            assert held
            with server.connect() as connection:
                kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                ours = text(f"{kill} WHERE application_name = :application_name")
                connection.execute(ours, named)
            with other.store.writer_lock(wait=True) as second:
                assert second
    finally:
        holder.dispose()


def test_what_is_far_from_every_word_is_found_by_likeness(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([procedure("1.000001", "Nhập khẩu methadone"), *DOCUMENTS])
    results = engine.search(SearchQuery("nhập khẩu metadonne"))
    assert results.corrected
    assert results.understood_as == "nhập khẩu methadone"


def test_a_role_that_may_do_little_can_keep_the_index(
    make_engine: MakeEngine, server: Engine
) -> None:
    """The administrator has made the schema; the role may make neither another nor an extension."""
    with schema_on(server) as schema:
        role = f"{schema}_role"
        with server.begin() as connection:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
            connection.execute(text(f"CREATE SCHEMA {schema} AUTHORIZATION {role}"))
        limited = create_engine(make_url(server_address()).set(username=role))
        try:
            engine = PostgresEngine(limited, partial(synonyms.parse, SYNONYMS), schema)
            engine.rebuild(DOCUMENTS)
            assert engine.search(SearchQuery("giaays phép hành ngề")).understood_as == (
                "giấy phép hành nghề"
            )
        finally:
            limited.dispose()
            with server.begin() as connection:
                connection.execute(text(f"DROP OWNED BY {role}"))
                connection.execute(text(f"DROP ROLE {role}"))


def test_without_trigrams_the_rest_goes_on(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_tables, "_TRIGRAMS", "SELECT 'x' WHERE false")
    engine = make_engine()
    engine.rebuild([procedure("1.000001", "Nhập khẩu methadone"), *DOCUMENTS])
    assert engine.search(SearchQuery("nhập khẩu methadonne")).understood_as == "nhập khẩu methadone"
    assert not engine.search(SearchQuery("nhập khẩu metadonne")).corrected


def test_the_lexicon_counts_what_is_there(make_engine: MakeEngine) -> None:
    """Numbers kept by adding and taking away are those of a lexicon made anew."""
    changed, anew = make_engine(), make_engine()
    documents = some_documents(30)

    def counts(engine: PostgresEngine) -> list[tuple[object, ...]]:
        with engine.store.connected() as connection:
            generation = engine.store.pointer(connection).generation
            lexemes = "SELECT term, letter, often, documents FROM {lexeme} WHERE documents > 0"
            return sorted(connection.execute(engine.store.statement(generation, lexemes)))

    changed.rebuild(documents[:20])
    changed.apply(documents[10:], [document.id for document in documents[:5]])
    piecemeal = counts(changed)
    anew.rebuild(documents[5:])
    assert counts(anew) == piecemeal
