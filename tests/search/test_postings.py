"""Postings come back from bytes as they were, and damaged bytes do not come back at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.postings import HEADER, MOST, Damaged, pack, size, unpack

ENTRIES = st.dictionaries(st.integers(0, 10**6), st.integers(1, MOST), min_size=1, max_size=50)


def packed(entries: dict[int, int]) -> bytes:
    docs = np.array(sorted(entries), np.int64)
    return pack(docs, np.array([entries[doc] for doc in docs.tolist()], np.int64))


@given(ENTRIES)
def test_there_and_back(entries: dict[int, int]) -> None:
    data = packed(entries)
    assert size(data[: HEADER.size]) == len(data)
    docs, often = unpack(data)
    assert dict(zip(docs.tolist(), often.tolist(), strict=True)) == entries
    assert docs.tolist() == sorted(entries)


@given(ENTRIES, st.data())
def test_one_changed_byte_is_noticed(entries: dict[int, int], data: st.DataObject) -> None:
    good = bytearray(packed(entries))
    place = data.draw(st.integers(0, len(good) - 1))
    good[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        unpack(bytes(good))
