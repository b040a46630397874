"""Walks over all routes of the site: who may come in, and no change without a token of one's own.

Rooms that land later are covered by themselves: the tests read the map of addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, BaseConverter, IntegerConverter

from portal.accounts.access import DESK, permission_of
from portal.accounts.permissions import PERMISSIONS, Role
from portal.core.db import Base, db
from tests.accounts.conftest import LOGIN, OWN, sign_in_by_page
from tests.support.pages import PageClient

# POST routes that need no token: mail programs post to the first by themselves, the key in the
# address is the proof (RFC 8058); the second changes nothing and is posted so that no log keeps it.
WITHOUT_TOKEN = frozenset({"subscriptions.left", "feedback_help.suggest"})
LOOKED_FOR = {"/thu-tuc/khong-co/bao-sai-sot", "/phan-anh/theo-doi/khong-co"}
NOTHING_KEPT = {f"{DESK}/phan-anh/nhap/bien-nhan"}  # shown only after something was entered
QUIET = {"login_session"}  # seen_at moves with every request


def rules(app: Flask, method: str, prefix: str = "/") -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.rule.startswith(prefix):
            yield rule


def address(rule: Rule) -> str:
    """The rule's address with a value for each argument that names nothing real."""
    values = {name: _nothing(rule._converters[name]) for name in rule.arguments}
    built = rule.build(values, append_unknown=False)
    assert built is not None
    return built[1]


def _nothing(converter: BaseConverter) -> object:
    if isinstance(converter, IntegerConverter):
        return 2_000_000_000
    return min(converter.items) if isinstance(converter, AnyConverter) else "khong-co"


def test_the_desk_has_routes(app: Flask) -> None:
    assert len(list(rules(app, "GET", DESK))) >= 5


def test_every_desk_route_names_its_permission(app: Flask) -> None:
    unmarked = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(DESK) and permission_of(app, rule.endpoint) not in PERMISSIONS
    ]
    assert not unmarked


def test_nothing_of_the_desk_opens_without_signing_in(app: Flask, client: PageClient) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(DESK):
            continue
        path = address(rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = client.open(path, method=method, data={"csrf_token": client.token(LOGIN)})
            if method == "GET":
                assert answer.status_code == 303, path
                assert answer.location.startswith(LOGIN), path
            else:
                assert answer.status_code in (400, 403), (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says(app: Flask, staff: Any, role: Role) -> None:
    browser, _ = staff(role, "cdc")
    for rule in rules(app, "GET", DESK):
        path, permission = address(rule), permission_of(app, rule.endpoint)
        assert permission is not None
        status = browser.get(path, check=False).status_code
        if role not in PERMISSIONS[permission]:
            assert status == 403, (path, status)
        elif rule.arguments or path in NOTHING_KEPT:
            assert status in (403, 404), (path, status)
        else:
            assert status in (200, 303), (path, status)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_changes_what_the_table_says(app: Flask, staff: Any, role: Role) -> None:
    browser, _ = staff(role, "cdc")
    token = browser.token(OWN)
    for rule in rules(app, "POST", DESK):
        path, permission = address(rule), permission_of(app, rule.endpoint)
        assert permission is not None
        if role in PERMISSIONS[permission]:
            continue
        answer = browser.post(path, data={"csrf_token": token}, check=False)
        assert answer.status_code == 403, (path, answer.status_code)


def contents(app: Flask) -> dict[str, Any]:
    """A picture of every table: number of rows, and all rows of the small ones."""
    with app.app_context():
        found: dict[str, Any] = {}
        for name, table in Base.metadata.tables.items():
            if name not in QUIET:
                found[name] = db.session.scalar(select(func.count()).select_from(table))
        found["users"] = db.session.execute(text("SELECT * FROM user_account")).all()
        found["ended"] = db.session.execute(text("SELECT ended_at FROM login_session")).all()
        return found


@pytest.mark.parametrize("kind", ["none", "empty", "rubbish", "foreign", "pre-login"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_change_without_a_token_of_this_session(
    app: Flask, client: PageClient, member: Any, kind: str, signed_in: bool
) -> None:
    email, _ = member(Role.ADMINISTRATOR)
    stranger = app.test_client()
    before_login = client.token(LOGIN)
    tokens = {
        "none": None,
        "empty": "",
        "rubbish": "x.y.z",
        "foreign": stranger.token(LOGIN),
        "pre-login": before_login,
    }
    if signed_in:
        sign_in_by_page(client, email)
    elif kind == "pre-login":
        pytest.skip("before signing in this token is the right one")
    data = {} if tokens[kind] is None else {"csrf_token": tokens[kind]}
    before = contents(app)
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            if rule.endpoint in WITHOUT_TOKEN:
                continue
            path = address(rule)
            status = client.open(path, method=method, data=data, check=False).status_code
            dead_link = status == 410 and path.startswith("/tai-khoan/kich-hoat/")
            # A form that keeps what was typed looks for its thing before it looks at the token.
            nothing = status == 404 and path in LOOKED_FOR
            assert status in (400, 403) or dead_link or nothing, (method, path, status)
    assert contents(app) == before


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://ke-xau.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_no_change_from_another_site_even_with_the_right_token(
    app: Flask, client: PageClient, member: Any, headers: dict[str, str]
) -> None:
    email, _ = member(Role.ADMINISTRATOR)
    sign_in_by_page(client, email)
    token = client.token(OWN)
    before = contents(app)
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            path = address(rule)
            answer = client.open(
                path, method=method, data={"csrf_token": token}, headers=headers, check=False
            )
            assert answer.status_code == 403, (method, path, answer.status_code)
    assert contents(app) == before
