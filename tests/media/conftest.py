"""A library for tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.permissions import Actor, Role
from portal.media import service
from portal.media.service import Description, Upload
from tests.support.staff import make_user

Keep = Callable[..., int]


@pytest.fixture
def author(app: Flask) -> Actor:
    return make_user(app, Role.AUTHOR, "cdc")


@pytest.fixture
def keep(app: Flask, author: Actor) -> Keep:
    """`keep(data, "a.png", alt=...)`: take a file in; its id."""

    def take(data: bytes, name: str, declared: str = "", actor: Actor = author, **said: Any) -> int:
        sent = Upload(io.BytesIO(data), name, declared)
        with app.app_context():
            return service.upload(actor, sent, Description(**said))

    return take


@pytest.fixture
def library(instance: Path) -> Path:
    """The folder of the library's files."""
    return instance / "uploads" / "media"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
