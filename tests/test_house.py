"""Rules of the whole house: templates, routes, documents."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.accounts.permissions import ROLE_NAMES, Role
from portal.core.settings import ROOT

TEMPLATES = sorted(p.relative_to(ROOT / "templates") for p in (ROOT / "templates").rglob("*.html"))
ROUTES = ROOT / "tests" / "routes.txt"


@pytest.mark.parametrize("name", [str(name) for name in TEMPLATES])
def test_template_compiles_and_keeps_the_rules(app: Flask, name: str) -> None:
    source = (ROOT / "templates" / name).read_text("utf-8")
    app.jinja_env.get_template(name)
    assert not re.search(r"\|\s*safe\b", source), "markup comes through article_body alone"
    assert not re.search(r"\sstyle=|\son[a-z]+=", source), "no inline styles or handlers"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)", source), "no inline script"
    if "{% extends" in source:
        assert "{% block title %}" in source
        assert "{% block breadcrumbs" not in source, "set `crumbs`: machines are told them, too"
        assert 'name="robots"' not in source, "set `robots`: then nothing else is told either"


def test_no_route_disappears(app: Flask) -> None:
    """Links on posters must live for ever: a removed rule needs a redirect first."""
    known = set(ROUTES.read_text("utf-8").splitlines())
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert known - rules == set(), "these addresses would answer 404 now"
    assert rules - known == set(), f"add to {ROUTES.name}"


def test_guide_knows_every_role(app: Flask) -> None:
    guide = (ROOT / "docs" / "editing.md").read_text("utf-8")
    assert [ROLE_NAMES[role] for role in Role if ROLE_NAMES[role] not in guide] == []


def test_operating_guide_knows_every_command(app: Flask) -> None:
    guide = (ROOT / "docs" / "operating.md").read_text("utf-8")
    own = {"shell", "run", "routes"}
    names = [name for name in app.cli.commands if name not in own]
    assert [name for name in names if f" {name}" not in guide] == []
