"""Worlds that conjectures are tried in: the axioms run on values, and finite models."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import cast

from lemmata.engine.clause import Holds
from lemmata.engine.exploration.enumeration import Valuation
from lemmata.engine.notation import Notation
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Theory

from .refuters.encoding import Value
from .refuters.evaluation import Evaluator

FUEL = 3_000
"""Calls that one evaluation may take."""


class Running:
    """The theory's own functions and predicates on small values, each computed once."""

    def __init__(self, theory: Theory) -> None:
        self.evaluator = Evaluator(theory, FUEL)
        self.notation = Notation.of(theory)
        signature = theory.signature
        self.operations = {f.name: self.evaluator.operation(f) for f in signature.functions}
        self.functions = signature.function
        self.slots = {
            p.name: tuple(Var(f"#{n}", sort) for n, sort in enumerate(p.arguments))
            for p in signature.predicates
        }
        self.known: dict[tuple[str, tuple[Hashable, ...]], Hashable | None] = {}
        self.truths: dict[tuple[str, tuple[Hashable, ...]], bool | None] = {}

    def values(self, sort: str, count: int) -> Sequence[Hashable]:
        """The smallest values of a sort."""
        return self.evaluator.values(sort, count)

    def apply(self, symbol: str, args: tuple[Hashable, ...]) -> Hashable | None:
        """The value of a function, None where the axioms that run do not say."""
        key = (symbol, args)
        if key not in self.known:
            value = self.operations[symbol](*args)
            if value is None and symbol in self.evaluator.program.routines:
                value = self._lazily(symbol, args)
            self.known[key] = value
        return self.known[key]

    def _lazily(self, symbol: str, args: tuple[Hashable, ...]) -> Value | None:
        """The value of a function whose conditions must be searched for: ``max`` by ``<=``."""
        function = self.functions[symbol]
        terms = [self._term(arg, sort) for arg, sort in zip(args, function.arguments, strict=True)]
        found = self.evaluator.evaluate(App(symbol, tuple(terms), function.result))
        return None if found is None else self.evaluator.encoding.encode(found)

    def _term(self, value: Hashable, sort: str) -> Term:
        return self.evaluator.encoding.decode(cast(Value, value), sort)

    def holds(self, predicate: str, args: tuple[Hashable, ...]) -> bool | None:
        """Whether a predicate is true, None where the axioms that run do not say."""
        key = (predicate, args)
        if key not in self.truths:
            slots = self.slots[predicate]
            terms = {v: self._term(a, v.sort) for v, a in zip(slots, args, strict=True)}
            self.truths[key] = self.evaluator.holds(Holds(predicate, slots), terms)
        return self.truths[key]

    def written(self, value: Hashable, sort: str) -> str:
        """A value in the user's notation."""
        return self.notation.term(self._term(value, sort))


def worlds(theory: Theory) -> tuple[Valuation, ...]:
    """The worlds in which conjectures about a theory are tried."""
    return (Running(theory),)
