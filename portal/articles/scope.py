"""Which articles a member of staff may know of: the permission `article.view`, as a condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, true

from portal.accounts.permissions import Actor, Grant, Role
from portal.articles.models import Article

_ALL = frozenset({Role.PUBLISHER, Role.AUDITOR, Role.ADMINISTRATOR})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on articles that this person may see at the desk; others are 404 to them."""
    return or_(false(), *(_by_grant(actor, grant) for grant in actor.grants))


def of_units(actor: Actor) -> ColumnElement[bool]:
    """Articles of the units that this person's grants are bound to."""
    return Article.unit_code.in_(sorted(actor.units))


def _by_grant(actor: Actor, grant: Grant) -> ColumnElement[bool]:
    if grant.role in _ALL:
        return true()
    if grant.role not in (Role.AUTHOR, Role.UNIT_EDITOR):
        return false()
    unit = true() if grant.unit_code is None else Article.unit_code == grant.unit_code
    return unit if grant.role == Role.UNIT_EDITOR else or_(Article.author_id == actor.user_id, unit)
