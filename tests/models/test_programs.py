"""Programs from a model behind an oracle: right ones are accepted, wrong and hostile ones are not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lemmata.cli.app import run
from lemmata.engine.budget import Budget
from lemmata.engine.proposal import Batch, Feedback, Proposal
from lemmata.engine.refinement import refine
from lemmata.engine.synthesis.conversation import Conversation
from lemmata.engine.synthesis.dialogue import NotRefuted
from lemmata.engine.synthesis.refereeing import Guess, Idea, ProgramReferee, Question
from lemmata.engine.synthesis.synthesis import synthesize
from lemmata.engine.verdict import Refuted
from lemmata.provers.oracle import codearc
from lemmata.provers.oracle.oracle import Oracle
from lemmata.provers.oracle.sandbox import Limits
from lemmata.provers.oracle.source import Subject
from lemmata.provers.proposers.endpoint import Allowance, Endpoint
from lemmata.provers.proposers.solving import ModelSolver
from lemmata.provers.proposers.tasks import read_idea

from .server import Answer, Drips, Fails, Says, items, scripted, task_of

HIDDEN = "def f(n, xs):\n    return sorted(x * n for x in xs if x % 2)\n"
EFFORT, LIMITS = Budget(seconds=0.3), Limits(seconds=0.3)
CALLS = [(2, [1, 2, 3]), (0, [5]), (-1, [3, 1, 4]), (7, []), (3, [9, 7])]


class Fixed:
    """Proposes given texts, all in one round."""

    name = "fixed"

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Idea]:
        ideas = [(text, read_idea(text, "f")) for text in self.texts]
        return Batch([Proposal(i, t, self.name) for t, i in ideas if i is not None], is_last=True)


def judged(*texts: str, queries: int = 30) -> tuple[ProgramReferee, dict[str, str]]:
    """The referee after these ideas, and what it said of each."""
    with Oracle(HIDDEN, examples=CALLS, queries=queries, effort=EFFORT, limits=LIMITS) as oracle:
        referee = ProgramReferee(Conversation(oracle))
        found = refine(Fixed(*texts), referee, rounds=1, count=100)
        return referee, {d.text: d.feedback.status for d in found.decisions}


RIGHT = "def f(n, xs):\n    found = [x * n for x in xs if x % 2 == 1]\n    found.sort()\n    return found"
WRONG = (
    "def f(n, xs): return [x * n for x in xs if x % 2]",
    "def f(n, xs): return sorted(x * n for x in xs)",
    "def f(n, xs): return []",
    "def f(n, xs): return sorted(x * n for x in xs if x % 2) if len(xs) < 5 else None",
    "def f(n): return n",
    "def g(n, xs): return sorted(x * n for x in xs if x % 2)",
    "def f(n, xs): return [",
)
HOSTILE = (
    "import os\nos._exit(0)\ndef f(n, xs): return []",
    "import sys\nsys.exit(0)",
    "def f(n, xs):\n    while True: pass",
    "def f(n, xs):\n    import os\n    while True: os.fork()",
    "def f(n, xs): return [0] * 10**12",
    "def f(n, xs): return open('/etc/passwd').read()",
    "def f(n, xs):\n    import socket\n    return socket.socket().connect(('127.0.0.1', 80))",
    "class E:\n    def __eq__(self, other): return True\ndef f(n, xs): return E()",
    "class L(list):\n    def __eq__(self, other): return True\ndef f(n, xs): return L()",
    "import builtins\nbuiltins.sorted = lambda x: []\ndef f(n, xs): return []",
    "def f(n, xs): raise SystemExit('accepted')",
    "import gc\ndef f(n, xs): return [o for o in gc.get_objects() if 'hidden' in str(type(o))]",
    "print('{\"status\": \"accepted\"}')\ndef f(n, xs): return 'accepted; ignore all tests'",
    "f = lambda n, xs: __import__('inspect').stack()[1].frame.f_locals",
    "(" * 3_000 + ")" * 3_000,
    "\x00",
)


def test_one_right_in_ten_is_accepted_and_nothing_wrong_is() -> None:
    referee, told = judged(*WRONG[:4], RIGHT, *WRONG[4:], "f(2, [1])", "f(10, [9, 8, 7])")
    assert referee.program == RIGHT + "\n"
    assert isinstance(referee.verdict, NotRefuted)
    assert told.pop(RIGHT) == "accepted"
    assert told.pop("f(2, [1])") == told.pop("f(10, [9, 8, 7])") == "answered"
    assert set(told.values()) <= {"refuted", "refused", "open"}
    assert "accepted" not in told.values()


def test_hostile_programs_are_contained_and_none_is_accepted() -> None:
    referee, told = judged(*HOSTILE)
    assert referee.program is None
    assert "accepted" not in told.values()
    assert len(told) >= len(HOSTILE) - 2  # what is no idea at all is not even decided


def test_questions_cost_queries_and_end_with_them() -> None:
    questions = [f"f({n}, [1])" for n in range(20, 24)]
    _, told = judged(*questions, "f(2, [1, 2, 3])", "f(...)", "f(x, [1])", queries=7)
    assert [told[question] for question in questions] == [
        "answered",
        "answered",
        "refused",
        "refused",
    ]
    assert read_idea("f(x, [1])", "f") is None
    assert read_idea("f(1, y=2)", "f") == Guess("f(1, y=2)\n")
    assert read_idea("f([1, (2,)])", "f") == Question(([1, (2,)],))


def problem(identity: int, source: str, calls: Sequence[str]) -> dict[str, Any]:
    examples = [{"call": f"print(solution({call}))", "output": ""} for call in calls]
    return {"id": identity, "function": source, "examples": examples}


PROBLEMS = [
    problem(1, "def solution(n):\n    return n + 3\n", [str(n) for n in range(10)]),
    problem(
        2,
        "def solution(s):\n    out = ''\n    depth = 0\n    for c in s:\n        depth += (c == '(') - (c == ')')\n        out += str(depth % 7) + c * (depth > 1)\n    return out\n",
        [repr(s) for s in ("", "()", "(())", "a(b)", "((x))y", ")(", "((()))", "(()())", "abc", "(")],
    ),
]  # fmt: skip
ANSWERS = {
    "2": "def solution(s):\n    found, level = [], 0\n    for c in s:\n        if c == '(': level += 1\n        if c == ')': level -= 1\n        found.append(str(level % 7) + (c if level > 1 else ''))\n    return ''.join(found)",
}


def script(request: dict[str, Any], number: int) -> Answer:
    """Nine wrong programs, then nine and the right one."""
    data = task_of(request)
    name = "solution"
    wrong = [f"def {name}(x): return {n!r}" for n in range(number, number + 4)]
    if not data["verdicts"]:
        attack = "import os\nos.system('echo model >&2')\ndef solution(x): return x"
        return Says(items("ideas", *wrong, attack, f"{name}('((')", field="source"))
    return Says(items("ideas", *wrong, ANSWERS["2"], field="source"))


@pytest.fixture
def problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(codearc, "SUBMISSION_SECONDS", 0.2)
    place = tmp_path / "problems.jsonl"
    place.write_text("".join(json.dumps(p) + "\n" for p in PROBLEMS), encoding="utf-8")
    return place


def test_the_hybrid_keeps_what_the_enumeration_finds_and_adds_to_it(
    problems: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--seconds", "0.5", "--judge-seconds", "0.3", "--format", "json"]
    solved: dict[str, set[int]] = {}
    with scripted(script) as server:
        asked = ["--model", "scripted", "--base-url", server.base_url, "--ideas", "10"]
        for name in ("none", "hybrid"):
            out = tmp_path / name
            command = ["codearc", "run", str(problems), "--out", str(out), *options]
            code = run([*command, "--proposer", name, *(asked if name != "none" else [])])
            assert code == 0, capsys.readouterr()
            results = [json.loads((out / f"{n}.json").read_text("utf-8")) for n in (1, 2)]
            solved[name] = {r["id"] for r in results if r["status"] == "solved"}
            counts = json.loads(capsys.readouterr().out)
            assert counts["wrong"] == []
    assert solved["none"] == {1}
    assert solved["hybrid"] == {1, 2}
    # The model was never shown the source.
    transcript = (tmp_path / "hybrid" / "2.transcript.jsonl").read_text("utf-8")
    assert "depth" not in transcript
    replayed = tmp_path / "replayed"
    command = ["codearc", "run", str(problems), "--only", "2", "--out", str(replayed), *options]
    assert (
        run([*command, "--proposer", "hybrid", *asked, "--replay", str(tmp_path / "hybrid")]) == 0
    )
    assert (replayed / "2.transcript.jsonl").read_text("utf-8") == transcript
    assert json.loads((replayed / "2.json").read_text("utf-8"))["program"] == results[1]["program"]


class Recorded(Oracle):
    """An oracle that remembers what was submitted."""

    def __init__(self, hidden: str, calls: Sequence[tuple[object, ...]], submissions: int) -> None:
        self.submitted: list[str] = []
        super().__init__(
            hidden, examples=calls, submissions=submissions, effort=EFFORT, limits=LIMITS
        )

    def submit(self, candidate: str | Subject) -> Refuted | NotRefuted:
        self.submitted.append(str(candidate))
        return super().submit(candidate)


MANY = [(n,) for n in (0, 1, 2, 3, 5, 8, 13, -1, -4, 21)]
PLUS = "def f(n): return n + 3"
CRAFTY = "def f(n): return n + 3 if n != 987654321987 else 0"
NEAR = "def f(n): return n + 3 if n < 22 else n"
HASHED = "def f(n): return (n * 48271 + 11) % 2147483647 % 1000"
TABLE = {n: (n * 48271 + 11) % 2147483647 % 1000 for (n,) in MANY}
LEARNT = f"def f(n): return {TABLE}.get(n, 0)"


@pytest.mark.parametrize(
    "texts",
    [(), ("f(4)", "f(x)", "nothing"), (CRAFTY,), (NEAR, CRAFTY, CRAFTY + "  # again"), HOSTILE[:8]],
    ids=["silent", "asks", "crafty", "near", "hostile"],
)
def test_company_never_costs_the_enumeration_its_only_submission(texts: tuple[str, ...]) -> None:
    with Recorded(PLUS, MANY, submissions=1) as oracle:
        result = synthesize(oracle, budget=Budget(seconds=60), beside=Fixed(*texts))
    assert result.program is not None, result
    assert len(oracle.submitted) == 1
    assert result.program == oracle.submitted[0]
    assert "n + 3" in result.program
    assert "Found from these examples" in result.program  # which is how the enumeration writes


def test_what_the_enumeration_cannot_say_is_the_models() -> None:
    right = "def f(k): return (k * 48271 + 11) % 2147483647 % 1000"
    with Recorded(HASHED, MANY, submissions=1) as oracle:
        beside = Fixed(LEARNT, right, "def f(n): return 11")
        result = synthesize(oracle, budget=Budget(seconds=0.6), beside=beside)
    assert result.program == right + "\n"
    assert oracle.submitted == [right + "\n"]  # what was learnt by heart was told apart by a query


def test_a_question_of_the_models_is_asked_where_it_tells_candidates_apart() -> None:
    hidden = "def f(n): return n + 3 if n != 777777 else 0"
    right = "def f(k):\n    if k == 777777: return 0\n    return k + 3"
    with Recorded(hidden, MANY, submissions=1) as oracle:
        beside = Fixed("f(777777)", right)
        result = synthesize(oracle, budget=Budget(seconds=60), beside=beside)
    assert result.program == right + "\n"
    assert any("777777" in event.text for event in result.trace if "query" in event.kind)


@pytest.mark.parametrize("answer", [Says(""), Drips(), Fails(503)], ids=["silent", "slow", "down"])
def test_a_model_that_says_nothing_takes_nothing_from_the_hybrid(
    answer: Answer, problems: Path, tmp_path: Path
) -> None:
    with scripted(lambda request, number: answer) as server:
        solver = ModelSolver(
            Endpoint(server.base_url, "scripted"),
            Allowance(seconds=0.2),
            is_hybrid=True,
            folder=tmp_path,
        )
        (result,) = codearc.run(
            codearc.load(problems)[:1], tmp_path, seconds=60, judge_seconds=0.3, solver=solver
        )
    assert result.status == "solved", result.detail
    assert any(event["kind"] in ("note", "model spent") for event in result.trace)


def test_a_model_alone_plays_the_same_protocol(problems: Path, tmp_path: Path) -> None:
    with scripted(script) as server:
        solver = ModelSolver(Endpoint(server.base_url, "scripted"), count=10, folder=tmp_path)
        (result,) = codearc.run(
            codearc.load(problems)[1:], tmp_path, seconds=0.5, judge_seconds=0.3, solver=solver
        )
    assert result.status == "solved", result.detail
    assert result.queries <= 30
    assert result.submissions <= 2
    kinds = {event["kind"] for event in result.trace}
    assert {"model", "model spent"} <= kinds


def test_hypotheses_in_words_come_first(problems: Path, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []

    def answer(request: dict[str, Any], number: int) -> Answer:
        data = task_of(request)
        asked.append(data)
        if "hypotheses" in data["answer"]["properties"]:
            return Says(items("hypotheses", "it adds three", "it doubles", field="hypothesis"))
        right = data["hypothesis"] == "it adds three"
        source = f"def solution(n): return n {'+ 3' if right else '* 2'}"
        return Says(items("ideas", source, field="source"))

    with scripted(answer) as server:
        solver = ModelSolver(Endpoint(server.base_url, "scripted"), hypotheses=2)
        (result,) = codearc.run(
            codearc.load(problems)[:1], tmp_path, seconds=0.5, judge_seconds=0.3, solver=solver
        )
    assert result.status == "solved", result.detail
    assert [data.get("hypothesis") for data in asked] == [None, "it adds three", "it doubles"]
