"""Which part of a file a Range header asks for, judged against a plain reading of the rules."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.media.ranges import UnsatisfiableError, wanted

DATA = bytes(range(100))


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 0)), ("bytes=0-", (0, 99)), ("bytes=99-", (99, 99)),
        ("bytes=10-19", (10, 19)), ("bytes=90-500", (90, 99)), ("bytes=-1", (99, 99)),
        ("bytes=-500", (0, 99)), ("BYTES = 1 - 2", (1, 2)),
        ("items=0-5", None), ("", None), ("bytes=0-1,5-6", None), ("bytes=0-0, -1", None),
    ],
)  # fmt: skip
def test_parts(header: str, part: tuple[int, int] | None) -> None:
    assert wanted(header, 100) == part


@pytest.mark.parametrize(
    "header",
    ["bytes=100-", "bytes=5-4", "bytes=-0", "bytes=-", "bytes=", "bytes", "bytes=a-b",
     "bytes=1-2-3", "bytes=٣-٤", "bytes=--1", "bytes=0x1-2", "bytes=" + "9" * 30 + "-"],
)  # fmt: skip
def test_nothing_to_send(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        wanted(header, 100)


def test_an_empty_file_has_no_parts() -> None:
    for header in ("bytes=0-", "bytes=-1", "bytes=0-0"):
        with pytest.raises(UnsatisfiableError):
            wanted(header, 0)


@given(st.integers(0, 130), st.integers(0, 130))
def test_a_part_is_a_slice(first: int, last: int) -> None:
    try:
        part = wanted(f"bytes={first}-{last}", 100)
    except UnsatisfiableError:
        assert first > last or first >= 100
    else:
        assert part is not None
        assert DATA[part[0] : part[1] + 1] == DATA[first : last + 1]


@given(st.integers(0, 130))
def test_a_suffix_is_the_end(count: int) -> None:
    try:
        part = wanted(f"bytes=-{count}", 100)
    except UnsatisfiableError:
        assert count == 0
    else:
        assert part is not None
        assert DATA[part[0] : part[1] + 1] == DATA[-count:]


@given(st.text(max_size=60), st.integers(0, 10**12))
@example("bytes=0-18446744073709551616", 10)
def test_any_header_is_answered(header: str, length: int) -> None:
    try:
        part = wanted(header, length)
    except UnsatisfiableError:
        return
    assert part is None or 0 <= part[0] <= part[1] < length
