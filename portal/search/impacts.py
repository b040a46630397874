"""What a term is worth in each document: the sums that ranking adds up.

A frequent term is kept as a whole column (adding it is one sweep), a rare one as the numbers of its
documents. `docs` selects its places in a column either way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from portal.search.postings import Weights
from portal.search.segment import Mask

DENSE = 6
"""One document in so many, and a term is kept as a column."""

Places = npt.NDArray[np.int32] | npt.NDArray[np.intp]
ALL = slice(None)


class Sums:
    """Scores, coverage (0..1) and number of things met, by document."""

    def __init__(self, size: int) -> None:
        self.scores = np.zeros(size, np.float32)
        self.covered = np.zeros(size, np.float32)
        self.met = np.zeros(size, np.float32)


@dataclass(frozen=True, slots=True)
class Impacts:
    """Documents and what each gains by a term. The score is the gain times `idf`; the term is
    wholly covered by a document that gains `enough`."""

    docs: Places | slice
    gains: Weights
    idf: float
    enough: float

    @property
    def nbytes(self) -> int:
        return self.gains.nbytes + (0 if isinstance(self.docs, slice) else self.docs.nbytes)

    def raise_scores(self, scores: Weights, weight: float = 1.0) -> None:
        """Add the scores alone."""
        scores[self.docs] += self.gains * np.float32(self.idf * weight)

    def count(self, met: Weights) -> None:
        """Add one for every document with the term."""
        met[self.docs] += self.gains > 0 if isinstance(self.docs, slice) else 1

    def add_to(self, sums: Sums, share: float) -> None:
        """Add this as `share` of what is asked for."""
        docs = self.docs
        sums.scores[docs] += self.gains * np.float32(self.idf)
        covered = self.gains * np.float32(share / self.enough)
        sums.covered[docs] += np.minimum(covered, np.float32(share), out=covered)
        self.count(sums.met)

    def offer_to(self, sums: Sums, weight: float) -> None:
        """Where this is better than what is there, put it in its place."""
        docs = self.docs
        sums.scores[docs] = np.maximum(
            sums.scores[docs], self.gains * np.float32(self.idf * weight)
        )
        covered = np.minimum(self.gains / np.float32(self.enough), np.float32(1))
        sums.covered[docs] = np.maximum(sums.covered[docs], covered)
        sums.met[docs] = np.maximum(sums.met[docs], self.gains > 0)


@dataclass(frozen=True, slots=True)
class PhraseImpacts:
    """The same of several words together: scores and coverage do not follow from each other, and a
    document may have some of the words (`whole` says where all are)."""

    docs: Places | slice
    scores: Weights
    covered: Weights
    whole: Mask
    idf: float

    @property
    def nbytes(self) -> int:
        docs = 0 if isinstance(self.docs, slice) else self.docs.nbytes
        return docs + self.scores.nbytes + self.covered.nbytes + self.whole.nbytes

    def add_to(self, sums: Sums, share: float) -> None:
        """Add this as `share` of what is asked for."""
        sums.scores[self.docs] += self.scores
        sums.covered[self.docs] += self.covered * np.float32(share)
        sums.met[self.docs] += self.whole

    def offer_to(self, sums: Sums, weight: float) -> None:
        """Where this is better than what is there, put it in its place."""
        docs = self.docs
        sums.scores[docs] = np.maximum(sums.scores[docs], self.scores * np.float32(weight))
        sums.covered[docs] = np.maximum(sums.covered[docs], self.covered)
        sums.met[docs] = np.maximum(sums.met[docs], self.whole)


def compact(size: int, docs: Places, gains: Weights, idf: float, enough: float) -> Impacts:
    """Impacts in the form that is cheaper to add, for an index of `size` documents."""
    if len(docs) * DENSE < size:
        return Impacts(docs, gains, idf, enough)
    column = np.zeros(size, np.float32)
    column[docs] = gains
    return Impacts(ALL, column, idf, enough)
