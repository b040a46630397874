"""The API says what the pages say, as its own description promises, and errors as problems."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

PATHS = ["/procedures", "/procedures?q=chung+sinh", "/articles", "/hotlines", "/feedback",
         "/search?q=giay+phep", "/search?q=giay+phep&kind=article"]  # fmt: skip


def test_best_first_with_limit_and_offset(client: FlaskClient) -> None:
    answer = client.get("/api/v1/procedures?q=cap+giay+chung+sinh&limit=3").get_json()
    assert answer["items"][0]["code"] == "1.014331"
    assert answer["items"][0]["url"] == "http://127.0.0.1:8000/thu-tuc/1.014331"
    assert len(answer["items"]) <= 3 <= answer["total"]
    second = client.get("/api/v1/procedures?q=cap+giay+chung+sinh&limit=1&offset=1").get_json()
    assert second["items"] == answer["items"][1:2]


def test_all_procedures_are_there_page_by_page(client: FlaskClient) -> None:
    codes: set[str] = set()
    total = client.get("/api/v1/procedures?limit=1").get_json()["total"]
    for offset in range(0, total, 100):
        answer = client.get(f"/api/v1/procedures?limit=100&offset={offset}").get_json()
        codes |= {item["code"] for item in answer["items"]}
    assert len(codes) == total


def test_field_filter(client: FlaskClient) -> None:
    answer = client.get("/api/v1/procedures?field=my-pham&limit=100").get_json()
    assert answer["total"] > 0
    assert {item["field"] for item in answer["items"]} == {"Mỹ phẩm"}


@pytest.mark.parametrize("spelling", ["1.002600", "1002600", "1,002600", "1.002600.000.00.00.H24"])
def test_code_in_every_spelling(client: FlaskClient, spelling: str) -> None:
    answer = client.get(f"/api/v1/procedures/{spelling}").get_json()
    assert answer["code"] == "1.002600"
    assert answer["channels"]


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_as_described(client: FlaskClient, path: str) -> None:
    description = client.get("/api/v1/openapi.json").get_json()
    operation = description["paths"][path.partition("?")[0]]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200
    _fits(answer.get_json(), schema, description)


def test_full_procedure_is_as_described(client: FlaskClient) -> None:
    description = client.get("/api/v1/openapi.json").get_json()
    for code in ("1.002600", "1.012290", "1.014331"):
        schema = {"$ref": "#/components/schemas/ProcedureInFull"}
        _fits(client.get(f"/api/v1/procedures/{code}").get_json(), schema, description)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/procedures?limit=0", 400), ("/procedures?limit=101", 400), ("/procedures?offset=-1", 400),
     ("/procedures?limit=x", 400), ("/procedures/9.999999", 404), ("/procedures/abc", 404),
     ("/nothing", 404), ("/search?kind=user_account", 400)],
)  # fmt: skip
def test_errors_are_problem_documents(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == status


def test_no_writing_and_no_foreign_origin(client: FlaskClient) -> None:
    for method in ("post", "put", "delete"):
        assert getattr(client, method)("/api/v1/procedures").status_code in (400, 403, 405)
    answer = client.get("/api/v1/hotlines", headers={"Origin": "https://a.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def _fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> None:
    """A small judge of the JSON Schema words that the description uses; unknown keys fail."""
    if "$ref" in schema:
        schema = root["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    names = {"string": str, "object": dict, "array": list, "integer": int, "boolean": bool,
             "null": type(None)}  # fmt: skip
    assert isinstance(value, tuple(names[kind] for kind in kinds)), (value, schema)
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["required"])
        for key, part in schema["properties"].items():
            _fits(value[key], part, root)
    if isinstance(value, list) and "items" in schema:
        for item in value:
            _fits(item, schema["items"], root)
