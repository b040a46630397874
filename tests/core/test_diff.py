"""Comparing texts: nothing lost on either side, changes word by word, long sameness left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.core.diff import ADDED, REMOVED, SAME, Row, compare

LINES = st.lists(st.text("ab đẹ,", max_size=12), max_size=8).map("\n".join)


def said(rows: tuple[Row, ...], side: str) -> list[str]:
    texts = ["".join(s.text for s in getattr(row, side)) for row in rows if not row.skipped]
    return [text for text in texts if text]


def test_one_word_is_told_and_not_its_paragraph() -> None:
    (row,) = compare("Nộp trong 15 ngày làm việc.", "Nộp trong 10 ngày làm việc.").rows
    assert [(s.kind, s.text) for s in row.both] == [
        (SAME, "Nộp trong "), (REMOVED, "15"), (ADDED, "10"), (SAME, " ngày làm việc."),
    ]  # fmt: skip
    assert "".join(s.text for s in row.before) == "Nộp trong 15 ngày làm việc."
    assert "".join(s.text for s in row.after) == "Nộp trong 10 ngày làm việc."


def test_paragraphs_come_and_go() -> None:
    rows = compare("Một\nHai", "Một\nMới\nHai\nCuối").rows
    assert said(rows, "before") == ["Một", "Hai"]
    assert said(rows, "after") == ["Một", "Mới", "Hai", "Cuối"]
    assert not compare("Một\n\nHai", " Một \nHai").changed


def test_a_long_sameness_is_counted() -> None:
    lines = [f"Đoạn {n}" for n in range(20)]
    rows = compare("\n".join(lines), "\n".join([*lines[:10], "Chen", *lines[10:]])).rows
    assert [row.skipped for row in rows] == [9, 0, 0, 0, 9]


def test_a_huge_paragraph_is_told_whole_and_soon() -> None:
    old, new = "a " * 30_000, "b " * 30_000
    (row,) = compare(old, new).rows
    assert [s.kind for s in row.both] == [REMOVED, ADDED]


@given(LINES, LINES)
def test_both_texts_can_be_read_from_the_comparison(old: str, new: str) -> None:
    result = compare(old, new)
    whole = [line.strip() for line in old.splitlines() if line.strip()]
    kept = said(result.rows, "before")
    assert len(kept) + sum(row.skipped for row in result.rows) == len(whole)
    assert [line for line in whole if line in kept or not kept] or not kept
    assert result.changed == (whole != [x.strip() for x in new.splitlines() if x.strip()])
