"""The words of an index, for mending queries: `Vocabulary` over its segments.

Deleted documents count until their segment is merged away; nothing here needs exact numbers.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Protocol

from portal.search.cache import BoundedCache
from portal.search.engine import Vocabulary
from portal.search.segment import (
    FORMER,
    KEYWORDS,
    MENTIONS,
    PAIRS,
    REFS,
    TITLE,
    SegmentView,
    starting_with,
)
from portal.search.spelling import near

_KEPT = 20_000
"""Size of the cache of similar words."""


class Words(Vocabulary, Protocol):
    """The words of an index, also for suggestions and for warming."""

    def most_frequent(self, count: int) -> list[str]:
        """The words that stand in the most names and papers."""

    def words_from(self, prefix: str, limit: int) -> list[str]:
        """The most frequent syllables of titles that begin so."""


class Lexicon:
    """`Words` over segments."""

    def __init__(self, views: Sequence[SegmentView]) -> None:
        self._views = views
        self._similar: BoundedCache[str, list[tuple[str, float]]] = BoundedCache(_KEPT)

    @cached_property
    def _words(self) -> dict[str, int]:
        total: Counter[str] = Counter()
        for view in self._views:
            total.update(view.words)
        return dict(total)

    def frequency(self, word: str) -> int:
        return self._words.get(word, 0)

    def similar(self, word: str) -> Sequence[tuple[str, float]]:
        found = self._similar.get(word)
        if found is None:
            best: dict[str, float] = {}
            for other, likely in near(word):
                if other in self._words:
                    best[other] = max(likely, best.get(other, 0.0))
            found = list(best.items())
            self._similar.put(word, found, len(found))
        return found

    def pair_frequency(self, first: str, second: str) -> int:
        return self._frequency(PAIRS, f"{first} {second}")

    def has_code(self, code: str) -> bool:
        return any(code in view.codes for view in self._views)

    def has_ref(self, term: str) -> bool:
        return self.has_code(term) or any(self._frequency(f, term) for f in (REFS, MENTIONS))

    def successors(self, code: str) -> Sequence[str]:
        found = (
            view.records[doc].code
            for view in self._views
            for doc in view.segment.postings(FORMER, code)[0].tolist()
        )
        return sorted(set(found) - {""})

    def codes_like(self, digits: str, limit: int) -> Sequence[str]:
        begin: set[str] = set()
        end: set[str] = set()
        for view in self._views:
            begin.update(islice(starting_with(view.plain_codes, digits), limit))
            backwards = starting_with(view.backward_codes, digits[::-1])
            end.update(plain[::-1] for plain in islice(backwards, limit))
        found = dict.fromkeys([*sorted(begin), *sorted(end)])
        return [f"{plain[0]}.{plain[1:]}" for plain in found][:limit]

    def spelling(self, word: str) -> str:
        forms: Counter[str] = Counter()
        for view in self._views:
            forms.update(view.spellings.get(word, {}))
        return max(forms, key=lambda form: (forms[form], form)) if forms else word

    def most_frequent(self, count: int) -> list[str]:
        total: Counter[str] = Counter()
        for view in self._views:
            total.update(view.segment.lexicon(TITLE))
            total.update(view.segment.lexicon(KEYWORDS))
        return [word for word, _ in total.most_common(count)]

    def words_from(self, prefix: str, limit: int) -> list[str]:
        found = set(chain.from_iterable(starting_with(v.title_words, prefix) for v in self._views))
        return sorted(found, key=lambda word: (-self.frequency(word), word))[:limit]

    def _frequency(self, field: str, term: str) -> int:
        return sum(view.segment.frequency(field, term) for view in self._views)
