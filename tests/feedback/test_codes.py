"""Tracking codes: enough chance, tolerant of spelling, sure to notice a slip."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.feedback import codes

seeds = st.text(min_size=1)
valid = seeds.map(lambda seed: codes.derive("k" * 32, seed))
places = st.integers(0, codes.LENGTH - 1)


@given(valid)
def test_a_code_is_read_back_however_it_is_written(code: str) -> None:
    assert len(code) == codes.LENGTH
    assert set(code) <= set(codes.ALPHABET)
    shown = codes.show(code)
    sloppy = shown.lower().replace("0", "o").replace("1", "l")
    for typed in (code, shown, sloppy, sloppy.upper(), f"  {shown.replace('-', ' – ')}\n"):
        assert codes.parse(typed) == code


@given(valid, places, st.sampled_from(codes.ALPHABET))
def test_any_wrong_character_is_noticed(code: str, place: int, char: str) -> None:
    slip = code[:place] + char + code[place + 1 :]
    assert codes.parse(slip) == (code if slip == code else None)


@given(valid, places, places)
def test_exchanged_characters_are_noticed(code: str, one: int, other: int) -> None:
    chars = list(code)
    chars[one], chars[other] = chars[other], chars[one]
    slip = "".join(chars)
    assert codes.parse(slip) == (code if slip == code else None)


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    found = codes.parse(text)
    assert found is None or codes.parse(found) == found


def test_letters_that_look_alike_are_never_used() -> None:
    assert not set("ILOU") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) == 32


def test_codes_are_spread_over_the_whole_alphabet() -> None:
    drawn = [codes.derive("key" * 11, str(number)) for number in range(2_000)]
    assert len(set(drawn)) == len(drawn)
    for place in range(codes.LENGTH):
        assert {code[place] for code in drawn} == set(codes.ALPHABET)


@given(seeds, seeds)
def test_a_code_belongs_to_key_and_seed(one: str, other: str) -> None:
    assert (codes.derive("a", one) == codes.derive("a", other)) == (one == other)
    assert codes.derive("a", one) != codes.derive("b", one)
    assert codes.stored("a", one) != codes.stored("b", one)


def test_a_code_is_read_out_in_four_groups() -> None:
    assert codes.spoken("K7M20WYZABCDEFGH") == [
        ("K7M2", "ca, bảy, em-mờ, hai"),
        ("0WYZ", "không, vê-kép, i-dài, dét"),
        ("ABCD", "a, bê, xê, dê"),
        ("EFGH", "e, ép-phờ, giê, hát"),
    ]


def test_no_two_characters_sound_alike() -> None:
    names = [codes.spoken(char * codes.LENGTH)[0][1] for char in codes.ALPHABET]
    assert len(set(names)) == len(codes.ALPHABET)
