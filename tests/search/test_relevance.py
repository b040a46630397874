"""The right procedure stays among the first: floors well below what bench/relevance.py measures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.imported import SetUp, documents
from bench.relevance import (
    OWN_QUERIES,
    Score,
    data_directory,
    given_queries,
    measure,
    own_queries,
    read_lines,
)
from portal.core.settings import ROOT
from portal.search import synonyms
from portal.search.engine import SearchDocument, SearchEngine, SearchQuery
from tests.search.conftest import ENGINES, engines

Folders = pytest.TempPathFactory


@pytest.fixture(scope="module")
def data() -> Path:
    directory = data_directory()
    if directory is None:
        pytest.skip("no judged queries beside the checkout")
    return directory


def filled(
    name: str, request: pytest.FixtureRequest, folder: Path, contents: list[SearchDocument]
) -> Iterator[SearchEngine]:
    """An engine with these documents and the shipped synonyms."""
    table = synonyms.load(ROOT / "content" / "synonyms.txt")
    with engines(name, folder, request, table) as make:
        engine = make()
        engine.rebuild(contents)
        yield engine


@pytest.fixture(scope="module")
def health(data: Path) -> list[SearchDocument]:
    return documents(data, SetUp(content=True, distractors=False))


@pytest.fixture(scope="module", params=ENGINES)
def alone(
    request: pytest.FixtureRequest, health: list[SearchDocument], tmp_path_factory: Folders
) -> Iterator[SearchEngine]:
    yield from filled(request.param, request, tmp_path_factory.mktemp("alone"), health)


@pytest.fixture(scope="module")
def imported(
    request: pytest.FixtureRequest, data: Path, tmp_path_factory: Folders
) -> Iterator[SearchEngine]:
    contents = documents(data, SetUp(content=False, distractors=False))
    yield from filled("whoosh", request, tmp_path_factory.mktemp("imported"), contents)


def test_among_the_health_procedures(alone: SearchEngine, data: Path) -> None:
    hit1, hit5, mrr = measure(alone, given_queries(data))["all"].row()
    assert hit1 >= 0.80
    assert hit5 >= 0.95
    assert mrr >= 0.88


def test_without_our_own_content(imported: SearchEngine, data: Path) -> None:
    hit1, hit5, mrr = measure(imported, given_queries(data))["all"].row()
    assert hit1 >= 0.80
    assert hit5 >= 0.95
    assert mrr >= 0.85


@pytest.mark.parametrize("held", [False, True])
def test_our_own_queries(alone: SearchEngine, held: bool) -> None:
    scores = measure(alone, own_queries(held=held))
    _, hit5, mrr = scores["all"].row()
    assert hit5 >= 0.92
    assert mrr >= 0.85
    assert all(score.row()[1] >= 0.8 for score in scores.values())


@pytest.mark.slow
def test_among_thousands_of_others(
    request: pytest.FixtureRequest, data: Path, tmp_path: Path
) -> None:
    contents = documents(data, SetUp(content=False, distractors=True))
    for name in ENGINES:
        for engine in filled(name, request, tmp_path, contents):
            check_among_thousands(engine, data)


def check_among_thousands(engine: SearchEngine, data: Path) -> None:
    for queries in (given_queries(data), own_queries(held=True)):
        scores = measure(engine, queries)
        _, hit5, mrr = scores["all"].row()
        assert hit5 >= 0.92
        assert mrr >= 0.82
        assert all(score.row()[1] >= 0.8 for score in scores.values())


def test_the_words_of_the_first_citizen(alone: SearchEngine) -> None:
    first = alone.search(SearchQuery("cap lai giay phep hanh nghe", limit=3)).hits
    assert first[0].key == "1.012290"


def test_no_judged_query_has_an_empty_page(imported: SearchEngine, data: Path) -> None:
    for row in [*given_queries(data), *read_lines(OWN_QUERIES)]:
        assert imported.search(SearchQuery(row["query"])).total, row["query"]


def test_our_queries_are_our_own(data: Path) -> None:
    """Nothing is copied from the queries that came with the data."""
    given = {row["query"].casefold() for row in given_queries(data)}
    assert not [row["query"] for row in read_lines(OWN_QUERIES) if row["query"].casefold() in given]


def test_the_measure_itself() -> None:
    score = Score()
    score.add("a", ["x", "y", "z"], {"y"})
    score.add("b", ["x"], {"q"})
    score.add("c", ["q"], {"q"})
    score.add("d", ["1", "2", "3", "4", "5", "q"], {"q"})
    assert score.row() == (0.25, 0.5, (0.5 + 1 + 1 / 6) / 4)
    assert len(score.misses) == 2
