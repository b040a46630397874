"""The right procedure stays among the first: floors well below what bench/relevance.py measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.relevance import Score, build, data_directory, measure
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
    return build(tmp_path_factory.mktemp("alone"), data, distractors=False)


def test_among_the_health_procedures(alone: WhooshEngine, data: Path) -> None:
    hit1, hit5, mrr = measure(alone, data)["all"].row()
    assert hit1 >= 0.80
    assert hit5 >= 0.95
    assert mrr >= 0.88


@pytest.mark.slow
def test_among_thousands_of_others(data: Path, tmp_path: Path) -> None:
    scores = measure(build(tmp_path, data, distractors=True), data)
    _, hit5, mrr = scores["all"].row()
    assert hit5 >= 0.92
    assert mrr >= 0.82
    assert all(score.row()[1] >= 0.8 for score in scores.values())


def test_the_words_of_the_first_citizen(alone: WhooshEngine) -> None:
    first = alone.search(SearchQuery("cap lai giay phep hanh nghe", limit=3)).hits
    assert first[0].key == "1.012290"


def test_no_judged_query_has_an_empty_page(alone: WhooshEngine, data: Path) -> None:
    from bench.relevance import read_lines

    for row in read_lines(data / "queries-dev.jsonl"):
        assert alone.search(SearchQuery(row["query"])).total, row["query"]


def test_the_measure_itself() -> None:
    score = Score()
    score.add("a", ["x", "y", "z"], {"y"})
    score.add("b", ["x"], {"q"})
    score.add("c", ["q"], {"q"})
    score.add("d", ["1", "2", "3", "4", "5", "q"], {"q"})
    assert score.row() == (0.25, 0.5, (0.5 + 1 + 1 / 6) / 4)
    assert len(score.misses) == 2
