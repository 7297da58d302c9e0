"""The executable part of a theory: axioms that are read as programs, as decision trees.

An axiom runs when it is an equation ``f(p1, …, pn) = t`` (perhaps under premises) whose left side
is a function at constructor patterns, or an equivalence that defines a predicate. What does not
run is kept in ``assumptions``: a refutation has to respect it all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lemmata.engine.clause import Equal, Holds, Literal
from lemmata.engine.formula import Formula
from lemmata.engine.term import Term, Var
from lemmata.engine.theory import Signature, Statement

INTEGER = "Int"
OPERATIONS = frozenset({"+", "-", "*", "div", "mod", "<", "<=", ">", ">="})
"""The integer operations that run natively, where the theory types them as such."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The value of the function: a term, or a formula where it is a truth value."""

    value: Term | Formula


@dataclass(frozen=True, slots=True)
class Switch:
    """Looks at the outermost constructor of a slot and names its arguments."""

    slot: Var
    cases: Mapping[str, tuple[tuple[Var, ...], Tree]]
    default: Tree | None


@dataclass(frozen=True, slots=True)
class Bind:
    """Gives a term a slot of its own, so that several rules may look at its value."""

    slot: Var
    term: Term
    rest: Tree


@dataclass(frozen=True, slots=True)
class Test:
    """Decides an atom."""

    atom: Equal | Holds
    then: Tree | None
    other: Tree | None


Tree: TypeAlias = Leaf | Switch | Bind | Test


@dataclass(frozen=True, slots=True)
class Routine:
    """A defined function or predicate: its parameters and what to do with them."""

    name: str
    parameters: tuple[Var, ...]
    tree: Tree
    result: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was found: patterns, premises, value."""

    patterns: tuple[Term, ...]
    premises: tuple[Literal, ...]
    value: Term | Formula


@dataclass(frozen=True)
class Program:
    """All routines of a theory, and what the theory says beyond them.

    ``open_symbols`` are functions and predicates that no rule defines; ``assumptions`` are axioms
    that do not run, ``checks`` are rules that overlap with others and so could contradict them.
    """

    signature: Signature
    routines: Mapping[str, Routine]
    open_symbols: frozenset[str]
    assumptions: tuple[Statement, ...]
    checks: tuple[Statement, ...]
    native: frozenset[str]


def native_operations(signature: Signature) -> frozenset[str]:
    """The operations of the signature that are those of the integers."""
    sort = signature.sort.get(INTEGER)
    if sort is None or sort.is_inductive:
        return frozenset()
    return frozenset(
        function.name
        for function in signature.functions
        if function.name in OPERATIONS
        and function.arguments == (INTEGER, INTEGER)
        and function.result == ("Bool" if function.name[0] in "<>" else INTEGER)
    )


def is_numeral(name: str, sort: str, signature: Signature) -> bool:
    """Whether a constant is an integer literal."""
    declared = signature.sort.get(INTEGER)
    return (
        sort == INTEGER
        and declared is not None
        and not declared.is_inductive
        and name.removeprefix("-").isdigit()
    )
