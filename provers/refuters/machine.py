"""A lazy machine that runs programs on values with unknown parts.

Every value is a cell: known (its outermost constructor and argument cells), suspended (a call that
nobody has asked for yet) or a hole. Whoever looks at a hole raises ``StuckError`` with that hole: the
search refines exactly what the program demanded. What was computed is kept in the cells and taken
back through a trail when the search gives up a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from lemmata.engine.clause import Equal, Holds
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.term import App, Term, Var

from .cell import (
    ARITHMETIC,
    COMPARISONS,
    Cell,
    Check,
    Code,
    Env,
    StuckError,
    UndecidedError,
    both,
    joined,
)
from .domain import Domain
from .program import Bind, Leaf, Program, Switch, Test, Tree, is_numeral
from .tree import Hoisted, connective, count_slots, hoisted


class Machine:
    """Compiles a program to closures over cells and runs them.

    ``fuel`` bounds the calls of one evaluation; it is set before each.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.domain = Domain(program.signature)
        self.trail: list[tuple[Cell, Code | None, Env | None] | tuple[Env, int, None]] = []
        self.fuel = 0
        self.tables: dict[tuple[str, tuple[object, ...]], Cell] = {}
        self.inner_limit = 12
        self._codes: dict[str, Code] = {}
        self._sizes: dict[str, int] = {}
        self._constants = {
            name: Cell(name)
            for name, function in program.signature.function.items()
            if name in program.signature.constructors and not function.arguments
        }
        for name in ("true", "false"):
            self._constants.setdefault(name, Cell(name))
        self.true, self.false = self._constants["true"], self._constants["false"]

    # Cells

    def hole(self, sort: str) -> Cell:
        """A value of which only the sort is known."""
        return Cell(None, sort=sort)

    def force(self, cell: Cell) -> Cell:
        """The cell, with its outermost constructor known.

        A tail call replaces the code of the cell, so that work done is not done again when the
        same cell is asked for after a hole was refined.
        """
        while cell.con is None:
            code, env = cell.code, cell.env
            if code is None:
                raise StuckError(cell, (cell,))
            blocked = cell.blocked
            if blocked is not None:
                for hole in blocked:
                    if hole.con is not None:
                        break
                else:
                    raise StuckError(blocked[0], blocked)
            assert env is not None
            self.fuel -= 1
            if self.fuel < 0:
                raise UndecidedError
            try:
                found = code(env)
            except StuckError as stuck:
                if stuck.watch is not None:
                    cell.blocked = stuck.watch
                    self.trail.append((cell, code, env))
                raise
            self.trail.append((cell, code, env))
            if found.con is None:
                cell.code, cell.env = found.code, found.env
            else:
                cell.con, cell.args = found.con, found.args
        return cell

    def refine(self, hole: Cell, con: str | int, args: tuple[Cell, ...]) -> None:
        """Makes a hole known, until ``undo``."""
        hole.con, hole.args = con, args
        self.trail.append((hole, None, None))

    def undo(self, mark: int) -> None:
        """Forgets everything that became known since the trail was ``mark`` long."""
        trail = self.trail
        while len(trail) > mark:
            owner, code, env = trail.pop()
            if isinstance(owner, Cell):
                assert not isinstance(code, int)
                owner.con, owner.args, owner.code, owner.env = None, (), code, env
                owner.blocked = None
            else:
                assert isinstance(code, int)
                owner[code] = None

    def equal(self, one: Cell, two: Cell) -> bool:
        """Whether two values are equal; a difference is found even beside holes."""
        stuck: StuckError | None = None
        pairs = [(one, two)]
        while pairs:
            left, right = pairs.pop()
            if left is right:
                continue
            try:
                if self.force(left).con != self.force(right).con:
                    return False
            except StuckError as error:
                if stuck is not None:
                    error = StuckError(stuck.hole, joined(stuck.watch, error.watch))
                stuck = error
                continue
            pairs.extend(zip(reversed(left.args), reversed(right.args), strict=True))
        if stuck is not None:
            raise stuck
        return True

    def normal(self, cell: Cell) -> tuple[object, ...]:
        """The whole value as nested tuples."""
        self.force(cell)
        return (cell.con, *(self.normal(arg) for arg in cell.args))

    # Terms: ``lazy`` makes a cell without running anything; ``eager`` gives a known one.

    def lazy(self, term: Term, places: Mapping[Var, int]) -> Code:
        """Code that gives the term's cell and runs nothing."""
        if isinstance(term, Var):
            place = places[term]
            return lambda env: env[place]  # type: ignore[return-value]
        name, signature = term.symbol, self.program.signature
        if self.is_constructor(term):
            if not term.args:
                constant = self._constants[name]
                return lambda _: constant
            parts = tuple(self.lazy(arg, places) for arg in term.args)
            return lambda env: Cell(name, tuple([part(env) for part in parts]))
        if is_numeral(name, term.sort, signature):
            number = Cell(int(name))
            return lambda _: number
        parts = tuple(self.lazy(arg, places) for arg in term.args)
        if name in self.program.routines:
            code, size = self.routine(name), self._sizes
            return lambda env: Cell(
                None, (), code, [*[part(env) for part in parts], *[None] * size[name]]
            )
        if name in self.program.native:
            code = self.operation(name)
        elif name in self.program.open_symbols:
            code = self.table(name, term.sort)
        else:
            element = self.domain.element(name)
            if element is None:
                raise UndecidedError
            known = Cell(element)
            return lambda _: known
        return lambda env: Cell(None, (), code, [part(env) for part in parts])

    def eager(self, term: Term, places: Mapping[Var, int], *, once: bool = False) -> Code:
        """Code that gives the term's cell with its outermost constructor known.

        With ``once`` the cell is made at the first call only, for an environment that never
        changes.
        """
        force, lazy = self.force, self.cell(term, places, once=once)
        return lambda env: force(lazy(env))

    def cell(self, term: Term, places: Mapping[Var, int], *, once: bool) -> Code:
        """``lazy``, perhaps with the cell kept from the first call."""
        lazy = self.lazy(term, places)
        if not once:
            return lazy
        kept: list[Cell] = []

        def run(env: Env) -> Cell:
            if not kept:
                kept.append(lazy(env))
            return kept[0]

        return run

    def is_constructor(self, term: App) -> bool:
        return term.symbol in self.program.signature.constructors or (
            term.symbol in ("true", "false") and not term.args
        )

    def table(self, name: str, sort: str) -> Code:
        """An open function: its value at given arguments is a hole of its own."""

        def run(args: Env) -> Cell:
            key = (name, tuple([self.normal(arg) for arg in args if arg is not None]))
            cell = self.tables.get(key)
            if cell is None:
                cell = self.tables[key] = self.hole(sort or "Bool")
            return self.force(cell)

        return run

    def operation(self, name: str) -> Code:
        """A native integer operation; division rounds so that the remainder is not negative."""
        true, false, force = self.true, self.false, self.force
        operate, compare = ARITHMETIC.get(name), COMPARISONS.get(name)

        def run(args: Env) -> Cell:
            left, right = args
            assert left is not None
            assert right is not None
            one, two = force(left).con, force(right).con
            assert isinstance(one, int)
            assert isinstance(two, int)
            if compare is not None:
                return true if compare(one, two) else false
            assert operate is not None
            return Cell(operate(one, two))

        return run

    # Routines

    def routine(self, name: str) -> Code:
        """The code of a defined function; its frame holds the arguments, then the slots."""
        if name in self._codes:
            return self._codes[name]
        routine = self.program.routines[name]
        places = {var: place for place, var in enumerate(routine.parameters)}
        count = count_slots(routine.tree, places)
        self._sizes[name] = count - len(routine.parameters)
        compiled: list[Code] = []
        self._codes[name] = lambda frame: compiled[0](frame)  # for calls from inside itself
        compiled.append(self.tree(routine.tree, places))
        self._codes[name] = compiled[0]
        return compiled[0]

    def tree(self, tree: Tree | None, places: Mapping[Var, int]) -> Code:
        """Code that runs the tree in a frame; it may give a suspended cell, for a tail call."""
        split = connective(tree)
        if split is not None:
            open_case, unit, operand = split
            return self.connective(
                self.condition(tree, places),
                open_case,
                self.tree(operand, places),
                self.true if unit else self.false,
            )
        parts = hoisted(tree, self.program.signature.constructors)
        if parts is not None:
            return self.constructed(parts, places)
        match tree:
            case None:
                return _undecided
            case Leaf(Var() as value):
                return self.eager(value, places)
            case Leaf(App() as value):
                return self.lazy(value, places)
            case Leaf(value):
                assert not isinstance(value, Var | App)
                holds, true, false = self.formula(value, dict(places)), self.true, self.false
                return lambda env: true if holds(env) else false
            case Switch(slot, cases, default):
                return self.switch(
                    places[slot],
                    {
                        name: (places[fields[0]] if fields else 0, self.tree(inner, places))
                        for name, (fields, inner) in cases.items()
                    },
                    self.tree(default, places),
                )
            case Bind(slot, term, rest):
                place, made, code = places[slot], self.lazy(term, places), self.tree(rest, places)
                trail = self.trail

                def bind(env: Env) -> Cell:
                    if env[place] is None:
                        env[place] = made(env)
                        trail.append((env, place, None))
                    return code(env)

                return bind
            case Test(atom, then, other):
                check = self.formula(atom, dict(places))
                yes, no = self.tree(then, places), self.tree(other, places)
                return lambda env: yes(env) if check(env) else no(env)
            case _:
                assert_never(tree)

    def switch(
        self, place: int, cases: Mapping[str | int | None, tuple[int, Code]], default: Code
    ) -> Code:
        force = self.force

        def run(env: Env) -> Cell:
            cell = env[place]
            assert cell is not None
            if cell.con is None:
                force(cell)
            found = cases.get(cell.con)
            if found is None:
                return default(env)
            start, code = found
            args = cell.args
            if args:
                env[start : start + len(args)] = args
            return code(env)

        return run

    def condition(self, tree: Tree | None, places: Mapping[Var, int]) -> Check:
        """The condition at the root of a Boolean case distinction."""
        match tree:
            case Switch(slot):
                force, place = self.force, places[slot]

                def run(env: Env) -> bool:
                    cell = env[place]
                    assert cell is not None
                    return force(cell).con == "true"

                return run
            case Test(atom):
                return self.formula(atom, dict(places))
            case _:
                raise AssertionError("not a Boolean case distinction")

    def connective(self, check: Check, open_case: bool, rest: Code, unit: Cell) -> Code:
        """A conjunction or disjunction that was written as a case distinction.

        Where the condition is stuck, the other operand may decide alone.
        """
        force = self.force

        def run(env: Env) -> Cell:
            try:
                return rest(env) if check(env) == open_case else unit
            except StuckError as error:
                stuck = error
            # Outside the handler, for exceptions that refer to each other are slow.
            try:
                if force(rest(env)).con == unit.con:
                    return unit
            except StuckError as second:
                stuck.watch = joined(stuck.watch, second.watch)
            except UndecidedError:
                pass
            raise stuck.with_traceback(None)

        return run

    def constructed(self, parts: Hoisted, places: Mapping[Var, int]) -> Code:
        """A constructor that all ways share; only its arguments wait for the conditions."""
        name, trees = parts
        codes: list[Code] = []
        for tree in trees:
            if isinstance(tree, Leaf):
                assert isinstance(tree.value, Var | App)
                codes.append(self.lazy(tree.value, places))
            else:
                codes.append(_suspended(self.tree(tree, places)))
        return lambda env: Cell(name, tuple([code(env) for code in codes]))

    # Formulas

    def formula(self, formula: Formula, places: dict[Var, int], *, once: bool = False) -> Check:
        """Code that decides a formula, looking at both sides of a connective if need be."""
        match formula:
            case Equal(left, App("true" | "false" as name, ())):
                code = self.eager(left, places, once=once)
                return lambda env: code(env).con == name
            case Equal(left, right):
                one = self.cell(left, places, once=once)
                two, equal = self.cell(right, places, once=once), self.equal
                return lambda env: equal(one(env), two(env))
            case Holds(predicate, args):
                code = self.eager(App(predicate, args, ""), places, once=once)
                return lambda env: code(env).con == "true"
            case Truth(value):
                return lambda _: value
            case Not(body):
                check = self.formula(body, places, once=once)
                return lambda env: not check(env)
            case And(left, right) | Or(left, right):
                first = self.formula(left, places, once=once)
                second = self.formula(right, places, once=once)
                return both(first, second, isinstance(formula, And))
            case Implies(left, right):
                return self.formula(Or(Not(left), right), places, once=once)
            case Iff(left, right):
                one_side = self.formula(left, places, once=once)
                other_side = self.formula(right, places, once=once)
                return lambda env: one_side(env) == other_side(env)
            case Exists(bound, body):
                return self.quantifier(bound, body, places, True)
            case Forall(bound, body):
                return self.quantifier(bound, body, places, False)
            case _:
                assert_never(formula)

    def quantifier(
        self, bound: tuple[Var, ...], body: Formula, places: dict[Var, int], wanted: bool
    ) -> Check:
        """Looks for values that make the body true (exists) or false (for all)."""
        inner = dict(places)
        first = max(places.values(), default=-1) + 1
        for offset, var in enumerate(bound):
            inner[var] = first + offset
        check = self.formula(body, inner)

        def run(env: Env) -> bool:
            if any(self.domain.is_uninterpreted(var.sort) for var in bound):
                raise UndecidedError
            holes = [self.hole(var.sort) for var in bound]
            frame = [*env[:first], *[None] * (first - len(env)), *holes]
            mark = len(self.trail)
            try:
                cost = sum(self.domain.least(var.sort) for var in bound)
                found = self.exhaust(lambda: check(frame) == wanted, holes, cost)
            finally:
                self.undo(mark)
            return found == wanted

        return run

    def exhaust(self, attempt: Callable[[], bool], holes: list[Cell], cost: int) -> bool:
        """Whether some values of the holes make the attempt succeed.

        Raises ``UndecidedError`` where the limit on sizes cut the search, ``StuckError`` where the answer
        depends on a hole from outside.
        """
        mine = set(map(id, holes))
        try:
            return attempt()
        except StuckError as error:
            hole = error.hole
            if id(hole) not in mine:
                raise
        cut = False
        least = self.domain.least(hole.sort)
        for con, sorts, price in self.domain.options(hole.sort, self.inner_limit):
            total = cost + price - least
            if total > self.inner_limit:
                cut = True
                continue
            mark = len(self.trail)
            parts = tuple(self.hole(sort) for sort in sorts)
            self.refine(hole, con, parts)
            try:
                if self.exhaust(attempt, [*holes, *parts], total):
                    return True
            except UndecidedError:
                cut = True
            finally:
                self.undo(mark)
        if cut or not self.domain.is_finite_choice(hole.sort):
            raise UndecidedError
        return False


def _suspended(code: Code) -> Code:
    return lambda env: Cell(None, (), code, env)


def _undecided(_: Env) -> Cell:
    raise UndecidedError
