"""The table of permissions, told a second time from the side of each role, cell by cell.

A change of rights must be made in two places on purpose: in the code and here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from portal.accounts.permissions import PERMISSIONS, Actor, Grant, Role, may, require
from portal.core.errors import NotAllowed

ME, OTHER = 1, 2


@dataclass(frozen=True)
class Thing:
    """Something that belongs to somebody, somewhere."""

    author_id: int
    unit_code: str | None
    assignee_id: int | None = None
    restricted: bool = False


THINGS = {
    "mine, in my unit": Thing(ME, "cdc", ME),
    "mine, in another unit": Thing(ME, "van-phong", ME),
    "a colleague's, in my unit": Thing(OTHER, "cdc", OTHER),
    "a stranger's": Thing(OTHER, "van-phong", OTHER),
    "a stranger's, in nobody's hands": Thing(OTHER, None, None),
    "waiting for my unit": Thing(OTHER, "cdc", None),
    "waiting for another unit": Thing(OTHER, "van-phong", None),
    "a denunciation in my hands": Thing(ME, "cdc", ME, restricted=True),
}
SECRET = {"a denunciation in my hands"}
MINE = {"mine, in my unit", "mine, in another unit"} | SECRET
MY_UNIT = {"mine, in my unit", "a colleague's, in my unit", "waiting for my unit"} | SECRET
OF_MY_UNIT = MY_UNIT - SECRET
MY_HANDS = (MINE | MY_UNIT | {"a stranger's, in nobody's hands"}) - SECRET
ALL = set(THINGS)
HANDLE = {"feedback.view", "feedback.assign", "feedback.answer", "feedback.publish",
          "feedback.restrict", "feedback.erase"}  # fmt: skip

READ = {"article.list", "media.list", "plan.list"}
EVERYBODY = {"desk.open", "account.own"}
MAKE = {"article.create", "media.upload", "evidence.create"}
# For a person of the unit "cdc" with one role, bound to that unit.
BOUND: dict[Role, dict[str, set[str]]] = {
    Role.AUTHOR: {
        **dict.fromkeys(EVERYBODY | READ | MAKE, ALL),
        "article.view": MINE | MY_UNIT,
        "board.view": MY_UNIT,
        **dict.fromkeys(
            ("article.edit", "article.submit", "article.share_preview", "media.edit",
             "media.remove", "evidence.edit"),
            MINE,
        ),
    },
    Role.UNIT_EDITOR: {
        **dict.fromkeys(EVERYBODY | READ | MAKE, ALL),
        **dict.fromkeys(
            ("plan.report", "board.view", "evidence.edit", "link.list", "link.edit"), MY_UNIT
        ),
        **dict.fromkeys(
            ("procedure.list", "directory.list", "wording.list", "wording.edit"), ALL
        ),
        **dict.fromkeys(
            ("article.view", "article.edit", "article.submit", "article.return", "article.pass",
             "article.review", "article.share_preview"),
            MY_UNIT,
        ),
        **dict.fromkeys(("media.edit", "media.remove"), MY_UNIT),
        **dict.fromkeys(("procedure.edit", "directory.edit"), MY_UNIT),
    },
    Role.PUBLISHER: dict.fromkeys(
        EVERYBODY | READ | {
            "article.view", "article.create", "article.edit", "article.submit", "article.return",
            "article.pass", "article.urgent", "article.review", "article.share_preview",
            "article.publish", "article.withdraw", "media.upload", "media.edit", "media.remove",
            "procedure.list", "procedure.edit", "procedure.import", "directory.list",
            "directory.edit", "plan.edit", "plan.report", "plan.overview", "board.view",
            "evidence.create", "evidence.edit", "link.list", "link.edit", "wording.list",
            "wording.edit", "banner.list", "banner.edit",
        },
        ALL,
    ),
    Role.FEEDBACK_OFFICER: {
        **dict.fromkeys(
            EVERYBODY | {"media.list", "media.upload", "directory.list", "wording.list"}, ALL
        ),
        **dict.fromkeys(("feedback.list", "feedback.enter"), ALL),
        **dict.fromkeys(HANDLE, MY_HANDS),
        "feedback.template": MY_UNIT,
        "feedback.report": OF_MY_UNIT,
    },
    Role.HEAD: {
        **dict.fromkeys(
            EVERYBODY | {"feedback.list", "feedback.enter"},
            ALL,
        ),
        **dict.fromkeys(HANDLE, MY_HANDS),
        "feedback.template": MY_UNIT,
        "feedback.approve": OF_MY_UNIT,
        "feedback.report": OF_MY_UNIT,
        "feedback.restricted": set(),
    },
    Role.INSPECTOR: {
        **dict.fromkeys(EVERYBODY | {"feedback.list"}, ALL),
        **dict.fromkeys(
            ("feedback.view", "feedback.restrict", "feedback.restricted", "feedback.erase"), SECRET
        ),
    },
    Role.AUDITOR: dict.fromkeys(
        EVERYBODY | READ | {
            "article.view", "procedure.list", "directory.list", "feedback.list", "feedback.report",
            "user.list",
            "audit.read", "wording.list", "plan.overview", "board.view", "link.list",
            "banner.list", "settings.list",
        },
        ALL,
    ),
    Role.ADMINISTRATOR: dict.fromkeys(
        EVERYBODY | READ | {
            "article.view", "media.edit", "media.remove", "procedure.list", "procedure.import",
            "directory.list", "directory.edit", "user.list", "user.manage", "audit.read",
            "wording.list", "wording.edit", "plan.overview", "board.view", "link.list", "link.edit",
            "banner.list", "banner.edit", "settings.list", "settings.edit",
        },
        ALL,
    ),
}  # fmt: skip
OWN_ONLY = {
    "article.edit", "article.submit", "article.share_preview", "media.edit", "media.remove",
    "evidence.edit",
}  # fmt: skip


# Whoever heads the whole agency sees denunciations too, but does not handle them as feedback.
WITHOUT_SECRETS: dict[Role, set[str]] = {
    Role.FEEDBACK_OFFICER: HANDLE | {"feedback.report"},
    Role.HEAD: {
        "feedback.assign",
        "feedback.answer",
        "feedback.publish",
        "feedback.approve",
        "feedback.report",
    },
}


def expected(role: Role, permission: str, unit: str | None) -> set[str]:
    """Names of the things that the person may do it to."""
    allowed = BOUND[role].get(permission, set())
    if unit is None and permission in WITHOUT_SECRETS.get(role, set()):
        return ALL - SECRET
    if unit is None and role is Role.HEAD and permission == "feedback.restricted":
        return SECRET
    if unit is not None or not allowed or role is Role.INSPECTOR:
        return allowed
    if role is Role.AUTHOR and permission in OWN_ONLY:
        return MINE
    return ALL  # a grant for the whole agency covers every unit


@pytest.mark.parametrize("unit", ["cdc", None])
@pytest.mark.parametrize("role", list(Role))
def test_every_cell(role: Role, unit: str | None) -> None:
    actor = Actor(ME, "Tôi", (Grant(role, unit),))
    wrong = [
        (permission, name)
        for permission, (name, thing) in product(PERMISSIONS, THINGS.items())
        if may(actor, permission, thing) != (name in expected(role, permission, unit))
    ]
    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_a_menu_entry_is_shown_to_whom_some_thing_is_allowed(role: Role) -> None:
    actor = Actor(ME, "Tôi", (Grant(role, "cdc"),))
    assert {p for p in PERMISSIONS if may(actor, p)} == set(BOUND[role])


def test_nobody_without_a_role_may_anything() -> None:
    nobody = Actor(ME, "Tôi", ())
    assert not any(may(nobody, p, t) for p, t in product(PERMISSIONS, [None, *THINGS.values()]))
    with pytest.raises(NotAllowed):
        require(nobody, "desk.open")


def test_two_roles_add_up_and_do_not_mix() -> None:
    """The unit of one grant must not widen the other."""
    actor = Actor(ME, "Tôi", (Grant(Role.UNIT_EDITOR, "cdc"), Grant(Role.AUTHOR, "van-phong")))
    assert may(actor, "article.edit", Thing(OTHER, "cdc"))
    assert not may(actor, "article.edit", Thing(OTHER, "van-phong"))
    assert may(actor, "article.edit", Thing(ME, "van-phong"))


def test_an_unknown_permission_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        may(Actor(ME, "Tôi", ()), "article.burn")
