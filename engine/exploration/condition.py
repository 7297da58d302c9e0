"""Conditional laws of the shapes that proofs most often need.

Cancellation, what follows from reaching a constant, one-to-one functions, and the laws of orders,
woven from a theory's functions and constants. Whether they are true is for the caller to find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..clause import Case, Clause, Equal, Literal, atom_terms
from ..formula import And, Formula, Implies, Or
from ..term import App, Term, Var, variables
from ..theory import Function


@dataclass(frozen=True, slots=True)
class Condition:
    """If all of the premises hold, then one of the cases does."""

    premises: tuple[Equal, ...]
    cases: tuple[Equal, ...]

    @property
    def clause(self) -> Clause:
        """The clause that states it, with the variables in the order of their occurrence."""
        terms = [term for atom in (*self.premises, *self.cases) for term in atom_terms(atom)]
        return Clause(
            tuple(dict.fromkeys(var for term in terms for var in variables(term))),
            tuple(map(Literal, self.premises)),
            tuple(Case((), (Literal(atom),)) for atom in self.cases),
        )

    @property
    def formula(self) -> Formula:
        """The formula that lowers to the clause."""
        premise: Formula = self.premises[0]
        for other in self.premises[1:]:
            premise = And(premise, other)
        head: Formula = self.cases[0]
        for case in self.cases[1:]:
            head = Or(head, case)
        return Implies(premise, head)


def conditions(functions: Sequence[Function], constants: Sequence[Function]) -> Iterator[Condition]:
    """Conditional laws that may hold, the sharper ones first.

    ``functions`` are those whose laws are wanted, ``constants`` the values that they may reach.

    >>> plus, zero = Function("+", ("N", "N"), "N"), Function("0", (), "N")
    >>> first = next(conditions([plus], [zero]))
    >>> [case.left.name for case in first.cases], [case.right.name for case in first.cases]
    (['y'], ['z'])
    """
    values: dict[str, list[App]] = {}
    for constant in constants:
        values.setdefault(constant.result, []).append(App(constant.name, (), constant.result))
    for f in functions:
        for place in range(len(f.arguments)):
            yield from _cancellations(f, place, values)
        yield from _identities(f, values)
    for f in functions:
        yield from _reached(f, values)
        yield from _orders(f, values)


def _cancellations(f: Function, place: int, values: dict[str, list[App]]) -> Iterator[Condition]:
    """f(…y…) = f(…z…) → y = z, perhaps only where another argument is not a constant."""
    others = [
        Var("x" if n == (place == 0) else f"x{n}", sort) for n, sort in enumerate(f.arguments)
    ]
    y, z = Var("y", f.arguments[place]), Var("z", f.arguments[place])
    sides = [_at(f, [*others[:place], one, *others[place + 1 :]]) for one in (y, z)]
    equation = Equal(sides[0], sides[1])
    yield Condition((equation,), (Equal(y, z),))
    for number, other in enumerate(others):
        if number != place:
            for value in values.get(other.sort, ()):
                yield Condition((equation,), (Equal(y, z), Equal(other, value)))


def _identities(f: Function, values: dict[str, list[App]]) -> Iterator[Condition]:
    """f(x, y) = x → y = c."""
    args = [Var(name, sort) for name, sort in zip("xyzuvw", f.arguments, strict=False)]
    if len(args) != len(f.arguments) or len(args) < 2:
        return
    whole = _at(f, args)
    for kept in args:
        if kept.sort != f.result:
            continue
        for other in args:
            if other != kept:
                for value in values.get(other.sort, ()):
                    yield Condition((Equal(whole, kept),), (Equal(other, value),))


def _reached(f: Function, values: dict[str, list[App]]) -> Iterator[Condition]:
    """f(x, y) = c → x = d, or one of two such cases."""
    args = [Var(name, sort) for name, sort in zip("xyzuvw", f.arguments, strict=False)]
    if len(args) != len(f.arguments):
        return
    for reached in values.get(f.result, ()):
        premise = (Equal(_at(f, args), reached),)
        heads = [Equal(arg, value) for arg in args for value in values.get(arg.sort, ())]
        for head in heads:
            yield Condition(premise, (head,))
        for number, one in enumerate(heads):
            for two in heads[number + 1 :]:
                if one.left != two.left:
                    yield Condition(premise, (one, two))


def _orders(f: Function, values: dict[str, list[App]]) -> Iterator[Condition]:
    """For a function on pairs of one sort: transitive, antisymmetric, symmetric, total."""
    if len(f.arguments) != 2 or f.arguments[0] != f.arguments[1] or f.result == f.arguments[0]:
        return
    x, y, z = (Var(name, f.arguments[0]) for name in "xyz")
    for yes in values.get(f.result, ()):
        holds = [Equal(_at(f, pair), yes) for pair in ((x, y), (y, z), (x, z), (y, x))]
        yield Condition((holds[0], holds[1]), (holds[2],))
        yield Condition((holds[0], holds[3]), (Equal(x, y),))
        yield Condition((holds[0],), (Equal(x, y),))
        for no in values[f.result]:
            yield Condition((holds[0],), (Equal(_at(f, (y, x)), no),))


def _at(function: Function, args: Sequence[Term]) -> App:
    return App(function.name, tuple(args), function.result)
