"""The loop, and what every proposer must keep to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.formulas.constants import CONSTANTS
from lemmata.engine.formulas.swept import SweptFamilies
from lemmata.engine.proposal import Batch, Feedback, Proposal, Proposer, Seat, Together
from lemmata.engine.refinement import refine
from lemmata.engine.synthesis.conversation import Conversation
from lemmata.engine.synthesis.enumerated import EnumeratedPrograms
from lemmata.provers.oracle.table import Table
from lemmata.provers.proposers.laws import EnumeratedLaws
from lemmata.provers.proposers.model import HypothesisSearch, Model
from lemmata.provers.proposers.tasks import axioms, families, lemmas, programs
from lemmata.provers.proposers.transcript import Reply

THEORY = parse_theory(
    "sort N = 0 | s(N)\nop + : N, N -> N\naxiom add_zero: a + 0 = a\n"
    "axiom add_succ: a + s(b) = s(a + b)\nconjecture comm: a + b = b + a"
)
TABLE = Table([((n,), n + 1) for n in range(5)], name="f")


@dataclass
class Fixed:
    """Proposes the same batches in order."""

    batches: list[list[str]]
    name: str = "fixed"
    told: list[Sequence[Feedback]] = field(default_factory=list)

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[str]:
        self.told.append(feedback)
        texts = self.batches.pop(0) if self.batches else []
        return Batch([Proposal(text, text, self.name) for text in texts])


@dataclass
class Numbers:
    """Accepts what is written as the number looked for; anything longer scores higher."""

    goal: str = "42"
    found: bool = False
    established: list[str] = field(default_factory=list)

    def is_over(self) -> bool:
        return self.found

    def screen(self, proposal: Proposal[str]) -> Feedback:
        if not proposal.content.isdigit():
            return Feedback(proposal.text, "refused", "no number")
        return Feedback(proposal.text, "open", "", len(proposal.text) / 10)

    def establish(
        self, waiting: Sequence[Proposal[str]]
    ) -> Iterator[tuple[Proposal[str], Feedback]]:
        for proposal in waiting:
            if self.found:
                return
            self.established.append(proposal.text)
            self.found = proposal.content == self.goal
            yield (
                proposal,
                Feedback(proposal.text, "accepted" if self.found else "refuted", "too far"),
            )


def test_rounds_select_refine_and_stop() -> None:
    proposer, referee = Fixed([["x", "7", "100"], ["7", "42", "43"], ["1"]]), Numbers()
    found = refine(proposer, referee, rounds=5, count=3)
    assert referee.established == ["100", "7", "42"]
    assert [(d.round, d.text, d.feedback.status) for d in found.decisions] == [
        (1, "x", "refused"),
        (1, "100", "refuted"),
        (1, "7", "refuted"),
        (2, "42", "accepted"),
        (2, "43", "open"),
    ]
    assert found.stop == "decided"
    assert [one.reason for one in proposer.told[1]] == ["no number", "too far", "too far"]


def test_it_ends_for_every_reason() -> None:
    assert refine(Fixed([["1"], ["2"], ["3"]]), Numbers(), rounds=2).stop == "rounds"
    assert refine(Fixed([["1"], ["1"]]), Numbers(), rounds=9).stop == "nothing new"
    assert refine(Fixed([["1"]]), Numbers(), is_stopped=lambda: True).stop == "interrupted"
    many = refine(Fixed([[str(n) for n in range(100)]]), Numbers(), rounds=1, count=4)
    assert len(many.decisions) == 4


GARBAGE = (
    "",
    "null",
    "[[[",
    "I will not",
    '{"lemmas": [{"formula": 7}]}',
    "```\n\x00\n```",
    "{}" * 999,
)


@dataclass
class Canned:
    """Stands in for a client: the same text for every request."""

    text: str

    def complete(self, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> Reply:
        assert all(isinstance(message["content"], str) for message in messages)
        return Reply(self.text, True, "", 1, 1, 0.0, 1)


def models(text: str) -> list[Proposer[Any]]:
    """Every use of a model, answering with one text."""
    client = Canned(text)
    tasks = (
        lemmas(THEORY, THEORY.conjectures[0]),
        programs("f", TABLE.examples),
        families(list(CONSTANTS)),
        axioms("a group"),
    )
    return [
        *(Model(client, task, "model") for task in tasks),
        HypothesisSearch(client, programs("f", TABLE.examples, may_ask=False), "model", 2),
    ]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from lemmata.engine.formulas.box import Box
    from lemmata.engine.formulas.label import label
    from lemmata.engine.formulas.sweep import sweep

    folder = tmp_path_factory.mktemp("swept")
    sweep(Box(1, 1, -1, 1), folder, depth=200, digits=60)
    label(folder, list(CONSTANTS.values()))
    return folder


def enumerations(swept: Path) -> list[Callable[[], Proposer[Any]]]:
    return [
        lambda: EnumeratedLaws(THEORY),
        lambda: EnumeratedPrograms(Conversation(TABLE)),
        lambda: SweptFamilies(swept, least=1),
    ]


def test_what_every_proposer_keeps_to(swept: Path) -> None:
    makers = enumerations(swept)
    good = (
        '{"lemmas": ["a = a"], "ideas": ["def f(x): return 1"], "families": ["k | n"],'
        ' "theories": ["sort E"], "hypotheses": ["it adds one"]}'
    )
    makers += [lambda place=place: models(good)[place] for place in range(5)]  # type: ignore[misc]
    for make in makers:
        first, second = make().propose(3, ()), make().propose(3, ())
        assert [p.text for p in first.proposals] == [p.text for p in second.proposals]
        assert first.proposals, make().name
        for proposal in first.proposals:
            assert proposal.text.strip()
            assert proposal.origin
        assert make().name


def test_enumerations_come_to_an_end_and_do_not_repeat_what_was_told(swept: Path) -> None:
    for make in enumerations(swept):
        proposer = make()
        feedback: list[Feedback] = []
        for _ in range(3):
            batch = proposer.propose(4, tuple(feedback))
            texts = [proposal.text for proposal in batch.proposals]
            assert not {one.text for one in feedback} & set(texts)
            feedback += [Feedback(text, "refuted") for text in texts]
            if batch.is_last:
                break


@pytest.mark.parametrize("text", GARBAGE)
def test_a_model_that_talks_nonsense_proposes_nothing_and_says_so(text: str) -> None:
    for model in models(text):
        batch = model.propose(3, (Feedback("x", "refused", "because"),))
        for proposal in batch.proposals:
            assert proposal.text.strip()
        assert batch.proposals or batch.notes or batch.is_last


def test_several_proposers_are_one_and_each_hears_of_its_own() -> None:
    one, two = Fixed([["1", "2"], ["3"]], "one"), Fixed([["2", "5"], ["42"], ["9"]], "two")
    together = Together([Seat(one, rounds=1), Seat(two, rounds=2, count=1)])
    found = refine(together, Numbers(), rounds=9, count=10)
    assert together.name == "one, two"
    # Each has its rounds and its count; an idea that both have is decided once.
    assert [(d.round, d.text) for d in found.decisions] == [(1, "1"), (1, "2"), (2, "42")]
    assert [len(told) for told in one.told] == [0]
    assert [[f.text for f in told] for told in two.told] == [[], []]
    assert found.stop == "decided"
    alone = refine(Together([Seat(Fixed([["1"]], "one"), rounds=1)]), Numbers(), rounds=9)
    assert alone.stop == "proposer ended"


@dataclass
class Patient(Numbers):
    """Decides about one idea in a round, the largest."""

    def establish(
        self, waiting: Sequence[Proposal[str]]
    ) -> Iterator[tuple[Proposal[str], Feedback]]:
        self.established.append(" ".join(proposal.text for proposal in waiting))
        yield from islice(super().establish(waiting[:1]), 1)


def test_what_is_not_decided_waits_for_the_next_round_and_for_the_end() -> None:
    referee = Patient("7")
    found = refine(Fixed([["100", "20", "7"], ["300"]]), referee, rounds=2)
    assert [told for told in referee.established if " " in told] == ["100 20 7", "300 20 7", "20 7"]
    assert [d.text for d in found.decisions] == ["100", "300", "20", "7"]
    assert found.stop == "decided"
    # Where nothing moves any more, what waits keeps what the screening said.
    stuck = Patient("7")
    stuck.establish = lambda waiting: iter(())  # type: ignore[method-assign]
    found = refine(Fixed([["1", "2"]]), stuck, rounds=1)
    assert [d.feedback.status for d in found.decisions] == ["open", "open"]


def test_what_was_told_before_is_not_decided_again() -> None:
    told = (Feedback("1", "refuted"), Feedback("2", "open"))
    proposer = Fixed([["1", "2", "3"]])
    found = refine(proposer, Numbers(), rounds=1, told=told)
    assert [d.text for d in found.decisions] == ["2", "3"]
    assert tuple(proposer.told[0]) == told
