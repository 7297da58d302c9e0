"""The shapes of conditional laws of functions: cancellation, what follows from a value, solutions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from ..clause import Equal
from ..formula import Exists, Formula
from ..term import App, Var
from ..theory import Function
from .conditional import Condition, at, constants


def cancellations(f: Function, place: int, values: Mapping[str, list[App]]) -> Iterator[Condition]:
    """f(…y…) = f(…z…) → y = z, perhaps only where another argument is not a constant."""
    others = [
        Var("x" if n == (place == 0) else f"x{n}", sort) for n, sort in enumerate(f.arguments)
    ]
    y, z = Var("y", f.arguments[place]), Var("z", f.arguments[place])
    sides = [at(f, [*others[:place], one, *others[place + 1 :]]) for one in (y, z)]
    equation = Equal(sides[0], sides[1])
    yield Condition((equation,), (Equal(y, z),), "cancellation")
    for number, other in enumerate(others):
        if number != place:
            for value in values.get(other.sort, ()):
                yield Condition((equation,), (Equal(y, z), Equal(other, value)), "cancellation")


def reached(f: Function, values: Mapping[str, list[App]]) -> Iterator[Condition]:
    """f(x, y) = c → x = d, or one of two such cases."""
    args = _arguments(f)
    for value in values.get(f.result, ()) if args else ():
        premise = (Equal(at(f, args), value),)
        heads = [Equal(arg, end) for arg in args for end in values.get(arg.sort, ())]
        for head in heads:
            yield Condition(premise, (head,), "divisors")
        for number, one in enumerate(heads):
            for two in heads[number + 1 :]:
                if one.left != two.left:
                    yield Condition(premise, (one, two), "divisors")


def inverses(functions: Sequence[Function]) -> Iterator[Condition]:
    """What is inverse to x, by one operation or by two with a constant each, is h(x) alone."""
    for h in functions:
        if h.arguments != (h.result,):
            continue
        x, y = Var("x", h.result), Var("y", h.result)
        closed = [f for f in functions if f.arguments == (h.result,) * 2 and f.result == h.result]
        values = constants(functions).get(h.result, [])
        premises = {f.name: [Equal(at(f, (x, y)), value) for value in values] for f in closed}
        head = (Equal(y, at(h, (x,))),)
        for f in closed:
            for premise in premises[f.name]:
                yield Condition((premise,), head, "inverse")
        for number, f in enumerate(closed):
            for g in closed[number + 1 :]:
                for pair in product(premises[f.name], premises[g.name]):
                    yield Condition(pair, head, "inverse")


def selections(function: Function) -> Iterator[Condition]:
    """f(x, y) is one of x and y, as a maximum is."""
    if function.arguments == (function.result,) * 2:
        args = _arguments(function)
        cases = tuple(Equal(at(function, args), arg) for arg in args)
        yield Condition((), cases, "selection")


def solutions(function: Function) -> Iterator[tuple[str, Formula]]:
    """For some argument, whatever the others are, every value is reached."""
    target = Var("z", function.result)
    for place, sort in enumerate(function.arguments):
        others = [Var(f"u{n}", given) for n, given in enumerate(function.arguments)]
        x = Var("x", sort)
        args = (*others[:place], x, *others[place + 1 :])
        yield "solvability", Exists((x,), Equal(at(function, args), target))


def _arguments(function: Function) -> list[Var]:
    """A variable for each argument; none if there are too many."""
    named = [Var(name, sort) for name, sort in zip("xyzuvw", function.arguments, strict=False)]
    return named if len(named) == len(function.arguments) else []
