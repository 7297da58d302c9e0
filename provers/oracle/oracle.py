"""A hidden function behind a budget of queries, and the verdict on candidates for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...engine.budget import Budget
from ...engine.errors import BackendError, SourceError, UsageError
from ...engine.synthesis.dialogue import Counterexample, Example, NotRefuted, call_text, value_text
from ...engine.synthesis.outcome import Outcome
from ...engine.synthesis.types import Type, infer_arguments
from ...engine.verdict import Refuted
from .comparison import Comparison
from .difference import Difference, Effort, Tester
from .sandbox import Limits, Program, Sandbox
from .source import Subject

Domain = Callable[[tuple[object, ...], Outcome], bool]


class Oracle:
    """Answers calls of a hidden function and judges candidates; neither runs in this process.

    ``examples`` are calls given for free to the one who asks: each a tuple of arguments (or one
    bare argument that is not a tuple). They count against ``queries``, as in CodeARC. The hidden
    function is a callable, or source text whose last function is meant. After ``submissions``
    candidates, or ``queries`` calls, the oracle falls silent: ``UsageError``.

    ``domain(arguments, outcome)`` tells the inputs on which a candidate is held to the hidden
    function; by default that is every input. ``off_type`` also tries
    a few arguments of types that the examples do not show.

    >>> with Oracle("def f(x, xs): return x + len(xs)", examples=[(1, [2])], queries=3) as oracle:
    ...     oracle.ask(3, [1, 2])
    ...     oracle.submit("def f(x, xs): return x + 1")
    returned 5
    Refuted('f': x = 0, xs = [])
    """

    def __init__(
        self,
        hidden: Callable[..., object] | str | Subject,
        *,
        examples: Sequence[object] = (),
        queries: int = 30,
        submissions: int = 2,
        name: str | None = None,
        comparison: Comparison | None = None,
        domain: Domain | None = None,
        types: tuple[Type, ...] | None = None,
        sandbox: Sandbox | None = None,
        limits: Limits | None = None,
        effort: Budget | None = None,
        off_type: bool = False,
        seed: int = 0,
    ) -> None:
        subject = hidden if isinstance(hidden, Subject) else Subject.of(hidden)
        self._subject = subject
        self._name = name or subject.name
        self._comparison = comparison or Comparison()
        self._domain = domain
        self._types = types
        self._sandbox = sandbox or Sandbox.shared()
        self._effort = effort or Budget(seconds=5)
        self._seed = seed
        self._off_type = off_type
        self._queries = queries
        self._submissions = submissions
        self._verdicts: list[Refuted | NotRefuted] = []
        self._asked: list[Example] = []
        self._free = 0
        if len(examples) > queries:
            raise UsageError(f"{len(examples)} examples do not fit into {queries} queries")
        self._limits = limits or Limits(seconds=2.0)
        self._program: Program = self._sandbox.load(subject.source, subject.name, self._limits)
        try:
            for item in examples:
                arguments = item if isinstance(item, tuple) else (item,)
                self.ask(*arguments)
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """The name a candidate's function must have."""
        return self._name

    @property
    def parameters(self) -> tuple[str, ...]:
        """The hidden function's parameter names."""
        return self._subject.parameters

    @property
    def examples(self) -> tuple[Example, ...]:
        """All calls answered so far, counterexamples included, oldest first."""
        return tuple(self._asked)

    @property
    def verdicts(self) -> tuple[Refuted | NotRefuted, ...]:
        """What was said of each submitted candidate."""
        return tuple(self._verdicts)

    @property
    def queries_left(self) -> int:
        """How many calls may still be asked; counterexamples do not count."""
        return self._queries - len(self._asked) + self._free

    @property
    def submissions_left(self) -> int:
        """How many candidates may still be submitted."""
        return self._submissions - len(self._verdicts)

    def ask(self, *arguments: object) -> Outcome:
        """What the hidden function does with these arguments; costs one query."""
        if self.queries_left <= 0:
            raise UsageError(f"all {self._queries} queries are used up")
        outcome = self._program.call(*arguments)
        if outcome.kind == "not loaded":
            raise BackendError(f"the hidden function cannot be loaded: {outcome.message}")
        self._asked.append(Example(arguments, outcome))
        return outcome

    def submit(self, candidate: str, *, budget: Budget | None = None) -> Refuted | NotRefuted:
        """``Refuted`` with a counterexample, or ``NotRefuted`` with the effort; one submission.

        Raises ``BackendError`` where the tester could not do its work: that is no agreement.
        """
        if self.submissions_left <= 0:
            raise UsageError(f"all {self._submissions} submissions are used up")
        verdict = self.judge(candidate, budget=budget)
        self._verdicts.append(verdict)
        if isinstance(verdict, Refuted) and isinstance(verdict.counterexample, Counterexample):
            shown = verdict.counterexample
            self._asked.append(Example(shown.arguments, shown.expected))
            self._free += 1
        return verdict

    def rehearse(self, candidate: str, calls: Sequence[tuple[object, ...]]) -> list[Outcome]:
        """What a candidate itself does on these calls; costs nothing, tells nothing hidden."""
        with self._sandbox.load(candidate, self._name, self._limits) as program:
            return program.run(calls, seconds=0.2)

    def judge(
        self,
        candidate: str | Subject,
        *,
        budget: Budget | None = None,
        seed: int | None = None,
    ) -> Refuted | NotRefuted:
        """The same verdict for a referee: costs nothing, tells the asker nothing."""
        if isinstance(candidate, str):
            # Text that is no Python still gets its verdict: it loads nowhere.
            candidate = Subject(candidate, self._defined_name(candidate))
        calls = [example.arguments for example in self._asked]
        types, *others = self._possible_types(calls)
        with self._sandbox.load(candidate.source, candidate.name, self._limits) as program:
            tester = Tester(
                self._program,
                program,
                calls,
                self._comparison,
                budget or self._effort,
                types=types,
                others=others,
                seed=self._seed if seed is None else seed,
                off_type=self._off_type,
                accepts=self._domain or (lambda call, outcome: True),
            )
            found = tester.run()
        match found:
            case Difference():
                return self._refuted(found)
            case Effort():
                return NotRefuted(self._name, found, found.cpu_seconds)

    def _defined_name(self, candidate: str) -> str:
        """The function meant in a candidate: the one asked for, or else the last one."""
        try:
            found = Subject.of_text(candidate, None)
        except SourceError:
            return self._name
        return self._name if f"def {self._name}(" in candidate else found.name

    def _possible_types(self, calls: list[tuple[object, ...]]) -> list[tuple[Type, ...]]:
        """What to call the hidden function with, the likeliest first.

        Where neither the caller nor an example says so, its annotations do, or what it takes.
        """
        if self._types is not None:
            return [self._types]
        if calls:
            return [infer_arguments(calls)]
        if not self._subject.is_told:
            raise UsageError(
                f"what {self._subject.name} can be called with is not told by its text: give an "
                "example of its arguments"
            )
        return guess_types(self._subject, self._program)

    def _refuted(self, found: Difference) -> Refuted:
        names = self._subject.parameters
        if len(names) != len(found.arguments):
            names = tuple(f"argument {place + 1}" for place in range(len(found.arguments)))
        shown = Counterexample(found.arguments, found.expected, found.found, self._name)
        return Refuted(
            self._name,
            tuple(zip(names, map(value_text, found.arguments), strict=True)),
            explanation=f"{call_text(self._name, found.arguments)}: expected {found.expected!r}, "
            f"found {found.found!r}",
            method=found.method,
            cpu_seconds=found.effort.cpu_seconds,
            counterexample=shown,
        )

    def close(self) -> None:
        """End the hidden function's worker."""
        self._program.close()

    def __enter__(self) -> Oracle:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return (
            f"Oracle({self._name}: {len(self._asked)} answers, {self.queries_left} queries and "
            f"{self.submissions_left} submissions left)"
        )


GUESSES = 16
"""Of all combinations of types that a function takes so many are tried at most."""


def guess_types(subject: Subject, program: Program) -> list[tuple[Type, ...]]:
    """Parameter types from annotations; where there are none, all those that the function takes.

    Parameters with defaults are also left out, and where any number may follow a few do.
    """
    from itertools import islice, product

    from ...engine.synthesis.types import FLOAT, INT, STR, list_of

    sample = {
        INT: 3,
        STR: "ab",
        list_of(INT): [3, 1, 2],
        list_of(STR): ["b", "a"],
        FLOAT: 1.5,
        list_of(list_of(INT)): [[1, 2], [3, 4]],
        Type("dict", (STR, INT)): {"a": 1},
        Type("set", (INT,)): {1, 2},
    }
    choices = [[known] if known else list(sample) for known in subject.types]
    attempts = list(islice(product(*choices), 300))
    if subject.rest:
        attempts += [(*attempts[0], *[kind] * more) for more in (1, 2, 3, 4, 6) for kind in sample]
    shorter = [
        kinds[: len(kinds) - missing]
        for kinds in attempts[:40]
        for missing in range(1, min(subject.defaults, len(kinds)) + 1)
    ]
    attempts = list(dict.fromkeys((*attempts, *shorter)))
    if not any(known is None for known in subject.types) and not subject.rest:
        return attempts or [()]
    outcomes = program.run(
        [tuple(sample.get(kind, 1) for kind in kinds) for kinds in attempts], seconds=0.2
    )
    taken = [
        kinds
        for kinds, outcome in zip(attempts, outcomes, strict=True)
        if outcome.is_value and not (outcome.value is None and outcome.after is None)
    ]
    # Spread over all that are taken: neighbours differ in the last parameter alone.
    return taken[:1] + taken[1 :: max(1, len(taken) // GUESSES)] or attempts[:1] or [()]
