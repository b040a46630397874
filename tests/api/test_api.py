"""The API says what the pages say, as its own description promises, and errors as problems."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from tests.support.schemas import judge

PATHS = ["/procedures", "/procedures?q=chung+sinh", "/procedures?status=het-hieu-luc",
         "/procedures?limit=100", "/announcements", "/articles?limit=100", "/hotlines", "/feedback",
         "/search?q=giay+phep", "/search?q=giay+phep&kind=article"]  # fmt: skip


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    found = client.get("/api/v1/openapi.json").get_json()
    assert isinstance(found, dict)
    return found


def test_the_description_is_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    validate(description)


def test_every_address_is_described(client: FlaskClient, description: dict[str, Any]) -> None:
    rules = {
        rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert rules - {"/openapi.json"} == set(description["paths"])


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
def test_answers_are_as_described(
    client: FlaskClient, description: dict[str, Any], path: str
) -> None:
    operation = description["paths"][path.partition("?")[0]]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200
    judge(answer.get_json(), schema, description)


def test_every_procedure_in_full_is_as_described(
    client: FlaskClient, description: dict[str, Any]
) -> None:
    schema = {"$ref": "#/components/schemas/ProcedureInFull"}
    for code in ("1.002600", "1.012290", "1.014331", "1.014076"):
        judge(client.get(f"/api/v1/procedures/{code}").get_json(), schema, description)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/procedures?limit=0", 400), ("/procedures?limit=101", 400), ("/procedures?offset=-1", 400),
     ("/procedures?limit=x", 400), ("/procedures/9.999999", 404), ("/procedures/abc", 404),
     ("/nothing", 404), ("/search?kind=user_account", 400)],
)  # fmt: skip
def test_errors_are_problem_documents(
    client: FlaskClient, description: dict[str, Any], path: str, status: int
) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == status
    judge(answer.get_json(), {"$ref": "#/components/schemas/Problem"}, description)


@pytest.mark.parametrize("path", ["/procedures", "/procedures/1.002600", "/hotlines"])
def test_who_has_the_answer_is_told_so(client: FlaskClient, path: str) -> None:
    first = client.get(f"/api/v1{path}")
    again = client.get(f"/api/v1{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/api/v1{path}", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_no_writing_and_no_foreign_origin(client: FlaskClient) -> None:
    for method in ("post", "put", "delete"):
        assert getattr(client, method)("/api/v1/procedures").status_code in (400, 403, 405)
    answer = client.get("/api/v1/hotlines", headers={"Origin": "https://a.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
