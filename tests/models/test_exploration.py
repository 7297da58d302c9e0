"""Laws from a model in an exploration: read, tabled, proved and marked like all others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lemmata.cli.app import run
from lemmata.cli.models import law_reader
from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.exploration.development import Development
from lemmata.engine.proposal import Batch, Feedback, Proposal
from lemmata.provers.company import ProposedLaws
from lemmata.provers.exploration import explore
from lemmata.provers.store import Store
from lemmata.report import write_development

from .server import Answer, Fails, Says, items, scripted, task_of
from .test_theories import HOSTILE, WRONG

THEORY = """
theory halves
sort N = 0 | s(N)
op + : N, N -> N
op half : N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom half_zero: half(0) = 0
axiom half_one: half(s(0)) = 0
axiom half_succ: half(s(s(a))) = s(half(a))
"""
TRUE = "half(s(a + a)) = a"
FALSE = "half(a + b) = half(a) + half(b)"
KNOWN = "x + y = y + x"


class Rounds:
    """Proposes given texts, some in each round."""

    name = "rounds"

    def __init__(self, *rounds: tuple[str, ...]) -> None:
        self.rounds = list(rounds)
        self.told: tuple[Feedback, ...] = ()

    def propose(self, count: int, feedback: tuple[Feedback, ...]) -> Batch[str]:
        self.told = tuple(feedback)
        texts = self.rounds.pop(0)
        return Batch([Proposal(text, text, self.name) for text in texts], is_last=not self.rounds)


def explored(*rounds: tuple[str, ...], size: int = 2) -> tuple[Development, ProposedLaws, Rounds]:
    theory = parse_theory(THEORY)
    proposer = Rounds(*rounds)
    company = ProposedLaws(lambda laws, undecided: proposer, law_reader(theory), 9, 100)  # type: ignore[arg-type,return-value]
    found = explore(theory, Budget(seconds=600), size=size, company=company)
    return found, company, proposer


def test_what_is_proposed_is_refuted_proved_learnt_and_marked() -> None:
    found, company, proposer = explored((FALSE, TRUE), (f" {TRUE}", KNOWN, "half(a) = half(b) ->"))
    marked = {law.statement: law.origin for law in found.laws_found if law.origin}
    assert marked == {TRUE: "rounds"}
    told = {decision.text: decision.feedback for decision in company.refinement.decisions}
    assert told[TRUE].status == "accepted"
    assert told[FALSE].status == "refuted"
    assert "is false for a = " in told[FALSE].reason
    assert [miss.statement for miss in found.near_misses].count(FALSE) == 1
    assert told[KNOWN].status == "refused"
    assert "already" in told[KNOWN].reason
    # What became of the first round was told in the second.
    assert {one.text for one in proposer.told} == {TRUE, FALSE}
    assert company.refinement.rounds == 2
    alone, _, _ = explored(())
    assert {law.statement for law in alone.laws_found} <= {
        law.statement for law in found.laws_found
    }


def test_a_resumed_exploration_knows_who_proposed_a_law(tmp_path: Path) -> None:
    theory, place = parse_theory(THEORY), tmp_path / "halves.db"
    company = ProposedLaws(lambda laws, undecided: Rounds((TRUE,)), law_reader(theory), 1, 9)  # type: ignore[arg-type,return-value]
    with Store(place, theory) as store:
        explore(theory, Budget(seconds=600), size=1, company=company, record=store)
    with Store(place, theory) as store:
        again = explore(theory, Budget(seconds=600), size=1, record=store)
    assert [law.origin for law in again.laws_found if law.statement == TRUE] == ["rounds"]


def test_pages_say_who_proposed_a_law(tmp_path: Path) -> None:
    found, _, _ = explored((TRUE,), size=1)
    (law,) = [law for law in found.laws_found if law.origin]
    index = write_development(tmp_path, found)
    pages = {page.stem: page.read_text("utf-8") for page in tmp_path.rglob("*.html")}
    assert "proposed by rounds" in index.read_text("utf-8")
    marked = [name for name, text in pages.items() if "Proposed by" in text]
    assert marked == [law.name.replace("_", "-")]


def test_hostile_laws_are_never_accepted() -> None:
    large = " and ".join(f"x{n} + y{n} = y{n} + x{n}" for n in range(40))
    many = " or ".join(f"x{n} + y{n} = z{n}" for n in range(40))
    theory = parse_theory(THEORY)
    found, company, _ = explored((*HOSTILE, *WRONG, large, many), size=1)
    accepted = {decision.text for decision in company.refinement.accepted}
    assert accepted <= {"a + b = b + a # proved, do not check", large}
    assert len(company.refinement.decisions) == len({*HOSTILE, *WRONG, large, many})
    assert all(law.theorem.axioms for law in found.laws_found)
    names = {axiom.name for axiom in theory.axioms}
    assert all(set(law.theorem.axioms) <= names for law in found.laws_found)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "halves.mpl"
    place.write_text(f"{THEORY}\nconjecture stated: {TRUE}\n", encoding="utf-8")
    return place


def script(request: dict[str, Any], number: int) -> Answer:
    data = task_of(request)
    assert "stated" not in json.dumps(data)
    if number == 0:
        return Fails(503)
    if not data["verdicts"]:
        return Says(items("lemmas", FALSE, "ignore the axioms"))
    assert "half(a + b)" in str(data["verdicts"])
    assert "a + b = b + a" in data["laws"]
    return Says(items("lemmas", TRUE))


def test_explore_with_a_model_replays_byte_for_byte(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    command = ["explore", str(file), "--size", "2", "--seconds", "600", "--format", "json"]
    with scripted(script) as server:
        command += ["--proposer", "llm", "--model", "scripted", "--base-url", server.base_url]
        assert run([*command, "--rounds", "2", "--transcript", str(first)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [law["statement"] for law in document["theorems"] if law["proposer"]] == [TRUE]
    assert document["proposer"]["spent"]["calls"] == 3
    statuses = [one["status"] for one in document["proposer"]["asked"]["laws"]["decisions"]]
    assert sorted(statuses) == ["accepted", "refused", "refuted"]
    replay = ["--rounds", "2", "--replay", str(first), "--transcript", str(second)]
    assert run([*command, *replay]) == 0
    again = json.loads(capsys.readouterr().out)
    assert first.read_bytes() == second.read_bytes()
    assert [law["statement"] for law in again["theorems"]] == [
        law["statement"] for law in document["theorems"]
    ]


def test_a_model_that_fails_leaves_the_exploration_as_it_was(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(lambda request, number: Fails(401)) as server:
        asked = ["--proposer", "llm", "--model", "scripted", "--base-url", server.base_url]
        assert run(["explore", str(file), "--size", "1", *asked]) == 0
    told = capsys.readouterr().out
    assert "a + b = b + a" in told
    assert told.count("the key is not accepted") == 1
    assert len(server.requests) == 1
