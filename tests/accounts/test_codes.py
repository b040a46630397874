"""Codes of applications and of drawers: the vectors of RFC 6238, clocks that differ, typing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import codes
from portal.core import clock, sealing

SEED = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B, SHA-1: its eight digits end in our six.
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
KEYS = ["a" * 64, "b" * 64]


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_rfc(monkeypatch: pytest.MonkeyPatch, seconds: int, code: str) -> None:
    at(monkeypatch, seconds)
    assert codes.matching_step(SEED, code, 0) == seconds // 30
    assert codes.matching_step(SEED, f"{int(code) + 1:06d}"[-6:], 0) is None


@given(st.integers(min_value=3, max_value=2**31 // 30), st.integers(-5, 5), st.floats(0, 29.999))
def test_a_clock_may_be_one_step_off_and_no_more(step: int, drift: int, within: float) -> None:
    import pyotp

    with pytest.MonkeyPatch.context() as patch:
        at(patch, step * 30 + within)
        typed = pyotp.HOTP(SEED).at(max(step + drift, 0))
        found = codes.matching_step(SEED, typed, 0)
    near = {pyotp.HOTP(SEED).at(step + d): step + d for d in (-1, 0, 1)}
    assert found == near.get(typed)


@given(st.integers(min_value=3, max_value=2**31 // 30), st.integers(-1, 1))
def test_no_code_counts_twice_nor_one_before_it(step: int, drift: int) -> None:
    import pyotp

    with pytest.MonkeyPatch.context() as patch:
        at(patch, step * 30)
        last = codes.matching_step(SEED, pyotp.HOTP(SEED).at(step + drift), 0)
        assert last is not None
        for older in range(step - 1, last + 1):
            again = codes.matching_step(SEED, pyotp.HOTP(SEED).at(older), last)
            assert again is None or again > last, "two steps may share a code, none counts twice"


def test_a_clock_put_back_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyotp

    at(monkeypatch, 1_600_000_000)
    year_ahead = (1_600_000_000 + 365 * 86_400) // 30
    assert codes.matching_step(SEED, pyotp.TOTP(SEED).at(1_600_000_000), year_ahead)


@pytest.mark.parametrize("typed", ["287 082", " 287082 ", "287-082", "２８７０８２"])
def test_digits_as_people_type_them(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    at(monkeypatch, 59)
    assert codes.matching_step(SEED, typed, 0) == 1


@given(st.text(max_size=80))
def test_rubbish_is_no_code_and_no_error(typed: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        at(patch, 59)
        found = codes.matching_step(SEED, typed.replace("8", "x"), 0)
    assert found is None or found in (0, 2)
    assert codes.recovery_hash(KEYS[0], 1, typed) != codes.recovery_hash(KEYS[0], 2, typed)


def test_recovery_codes_are_long_and_all_different() -> None:
    many = [code for _ in range(50) for code in codes.new_recovery_codes()]
    assert len(set(many)) == 500
    assert all(codes.is_recovery_shaped(code) for code in many)
    assert 32**12 >= 2**50


def test_a_recovery_code_is_found_however_it_is_typed() -> None:
    (code, *_) = codes.new_recovery_codes()
    stored = codes.recovery_hash(KEYS[0], 7, code)
    loose = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.recovery_hash(KEYS[0], 7, loose) == stored
    assert codes.recovery_hash(KEYS[1], 7, code) != stored


@given(st.text(max_size=100))
def test_what_is_sealed_opens_with_its_key_and_purpose_alone(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    sealed = sealing.seal(KEYS, "second-step:1", text)
    assert text == sealing.unseal(KEYS, "second-step:1", sealed)
    assert text == sealing.unseal(["c" * 64, *KEYS], "second-step:1", sealed), "an older key"
    for keys, purpose in ((["c" * 64], "second-step:1"), (KEYS, "second-step:2")):
        with pytest.raises(sealing.SealBrokenError):
            sealing.unseal(keys, purpose, sealed)
