"""The shapes of everything that leaves as data: JSON Schema 2020-12, which OpenAPI 3.1 speaks too.

One place for the API's description and for the schema of each open data file. A field that is not
known is null or empty; new fields may be added, none is taken away or changes its meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from portal.core.certainty import Certainty
from portal.procedures.terms import (
    ChangeKind,
    ChannelKind,
    FeeKind,
    Kind,
    LegalState,
    Level,
    OnlineLevel,
    ProcessKind,
    State,
    Status,
    TimeUnit,
)

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Json = {"type": "string"}
MAYBE: Json = {"type": ["string", "null"]}
TEXTS: Json = {"type": "array", "items": TEXT}
TRUTH: Json = {"type": "boolean"}
MAYBE_TRUTH: Json = {"type": ["boolean", "null"]}
NUMBER: Json = {"type": "integer", "minimum": 0}
MAYBE_NUMBER: Json = {"type": ["integer", "null"], "minimum": 0}
AMOUNT: Json = {"type": ["number", "null"], "minimum": 0}
DAY: Json = {"type": ["string", "null"], "format": "date"}
MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
ADDRESS: Json = {"type": "string", "format": "uri"}
MAYBE_ADDRESS: Json = {"type": ["string", "null"], "format": "uri"}
CODE: Json = {"type": "string", "pattern": r"^\d\.\d{6}$"}


def obj(properties: Json) -> Json:
    """An object that always has all of these."""
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def several(item: Json) -> Json:
    """A list of such things."""
    return {"type": "array", "items": item}


def said(text: str, schema: Json) -> Json:
    """A schema with what the field means."""
    return {**schema, "description": text}


def ref(name: str) -> Json:
    """A shape of the API's description, by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(values: Iterable[StrEnum], *, maybe: bool = False) -> Json:
    """A closed vocabulary, with null if it may be unknown."""
    words: list[str | None] = [value.value for value in values]
    if maybe:
        return {"type": ["string", "null"], "enum": [*words, None]}
    return {"type": "string", "enum": words}


_SOURCE = obj({"name": TEXT, "url": MAYBE_ADDRESS, "checked_on": DAY})
_DECISION = obj({"number": TEXT, "issuer": TEXT, "issued_on": DAY})
_TIME = {
    "time": said("Số ngày hoặc giờ, có thể lẻ nửa ngày", AMOUNT),
    "time_unit": one_of(TimeUnit, maybe=True),
}
_FEE = obj({
    "kind": one_of(FeeKind, maybe=True), "amount": said("Đồng", MAYBE_NUMBER),
    "label": said("Mức thu áp dụng cho ai", TEXT), "basis": TEXT,
    "valid_from": DAY, "valid_to": DAY,
})  # fmt: skip
_CHANNEL = obj({
    "kind": one_of(ChannelKind), "case": TEXT, **_TIME, "fees": several(_FEE), "note": TEXT,
})  # fmt: skip
_COMPONENT = obj({
    "name": TEXT, "code": TEXT, "required": TRUTH, "originals": said("Số bản chính", NUMBER),
    "copies": said("Số bản sao", NUMBER), "template": TEXT, "note": TEXT,
})  # fmt: skip
_LOCAL = obj({
    **_TIME, "time_basis": TEXT, "place": TEXT, "place_hours": TEXT, "explanation": TEXT,
    "decision": _DECISION, "source": _SOURCE,
})  # fmt: skip
_PROCESS_ROW = obj({"task": TEXT, "doer": TEXT, "hours": AMOUNT, "output": TEXT, "form": TEXT})
_PROCESS = obj({
    "kind": one_of(ProcessKind), "title": TEXT, "rows": several(_PROCESS_ROW),
    "decision": _DECISION, "source": _SOURCE,
})  # fmt: skip
_LISTED: Json = {
    "code": CODE, "name": TEXT, "field": said("Lĩnh vực", TEXT), "url": ADDRESS,
    "levels": several(one_of(Level)), "status": said("Trạng thái đã ghi", one_of(Status)),
    "online_level": one_of(OnlineLevel, maybe=True),
}  # fmt: skip
PROCEDURE_IN_FULL = obj({
    **_LISTED,
    "name_truncated": said("Nguồn chỉ cho tên rút gọn", TRUTH), "kind": one_of(Kind),
    "state": said("Hiệu lực tính theo ngày tải về", one_of(State)),
    "effective_from": DAY, "effective_to": DAY, "summary": TEXT, "subjects": TEXTS,
    "agencies": said("Cơ quan thực hiện", TEXTS), "competent": TEXTS, "authorised": TEXTS,
    "coordinating": TEXTS, "receiving_place": TEXT,
    "non_territorial": said("Nộp được ở bất kỳ nơi nào trong thành phố", MAYBE_TRUTH),
    "postal": MAYBE_TRUTH, "apply_url": MAYBE_ADDRESS, "online_reason": TEXT,
    "channels": several(_CHANNEL),
    "steps": several(obj({"title": TEXT, "text": TEXT})),
    "dossier_sets": said("Số bộ hồ sơ", MAYBE_NUMBER),
    "cases": several(obj({"name": TEXT, "components": several(_COMPONENT)})),
    "forms": several(obj({"name": TEXT, "paper": TEXT, "url": MAYBE_ADDRESS})),
    "results": several(obj({"name": TEXT, "code": TEXT})),
    "legal_bases": several(obj({"number": TEXT, "title": TEXT, "state": one_of(LegalState)})),
    "conditions": TEXT, "note": TEXT, "decision": _DECISION,
    "replaces": said("Mã cũ nay dẫn đến thủ tục này", several(CODE)),
    "unit": said("Mã đơn vị phụ trách", MAYBE),
    "local": {"anyOf": [_LOCAL, {"type": "null"}], "description": "Phần địa phương thêm vào"},
    "processes": several(_PROCESS),
    "source": obj({**_SOURCE["properties"], "id": MAYBE}),
    "version": NUMBER, "updated_at": MOMENT,
})  # fmt: skip
ANNOUNCEMENT = obj({
    "number": TEXT, "issuer": TEXT, "issued_on": DAY, "published_on": DAY, "title": TEXT,
    "url": MAYBE_ADDRESS,
    "changes": several(obj({
        "code": CODE, "kind": one_of(ChangeKind), "effective_from": DAY,
        "replacement": {"type": ["string", "null"]}, "note": TEXT, "url": MAYBE_ADDRESS,
    })),
    "source": MAYBE, "certainty": one_of(Certainty, maybe=True),
})  # fmt: skip
LEGAL_BASIS = obj({
    "number": TEXT, "title": TEXT, "issued_on": DAY, "issuer": TEXT, "effective_from": DAY,
    "state": one_of(LegalState), "url": MAYBE_ADDRESS, "source": MAYBE_ADDRESS,
    "checked_on": DAY, "procedures": said("Mã các thủ tục căn cứ vào văn bản", several(CODE)),
})  # fmt: skip
_ARTICLE: Json = {
    "title": TEXT, "summary": TEXT, "topic": MAYBE, "published_at": MOMENT, "url": ADDRESS,
}  # fmt: skip
ARTICLE_IN_FULL = obj({**_ARTICLE, "kind": TEXT, "unit": MAYBE, "text": TEXT, "html": TEXT})
_SPANS: Json = {
    "type": "array", "items": {"type": "string", "pattern": "^\\d\\d:\\d\\d-\\d\\d:\\d\\d$"},
    "description": "Khoảng giờ trong ngày; giờ cuối trước giờ đầu là của hôm sau",
}  # fmt: skip
SCHEDULE = obj({
    "always": {"type": "boolean"}, "holidays": {"type": "boolean"},
    "week": obj(dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), _SPANS)),
})  # fmt: skip
HOTLINE = obj({
    "name": TEXT, "purposes": TEXTS, "phone": MAYBE, "email": MAYBE, "hours": MAYBE,
    "schedule": {"anyOf": [SCHEDULE, {"type": "null"}]}, "answered_by": MAYBE, "unit": MAYBE,
    "address": MAYBE, "certainty": one_of(Certainty), "source": MAYBE, "checked_on": DAY,
    "checked_by": MAYBE, "url": ADDRESS,
})  # fmt: skip
UNIT = obj({
    "code": TEXT, "name": TEXT, "short_name": TEXT, "kind": TEXT, "parent": MAYBE,
    "address": MAYBE, "phone": MAYBE, "email": MAYBE, "website": MAYBE, "duties": TEXT,
    "certainty": one_of(Certainty), "source": MAYBE, "checked_on": DAY, "url": ADDRESS,
})  # fmt: skip
FEEDBACK = obj({
    "id": TEXT, "kind": TEXT, "subject": MAYBE, "question": MAYBE, "answer": MAYBE,
    "procedure": {"anyOf": [CODE, {"type": "null"}]}, "published_at": MOMENT, "url": ADDRESS,
})  # fmt: skip
SHAPES: dict[str, Json] = {
    "Procedure": obj(_LISTED),
    "ProcedureInFull": PROCEDURE_IN_FULL,
    "Announcement": ANNOUNCEMENT,
    "Article": obj(_ARTICLE),
    "Hotline": HOTLINE,
    "Feedback": FEEDBACK,
    "Found": obj({"kind": TEXT, "title": TEXT, "summary": TEXT, "url": ADDRESS}),
    "Problem": obj({
        "type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT, "instance": TEXT,
    }),
}  # fmt: skip
"""By the names that the API's description uses."""
