"""What ``import lemmata`` offers, and what it does not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

import lemmata

HEAVY = (
    "crosshair",
    "dask",
    "duckdb",
    "flint",
    "hypothesis",
    "jinja2",
    "lark",
    "mcp",
    "networkx",
    "numpy",
    "openai",
    "pyarrow",
    "rich",
    "scipy",
    "sympy",
    "typer",
    "z3",
)


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after running the code."""
    script = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_there_are_at_most_25_public_names() -> None:
    assert len(lemmata.__all__) <= 25
    assert len(set(lemmata.__all__)) == len(lemmata.__all__)


@pytest.mark.parametrize("name", lemmata.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    found = getattr(lemmata, name)
    assert found is not None
    assert found.__doc__, f"lemmata.{name} has no docstring"
    assert name in dir(lemmata)


def test_what_a_user_starts_with_is_public() -> None:
    wanted = {"load", "prove", "refute", "certify", "export", "Budget", "Theory", "Theorem"}
    assert wanted | {"Proved", "Refuted", "Unknown"} <= set(lemmata.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'solve'"):
        lemmata.solve  # noqa: B018


def test_import_loads_no_heavy_module() -> None:
    assert loaded_by("import lemmata").isdisjoint(HEAVY)


def test_proving_needs_no_solver_and_no_page_writer() -> None:
    code = (
        "import lemmata\n"
        "from lemmata.dsl.load import parse_theory\n"
        "theory = parse_theory('sort N = 0 | s(N)\\nconjecture c: s(a) = s(b) -> a = b')\n"
        "assert isinstance(lemmata.prove(theory, 'c'), lemmata.Proved)"
    )
    assert loaded_by(code).isdisjoint(set(HEAVY) - {"lark"})


def test_the_command_line_starts_without_what_single_commands_need() -> None:
    code = (
        "import sys\n"
        "sys.argv = ['lemmata', '--help']\n"
        "from lemmata.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert stop.code == 0"
    )
    light = {"rich", "typer"}
    assert loaded_by(code).isdisjoint(set(HEAVY) - light)
