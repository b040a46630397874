"""From a document to the lists of terms that an engine indexes, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.search.analysis import Analysed, analyse
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
    """Terms by field, with repetitions where they count, and what is stored beside them."""

    terms: dict[str, list[str]]
    record: Record


def prepare(document: SearchDocument) -> Indexed:
    """Analyse a document."""
    title, body = analyse(document.title), analyse(document.body, plain=True)
    keywords = _join(analyse(phrase) for phrase in document.keywords)
    return Indexed(
        terms={
            TITLE: title.words,
            KEYWORDS: keywords.words,
            BODY: body.words,
            PAIRS: title.pairs + keywords.pairs,
            ACCENTS: title.accents + keywords.accents,
            CODE: analyse(document.code).refs,
            FORMER: [ref for code in document.former_codes for ref in analyse(code).refs],
            REFS: sorted({*title.refs, *keywords.refs}),
            MENTIONS: sorted(set(body.refs)),
        },
        record=_record(document, (len(title.words), len(keywords.words), len(body.words))),
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
