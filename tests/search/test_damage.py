"""The index may be lost, cut short or scribbled on at any time; the search says so and heals."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.search.engine import SearchDocument, SearchQuery, SearchUnavailable
from portal.search.whoosh_engine import WhooshEngine
from tests.search.conftest import DOCUMENTS, procedure

MakeEngine = Callable[[], WhooshEngine]
pytestmark = pytest.mark.parametrize("make_engine", ["whoosh"], indirect=True)


def delete_everything(root: Path) -> None:
    shutil.rmtree(root)


def delete_generation(root: Path) -> None:
    for path in root.glob("g*"):
        shutil.rmtree(path)


def current_files(root: Path, pattern: str) -> list[Path]:
    found = [p for p in root.glob(f"g*/{pattern}") if p.is_file()]
    assert found
    return found


def cut(pattern: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        for path in current_files(root, pattern):
            os.truncate(path, path.stat().st_size // 2)

    return damage


def junk(pattern: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        for path in current_files(root, pattern):
            path.write_bytes(os.urandom(path.stat().st_size))

    return damage


def flip(pattern: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        for path in current_files(root, pattern):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 0x55
            path.write_bytes(data)

    return damage


def remove(pattern: str) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        for path in current_files(root, pattern):
            path.unlink()

    return damage


def scribble_on_name(root: Path) -> None:
    (root / "CURRENT").write_bytes(b"\xff../../etc")


DAMAGES = {
    "all gone": delete_everything,
    "generation gone": delete_generation,
    "segment cut": cut("*.seg"),
    "contents cut": cut("*.toc"),
    "segment junk": junk("*.seg"),
    "contents junk": junk("*.toc"),
    "one bit of a segment": flip("*.seg"),
    "one bit of the contents": flip("*.toc"),
    "segment gone": remove("*.seg"),
    "contents gone": remove("*.toc"),
    "sums gone": remove("sums_*"),
    "sums junk": junk("sums_*"),
    "name junk": scribble_on_name,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_index_is_noticed_and_a_rebuild_brings_it_back(
    make_engine: MakeEngine, damage: Callable[[Path], None]
) -> None:
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    query = SearchQuery("giấy phép hành nghề")
    before = engine.search(query)
    damage(engine.store.root)
    fresh = make_engine()
    with pytest.raises(SearchUnavailable):
        fresh.search(query)
    with pytest.raises(SearchUnavailable):
        fresh.index([DOCUMENTS[0]])
    fresh.rebuild(DOCUMENTS)
    assert fresh.search(query) == before
    assert engine.search(query) == before


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_process_that_has_it_open_serves_on_or_refuses(
    make_engine: MakeEngine, damage: Callable[[Path], None]
) -> None:
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    before = engine.search(SearchQuery("giấy phép"))
    damage(engine.store.root)
    with contextlib.suppress(SearchUnavailable):
        assert engine.search(SearchQuery("giấy phép")) == before
    try:
        engine.index([procedure("1.555555", "Mới")])
    except SearchUnavailable:
        return
    assert engine.search(SearchQuery("1.555555")).total == 1


def test_an_index_made_by_other_rules_is_not_used(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_engine().rebuild(DOCUMENTS)
    monkeypatch.setattr("portal.search.store.ANALYSIS_VERSION", 10**6)
    with pytest.raises(SearchUnavailable):
        make_engine().search(SearchQuery("giấy"))


def _documents_then_die(root: Path, count: int) -> Iterator[SearchDocument]:
    for number in range(count):
        yield procedure(f"1.{number:06}", "Tên thủ tục")
    os.kill(os.getpid(), signal.SIGKILL)


def _rebuild_and_die(root: Path) -> None:
    WhooshEngine(root).rebuild(_documents_then_die(root, 30))


def _commit_and_die(root: Path) -> None:
    """Killed at the worst moment: all files are written, the state is not yet visible."""
    Path.replace = os.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore
    WhooshEngine(root).index([procedure("1.777777", "Nửa chừng")])


@pytest.mark.parametrize("work", [_rebuild_and_die, _commit_and_die])
def test_killed_at_work_leaves_the_old_index_whole(
    make_engine: MakeEngine, work: Callable[[Path], None]
) -> None:
    engine = make_engine()
    engine.rebuild(DOCUMENTS)
    process = multiprocessing.get_context("spawn").Process(target=work, args=(engine.store.root,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    for each in (engine, make_engine()):
        assert each.document_count() == len(DOCUMENTS)
    after = make_engine()
    after.index([procedure("1.888888", "Sau khi chết")])
    assert after.search(SearchQuery("sau khi chết")).hits[0].key == "1.888888"
    after.rebuild(DOCUMENTS)
    assert len(list(engine.store.root.glob("g*"))) == 1
    assert engine.document_count() == len(DOCUMENTS)
