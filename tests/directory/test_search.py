"""Hotlines and units are found, and what is removed is found no more."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Actor, Role
from portal.directory import service
from portal.search import service as search
from portal.search.engine import SearchQuery


def found(words: str) -> set[tuple[str, str]]:
    hits = search.search(SearchQuery(words, kinds=("hotline", "unit"))).hits
    return {(hit.kind, hit.key) for hit in hits}


def test_lines_and_units_are_found_and_follow_changes(
    directory: Flask, staff: Callable[..., tuple[FlaskClient, Actor]]
) -> None:
    _, actor = staff(Role.PUBLISHER)
    with directory.app_context():
        search.rebuild()
        assert ("hotline", "so-chinh") in found("duong day so chinh")
        assert ("hotline", "da-go") not in found("số đã gỡ")
        assert ("unit", "cdc") in found("kiem soat benh tat")
        assert ("unit", "phong-mot") in found("le thi thu giam doc")
        service.remove_hotline(actor, "so-chinh")
        search.drain()
        assert ("hotline", "so-chinh") not in found("duong day so chinh")
