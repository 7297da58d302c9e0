"""Equations with their proofs: chains of steps by earlier equations, from one side to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lemmata.engine.derivation import Law

from .node import Bank, Binding, Node, Path, is_greater, places

SHIFT = 1_000
"""Variables from this number on belong to the second of two equations."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a chain: an equation, its direction, where it is applied, and at which terms."""

    equation: Equation
    is_forward: bool
    path: Path
    binding: Binding

    def turned(self) -> Move:
        """The step back."""
        return Move(self.equation, not self.is_forward, self.path, self.binding)

    def at(self, bank: Bank, binding: Binding) -> Move:
        """The step with the variables of its terms replaced."""
        moved = {var: bank.at(term, binding) for var, term in self.binding.items()}
        return Move(self.equation, self.is_forward, self.path, moved)


Origin: TypeAlias = Law | int | tuple[Move, ...]
"""A law, the number of a hypothesis, or the chain from the left side to the right."""


@dataclass(eq=False, slots=True)
class Equation:
    """Two sides whose variables are numbered from 0 in the order of occurrence.

    ``is_given`` says that it rests on hypotheses.
    """

    number: int
    left: Node
    right: Node
    origin: Origin
    is_given: bool = False

    @property
    def size(self) -> int:
        """The symbols of both sides."""
        return self.left.size + self.right.size


@dataclass(eq=False, slots=True)
class Rule:
    """An equation read in one direction; ``always`` says that it makes every term smaller."""

    equation: Equation
    is_forward: bool
    left: Node
    right: Node
    always: bool
    far_left: Node
    far_right: Node
    """The same with the variables of a second equation."""

    tops: tuple[tuple[int, str], ...] = ()
    """The places of arguments that are no variables, and their symbols."""

    overlaps: tuple[tuple[Path, Node], ...] = field(default=())
    far_overlaps: tuple[tuple[Path, Node], ...] = field(default=())


def rules(bank: Bank, equation: Equation) -> list[Rule]:
    """The directions in which an equation can make terms smaller."""
    one, two = equation.left, equation.right
    if is_greater(one, two):
        return [_rule(bank, equation, True, True)]
    if is_greater(two, one):
        return [_rule(bank, equation, False, True)]
    return [_rule(bank, equation, forward, False) for forward in (True, False)]


def _rule(bank: Bank, equation: Equation, is_forward: bool, always: bool) -> Rule:
    left, right = equation.left, equation.right
    if not is_forward:
        left, right = right, left
    shift = {var: bank.var(var.place + SHIFT, var.sort) for var in {**left.counts, **right.counts}}
    far = bank.at(left, shift)
    return Rule(
        equation,
        is_forward,
        left,
        right,
        always,
        far,
        bank.at(right, shift),
        tuple((n, arg.symbol) for n, arg in enumerate(left.args) if arg.symbol),
        tuple(places(left)),
        tuple(places(far)),
    )


def numbered(bank: Bank, sides: Sequence[Node]) -> Binding:
    """The binding that numbers the variables of terms from 0 in the order of occurrence."""
    found: Binding = {}

    def visit(node: Node) -> None:
        if not node.symbol:
            if node not in found:
                found[node] = bank.var(len(found), node.sort)
            return
        for arg in node.args:
            if arg.counts:
                visit(arg)

    for side in sides:
        visit(side)
    return found
