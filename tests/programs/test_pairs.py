"""Loaders of input/output pairs: every shape is read, every fault is one clear error."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from lemmata.engine.errors import SourceError, UsageError
from lemmata.engine.synthesis.pairs import load_grids, load_task, parse_json, parse_sygus


@pytest.mark.parametrize(
    "text",
    [
        '[{"args": ["a"], "result": 1}]',
        '[{"input": "a", "output": 1}]',
        '[["a", 1]]',
        '{"name": "g", "examples": [{"inputs": ["a"], "expected": 1}]}',
    ],
)
def test_common_shapes_mean_the_same(text: str) -> None:
    assert parse_json(text).pairs == ((("a",), 1),)


@pytest.mark.parametrize("text", ["[", "{}", "[3]", "[]", '{"name": "1x", "examples": []}'])
def test_faulty_json_is_one_clear_error(text: str) -> None:
    with pytest.raises((SourceError, UsageError)):
        parse_json(text, "bad.json")


def test_sygus_versions_one_and_two() -> None:
    first = parse_sygus(
        "(set-logic SLIA) ; a comment\n(synth-fun f ((s String) (n Int)) String\n"
        '((Start String (s "-" (str.++ Start Start))) (I Int (0 3))))\n'
        '(constraint (= (f "a ""b""" (- 2)) "x"))(check-synth)'
    )
    assert first.pairs == ((('a "b"', -2), "x"),)
    assert set(first.constants) == {"-", 0, 3}
    second = parse_sygus(
        "(synth-fun f ((s String)) Bool ((Start Bool)) ((Start Bool (true false))))"
        '(constraint (= true (f "q")))'
    )
    assert second.pairs == ((("q",), True),)


def test_public_files_mean_the_same_in_either_version(data: Path) -> None:
    sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
    from sygus import modern  # type: ignore[import-not-found]

    for path in sorted((data / "sygus_pbe_strings").glob("*.sl"))[::10]:
        text = path.read_text(encoding="utf-8")
        first, second = parse_sygus(text), parse_sygus(modern(text))
        assert (first.name, first.pairs) == (second.name, second.pairs)


@pytest.mark.parametrize(
    "text", ['(constraint (= (f "a) 1))', "(constraint (= (f 1) 2)", "(a))", "(constraint (> 1 2))"]
)
def test_faulty_sygus_is_one_clear_error(text: str) -> None:
    with pytest.raises((SourceError, UsageError)):
        parse_sygus(text, "bad.sl")


def test_public_files_are_read(data: Path) -> None:
    tasks = [load_task(path) for path in sorted((data / "sygus_pbe_strings").glob("*.sl"))]
    assert len(tasks) > 100
    assert all(task.pairs for task in tasks)
    grids = load_grids(data / "arc1d.jsonl")
    assert len(grids) == 180
    assert all(task.held_out for task in grids)


def test_codearc_is_read_whole(data: Path) -> None:
    from lemmata.provers.oracle.codearc import load

    problems = load(data / "codearc.jsonl")
    assert len(problems) == 891
    assert sum(problem.skipped for problem in problems) < 60


def test_named_arguments_of_codearc_take_their_places(tmp_path: Path) -> None:
    from lemmata.provers.oracle.codearc import load

    source = "def solution(x, y=2, z=0):\n    return x\n"
    calls = ["solution(x=1)", "solution(1, z=5)", "solution(z=3, x=1, y=7)", "solution(1, w=2)"]
    examples = [{"call": f"print(str({call}))"} for call in calls]
    file = tmp_path / "problems.jsonl"
    file.write_text(json.dumps({"id": 1, "function": source, "examples": examples}))
    (problem,) = load(file)
    assert problem.calls == ((1,), (1, 2, 5), (1, 7, 3))
    assert problem.skipped == 1
