"""Folds with state: a loop body is enumerated over sampled states, then run on the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .agreement import key
from .bank import FAILED, Bank, Term
from .comprehension import Source
from .operation import LARGE, NAMES, Library
from .work import Work

_INITIAL: dict[str, tuple[tuple[str, Any], ...]] = {
    "int": (("0", 0), ("1", 1)),
    "str": (("''", ""),),
    "bool": (("True", True), ("False", False)),
    "float": (("0.0", 0.0), ("1.0", 1.0)),
}
_SAMPLES: dict[str, tuple[Any, ...]] = {
    "int": (0, 1, 2, 5, 7, -3, 12),
    "str": ("", "a", "xyz", "b a", "01"),
    "bool": (True, False),
    "float": (0.0, 1.0, 2.5, -0.5),
}
_COMPILING = 300  # what making a function of a term takes, in steps


@dataclass(slots=True)
class Steps:
    """Loop bodies over a state ``a`` and an element ``x``, level by level, for any source."""

    bank: Bank
    kind: str
    levels: list[list[tuple[Term, Any]]] = field(default_factory=list)

    @classmethod
    def between(
        cls,
        kind: str,
        element: str,
        items: list[Any],
        leaves: list[Term],
        library: Library,
        types: set[str],
        work: Work,
    ) -> Steps:
        """Bodies for such states and elements; ``items`` are elements that occur."""
        elements = _spread_out(items, 10)
        pairs = [(state, item) for state in _SAMPLES[kind] for item in elements]
        basic = {kind, element, "int", "bool"} & types
        operations = [
            op for op in library.instances(basic) if "[" not in op.result and op.is_bounded
        ]
        bank = Bank(len(pairs), operations, work, limit=6000, keeps_partial=False)
        bank.add(Term(kind, [state for state, _ in pairs], 1, "a"))
        bank.add(Term(element, [item for _, item in pairs], 1, "x"))
        for leaf in leaves:
            if leaf.cost <= 4 and all(value is leaf.values[0] for value in leaf.values):
                bank.add(Term(leaf.kind, [leaf.values[0]] * len(pairs), leaf.cost, leaf.code))
        return cls(bank, kind)

    def level(self, number: int) -> list[tuple[Term, Any]]:
        """The bodies of one cost, with their functions; lower levels must have been made."""
        while len(self.levels) <= number:
            made = []
            for term in [*self.bank.grow()] if self.levels else ():
                if term.kind == self.kind and {"a", "x"} <= set(_names(term)):
                    self.bank.work.spend(_COMPILING)
                    made.append((term, _compiled(term)))
            self.levels.append(made)
        return self.levels[number]


@dataclass(slots=True)
class Fold:
    """``functools.reduce(lambda a, x: step, source, initial)`` for steps of growing cost.

    A fold starts from a plain value, or from one of ``starts``.
    """

    source: Source
    steps: Steps
    starts: tuple[Term, ...] = ()
    number: int = 2

    @property
    def next_cost(self) -> int:
        """What the next steps, the source and the loop cost together."""
        return self.source.term.cost + self.number + 3

    def advance(self) -> Iterator[Term]:
        """The folds with steps of the next cost."""
        self.number += 1
        for step, function in self.steps.level(self.number):
            rows = self.source.term.values
            for text, initial in _INITIAL[self.steps.kind]:
                yield self._term(step, function, text, [initial] * len(rows))
            for start in self.starts:
                if start is not self.source.term:
                    yield self._term(step, function, start.code, start.values)

    def _term(self, step: Term, function: Any, text: str, starts: Sequence[Any]) -> Term:
        self.steps.bank.work.spend(2 * len(self.source.items))
        values = [
            FAILED if row is FAILED or initial is FAILED else _run(function, row, initial)
            for row, initial in zip(self.source.term.values, starts, strict=True)
        ]
        code = f"functools.reduce(lambda a, x: {step.code}, {self.source.term.code}, {text})"
        cost = self.source.term.cost + step.cost + 3
        return Term(self.steps.kind, values, cost, code, is_partial=FAILED in values)


def foldable(element: str, kinds: frozenset[str]) -> list[str]:
    """The kinds of state that a fold over such elements may end in, among these."""
    return sorted(kinds & set(_INITIAL)) if element in _SAMPLES else []


def _spread_out(items: list[Any], count: int) -> list[Any]:
    distinct = list({key([item]): item for item in items}.values())
    return distinct[:: max(1, len(distinct) // count)][:count]


def _names(term: Term) -> Iterator[str]:
    if not term.arguments:
        yield term.code
    for argument in term.arguments:
        yield from _names(argument)


def _compiled(step: Term) -> Any:
    return eval(compile(f"lambda a, x: {step.code}", "<step>", "eval"), dict(NAMES))


def _run(function: Any, items: Any, state: Any) -> Any:
    try:
        for item in items:
            state = function(state, item)
            if type(state) is int and abs(state) > LARGE:
                return FAILED
            if type(state) is str and len(state) > 2000:
                return FAILED
    except Exception:
        return FAILED
    return state
