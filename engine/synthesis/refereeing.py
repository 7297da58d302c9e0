"""The referee of programs: ideas are run on what is known, told apart by queries, and submitted.

Whoever has an idea, a program that fails one known answer is refuted for nothing. What fits all of
them is asked about where the ideas disagree, and where an idea's own behaviour is rare. Only what
withstands that costs a submission; where nothing tells an enumerated program from another one, the
enumerated one goes first, so that company never costs the enumeration a submission.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from ..proposal import Feedback, Proposal
from ..verdict import Refuted
from .agreement import agrees, key, same
from .bank import FAILED
from .conversation import Conversation
from .dialogue import Example, NotRefuted, Oracle, call_text
from .outcome import Outcome
from .program import Signature, render

_MOST_LEADERS = 8
_MOST_ASKED, _LEAST_ASKED = 9, 4
"""Queries for one submission: at most, and where all that is left does the same."""
_NEW_CALLS, _STRANGE_CALLS = 120, 24


@dataclass(frozen=True, slots=True)
class Guess:
    """A program: Python source that defines the function asked for."""

    source: str


@dataclass(frozen=True, slots=True)
class Enumerated:
    """A program of the enumeration. It fits all answers by its making.

    ``foretold`` are its values on ``probes``, calls that nobody has asked about yet. ``doubt`` is
    above 0 where the answers are too few to tell it from a chance fit.
    """

    source: str
    code: str
    signature: Signature
    cost: int
    probes: tuple[tuple[object, ...], ...]
    foretold: tuple[Any, ...]
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """Arguments on which the hidden function is to be asked."""

    arguments: tuple[object, ...]


Idea: TypeAlias = Guess | Enumerated | Question


@dataclass(eq=False)
class _Rival:
    """A program that fits all answers, with what it says of probes; the cheaper the likelier."""

    proposal: Proposal[Idea]
    program: Guess | Enumerated
    cost: int
    foretold: tuple[Any, ...] = ()

    def matches(self, predicted: Outcome, outcome: Outcome) -> bool:
        """Whether an answer is the one that was predicted."""
        if isinstance(self.program, Enumerated):
            return predicted.is_value and same(predicted.value, outcome.value)
        return agrees(predicted, outcome)


@dataclass
class ProgramReferee:
    """Decides about programs for one hidden function; ``program`` is the accepted one."""

    conversation: Conversation
    program: str | None = None
    code: str = ""
    verdict: NotRefuted | None = None
    rejected: list[str] = field(default_factory=list)
    guesses: int = 0

    @property
    def oracle(self) -> Oracle:
        """Who knows the hidden function."""
        return self.conversation.oracle

    def is_over(self) -> bool:
        """Whether a program was accepted, or none can be submitted any more."""
        return self.program is not None or self.oracle.submissions_left <= 0

    def screen(self, proposal: Proposal[Idea]) -> Feedback:
        """A question is answered; a program is run on every known answer."""
        match proposal.content:
            case Question(arguments):
                return self._answer(proposal, arguments)
            case Enumerated():
                return Feedback(proposal.text, "open", "it fits all answers", 1.0)
            case Guess(source):
                self.guesses += 1
                return self._fit(proposal, source)

    def establish(
        self, waiting: Sequence[Proposal[Idea]]
    ) -> Iterator[tuple[Proposal[Idea], Feedback]]:
        """Tells rivals apart by queries and submits the best, until one is accepted.

        A refuted submission ends this where the enumeration takes part: it searches again first,
        and what others proposed waits.
        """
        rivals: list[_Rival] = []
        for proposal in waiting:
            match proposal.content:
                case Enumerated(cost=cost, foretold=foretold) as program:
                    rivals.append(_Rival(proposal, program, cost, foretold))
                case Guess(source) as program:
                    answer = self._fit(proposal, source)  # what was learnt meanwhile counts
                    if answer.status == "open":
                        rivals.append(_Rival(proposal, program, 0))
                    else:
                        yield proposal, answer
                case Question():
                    pass
        was_enumerated = any(isinstance(rival.program, Enumerated) for rival in rivals)
        while rivals and not self.is_over():
            asked = self.oracle.queries_left
            left = self._told_apart(rivals)
            for rival in rivals:
                if rival not in left:
                    yield (
                        rival.proposal,
                        Feedback(rival.proposal.text, "refuted", self._latest(rival.program), 0.9),
                    )
            rivals = left
            if rivals and was_enumerated and self._is_open(rivals[0].program, asked):
                break
            if rivals:
                best = rivals.pop(0)
                yield best.proposal, self._submit(best)
            if was_enumerated:
                break
            for rival in list(rivals):
                answer = self._fit(rival.proposal, rival.program.source)
                if answer.status != "open":
                    rivals.remove(rival)
                    yield rival.proposal, answer
        if was_enumerated:
            for rival in rivals:
                if isinstance(rival.program, Enumerated):
                    told = "the search begins anew with what was learnt"
                    yield rival.proposal, Feedback(rival.proposal.text, "open", told, 0.9)

    def _is_open(self, program: Guess | Enumerated, before: int) -> bool:
        """Whether to search again with what was just answered, rather than submit a chance fit."""
        if not isinstance(program, Enumerated) or program.doubt <= 0:
            return False
        return self.oracle.queries_left < before

    # Known answers

    def _answer(self, proposal: Proposal[Idea], arguments: tuple[object, ...]) -> Feedback:
        known = [e for e in self.oracle.examples if repr(e.arguments) == repr(arguments)]
        if known:
            return Feedback(proposal.text, "answered", f"known: {known[0].outcome!r}"[:300])
        if self.oracle.queries_left <= 0:
            return Feedback(proposal.text, "refused", "all queries are used up")
        if self.conversation.is_enumerating:
            self.conversation.suggested.append(arguments)
            told = "noted: it is asked if programs that fit all answers disagree there"
            return Feedback(proposal.text, "refused", told)
        outcome = self.conversation.ask(arguments, "wanted query")
        return Feedback(proposal.text, "answered", repr(outcome)[:300])

    def _fit(self, proposal: Proposal[Idea], source: str) -> Feedback:
        examples = self.conversation.binding()
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
            return Feedback(proposal.text, "open", "", 0.99 - min(len(source), 5_000) / 100_000)
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

    def _latest(self, program: Guess | Enumerated) -> str:
        """Where a program that fitted before goes wrong now; the enumeration needs no words."""
        if isinstance(program, Enumerated):
            return "an answer that tells it from others"
        for example in reversed(self.oracle.examples):
            (outcome,) = self.oracle.rehearse(program.source, [example.arguments])
            if not agrees(outcome, example.outcome):
                shown = call_text(self.oracle.name, example.arguments)
                return f"{shown}: expected {example.outcome!r}, found {outcome!r}"[:600]
        return "an answer that it does not give every time"

    # Queries

    def _told_apart(self, rivals: list[_Rival]) -> list[_Rival]:
        """Those left, the best first, once queries were spent on what they disagree about."""
        reserve = 0 if self.oracle.submissions_left < 2 else 3
        return self._attack(self._separate(rivals, reserve), reserve)

    def _separate(self, rivals: list[_Rival], reserve: int) -> list[_Rival]:
        """Asks probes of the enumeration where rivals disagree, the most telling first."""
        probes: tuple[tuple[object, ...], ...] = ()
        for rival in rivals:
            if isinstance(rival.program, Enumerated):
                probes = rival.program.probes
        if not probes:
            return rivals
        least = min(rival.cost for rival in rivals if isinstance(rival.program, Enumerated))
        for rival in rivals:
            if isinstance(rival.program, Guess):
                rival.cost = least
                outcomes = self.oracle.rehearse(rival.program.source, probes)
                rival.foretold = tuple(o.value if o.is_value else FAILED for o in outcomes)
        open_probes = list(range(len(probes)))
        while open_probes and self.oracle.queries_left > reserve and len(rivals) > 1:
            probe = max(open_probes, key=lambda p: _information(rivals, p))
            if _information(rivals, probe) <= 1e-9:
                break
            open_probes.remove(probe)
            outcome = self.conversation.ask(probes[probe], "separating query", len(rivals))
            if outcome.is_value:
                rivals = [rival for rival in rivals if same(rival.foretold[probe], outcome.value)]
        return rivals

    def _attack(self, rivals: list[_Rival], reserve: int) -> list[_Rival]:
        """Tries the leaders on new inputs; asks where they differ, then where they may err."""
        enumerated = [rival for rival in rivals if isinstance(rival.program, Enumerated)]
        others = [rival for rival in rivals if isinstance(rival.program, Guess)]
        leaders = [*enumerated[:_MOST_LEADERS], *others[:_MOST_LEADERS]]
        calls = self._new_calls() if leaders and self.oracle.queries_left > reserve else []
        columns = [self.oracle.rehearse(rival.program.source, calls) for rival in leaders]
        alive = list(range(len(leaders)))
        asked = 0
        dice = random.Random(self.conversation.seed)
        while self.oracle.queries_left > reserve and calls and asked < _MOST_ASKED:
            split = [
                place
                for place in range(len(calls))
                if len({repr(columns[leader][place]) for leader in alive}) > 1
            ]
            if not split and asked >= _LEAST_ASKED:
                break
            if split:
                place = max(split, key=lambda p: (_parts(columns, alive, p), dice.random()))
            else:
                place = _most_telling(columns[alive[0]], dice)
            outcome = self.conversation.ask(calls[place], "testing query", len(alive))
            asked += 1
            if outcome.is_value:
                alive = [a for a in alive if leaders[a].matches(columns[a][place], outcome)]
                if not alive:
                    return []
            calls.pop(place)
            for column in columns:
                column.pop(place)
        untried = [*enumerated[_MOST_LEADERS:], *others[_MOST_LEADERS:]]
        return [*(leaders[place] for place in alive), *untried]

    def _new_calls(self) -> list[tuple[object, ...]]:
        """Inputs that were not asked yet: like the known ones, suggested ones, and strange ones."""
        answered = self.conversation.binding()
        generator = self.conversation.generator()
        known = {repr(example.arguments) for example in self.oracle.examples}
        stream = islice(generator.stream(), len(generator.calls), 500)
        calls = [call for call in stream if repr(call) not in known]
        if answered:
            signature = self.conversation.signature(answered)
            calls = [call for call in calls if signature.takes(call)]
        generator.dice.shuffle(calls)
        strange = [generator.unicode() for _ in range(_STRANGE_CALLS)]
        wanted = [c for c in self.conversation.suggested if repr(c) not in known]
        return wanted + calls[:_NEW_CALLS] + [c for c in strange if c not in generator.calls]

    # Submissions

    def _submit(self, rival: _Rival) -> Feedback:
        text, program = rival.proposal.text, rival.program
        source, shown = program.source, program.source.strip()
        if isinstance(program, Enumerated):
            source = render(program.code, program.signature, self.oracle.examples)
            shown = program.code
        verdict = self.conversation.submit(source, shown[:2_000])
        match verdict:
            case NotRefuted():
                self.program, self.verdict = source, verdict
                self.code = program.code if isinstance(program, Enumerated) else ""
                return Feedback(text, "accepted", repr(verdict)[:300], 1.0, verdict)
            case Refuted():
                self.rejected.append(source)
                return Feedback(text, "refuted", verdict.explanation[:600], 0.95, verdict)


def _parts(columns: Sequence[list[Outcome]], alive: Sequence[int], place: int) -> int:
    """Into how many groups the answer at this place divides those alive."""
    return len({repr(columns[leader][place]) for leader in alive})


def _most_telling(column: Sequence[Outcome], dice: random.Random) -> int:
    """An input whose predicted answer is rare among the predictions: that is where errors hide."""
    tally: dict[str, int] = {}
    for outcome in column:
        tally[repr(outcome)] = tally.get(repr(outcome), 0) + 1
    weights = [1.0 / tally[repr(o)] * (1.0 if o.is_value else 0.3) for o in column]
    return dice.choices(range(len(column)), weights)[0]


def _information(rivals: Sequence[_Rival], place: int) -> float:
    """Bits that the answer at this probe is expected to give, cheaper programs weighing more."""
    least = rivals[0].cost
    classes: dict[bytes, float] = {}
    for rival in rivals:
        found = key([rival.foretold[place]])
        classes[found] = classes.get(found, 0.0) + 0.6 ** (rival.cost - least)
    total = sum(classes.values())
    return -sum(w / total * math.log2(w / total) for w in classes.values())
