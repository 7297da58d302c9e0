"""One small sweep shared by the tests that label, cluster and ask it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.sweep import sweep


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of 2,976 formulas; not to be changed."""
    folder = tmp_path_factory.mktemp("swept")
    sweep(Box(1, 2, -2, 2), folder, depth=400, digits=60)
    return folder


@pytest.fixture
def folder(swept: Path, tmp_path: Path) -> Path:
    """A copy of that sweep, to write into."""
    copy = tmp_path / "sweep"
    shutil.copytree(swept, copy)
    return copy
