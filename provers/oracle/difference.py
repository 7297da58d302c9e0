"""Differential testing: a portfolio of ways to find an input on which two programs differ.

The portfolio stops at the first difference that comes back in fresh workers. It fails closed: a
tester that could not run has not shown agreement, and raises ``BackendError``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ...engine.budget import Budget
from ...engine.errors import IncomparableError
from ...engine.synthesis.extremes import magnitudes, stretched
from ...engine.synthesis.inputs import Generator
from ...engine.synthesis.outcome import Outcome
from ...engine.synthesis.types import Type
from .comparison import Comparison
from .constants import harvest
from .sandbox import Program, encoded

Call = tuple[object, ...]

INPUTS_A_SECOND = 1000
"""How many inputs a second of budget stands for: the tester stops by count, so that its verdict
does not hang on the machine; the seconds are an upper bound for programs that are slow."""
_LEAST_INPUTS = 300
_UNTRACED = 100
"""So many inputs are tried before any is traced: most differences show by then."""
_MOST_FLAKY = 30
_CALL_SECONDS, _PATIENCE = 0.5, 4
"""CPU seconds for one input at first; a replay gives so many times that, or what a call may take."""
_EXTREME_SECONDS = 0.1
"""The same for an input far beyond the examples: many functions do not end there."""
_EXTREME = ("length", "magnitude")
_APART = ("coverage", *_EXTREME)
"""Methods whose inputs are run in a way of their own."""
_SMALL = 16
"""Fewer calls than this wait for those of the next method."""
_DRAINED = 64
"""A batch of so many calls is read to its end, which costs less than two new workers."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a tester looked: inputs tried, lines-to-lines arcs of the hidden program, seconds.

    ``inconclusive`` counts inputs on which the hidden program itself broke down or ran out of
    time; ``methods`` says how many inputs each member of the portfolio contributed; ``values`` is
    the number of inputs on which the hidden program returned.
    """

    inputs: int
    inconclusive: int
    branches: int
    cpu_seconds: float
    methods: tuple[tuple[str, int], ...] = ()
    unavailable: tuple[str, ...] = ()
    values: int = 0

    def __repr__(self) -> str:
        return (
            f"Effort({self.inputs} inputs, {self.branches} branches, {self.cpu_seconds:.2f} CPU s)"
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """An input on which two programs differ, replayed and minimised."""

    arguments: Call
    expected: Outcome
    found: Outcome
    method: str
    effort: Effort


@dataclass(slots=True)
class Tester:
    """Compares a candidate with a hidden program, call by call.

    It stops after ``INPUTS_A_SECOND`` inputs for each second of the budget, or when the seconds
    themselves are used up.

    ``accepts`` decides, from the hidden program's outcome, whether an input belongs to the domain
    on which the two must agree; by default every input does. ``off_type`` also tries arguments of
    types that the examples do not show, where functions that agree on their domain often differ.
    ``others`` are types that the arguments may have as well, for all that is known.
    """

    hidden: Program
    candidate: Program
    calls: Sequence[Call]
    comparison: Comparison = field(default_factory=Comparison)
    budget: Budget = field(default_factory=Budget)
    types: tuple[Type, ...] | None = None
    others: Sequence[tuple[Type, ...]] = ()
    seed: int = 0
    accepts: Callable[[Call, Outcome], bool] = lambda call, outcome: True
    symbolic: bool = True
    off_type: bool = False
    tried: int = 0
    inconclusive: int = 0
    flaky: int = 0
    values: int = 0
    methods: dict[str, int] = field(default_factory=dict)
    unavailable: list[str] = field(default_factory=list)
    arcs: set[int] = field(default_factory=set)
    corpus: list[Call] = field(default_factory=list)
    _cpu_before: float = 0.0
    _started: float = 0.0
    _generator: Generator | None = None
    _last_kind: str = "gave no outcome"

    def run(self) -> Difference | Effort:
        """The first difference, or the effort that found none."""
        self._started = time.process_time()
        self._cpu_before = self.hidden.cpu_seconds + self.candidate.cpu_seconds
        known, new = harvest(self.hidden.source), harvest(self.candidate.source)
        constants = known + new
        # What one program alone compares with or adds comes first: there the two may part.
        telling = sorted(constants, key=lambda value: value in known and value in new)
        self._generator = Generator.of(
            self.calls, constants=constants, types=self.types, seed=self.seed
        )
        most = max(_LEAST_INPUTS, int(self.budget.seconds * INPUTS_A_SECOND))
        for batch in _gathered(self._portfolio(self._generator, telling)):
            found = self._test(batch)
            if found is not None:
                return found
            if self.tried >= most or self._is_hopeless or self.spent >= self.budget.seconds:
                break
        effort = self.effort()
        if effort.inputs == effort.inconclusive:
            raise IncomparableError(
                f"no input could be compared: {self.hidden.name} {self._last_kind} "
                f"on all {effort.inputs} that were tried"
            )
        return effort

    @property
    def _is_hopeless(self) -> bool:
        """Whether the hidden program answers nothing, or by chance, so that more is in vain."""
        return self.flaky >= _MOST_FLAKY or (
            self.tried >= _LEAST_INPUTS and self.inconclusive == self.tried
        )

    @property
    def spent(self) -> float:
        """CPU seconds used so far, here and in the workers."""
        used = self.hidden.cpu_seconds + self.candidate.cpu_seconds - self._cpu_before
        return time.process_time() - self._started + used

    def effort(self) -> Effort:
        """The effort so far."""
        return Effort(
            self.tried,
            self.inconclusive,
            len(self.arcs),
            self.spent,
            tuple(self.methods.items()),
            tuple(self.unavailable),
            self.values,
        )

    def _portfolio(
        self, generator: Generator, telling: Sequence[object]
    ) -> Iterator[tuple[str, list[Call]]]:
        """Batches of inputs, cheap ways first, growing; ends when all ways are used up."""
        yield "examples", list(self.calls)
        if not generator.types and not self.others:
            yield "edges", [()]  # there is no other call
            return
        edges = generator.edges_in_turn(telling)
        stream = generator.mixtures()
        for batch in iter(lambda: list(islice(edges, 8)), []):
            yield "edges", batch
            yield "mutation", list(islice(stream, 24))
            if self.tried > _UNTRACED:
                yield from self._traced(generator)
        yield from self._traced(generator)
        yield from _batches("mutation", islice(stream, 400), 32)
        yield from self._of_other_types(generator)
        yield "unicode", [generator.unicode() for _ in range(20)]
        yield from self._extreme(generator, telling)
        if self.off_type:
            yield "off type", [generator.off_type() for _ in range(60)]
        yield from self._guided(generator, 8)
        yield from self._hypothesis(400)
        yield from _batches("mutation", islice(stream, 3000), 128)
        share = 0.35 * self.budget.seconds
        if self.symbolic and share > 1:
            yield from self._symbolic(share)
        yield from self._guided(generator, 20)
        yield from self._hypothesis(2000)
        while True:
            yield from _batches("mutation", islice(stream, 2000), 256)
            yield from self._guided(generator, 6)

    def _of_other_types(self, generator: Generator) -> Iterator[tuple[str, list[Call]]]:
        """A few inputs of each other combination of types."""
        for kinds in self.others:
            other = Generator.of((), types=kinds, seed=self.seed)
            other.pool, other.alphabet = generator.pool, generator.alphabet
            yield "other types", [*islice(other.edges(), 24), *(other.fresh() for _ in range(12))]

    def _extreme(
        self, generator: Generator, telling: Sequence[object]
    ) -> Iterator[tuple[str, list[Call]]]:
        """Inputs far beyond the examples, as long as the hidden program bears them."""
        dice = random.Random(self.seed)
        calls = self.calls or [generator.fresh() for _ in range(3)]
        yield from _batches("length", stretched(calls, telling, dice), 16)
        borne = self.inconclusive
        for batch in magnitudes(calls, dice):
            yield "magnitude", batch
            if self.inconclusive > borne:
                return

    def _traced(self, generator: Generator) -> Iterator[tuple[str, list[Call]]]:
        """What the examples and some edges reach; tracing is what ``_test`` does with them."""
        if "coverage" not in self.methods:
            yield "coverage", [*self.calls, *islice(generator.edges(), 32)]

    def _guided(self, generator: Generator, rounds: int) -> Iterator[tuple[str, list[Call]]]:
        """Neighbours of inputs that reached new arcs."""
        for _ in range(rounds):
            seeds = self.corpus[-60:] or list(self.calls)
            if not seeds:
                return
            batch = [generator.mutation(generator.dice.choice(seeds)) for _ in range(40)]
            yield "coverage", batch

    def _hypothesis(self, count: int) -> Iterator[tuple[str, list[Call]]]:
        from .strategies import draw

        if self._generator is None:
            return
        try:
            batch = draw(self._generator.types, count, self.seed)
        except ImportError:
            if "hypothesis" not in self.unavailable:
                self.unavailable.append("hypothesis")
            return
        yield from _batches("hypothesis", iter(batch), 200)

    def _symbolic(self, seconds: float) -> Iterator[tuple[str, list[Call]]]:
        from .symbolic import search

        if self._generator is None:
            return
        result = search(self.hidden, self.candidate, self._generator.types, seconds)
        if isinstance(result, str):
            self.unavailable.append(result)
        elif result:
            yield "symbolic", result

    def _test(self, batch: list[tuple[str, Call]]) -> Difference | None:
        """Run a batch on both programs; the first difference that is replayed is the answer."""
        trace = batch[0][0] == "coverage"
        seconds = min(_CALL_SECONDS, self.hidden.limits.seconds)
        if batch[0][0] in _EXTREME:
            seconds = min(_EXTREME_SECONDS, seconds)
        calls = encoded([call for _, call in batch])
        self.hidden.begin_encoded(calls, seconds=seconds, trace=trace)
        self.candidate.begin_encoded(calls, seconds=seconds)
        pairs = zip(batch, self.hidden.outcomes(), self.candidate.outcomes(), strict=True)
        suspects: list[Difference] = []
        for (method, call), (expected, arcs), (found, _) in pairs:
            self.tried += 1
            self.values += expected.is_value
            self.methods[method] = self.methods.get(method, 0) + 1
            if not arcs <= self.arcs:
                self.arcs |= arcs
                self.corpus.append(call)
            if not is_conclusive(expected):
                self.inconclusive += 1
                self._last_kind = repr(expected)
            elif self._differ(call, expected, found):
                suspects.append(Difference(call, expected, found, method, self.effort()))
                is_quick = found.kind == "returned" and len(batch) <= _DRAINED
                if len(suspects) >= 3 and not is_quick:
                    break
            if self.spent >= self.budget.seconds:
                break  # a batch of slow calls may cost more than there is
        self._settle()
        suspects.sort(key=lambda suspect: len(repr(suspect.arguments)))
        confirmed = (self._confirmed(suspect) for suspect in suspects[:3])
        return next((found for found in confirmed if found is not None), None)

    def _differ(self, call: Call, expected: Outcome, found: Outcome) -> bool:
        """Whether the two disagree on an input of the domain."""
        return self.accepts(call, expected) and not self.comparison.agree(expected, found)

    def _confirmed(self, suspect: Difference) -> Difference | None:
        """The smallest difference below a suspect that fresh workers show too."""
        smaller = self._minimised(suspect)
        for best in (smaller, suspect) if smaller is not suspect else (suspect,):
            replayed = self.replay(best.arguments, best.expected)
            if replayed is not None:
                return Difference(best.arguments, *replayed, best.method, self.effort())
        return None

    def _settle(self) -> None:
        """Give up what a batch left unread: the workers would still be busy with it."""
        for program in (self.hidden, self.candidate):
            if program.is_busy:
                program.restart()

    def replay(self, call: Call, before: Outcome) -> tuple[Outcome, Outcome] | None:
        """Both outcomes in fresh workers with more time, if they differ there as well.

        ``before`` is what the hidden program said at first: what it says must not hang on chance.
        """
        outcomes = []
        for program in (self.hidden, self.candidate):
            program.restart()
            seconds = max(program.limits.seconds, _PATIENCE * _CALL_SECONDS)
            times = _TOSSES if _may_toss(self.hidden.source) else 1
            answers = program.run([call] * times, seconds=seconds)
            if not all(self.comparison.agree(answers[0], answer) for answer in answers[1:]):
                self.flaky += 1
                return None
            outcomes.append(answers[0])
        expected, found = outcomes
        if not self.comparison.agree(before, expected):
            self.flaky += 1
            return None
        if not is_conclusive(expected) or not self._differ(call, expected, found):
            return None
        return expected, found

    def _minimised(self, found: Difference) -> Difference:
        """The same difference on a smaller input, within a small share of the budget."""
        from .minimisation import smaller_calls

        if found.found.kind in ("timed out", "out of memory") or found.expected.kind != "returned":
            tries = 10
        else:
            tries = 200
        best = found
        smaller = smaller_calls(best.arguments)
        size = 8
        while tries > 0 and (batch := list(islice(smaller, min(tries, size)))):
            tries -= len(batch)
            size = min(64, 2 * size)
            calls = encoded(batch)
            self.hidden.begin_encoded(calls, seconds=0.3)
            self.candidate.begin_encoded(calls, seconds=0.3)
            for call, (expected, _), (got, _) in zip(
                batch, self.hidden.outcomes(), self.candidate.outcomes(), strict=True
            ):
                if (
                    best.arguments not in batch
                    and expected.kind == found.expected.kind
                    and got.kind == found.found.kind
                    and self._differ(call, expected, got)
                ):
                    best = Difference(call, expected, got, found.method, found.effort)
                    smaller = smaller_calls(call)
            self._settle()
        return best


_TOSSES = 20
"""A program that may draw at random has to say the same so often: one toss agrees by chance."""


def _may_toss(source: str) -> bool:
    return any(word in source for word in ("random", "secrets", "uuid", "time", "shuffle"))


def is_conclusive(expected: Outcome) -> bool:
    """Whether the hidden program showed a behaviour that a candidate can be held to."""
    return expected.kind in ("returned", "raised", "exited", "too large")


def _gathered(parts: Iterator[tuple[str, list[Call]]]) -> Iterator[list[tuple[str, Call]]]:
    """Batches of parts that are run alike; small ones go together, for each wakes two workers up."""
    batch: list[tuple[str, Call]] = []
    for method, calls in parts:
        apart = method in _APART
        if batch and apart:
            yield batch
            batch = []
        batch += [(method, call) for call in calls]
        if batch and (apart or len(batch) >= _SMALL):
            yield batch
            batch = []
    if batch:
        yield batch


def _batches(method: str, calls: Iterator[Call], size: int) -> Iterator[tuple[str, list[Call]]]:
    while batch := list(islice(calls, size)):
        yield method, batch
