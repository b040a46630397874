"""Tests of the front rooms run on the shipped content."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def instance(loaded_instance: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    shutil.copytree(loaded_instance, folder)
    return folder
