"""What the drills share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.proxy import Proxy, program, serve_behind_nginx


@pytest.fixture(scope="module")
def proxy(loaded_instance: Path) -> Iterator[Proxy]:
    """nginx and gunicorn as shipped, with the shipped content."""
    if program() is None:
        pytest.skip("nginx is not installed: run .ci/tools")
    with serve_behind_nginx(loaded_instance) as running:
        yield running
