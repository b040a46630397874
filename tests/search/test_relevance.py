"""The right procedure stays among the first: floors well below what bench/relevance.py measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.imported import SetUp
from bench.relevance import (
    OWN_QUERIES,
    Score,
    build,
    data_directory,
    given_queries,
    measure,
    own_queries,
    read_lines,
)
from portal.search.engine import SearchQuery
from portal.search.whoosh_engine import WhooshEngine


@pytest.fixture(scope="module")
def data() -> Path:
    directory = data_directory()
    if directory is None:
        pytest.skip("no judged queries beside the checkout")
    return directory


@pytest.fixture(scope="module")
def alone(data: Path, tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    return build(tmp_path_factory.mktemp("alone"), data, SetUp(content=True, distractors=False))


@pytest.fixture(scope="module")
def imported(data: Path, tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    return build(tmp_path_factory.mktemp("imported"), data, SetUp(content=False, distractors=False))


def test_among_the_health_procedures(alone: WhooshEngine, data: Path) -> None:
    hit1, hit5, mrr = measure(alone, given_queries(data))["all"].row()
    assert hit1 >= 0.80
    assert hit5 >= 0.95
    assert mrr >= 0.88


def test_without_our_own_content(imported: WhooshEngine, data: Path) -> None:
    hit1, hit5, mrr = measure(imported, given_queries(data))["all"].row()
    assert hit1 >= 0.80
    assert hit5 >= 0.95
    assert mrr >= 0.85


@pytest.mark.parametrize("held", [False, True])
def test_our_own_queries(alone: WhooshEngine, held: bool) -> None:
    scores = measure(alone, own_queries(held=held))
    _, hit5, mrr = scores["all"].row()
    assert hit5 >= 0.92
    assert mrr >= 0.85
    assert all(score.row()[1] >= 0.8 for score in scores.values())


@pytest.mark.slow
def test_among_thousands_of_others(data: Path, tmp_path: Path) -> None:
    engine = build(tmp_path, data, SetUp(content=False, distractors=True))
    for queries in (given_queries(data), own_queries(held=True)):
        scores = measure(engine, queries)
        _, hit5, mrr = scores["all"].row()
        assert hit5 >= 0.92
        assert mrr >= 0.82
        assert all(score.row()[1] >= 0.8 for score in scores.values())


def test_the_words_of_the_first_citizen(alone: WhooshEngine) -> None:
    first = alone.search(SearchQuery("cap lai giay phep hanh nghe", limit=3)).hits
    assert first[0].key == "1.012290"


def test_no_judged_query_has_an_empty_page(imported: WhooshEngine, data: Path) -> None:
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
