"""The commands `lemmata pcf …`, as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lemmata", "pcf", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_show_names_the_value_and_its_status() -> None:
    done = run("show", "3n+2 | -2n^2", "--digits", "30", "--format", "json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["limit"] == "1.442695040888963407359924681002"
    assert result["identified"] == "1/(ln 2)"
    assert result["status"].startswith("verified to")
    assert result["theorem"] == "Gauss–Nörlund 2F1"
    assert result["exact_asymptotics"]["rate_linear"] == pytest.approx(-0.693147, abs=1e-6)


def test_an_unknown_value_exits_with_three() -> None:
    done = run("show", "n^2+1 | n+3", "--digits", "20")
    assert done.returncode == 3
    assert "no relation to a known constant" in done.stdout


@pytest.mark.parametrize("text", ["2n+ | n^2", "0 | n", "n", "n | 1/2"])
def test_bad_input_is_one_message_and_exit_two(text: str) -> None:
    done = run("show", text)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_from_sweep_to_query(tmp_path: Path) -> None:
    folder = str(tmp_path / "sweep")
    options = ("--degrees", "0", "1", "--box", "2", "--depth", "200", "--digits", "50")
    done = run("sweep", *options, "--out", folder)
    assert done.returncode == 0, done.stderr
    assert "96 of 96 formulas" in done.stderr
    again = run("sweep", *options, "--out", folder, "--format", "json")
    assert json.loads(again.stdout)["complete"] is True
    labelled = run("label", folder, "--format", "json")
    assert json.loads(labelled.stdout)["labelled"] >= 10
    found = run("query", folder, "constant = 'algebraic'", "--format", "json")
    rows = json.loads(found.stdout)
    assert {"2 | 1", "1 | 1"} <= {row["formula"] for row in rows}
    assert run("query", folder, "nonsense here").returncode == 2
    target = tmp_path / "rows.csv"
    assert run("query", folder, "delta > 0", "--out", str(target)).returncode == 0
    assert target.read_text().startswith("formula,")


def test_commands_that_need_a_sweep_say_so(tmp_path: Path) -> None:
    for command in (
        ("label", str(tmp_path)),
        ("cluster", str(tmp_path)),
        ("query", str(tmp_path), "true"),
    ):
        done = run(*command)
        assert done.returncode == 2
        assert "holds no sweep" in done.stderr
