"""What all tests share: where benchmark data lies, and tools that CI must have."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Cycles are looked for as seldom as in a command, and never among what the tests themselves are."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def need_tool(name: str) -> str:
    """The path of a command; where it is missing the test skips, except in CI, where it fails."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("LEMMATA_REQUIRE_TOOLS"):
            pytest.fail(f"{name} is required here and missing")
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def coqc() -> str:
    """The Rocq compiler."""
    return need_tool("coqc")


@pytest.fixture
def chromium() -> str:
    """The browser that page tests drive."""
    return need_tool("chromium")


@pytest.fixture
def data() -> Path:
    """The folder of public benchmark data, named by LEMMATA_DATA; tests skip without it."""
    place = os.environ.get("LEMMATA_DATA")
    if not place:
        pytest.skip("LEMMATA_DATA does not name the folder of benchmark data")
    return Path(place)


@pytest.fixture
def examples() -> Path:
    """The folder of example theories."""
    return ROOT / "examples"
