"""Which functions commute and associate, and whether two terms differ by that alone."""

from __future__ import annotations

from .equation import Equation
from .node import Bank, Node


class Regrouping:
    """Functions whose commutativity, associativity and exchange of summands are rules.

    What follows from these three alone need not be kept (Avenhaus, Hillenbrand and Löchner, *On
    using ground joinable equations in equational theorem proving*, 2003).
    """

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.laws: dict[str, set[str]] = {}
        self.known: dict[Node, Node] = {}

    def learn(self, equation: Equation) -> None:
        """Notes the shape of a rule."""
        for one, two in ((equation.left, equation.right), (equation.right, equation.left)):
            shape = _shape(one, two)
            if shape:
                self.laws.setdefault(one.symbol, set()).add(shape)
                self.known.clear()

    def is_same(self, one: Node, two: Node) -> bool:
        """Whether two terms are equal by the laws of sums."""
        return one.size == two.size and self._sorted(one) is self._sorted(two)

    def _sorted(self, node: Node) -> Node:
        if not node.args:
            return node
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = self._regrouped(node)
        return found

    def _regrouped(self, node: Node) -> Node:
        laws = self.laws.get(node.symbol, ())
        if len(laws) == 3:
            parts = sorted((self._sorted(part) for part in _parts(node, node.symbol)), key=id)
            whole = parts[-1]
            for part in reversed(parts[:-1]):
                whole = self.bank.app(node.symbol, (part, whole), node.sort)
            return whole
        args = [self._sorted(arg) for arg in node.args]
        return self.bank.app(node.symbol, tuple(args), node.sort)


def _parts(node: Node, symbol: str) -> list[Node]:
    if node.symbol != symbol:
        return [node]
    return [part for arg in node.args for part in _parts(arg, symbol)]


def _shape(one: Node, two: Node) -> str:
    if not one.symbol or one.symbol != two.symbol or len(one.args) != 2:
        return ""
    (a, b), (c, d) = one.args, two.args
    if not a.symbol and not b.symbol:
        return "commutes" if a is d and b is c and a is not b else ""
    if a.symbol or b.symbol != one.symbol or any(part.symbol for part in b.args):
        return ""
    x, (y, z) = a, b.args
    if len({x, y, z}) < 3:
        return ""
    if c.symbol == one.symbol and c.args == (x, y) and d is z:
        return "associates"
    if d.symbol == one.symbol and c is y and d.args == (x, z):
        return "exchanges"
    return ""
