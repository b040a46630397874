"""What the tests of the search share: small sets of documents, engines on an empty directory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.search import synonyms
from portal.search.engine import SearchDocument
from portal.search.feed import Registry, registry
from portal.search.whoosh_engine import WhooshEngine

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


@pytest.fixture(params=["whoosh"])
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], WhooshEngine]:
    """A new engine (as another process would have it) on this test's index."""
    table = synonyms.parse(SYNONYMS)

    def make() -> WhooshEngine:
        assert request.param == "whoosh"
        return WhooshEngine(tmp_path / "search", lambda: table)

    return make


@pytest.fixture
def engine(make_engine: Callable[[], WhooshEngine]) -> WhooshEngine:
    """An engine that holds DOCUMENTS."""
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    return engine


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
