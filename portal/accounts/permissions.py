"""Who may do what: one table of named predicates, deny by default.

Read a row as: to *publish an article*, be a publisher. A predicate looks at the actor, the
grant that is being tried (a role, bound to a unit or not) and the thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.errors import NotAllowed


class Role(StrEnum):
    """What a member of staff is here for. One person may hold several."""

    AUTHOR = "author"
    UNIT_EDITOR = "unit_editor"
    PUBLISHER = "publisher"
    FEEDBACK_OFFICER = "feedback_officer"
    HEAD = "head"
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: dict[Role, str] = {
    Role.AUTHOR: "Người viết",
    Role.UNIT_EDITOR: "Biên tập viên đơn vị",
    Role.PUBLISHER: "Người duyệt đăng",
    Role.FEEDBACK_OFFICER: "Cán bộ xử lý phản ánh",
    Role.HEAD: "Người đứng đầu (duyệt trả lời)",
    Role.INSPECTOR: "Cán bộ tiếp nhận tố cáo",
    Role.AUDITOR: "Kiểm soát viên (chỉ xem)",
    Role.ADMINISTRATOR: "Quản trị viên",
}
NEEDS_UNIT = frozenset({Role.AUTHOR, Role.UNIT_EDITOR})


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, for one unit or (`unit_code` None) for the whole agency."""

    role: Role
    unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member of staff, as services see them. Rights are read anew each request."""

    user_id: int
    name: str
    grants: tuple[Grant, ...]

    @property
    def units(self) -> set[str]:
        """Codes of the units that this person's grants are bound to."""
        return {grant.unit_code for grant in self.grants if grant.unit_code}


Predicate = Callable[[Actor, Grant, Any], bool]


def always(_actor: Actor, _grant: Grant, _thing: Any) -> bool:
    """No condition beyond the role."""
    return True


def own(actor: Actor, _grant: Grant, thing: Any) -> bool:
    """The thing was made by this person (`author_id`)."""
    return bool(thing.author_id == actor.user_id)


def own_unit(_actor: Actor, grant: Grant, thing: Any) -> bool:
    """The thing belongs to the unit of the grant; a grant without a unit covers all."""
    return grant.unit_code is None or grant.unit_code == thing.unit_code


def own_or_own_unit(actor: Actor, grant: Grant, thing: Any) -> bool:
    """Made by this person, or of the unit of the grant."""
    return own(actor, grant, thing) or own_unit(actor, grant, thing)


def whole_agency(_actor: Actor, grant: Grant, _thing: Any) -> bool:
    """The grant is bound to no unit."""
    return grant.unit_code is None


def in_my_hands(actor: Actor, grant: Grant, thing: Any) -> bool:
    """Assigned to this person, not assigned yet, or handled by the unit of the grant; nothing
    of what turned out to be a denunciation."""
    if thing.restricted:
        return False
    free = thing.assignee_id is None and thing.unit_code is None
    return free or thing.assignee_id == actor.user_id or own_unit(actor, grant, thing)


def of_my_unit(actor: Actor, grant: Grant, thing: Any) -> bool:
    """Handled by the unit that this person heads; nothing of a denunciation."""
    return not thing.restricted and own_unit(actor, grant, thing)


def on_restricted_road(_actor: Actor, _grant: Grant, thing: Any) -> bool:
    """A denunciation."""
    return bool(thing.restricted)


def head_sees(actor: Actor, grant: Grant, thing: Any) -> bool:
    """What is in a head's hands; whoever heads the whole agency also sees denunciations."""
    return in_my_hands(actor, grant, thing) or (
        bool(thing.restricted) and whole_agency(actor, grant, thing)
    )


def head_of_restricted(actor: Actor, grant: Grant, thing: Any) -> bool:
    """A denunciation, for whoever heads the whole agency."""
    return bool(thing.restricted) and whole_agency(actor, grant, thing)


A, E, P = Role.AUTHOR, Role.UNIT_EDITOR, Role.PUBLISHER
F, U, M = Role.FEEDBACK_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR
H, S = Role.HEAD, Role.INSPECTOR
_everyone: dict[Role, Predicate] = dict.fromkeys(Role, always)

PERMISSIONS: dict[str, Mapping[Role, Predicate]] = {
    "desk.open": _everyone,
    "account.own": _everyone,
    "article.list": {A: always, E: always, P: always, U: always, M: always},
    "article.view": {A: own_or_own_unit, E: own_unit, P: always, U: always, M: always},
    "article.create": {A: always, E: always, P: always},
    "article.edit": {A: own, E: own_unit, P: always},
    "article.submit": {A: own, E: own_unit, P: always},
    "article.return": {E: own_unit, P: always},
    "article.pass": {E: own_unit, P: always},
    "article.publish": {P: always},
    "article.urgent": {P: always},
    "article.withdraw": {P: always},
    "article.review": {E: own_unit, P: always},
    "article.share_preview": {A: own, E: own_unit, P: always},
    "media.list": {A: always, E: always, P: always, F: always, U: always, M: always},
    "media.upload": {A: always, E: always, P: always, F: always},
    "media.edit": {A: own, E: own_unit, P: always, M: always},
    "media.remove": {A: own, E: own_unit, P: always, M: always},
    "procedure.list": {E: always, P: always, U: always, M: always},
    "procedure.edit": {E: own_unit, P: always},
    "procedure.import": {P: always, M: always},
    "directory.list": {E: always, P: always, F: always, U: always, M: always},
    "directory.edit": {E: own_unit, P: always, M: always},
    "wording.list": {E: always, P: always, F: always, U: always, M: always},
    "wording.edit": {E: always, P: always, M: always},
    "plan.list": {A: always, E: always, P: always, U: always, M: always},
    "plan.edit": {P: always},
    "plan.report": {E: own_unit, P: always},
    "plan.overview": {P: always, U: always, M: always},
    "board.view": {A: own_unit, E: own_unit, P: always, U: always, M: always},
    "evidence.create": {A: always, E: always, P: always},
    "evidence.edit": {A: own, E: own_unit, P: always},
    "link.list": {E: own_unit, P: always, U: always, M: always},
    "link.edit": {E: own_unit, P: always, M: always},
    "feedback.list": {F: always, H: always, S: always, U: always},
    "feedback.view": {F: in_my_hands, H: head_sees, S: on_restricted_road},
    "feedback.assign": {F: in_my_hands, H: in_my_hands},
    "feedback.answer": {F: in_my_hands, H: in_my_hands},
    "feedback.approve": {H: of_my_unit},
    "feedback.publish": {F: in_my_hands, H: in_my_hands},
    "feedback.enter": {F: always, H: always},
    "feedback.restrict": {F: in_my_hands, H: head_sees, S: on_restricted_road},
    "feedback.restricted": {H: head_of_restricted, S: on_restricted_road},
    "feedback.report": {F: of_my_unit, H: of_my_unit, U: always},
    "feedback.template": {F: own_unit, H: own_unit},
    "feedback.erase": {F: in_my_hands, H: head_sees, S: on_restricted_road},
    "banner.list": {P: always, U: always, M: always},
    "banner.edit": {P: always, M: always},
    "settings.list": {U: always, M: always},
    "settings.edit": {M: always},
    "user.list": {U: always, M: always},
    "user.manage": {M: always},
    "audit.read": {U: always, M: always},
}


def may(actor: Actor, permission: str, thing: object = None) -> bool:
    """Whether `actor` holds `permission`, for `thing` when one is given.

    Without a thing the answer is whether the person could do it to some thing: enough to show
    a menu entry, never enough to act. An unknown permission is a programming error (KeyError).
    """
    rows = PERMISSIONS[permission]
    return any(
        grant.role in rows and (thing is None or rows[grant.role](actor, grant, thing))
        for grant in actor.grants
    )


def require(actor: Actor, permission: str, thing: object = None) -> None:
    """Raise `NotAllowed` unless `may(...)`."""
    if not may(actor, permission, thing):
        raise NotAllowed(permission)
