"""The table of synonyms: the file, the desk's part, and every process on the newest of both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.db import write
from portal.search import synonyms, thesaurus
from portal.search.models import SynonymRule
from portal.search.thesaurus import Rule, Thesaurus, fault, key_of, merge

BASE = "# đầu tệp\ngphn, giấy phép hành nghề  # chữ tắt\nquán ăn => dịch vụ ăn uống\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "synonyms.txt"
    file.write_text(BASE, "utf-8")
    return file


@pytest.fixture
def table(app: Flask, path: Path) -> Iterator[Thesaurus]:
    with app.app_context():
        yield Thesaurus(path, thesaurus.look, thesaurus.read)


def put(line: str, *, hides: bool = False) -> int:
    with write() as session:
        rule = SynonymRule(line=line, hides=hides, changed_at=clock.now())
        session.add(rule)
        session.flush()
        return rule.id


def terms(table: synonyms.Synonyms, text: str) -> set[tuple[str, ...]]:
    return {terms for match in table.find(text.split()) for terms in match.expansions}


def test_the_desk_adds_and_hides(table: Thesaurus) -> None:
    put("tiệm ăn => dịch vụ ăn uống")
    put("GPHN,  giấy phép hành nghề", hides=True)
    assert terms(table(), "tiệm ăn") == {("dich", "vu", "an", "uong")}
    assert terms(table(), "gphn") == set()
    assert terms(table(), "quán ăn") == {("dich", "vu", "an", "uong")}


def test_a_change_is_seen_by_who_has_looked_before(
    table: Thesaurus, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process: it learns of a change when it looks next, without being told."""
    other = Thesaurus(path, thesaurus.look, thesaurus.read)
    assert terms(other(), "tiệm ăn") == set()
    rule = put("tiệm ăn => dịch vụ ăn uống")
    monkeypatch.setattr(thesaurus, "LOOK_EVERY", 0.0)
    assert terms(other(), "tiệm ăn")
    with write() as session:
        found = session.get(SynonymRule, rule)
        assert found
        found.removed_at, found.version = clock.now(), 2
    assert terms(other(), "tiệm ăn") == set()


def test_looking_is_seldom(table: Thesaurus, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(table, "_look", lambda: looks.append(1) or ())
    for _ in range(50):
        table()
    assert len(looks) == 1


def test_a_changed_file_is_read_again(table: Thesaurus, path: Path) -> None:
    table()
    path.write_text("mũi tiêm, tiêm chủng\n", "utf-8")
    os.utime(path, ns=(1, 1))
    assert terms(table(), "mũi tiêm")
    path.unlink()
    assert table().table == {}


def test_a_database_that_is_away_costs_nothing(
    table: Thesaurus, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terms(table(), "gphn")
    table.forget()

    def away() -> thesaurus.Stamp:
        raise OSError

    monkeypatch.setattr(table, "_look", away)
    assert terms(table(), "gphn")


def test_trying_a_line_shows_only_here(table: Thesaurus) -> None:
    with table.trying([Rule("tiệm ăn => dịch vụ ăn uống")]):
        assert terms(table(), "tiệm ăn")
        assert terms(table(), "gphn")
    assert terms(table(), "tiệm ăn") == set()


def test_the_export_is_a_file_of_the_same_format(table: Thesaurus, path: Path) -> None:
    put("tiệm ăn => dịch vụ ăn uống")
    put("quán ăn => dịch vụ ăn uống", hides=True)
    text = table.text()
    assert "# đầu tệp" in text
    assert "quán ăn" not in text
    assert synonyms.parse(text).faults == []
    assert synonyms.parse(text).table == table().table


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b, c", "C,  A b"),
        ("a => b, c", "a=>c,b"),
        ("a, b # lời", "a, b"),
        ("Răng, x", "răng, x"),
    ],
)
def test_the_same_line_is_known_again(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("a, b", "a => b"), ("a => b", "b => a"), ("rang, x", "răng, x")]
)
def test_different_lines_stay_different(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_faults_are_told_in_words() -> None:
    assert fault("một") == "Cần ít nhất hai cụm từ, cách nhau bằng dấu phẩy."
    assert fault("a => b") == ""


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=60))
def test_merging_anything_gives_a_table(lines: list[str], base: str) -> None:
    synonyms.parse(
        merge(base, [Rule(line) for line in lines] + [Rule(x, hides=True) for x in lines])
    )
