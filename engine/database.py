"""The facts of a logic block: rows keyed by their inputs, with equality.

A node is a function or predicate symbol over nodes. The row of a node is found by its symbol and
the classes of its inputs, so a functional dependency is one hash lookup. Equal nodes share a class
(union-find, kept flat); when two rows come to have the same inputs their outputs are united
(congruence). An atom is a node too: it is true when it is in the class of ``true``.

Why two nodes are equal is kept in a proof forest (Nieuwenhuis and Oliveras, *Fast congruence
closure and extensions*, 2007): each union adds one edge with its reason, and the path between two
nodes never changes afterwards, so explanations cannot be circular.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .clause import Atom, Equal, Holds, Literal, atom_terms
from .rule import ELEMENT, FALSE, TRUE, Rule
from .shape import EQUALS, LiteralShape, Shape
from .term import App, Term, Var

Key: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fired:
    """A rule was applied: the nodes that its clause's variables and witnesses stand for."""

    rule: Rule
    binding: tuple[int, ...]
    witnesses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One literal of the head of an applied rule."""

    fired: Fired
    index: int


@dataclass(frozen=True, slots=True)
class Denied:
    """A premise of a rule is false, because its head is."""

    fired: Fired


@dataclass(frozen=True, slots=True)
class Assumed:
    """A hypothesis of the block, or of one that encloses it, by its key there."""

    hypothesis: int


@dataclass(frozen=True, slots=True)
class Congruent:
    """The same symbol over equal inputs."""


@dataclass(frozen=True, slots=True)
class Reflexive:
    """An equation whose two sides are in one class is true."""


@dataclass(frozen=True, slots=True)
class Symmetric:
    """A disequation, turned round."""

    node: int


Reason: TypeAlias = Part | Denied | Assumed | Congruent | Reflexive | Symmetric

_CONGRUENT = Congruent()
_REFLEXIVE = Reflexive()


class Database:
    """The rows, classes and proof forest of one block."""

    def __init__(self) -> None:
        self.symbol: list[str] = []
        self.kids: list[Key] = []
        self.sort: list[str] = []
        self.size: list[int] = []
        self.cost: list[int] = []
        self.root: list[int] = []
        self.key: list[Key] = []
        self.is_row: list[bool] = []
        self.edge: list[tuple[int, Reason] | None] = []
        # By class, at the index of its root:
        self.members: list[list[int]] = []
        self.best: list[int] = []
        self.outs: list[dict[str, list[int]]] = []
        self.uses: list[dict[tuple[str, int], list[int]]] = []
        # By symbol:
        self.table: dict[str, dict[Key, int]] = {}
        self.exact: dict[tuple[str, Key], int] = {}
        self.fresh_rows: list[int] = []
        self.spent: set[int] = set()
        self.witness: dict[str, Fired] = {}
        self.contradiction: Fired | None = None
        self.merges = 0
        self.enumerated: frozenset[str] = frozenset()
        self.terms: dict[int, Term] = {}
        self.true = self.node(TRUE, (), "", 0)
        self.false = self.node(FALSE, (), "", 0)

    def copy(self) -> Database:
        """An independent copy: what a child block starts from."""
        other = object.__new__(Database)
        for name in ("symbol", "kids", "sort", "size", "cost", "root", "key", "is_row", "edge"):
            setattr(other, name, getattr(self, name).copy())
        other.members = [list(nodes) for nodes in self.members]
        other.best = self.best.copy()
        other.outs = [{k: v.copy() for k, v in rows.items()} for rows in self.outs]
        other.uses = [{k: v.copy() for k, v in rows.items()} for rows in self.uses]
        other.table = {symbol: rows.copy() for symbol, rows in self.table.items()}
        other.exact = self.exact.copy()
        other.fresh_rows = self.fresh_rows.copy()
        other.spent = self.spent.copy()
        other.witness = self.witness.copy()
        other.enumerated = self.enumerated
        other.contradiction = self.contradiction
        other.merges = self.merges
        other.terms = self.terms.copy()
        other.true, other.false = self.true, self.false
        return other

    def __len__(self) -> int:
        return len(self.symbol)

    def is_contradictory(self) -> bool:
        """Whether true and false have met, or a denial was matched."""
        return self.contradiction is not None or self.root[self.true] == self.root[self.false]

    # Nodes

    def node(self, symbol: str, kids: Key, sort: str, cost: int) -> int:
        """The node of a symbol over exactly these nodes, made if there is none."""
        exact = self.exact.get((symbol, kids))
        if exact is not None:
            return exact
        number = len(self.symbol)
        size = 1
        for kid in kids:
            size += self.size[kid]
        key = tuple([self.root[kid] for kid in kids])
        self.exact[symbol, kids] = number
        self.symbol.append(symbol)
        self.kids.append(kids)
        self.sort.append(sort)
        self.size.append(size)
        self.cost.append(cost)
        self.root.append(number)
        self.key.append(key)
        self.edge.append(None)
        self.members.append([number])
        self.best.append(number)
        self.outs.append({})
        self.uses.append({})
        rows = self.table.setdefault(symbol, {})
        row = rows.get(key)
        self.is_row.append(row is None)
        if row is not None:
            if row not in self.spent:
                self.cost[row] = min(self.cost[row], cost)
            self.union(number, row, _CONGRUENT)
            return number
        rows[key] = number
        self.outs[number][symbol] = [number]
        for position, kid in enumerate(key):
            self.uses[kid].setdefault((symbol, position), []).append(number)
        self.fresh_rows.append(number)
        if symbol == EQUALS and key[0] == key[1]:
            self.union(number, self.true, _REFLEXIVE)
        if sort in self.enumerated:
            self.node(f"{ELEMENT}{sort}", (number,), "", cost)
        return number

    def enumerate(self, sort: str) -> None:
        """Gives each element of a sort, now and later, a row of its own to be matched by."""
        if sort not in self.enumerated:
            self.enumerated |= {sort}
            for node in range(len(self.symbol)):
                if self.sort[node] == sort and self.root[node] == node:
                    self.node(f"{ELEMENT}{sort}", (node,), "", self.cost[node])

    def spend(self, row: int, penalty: int) -> None:
        """Puts off what else a row sets off: it has a simpler equal now."""
        if row not in self.spent:
            self.spent.add(row)
            self.cost[row] += penalty

    def is_spent(self, node: int) -> bool:
        """Whether the row that says what a node is has a simpler equal."""
        key = tuple([self.root[kid] for kid in self.kids[node]])
        return self.table[self.symbol[node]].get(key) in self.spent

    def intern(self, term: Term, cost: int) -> int:
        """The node of a term without variables."""
        if isinstance(term, Var):
            raise KeyError(term)
        kids = tuple([self.intern(arg, cost) for arg in term.args])
        known = self.exact.get((term.symbol, kids))
        return self.node(term.symbol, kids, term.sort, cost) if known is None else known

    def make(self, shape: Shape, nodes: Key, cost: int) -> int:
        """The node of a shape whose variables stand for these nodes."""
        if isinstance(shape, int):
            return nodes[shape]
        symbol, args, sort = shape
        kids = tuple([self.make(arg, nodes, cost) for arg in args])
        known = self.exact.get((symbol, kids))
        return self.node(symbol, kids, sort, cost) if known is None else known

    def make_atom(self, shape: LiteralShape, nodes: Key, cost: int) -> int:
        """The node of a literal's atom."""
        kids = tuple([self.make(arg, nodes, cost) for arg in shape.args])
        return self.node(shape.symbol, kids, "", cost)

    def look_up(self, shape: Shape, nodes: Key) -> int | None:
        """The class of a shape if it has a row; makes nothing."""
        if isinstance(shape, int):
            return self.root[nodes[shape]]
        row = self.row(shape[0], shape[1], nodes)
        return None if row is None else self.root[row]

    def row(self, symbol: str, args: tuple[Shape, ...], nodes: Key) -> int | None:
        """The row of a symbol over arguments of these shapes."""
        rows = self.table.get(symbol)
        if rows is None:
            return None
        # What contains a term that is not there is not there: no key has None in it.
        return rows.get(tuple([self.look_up(arg, nodes) for arg in args]))  # type: ignore[misc]

    def is_known(self, shape: LiteralShape, nodes: Key) -> bool:
        """Whether a literal is already true; makes nothing."""
        if shape.unites:
            one, two = shape.args
            left = self.look_up(one, nodes)
            return left is not None and left == self.look_up(two, nodes)
        row = self.row(shape.symbol, shape.args, nodes)
        truth = self.true if shape.positive else self.false
        return row is not None and self.root[row] == self.root[truth]

    def is_at_hand(self, shape: LiteralShape, nodes: Key) -> bool:
        """Whether all that a literal is about is there, so that its truth adds nothing but a merge."""
        if shape.unites:
            return all(self.look_up(side, nodes) is not None for side in shape.args)
        return shape.symbol != EQUALS and self.row(shape.symbol, shape.args, nodes) is not None

    def find(self, term: Term, binding: dict[Term, int]) -> int | None:
        """The class of a term if it has a row; makes nothing."""
        if isinstance(term, Var):
            known = binding.get(term)
            return None if known is None else self.root[known]
        key = []
        for arg in term.args:
            kid = self.find(arg, binding)
            if kid is None:
                return None
            key.append(kid)
        row = self.table.get(term.symbol, {}).get(tuple(key))
        return None if row is None else self.root[row]

    def atom(self, atom: Atom, cost: int) -> int:
        """The node of an atom without variables; an equation is a row of ``=``."""
        symbol = EQUALS if isinstance(atom, Equal) else atom.predicate
        kids = tuple([self.intern(arg, cost) for arg in atom_terms(atom)])
        return self.node(symbol, kids, "", cost)

    def holds(self, literal: Literal, binding: dict[Term, int]) -> bool:
        """Whether a literal is already true; makes nothing."""
        match literal.atom:
            case Equal(left, right):
                one, two = self.find(left, binding), self.find(right, binding)
                if one is None or two is None:
                    return False
                if literal.positive:
                    return one == two
                row = self.table.get(EQUALS, {}).get((one, two))
            case Holds(predicate, args):
                key = tuple([self.find(arg, binding) for arg in args])
                row = self.table.get(predicate, {}).get(key)  # type: ignore[arg-type]  # None is never a key
        if row is None:
            return False
        return self.root[row] == self.root[self.true if literal.positive else self.false]

    # Facts

    def state(self, literal: Literal, reason: Reason, cost: int) -> None:
        """Makes a literal without variables true for a reason."""
        self.establish(LiteralShape.of(literal, {}), reason, cost, ())

    def establish(self, shape: LiteralShape, reason: Reason, cost: int, nodes: Key) -> None:
        """Makes a literal true for a reason."""
        if shape.unites:
            left, right = shape.args
            self.union(self.make(left, nodes, cost), self.make(right, nodes, cost), reason)
            return
        node = self.make_atom(shape, nodes, cost)
        self.union(node, self.true if shape.positive else self.false, reason)
        if shape.symbol == EQUALS and not shape.positive:
            one, two = self.kids[node]
            turned = self.node(EQUALS, (two, one), "", cost)
            self.union(turned, self.false, Symmetric(node))

    def union(self, one: int, two: int, reason: Reason) -> None:
        """Unites two nodes' classes and restores congruence."""
        work = [(one, two, reason)]
        root, members = self.root, self.members
        while work:
            left, right, why = work.pop()
            keep, gone = root[left], root[right]
            if keep == gone:
                continue
            self.merges += 1
            if len(members[keep]) < len(members[gone]):
                left, right, keep, gone = right, left, gone, keep
            self._link(right, left, why)
            for node in members[gone]:
                root[node] = keep
            members[keep] += members[gone]
            members[gone] = []
            better, best = self.best[gone], self.best[keep]
            if (self.size[better], better) < (self.size[best], best):
                self.best[keep] = better
            self._move_rows(keep, gone, work)

    def _move_rows(self, keep: int, gone: int, work: list[tuple[int, int, Reason]]) -> None:
        """Re-keys the rows that use the class that went, and hands over its indexes."""
        root, is_row = self.root, self.is_row
        changed: dict[int, None] = {}
        for place, rows in self.uses[gone].items():
            live = [row for row in rows if is_row[row]]
            changed.update(dict.fromkeys(live))
            self.uses[keep].setdefault(place, []).extend(live)
        for row in changed:
            table = self.table[self.symbol[row]]
            old = self.key[row]
            if table.get(old) == row:
                del table[old]
            new = tuple([root[kid] for kid in old])
            self.key[row] = new
            other = table.get(new)
            if other is not None and other != row:
                is_row[row] = False
                if other not in self.spent:
                    self.cost[other] = min(self.cost[other], self.cost[row])
                work.append((row, other, _CONGRUENT))
                continue
            table[new] = row
            self.fresh_rows.append(row)
            if self.symbol[row] == EQUALS and new[0] == new[1]:
                work.append((row, self.true, _REFLEXIVE))
        for symbol, rows in self.outs[gone].items():
            live = [row for row in rows if is_row[row]]
            self.outs[keep].setdefault(symbol, []).extend(live)
            self.fresh_rows.extend(live)
        self.uses[gone] = {}
        self.outs[gone] = {}

    def _link(self, child: int, parent: int, reason: Reason) -> None:
        """Adds the edge child — parent to the proof forest, re-rooting the child's tree."""
        step: tuple[int, Reason] | None = (parent, reason)
        current = child
        while step is not None:
            step_next = self.edge[current]
            self.edge[current] = step
            if step_next is None:
                break
            step, current = (current, step_next[1]), step_next[0]

    # Reading back

    def term(self, node: int) -> Term:
        """The exact term of a node."""
        known = self.terms.get(node)
        if known is None:
            kids = tuple([self.term(kid) for kid in self.kids[node]])
            known = App(self.symbol[node], kids, self.sort[node])
            self.terms[node] = known
        return known

    def path(self, one: int, two: int) -> list[tuple[int, int, Reason]]:
        """The edges that lead from one node to an equal one."""
        above = {one: 0}
        up = [one]
        while (step := self.edge[up[-1]]) is not None:
            above[step[0]] = len(up)
            up.append(step[0])
        down = [two]
        while down[-1] not in above:
            step = self.edge[down[-1]]
            if step is None:
                raise KeyError("the nodes are not equal")
            down.append(step[0])
        edges = []
        for child in up[: above[down[-1]]]:
            step = self.edge[child]
            assert step is not None
            edges.append((child, step[0], step[1]))
        for child in reversed(down[:-1]):
            step = self.edge[child]
            assert step is not None
            edges.append((step[0], child, step[1]))
        return edges
