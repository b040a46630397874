"""The plan of the tests of plans, with topics."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.articles.models import Topic
from portal.core.db import write
from portal.directory.models import Unit
from tests.plan.conftest import plan

__all__ = ["plan", "topics"]


@pytest.fixture
def topics(app: Flask) -> list[str]:
    """Slugs of two topics; and a second unit."""
    with app.app_context(), write() as session:
        session.add_all(
            [
                Topic(slug="huong-dan", name="Hướng dẫn", position=1),
                Topic(slug="mo-hinh-hay", name="Mô hình hay", position=2),
            ]
        )
        session.add(Unit(code="van-phong", name="Văn phòng", kind="office"))
    return ["huong-dan", "mo-hinh-hay"]
