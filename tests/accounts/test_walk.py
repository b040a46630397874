"""Roles × things × actions, walked through real requests.

For each role, each thing (mine, my unit's, a stranger's ...) and each address of the desk that is
about a thing: who may, comes in; who may not, is refused and nothing has changed. What is expected
is told by the table of `test_permissions`, not by the code that is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from portal.accounts.access import DESK, permission_of
from portal.accounts.permissions import Actor, Role
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from tests.accounts.conftest import OWN
from tests.accounts.test_permissions import OTHER, THINGS, Thing, expected
from tests.accounts.things import MAKERS, Made, Owner, units
from tests.support.browsing import forms_in
from tests.support.staff import make_user

UNIT = "cdc"
NOBODYS = {
    "imports_desk", "vocabulary_desk", "accounts_desk", "plan_desk", "saved_views_desk", "own_desk",
    "guide_desk", "notices_desk", "banners_desk", "preferences_desk", "handover_desk",
}  # fmt: skip
"""Rooms whose things have no owner (the role alone decides: `test_every_route`), or only one."""
BY_THING = {
    "articles_desk.article": "article.view",
    "articles_desk.preview": "article.view",
    "articles_desk.history": "article.view",
    "articles_desk.version": "article.view",
    "articles_desk.compare_versions": "article.view",
    ("media_desk.edit", "POST"): "media.edit",
}
"""What opens a thing, where the mark of the view opens the room only."""
IN_HANDS = {"feedback_desk"}
"""Rooms in which it matters into whose hands a thing was given."""
ELSEWHERE = {
    "feedback_desk.file", "feedback_desk.picture", "procedure_parts_desk.basis",
    "articles_desk.autosave_new",
    "articles_desk.discard_new_words", "articles_desk.take_new_words_back",
    "articles_desk.word_report", "evidence_desk.add",
}  # fmt: skip
"""Addresses about another thing than their room's (words of an article that does not exist yet
are their writer's alone): tested with it."""


def doors(app: Flask) -> Iterator[tuple[str, Rule, str]]:
    """Method, rule and permission of each address of the desk that is about a thing."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(DESK) or not rule.arguments or rule.endpoint in ELSEWHERE:
            continue
        room = rule.endpoint.split(".")[0]
        if room in NOBODYS:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            mark = permission_of(app, rule.endpoint)
            wanted = BY_THING.get((rule.endpoint, method)) or BY_THING.get(rule.endpoint) or mark
            assert wanted
            yield method, rule, wanted


def things(room: str, role: Role, permission: str) -> dict[str, Thing]:
    """The things that can differ in a room; two where the role alone decides."""
    if expected(role, permission, UNIT) in (set(), set(THINGS)):
        return {name: THINGS[name] for name in ("mine, in my unit", "a stranger's")}
    held = {
        name: thing for name, thing in THINGS.items() if thing.assignee_id and not thing.restricted
    }
    return THINGS if room in IN_HANDS else held


def test_every_address_about_a_thing_is_walked(app: Flask) -> None:
    rooms = {rule.endpoint.split(".")[0] for _, rule, _ in doors(app)}
    assert rooms == set(MAKERS)


@pytest.mark.parametrize("role", list(Role))
def test_every_cell_through_real_requests(app: Flask, staff: Any, role: Role) -> None:
    browser, me = staff(role, UNIT)
    other = make_user(app, Role.AUTHOR, UNIT)
    with app.app_context(), write() as session:
        units(session)
    token = browser.token(OWN)
    wrong = [
        (role.value, name, method, rule.rule, told)
        for method, rule, permission in doors(app)
        for name, thing in things(rule.endpoint.split(".")[0], role, permission).items()
        if (
            told := _judge(
                app,
                browser,
                (method, rule),
                _make(app, rule, thing, me, other),
                token,
                allowed=name in expected(role, permission, UNIT),
            )
        )
    ]
    assert not wrong, "\n".join(map(str, wrong))


def _make(app: Flask, rule: Rule, thing: Thing, me: Actor, other: Actor) -> Made:
    def person(number: int | None) -> int | None:
        return number and (other if number == OTHER else me).user_id

    owner = Owner(person(thing.author_id) or 0, thing.unit_code, person(thing.assignee_id),
                  thing.restricted)  # fmt: skip
    with app.app_context(), write() as session:
        return MAKERS[rule.endpoint.split(".")[0]](session, owner, "")


def _judge(
    app: Flask,
    browser: FlaskClient,
    door: tuple[str, Rule],
    made: Made,
    token: str,
    *,
    allowed: bool,
) -> str:
    """What is wrong with the answer at a door; empty when nothing is."""
    method, rule = door
    built = rule.build({name: made.values[name] for name in rule.arguments}, append_unknown=False)
    assert built
    before = _state(app, made)
    data = {"csrf_token": token} if method == "POST" else None
    status = browser.open(built[1], method=method, data=data, check=False).status_code
    if allowed:
        return "" if status in (200, 303, 400, 409) else f"refused: {status}"
    if status not in (403, 404):
        return f"let in: {status}"
    return "" if _state(app, made) == before else "changed"


def _state(app: Flask, made: Made) -> tuple[Any, ...]:
    """The row of a thing, and how many entries the audit log has."""
    with app.app_context():
        table = made.table.__table__
        row = db.session.execute(select(table).where(table.c.id == made.row)).one()
        return tuple(row), db.session.scalar(select(func.count(AuditEntry.id)))


def test_lists_exports_and_the_api_keep_what_a_person_may_not_read(app: Flask, staff: Any) -> None:
    """Marked words in a stranger's draft and in a citizen's message, looked for everywhere."""
    article_mark, feedback_mark = "mậtdanhbàiviết", "mậtdanhphảnánh"
    stranger = make_user(app, Role.AUTHOR, "van-phong")
    owner = Owner(stranger.user_id, "van-phong")
    with app.app_context(), write() as session:
        units(session)
        MAKERS["articles_desk"](session, owner, article_mark)
        MAKERS["feedback_desk"](session, owner, feedback_mark)
    asked = "q=m%E1%BA%ADt+danh&xem=tat-ca&khay=tat-ca"
    for role in (None, Role.AUTHOR, Role.UNIT_EDITOR, Role.FEEDBACK_OFFICER, Role.PUBLISHER):
        browser = staff(role, UNIT)[0] if role else app.test_client()
        hidden = set() if role is Role.PUBLISHER else {article_mark}
        hidden |= set() if role is Role.FEEDBACK_OFFICER else {feedback_mark}
        for path in _plain_addresses(app):
            told = _told(browser, path)
            if 'name="q"' in told:
                told += _told(browser, f"{path}?{asked}")
            assert not {mark for mark in hidden if mark in told}, (role, path)


def _told(browser: FlaskClient, path: str) -> str:
    with browser.get(path, check=False) as answer:
        return answer.get_data().decode("utf-8", "replace")


def _plain_addresses(app: Flask) -> list[str]:
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    )


@pytest.mark.parametrize(
    ("room", "role", "change"),
    [
        ("articles_desk", Role.AUTHOR, {"unit_code": "van-phong"}),
        ("articles_desk", Role.UNIT_EDITOR, {"unit_code": "van-phong"}),
        ("articles_desk", Role.AUTHOR, {"state": "approved", "publish_at": "2026-01-01T00:00"}),
        ("articles_desk", Role.AUTHOR, {"author_id": "999", "pinned": "1"}),
        ("directory_desk", Role.UNIT_EDITOR, {"unit_code": "van-phong"}),
        ("procedures_desk", Role.UNIT_EDITOR, {"unit_code": "van-phong"}),
        ("media_desk", Role.AUTHOR, {"author_id": "999", "unit_code": "van-phong"}),
    ],
)
def test_fields_that_the_form_does_not_offer_change_nothing(
    app: Flask, staff: Any, room: str, role: Role, change: dict[str, str]
) -> None:
    """The person's own form, sent back with one field more or another value in it."""
    browser, me = staff(role, UNIT)
    with app.app_context(), write() as session:
        units(session)
        made = MAKERS[room](session, Owner(me.user_id, UNIT), "")
        if room == "articles_desk":
            session.get_one(made.table, made.row).state = "draft"
    rule = next(rule for _, rule, _ in doors(app) if rule.endpoint == f"{room}.edit")
    built = rule.build({name: made.values[name] for name in rule.arguments}, append_unknown=False)
    assert built
    path = built[1]
    form = next(f for f in forms_in(browser.get(path).text) if f.action in ("", path))
    before = _columns(app, made, change)
    changed = [(name, value) for name, value in form.fields if name not in change]
    browser.post(path, data=MultiDict([*changed, *change.items()]), check=False)
    assert _columns(app, made, change) == before


def _columns(app: Flask, made: Made, names: Iterable[str]) -> dict[str, Any]:
    with app.app_context():
        row = db.session.get_one(made.table, made.row)
        return {name: getattr(row, name) for name in names}
