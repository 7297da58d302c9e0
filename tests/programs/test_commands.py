"""The commands for programs: exit codes, both formats, one clear error."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lemmata.cli import programs
from lemmata.cli.app import app

RUN = CliRunner()
assert programs.app is app


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    left, right = tmp_path / "a.py", tmp_path / "b.py"
    left.write_text('def f(x: int) -> int:\n    """Doc."""\n    return x * 2\n', encoding="utf-8")
    right.write_text("def g(x):\n    return x + x if x != 77 else 0\n", encoding="utf-8")
    return left, right


def test_difftest_tells_three_answers_apart(pair: tuple[Path, Path], tmp_path: Path) -> None:
    left, right = pair
    found = RUN.invoke(app, ["difftest", f"{left}:f", f"{right}:g", "--format", "json"])
    assert found.exit_code == 1, found.output
    assert json.loads(found.stdout)["call"] == "f(77)"
    same = tmp_path / "c.py"
    same.write_text("# the same\ndef h(x: int) -> int: return (x * 2)\n", encoding="utf-8")
    assert RUN.invoke(app, ["difftest", f"{left}:f", f"{same}:h"]).exit_code == 0
    other = tmp_path / "d.py"
    other.write_text("def h(x): return x + x\n", encoding="utf-8")
    unknown = RUN.invoke(app, ["difftest", f"{left}:f", f"{other}:h", "--seconds", "0.5"])
    assert unknown.exit_code == 3
    assert "not a proof" in unknown.stdout
    assert "inputs" in unknown.stdout


def test_a_function_that_never_ends_is_unknown_within_its_budget(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("def f(x):\n    while True: x += 1\n", encoding="utf-8")
    other.write_text("def g(x): return x\n", encoding="utf-8")
    options = ["--example", "(3,)", "--seconds", "1", "--format", "json"]
    result = RUN.invoke(app, ["difftest", f"{one}:f", f"{other}:g", *options])
    assert result.exit_code == 3, result.output
    answer = json.loads(result.stdout)
    assert answer["verdict"] == "unknown"
    # A call may take half a second, so a batch of dozens would take ten times what there is.
    tried = re.search(r"timed out on all (\d+) that were tried", answer["reason"])
    assert tried is not None
    assert int(tried[1]) <= 5


def test_bad_input_is_one_message(pair: tuple[Path, Path], tmp_path: Path) -> None:
    left, right = pair
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    twice = tmp_path / "twice.json"
    twice.write_text('[{"args": [1], "result": 2}, {"args": [1], "result": 3}]', encoding="utf-8")
    line = (
        '{"id": 1, "function": "def solution(x): return x", "examples": [{"call": "solution(1)"}]}'
    )
    problems = tmp_path / "problems.jsonl"
    problems.write_text(line + "\n", encoding="utf-8")
    doubled = tmp_path / "doubled.jsonl"
    doubled.write_text(f"{line}\n{line}\n", encoding="utf-8")
    bytes_only = tmp_path / "bytes.jsonl"
    bytes_only.write_bytes(b"\xff\xff")
    for arguments in (
        ["synth", str(twice)],
        ["codearc", "run", str(doubled)],
        ["codearc", "run", str(bytes_only)],
        ["codearc", "run", str(problems), "--only", "5"],
        ["codearc", "run", str(problems), "--out", str(twice)],
        ["codearc", "run", str(problems), "--html", str(tmp_path / "no" / "page.html")],
        ["codearc", "run", str(problems), "--seconds", "0"],
        ["codearc", "run", str(problems), "--jobs", "0"],
        ["difftest", f"{left}:f", f"{left}:f", "--tolerance", "nan"],
        ["difftest", f"{left}:f", f"{right}:g", "--example", "(1, 2)"],
        ["difftest", f"{left}:nothing", f"{left}:f"],
        ["difftest", str(tmp_path / "missing.py"), str(left)],
        ["synth", str(tmp_path / "missing.json")],
        ["synth"],
        ["codearc", "run", str(empty)],
        ["synth", "--hidden", f"{left}:f", "--example", "x +"],
    ):
        result = RUN.invoke(app, arguments)
        assert result.exit_code == 2, arguments
        assert "Traceback" not in result.output


def test_synth_prints_a_program(tmp_path: Path) -> None:
    place = tmp_path / "examples.json"
    rows = [{"args": [n, m], "result": n - m} for n, m in ((5, 2), (1, 9), (7, 7), (0, 3))]
    place.write_text(json.dumps(rows), encoding="utf-8")
    result = RUN.invoke(app, ["synth", str(place), "--seconds", "60", "--format", "json"])
    assert result.exit_code == 0, result.output
    module: dict[str, object] = {}
    exec(json.loads(result.stdout)["program"], module)
    assert module["f"](9, 4) == 5  # type: ignore[operator]


def test_codearc_runs_reports_and_resumes(tmp_path: Path) -> None:
    problem = {
        "id": 7,
        "function": "def solution(n):\n    return n + 3\n",
        "examples": [
            {
                "call": f"print('Result {n}: ' + str(solution({n})))",
                "output": f"Result {n}: {n + 3}",
            }
            for n in range(1, 11)
        ],
    }
    place = tmp_path / "problems.jsonl"
    place.write_text(json.dumps(problem) + "\n", encoding="utf-8")
    page = tmp_path / "report.html"
    command = [
        *("codearc", "run", str(place), "--out", str(tmp_path / "run"), "--seconds", "40"),
        *("--judge-seconds", "0.5", "--html", str(page), "--format", "json"),
    ]
    first = RUN.invoke(app, command)
    assert first.exit_code == 0, first.output
    counts = json.loads(first.stdout)
    assert (counts["problems"], counts["solved"], counts["wrong"]) == (1, 1, [])
    assert "Problem 7" in page.read_text(encoding="utf-8")
    kept = (tmp_path / "run" / "7.json").read_bytes()
    second = RUN.invoke(app, command)
    assert json.loads(second.stdout) == counts
    assert (tmp_path / "run" / "7.json").read_bytes() == kept


def test_a_fault_in_one_problem_does_not_end_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lemmata.provers.oracle import codearc

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("in the search")

    monkeypatch.setattr(codearc, "synthesize", broken)
    problem = codearc.Problem(1, "def solution(n): return n", ((1,), (2,)))
    (result,) = codearc.run([problem], tmp_path, seconds=1, judge_seconds=1)
    assert (result.status, codearc.summary([result])["failed"]) == ("failed", [1])
    assert "ZeroDivisionError" in result.detail


def test_doctor_names_every_layer() -> None:
    result = RUN.invoke(app, ["doctor", "--format", "json"])
    data = json.loads(result.stdout)
    assert result.exit_code == (0 if data["whole"] else 3)
    assert {"limits", "network", "landlock", "seccomp"} <= set(data["sandbox"])


def test_difftest_shows_of_long_results_where_they_part(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("def f(n):\n    return list(range(1000)) + [n]\n")
    other.write_text("def f(n):\n    return list(range(1000)) + [n + 1]\n")
    result = RUN.invoke(app, ["difftest", f"{one}:f", f"{other}:f", "--example", "f(3)"])
    assert result.exit_code == 1
    left, right = result.output.splitlines()[1:3]
    assert len(left) < 700
    assert "998, 999, 0]" in left
    assert "998, 999, 1]" in right
    printed = RUN.invoke(
        app, ["difftest", f"{one}:f", f"{other}:f", "--example", "(3,)", "--format", "json"]
    )
    assert len(json.loads(printed.output)["expected"]) > 4000
