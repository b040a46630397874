"""The documents of a term as bytes: small on the disk, arrays again in one step."""

import struct
import zlib

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]
Postings = tuple[Numbers, Weights]
"""Documents, each once and in order, and how often each has the term."""

NOTHING: Postings = (np.empty(0, np.int32), np.empty(0, np.float32))

# CRC of all that follows; number of documents; bytes of a step; bytes of a count, 0 if all are 1.
HEADER = struct.Struct("<IIBB")
MOST = 0xFFFF
"""A term that stands more often in a document counts as this often."""


class Damaged(Exception):
    """Bytes that were not written by `pack`."""


def pack(docs: npt.NDArray[np.integer], often: npt.NDArray[np.integer]) -> bytes:
    """At least one document; `docs` grow, `often` are from 1 to MOST."""
    steps = np.diff(docs, prepend=0)
    counts = b"" if (often == 1).all() else _narrow(often)
    data = _narrow(steps)
    head = HEADER.pack(0, len(docs), len(data) // len(docs), len(counts) // len(docs))[4:]
    body = head + data + counts
    return zlib.crc32(body).to_bytes(4, "little") + body


def size(header: bytes) -> int:
    """The length of what begins with this header, header and all."""
    _, number, steps, counts = HEADER.unpack(header)
    return int(HEADER.size + number * (steps + counts))


def unpack(data: bytes) -> Postings:
    """What was packed; raises Damaged."""
    crc, number, steps, counts = HEADER.unpack_from(data)
    if len(data) != HEADER.size + number * (steps + counts) or crc != zlib.crc32(data[4:]):
        raise Damaged
    docs = np.frombuffer(data, f"<u{steps}", number, HEADER.size).cumsum(dtype=np.int32)
    if not counts:
        return docs, np.ones(number, np.float32)
    often = np.frombuffer(data, f"<u{counts}", number, HEADER.size + number * steps)
    return docs, often.astype(np.float32)


def _narrow(values: npt.NDArray[np.integer]) -> bytes:
    """The values in the fewest bytes each."""
    greatest = int(values.max())
    width = 1 if greatest < 1 << 8 else 2 if greatest < 1 << 16 else 4
    return values.astype(f"<u{width}").tobytes()
