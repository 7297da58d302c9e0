"""The referee of programs: ideas are run on what is known, attacked with queries, and submitted.

A program that fails one known answer is refuted for nothing; what fits all of them is asked about
where its own behaviour is rare, and only what withstands that costs a submission.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from ..proposal import Feedback, Proposal
from ..verdict import Refuted
from .dialogue import Counterexample, Example, NotRefuted, Oracle, call_text
from .inputs import Generator
from .outcome import Outcome

TOLERANCE = 1e-9
"""Floats that differ by less, relatively, are taken for the same answer."""

_ATTACKS = 4
"""Queries spent on one program before it is submitted."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A program: Python source that defines the function asked for."""

    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """Arguments on which the hidden function is to be asked."""

    arguments: tuple[object, ...]


Idea: TypeAlias = Guess | Question


@dataclass
class ProgramReferee:
    """Decides about programs for one hidden function; ``program`` is the accepted one."""

    oracle: Oracle
    seed: int = 0
    program: str | None = None
    verdict: NotRefuted | None = None
    rejected: list[str] = field(default_factory=list)
    queries: int = 0
    submissions: int = 0
    candidates: int = 0
    _raised: set[int] = field(default_factory=set)

    def is_over(self) -> bool:
        """Whether a program was accepted, or none can be submitted any more."""
        return self.program is not None or self.oracle.submissions_left <= 0

    def screen(self, proposal: Proposal[Idea]) -> Feedback:
        """A question is answered; a program is run on every known answer."""
        match proposal.content:
            case Question(arguments):
                return self._ask(proposal, arguments)
            case Guess(source):
                self.candidates += 1
                return self._fit(proposal, source)

    def establish(self, proposal: Proposal[Idea]) -> Feedback:
        """Attacks a program that fits with a few queries, then submits it."""
        match proposal.content:
            case Question(arguments):
                return self._ask(proposal, arguments)
            case Guess(source):
                fit = self._fit(proposal, source)  # what was learnt meanwhile may refute it
                if fit.status != "open":
                    return fit
                return self._attack(proposal, source) or self._submit(proposal, source)

    def _ask(self, proposal: Proposal[Idea], arguments: tuple[object, ...]) -> Feedback:
        if self.oracle.queries_left <= 0:
            return Feedback(proposal.text, "refused", "all queries are used up")
        known = [e for e in self.oracle.examples if repr(e.arguments) == repr(arguments)]
        if known:
            return Feedback(proposal.text, "answered", f"known: {known[0].outcome!r}"[:300])
        outcome = self.oracle.ask(*arguments)
        self.queries += 1
        return Feedback(proposal.text, "answered", repr(outcome)[:300])

    def _binding(self) -> list[Example]:
        """The answers that a program must agree with."""
        return [
            example
            for place, example in enumerate(self.oracle.examples)
            if example.outcome.is_value or place in self._raised
        ]

    def _fit(self, proposal: Proposal[Idea], source: str) -> Feedback:
        examples = self._binding()
        outcomes = self.oracle.rehearse(source, [example.arguments for example in examples])
        right = 0
        first: tuple[Example, Outcome] | None = None
        for example, outcome in zip(examples, outcomes, strict=True):
            if agrees(outcome, example.outcome):
                right += 1
            elif first is None:
                first = example, outcome
        if first is None:
            # Among programs that fit, the shorter one is more likely.
            return Feedback(proposal.text, "open", "", 1.0 - min(len(source), 5_000) / 100_000)
        if all(outcome.kind == "not loaded" for outcome in outcomes):
            return Feedback(proposal.text, "refused", repr(outcomes[0])[:500])
        example, outcome = first
        reason = f"{call_text(self.oracle.name, example.arguments)}: expected {example.outcome!r}, found {outcome!r}"  # fmt: skip
        return Feedback(
            proposal.text,
            "refuted",
            f"{reason[:600]} ({right} of {len(examples)} answers are right)",
            0.9 * right / len(examples),
        )

    def _attack(self, proposal: Proposal[Idea], source: str) -> Feedback | None:
        """Asks where this program's answers are rare: there an error hides."""
        calls = self._untried()
        if not calls or self.oracle.queries_left <= 0:
            return None
        outcomes = self.oracle.rehearse(source, calls)
        dice = random.Random(self.seed)
        for _ in range(min(_ATTACKS, self.oracle.queries_left, len(calls))):
            place = _rarest(outcomes, dice)
            call, predicted = calls.pop(place), outcomes.pop(place)
            actual = self.oracle.ask(*call)
            self.queries += 1
            if actual.is_value and not agrees(predicted, actual):
                reason = f"{call_text(self.oracle.name, call)}: expected {actual!r}, found {predicted!r}"  # fmt: skip
                return Feedback(proposal.text, "refuted", reason[:600], 0.9)
        return None

    def _untried(self) -> list[tuple[object, ...]]:
        calls = [example.arguments for example in self.oracle.examples]
        if not calls:
            return []
        generator = Generator.of(calls, seed=self.seed + len(calls))
        known = {repr(call) for call in calls}
        found: dict[str, tuple[object, ...]] = {}
        for call in islice(generator.stream(), len(calls), len(calls) + 200):
            if repr(call) not in known:
                found[repr(call)] = call
            if len(found) == 80:
                break
        return list(found.values())

    def _submit(self, proposal: Proposal[Idea], source: str) -> Feedback:
        verdict = self.oracle.submit(source)
        self.submissions += 1
        match verdict:
            case NotRefuted():
                self.program, self.verdict = source, verdict
                return Feedback(proposal.text, "accepted", repr(verdict)[:300], 1.0, verdict)
            case Refuted():
                self.rejected.append(source)
                shown = verdict.counterexample
                if isinstance(shown, Counterexample) and not shown.expected.is_value:
                    self._raised.add(len(self.oracle.examples) - 1)
                return Feedback(proposal.text, "refuted", verdict.explanation[:600], 0.95, verdict)


def agrees(found: Outcome, expected: Outcome) -> bool:
    """Whether two outcomes are the same as far as a search cares.

    >>> agrees(Outcome("returned", 0.1 + 0.2), Outcome("returned", 0.3))
    True
    >>> agrees(Outcome("returned", True), Outcome("returned", 1))
    False
    """
    if not expected.is_value or not found.is_value:
        return found.kind == expected.kind and found.kind in ("returned", "raised")
    return _same(found.value, expected.value)


def _same(one: object, two: object) -> bool:
    if type(one) is not type(two):
        return False
    match one, two:
        case float(), float():
            both_nan = one != one and two != two
            return both_nan or math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=1e-12)
        case ((list() | tuple()), (list() | tuple())):
            return len(one) == len(two) and all(map(_same, one, two))
        case dict(), dict():
            return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
        case _:
            return bool(one == two)


def _rarest(outcomes: Sequence[Outcome], dice: random.Random) -> int:
    tally: dict[str, int] = {}
    for outcome in outcomes:
        tally[repr(outcome)] = tally.get(repr(outcome), 0) + 1
    weights = [1.0 / tally[repr(one)] * (1.0 if one.is_value else 0.3) for one in outcomes]
    return dice.choices(range(len(outcomes)), weights)[0]
