"""The contract between the portal and whatever engine serves its searches.

Rooms build `SearchDocument`s, pages read `SearchResults`. An engine keeps an index of the documents
and can lose it at any time: the database is the source.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

DocumentId = tuple[str, str]
"""(kind, key): ("procedure", "1.012289")."""

Progress = Callable[[int], None]

MAX_TEXT = 200
MAX_WORDS = 16
MAX_LIMIT = 100
MAX_OFFSET = 10_000


class SearchUnavailable(Exception):
    """The index cannot answer now (absent, damaged, of older rules); fall back to SQL and say
    "đang lập chỉ mục". It heals by a rebuild, by itself or by command."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    TITLE = "title"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found: public text only, never a draft or a person's data.

    `keywords` also takes results, names of papers, everyday words; `former_codes` are codes that
    now lead here. `facets` hold short codes for filters and counts. `boost` multiplies the score:
    1 is usual, above for what the agency itself handles, below for what is no longer in force.
    """

    kind: str
    key: str
    title: str
    keywords: Sequence[str] = ()
    body: str = ""
    code: str = ""
    former_codes: Sequence[str] = ()
    facets: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    url: str = ""
    updated_at: datetime | None = None
    boost: float = 1.0

    @property
    def id(self) -> DocumentId:
        return self.kind, self.key

    def facet_values(self) -> dict[str, list[str]]:
        """Facets with every value as a list, empty ones left out, in a stable order."""
        lists = {
            name: [value] if isinstance(value, str) else list(value)
            for name, value in sorted(self.facets.items())
        }
        return {name: kept for name, values in lists.items() if (kept := [v for v in values if v])}

    def digest(self) -> str:
        """Equal for equal documents: how index and database are compared."""
        data = asdict(self) | {"facets": self.facet_values()}
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a person asked. `text` is taken as words whatever it holds; an empty one lists all.

    `filters`: any of the values within a facet, all facets together. `verbatim` searches the words
    as typed, without repair and synonyms.
    """

    text: str = ""
    kinds: Collection[str] = ()
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    limit: int = 20
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    kind: str
    key: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`facets` counts, for each value, what choosing it would give beside the other filters;
    kinds are counted under "kind". `words` are the folded words to highlight. `typed` is what was
    looked at of the input, `understood_as` what was searched when words of it were mended.
    `led_from` names old codes that were typed, each with the codes that took its place."""

    total: int
    hits: Sequence[SearchHit]
    facets: Mapping[str, Mapping[str, int]]
    understood_as: str
    corrected: bool = False
    relaxed: bool = False
    words: frozenset[str] = frozenset()
    typed: str = ""
    led_from: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    kind: str
    key: str
    title: str
    code: str
    url: str


class Vocabulary(Protocol):
    """What query building must know of the index; cheap look-ups only."""

    def frequency(self, word: str) -> int:
        """In how many documents a folded syllable stands, 0 if in none."""

    def similar(self, word: str) -> Sequence[tuple[str, float]]:
        """Known syllables one slip away, with how likely that slip is (0..1)."""

    def pair_frequency(self, first: str, second: str) -> int:
        """In how many titles and keywords two syllables stand side by side."""

    def spelling(self, word: str) -> str:
        """The usual way to write a folded syllable."""

    def has_code(self, code: str) -> bool:
        """Whether a procedure has or had this code."""

    def has_ref(self, term: str) -> bool:
        """Whether a code or document number is in the index."""

    def successors(self, code: str) -> Sequence[str]:
        """Codes of the documents that name this one as a former code."""

    def codes_like(self, digits: str, limit: int) -> Sequence[str]:
        """Codes that begin or end with these digits."""


class SearchEngine(Protocol):
    """One index. Readers never block; writers are one at a time (the caller holds the lock)."""

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """Add or replace, durable on return."""

    def remove(self, keys: Iterable[DocumentId]) -> None:
        """Take out, durable on return; unknown ones are ignored."""

    def apply(self, documents: Iterable[SearchDocument], removed: Iterable[DocumentId]) -> None:
        """Both in one step, durable on return."""

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> int:
        """Make the index anew beside the old one, then swap; returns the number of documents."""

    def tidy(self) -> None:
        """Work that may wait for a quiet moment (merging segments)."""

    def warm(self) -> None:
        """Open the newest state and make ready what its first queries would wait for."""

    def search(self, query: SearchQuery) -> SearchResults: ...

    def suggest(
        self, prefix: str, kinds: Collection[str] = (), limit: int = 8
    ) -> list[Suggestion]: ...

    def document_count(self) -> int: ...

    def fingerprint(self) -> Mapping[DocumentId, str]:
        """`SearchDocument.digest` of everything in the index."""
