"""Names of units, lent by a room above (the directory); accounts only know their codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask import Flask, current_app

from portal.accounts.permissions import ROLE_NAMES, Grant, Role

UnitNames = Callable[[], Mapping[str, str]]


def lend(app: Flask, names: UnitNames) -> None:
    """Let accounts ask `names` for code → name of all units, in the order to show them."""
    app.extensions["unit_names"] = names


def unit_names() -> Mapping[str, str]:
    """Code → name of all units; empty while nobody lends them."""
    names: UnitNames | None = current_app.extensions.get("unit_names")
    return names() if names else {}


def grant_names(
    grants: Iterable[Grant], names: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """(name of the role, name of its unit or "") of each grant, in the order of roles. Lists hand
    over the `names` of units, which are asked for here otherwise."""
    names = unit_names() if names is None else names
    order = list(Role)
    return [
        (ROLE_NAMES[grant.role], names.get(grant.unit_code or "", grant.unit_code or ""))
        for grant in sorted(grants, key=lambda g: (order.index(g.role), g.unit_code or ""))
    ]
