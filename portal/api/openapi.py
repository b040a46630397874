"""The OpenAPI 3.1 description, written beside the code that it describes and tested with it."""

from __future__ import annotations

from typing import Any

from portal.core.settings import Settings

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_MAYBE: Json = {"type": ["string", "null"]}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_THING: Json = {"type": "object"}
_THINGS: Json = {"type": "array", "items": _THING}
_TRUTH: Json = {"type": "boolean"}
_NUMBER: Json = {"type": "integer"}

_LISTED: Json = {
    "code": _TEXT, "name": _TEXT, "field": _TEXT, "url": _TEXT, "levels": _TEXTS,
    "status": _TEXT, "online_level": _MAYBE,
}  # fmt: skip
_SHAPES: dict[str, Json] = {
    "Procedure": _LISTED,
    "ProcedureInFull": {
        **_LISTED, "name_truncated": _TRUTH, "kind": _TEXT, "subjects": _TEXTS,
        "agencies": _TEXTS, "channels": _THINGS, "steps": _THINGS, "cases": _THINGS,
        "results": _TEXTS, "legal_bases": _THINGS, "conditions": _TEXT, "decision": _THING,
        "effective_from": _MAYBE, "effective_to": _MAYBE, "replaces": _TEXTS, "source": _THING,
    },
    "Article": {
        "title": _TEXT, "summary": _TEXT, "topic": _MAYBE, "published_at": _MAYBE, "url": _TEXT,
    },
    "Hotline": {
        "name": _TEXT, "purposes": _TEXTS, "phone": _MAYBE, "email": _MAYBE, "hours": _MAYBE,
        "answered_by": _MAYBE, "certainty": _TEXT, "source": _MAYBE, "checked_on": _MAYBE,
    },
    "Feedback": {
        "id": _TEXT, "kind": _TEXT, "subject": _MAYBE, "question": _MAYBE, "answer": _MAYBE,
        "procedure": _MAYBE, "published_at": _MAYBE, "url": _TEXT,
    },
    "Found": {"kind": _TEXT, "title": _TEXT, "summary": _TEXT, "url": _TEXT},
    "Problem": {
        "type": _TEXT, "title": _TEXT, "status": _NUMBER, "detail": _TEXT, "instance": _TEXT,
    },
}  # fmt: skip


def document(settings: Settings) -> Json:
    """The whole description, for this installation's address and licence."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.site.site.title} – {settings.site.agency.name}",
            "version": "1",
            "summary": "Dữ liệu mở: thủ tục hành chính, bài viết, đường dây nóng, hỏi đáp.",
            "license": {"name": settings.site.site.licence or "Dùng lại tự do, ghi rõ nguồn"},
        },
        "servers": [{"url": settings.address("/api/v1")}],
        "paths": _paths(),
        "components": {"schemas": {name: _object(shape) for name, shape in _SHAPES.items()}},
    }


def _paths() -> Json:
    words = _query("q", "Từ cần tìm, có dấu hay không dấu")
    field = _query("field", "Khóa của lĩnh vực")
    status = _query("status", "hieu-luc, sap-hieu-luc, het-hieu-luc")
    kind = _query("kind", "procedure, article, hotline, feedback, unit, page")
    code = {"name": "code", "in": "path", "required": True, "schema": _TEXT}
    one = {"200": _answer(_ref("ProcedureInFull")), **_ERRORS}
    return {
        "/procedures": _get("Thủ tục, phù hợp nhất trước", "Procedure", [words, field, status]),
        "/procedures/{code}": {
            "get": {"summary": "Một thủ tục", "parameters": [code], "responses": one}
        },
        "/articles": _get("Bài viết, mới nhất trước", "Article", []),
        "/hotlines": _get("Đường dây nóng", "Hotline", []),
        "/feedback": _get("Câu hỏi và trả lời đã công khai", "Feedback", []),
        "/search": _get("Tìm trên mọi loại nội dung", "Found", [words, kind]),
    }


def _get(summary: str, item: str, parameters: list[Json]) -> Json:
    items = {"type": "array", "items": _ref(item)}
    responses = {"200": _answer(_object({"total": _NUMBER, "items": items})), **_ERRORS}
    return {
        "get": {
            "summary": summary,
            "parameters": [*parameters, *_WINDOW],
            "responses": responses,
        }
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _answer(schema: Json, kind: str = "application/json") -> Json:
    return {"description": "Trả lời", "content": {kind: {"schema": schema}}}


def _query(name: str, text: str, schema: Json = _TEXT) -> Json:
    return {"name": name, "in": "query", "description": text, "schema": schema}


_WINDOW = [
    _query("limit", "Số mục", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    _query("offset", "Bỏ qua bao nhiêu mục", {"type": "integer", "minimum": 0, "default": 0}),
]
_ERRORS = {
    status: _answer(_ref("Problem"), "application/problem+json")
    for status in ("400", "404", "429", "503")
}
