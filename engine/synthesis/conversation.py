"""A conversation with a hidden function as it goes on: what was asked, what binds, who is enumerating."""

from __future__ import annotations

import string
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..verdict import Refuted
from .dialogue import Counterexample, Example, NotRefuted, Oracle, call_text
from .inputs import Generator
from .outcome import Outcome
from .program import Signature
from .types import infer, infer_arguments, join

_EVERY_CHARACTER = f"{string.ascii_lowercase} {string.ascii_uppercase}"
"""One question that shows what becomes of each letter."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the dialogue: what happened, in words, with the numbers behind it."""

    kind: str
    text: str
    rivals: int = 0
    cpu_seconds: float = 0.0


@dataclass(slots=True)
class Conversation:
    """What the proposers and the referee of one problem share: the oracle, and what was said.

    ``excused`` are CPU seconds that count against no budget of the search, since others spent
    them. While ``is_enumerating``, queries belong to separating candidates alone: calls that are
    only suggested wait in ``suggested``.
    """

    oracle: Oracle
    seed: int = 0
    events: list[Event] = field(default_factory=list)
    queries: int = 0
    submissions: int = 0
    is_enumerating: bool = False
    suggested: list[tuple[object, ...]] = field(default_factory=list)
    excused: float = 0.0
    _raised: set[int] = field(default_factory=set)
    _started: float = field(default_factory=lambda: time.process_time())

    @property
    def spent(self) -> float:
        """CPU seconds so far, all told."""
        return time.process_time() - self._started

    def note(self, kind: str, text: str, rivals: int = 0) -> None:
        """Writes down one step."""
        self.events.append(Event(kind, text, rivals, self.spent))

    def ask(self, call: tuple[object, ...], why: str, rivals: int = 0) -> Outcome:
        """What the hidden function does; costs one query."""
        outcome = self.oracle.ask(*call)
        self.queries += 1
        self.note(why, f"{call_text(self.oracle.name, call)} {outcome!r}"[:300], rivals)
        return outcome

    def submit(self, program: str, shown: str) -> Refuted | NotRefuted:
        """The oracle's verdict; costs one submission."""
        self.submissions += 1
        verdict = self.oracle.submit(program)
        self.note("submit", f"{shown}: {verdict!r}")
        if isinstance(verdict, Refuted):
            counterexample = verdict.counterexample
            if isinstance(counterexample, Counterexample) and not counterexample.expected.is_value:
                self._raised.add(len(self.oracle.examples) - 1)
        return verdict

    def binding(self) -> list[Example]:
        """The answers that candidates must get right: values, and what refuted a submission."""
        return [
            example
            for place, example in enumerate(self.oracle.examples)
            if example.outcome.is_value or place in self._raised
        ]

    def generator(self) -> Generator:
        """New inputs like those known so far."""
        calls = [example.arguments for example in self.oracle.examples]
        return Generator.of(calls, seed=self.seed + len(calls))

    def signature(self, answered: Sequence[Example]) -> Signature:
        """The types that the answers show."""
        kinds = infer_arguments(example.arguments for example in answered)
        result = join(infer(e.outcome.value) for e in answered if e.outcome.is_value)
        lengths = {len(example.arguments) for example in answered}
        if len(lengths) > 1:
            one = join(infer(value) for e in answered for value in e.arguments)
            if one.name != "union":
                return Signature.of_any_number(self.oracle.name, one, result)
        return Signature.named(self.oracle.name, kinds, result)

    def begin(self) -> None:
        """A few queries before any search: examples are alike more often than inputs are."""
        if len(self.oracle.examples) < 10:
            return
        wanted = min(4, self.oracle.queries_left // 4)
        generator = self.generator()
        known = {repr(example.arguments) for example in self.oracle.examples}
        if wanted > 0 and self._maps_characters():
            self.ask((_EVERY_CHARACTER, *self.oracle.examples[0].arguments[1:]), "query")
            wanted -= 1
        for _ in range(wanted):
            call = generator.mutation(generator.dice.choice(generator.calls))
            for _ in range(19):
                if repr(call) not in known:
                    break
                call = generator.mutation(generator.dice.choice(generator.calls))
            known.add(repr(call))
            self.ask(call, "query")

    def _maps_characters(self) -> bool:
        """Whether each character of a text seems to be answered by one of its own."""
        given = [example for example in self.oracle.examples if example.outcome.is_value]
        texts = [(e.arguments[0], e.outcome.value) for e in given if e.arguments]
        alike = [
            one != two and len(one) == len(two) and sorted(one) != sorted(two)
            for one, two in texts
            if isinstance(one, str) and isinstance(two, str)
        ]
        return bool(texts) and 2 * sum(alike) > len(texts)
