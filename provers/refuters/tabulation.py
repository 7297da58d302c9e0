"""Finite models as numbered Boolean variables and clauses of integers, one search for many questions.

For each function and each tuple of elements one variable per possible value says what the value is
(McCune's encoding, with a row of variables of its own for each nested term). The text goes to the
solver at once, so that the cost is the solver's and not that of building expressions. What one asks
of a model is guarded by a variable: all that was learnt for one question helps with the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

from lemmata.engine.budget import Clock
from lemmata.engine.clause import Clause, Equal, Holds, Literal
from lemmata.engine.term import Term, Var
from lemmata.engine.theory import Signature, Theory

from .structure import Structure

Row: TypeAlias = tuple[int, ...]
"""For each element of a sort the variable that says that a term has this value."""

Values: TypeAlias = Mapping[Var, int | Row]

TRUE = 1
"""The variable that is true."""


class Tabulation:
    """The models of a theory with domains of given sizes.

    ``effort`` bounds each question in the solver's own units, so that answers are the same on every
    machine. A ``clock`` bounds all of it instead: once it is over, axioms may be missing, and there
    is no model to show. What z3 finds depends on what was made in its ``context`` before; without one
    the tabulation has its own.
    """

    def __init__(
        self,
        z3: Any,
        theory: Theory,
        sizes: Mapping[str, int],
        effort: int = 0,
        clock: Clock | None = None,
        context: Any = None,
    ) -> None:
        self.z3, self.theory, self.sizes = z3, theory, sizes
        self.largest = max(sizes.values(), default=0)
        self.signature: Signature = theory.signature
        self.context = z3.Context() if context is None else context
        self.solver = z3.SolverFor("QF_FD", ctx=self.context)
        self.solver.set("rlimit", effort)
        self.clock = clock
        self.solver.set("sat.phase", "random")
        self.count = TRUE
        self.declared = 0
        self.has_none = False
        """Whether the solver knows that there is no model of these sizes at all."""

        self.lines: list[str] = [f"(assert b{TRUE})"]
        self.rows: dict[object, Row] = {}
        self.atoms: dict[object, int] = {}
        self.named: dict[str, int] = {}
        """How many constants of each sort there are: the k-th is one of the first k elements."""
        self._tables()
        for axiom in theory.axioms:
            for clause in axiom.clauses:
                self.assume(clause)

    def _tables(self) -> None:
        for function in self.signature.functions:
            for args in self.tuples(function.arguments):
                row = self.rows[function.name, args] = self.row(function.result)
                if not args and function.name not in self.signature.constructors:
                    self.narrow(row, function.result, self.named)
        for sort in self.signature.sorts:
            for index, name in enumerate(sort.constructors):
                self.add(self.rows[name, ()][index])
        for predicate in self.signature.predicates:
            for args in self.tuples(predicate.arguments):
                self.atoms[predicate.name, args] = self.fresh()

    def add(self, *literals: int) -> None:
        """One of these literals is true."""
        if TRUE not in literals:
            parts = [f"b{literal}" if literal > 0 else f"(not b{-literal})" for literal in literals]
            self.lines.append(f"(assert (or {' '.join(parts)} false))")

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def row(self, sort: str) -> Row:
        """An unknown element."""
        row = tuple(self.fresh() for _ in range(self.sizes[sort]))
        self.add(*row)
        for place, one in enumerate(row):
            for other in row[:place]:
                self.add(-one, -other)
        return row

    def narrow(self, row: Row, sort: str, named: dict[str, int]) -> None:
        """Elements of an abstract sort have no identity: a new one is the next that is free."""
        if not self.signature.sort[sort].is_inductive:
            known = named[sort] = named.get(sort, 0) + 1
            for value in row[known:]:
                self.add(-value)

    def tuples(self, sorts: Sequence[str]) -> Iterator[tuple[int, ...]]:
        return product(*(range(self.sizes[sort]) for sort in sorts))

    # Terms and literals; a variable stands for a known element or a row.

    def value(self, term: Term, names: Values) -> int | Row:
        """The element or the row of a term."""
        if isinstance(term, Var):
            return names[term]
        args = tuple(self.value(arg, names) for arg in term.args)
        found = self.rows.get((term.symbol, args))
        if found is None:
            found = self.rows[term.symbol, args] = self.row(term.sort)
            self.tie(term.symbol, args, found)
        return found

    def tie(self, symbol: str, args: tuple[int | Row, ...], row: Row) -> None:
        """A row is the value of a function at arguments."""
        for values, denied in _choices(args):
            for one, other in zip(self.rows[symbol, values], row, strict=True):
                self.add(*denied, -one, other)

    def literal(self, literal: Literal, names: Values) -> int:
        match literal.atom:
            case Equal(left, right):
                found = self.equality(self.value(left, names), self.value(right, names))
            case Holds(predicate, args):
                found = self.atom(predicate, tuple(self.value(arg, names) for arg in args))
        return found if literal.positive else -found

    def equality(self, left: int | Row, right: int | Row) -> int:
        if isinstance(left, int) and isinstance(right, int):
            return TRUE if left == right else -TRUE
        if isinstance(left, int):
            left, right = right, left
        assert not isinstance(left, int)
        if isinstance(right, int):
            return left[right]
        key = ("=", left, right)
        if key not in self.atoms:
            same = self.atoms[key] = self.fresh()
            for one, other in zip(left, right, strict=True):
                self.add(-same, -one, other)
                self.add(same, -one, -other)
        return self.atoms[key]

    def atom(self, predicate: str, args: tuple[int | Row, ...]) -> int:
        found = self.atoms.get((predicate, args))
        if found is None:
            found = self.atoms[predicate, args] = self.fresh()
            for values, denied in _choices(args):
                source = self.atoms[predicate, values]
                self.add(*denied, -source, found)
                self.add(*denied, source, -found)
        return found

    # Clauses

    def assume(self, clause: Clause) -> None:
        """A clause holds at all elements."""
        for values in self.tuples([var.sort for var in clause.variables]):
            if self.clock is not None and self.clock.is_over:
                return
            names: Values = dict(zip(clause.variables, values, strict=True))
            match clause:
                case Clause(_, (), (case,)) if clause.is_literal_head and self.merge(
                    case.literals[0], names
                ):
                    continue
            parts = [-self.literal(premise, names) for premise in clause.premises]
            for case in clause.cases:
                for chosen in self.tuples([var.sort for var in case.exists]):
                    inner = {**names, **dict(zip(case.exists, chosen, strict=True))}
                    parts.append(self.both([self.literal(part, inner) for part in case.literals]))
            self.add(*parts)

    def merge(self, literal: Literal, names: Values) -> bool:
        """An equation that holds needs no rows of its own for its right-hand side."""
        match literal:
            case Literal(Equal(left, right), True) if not isinstance(right, Var):
                row = self.value(left, names)
                args = tuple(self.value(arg, names) for arg in right.args)
                if isinstance(row, int):
                    row = tuple(
                        TRUE if place == row else -TRUE for place in range(self.sizes[right.sort])
                    )
                self.tie(right.symbol, args, row)
                return True
            case _:
                return False

    def both(self, literals: Sequence[int]) -> int:
        """All of the literals together."""
        if len(literals) == 1:
            return literals[0]
        whole = self.fresh()
        for literal in literals:
            self.add(-whole, literal)
        return whole

    def deny(self, clause: Clause) -> int:
        """The question whether a clause can fail: the variable that says that it does."""
        guard = self.fresh()
        names: dict[Var, int | Row] = {}
        named = dict(self.named)
        for var in clause.variables:
            row = names[var] = self.row(var.sort)
            self.narrow(row, var.sort, named)
        for premise in clause.premises:
            self.add(-guard, self.literal(premise, names))
        for case in clause.cases:
            for chosen in self.tuples([var.sort for var in case.exists]):
                inner = {**names, **dict(zip(case.exists, chosen, strict=True))}
                self.add(-guard, *(-self.literal(part, inner) for part in case.literals))
        return guard

    # Solutions

    def structure(self, clause: Clause | None = None) -> Structure | None:
        """A model, one in which a clause fails if there is a clause.

        None if there is none or the solver gave up.
        """
        if self.clock is not None:
            if self.clock.is_over:
                return None
            self.solver.set("timeout", max(1, int(self.clock.left * 1000)))
        asked = () if clause is None else (self.z3.Bool(f"b{self.deny(clause)}", self.context),)
        new = range(self.declared + 1, self.count + 1)
        self.solver.from_string(
            "\n".join([*(f"(declare-fun b{number} () Bool)" for number in new), *self.lines])
        )
        self.declared, self.lines = self.count, []
        answer = self.solver.check(*asked)
        if answer != self.z3.sat:
            self.has_none = self.has_none or (clause is None and answer == self.z3.unsat)
            return None
        model = self.solver.model()
        true = {int(part.name()[1:]) for part in model.decls() if self.z3.is_true(model[part])}
        functions = {
            function.name: {
                args: next(n for n, v in enumerate(self.rows[function.name, args]) if v in true)
                for args in self.tuples(function.arguments)
            }
            for function in self.signature.functions
        }
        predicates = {
            predicate.name: frozenset(
                args
                for args in self.tuples(predicate.arguments)
                if self.atoms[predicate.name, args] in true
            )
            for predicate in self.signature.predicates
        }
        return Structure(dict(self.sizes), functions, predicates)


def _choices(args: tuple[int | Row, ...]) -> Iterator[tuple[tuple[int, ...], list[int]]]:
    """All values that arguments may take, each with what would have to be false for it."""
    options = [[(arg, 0)] if isinstance(arg, int) else list(enumerate(arg)) for arg in args]
    for choice in product(*options):
        yield tuple(value for value, _ in choice), [-when for _, when in choice if when]
