"""A code is recognised in every spelling, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.procedures.codes import CANONICAL, normalise_code

digits = st.from_regex(r"\A[0-9]\.[0-9]{6}\Z")
suffixes = st.sampled_from(["", ".000.00.00.H24", ".H24", ".000.00.00.G18", ".", " "])
prefixes = st.sampled_from(["", " ", "Mã số: ", "mã ", "TTHC ", "Mã TTHC: "][:4])


@given(digits, st.sampled_from([".", "", ",", " ", ". ", "·"]), prefixes, suffixes)
def test_every_spelling_is_the_same_code(code: str, dot: str, prefix: str, suffix: str) -> None:
    spelled = prefix + code.replace(".", dot) + suffix
    assert normalise_code(spelled) == code


@given(st.text(max_size=80))
def test_anything_else_is_no_code_or_a_canonical_one(text: str) -> None:
    found = normalise_code(text)
    assert found is None or CANONICAL.fullmatch(found)
    if found:
        assert normalise_code(found) == found


@pytest.mark.parametrize(
    "text",
    ["", "1.01229", "1.0122900", "10.122900", "1.012290 và 1.012291", "giấy phép", "a" * 10_000,
     "1.012290;DROP TABLE", "../1.012290", "1.012290.000.00.00.00.00.00.H24"],
)  # fmt: skip
def test_what_is_not_one_code(text: str) -> None:
    assert normalise_code(text) is None


def test_full_width_digits_are_digits() -> None:
    assert normalise_code("１．０１２２９０") == "1.012290"
