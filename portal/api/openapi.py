"""The OpenAPI 3.1 description, written beside the code that it describes and tested with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.api.schemas import NUMBER, SHAPES, TEXT, obj, ref
from portal.core.settings import Settings
from portal.procedures.terms import STATES
from portal.site import found

Json = dict[str, Any]


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
        "components": {"schemas": SHAPES},
    }


def _paths() -> Json:
    words = _query("q", "Từ cần tìm, có dấu hay không dấu")
    field = _query("field", "Khóa của lĩnh vực")
    status = _query("status", "Hiệu lực hôm nay", _one_of(term.slug for term in STATES.values()))
    kind = _query("kind", "Loại nội dung", _one_of(found.KINDS))
    code = {
        "name": "code", "in": "path", "required": True, "schema": TEXT, "example": "1.012289",
        "description": "Mã thủ tục, viết cách nào cũng được",
    }  # fmt: skip
    about = [
        _query("unit", "Mã đơn vị trả lời"), _query("procedure", "Mã thủ tục được nói đến"),
    ]  # fmt: skip
    one = {"200": _answer(ref("ProcedureInFull")), **_ERRORS}
    return {
        "/procedures": _get("Thủ tục, phù hợp nhất trước", "Procedure", [words, field, status]),
        "/procedures/{code}": {
            "get": {"summary": "Một thủ tục", "parameters": [code], "responses": one}
        },
        "/announcements": _get("Quyết định công bố thủ tục, mới nhất trước", "Announcement", []),
        "/articles": _get("Bài viết, mới nhất trước", "Article", []),
        "/hotlines": _get("Đường dây nóng", "Hotline", []),
        "/feedback": _get("Câu hỏi và trả lời đã công khai", "Feedback", about),
        "/search": _get("Tìm trên mọi loại nội dung", "Found", [words, kind]),
    }


def _get(summary: str, item: str, parameters: list[Json]) -> Json:
    items = {"type": "array", "items": ref(item)}
    responses = {"200": _answer(obj({"total": NUMBER, "items": items})), **_ERRORS}
    return {
        "get": {
            "summary": summary,
            "parameters": [*parameters, *_WINDOW],
            "responses": responses,
        }
    }


def _one_of(words: Iterable[str]) -> Json:
    return {"type": "string", "enum": list(words)}


def _answer(schema: Json, kind: str = "application/json") -> Json:
    return {"description": "Trả lời", "content": {kind: {"schema": schema}}}


def _query(name: str, text: str, schema: Json = TEXT) -> Json:
    return {"name": name, "in": "query", "description": text, "schema": schema}


_WINDOW = [
    _query("limit", "Số mục", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    _query("offset", "Bỏ qua bao nhiêu mục", {"type": "integer", "minimum": 0, "default": 0}),
]
_ERRORS = {
    status: _answer(ref("Problem"), "application/problem+json")
    for status in ("400", "404", "429", "503")
}
