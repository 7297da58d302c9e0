"""An oracle that knows nothing but given pairs: for examples without a hidden function."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.errors import UsageError
from ...engine.synthesis.dialogue import Counterexample, Example, NotRefuted, call_text, value_text
from ...engine.synthesis.outcome import Outcome
from ...engine.verdict import Refuted
from .comparison import Comparison
from .difference import Effort
from .sandbox import Limits, Sandbox


class Table:
    """Input/output pairs in the place of an oracle: it answers no queries.

    A candidate is run on all pairs in the sandbox; agreement says no more than that. Only the
    first ``shown`` distinct pairs are handed to the search; a pair that refutes a candidate is
    shown next, so that a long table costs no more than its telling rows.

    >>> table = Table([((2,), 4), ((5,), 10)])
    >>> table.submit("def f(n): return n * 2")
    NotRefuted(Effort(2 inputs, 0 branches, 0.00 CPU s))
    """

    def __init__(
        self,
        pairs: Sequence[tuple[tuple[object, ...], object]],
        *,
        name: str = "f",
        submissions: int = 1000,
        shown: int = 12,
        comparison: Comparison | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        if not pairs:
            raise UsageError("there are no examples")
        distinct = {repr(pair): pair for pair in pairs}.values()
        self._pairs = tuple(
            Example(arguments, Outcome("returned", value)) for arguments, value in distinct
        )
        self._examples = self._pairs[:shown]
        self._name = name
        self._submissions = submissions
        self._comparison = comparison or Comparison(tolerance=1e-9)
        self._sandbox = sandbox or Sandbox.shared()

    @property
    def name(self) -> str:
        """The name a candidate's function must have."""
        return self._name

    @property
    def examples(self) -> tuple[Example, ...]:
        """The pairs shown so far."""
        return self._examples

    @property
    def queries_left(self) -> int:
        """None: nobody is there to answer."""
        return 0

    @property
    def submissions_left(self) -> int:
        """How many candidates may still be submitted."""
        return self._submissions

    def ask(self, *arguments: object) -> Outcome:
        """Always refused."""
        raise UsageError("a table of examples answers no queries")

    def rehearse(self, candidate: str, calls: Sequence[tuple[object, ...]]) -> list[Outcome]:
        """What a candidate itself does on these calls."""
        with self._sandbox.load(candidate, self._name, Limits()) as program:
            return program.run(calls)

    def submit(self, candidate: str) -> Refuted | NotRefuted:
        """Whether the candidate reproduces all pairs."""
        self._submissions -= 1
        with self._sandbox.load(candidate, self._name, Limits()) as program:
            found = program.run([example.arguments for example in self._pairs])
            spent = program.cpu_seconds
        for example, outcome in zip(self._pairs, found, strict=True):
            if not self._comparison.agree(example.outcome, outcome) and not (
                outcome.is_value
                and outcome.after is not None
                and self._comparison.same(example.outcome.value, outcome.value)
            ):
                if example not in self._examples:
                    self._examples = (*self._examples, example)
                shown = Counterexample(example.arguments, example.outcome, outcome, self._name)
                values = tuple(
                    (f"argument {place}", value_text(value))
                    for place, value in enumerate(example.arguments, 1)
                )
                call = call_text(self._name, example.arguments)
                return Refuted(
                    self._name,
                    values,
                    explanation=f"{call}: expected {example.outcome!r}, found {outcome!r}",
                    method="examples",
                    cpu_seconds=spent,
                    counterexample=shown,
                )
        effort = Effort(len(self._pairs), 0, 0, spent, (("examples", len(self._pairs)),))
        return NotRefuted(self._name, effort, spent)
