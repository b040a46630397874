"""The table of synonyms: both directions, one way, faults with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.settings import ROOT
from portal.search.analysis import scan
from portal.search.synonyms import MAX_EXPANSIONS, Match, load, parse


def find(table: str, text: str) -> list[Match]:
    return parse(table).find([token.text for token in scan(text)])


def test_a_list_works_in_both_directions() -> None:
    table = "GPHN, giấy phép hành nghề # chữ tắt"
    assert find(table, "cấp gphn") == [Match(1, 2, (("giay", "phep", "hanh", "nghe"),))]
    assert find(table, "giay phep hanh nghe") == [Match(0, 4, (("gphn",),))]


def test_an_arrow_works_one_way() -> None:
    table = "quán ăn, quán cơm => dịch vụ ăn uống, nhà hàng"
    assert find(table, "mo quan com") == [
        Match(1, 3, (("dich", "vu", "an", "uong"), ("nha", "hang")))
    ]
    assert find(table, "nhà hàng") == []


def test_the_longest_phrase_wins_and_matches_do_not_overlap() -> None:
    table = "phòng khám => a\nphòng khám răng => b\nrăng hàm mặt => c"
    assert find(table, "phòng khám răng hàm mặt") == [Match(0, 3, (("b",),), (("a",),))]


def test_a_single_word_with_marks_wants_the_same_marks() -> None:
    table = "răng => nha khoa"
    assert find(table, "rằng") == []
    assert find(table, "răng")
    assert find(table, "rang")


def test_phrases_within_a_phrase_help_too() -> None:
    table = "phòng khám răng, nha khoa\nphòng khám => giấy phép hoạt động"
    (match,) = find(table, "phòng khám răng")
    assert match.expansions == (("nha", "khoa"),)
    assert match.inner == (("giay", "phep", "hoat", "dong"),)


def test_equals_share_what_they_lead_to() -> None:
    table = "gpp, thực hành tốt\ngpp => nhà thuốc"
    assert find(table, "thực hành tốt")[0].expansions == (("gpp",), ("nha", "thuoc"))
    assert find("a => b\nb => c", "a")[0].expansions == (("b",),)


def test_lines_add_up() -> None:
    found = find("gpp => nhà thuốc\ngpp => dược", "gpp")
    assert found == [Match(0, 1, (("nha", "thuoc"), ("duoc",)))]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("một mình", "hai cụm từ"),
        ("a => b => c", "một dấu"),
        ("=> b", "Thiếu"),
        ("a => ,", "Thiếu"),
        (" ".join("abcdefghijklmnopq") + ", b", "dài quá"),
    ],
)
def test_a_fault_is_named_with_its_line_and_the_rest_counts(line: str, words: str) -> None:
    table = parse(f"# đầu\n\n{line}\nxe, ô tô\n")
    assert [fault.line for fault in table.faults] == [3]
    assert words in table.faults[0].message
    assert table.find(["xe"])


def test_stop_words_between_the_words_of_a_phrase_do_not_matter() -> None:
    table = "trợ cấp người cao tuổi => hưu trí xã hội\nđưa về nước => kiểm dịch"
    assert find(table, "trợ cấp cho người cao tuổi") == [
        Match(0, 6, (("huu", "tri", "xa", "hoi"),))
    ]
    assert find(table, "đưa về nước")[0].end == 3
    assert find(table, "trợ cấp xe người cao tuổi") == []
    assert find(table, "cho trợ cấp") == []


def test_an_absent_file_is_an_empty_table(tmp_path: Path) -> None:
    assert load(tmp_path / "none.txt").table == {}


def test_the_shipped_table_has_no_fault() -> None:
    table = load(ROOT / "content" / "synonyms.txt")
    assert table.faults == []
    assert table.table


@given(st.text(alphabet=st.sampled_from('ab ,=>#\n\u0000"*đ1')) | st.text())
def test_any_file_is_read(text: str) -> None:
    table = parse(text)
    lines = text.count("\n") + text.count("\r") + len(text.splitlines())
    assert all(1 <= fault.line <= lines for fault in table.faults)
    for match in table.find(["a", "b", "a"]):
        assert 0 <= match.start < match.end <= 3
        assert 0 < len(match.expansions) <= MAX_EXPANSIONS
