"""Marks on the original text, diacritics and all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.search.highlight import excerpt, highlight

WORDS = frozenset({"giay", "phep", "hanh", "nghe", "96/2023/nd-cp", "1.012289", "nd15"})


def test_folded_words_mark_what_people_read() -> None:
    assert highlight("Cấp lại Giấy phép hành nghề.", WORDS) == [
        ("Cấp lại ", False), ("Giấy phép hành nghề", True), (".", False),
    ]  # fmt: skip


def test_a_stop_word_between_is_marked_with_its_neighbours_but_no_comma() -> None:
    assert highlight("giấy cho phép", WORDS) == [("giấy cho phép", True)]
    assert highlight("giấy, phép", WORDS) == [("giấy", True), (", ", False), ("phép", True)]
    assert highlight("giấy xanh phép", WORDS)[1] == (" xanh ", False)


def test_a_phrase_is_marked_as_a_whole_only() -> None:
    words = {"nha", "thuoc", "co so ban le thuoc", "my pham"}
    assert highlight("Cơ sở bán lẻ thuốc, cơ sở khác", words) == [
        ("Cơ sở bán lẻ thuốc", True), (", cơ sở khác", False),
    ]  # fmt: skip
    assert highlight("cơ sở bán, lẻ thuốc", words)[-1] == ("thuốc", True)
    assert highlight("Mĩ phẩm mới, mỹ phẩm", {"mi pham"}) == [
        ("Mĩ phẩm", True), (" mới, ", False), ("mỹ phẩm", True),
    ]  # fmt: skip


def test_codes_and_numbers_are_marked_whole() -> None:
    assert highlight("Mã 1.012289", WORDS)[-1] == ("1.012289", True)
    assert highlight("Nghị định 96/2023/NĐ-CP", WORDS)[-1] == ("96/2023/NĐ-CP", True)
    assert highlight("theo 15/2020/NĐ-CP", WORDS)[-1] == ("15/2020/NĐ-CP", True)


def test_an_excerpt_shows_the_place_with_most_words() -> None:
    text = "giấy " + "trắng " * 100 + "giấy phép hành nghề " + "đen " * 100
    pieces = excerpt(text, WORDS, width=80)
    assert ("giấy phép hành nghề", True) in pieces
    assert pieces[0][0].startswith("… ")
    assert pieces[-1][0].endswith(" …")
    assert len("".join(piece for piece, _ in pieces)) <= 84


TEXT = st.text() | st.text(alphabet=st.sampled_from("giấy phép<b>&\u0301\u200b ,./96"))


@given(TEXT, st.frozensets(st.sampled_from(["giay", "phep", "g", "9", "b"])))
def test_the_pieces_joined_are_the_text(text: str, words: frozenset[str]) -> None:
    pieces = highlight(text, words)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


@given(TEXT, st.integers(10, 60))
def test_an_excerpt_is_part_of_the_text(text: str, width: int) -> None:
    joined = "".join(piece for piece, _ in excerpt(text, WORDS, width))
    assert joined.removeprefix("… ").removesuffix(" …") in text
