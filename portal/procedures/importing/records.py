"""Records of JSON files: objects whose keys are the names of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from portal.procedures.importing.columns import Head, Vocabulary, fact_of
from portal.procedures.importing.tables import Row, UnknownColumns, Unreadable, preview_cell

_LOOK_AT = 30
_PREVIEW = 5


def rows_of_objects(items: Iterable[tuple[int, Any]], vocabulary: Vocabulary) -> Iterator[Row]:
    """The records of a list. Raises `Unreadable` for an item that is none, `UnknownColumns` when
    none of the first has keys for code and name."""
    stream = ((number, _object(number, item)) for number, item in items)
    first = list(islice(stream, _LOOK_AT))
    if not first:
        raise Unreadable("Tệp không có thủ tục nào.")
    headers = tuple(dict.fromkeys(key for _, item in first for key in item))
    facts = vocabulary.facts_of(headers)
    preview = [
        [preview_cell(item.get(key)) for key in headers] for _, item in first[:_PREVIEW]
    ]  # fmt: skip
    head = Head("", headers, facts, preview)
    vocabulary.seen.append(head)
    if not {"code", "name"} & set(facts.values()):
        raise UnknownColumns(head)
    for number, item in chain(first, stream):
        for key in item.keys() - facts.keys():
            facts[key] = fact_of(key) or ""
        yield Row(number, item, facts=facts, columns=head.names)


def _object(number: int, item: object) -> dict[str, Any]:
    """The record without its inner tables: some sources keep them one floor deeper."""
    if not isinstance(item, dict):
        raise Unreadable(f"Mục {number} không phải một thủ tục.")
    tables = item.get("tables")
    return {**item, **tables} if isinstance(tables, Mapping) else item
