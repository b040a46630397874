"""Impacts computed from arrays are those of BM25F, and a new index takes over without a pause."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from whoosh import fields
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Term
from whoosh.scoring import BM25F

from portal.search import current, snapshot
from portal.search.engine import SearchDocument, SearchQuery
from portal.search.whoosh_engine import WhooshEngine
from tests.search.conftest import DOCUMENTS, MakeEngine, procedure

on_whoosh = pytest.mark.parametrize("make_engine", ["whoosh"], indirect=True)
TITLES = [
    "thuốc", "thuốc thuốc và một số loại khác", "bán thuốc", "mua thuốc tại quầy", "đơn thuốc",
    "không có gì", "đăng ký kinh doanh thuốc phải kiểm soát đặc biệt", "thuốc thuốc thuốc",
]  # fmt: skip


def test_one_word_ranks_as_in_whoosh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weight, b = snapshot.TERM_FIELDS["title"]
    monkeypatch.setattr(snapshot, "K1", 1.2)
    engine = WhooshEngine(tmp_path)
    engine.rebuild(
        SearchDocument("article", str(number), title) for number, title in enumerate(TITLES)
    )
    index = RamStorage().create_index(fields.Schema(title=fields.KEYWORD(scorable=True)))
    with index.writer() as writer:
        for title in TITLES:
            writer.add_document(title=title.split())
    state = engine._current.get()
    impacts = state.term("thuoc")
    ours = dict.fromkeys(range(len(TITLES)), 0.0)
    places = range(len(TITLES)) if isinstance(impacts.docs, slice) else impacts.docs.tolist()
    ours.update(zip(places, (impacts.gains / weight).tolist(), strict=True))
    with index.searcher(weighting=BM25F(B=b, K1=1.2)) as searcher:
        found = searcher.search(Term("title", "thuốc"), limit=None)
        idf = searcher.idf("title", "thuốc")
        theirs = {hit.docnum: hit.score / idf for hit in found}
    assert {doc for doc, gain in ours.items() if gain} == set(theirs)
    for doc, gain in theirs.items():
        assert ours[doc] == pytest.approx(gain, rel=1e-4)


@on_whoosh
def test_a_great_index_made_anew_takes_over_without_a_pause(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "_GREAT", 0)
    writer, reader = make_engine(), make_engine()
    writer.rebuild(DOCUMENTS)
    assert reader.document_count() == len(DOCUMENTS)
    writer.rebuild([procedure("1.000001", "Mới")])
    assert reader.document_count() == len(DOCUMENTS)  # still the old one, at once
    for thread in threading.enumerate():
        if thread.name == "search-open":
            thread.join(30)
    assert reader.document_count() == 1


@on_whoosh
def test_a_writer_never_works_from_an_old_state(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "_GREAT", 0)
    one, other = make_engine(), make_engine()
    one.rebuild(DOCUMENTS)
    other.document_count()
    one.rebuild([*reversed(DOCUMENTS)])
    other.remove([DOCUMENTS[0].id])
    expected = {document.id: document.digest() for document in DOCUMENTS[1:]}
    assert make_engine().fingerprint() == expected


def test_warming_changes_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    before = engine.search(SearchQuery("giấy phép hành nghề"))
    engine.warm()
    engine.warm()
    assert engine.search(SearchQuery("giấy phép hành nghề")) == before
