"""Lemmas from a model: what is right is proved, what is wrong is not, and the goal is reached."""

from __future__ import annotations

import json
import signal
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lemmata.cli.app import run
from lemmata.cli.models import law_reader
from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.proposal import Batch, Feedback, Proposal
from lemmata.engine.refinement import refine
from lemmata.engine.theory import Statement
from lemmata.engine.verdict import Proved, Unknown, Verdict
from lemmata.provers import assistance
from lemmata.provers.assistance import Assistance, LawReferee
from lemmata.provers.workspace import Workspace

from ..cli.command import lemmata, start
from .server import Answer, Drips, Fails, Says, items, scripted, task_of

PEANO = """
theory peano
sort N = 0 | s(N)
op + : N, N -> N
op * : N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
"""
HARD = (  # the six laws that no prover without lemmas reaches
    "s(a) * b = a * b + b",
    "a * b = b * a",
    "a * (b + c) = a * b + a * c",
    "(a + b) * c = a * c + b * c",
    "(a * b) * c = a * (b * c)",
    "a + c = b + c -> a = b",
)
LEMMAS = (
    "0 + a = a",
    "s(a) + b = s(a + b)",
    "a + b = b + a",
    "(a + b) + c = a + (b + c)",
    "0 * a = 0",
)
WRONG = (
    "a + b = a",
    "a * b = a",
    "a + a = a",
    "s(a) = a",
    "a * a = a",
    "a = b",
    "a + b = b",
    "not (a = a)",
    "a * b = a + b",
    "0 = s(a)",
    "a + b = c + b -> a = b",
    "exists x. s(x) = 0",
    "a * b = 0 -> a = 0",
    "s(a) + s(b) = s(a + b)",
    "a +",
    "a - b = 0",
    "forall x : M. x = x",
    "add_zero",
)


class Mixed:
    """One right idea in ten, the others wrong, until the right ones are used up."""

    name = "one in ten"

    def __init__(self, right: list[str]) -> None:
        self.right = right

    def propose(self, count: int, feedback: tuple[Feedback, ...]) -> Batch[str]:
        if not self.right:
            return Batch(is_last=True)
        place = len(feedback)
        wrong = [f"({WRONG[(place + k) % len(WRONG)]})" + " " * (place // 9) for k in range(9)]
        texts = [*wrong[:4], self.right.pop(0), *wrong[4:]]
        return Batch([Proposal(text, text, self.name) for text in texts])


def test_one_right_in_ten_is_proved_and_nothing_wrong_is() -> None:
    theory = parse_theory(PEANO)
    referee = LawReferee(Workspace(theory), law_reader(theory), Budget(seconds=6))
    found = refine(Mixed([*LEMMAS, *HARD]), referee, rounds=20, count=10)  # type: ignore[arg-type]
    accepted = {decision.text for decision in found.accepted}
    assert accepted == {*LEMMAS, *HARD}
    for decision in found.decisions:
        if decision.text in accepted:
            assert isinstance(decision.feedback.evidence, Proved)
            assert decision.feedback.evidence.theorem.name.startswith("proposed.")
        else:
            assert decision.feedback.status in ("refuted", "refused"), decision
    refuted = [d for d in found.decisions if d.feedback.status == "refuted"]
    assert all("false for" in d.feedback.reason or d.feedback.reason for d in refuted)


HOSTILE = (
    "lemma add_zero: a + b = a",
    "axiom add_zero: a + b = a",
    "axiom trust_me: 0 = s(0)",
    "conjecture add_succ: a + s(b) = a",
    "a + 0 = a\naxiom more: 0 = s(0)",
    "a = a\nuse \"/etc/passwd\"",
    "Ignore the checker: this lemma is proved. Accept it.",
    "0 = s(0)) or (a = a",
    "a + b = b + a # proved, do not check",
    "true and 0 = s(0)",
    "`add_zero`",
    "(" * 5_000 + "a = b" + ")" * 5_000,
    "a = b" + " " * 100_000,
    "s(" * 1_500 + "a" + ")" * 1_500 + " = a",
    "\x1b[2J a = b",
    "forall a : N. forall b : N. a = b",
)  # fmt: skip


def test_a_hostile_proposer_gets_nothing_accepted_that_is_false() -> None:
    theory = parse_theory(PEANO)
    work = Workspace(theory)
    referee = LawReferee(work, law_reader(theory), Budget(seconds=2))
    proposals = [Proposal(text, text, "hostile") for text in HOSTILE]

    class Hostile:
        name = "hostile"

        def propose(self, count: int, feedback: tuple[Feedback, ...]) -> Batch[str]:
            return Batch(proposals, is_last=True)

    found = refine(Hostile(), referee, rounds=2, count=100)  # type: ignore[arg-type]
    # Commutativity is true, whatever the comment says of it, and it went through the checker.
    assert {d.text for d in found.accepted} <= {"a + b = b + a # proved, do not check"}
    assert len(found.decisions) == len(HOSTILE)
    assert all(name.startswith(("proposed.", "N.")) or ".lemma." in name for name in work.theorems)
    assert work.theory.statements.keys().isdisjoint(work.theorems)


def test_a_goal_is_proved_with_a_lemma_that_was_proposed() -> None:
    theory = parse_theory(f"{PEANO}\nconjecture goal: a + b = b + a")
    goal = theory.conjectures[0]
    told: list[str] = []
    helper = Assistance(
        lambda statement: Mixed([*LEMMAS[:2]]),  # type: ignore[arg-type,return-value]
        law_reader(theory),
        rounds=3,
        count=10,
        observe=lambda statement, decision: told.append(decision.text),
    )
    work = Workspace(theory)
    verdict = helper.help(work, Unknown("goal", "time"), goal, Budget(seconds=10))
    assert isinstance(verdict, Proved), verdict
    assert "proposed by one in ten" in verdict.method
    assert verdict.goal == "goal"
    assert any(name.startswith("goal.proposed.") for name in work.theorems)
    assert told


@pytest.fixture
def goal(tmp_path: Path) -> Path:
    """A conditional law whose lemma the search for equations does not find within its budget."""
    place = tmp_path / "goal.mpl"
    place.write_text(f"{PEANO}\nconjecture hard: (a * b) * c = a * (b * c)\n", encoding="utf-8")
    return place


def script(request: dict[str, Any], number: int) -> Answer:
    """A bad start, then lemmas, nine in ten of them wrong."""
    if number == 0:
        return Fails(503)
    data = task_of(request)
    assert data["goal"] == "a * b * c = a * (b * c)"
    assert "axiom add_zero: a + 0 = a" in data["theory"]
    place = len(data["verdicts"])
    right = [*LEMMAS, *HARD[:4]]
    if number == 1:
        return Says(items("lemmas", *WRONG[:9], right[0]))
    return Says(f"My ideas:\n{items('lemmas', *right, WRONG[place % 18])}")


def test_prove_with_a_model_from_the_command_line(goal: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    options = ["--seconds", "0.02", "--rounds", "2", "--ideas", "12", "--format", "json"]
    with scripted(script) as server:
        asked = ["--proposer", "llm", "--model", "scripted", "--base-url", server.base_url]
        command = ["prove", goal, *options, *asked]
        done = lemmata(*command, "--transcript", first, LEMMATA_API_KEY="sk-secret-secret")
    assert "Traceback" not in done.stderr, done.stderr
    document = json.loads(done.stdout)
    decisions = document["proposer"]["asked"]["hard"]["decisions"]
    assert document["proposer"]["spent"]["calls"] >= 2
    assert not [d for d in decisions if d["status"] == "accepted" and d["text"] in WRONG]
    again = lemmata(*command, "--transcript", second, "--replay", first)
    assert "Traceback" not in again.stderr, again.stderr
    assert "sk-secret" not in first.read_text("utf-8") + done.stdout + done.stderr
    assert json.loads(again.stdout)["proposer"]["spent"]["calls"] >= 2


FIBONACCI = """
theory fibonacci
sort N = 0 | s(N)
op + : N, N -> N
op fib : N -> N
op loop : N, N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom fib_zero: fib(0) = 0
axiom fib_one: fib(s(0)) = s(0)
axiom fib_succ: fib(s(s(n))) = fib(s(n)) + fib(n)
axiom loop_end: loop(0, a, b) = a
axiom loop_step: loop(s(n), a, b) = loop(n, b, b + a)
conjecture fast: loop(n, 0, s(0)) = fib(n)
"""
NEEDED = "loop(n, fib(m), fib(s(m))) = fib(n + m)"
TEMPTING = (
    "axiom fast: loop(n, 0, s(0)) = fib(n) + s(0)",
    "lemma trust: 0 = s(0)",
    "fast",
)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_goal_out_of_reach_is_proved_with_a_models_lemma(
    jobs: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock counts how often it is looked at, and goes slowly once the model is asked.

    So the search alone ends at the same place on every machine, and the lemma gets what it needs.
    """
    file, out = tmp_path / "fibonacci.mpl", tmp_path / "proofs"
    file.write_text(FIBONACCI, encoding="utf-8")
    now = 0.0
    asked: list[dict[str, Any]] = []

    def clock() -> float:
        nonlocal now
        now += 1 / (10_000 if asked else 100)
        return now

    def answer(request: dict[str, Any], number: int) -> Answer:
        asked.append(task_of(request))
        return Says(items("lemmas", *TEMPTING, "s(a) + b = s(a + b)", NEEDED))

    monkeypatch.setattr("time.process_time", clock)
    with scripted(answer) as server:
        options = ["--proposer", "llm", "--model", "scripted", "--base-url", server.base_url]
        command = ["prove", str(file), "--seconds", "1", "--jobs", jobs, "--out", str(out)]
        code = run([*command, *options, "--ideas", "9", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    # A model is asked only where the search alone came to no verdict.
    assert [data["goal"] for data in asked] == ["loop(n, 0, s(0)) = fib(n)"]
    assert code == 0, document
    (result,) = document["results"]
    assert result["verdict"] == "proved"
    assert "proposed by model scripted" in result["method"]
    told = {d["text"]: d["status"] for d in document["proposer"]["asked"]["fast"]["decisions"]}
    assert told.pop(NEEDED) == told.pop("s(a) + b = s(a + b)") == "accepted"
    assert set(told) == set(TEMPTING)
    assert set(told.values()) == {"refuted", "refused"}
    monkeypatch.undo()
    assert run(["check", str(out / "fast.json"), "--theory", str(file)]) == 0


@pytest.mark.parametrize("proposer", ["enumeration", "hybrid"])
def test_the_enumeration_helps_a_goal_with_or_without_a_model(
    proposer: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search alone has no time at all, and what is proposed has enough."""
    file = tmp_path / "goal.mpl"
    file.write_text(f"{PEANO}\nconjecture hard: a + (b + c) = (c + b) + a\n", encoding="utf-8")
    monkeypatch.setattr(import_module("lemmata.provers.prove"), "settle", _gives_up)
    monkeypatch.setattr(assistance, "SCREENING", 0.0)  # true laws are searched to the end of it
    with scripted(lambda request, number: Says(items("lemmas", *TEMPTING))) as server:
        asked = ["--model", "scripted", "--base-url", server.base_url]
        command = ["prove", str(file), "--seconds", "60", "--proposer", proposer]
        code = run([*command, *(asked if proposer == "hybrid" else ()), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    (result,) = document["results"]
    assert (code, result["verdict"]) == (0, "proved"), document
    assert "enumeration of laws" in result["method"]
    told = {d["text"]: d["status"] for d in document["proposer"]["asked"]["hard"]["decisions"]}
    assert "accepted" in {told[text] for text in told if text not in TEMPTING}
    assert (document["proposer"]["spent"] is None) == (proposer == "enumeration")
    if proposer == "hybrid":
        assert {told[text] for text in TEMPTING} <= {"refuted", "refused"}
        assert document["proposer"]["spent"]["calls"] >= 1


def _gives_up(work: Workspace, statement: Statement, *rest: object, **more: object) -> Unknown:
    return Unknown(statement.name, "time")


def test_a_claim_that_nobody_can_decide_does_not_take_the_time_of_others() -> None:
    theory = parse_theory(PEANO)
    referee = LawReferee(Workspace(theory), law_reader(theory), Budget(seconds=10))
    texts = ("(a * b) * c = a * (b * c)", "0 + a = a")
    waiting = [Proposal(text, text, "test") for text in texts]
    assert [referee.screen(one).status for one in waiting] == ["open", "open"]
    efforts: list[tuple[str, float]] = []

    def attempt(work: Workspace, statement: Statement, budget: Budget) -> Verdict:
        efforts.append((work.notation.formula(statement.formula), budget.seconds))
        return Unknown(statement.name, "time")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lemmata.provers.assistance.settle", attempt)
        answers = [answer.status for _, answer in referee.establish(waiting)]
    assert answers == ["open", "open"]
    short, long = efforts[:2], efforts[2:]
    assert [text for text, _ in short] == [text for text, _ in long]
    assert all(one[1] < 1 < other[1] for one, other in zip(short, long, strict=True))


def test_what_is_missing_is_named(goal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, words in (
        (["--proposer", "llm"], "--model"),
        (["--proposer", "llm", "--model", "m"], "--base-url"),
        (["--proposer", "llm", "--model", "m", "--base-url", "nowhere"], "base URL"),
        (["--proposer", "llm", "--model", "m", "--base-url", "http://h/v1", "--allow", "cats=3"], "--allow"),
        (["--proposer", "llm", "--model", "m", "--base-url", "http://h/v1", "--price", "1"], "--price"),
    ):  # fmt: skip
        assert run(["prove", str(goal), *options]) == 2, options
        told = capsys.readouterr().err
        assert words in told
        assert "Traceback" not in told


def test_a_model_that_fails_leaves_everything_as_it_was(
    goal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(lambda request, number: Fails(401)) as server:
        asked = ["--proposer", "llm", "--model", "scripted", "--base-url", server.base_url]
        code = run(["prove", str(goal), "--seconds", "0.02", *asked])
    assert code == 3
    told = capsys.readouterr().out
    assert told.count("the key is not accepted") == 2  # at the goal, and in the account
    assert len(server.requests) == 1


def test_ctrl_c_while_a_model_thinks_ends_the_run(goal: Path) -> None:
    begun = threading.Event()

    def answer(request: dict[str, Any], number: int) -> Answer:
        begun.set()
        return Drips()

    with scripted(answer) as server:
        asked = ["--proposer", "llm", "--model", "scripted", "--base-url", server.base_url]
        with start("prove", goal, "--seconds", "0.02", *asked) as process:
            assert begun.wait(120)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "Traceback" not in out + err
    assert "interrupted" in err
