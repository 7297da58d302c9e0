"""Finite models as propositional problems: tables of unknown values, clauses at all elements.

For each function and each tuple of elements, one Boolean per possible value says what the value
is. A clause of the theory becomes one propositional clause for each choice of elements; a nested
term gets Booleans of its own, tied to the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, TypeAlias

from lemmata.engine.budget import Clock
from lemmata.engine.clause import Clause, Equal, Holds, Literal
from lemmata.engine.term import Term, Var
from lemmata.engine.theory import Signature

from .structure import Structure

Row: TypeAlias = "list[Any]"
"""For each element of a sort, the Boolean that says that a term has this value."""


class Grounding:
    """The clauses of one theory over domains of given sizes, for a propositional solver."""

    def __init__(self, z3: Any, signature: Signature, sizes: Mapping[str, int]) -> None:
        self.z3 = z3
        self.signature = signature
        self.sizes = sizes
        self.solver = z3.SolverFor("QF_FD")
        self._rows: dict[object, Row] = {}
        self._atoms: dict[object, Any] = {}
        self._count = 0
        self._constants: dict[str, int] = {}
        for function in signature.functions:
            for args in self.tuples(function.arguments):
                self._rows[function.name, args] = self.row(function.result)
            if not function.arguments and function.name not in signature.constructors:
                self.narrow(self._rows[function.name, ()], function.result)
        for sort in signature.sorts:
            for index, name in enumerate(sort.constructors):
                self.solver.add(self._rows[name, ()][index])
        for predicate in signature.predicates:
            for args in self.tuples(predicate.arguments):
                self._atoms[predicate.name, args] = self.fresh()

    def fresh(self) -> Any:
        self._count += 1
        return self.z3.Bool(f"b{self._count}")

    def row(self, sort: str) -> Row:
        """An unknown element: exactly one of its Booleans is true."""
        row = [self.fresh() for _ in range(self.sizes[sort])]
        self.solver.add(self.z3.Or(row))
        for place, one in enumerate(row):
            for other in row[:place]:
                self.solver.add(self.z3.Or(self.z3.Not(one), self.z3.Not(other)))
        return row

    def narrow(self, row: Row, sort: str) -> None:
        """Elements have no identity: the k-th constant is one of the first k elements."""
        if self.signature.sort[sort].is_inductive:
            return
        known = self._constants.get(sort, 0)
        self._constants[sort] = known + 1
        for value in row[known + 1 :]:
            self.solver.add(self.z3.Not(value))

    def tuples(self, sorts: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
        return product(*(range(self.sizes[sort]) for sort in sorts))

    # Terms and literals; variables stand for rows: a known element or an unknown one.

    def element(self, sort: str, value: int) -> Row:
        true, false = self.z3.BoolVal(True), self.z3.BoolVal(False)
        return [true if place == value else false for place in range(self.sizes[sort])]

    def value(self, term: Term, names: Mapping[Var, int | Row]) -> int | Row:
        """The element or the row of a term."""
        if isinstance(term, Var):
            return names[term]
        args = [self.value(arg, names) for arg in term.args]
        if all(isinstance(arg, int) for arg in args):
            return self._rows[term.symbol, tuple(args)]
        key = (term.symbol, tuple(arg if isinstance(arg, int) else id(arg) for arg in args))
        kept = self._rows.get(key)
        if kept is None:
            kept = self._rows[key] = self.row(term.sort)
            for values, conditions in self.choices(args):
                source = self._rows[term.symbol, values]
                for one, other in zip(source, kept, strict=True):
                    self.solver.add(self.z3.Or(*conditions, self.z3.Not(one), other))
        return kept

    def choices(self, args: list[int | Row]) -> Iterator[tuple[tuple[int, ...], list[Any]]]:
        """All values that arguments may take, each with what would have to be false for it."""
        options = [[(arg, None)] if isinstance(arg, int) else list(enumerate(arg)) for arg in args]
        for choice in product(*options):
            values = tuple(value for value, _ in choice)
            yield values, [self.z3.Not(when) for _, when in choice if when is not None]

    def literal(self, literal: Literal, names: Mapping[Var, int | Row]) -> Any:
        match literal.atom:
            case Equal(left, right):
                found = self.equality(self.value(left, names), self.value(right, names))
            case Holds(predicate, args):
                found = self.atom(predicate, [self.value(arg, names) for arg in args])
        return found if literal.positive else self.z3.Not(found)

    def equality(self, left: int | Row, right: int | Row) -> Any:
        if isinstance(left, int) and isinstance(right, int):
            return self.z3.BoolVal(left == right)
        if isinstance(left, int):
            left, right = right, left
        assert not isinstance(left, int)
        if isinstance(right, int):
            return left[right]
        return self.z3.Or([self.z3.And(*pair) for pair in zip(left, right, strict=True)])

    def atom(self, predicate: str, args: list[int | Row]) -> Any:
        if all(isinstance(arg, int) for arg in args):
            return self._atoms[predicate, tuple(args)]
        key = (predicate, tuple(arg if isinstance(arg, int) else id(arg) for arg in args))
        kept = self._atoms.get(key)
        if kept is None:
            kept = self._atoms[key] = self.fresh()
            for values, conditions in self.choices(args):
                source = self._atoms[predicate, values]
                self.solver.add(self.z3.Or(*conditions, source == kept))
        return kept

    # Clauses

    def holds(self, clause: Clause, names: Mapping[Var, int | Row]) -> Any:
        """The formula that says that a clause holds at these elements."""
        parts = [self.z3.Not(self.literal(premise, names)) for premise in clause.premises]
        for case in clause.cases:
            for values in self.tuples(tuple(var.sort for var in case.exists)):
                inner = {**names, **dict(zip(case.exists, values, strict=True))}
                literals = [self.literal(literal, inner) for literal in case.literals]
                parts.append(self.z3.And(literals) if len(literals) != 1 else literals[0])
        return self.z3.Or(parts)

    def assume(self, clause: Clause, clock: Clock) -> None:
        """The clause holds at all elements; stops early when the clock runs out."""
        for values in self.tuples(tuple(var.sort for var in clause.variables)):
            if clock.is_over:
                return
            self.solver.add(self.holds(clause, dict(zip(clause.variables, values, strict=True))))

    def deny(self, clauses: tuple[Clause, ...]) -> list[dict[Var, Row]]:
        """One of the clauses fails somewhere; gives the unknown elements where each would."""
        places: list[dict[Var, Row]] = []
        failures: list[Any] = []
        for clause in clauses:
            names: dict[Var, int | Row] = {}
            rows: dict[Var, Row] = {}
            for var in clause.variables:
                rows[var] = names[var] = self.row(var.sort)
                if len(clauses) == 1:
                    self.narrow(rows[var], var.sort)
            places.append(rows)
            failures.append(self.z3.Not(self.holds(clause, names)))
        self.solver.add(self.z3.Or(failures))
        return places

    # Solutions

    def structure(self) -> Structure | None:
        """The tables of a solution; None if there is none or the solver gave up."""
        if self.solver.check() != self.z3.sat:
            return None
        model = self.solver.model()
        functions = {
            function.name: {
                args: self.chosen(model, self._rows[function.name, args])
                for args in self.tuples(function.arguments)
            }
            for function in self.signature.functions
        }
        predicates = {
            predicate.name: frozenset(
                args
                for args in self.tuples(predicate.arguments)
                if self.z3.is_true(model.eval(self._atoms[predicate.name, args], True))
            )
            for predicate in self.signature.predicates
        }
        return Structure(dict(self.sizes), functions, predicates)

    def chosen(self, model: Any, row: Row) -> int:
        """The element that a row has in the solution."""
        return next(
            place for place, when in enumerate(row) if self.z3.is_true(model.eval(when, True))
        )
