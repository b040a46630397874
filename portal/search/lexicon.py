"""The words of an index, for mending queries: `Vocabulary` over its segments.

Deleted documents count until their segment is merged away; nothing here needs exact numbers.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from portal.search.segment import MENTIONS, PAIRS, REFS, SegmentView, starting_with


class Lexicon:
    """See `engine.Vocabulary`."""

    def __init__(self, views: Sequence[SegmentView]) -> None:
        self._views = views

    def frequency(self, word: str) -> int:
        return sum(view.words[word] for view in self._views)

    def pair_frequency(self, first: str, second: str) -> int:
        return self._frequency(PAIRS, f"{first} {second}")

    def has_ref(self, term: str) -> bool:
        if any(term in view.codes for view in self._views):
            return True
        return any(self._frequency(field, term) for field in (REFS, MENTIONS))

    def codes_like(self, digits: str, limit: int) -> Sequence[str]:
        begin: list[str] = []
        end: list[str] = []
        for view in self._views:
            codes = view.plain_codes
            start = bisect_left(codes, (digits, ""))
            near = codes[start : start + limit]
            begin += [code for plain, code in near if plain.startswith(digits)]
            end += [code for plain, code in codes if plain.endswith(digits)]
        return list(dict.fromkeys([*sorted(begin), *sorted(end)]))[:limit]

    def spelling(self, word: str) -> str:
        forms: Counter[str] = Counter()
        for view in self._views:
            forms.update(view.spellings.get(word, {}))
        return max(forms, key=lambda form: (forms[form], form)) if forms else word

    def words_from(self, prefix: str, limit: int) -> list[str]:
        """The most frequent syllables of titles that begin so."""
        found = set(chain.from_iterable(starting_with(v.title_words, prefix) for v in self._views))
        return sorted(found, key=lambda word: (-self.frequency(word), word))[:limit]

    def _frequency(self, field: str, term: str) -> int:
        return sum(view.segment.frequency(field, term) for view in self._views)
