"""The commands ``fmt`` and ``parse``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command line, as a user calls it."""
    command = [sys.executable, "-m", "lemmata", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_fmt_checks_and_writes(tmp_path: Path) -> None:
    file = tmp_path / "a.mpl"
    file.write_text("sort   N\naxiom a:x=x # so\n")
    checked = run("fmt", "--check", file)
    assert checked.returncode == 1
    assert "+axiom a: x = x  # so" in checked.stdout
    assert file.read_text() == "sort   N\naxiom a:x=x # so\n"
    assert run("fmt", "--write", file).returncode == 0
    assert file.read_text() == "sort N\naxiom a: x = x  # so\n"
    again = run("fmt", "--check", file)
    assert (again.returncode, again.stdout) == (0, "")
    assert run("fmt", "--surface", "core", file).stdout.endswith("axiom a: (=[x,x])  # so\n")


def test_parse_shows_what_a_file_says(examples: Path) -> None:
    shown = run("parse", "--format", "json", examples / "peano.mpl")
    data = json.loads(shown.stdout)
    assert data["format"] == "lemmata-theory/1"
    assert data["sorts"] == [{"name": "N", "constructors": ["0", "s"]}]
    le = next(one for one in data["axioms"] if one["name"] == "<=")
    assert le["kind"] == "definition"
    assert le["clauses"] == ["a <= b -> exists p. a + p = b", "a + p = b -> a <= b"]
    text = run("parse", examples / "peano.mpl").stdout
    assert "sort N = 0 | s(N)\n" in text
    assert "op + : N, N -> N  infix 50 left\n" in text


def test_errors_go_to_standard_error_with_exit_code_2(tmp_path: Path) -> None:
    file = tmp_path / "a.mpl"
    file.write_text("axoim a: x = x\nsort N\naxiom b: f(x) = x\n")
    for command in ("fmt", "parse"):
        arguments = [command, file] if command == "parse" else [command, "--surface", "core", file]
        shown = run(*arguments)
        assert shown.returncode == 2
        assert shown.stdout == ""
        assert f"{file}:1:1: this is no statement: 'axoim'" in shown.stderr
        assert "Traceback" not in shown.stderr
    assert run("parse", tmp_path / "none.mpl").returncode == 2


def test_fmt_prints_a_published_file_beside_its_configuration(tmp_path: Path) -> None:
    text = "(>[x](in[x,X])(in[x,Y]))\n"
    (tmp_path / "Within.txt").write_text(text)
    entry = {"full_mpl": "Within.txt", "short_mpl": "(Within[X,Y])", "arity": 2}
    (tmp_path / "config.json").write_text(
        json.dumps({"Within": {**entry, "definition_sets": ["P(1)", "P(1)"]}})
    )
    command = [sys.executable, "-m", "lemmata", "fmt", "Within.txt"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stdout) == (0, text)
