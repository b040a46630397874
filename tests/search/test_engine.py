"""What every engine does: find, rank, filter, count, suggest, keep equal to what it was given."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.engine import (
    MAX_LIMIT,
    SearchDocument,
    SearchEngine,
    SearchQuery,
    SearchUnavailable,
    Sort,
)
from tests.search.conftest import DOCUMENTS, MakeEngine, generations, procedure


def keys(engine: SearchEngine, text: str, **more: object) -> list[str]:
    query = SearchQuery(text, **more)  # type: ignore[arg-type]
    return [hit.key for hit in engine.search(query).hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cap lai giay phep hanh nghe", "1.012290"),
        ("CẤP MỚI GIẤY PHÉP HÀNH NGHỀ", "1.012289"),
        ("giaays phesp cap lai", "1.012290"),
        ("cấp lại gphn", "1.012290"),
        ("mở quán ăn", "1.013855"),
        ("bác sĩ mất giấy phép", "1.012290"),
        ("1.012289", "1.012289"),
        ("1012289.000.00.00.H24", "1.012289"),
        ("1.01229", "1.012290"),
        ("1.003803", "1.012290"),
        ("96/2023/NĐ-CP", "1.012290"),
        ("nd 96", "1.012290"),
        ("giấy chúng sinh", "1.014331"),
        ("phường hòa bình", "hoa-binh"),
        ("mĩ phẩm kì", "hoa-binh"),
        ("tra cứu", "huong-dan"),
    ],
)
def test_the_right_one_is_first(engine: SearchEngine, text: str, first: str) -> None:
    assert keys(engine, text)[0] == first


def test_a_title_outranks_a_body_and_all_words_outrank_some(engine: SearchEngine) -> None:
    found = keys(engine, "giấy phép hành nghề")
    assert set(found[:2]) == {"1.012289", "1.012290"}
    assert "1.014331" not in found
    assert found.index("huong-dan") > 1


def test_boost_decides_between_equals(engine: SearchEngine) -> None:
    assert keys(engine, "kinh doanh dược") == ["1.014076", "1.014104"]


def test_typed_marks_raise_but_never_exclude(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([procedure("1.000001", "Chứng sinh"), procedure("1.000002", "Chúng sinh")])
    assert keys(engine, "chúng sinh") == ["1.000002", "1.000001"]
    assert keys(engine, "chứng sinh") == ["1.000001", "1.000002"]


def test_fewer_words_when_not_all_fit(engine: SearchEngine) -> None:
    results = engine.search(SearchQuery("cấp lại giấy phép hành nghề vũ trụ"))
    assert results.relaxed
    assert results.hits[0].key == "1.012290"
    assert not engine.search(SearchQuery("cấp lại giấy phép")).relaxed


def test_the_page_is_told_what_was_searched(engine: SearchEngine) -> None:
    results = engine.search(SearchQuery("giaays phép hành ngề"))
    assert results.corrected
    assert results.understood_as == "giấy phép hành nghề"
    assert {"giay", "phep", "nghe"} <= results.words
    typed = engine.search(SearchQuery("giaays", verbatim=True))
    assert (typed.total, typed.corrected, typed.understood_as) == (0, False, "giaays")


def test_filters_and_counts(engine: SearchEngine) -> None:
    everything = engine.search(SearchQuery("giấy"))
    assert everything.facets["kind"] == {"procedure": 4, "article": 1}
    only = engine.search(SearchQuery("giấy", kinds=["procedure"], filters={"field": ["kcb"]}))
    assert only.total == 2
    assert only.facets["field"] == {"kcb": 2}
    assert only.facets["subject"] == {"citizen": 1, "business": 1}
    assert engine.search(SearchQuery(filters={"field": ["duoc", "kcb"]})).total == 4
    assert engine.search(SearchQuery(filters={"field": []})).total == len(DOCUMENTS)
    assert engine.search(SearchQuery(filters={"field": ["khac"]})).facets["field"] == {
        "kcb": 2, "duoc": 2,
    }  # fmt: skip


def test_an_empty_query_lists_everything_page_by_page(engine: SearchEngine) -> None:
    seen = [key for offset in range(0, 10, 3) for key in keys(engine, "", limit=3, offset=offset)]
    assert sorted(seen) == sorted(document.key for document in DOCUMENTS)
    assert seen[0] == "1.014076"


def test_sorting(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild(
        SearchDocument("article", key, title, updated_at=datetime(2026, month, 1, tzinfo=UTC))
        for key, title, month in (("a", "Đơn", 1), ("b", "Áo", 3), ("c", "Bài", 2))
    )
    assert keys(engine, "", sort=Sort.TITLE) == ["b", "c", "a"]
    assert keys(engine, "", sort=Sort.NEWEST) == ["b", "c", "a"]


@pytest.mark.parametrize(("limit", "offset"), [(10**9, 0), (-5, -5), (0, 10**12), (5, 4)])
def test_absurd_pages_are_short_pages(engine: SearchEngine, limit: int, offset: int) -> None:
    results = engine.search(SearchQuery(limit=limit, offset=offset))
    assert len(results.hits) <= MAX_LIMIT
    assert results.total == len(DOCUMENTS)


def test_suggestions_continue_what_is_typed(engine: SearchEngine) -> None:
    assert {s.key for s in engine.suggest("cap lai gi")} == {"1.012290"}
    assert [s.key for s in engine.suggest("1.0140")] == ["1.014076"]
    assert engine.suggest("cấp", limit=2)[0].title.startswith("Cấp")
    assert len(engine.suggest("cấp", limit=2)) == 2
    assert {s.kind for s in engine.suggest("th", kinds=["article"])} <= {"article"}
    assert engine.suggest("") == []
    assert engine.suggest("vũ trụ") == []


def test_a_change_is_seen_by_every_process_at_its_next_search(make_engine: MakeEngine) -> None:
    writer, reader = make_engine(), make_engine()
    writer.rebuild(DOCUMENTS)
    assert keys(reader, "chứng sinh")[0] == "1.014331"
    writer.apply([procedure("1.014331", "Khai tử")], [("procedure", "1.014076"), ("x", "none")])
    assert "1.014331" not in keys(reader, "chứng sinh")
    assert keys(reader, "khai tử") == ["1.014331"]
    assert keys(reader, "1.014076") == []
    assert reader.document_count() == len(DOCUMENTS) - 1
    writer.rebuild(DOCUMENTS[:2])
    assert reader.document_count() == 2


def test_the_last_of_two_in_one_step_counts(engine: SearchEngine) -> None:
    engine.index([procedure("1.000009", "Một"), procedure("1.000009", "Hai")])
    assert keys(engine, "hai") == ["1.000009"]
    assert keys(engine, "1.000009") == ["1.000009"]


def test_two_documents_of_one_name_are_refused_in_a_rebuild(engine: SearchEngine) -> None:
    with pytest.raises(ValueError, match=r"1\.000009"):
        engine.rebuild([procedure("1.000009", "Một"), procedure("1.000009", "Hai")])
    assert engine.document_count() == len(DOCUMENTS)
    assert generations(engine) == 1


def test_the_fingerprint_tells_what_is_in_the_index(engine: SearchEngine) -> None:
    assert engine.fingerprint() == {d.id: d.digest() for d in DOCUMENTS}
    engine.remove([DOCUMENTS[0].id])
    assert engine.fingerprint() == {d.id: d.digest() for d in DOCUMENTS[1:]}


def test_many_small_changes_are_tidied_away_and_nothing_is_lost(engine: SearchEngine) -> None:
    for number in range(20):
        engine.index([procedure(f"1.1000{number:02}", f"Thủ tục thử {number}")])
        engine.tidy()
    assert engine.document_count() == len(DOCUMENTS) + 20
    assert keys(engine, "1.100013") == ["1.100013"]
    assert keys(engine, "cap lai giay phep hanh nghe")[0] == "1.012290"


def test_ranking_does_not_depend_on_how_the_index_came_about(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([procedure("1.999999", "Cũ"), *DOCUMENTS[:3]])
    before = engine.search(SearchQuery("giấy phép", limit=50))
    engine.apply(DOCUMENTS[3:], [("procedure", "1.999999")])
    piecemeal = engine.search(SearchQuery("giấy phép", limit=50))
    engine.rebuild(DOCUMENTS)
    assert engine.search(SearchQuery("giấy phép", limit=50)) == piecemeal
    assert before != piecemeal


def test_without_an_index_there_is_one_clear_refusal(make_engine: MakeEngine) -> None:
    engine = make_engine()
    for attempt in (
        lambda: engine.search(SearchQuery("a")),
        lambda: engine.suggest("a"),
        engine.document_count,
        engine.fingerprint,
        engine.tidy,
        lambda: engine.index([DOCUMENTS[0]]),
        lambda: engine.remove([DOCUMENTS[0].id]),
    ):
        with pytest.raises(SearchUnavailable):
            attempt()


def test_a_rebuild_tells_its_progress(make_engine: MakeEngine) -> None:
    steps: list[int] = []
    documents = (procedure(f"1.{number:06}", "Tên") for number in range(250))
    assert make_engine().rebuild(documents, steps.append) == 250
    assert steps == [100, 200]


HOSTILE = st.text(max_size=400) | st.text(
    alphabet=st.sampled_from("giấyphe *?~^\"'()[]{}:+-/\\&|!.,0123\x00\ud800"), max_size=400
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, st.booleans())
def test_no_text_raises(engine: SearchEngine, text: str, verbatim: bool) -> None:
    results = engine.search(
        SearchQuery(text, verbatim=verbatim, filters={text: [text]} if text else {})
    )
    assert results.total == 0 or not text
    assert engine.search(SearchQuery(text)).total <= len(DOCUMENTS)
    assert len(engine.suggest(text)) <= 8
