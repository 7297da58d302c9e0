"""Counterexamples by unrolling: a program on all values up to a depth becomes one circuit.

An unknown value is a choice among constructors, made by inputs of a circuit; a function of it is run
on all choices at once, and what it gives where is a choice again, each way guarded by a literal. Calls
and values are shared. A solver then finds inputs for which the statement fails. This finds what hangs
together, such as a way through a graph, where trying one value after the other does not. It
approximates: numbers are small, and calls nest to a bound. Other code confirms what is found.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TypeAlias

from lemmata.engine.budget import Clock
from lemmata.engine.clause import Equal, Holds
from lemmata.engine.formula import And, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var

from .cell import ARITHMETIC, COMPARISONS, UndecidedError
from .circuit import FALSE, TRUE, Circuit, PauseError
from .domain import Domain
from .program import Bind, Leaf, Program, Switch, Test, Tree, is_numeral
from .shapes import Bounds, Shapes

NESTED = 1_200
"""How deep calls nest at most."""
GATES = 200_000
"""The largest circuit that is built."""
STEPS = 30_000
"""How many values are worked out at most: programs with loops never end by themselves."""
RECURSION = 30_000

Key: TypeAlias = "tuple[object, ...]"


class Node:
    """A value: what it may begin with, each with the literal that says when, and its parts.

    ``known`` is the literal that says where the value is known at all. Both come when the value is
    first asked for; ``key`` says what it is: a hole, a call, a constructor, a choice of nodes.
    """

    __slots__ = ("bits", "depth", "key", "known", "sort", "ways")

    def __init__(self, key: Key, sort: str = "", depth: int = 0) -> None:
        self.key = key
        self.sort = sort
        self.depth = depth
        self.ways: Ways | None = None
        self.known = FALSE
        self.bits: dict[str | int, int] = {}


Ways: TypeAlias = "dict[str | int, tuple[int, tuple[Node, ...]]]"
Outcome: TypeAlias = "tuple[Ways, int]"
Env: TypeAlias = "dict[Var, Node]"
NOTHING: Outcome = ({}, FALSE)


class TooLargeError(Exception):
    """The circuit outgrew its bound, or the program has an unknown part."""


class Unrolling:
    """A formula on all values within bounds."""

    def __init__(self, program: Program, formula: Formula, bounds: Bounds, clock: Clock) -> None:
        self.program, self.clock, self.bounds = program, clock, bounds
        self.domain = Domain(program.signature)
        self.circuit = Circuit()
        self.inputs: list[int] = []
        self.nodes: dict[Key, Node] = {}
        self.truths: dict[tuple[Node, Node], tuple[int, int]] = {}
        self.nested = self.steps = 0
        self.until = clock.budget.seconds
        self.fails: int | None = None
        self.seconds = 0.0
        self.shapes = Shapes(self.domain)
        while isinstance(formula, Forall):
            formula = formula.body
        self.formula = formula
        self.env: Env = {
            var: self.hole(var.sort, self.shapes.depth(var.sort, bounds, is_inside=False))
            for var in free_variables(formula)
        }

    def build(self, until: float) -> None:
        """Makes the circuit that is true where the formula fails.

        Raises ``PauseError`` where the clock comes to ``until`` first: what was built is kept, and it
        may be called again; ``TooLargeError`` where there is no such circuit.
        """
        if self.fails is not None:
            return
        self.until = until
        begun = self.clock.spent
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, RECURSION))
        try:
            _, self.fails = self.truth(self.formula, self.env)
        except (RecursionError, UndecidedError):
            raise TooLargeError from None
        finally:
            self.seconds += self.clock.spent - begun
            sys.setrecursionlimit(before)

    def solve(self, seconds: float) -> dict[Var, Term] | None:
        """Values for which the formula may fail; None if there are none within the bounds.

        Raises ``PauseError`` if that is not found out in about ``seconds``.
        """
        assert self.fails is not None
        true = self.circuit.solve(self.fails, self.inputs, seconds)
        if true is None:
            return None
        return {var: self.read(node, true) for var, node in self.env.items()}

    def read(self, node: Node, true: frozenset[int]) -> Term:
        """The value of a hole where these literals are true."""
        if node.ways is not None:
            # The first way whose bit is set is the one; the last has none.
            for name, (_, args) in node.ways.items():
                if node.bits[name] == TRUE or node.bits[name] in true:
                    if isinstance(name, int):
                        return self.domain.atom(name, node.sort)
                    return App(name, tuple(self.read(arg, true) for arg in args), node.sort)
        return self.domain.smallest(node.sort)

    # Nodes

    def node(self, *key: object, sort: str = "") -> Node:
        found = self.nodes.get(key)
        if found is None:
            found = self.nodes[key] = Node(key, sort)
        return found

    def hole(self, sort: str, depth: int) -> Node:
        """A new unknown value."""
        return Node(("hole",), sort, depth)

    def constant(self, name: str | int, args: tuple[Node, ...] = ()) -> Node:
        """A value whose beginning is known."""
        node = self.node("known", name, args)
        node.ways, node.known = {name: (TRUE, args)}, TRUE
        return node

    def made(self, term: Term, env: Mapping[Var, Node]) -> Node:
        """The node of a term; nothing is run."""
        if isinstance(term, Var):
            return env[term]
        name, program = term.symbol, self.program
        args = tuple([self.made(arg, env) for arg in term.args])
        if name in program.routines or name in program.native:
            return self.node("call", name, args)
        if name in program.signature.constructors or name in ("true", "false"):
            return self.constant(name, args)
        if is_numeral(name, term.sort, program.signature):
            return self.constant(int(name))
        element = self.domain.element(name)
        if element is None or name in program.open_symbols:
            raise TooLargeError
        return self.constant(element)

    # Running: each of these gives what the value may begin with, and where it is known.

    def force(self, node: Node) -> Outcome:
        """The ways of a node."""
        if node.ways is not None:
            return node.ways, node.known
        self.steps += 1
        if len(self.circuit.gates) > GATES or self.steps > STEPS:
            raise TooLargeError
        if self.steps % 16 == 0 and self.clock.spent > self.until:
            raise PauseError
        node.ways = {}  # what asks for itself is not known
        self.nested += 1
        try:
            if self.nested < NESTED:
                outcome = self.run(node)
                node.ways, node.known = outcome
                return outcome
        except PauseError:
            node.ways = None  # to be taken up again
            raise
        finally:
            self.nested -= 1
        return node.ways, node.known

    def run(self, node: Node) -> Outcome:
        kind, *rest = node.key
        match kind, rest:
            case "hole", _:
                return self.chosen(node), TRUE
            case "choice", [branches]:
                return self.joined([(guard, self.force(one)) for guard, one in branches])  # type: ignore[attr-defined]
            case _, [str(name), tuple(args)]:
                routine = self.program.routines.get(name)
                if routine is None:
                    return self.operated(name, *args)
                return self.branch(routine.tree, dict(zip(routine.parameters, args, strict=True)))
        raise AssertionError(kind)

    def chosen(self, node: Node) -> Ways:
        """All ways in which a hole may begin."""
        sort, depth = node.sort, node.depth
        is_integer, bounds = self.domain.is_integer(sort), self.bounds
        ways: list[tuple[str | int, tuple[str, ...]]] = [
            (name, sorts)
            for name, sorts, _ in self.domain.options(sort, bounds.long + 1, bounds.long)
            if (name in bounds.integers if is_integer else True)
            and (depth > 0 or not self.shapes.is_recursive(sort, sorts))
        ]
        found: Ways = {}
        rest = TRUE
        for place, (name, sorts) in enumerate(ways):
            bit = self.circuit.input() if place + 1 < len(ways) else TRUE
            self.inputs.append(bit)
            args = tuple([self.hole(part, self.inner(sort, part, depth)) for part in sorts])
            found[name] = self.circuit.both(rest, bit), args
            node.bits[name] = bit
            rest = self.circuit.both(rest, -bit)
        return found

    def inner(self, sort: str, part: str, depth: int) -> int:
        """How deep a part of a value may be."""
        if self.shapes.belongs(sort, part):
            return depth - 1
        return self.shapes.depth(part, self.bounds, is_inside=True)

    def joined(self, branches: list[tuple[int, Outcome]]) -> Outcome:
        """Of several outcomes, each under its guard, no two of which hold together, the one."""
        both = self.circuit.both
        branches = [branch for branch in branches if branch[0] != FALSE]
        if len(branches) == 1 and branches[0][0] == TRUE:
            return branches[0][1]
        groups: dict[str | int, list[tuple[int, tuple[Node, ...]]]] = {}
        unknown: list[int] = []
        for guard, (ways, known) in branches:
            unknown.append(both(guard, -known))
            for name, (inner, args) in ways.items():
                literal = both(guard, inner)
                if literal != FALSE:
                    groups.setdefault(name, []).append((literal, args))
        found: Ways = {}
        for name, group in groups.items():
            literal, args = group[0]
            if len(group) > 1:
                literal = self.circuit.any(part for part, _ in group)
                args = tuple(
                    [
                        self.choice([(part, row[place]) for part, row in group])
                        for place in range(len(args))
                    ]
                )
            found[name] = literal, args
        return found, -self.circuit.any(unknown)

    def choice(self, branches: list[tuple[int, Node]]) -> Node:
        """One of several nodes; it is only asked for where one of the guards holds."""
        guards: dict[Node, int] = {}
        for guard, node in branches:
            guards[node] = self.circuit.either(guards[node], guard) if node in guards else guard
        if len(guards) == 1:
            return branches[0][1]
        return self.node("choice", tuple((guard, node) for node, guard in guards.items()))

    def branch(self, tree: Tree | None, env: Env) -> Outcome:
        """What a decision tree gives."""
        match tree:
            case None:
                return NOTHING
            case Leaf(Var() | App() as value):
                return self.force(self.made(value, env))
            case Leaf(value):
                assert not isinstance(value, Var | App)
                return self.told(*self.truth(value, env))
            case Switch(slot, cases, default):
                ways, known = self.force(env[slot])
                branches: list[tuple[int, Outcome]] = []
                others: list[int] = []
                for name, (guard, args) in ways.items():
                    case = cases.get(name)  # type: ignore[arg-type]
                    if case is None:
                        others.append(guard)
                    elif guard != FALSE:
                        fields, below = case
                        inner = {**env, **dict(zip(fields, args, strict=True))} if fields else env
                        branches.append((guard, self.branch(below, inner)))
                if others:
                    branches.append((self.circuit.any(others), self.branch(default, env)))
                return self.within(known, self.joined(branches))
            case Bind(slot, term, rest):
                return self.branch(rest, {**env, slot: self.made(term, env)})
            case Test(atom, then, other):
                yes, no = self.truth(atom, env)
                branches = [
                    (guard, self.branch(below, env))
                    for guard, below in ((yes, then), (no, other))
                    if guard != FALSE
                ]
                return self.within(self.circuit.either(yes, no), self.joined(branches))

    def within(self, known: int, outcome: Outcome) -> Outcome:
        """The outcome, known only where what it was made from is."""
        return outcome[0], self.circuit.both(known, outcome[1])

    def told(self, yes: int, no: int) -> Outcome:
        """A truth value as a value."""
        return {"true": (yes, ()), "false": (no, ())}, self.circuit.either(yes, no)

    def operated(self, name: str, left: Node, right: Node) -> Outcome:
        """A native operation on all pairs of integers; what reaches too far is not known."""
        (one, is_one), (two, is_two) = self.force(left), self.force(right)
        both = self.circuit.both
        known = both(is_one, is_two)
        near = self.bounds.integers
        near = range(near.start - 1, near.stop + 1)
        groups: dict[int, list[int]] = {}
        yes: list[int] = []
        lost: list[int] = []
        for first, (guard, _) in one.items():
            for second, (other, _) in two.items():
                assert isinstance(first, int)
                assert isinstance(second, int)
                literal = both(guard, other)
                if literal == FALSE:
                    continue
                if name in COMPARISONS:
                    if COMPARISONS[name](first, second):
                        yes.append(literal)
                    continue
                try:
                    value = ARITHMETIC[name](first, second)
                except UndecidedError:
                    lost.append(literal)
                    continue
                if literal != TRUE and value not in near:
                    lost.append(literal)
                else:
                    groups.setdefault(value, []).append(literal)
        if name in COMPARISONS:
            holds = self.circuit.any(yes)
            return self.told(both(known, holds), both(known, -holds))
        ways: Ways = {value: (self.circuit.any(group), ()) for value, group in groups.items()}
        return ways, both(known, -self.circuit.any(lost))

    # Truth: the literals of where a formula is true, and of where it is false.

    def truth(self, formula: Formula, env: Mapping[Var, Node]) -> tuple[int, int]:
        both, either = self.circuit.both, self.circuit.either
        match formula:
            case Equal(left, right):
                return self.same(self.made(left, env), self.made(right, env))
            case Holds(name, args):
                node = self.made(App(name, args, ""), env)
                return self.same(node, self.constant("true"))
            case Truth(value):
                return (TRUE, FALSE) if value else (FALSE, TRUE)
            case Not(body):
                yes, no = self.truth(body, env)
                return no, yes
            case And(left, right):
                one, two = self.truth(left, env), self.truth(right, env)
                return both(one[0], two[0]), either(one[1], two[1])
            case Or(left, right):
                one, two = self.truth(left, env), self.truth(right, env)
                return either(one[0], two[0]), both(one[1], two[1])
            case Implies(left, right):
                return self.truth(Or(Not(left), right), env)
            case Iff(left, right):
                (yes, no), (agreed, denied) = self.truth(left, env), self.truth(right, env)
                return (
                    either(both(yes, agreed), both(no, denied)),
                    either(both(yes, denied), both(no, agreed)),
                )
            case _:
                raise TooLargeError  # a quantifier inside

    def same(self, left: Node, right: Node) -> tuple[int, int]:
        """Where two values are equal, and where they differ."""
        if left is right:
            return TRUE, FALSE
        found = self.truths.get((left, right))
        if found is not None:
            return found
        both, some = self.circuit.both, self.circuit.any
        (one, is_one), (two, is_two) = self.force(left), self.force(right)
        equal: list[int] = []
        unequal: list[int] = []
        for name, (guard, args) in one.items():
            other, parts = two.get(name, (FALSE, ()))
            if args:
                unequal.append(both(guard, both(is_two, -other)))
            meet = both(guard, other)
            if meet == FALSE:
                continue
            if not args:
                equal.append(meet)
                continue
            outcomes = [self.same(arg, part) for arg, part in zip(args, parts, strict=True)]
            for yes, _ in outcomes:
                meet = both(meet, yes)
            equal.append(meet)
            unequal.append(both(both(guard, other), some(no for _, no in outcomes)))
        # Of what has no parts, unequal is what is known and not equal.
        plain = some(guard for guard, args in one.values() if not args)
        holds = some(equal)
        unequal.append(both(both(plain, -holds), both(is_one, is_two)))
        self.truths[left, right] = self.truths[right, left] = found = holds, some(unequal)
        return found
