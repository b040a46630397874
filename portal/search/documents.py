"""From a document to the terms that an engine indexes, field by field."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.search.analysis import Analysed, analyse, count
from portal.search.engine import SearchDocument
from portal.search.segment import (
    ACCENTS,
    BODY,
    CODE,
    FORMER,
    KEYWORDS,
    MENTIONS,
    PAIRS,
    REFS,
    TITLE,
    Record,
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """By field, how often each term stands in it, and what is stored beside them."""

    terms: Mapping[str, Mapping[str, int]]
    record: Record


def prepare(document: SearchDocument) -> Indexed:
    """Analyse a document."""
    title, (body, mentions) = analyse(document.title), count(document.body)
    keywords = _join(analyse(phrase) for phrase in document.keywords)
    former = [ref for code in document.former_codes for ref in analyse(code).refs]
    return Indexed(
        terms={
            TITLE: Counter(title.words),
            KEYWORDS: Counter(keywords.words),
            BODY: body,
            PAIRS: Counter(title.pairs + keywords.pairs),
            ACCENTS: Counter(title.accents + keywords.accents),
            CODE: Counter(analyse(document.code).refs),
            FORMER: Counter(former),
            # A name says which document it is about; papers and texts cite many.
            REFS: dict.fromkeys(title.refs, 1),
            MENTIONS: dict.fromkeys([*keywords.refs, *mentions], 1),
        },
        record=_record(document, (len(title.words), len(keywords.words), body.total())),
    )


def _join(parts: Iterable[Analysed]) -> Analysed:
    whole = Analysed()
    for part in parts:
        whole.words += part.words
        whole.pairs += part.pairs
        whole.accents += part.accents
        whole.refs += part.refs
    return whole


def _record(document: SearchDocument, lengths: tuple[int, ...]) -> Record:
    return Record(
        kind=document.kind,
        key=document.key,
        digest=document.digest(),
        boost=document.boost,
        updated=(document.updated_at or datetime(1970, 1, 1, tzinfo=UTC)).timestamp(),
        facets=document.facet_values(),
        title=document.title,
        code=document.code,
        url=document.url,
        lengths=lengths,
    )
