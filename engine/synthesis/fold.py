"""Folds with state: a loop body is enumerated over sampled states, then run on the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .bank import FAILED, Bank, Term
from .comprehension import Source
from .operation import LARGE, Library
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
_STEPS = 1500
_COMPILING = 300  # what making a function of a term takes, in steps


def folds(
    source: Source,
    leaves: list[Term],
    goals: frozenset[str],
    library: Library,
    types: set[str],
    work: Work,
    until: int,
) -> Iterator[Term]:
    """``functools.reduce(lambda a, x: step, source, initial)`` for enumerated steps."""
    if source.element not in _SAMPLES:
        return
    for kind in sorted(goals & set(_INITIAL)):
        states = _SAMPLES[kind]
        elements = _spread_out(source.items, 14)
        pairs = [(state, element) for state in states for element in elements]
        basic = {kind, source.element, "int", "bool"} & types
        operations = [
            op for op in library.instances(basic) if "[" not in op.result and op.is_bounded
        ]
        bank = Bank(len(pairs), operations, work, (work.done + until) // 2, 6000)
        bank.add(Term(kind, [state for state, _ in pairs], 1, "a"))
        bank.add(Term(source.element, [element for _, element in pairs], 1, "x"))
        constants = [leaf for leaf in leaves if _is_constant(leaf) and leaf.cost <= 4]
        for leaf in constants:
            bank.add(Term(leaf.kind, [leaf.values[0]] * len(pairs), leaf.cost, leaf.code))
        while bank.cost < 7 and not bank.is_over:
            for _ in bank.grow():
                pass
        steps = [term for term in bank.of(kind) if _uses_both(term)][:_STEPS]
        for step in steps:
            if work.is_past(until):
                return
            function = _compiled(step)
            work.spend(_COMPILING + 2 * len(source.items))
            for text, initial in _INITIAL[kind]:
                values = [
                    FAILED if row is FAILED else _run(function, row, initial)
                    for row in source.term.values
                ]
                if values.count(FAILED) * 2 <= len(values):
                    code = f"functools.reduce(lambda a, x: {step.code}, {source.term.code}, {text})"
                    cost = source.term.cost + step.cost + 3
                    yield Term(kind, values, cost, code, None, (), FAILED in values)


def _spread_out(items: list[Any], count: int) -> list[Any]:
    distinct = list(dict.fromkeys(items))
    return distinct[:: max(1, len(distinct) // count)][:count]


def _is_constant(term: Term) -> bool:
    first = term.values[0]
    return all(value is first for value in term.values)


def _uses_both(term: Term) -> bool:
    names = set(_names(term))
    return {"a", "x"} <= names


def _names(term: Term) -> Iterator[str]:
    if not term.arguments:
        yield term.code
    for argument in term.arguments:
        yield from _names(argument)


def _compiled(step: Term) -> Any:
    from .operation import MODULES

    return eval(compile(f"lambda a, x: {step.code}", "<step>", "eval"), dict(MODULES))


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
