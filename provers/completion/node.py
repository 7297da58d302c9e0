"""Terms that exist once each: equality is identity, and sizes, weights and variables are kept.

The order is Knuth and Bendix's (1970): weights, then the precedence, then arguments from the left.
One unary function may weigh nothing; it is the greatest, so that inverses and complements move
inwards. Constants that stand for arbitrary elements come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Signature


class Node:
    """A term; the symbol of a variable is empty. ``counts`` says how often each variable occurs."""

    __slots__ = ("args", "counts", "place", "rank", "size", "sort", "symbol", "weight")

    def __init__(self, symbol: str, args: tuple[Node, ...], sort: str) -> None:
        self.symbol, self.args, self.sort = symbol, args, sort
        self.counts: dict[Node, int] = {}
        self.size = 1
        self.weight = 1
        self.rank = 0
        self.place = 0

    def __repr__(self) -> str:
        if not self.symbol:
            return f"?{self.place}"
        return f"{self.symbol}({', '.join(map(repr, self.args))})" if self.args else self.symbol


Binding: TypeAlias = dict[Node, Node]
Path: TypeAlias = tuple[int, ...]


class Bank:
    """All terms over a signature and further constants."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.apps: dict[tuple[str, tuple[Node, ...]], Node] = {}
        self.variables: dict[tuple[int, str], Node] = {}
        self.ranks = {function.name: n + 1 for n, function in enumerate(signature.functions)}
        unary = [f.name for f in signature.functions if f.arguments == (f.result,)]
        self.weightless = unary[-1] if unary else ""
        if unary:
            self.ranks[self.weightless] = len(self.ranks) + 1

    def var(self, place: int, sort: str) -> Node:
        """The variable of that number."""
        found = self.variables.get((place, sort))
        if found is None:
            found = self.variables[place, sort] = Node("", (), sort)
            found.place = place
            found.counts = {found: 1}
        return found

    def app(self, symbol: str, args: tuple[Node, ...], sort: str) -> Node:
        """A function applied to terms."""
        key = (symbol, args)
        found = self.apps.get(key)
        if found is None:
            found = self.apps[key] = Node(symbol, args, sort)
            found.rank = self.ranks.get(symbol, 0)
            found.weight = 0 if symbol == self.weightless else 1
            for arg in args:
                found.size += arg.size
                found.weight += arg.weight
                for var, count in arg.counts.items():
                    found.counts[var] = found.counts.get(var, 0) + count
        return found

    def node(self, term: Term, names: Mapping[Var, Node]) -> Node:
        """The node of a term whose variables have nodes."""
        if isinstance(term, Var):
            return names[term]
        return self.app(term.symbol, tuple(self.node(arg, names) for arg in term.args), term.sort)

    def term(self, node: Node, names: Mapping[Node, Term]) -> Term:
        """The term of a node whose variables have terms."""
        if not node.symbol:
            return names[node]
        return App(node.symbol, tuple(self.term(arg, names) for arg in node.args), node.sort)

    def at(self, node: Node, binding: Binding) -> Node:
        """The term with its variables replaced, once."""
        if not node.counts:
            return node
        if not node.symbol:
            return binding.get(node, node)
        return self.app(node.symbol, tuple([self.at(a, binding) for a in node.args]), node.sort)

    def replaced(self, node: Node, path: Path, new: Node) -> Node:
        """The term with another part at a place."""
        if not path:
            return new
        args = list(node.args)
        args[path[0]] = self.replaced(args[path[0]], path[1:], new)
        return self.app(node.symbol, tuple(args), node.sort)


def is_greater(one: Node, two: Node) -> bool:
    """Whether a term is greater, whatever the variables stand for."""
    if one is two or not one.symbol:
        return False
    counts = one.counts
    if not two.symbol:
        return two in counts
    for var, count in two.counts.items():
        if counts.get(var, 0) < count:
            return False
    if one.weight != two.weight:
        return one.weight > two.weight
    if one.symbol != two.symbol:
        return (one.rank, one.symbol) > (two.rank, two.symbol)
    for left, right in zip(one.args, two.args, strict=True):
        if left is not right:
            return is_greater(left, right)
    return False


def matches(pattern: Node, node: Node, binding: Binding) -> bool:
    """Whether a term is an instance of a pattern; extends the binding."""
    if not pattern.symbol:
        bound = binding.get(pattern)
        if bound is None:
            if pattern.sort != node.sort:
                return False
            binding[pattern] = node
            return True
        return bound is node
    if pattern.symbol != node.symbol:
        return False
    if not pattern.counts:
        return pattern is node
    return all(matches(one, two, binding) for one, two in zip(pattern.args, node.args, strict=True))


def unify(bank: Bank, one: Node, two: Node) -> Binding | None:
    """A most general binding that makes two terms equal, written out; None if there is none."""
    binding: Binding = {}
    if not _unify(one, two, binding):
        return None
    return {var: _resolved(bank, var, binding) for var in binding}


def _walk(node: Node, binding: Binding) -> Node:
    while not node.symbol and node in binding:
        node = binding[node]
    return node


def _unify(one: Node, two: Node, binding: Binding) -> bool:
    one, two = _walk(one, binding), _walk(two, binding)
    if one is two:
        return True
    if one.symbol and two.symbol:
        return one.symbol == two.symbol and all(
            _unify(a, b, binding) for a, b in zip(one.args, two.args, strict=True)
        )
    if one.symbol:
        one, two = two, one
    if one.sort != two.sort or _occurs(one, two, binding):
        return False
    binding[one] = two
    return True


def _occurs(var: Node, node: Node, binding: Binding) -> bool:
    for inner in node.counts:
        if inner is var:
            return True
        bound = binding.get(inner)
        if bound is not None and _occurs(var, bound, binding):
            return True
    return False


def _resolved(bank: Bank, node: Node, binding: Binding) -> Node:
    node = _walk(node, binding)
    if not node.symbol or not node.counts:
        return node
    return bank.app(
        node.symbol, tuple(_resolved(bank, arg, binding) for arg in node.args), node.sort
    )


def places(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """The parts of a term that are no variables, with their places, outermost first."""
    if node.symbol:
        yield path, node
        for number, arg in enumerate(node.args):
            yield from places(arg, (*path, number))
