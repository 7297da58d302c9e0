"""Conditional laws, and the relations that they are about: predicates, and functions with a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..clause import Atom, Case, Clause, Equal, Holds, Literal, atom_terms
from ..formula import And, Formula, Implies, Not, Or
from ..term import App, Term, variables
from ..theory import Function, Predicate


@dataclass(frozen=True, slots=True)
class Condition:
    """If all of the premises hold, then one of the cases does; without cases they never all hold."""

    premises: tuple[Atom, ...]
    cases: tuple[Atom, ...]
    name: str = ""

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
        head = joined(self.cases, Or)
        premise = joined(self.premises, And)
        if head is None:
            assert premise is not None
            return Not(premise)
        return head if premise is None else Implies(premise, head)


def joined(
    atoms: Sequence[Formula], connective: Callable[[Formula, Formula], Formula]
) -> Formula | None:
    """Formulas under one connective, the first innermost; None if there are none."""
    if not atoms:
        return None
    whole = atoms[0]
    for atom in atoms[1:]:
        whole = connective(whole, atom)
    return whole


@dataclass(frozen=True, slots=True)
class Relation:
    """What holds of some arguments: a predicate, or a function that gives one of its constants.

    >>> le = Function("le", ("N", "N"), "B")
    >>> Relation.of(le, App("tt", (), "B")).at(Var("x", "N"), Var("y", "N")).right.symbol
    'tt'
    """

    arguments: tuple[str, ...]
    at: Callable[..., Atom]

    @staticmethod
    def of(symbol: Predicate | Function, value: App | None = None) -> Relation:
        """The relation of a predicate, or of a function and a value."""
        match symbol:
            case Predicate(name, arguments):
                return Relation(arguments, lambda *args: Holds(name, args))
            case Function(_, arguments):
                assert value is not None
                return Relation(arguments, lambda *args: Equal(at(symbol, args), value))


def constants(functions: Sequence[Function]) -> dict[str, list[App]]:
    """For each sort its constants among some functions."""
    found: dict[str, list[App]] = {}
    for constant in functions:
        if not constant.arguments:
            found.setdefault(constant.result, []).append(App(constant.name, (), constant.result))
    return found


def at(function: Function, args: Sequence[Term]) -> App:
    """A function applied."""
    return App(function.name, tuple(args), function.result)
