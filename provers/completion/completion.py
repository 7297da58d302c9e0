"""Completion that does not fail: equations and all that overlaps of them give, small ones first.

Bachmair, Dershowitz and Plaisted, *Completion without failure* (1989): an equation that cannot be
directed is used where it makes a term smaller. What two equations make of one term (a critical
pair) is a new equation unless both sides have one normal form, are equal by commutativity and
associativity alone, or meet in whatever order the variables are taken. All effort is counted in
matches that were tried, so the same is found on every machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import permutations

from lemmata.engine.clause import Equal
from lemmata.engine.derivation import Law
from lemmata.engine.term import Var
from lemmata.engine.theory import Theory

from .equation import Equation, Move, Origin, Rule, numbered, rules
from .node import Bank, Binding, Node, Path, is_greater, matches, unify
from .structure import Regrouping

LARGEST = 20
"""The symbols of the largest equations that are kept."""

FAIR = 24
"""Every so often the oldest equation is next, not the smallest."""

EFFORT, PATIENCE = 6_000_000, 1_500_000
"""The matches that are tried in all, and after the last small equation."""

SMALL = 10
"""The symbols of a small equation."""

ORDERED = 4
"""The most variables whose orders are all tried."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules that apply to one term: all of it, and a part of it. One of them is the far one."""

    outer: Rule
    inner: Rule
    path: Path
    binding: Binding
    is_outer_far: bool


@dataclass(eq=False, slots=True)
class Pending:
    """An equation that waits: two terms, and how one leads to the other."""

    left: Node
    right: Node
    origin: Origin | Overlap
    is_given: bool
    is_taken: bool = False


class Completion:
    """The unconditional equations of a theory, and what follows from them."""

    def __init__(self, theory: Theory) -> None:
        self.bank = Bank(theory.signature)
        self.index: dict[str, list[Rule]] = {}
        self.active: list[Equation] = []
        self.regrouping = Regrouping(self.bank)
        self.heap: list[tuple[int, int, Pending]] = []
        self.queue: deque[Pending] = deque()
        self.seen: set[tuple[Node, Node]] = set()
        self.known: dict[Node, Node] = {}
        self.count = 0
        self.work = 0
        for axiom in theory.axioms:
            for number, clause in enumerate(axiom.clauses):
                if clause.premises or not clause.is_literal_head or not clause.literal.positive:
                    continue
                atom = clause.literal.atom
                if isinstance(atom, Equal):
                    names: dict[Var, Node] = {
                        var: self.bank.var(n, var.sort) for n, var in enumerate(clause.variables)
                    }
                    one, two = self.bank.node(atom.left, names), self.bank.node(atom.right, names)
                    self.wait(Pending(one, two, Law(axiom.name, number), False))

    def fork(self) -> Completion:
        """A completion that knows what this one does and may assume more; nothing else waits."""
        other = self.empty()
        other.regrouping = self.regrouping
        other.index = {symbol: list(found) for symbol, found in self.index.items()}
        other.active = list(self.active)
        return other

    def empty(self) -> Completion:
        """A completion over the same terms that knows nothing."""
        other = Completion.__new__(Completion)
        other.bank, other.regrouping = self.bank, Regrouping(self.bank)
        other.index, other.active = {}, []
        other.heap, other.queue, other.seen, other.known = [], deque(), set(), {}
        other.count, other.work = self.count, 0
        return other

    # Rewriting

    def normal(self, node: Node) -> Node:
        """The normal form of a term, its variables taken as they are."""
        if not node.symbol:
            return node
        found = self.known.get(node)
        if found is None:
            current = node
            if node.args:
                args = tuple([self.normal(arg) for arg in node.args])
                if args != node.args:
                    current = self.bank.app(node.symbol, args, node.sort)
            step = self._step(current)
            found = current if step is None else self.normal(step[2])
            self.known[node] = found
        return found

    def moves(self, node: Node, path: Path = ()) -> tuple[Node, list[Move]]:
        """The normal form and the steps that lead to it."""
        if self.normal(node) is node:
            return node, []
        found: list[Move] = []
        args = []
        for number, arg in enumerate(node.args):
            new, steps = self.moves(arg, (*path, number))
            args.append(new)
            found += steps
        current = self.bank.app(node.symbol, tuple(args), node.sort)
        step = self._step(current)
        if step is None:
            return current, found
        rule, binding, result = step
        end, steps = self.moves(result, path)
        return end, [*found, Move(rule.equation, rule.is_forward, path, binding), *steps]

    def _step(self, node: Node) -> tuple[Rule, Binding, Node] | None:
        candidates = self.index.get(node.symbol, ())
        self.work += len(candidates)
        return self._first(node, candidates)

    def _first(
        self, node: Node, candidates: list[Rule] | tuple[()]
    ) -> tuple[Rule, Binding, Node] | None:
        args = node.args
        for rule in candidates:
            for place, top in rule.tops:
                if args[place].symbol != top:
                    break
            else:
                binding: Binding = {}
                if not matches(rule.left, node, binding):
                    continue
                result = self.bank.at(rule.right, binding)
                if rule.always or is_greater(node, result):
                    return rule, binding, result
        return None

    # The loop

    def run(self) -> None:
        """Goes on until nothing waits, or for long no small equation was among what came."""
        last = 0
        while self.work < min(EFFORT, last + PATIENCE):
            pending = self._next()
            if pending is None:
                break
            equation = self._simplified(pending)
            if equation is not None:
                self.activate(equation)
                last = self.work if equation.size <= SMALL else last

    def advance(self, matches: int) -> bool:
        """Goes on for so many matches; False once nothing waits or all effort is spent."""
        most = min(EFFORT, self.work + matches)
        while self.work < most:
            if not self.step():
                return False
        return self.work < EFFORT

    def step(self) -> bool:
        """Takes the next equation; False if none waits."""
        pending = self._next()
        equation = None if pending is None else self._simplified(pending)
        if equation is not None:
            self.activate(equation)
        return pending is not None

    def wait(self, pending: Pending) -> None:
        """Lets an equation wait for its turn."""
        self.count += 1
        heappush(self.heap, (max(pending.left.size, pending.right.size), self.count, pending))
        self.queue.append(pending)

    def _next(self) -> Pending | None:
        is_old = self.count % FAIR == 0
        self.count += 1
        while self.heap:
            pending = self.queue.popleft() if is_old and self.queue else heappop(self.heap)[2]
            if not pending.is_taken:
                pending.is_taken = True
                return pending
        return None

    def _simplified(self, pending: Pending) -> Equation | None:
        """The equation that is left of one that waited, None if nothing is."""
        left, right = pending.left, pending.right
        origin = pending.origin
        if isinstance(origin, Overlap):
            left, right, origin = self._peak(origin)
        one, first = self.moves(left)
        two, last = self.moves(right)
        if one is two or self.regrouping.is_same(one, two):
            return None
        if self._is_instance(one, two) or self._meets(one, two):
            return None
        number = self.count
        if not first and not last and not isinstance(origin, tuple):
            return Equation(number, one, two, origin, pending.is_given)
        if not isinstance(origin, tuple):  # a law that is no longer as it stands
            law = Equation(number, left, right, origin, pending.is_given)
            origin = (Move(law, True, (), {var: var for var in (*left.counts, *right.counts)}),)
        chain = (*(move.turned() for move in reversed(first)), *origin, *last)
        names = numbered(self.bank, (one, two))
        sides = self.bank.at(one, names), self.bank.at(two, names)
        self.count += 1
        moved = tuple(move.at(self.bank, names) for move in chain)
        is_given = any(move.equation.is_given for move in moved)
        return Equation(self.count, *sides, moved, is_given)

    def activate(self, equation: Equation) -> None:
        """Makes an equation a rule: what it simplifies waits again, what overlaps it waits."""
        found = rules(self.bank, equation)
        for old in [each for each in self.active if self._is_reduced(each, found)]:
            self.active.remove(old)
            for rule in rules(self.bank, old):
                top = self.index[rule.left.symbol]
                top[:] = [each for each in top if each.equation is not old]
            identity = {var: var for var in (*old.left.counts, *old.right.counts)}
            self.wait(Pending(old.left, old.right, (Move(old, True, (), identity),), old.is_given))
        self.add(equation)
        for other in [rule for each in self.index.values() for rule in each]:
            for rule in found:
                if rule.left.symbol:
                    self._overlaps(rule, other)

    def add(self, equation: Equation) -> None:
        """Makes an equation a rule, and looks no further."""
        self.active.append(equation)
        self.known.clear()
        for rule in rules(self.bank, equation):
            if rule.left.symbol:
                self.index.setdefault(rule.left.symbol, []).append(rule)
        self.regrouping.learn(equation)

    def _is_reduced(self, equation: Equation, found: list[Rule]) -> bool:
        """Whether a new rule simplifies an older equation."""
        return any(
            self._reduces(rule, side) for rule in found for side in (equation.left, equation.right)
        )

    def _reduces(self, rule: Rule, node: Node) -> bool:
        if not node.symbol:
            return False
        self.work += 1
        if node.symbol == rule.left.symbol and self._first(node, [rule]) is not None:
            return True
        return any(self._reduces(rule, arg) for arg in node.args)

    # Critical pairs

    def _overlaps(self, rule: Rule, other: Rule) -> None:
        left, far = rule.left, other.far_left
        for path, part in other.far_overlaps:
            if part.symbol == left.symbol:
                self._pair(other, rule, path, part, left, True)
        for path, part in rule.overlaps:
            if path and part.symbol == far.symbol:
                self._pair(rule, other, path, part, far, False)

    def _pair(
        self, outer: Rule, inner: Rule, path: Path, part: Node, left: Node, is_far: bool
    ) -> None:
        """What two rules make of one term, if they overlap at a place and it is worth keeping."""
        self.work += 1
        binding = unify(self.bank, part, left)
        if binding is None:
            return
        at = self.bank.at
        around, result = (outer.far_left, outer.far_right) if is_far else (outer.left, outer.right)
        start, whole = at(result, binding), at(around, binding)
        if not outer.always and is_greater(start, whole):
            return
        inside = at(inner.right if is_far else inner.far_right, binding)
        if not inner.always and is_greater(inside, at(left, binding)):
            return
        end = self.bank.replaced(whole, path, inside)
        if start is end:
            return
        one, two = self.normal(start), self.normal(end)
        if one is two or one.size + two.size > LARGEST:
            return
        names = numbered(self.bank, (one, two))
        key = (at(one, names), at(two, names))
        if key in self.seen or self.regrouping.is_same(one, two):
            return
        self.seen.add(key)
        is_given = outer.equation.is_given or inner.equation.is_given
        self.wait(Pending(one, two, Overlap(outer, inner, path, binding, is_far), is_given))

    def _peak(self, overlap: Overlap) -> tuple[Node, Node, tuple[Move, ...]]:
        """The two terms that rules make of one, and the chain between them."""
        outer, inner, binding, is_far = (
            overlap.outer,
            overlap.inner,
            overlap.binding,
            overlap.is_outer_far,
        )
        at = self.bank.at
        around = outer.far_left if is_far else outer.left
        result = outer.far_right if is_far else outer.right
        inside = inner.right if is_far else inner.far_right
        start = at(result, binding)
        end = self.bank.replaced(at(around, binding), overlap.path, at(inside, binding))
        outside = self._binding(outer, binding, is_far)
        within = self._binding(inner, binding, not is_far)
        back = Move(outer.equation, not outer.is_forward, (), outside)
        on = Move(inner.equation, inner.is_forward, overlap.path, within)
        return start, end, (back, on)

    def _binding(self, rule: Rule, binding: Binding, is_far: bool) -> Binding:
        """The terms for the variables of a rule's equation."""
        own = {**rule.left.counts, **rule.right.counts}
        shifted = {**rule.far_left.counts, **rule.far_right.counts}
        names = dict(zip(own, shifted, strict=True)) if is_far else {var: var for var in own}
        return {var: self.bank.at(name, binding) for var, name in names.items()}

    # What need not be kept

    def _is_instance(self, one: Node, two: Node) -> bool:
        """Whether an equation is an instance of one that cannot be directed."""
        for left, right in ((one, two), (two, one)):
            for rule in self.index.get(left.symbol, ()):
                if not rule.always:
                    binding: Binding = {}
                    if matches(rule.left, left, binding) and matches(rule.right, right, binding):
                        return True
        return False

    def _meets(self, one: Node, two: Node) -> bool:
        """Whether both sides meet in whatever order the variables are taken."""
        return 1 < len({**one.counts, **two.counts}) <= ORDERED and all(self.meetings(one, two))

    def meetings(self, one: Node, two: Node) -> Iterator[bool]:
        """For each order of the variables whether both sides meet."""
        for names in self._orders(list({**one.counts, **two.counts})):
            one_there, two_there = self.bank.at(one, names), self.bank.at(two, names)
            yield self.normal(one_there) is self.normal(two_there)

    def _orders(self, variables: list[Node]) -> Iterator[Binding]:
        for order in permutations(range(len(variables))):
            yield {
                var: self.bank.app(f"?{place}", (), var.sort)
                for var, place in zip(variables, order, strict=True)
            }
        for number, one in enumerate(variables):  # and what is left if two of them are one
            for two in variables[:number]:
                if one.sort == two.sort:
                    rest = [var for var in variables if var is not one]
                    for order in permutations(range(len(rest))):
                        names = {
                            var: self.bank.app(f"?{place}", (), var.sort)
                            for var, place in zip(rest, order, strict=True)
                        }
                        yield {**names, one: names[two]}
