"""The words of an index in PostgreSQL, for mending queries: `Vocabulary` over its lexemes.

One state of the index, one lexicon: what has been looked up is kept for the next query. Words one
slip away are found by trying every slip; those further off by `pg_trgm`, where the server has it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, LiteralString

from psycopg import sql

from portal.search import postgres_terms as terms
from portal.search import segment as seg
from portal.search.analysis import fold, pair, scan
from portal.search.cache import BoundedCache
from portal.search.postgres_tables import PostgresTables
from portal.search.query import cut
from portal.search.spelling import near, spell

_KEPT = 50_000
"""Look-ups that are remembered."""
_FAR_SHARE = 0.5
"""How likely a word is that only trigrams find, as a part of its likeness."""
_LEAST_ALIKE = 0.4
_LEAST_FAR = 5
"""Shorter words are like too many others."""
_MOST_FAR = 5

_COUNT = """
SELECT term, letter, sum(documents) FROM {lexeme}
WHERE term = ANY(%(terms)s) AND documents > 0 GROUP BY term, letter
"""
_KNOWN = """
SELECT DISTINCT term FROM {lexeme}
WHERE term = ANY(%(terms)s) AND letter IN ('t', 'k', 'b') AND documents > 0
"""
_FAR = """
SELECT DISTINCT term, {similarity}(term, %(word)s) AS alike FROM {lexeme}
WHERE letter IN ('t', 'k') AND documents > 0 AND term OPERATOR({like}) %(word)s
    AND {similarity}(term, %(word)s) >= %(least)s
ORDER BY alike DESC, term LIMIT %(limit)s
"""
_CODES = """
WITH plain AS (
    SELECT DISTINCT replace(term, '.', '') AS code FROM {lexeme}
    WHERE letter IN ('c', 'f') AND documents > 0)
(SELECT code, 1 AS place FROM plain WHERE starts_with(code, %(digits)s)
    ORDER BY code LIMIT %(limit)s)
UNION ALL
(SELECT code, 2 FROM plain WHERE right(code, length(%(digits)s)) = %(digits)s
    ORDER BY reverse(code) LIMIT %(limit)s)
ORDER BY place, code
"""
_ALL_CODES = "SELECT DISTINCT term FROM {lexeme} WHERE letter IN ('c', 'f') AND documents > 0"
_SUCCESSORS = """
SELECT DISTINCT code COLLATE "C" FROM {document} JOIN {vector} USING (id)
WHERE terms @@ array_to_tsvector(ARRAY[%(former)s])::text::tsquery AND code <> '' ORDER BY 1
"""
_SPELLINGS = """
SELECT letter, term, sum(documents) FROM {lexeme}
WHERE (letter = 't' AND term = %(word)s)
    OR (letter = 'a' AND term > %(word)s || '/' AND term < %(word)s || '0')
GROUP BY letter, term
"""
_LONGER = """
WITH found AS (
    SELECT DISTINCT term FROM {lexeme}
    WHERE letter IN ('t', 'k') AND documents > 0 AND starts_with(term, %(prefix)s)
        AND term >= %(prefix)s)
SELECT term FROM {lexeme} JOIN found USING (term) WHERE letter IN ('t', 'k', 'b')
GROUP BY term ORDER BY sum(documents) DESC, term LIMIT %(limit)s
"""
_FREQUENT = """
SELECT term FROM {lexeme} WHERE letter IN ('t', 'k')
GROUP BY term ORDER BY sum(documents) DESC, term LIMIT %(limit)s
"""

Counts = Mapping[str, int]
"""By letter of the field, in how many documents a term stands."""


class PostgresLexicon:
    """See `engine.Vocabulary`."""

    def __init__(self, tables: PostgresTables, generation: str) -> None:
        self._tables = tables
        self._generation = generation
        self._counts: BoundedCache[str, Counts] = BoundedCache(_KEPT * 17)
        self._similar: BoundedCache[str, list[tuple[str, float]]] = BoundedCache(_KEPT)
        self._spellings: BoundedCache[str, str] = BoundedCache(_KEPT * 17)

    def expect(self, text: str) -> None:
        """Look up in one step what planning a text will most likely ask."""
        words = [token.term for token in scan(cut(text))]
        self._look_up([*words, *(pair(a, b) for a, b in pairwise(words))])

    def frequency(self, word: str) -> int:
        return self._sum(word, terms.WORD_LETTERS)

    def similar(self, word: str) -> Sequence[tuple[str, float]]:
        found = self._similar.get(word)
        if found is None:
            found = self._one_slip_away(word) or self._further_off(word)
            self._similar.put(word, found, len(found))
        return found

    def pair_frequency(self, first: str, second: str) -> int:
        return self._sum(pair(first, second), [terms.LETTERS[seg.PAIRS]])

    def has_code(self, code: str) -> bool:
        return code in self._codes

    def has_ref(self, term: str) -> bool:
        return self._sum(term, terms.REF_LETTERS) > 0

    def successors(self, code: str) -> Sequence[str]:
        former = terms.Lexeme(terms.LETTERS[seg.FORMER], code, 1).text
        return [code for (code,) in self._rows(_SUCCESSORS, {"former": former})]

    def codes_like(self, digits: str, limit: int) -> Sequence[str]:
        rows = self._rows(_CODES, {"digits": digits, "limit": limit})
        found = dict.fromkeys(plain for plain, _ in rows)
        return [f"{plain[0]}.{plain[1:]}" for plain in found][:limit]

    def spelling(self, word: str) -> str:
        found = self._spellings.get(word)
        if found is None:
            found = self._usual_spelling(word)
            self._spellings.put(word, found, 1)
        return found

    def most_frequent(self, count: int) -> list[str]:
        """The words that stand in the most names and papers."""
        return [term for (term,) in self._rows(_FREQUENT, {"limit": count})]

    def words_from(self, prefix: str, limit: int) -> list[str]:
        """The most frequent syllables of titles that begin so."""
        rows = self._rows(_LONGER, {"prefix": prefix, "limit": limit})
        return [term for (term,) in rows]

    @cached_property
    def _codes(self) -> frozenset[str]:
        """All of them: who asks has a code that is unknown, and a hundred that it may be."""
        return frozenset(term for (term,) in self._rows(_ALL_CODES, {}))

    def _sum(self, term: str, letters: Iterable[str]) -> int:
        counts = self._counts.get(term)
        if counts is None:
            counts = self._look_up([term])[term]
        return sum(counts.get(letter, 0) for letter in letters)

    def _look_up(self, wanted: Iterable[str]) -> dict[str, dict[str, int]]:
        new = {term: dict[str, int]() for term in wanted if self._counts.get(term) is None}
        if new:
            for term, letter, documents in self._rows(_COUNT, {"terms": list(new)}):
                new[term][letter] = documents
            for term, counts in new.items():
                self._counts.put(term, counts, 1)
        return new

    def _one_slip_away(self, word: str) -> list[tuple[str, float]]:
        best: dict[str, float] = {}
        for other, likely in near(word):
            best[other] = max(likely, best.get(other, 0.0))
        known = {term for (term,) in self._rows(_KNOWN, {"terms": list(best)})} if best else set()
        return [(other, likely) for other, likely in best.items() if other in known]

    def _further_off(self, word: str) -> list[tuple[str, float]]:
        schema = self._tables.trigrams
        if schema is None or len(word) < _LEAST_FAR or not word.isalpha():
            return []
        rows = self._rows(
            _FAR,
            {"word": word, "least": _LEAST_ALIKE, "limit": _MOST_FAR},
            similarity=sql.Identifier(schema, "similarity"),
            like=sql.SQL("{}.%%").format(sql.Identifier(schema)),
        )
        return [(term, _FAR_SHARE * alike) for term, alike in rows]

    def _usual_spelling(self, word: str) -> str:
        forms: Counter[str] = Counter()
        for letter, term, documents in self._rows(_SPELLINGS, {"word": word}):
            if letter == terms.LETTERS[seg.ACCENTS]:
                written = spell(terms.original(seg.ACCENTS, term))
                forms[written] += documents
                forms[fold(written)] -= documents
            else:
                forms[term] += documents
        return max(forms, key=lambda form: (forms[form], form)) if forms else word

    def _rows(
        self, text: LiteralString, parameters: Mapping[str, Any], **more: sql.Composable
    ) -> Collection[tuple[Any, ...]]:
        with self._tables.connected() as connection:
            statement = self._tables.statement(self._generation, text, **more)
            return connection.execute(statement, parameters).fetchall()
