"""Vietnamese as people write it becomes the same terms."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.search.analysis import (
    MAX_WORD,
    Kind,
    accented,
    analyse,
    count,
    fold,
    is_stop_word,
    scan,
)

VIETNAMESE = st.text(
    alphabet="aàáảãạăằâầeêềiìoôồơờuưừyỳýdđmghklnpqrstvx ƣð\u00ad\u200b,./-0123456789"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mỹ phẩm", "mĩ phẩm"), ("kỳ", "kì"), ("bác sỹ", "BÁC SĨ"), ("quý", "quí"), ("ký", "kí"),
        ("hoà", "hòa"), ("thuỷ", "thủy"), ("đƣợc", "được"), ("ngƣời", "người"),
        ("Đồng", "Ðồng"), ("giấy\u00ad phép", "giấy phép"), ("y\u200bt\u200bế", "ytế"),
        (unicodedata.normalize("NFD", "giấy phép"), "giấy phép"),
    ],
)  # fmt: skip
def test_spellings_that_mean_the_same_are_the_same(one: str, other: str) -> None:
    assert analyse(one).words == analyse(other).words
    assert analyse(one).accents == analyse(other).accents


def test_different_words_stay_different() -> None:
    assert fold("thuý") != fold("thúi")
    assert fold("quy") == fold("qui")
    assert fold("quyết") == "quyet"
    assert accented("răng") != accented("rằng")
    assert accented("hoà") != accented("hoa")


@pytest.mark.parametrize(
    "typed",
    [
        "1.012289", "1012289", "1,012289", "1, 012289", "1.012289.000.00.00.H24", "1.012289.H24",
        "mã 1.012289.", "(1.012289)",
    ],
)  # fmt: skip
def test_a_code_is_one_term_in_every_spelling(typed: str) -> None:
    assert [t.term for t in scan(typed) if t.kind is Kind.CODE] == ["1.012289"]
    assert "1.012289" in analyse(typed).refs


@pytest.mark.parametrize("typed", ["10122891", "0.1012289", "1.0122891", "a1012289", "5.1.012289"])
def test_other_digits_are_no_code(typed: str) -> None:
    assert not [t for t in scan(typed) if t.kind is Kind.CODE]


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("96/2023/NĐ-CP", "96/2023/nd-cp"),
        ("96 / 2023 / NĐ – CP", "96/2023/nd-cp"),
        ("Nghị định số 96/2023/NĐ-CP", "nd96"),
        ("nghị định 96/2023", "nd96/2023"),
        ("nd 96", "nd96"),
        ("NĐ96", "nd96"),
        ("thong tu so 04", "tt4"),
        ("04/2018/TT-BYT", "4/2018/tt-byt"),
        ("04/2018/TT-BYT", "4/2018"),
        ("745/QĐ-BYT", "qd745"),
        ("Luật 15/2023/QH15", "qh15"),
        ("luật số 15", "qh15"),
    ],
)
def test_a_document_number_is_found_by_its_names(typed: str, ref: str) -> None:
    assert ref in analyse(typed).refs


def test_a_date_is_no_document() -> None:
    assert analyse("từ ngày 01/07/2025 đến 31.12.2026").refs == []


def test_neighbours_become_pairs_and_numbers_cut_them() -> None:
    assert analyse("giấy phép hành nghề").pairs == ["giay phep", "phep hanh", "hanh nghe"]
    assert analyse("theo 96/2023/NĐ-CP của").pairs == []


def test_stop_words_with_marks_are_known_from_words_that_look_alike() -> None:
    assert is_stop_word("cần")
    assert not is_stop_word("cán")
    assert not is_stop_word("can")
    assert not is_stop_word("rằng")


@given(st.text() | VIETNAMESE)
def test_any_text_has_tokens_in_their_places(text: str) -> None:
    position = 0
    for token in scan(text):
        assert position <= token.start < token.end <= len(text)
        assert token.text == text[token.start : token.end]
        assert 0 < len(token.term) <= MAX_WORD
        assert not any(c.isspace() or c in "*?\"'()[]~^:" for c in token.term)
        position = token.end


@given(VIETNAMESE | st.text())
def test_folding_is_done_in_one_go(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    for token in scan(text):
        assert fold(token.text.upper()) == fold(token.text) or not token.text.isascii()


@given(VIETNAMESE)
@example("0/àd")
@example("1/2020/ab-cdà")
def test_composed_and_decomposed_text_are_equal(text: str) -> None:
    one, other = analyse(text), analyse(unicodedata.normalize("NFD", text))
    assert (one.words, one.pairs, one.accents, one.refs) == (
        other.words, other.pairs, other.accents, other.refs,
    )  # fmt: skip


@given(VIETNAMESE | st.text() | st.text(alphabet="aá1 /-.ndtố\u0301_²", max_size=40))
@example("Mẫu08 theo nghị định số 96/2023/NĐ-CP")
@example("thông tư liên tịch số 5 và a_1012289")
def test_a_long_text_is_counted_as_it_is_analysed(text: str) -> None:
    words, refs = count(text)
    slow = analyse(text)
    assert words == Counter(slow.words)
    assert refs == slow.refs
