"""Whatever is typed costs about as much as an honest query; measured in work, not in time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile import hostile_queries
from portal.core.settings import ROOT
from portal.search import spelling, synonyms
from portal.search.analysis import fold
from portal.search.engine import MAX_WORDS, SearchQuery
from portal.search.query import MAX_TERMS, build, cut
from portal.search.synonyms import Synonyms
from portal.search.whoosh_engine import WhooshEngine
from tests.search.conftest import DOCUMENTS


@pytest.fixture(scope="module")
def table() -> Synonyms:
    return synonyms.load(ROOT / "content" / "synonyms.txt")


@pytest.fixture(scope="module")
def engine(table: Synonyms, tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    engine = WhooshEngine(tmp_path_factory.mktemp("hostile"), lambda: table)
    engine.rebuild(DOCUMENTS)
    return engine


@pytest.mark.parametrize("name", sorted(hostile_queries()))
def test_a_plan_stays_small(name: str, engine: WhooshEngine, table: Synonyms) -> None:
    words = engine._current.get().words
    plan = build(hostile_queries()[name], words, table)
    terms = [term for s in plan.slots for a in s.alternatives for term in a.terms]
    assert len(plan.slots) <= MAX_WORDS
    assert len(terms) <= MAX_TERMS + MAX_WORDS
    assert len(plan.pairs) < 2 * MAX_WORDS


@pytest.mark.parametrize("name", sorted(hostile_queries()))
def test_it_is_answered(name: str, engine: WhooshEngine) -> None:
    text = hostile_queries()[name]
    assert engine.search(SearchQuery(text)).total >= 0
    assert engine.search(SearchQuery(text, verbatim=True)).total >= 0
    engine.suggest(text)


@settings(max_examples=150)
@given(text=st.text(max_size=300))
def test_any_text_is_a_query(text: str, engine: WhooshEngine) -> None:
    results = engine.search(SearchQuery(text))
    assert results.total >= len(results.hits)
    assert results.typed == cut(text)


@given(st.text())
def test_folding_again_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text())
def test_decoding_keys_never_raises_and_makes_nothing_longer(word: str) -> None:
    decoded = spelling.decode_keys(word)
    assert len(fold(decoded)) <= len(fold(word))


KEYS = {"giaays": "giấy", "phesp": "phép", "dduwowcj": "được", "giay61": "giấy", "phe1p": "phép"}


@pytest.mark.parametrize(("typed", "meant"), KEYS.items())
def test_keys_decoded_once_stay(typed: str, meant: str) -> None:
    assert spelling.decode_keys(typed) == meant
    assert spelling.decode_keys(meant) == ""


@pytest.mark.parametrize("known", ["giấy", "giay", "chứng", "GIẤY", "1.012290", "nd 96", "dược"])
@pytest.mark.parametrize("junk", ["", "zzzzqx", "qwrtp vbnmk", "😀 ??", "0000000 xyz"])
def test_one_known_word_is_enough(known: str, junk: str, engine: WhooshEngine) -> None:
    assert engine.search(SearchQuery(f"{junk} {known}")).total
    assert engine.search(SearchQuery(f"{known} {junk}")).total


@pytest.mark.parametrize("close", ["giayy", "phesp", "dượcc", "chứg", "giaays", "gấiy", "ngheef"])
def test_one_close_word_is_enough(close: str, engine: WhooshEngine) -> None:
    assert engine.search(SearchQuery(close)).total
