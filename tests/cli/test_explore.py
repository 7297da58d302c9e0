"""``lemmata explore`` as a user meets it: output, files, stores, exit codes, interruption, kills."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from lemmata.cli.app import run
from lemmata.dsl.load import parse_theory
from lemmata.engine.errors import BackendError
from lemmata.engine.executor import executor
from tests.exploration.cluster import cluster

from .command import lemmata, start

NUMBERS = """theory numbers
sort N = 0 | s(N)
op + : N, N -> N  infix 50
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
conjecture add_comm: a + b = b + a
conjecture never: a + b = a
"""
SIZE = ("--size", "3", "--seconds", "600")


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small theory; one of its conjectures is false."""
    path = tmp_path_factory.mktemp("theory") / "numbers.mpl"
    path.write_text(NUMBERS, "utf-8")
    return path


@pytest.fixture(scope="module")
def whole(numbers: Path) -> dict[str, Any]:
    """What an undisturbed run finds."""
    done = lemmata("explore", numbers, *SIZE, "--format", "json")
    assert done.returncode == 0
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def timeless(document: object) -> object:
    """The document without what is a time."""
    if isinstance(document, dict):
        return {key: timeless(one) for key, one in document.items() if key != "cpu_seconds"}
    return [timeless(one) for one in document] if isinstance(document, list) else document


def test_the_document_has_the_documented_shape(whole: dict[str, Any]) -> None:
    assert whole["format"] == "lemmata-development/1"
    assert whole["theory"] == "numbers"
    assert whole["stop"] == "size"
    for count in ("refuted", "vacuous", "redundant"):
        assert type(whole[count]) is int
    keys = {"name", "statement", "mpl", "family", "essential", "method", "cpu_seconds"}
    for law in whole["theorems"]:
        assert keys | {"axioms", "lemmas", "proof"} <= set(law)
        assert law["proof"]["format"] == "lemmata-proof/1"
        assert law["proof"]["theorems"][-1]["name"] == law["name"]
        assert law["essential"] == (law["redundancy"] is None)
        assert set(law["axioms"]) <= {"add_zero", "add_succ", "N.distinct.0.s", "N.injective.s.1"}
    names = [law["name"] for law in whole["theorems"]]
    assert {law["family"] for law in whole["theorems"]} <= {*names, *_followed(whole)}
    assert "a + b = b + a" in [law["statement"] for law in whole["theorems"]]
    assert all(set(one) == {"statement", "mpl"} for one in whole["open"])
    # Every line of MPL is one that the theory's file may hold.
    lines = [one["mpl"] for key in ("theorems", "open", "near_misses") for one in whole[key]]
    theory = parse_theory("\n".join([*NUMBERS.splitlines()[:5], *lines]))
    assert len(theory.conjectures) == len(lines) > len(whole["theorems"])
    stated = {one["name"]: one["found"] for one in whole["stated"]}
    assert stated == {"add_comm": True, "never": False}


def _followed(document: dict[str, Any]) -> set[str]:
    return {name for law in document["theorems"] for name in law["follows"]}


def test_text_lists_laws_by_family_and_what_was_stated(
    numbers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explore", str(numbers), *SIZE]) == 0
    output, errors = capsys.readouterr()
    assert errors == ""
    assert re.search(r"^ +1 \* law_\d+ +.*\[.*\]$", output, re.MULTILINE)
    assert re.search(r"^\d+ laws in \d+ families, \d+ essential \(\*\)", output, re.MULTILINE)
    assert "not found  never: a + b = a\n" in output


def test_processes_change_nothing_proofs_are_certified_and_pages_written(
    numbers: Path, tmp_path: Path, whole: dict[str, Any]
) -> None:
    # Two processes, and yet the same but for times; the proofs are the same bytes.
    arguments = ("--out", tmp_path / "proofs", "--html", tmp_path / "site", "--jobs", "2")
    done = lemmata("explore", numbers, *SIZE, *arguments, "--format", "json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    places = [law["proof"] for law in document["theorems"]]
    others = [law["redundancy"] for law in document["theorems"] if law["redundancy"]]
    assert sorted(map(str, (tmp_path / "proofs").iterdir())) == sorted([*places, *others])
    assert lemmata("check", *places, *others).returncode == 0
    for law, before in zip(document["theorems"], whole["theorems"], strict=True):
        assert json.loads(Path(law["proof"]).read_text()) == before["proof"]
        law["proof"], law["redundancy"] = before["proof"], before["redundancy"]
    assert timeless(document) == timeless(whole)
    assert (tmp_path / "site" / "index.html").exists()
    assert (tmp_path / "site" / "files" / "development.v").exists()


def test_a_cluster_changes_nothing_though_a_worker_is_killed(
    numbers: Path, tmp_path: Path, whole: dict[str, Any]
) -> None:
    store = tmp_path / "found.db"
    with cluster(tmp_path, workers=2) as found:
        arguments = ("--cluster", found.address, "--store", store, "--format", "json")
        running = start("explore", numbers, *SIZE, *arguments)
        _wait_for(store, 1, running)
        found.kill(0)
        output, errors = running.communicate()
        found.kill(1)
        found.wait_for(0)
        with pytest.raises(BackendError, match="has no workers"), executor(cluster=found.address):
            pass
    assert running.returncode == 0, errors
    assert timeless(json.loads(output)) == timeless(whole)


def _wait_for(store: Path, theorems: int, running: Popen[str]) -> None:
    """Waits until a run has kept, or is about to keep, so many theorems, or has ended."""
    while running.poll() is None and _peek(store) < theorems:
        time.sleep(0.02)


def test_kills_lose_nothing_and_nothing_is_proved_again(
    numbers: Path, tmp_path: Path, whole: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "found.db"
    before: dict[str, tuple[int, str, float]] = {}
    for theorems in (1, 4, 8):
        running = start("explore", numbers, *SIZE, "--store", store)
        _wait_for(store, theorems, running)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        rows = _rows(store)
        assert before.items() <= rows.items()  # the same rows, not the same laws proved anew
        before = rows
    arguments = ["explore", str(numbers), *SIZE, "--store", str(store), "--format", "json"]
    assert run(arguments) == 0
    rows = _rows(store)
    assert before.items() <= rows.items()
    assert timeless(json.loads(capsys.readouterr().out)) == timeless(whole)
    # Once all is kept, another run adds no row.
    assert run(arguments) == 0
    assert f"{len(rows)} theorems of earlier runs" in capsys.readouterr().err
    assert _rows(store) == rows
    # A run that ends before it comes to them lists them all the same.
    assert run([*arguments, "--seconds", "0.000001"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["stop"] == "time"
    kept = {law["statement"] for law in document["theorems"]}
    assert kept >= {law["statement"] for law in whole["theorems"] if law["essential"]}


def _rows(store: Path) -> dict[str, tuple[int, str, float]]:
    """What a store holds that no run has open; what a killed one left half done is undone."""
    with closing(sqlite3.connect(store)) as file:
        found = file.execute("SELECT name, number, proof, cpu_seconds FROM theorem").fetchall()
    return {name: (number, proof, cost) for name, number, proof, cost in found}


def _peek(store: Path) -> int:
    """About how many theorems a store holds that a run has to itself: looked up in a copy."""
    copy = store.with_suffix(".copy")
    try:
        shutil.copy(store, copy)
        return len(_rows(copy))
    except (OSError, sqlite3.DatabaseError):
        return 0  # not there yet, or in the midst of a change


def test_an_interrupt_keeps_and_prints_what_was_found(examples: Path, tmp_path: Path) -> None:
    store = tmp_path / "found.db"
    arguments = ("--seconds", "600", "--store", store, "--format", "json")
    running = start("explore", examples / "peano.mpl", "--size", "9", *arguments)
    _wait_for(store, 2, running)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate()
    assert running.returncode == 130, errors
    assert "interrupted: what was found is kept" in errors
    assert "Traceback" not in errors
    document = json.loads(output)
    assert document["stop"] == "interrupted"
    assert document["theorems"]
    assert {law["name"] for law in document["theorems"]} <= set(_rows(store))


def test_mistakes_get_one_clear_message(
    numbers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.mpl").write_text("theory t\naxiom one: f(a) = a\n")
    (tmp_path / "file").write_text("no store\n" * 100)
    (tmp_path / "empty.mpl").write_text("")
    calls: list[tuple[tuple[str | Path, ...], str]] = [
        ((tmp_path / "none.mpl",), "none.mpl"),
        ((tmp_path / "empty.mpl",), "nothing to explore"),
        ((tmp_path / "wrong.mpl",), "wrong.mpl:2:12"),
        ((numbers, "--seconds", "-1"), "seconds must be positive"),
        ((numbers, "--size", "0"), "--size"),
        ((numbers, "--store", tmp_path / "file"), "no sound store of lemmata"),
        ((numbers, "--store", tmp_path), "name a file in a folder"),
        ((numbers, "--html", tmp_path / "file"), "cannot write pages"),
        ((numbers, "--out", tmp_path / "file"), "cannot write proofs"),
        ((numbers, "--cluster", "localhost"), "no address of a dask scheduler"),
    ]
    for arguments, message in calls:
        assert run(["explore", *map(str, arguments)]) == 2, arguments
        output, errors = capsys.readouterr()
        assert message in errors, arguments
        assert output == ""
