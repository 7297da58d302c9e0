"""A lazy machine that runs programs on values with unknown parts.

Every value is a cell: known (its outermost constructor and argument cells), suspended (a call that
nobody has asked for yet) or a hole. Whoever looks at a hole raises ``StuckError`` with that hole: the
search refines exactly what the program demanded. What was computed is kept in the cells and taken
back through a trail when the search gives up a choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from lemmata.engine.clause import Equal, Holds
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.term import App, Term, Var

from .cell import (
    Blocked,
    Cell,
    Check,
    Code,
    Env,
    Range,
    StuckError,
    UndecidedError,
    both,
)
from .domain import Domain
from .integers import Integers
from .program import INTEGER, Bind, Leaf, Program, Switch, Test, Tree, is_numeral
from .quantifier import quantified
from .tree import Hoisted, connective, count_slots, hoisted, rest_slot, term_slot


class Machine:
    """Compiles a program to closures over cells and runs them.

    ``fuel`` bounds the calls of one evaluation; it is set before each.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.domain = Domain(program.signature)
        self.trail: list[
            tuple[Cell, Code | None, Env | None] | tuple[Env, int, None] | tuple[Cell, None, Range]
        ] = []
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
        sort = INTEGER if self.domain.is_integer(INTEGER) else None
        self.integers = Integers(sort, self.force, self.true, self.false)

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
                for hole, known in zip(blocked.watch, blocked.ranges, strict=True):
                    if hole.con is not None or hole.range is not known:
                        break
                else:
                    raise StuckError(blocked.hole, blocked.watch, blocked.wish)
            assert env is not None
            self.fuel -= 1
            if self.fuel < 0:
                raise UndecidedError
            try:
                found = code(env)
            except StuckError as stuck:
                if stuck.watch is not None:
                    ranges = tuple([hole.range for hole in stuck.watch])
                    cell.blocked = Blocked(stuck.watch, ranges, stuck.hole, stuck.wish)
                    self.trail.append((cell, code, env))
                raise
            self.trail.append((cell, code, env))
            if found.con is None and found.code is None:
                cell.blocked = Blocked((found,), (found.range,), found, None, is_value=True)
            elif found.con is None:
                cell.code, cell.env = found.code, found.env
            else:
                cell.con, cell.args = found.con, found.args
        return cell

    def refine(self, hole: Cell, con: str | int, args: tuple[Cell, ...]) -> None:
        """Makes a hole known, until ``undo``."""
        hole.con, hole.args = con, args
        self.trail.append((hole, None, None))

    def narrow(self, hole: Cell, known: Range) -> None:
        """Makes more known of an integer in a hole, until ``undo``."""
        self.trail.append((hole, None, hole.range))
        hole.range = known

    def undo(self, mark: int) -> None:
        """Forgets everything that became known since the trail was ``mark`` long."""
        trail = self.trail
        while len(trail) > mark:
            owner, code, env = trail.pop()
            if isinstance(env, Range):
                assert isinstance(owner, Cell)
                owner.range = env
            elif isinstance(owner, Cell):
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
                if left.con is None:
                    self.force(left)
                if right.con is None:
                    self.force(right)
                if left.con != right.con:
                    return False
            except StuckError as error:
                if self.integers.differ(error, left, right):
                    return False
                if stuck is None:
                    stuck = error
                else:
                    stuck.join(error, is_choice=False)
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
            code = self.integers.operation(name)
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

        With ``once`` the cell is made at the first call only: the environment never changes.
        """
        force, lazy = self.force, self.cell(term, places, once=once)
        return lambda env: force(lazy(env))

    def cell(self, term: Term, places: Mapping[Var, int], *, once: bool) -> Code:
        """``lazy``, perhaps with the cell kept from the first call."""
        lazy = self.lazy(term, places)
        place = places.get(term_slot(term))
        if place is not None:
            return self.kept(place, lazy)
        if not once:
            return lazy
        kept: list[Cell] = []

        def run(env: Env) -> Cell:
            if not kept:
                kept.append(lazy(env))
            return kept[0]

        return run

    def variable(self, place: int) -> Code:
        """Code that gives the value of a variable, or the hole that it is."""
        force = self.force

        def run(env: Env) -> Cell:
            cell = env[place]
            assert cell is not None
            if cell.con is None and cell.code is not None:
                try:
                    force(cell)
                except StuckError:
                    if cell.hole is None:
                        raise
                    return cell.hole
            return cell

        return run

    def kept(self, place: int, made: Code) -> Code:
        """The cell that a place of the frame holds, made when it is first asked for."""
        trail = self.trail

        def run(env: Env) -> Cell:
            cell = env[place]
            if cell is None:
                cell = env[place] = made(env)
                trail.append((env, place, None))
            return cell

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
            second, place = self.tree(operand, places), places.get(rest_slot(tree))
            return self.connective(
                self.condition(tree, places),
                open_case,
                second if place is None else self.kept(place, _suspended(second)),
                self.true if unit else self.false,
            )
        parts = hoisted(tree, self.program.signature.constructors)
        if parts is not None:
            return self.constructed(parts, places)
        match tree:
            case None:
                return _undecided
            case Leaf(Var() as value):
                return self.variable(places[value])
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
                made, code = (
                    self.kept(places[slot], self.lazy(term, places)),
                    self.tree(rest, places),
                )

                def bind(env: Env) -> Cell:
                    made(env)
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
                    if cell.con is None:
                        force(cell)
                    return cell.con == "true"

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
        is_denied = open_case is (unit is self.true)  # true is wanted, as it mostly is

        def run(env: Env) -> Cell:
            try:
                return rest(env) if check(env) == open_case else unit
            except StuckError as error:
                stuck = error
            if is_denied:
                stuck.deny()
            # Outside the handler, for exceptions that refer to each other are slow.
            try:
                if force(rest(env)).con == unit.con:
                    return unit
            except StuckError as second:
                stuck.join(second, is_choice=unit is self.true)
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

    def formula(
        self,
        formula: Formula,
        places: dict[Var, int],
        *,
        once: bool = False,
        wanted: bool = True,
    ) -> Check:
        """Code that decides a formula, looking at both sides of a connective if need be.

        ``wanted`` is the outcome that is looked for; it only guides the search.
        """
        match formula:
            case Equal(left, App("true" | "false" as name, ())):
                code = self.eager(left, places, once=once)
                return _wanted(lambda env: code(env).con == name, wanted == (name == "true"))
            case Equal(left, right):
                one = self.cell(left, places, once=once)
                two, equal = self.cell(right, places, once=once), self.equal

                def same(env: Env) -> bool:
                    first, second = one(env), two(env)
                    if first.con is None or second.con is None or first.args:
                        return equal(first, second)
                    return first.con == second.con

                return _wanted(same, wanted)
            case Holds(predicate, args):
                code = self.eager(App(predicate, args, ""), places, once=once)
                return _wanted(lambda env: code(env).con == "true", wanted)
            case Truth(value):
                return lambda _: value
            case Not(body):
                check = self.formula(body, places, once=once, wanted=not wanted)
                return lambda env: not check(env)
            case And(left, right) | Or(left, right):
                first = self.formula(left, places, once=once, wanted=wanted)
                second = self.formula(right, places, once=once, wanted=wanted)
                is_and = isinstance(formula, And)
                return both(first, second, is_and, is_and != wanted)
            case Implies(left, right):
                return self.formula(Or(Not(left), right), places, once=once, wanted=wanted)
            case Iff(left, right):
                one_side = self.formula(left, places, once=once)
                other_side = self.formula(right, places, once=once)
                return lambda env: one_side(env) == other_side(env)
            case Exists(bound, body) | Forall(bound, body):
                start = max(places.values(), default=-1) + 1
                inner = {**places, **{var: start + place for place, var in enumerate(bound)}}
                wanted = isinstance(formula, Exists)
                return quantified(self, bound, self.formula(body, inner), start, wanted)
            case _:
                assert_never(formula)


def _wanted(check: Check, wanted: bool) -> Check:
    """The check, with its wishes turned round where its falsity is wanted."""
    if wanted:
        return check

    def run(env: Env) -> bool:
        try:
            return check(env)
        except StuckError as error:
            error.deny()
            raise

    return run


def _suspended(code: Code) -> Code:
    return lambda env: Cell(None, (), code, env)


def _undecided(_: Env) -> Cell:
    raise UndecidedError
