"""Tests of the front rooms run on the shipped content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installations import installed


@pytest.fixture
def instance(loaded_instance: Path, tmp_path: Path) -> Iterator[Path]:
    with installed(tmp_path / "instance", loaded_instance) as folder:
        yield folder
