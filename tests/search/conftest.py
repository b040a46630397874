"""What the tests of the search share: small sets of documents, engines with nothing in them.

Every test that takes `make_engine` or `engine` runs on both; a module about one of them says so:

    pytestmark = pytest.mark.parametrize("make_engine", ["whoosh"], indirect=True)
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from portal.search import synonyms
from portal.search.engine import SearchDocument
from portal.search.feed import Registry, registry
from portal.search.postgres_engine import PostgresEngine
from portal.search.synonyms import Synonyms
from portal.search.whoosh_engine import WhooshEngine
from tests.support.installations import server_address

SYNONYMS = """
gphn, giấy phép hành nghề
quán ăn => dịch vụ ăn uống
"""


def procedure(code: str, title: str, **more: object) -> SearchDocument:
    return SearchDocument("procedure", code, title, code=code, **more)  # type: ignore[arg-type]


DOCUMENTS = (
    procedure("1.012289", "Cấp mới giấy phép hành nghề bác sỹ", facets={"field": "kcb"}),
    procedure(
        "1.012290",
        "Cấp lại giấy phép hành nghề bác sỹ",
        keywords=["bản chính giấy phép", "mất giấy phép"],
        body="Hồ sơ theo Nghị định số 96/2023/NĐ-CP của Chính phủ.",
        facets={"field": "kcb", "subject": ["citizen", "business"]},
        former_codes=["1.003803"],
    ),
    procedure("1.014076", "Đủ điều kiện kinh doanh dược", facets={"field": "duoc"}, boost=1.5),
    procedure("1.014104", "Đủ điều kiện kinh doanh dược", facets={"field": "duoc"}),
    procedure("1.013855", "Giấy chứng nhận an toàn thực phẩm dịch vụ ăn uống"),
    procedure("1.014331", "Cấp giấy chứng sinh cho trẻ"),
    SearchDocument(
        "article", "huong-dan", "Hướng dẫn tra cứu thủ tục", body="Giấy phép hành nghề."
    ),
    SearchDocument("article", "hoa-binh", "Tiêm chủng ở phường Hoà Bình, mỹ phẩm kỳ này"),
)


ENGINES = ("whoosh", "postgresql")
SearchEngine = WhooshEngine | PostgresEngine
MakeEngine = Callable[[], SearchEngine]


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    """Connections to a PostgreSQL."""
    engine = create_engine(server_address(), isolation_level="READ COMMITTED")
    yield engine
    engine.dispose()


@contextmanager
def schema_on(server: Engine) -> Iterator[str]:
    """A name for the tables of one index; they are gone at the end."""
    schema = f"search_{secrets.token_hex(6)}"
    yield schema
    with server.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


@contextmanager
def engines(
    name: str, folder: Path, request: pytest.FixtureRequest, table: Synonyms
) -> Iterator[MakeEngine]:
    """How to make new engines (as other processes would have them) on one index."""
    if name == "whoosh":
        yield partial(WhooshEngine, folder / "search", lambda: table)
    else:
        server = request.getfixturevalue("server")
        with schema_on(server) as schema:
            yield partial(PostgresEngine, server, lambda: table, schema)


@pytest.fixture(params=ENGINES)
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeEngine]:
    """A new engine on this test's index."""
    with engines(request.param, tmp_path, request, synonyms.parse(SYNONYMS)) as make:
        yield make


@pytest.fixture
def engine(make_engine: MakeEngine) -> SearchEngine:
    """An engine that holds DOCUMENTS."""
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    return engine


def generations(engine: SearchEngine) -> int:
    """How many indexes lie side by side."""
    if isinstance(engine, WhooshEngine):
        return len(list(engine.store.root.glob("g*")))
    with engine.store.connected() as connection:
        tables = engine.store.tables(connection)
    return len({name.split("_", 1)[1] for name in tables})


class Library:
    """A room below which the search lies: documents in memory instead of tables."""

    def __init__(self) -> None:
        self.documents: dict[str, SearchDocument] = {}

    def put(self, document: SearchDocument) -> None:
        self.documents[document.key] = document

    def build(self, _session: Session, key: str) -> SearchDocument | None:
        return self.documents.get(key)

    def keys(self, _session: Session) -> list[str]:
        return list(self.documents)


@pytest.fixture
def library(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """The only room that lends documents, and an application context to work in."""
    library = Library()
    alone = Registry()
    alone.register("book", library.build, library.keys)
    monkeypatch.setattr(registry, "builders", alone.builders)
    monkeypatch.setattr(registry, "keys", alone.keys)
    with app.app_context():
        yield library
