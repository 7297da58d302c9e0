"""Ground evaluation: the value of closed terms, the truth of statements under assignments."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from lemmata.engine.errors import UsageError
from lemmata.engine.formula import Forall, Formula
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Function, Statement, Theory

from .cell import StuckError, UndecidedError
from .encoding import Encoding, Value
from .generation import Generation, OutOfFuelError
from .machine import Machine
from .narrowing import read_term
from .reading import read_program
from .replacement import instantiated

FUEL = 100_000
RECURSION = 12_000

_T = TypeVar("_T")

Check: TypeAlias = Callable[..., "bool | None"]
"""Takes one encoded value for each variable; None where the program does not say."""

_SPENT = (OutOfFuelError, RecursionError)
_GIVE_UP = (*_SPENT, UndecidedError)


class Evaluator:
    """Runs the executable axioms of a theory on closed terms.

    Values are computed by generated Python code, strictly; where that does not end within the
    fuel, lazily. None means that the axioms that run do not say. With ``remembers`` every call is
    made once, however many values need it: for the many small values of an exploration.

    >>> from lemmata.engine.theory import Function, Signature, Sort
    >>> nat = Signature((Sort("N", ("0", "s")),),
    ...                 (Function("0", (), "N"), Function("s", ("N",), "N")))
    >>> evaluator = Evaluator(Theory("nat", nat, ()))
    >>> evaluator.evaluate(App("s", (App("0", (), "N"),), "N")).symbol
    's'
    """

    def __init__(self, theory: Theory, fuel: int = FUEL, *, remembers: bool = False) -> None:
        self.program = read_program(theory)
        self.encoding = Encoding(theory.signature)
        self.fuel = fuel
        self.is_spent = False
        """Whether the last operation or check that gave up had used up its fuel."""
        self._generation = Generation(self.program, self.encoding, remembers=remembers)
        self._checks: dict[int, tuple[Formula, tuple[Var, ...], Check]] = {}
        self._routines: dict[str, Callable[..., Any]] = {}

    def evaluate(self, term: Term) -> Term | None:
        """The constructor term that a closed term equals, by the axioms that run.

        Raises ``UsageError`` for a term with variables.
        """
        value = self.value(term)
        if value is not None:
            return self.encoding.decode(value, term.sort)
        return self._lazily(
            lambda machine: read_term(machine, machine.lazy(term, {})([]), term.sort)
        )

    def value(self, term: Term) -> Value | None:
        """The encoded value of a closed term; None where strict evaluation does not end."""
        with_recursion = sys.getrecursionlimit()
        sys.setrecursionlimit(max(with_recursion, RECURSION))
        self._generation.fuel[0] = self.fuel
        try:
            return self._value(term)
        except _GIVE_UP:
            return None
        finally:
            sys.setrecursionlimit(with_recursion)

    def _value(self, term: Term) -> Value:
        if isinstance(term, Var):
            raise UsageError(f"a closed term is needed, found the variable '{term.name}'")
        if term.symbol in self.encoding.tags and term.sort in self.encoding.numbers:
            zero, step = self.encoding.numbers[term.sort]
            count = 0
            while isinstance(term, App) and term.symbol == step:
                count, term = count + 1, term.args[0]
            if isinstance(term, App) and term.symbol == zero:
                return count
            rest = self._value(term)
            assert isinstance(rest, int)
            return rest + count
        args = [self._value(arg) for arg in term.args]
        if term.symbol in self.encoding.tags:
            tag = self.encoding.tags[term.symbol]
            return tag if term.sort in self.encoding.enumerations else (tag, *args)
        routine = self._routines.get(term.symbol)
        if routine is None:
            parameters = tuple(Var(f"#{place}", arg.sort) for place, arg in enumerate(term.args))
            call = App(term.symbol, parameters, term.sort)
            routine = self._generation.function(parameters, call)
            self._routines[term.symbol] = routine
        found: Value = routine(*args)
        return found

    def check(self, statement: Statement | Formula) -> tuple[tuple[Var, ...], Check]:
        """The variables of a statement and a quick function of their encoded values.

        This is the path for bulk testing: take values from ``values``, keep the function.
        """
        formula = statement.formula if isinstance(statement, Statement) else statement
        kept = self._checks.get(id(formula))
        if kept is not None and kept[0] is formula:
            return kept[1], kept[2]
        body = formula
        while isinstance(body, Forall):
            body = body.body
        variables = tuple(free_variables(body))
        check = self._checked(self._generation.function(variables, body))
        self._checks[id(formula)] = (formula, variables, check)
        return variables, check

    def operation(self, function: Function) -> Callable[..., Value | None]:
        """A quick function from encoded arguments to the encoded value, None where it gives up."""
        parameters = tuple(Var(f"#{n}", sort) for n, sort in enumerate(function.arguments))
        call = App(function.name, parameters, function.result)
        return self._checked(self._generation.function(parameters, call))

    def _checked(self, function: Callable[..., _T]) -> Callable[..., _T | None]:
        fuel, amount = self._generation.fuel, self.fuel

        def run(*values: Value) -> _T | None:
            fuel[0] = amount
            try:
                return function(*values)
            except _GIVE_UP as error:
                self.is_spent = isinstance(error, _SPENT)
                return None

        return run

    def holds(self, statement: Statement | Formula, assignment: Mapping[Var, Term]) -> bool | None:
        """Whether a statement is true when its variables have these values.

        Raises ``UsageError`` if a variable has no value or a value is no constructor term.
        """
        variables, check = self.check(statement)
        missing = [var.name for var in variables if var not in assignment]
        if missing:
            raise UsageError(f"no value is given for {', '.join(missing)}")
        found = check(*(self.encoding.encode(assignment[var]) for var in variables))
        if found is not None:
            return found
        formula = statement.formula if isinstance(statement, Statement) else statement
        while isinstance(formula, Forall):
            formula = formula.body
        closed = instantiated(formula, assignment)
        return self._lazily(lambda machine: machine.formula(closed, {})([]))

    def values(self, sort: str, count: int) -> tuple[Value, ...]:
        """The ``count`` smallest values of a sort, or all if there are fewer, encoded."""
        found: list[Value] = []
        size = empty = 0
        while len(found) < count and empty < 50:
            size += 1
            level = self.encoding.values(sort, size)
            empty = 0 if level else empty + 1
            found += level
        return tuple(found[:count])

    @cached_property
    def _machine(self) -> Machine:
        return Machine(self.program)

    def _lazily(self, run: Callable[[Machine], _T]) -> _T | None:
        """Runs the lazy machine on closed input."""
        machine = self._machine
        machine.fuel = self.fuel
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, RECURSION))
        try:
            return run(machine)
        except (UndecidedError, StuckError, RecursionError):
            return None
        finally:
            machine.trail.clear()
            machine.tables.clear()
            sys.setrecursionlimit(limit)
