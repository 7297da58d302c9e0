"""Finite structures: tables for the symbols of a theory, and truth in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import assert_never

from lemmata.engine.clause import Case, Clause, Equal, Holds, Literal
from lemmata.engine.term import Term, Var


@dataclass(frozen=True, slots=True)
class Structure:
    """Domains are 0, 1, … below the size of the sort; a predicate is the set of its tuples."""

    sizes: Mapping[str, int]
    functions: Mapping[str, Mapping[tuple[int, ...], int]]
    predicates: Mapping[str, frozenset[tuple[int, ...]]]

    def tuples(self, variables: tuple[Var, ...]) -> Iterator[dict[Var, int]]:
        """All ways to give the variables elements."""
        for values in product(*(range(self.sizes[var.sort]) for var in variables)):
            yield dict(zip(variables, values, strict=True))

    def value(self, term: Term, names: Mapping[Var, int]) -> int:
        """The element that a term denotes."""
        if isinstance(term, Var):
            return names[term]
        return self.functions[term.symbol][tuple(self.value(arg, names) for arg in term.args)]

    def satisfies(self, literal: Literal, names: Mapping[Var, int]) -> bool:
        """Whether a literal is true at these elements."""
        match literal.atom:
            case Equal(left, right):
                found = self.value(left, names) == self.value(right, names)
            case Holds(predicate, args):
                found = tuple(self.value(arg, names) for arg in args) in self.predicates[predicate]
            case _:
                assert_never(literal.atom)
        return found == literal.positive

    def holds(self, clause: Clause, names: Mapping[Var, int]) -> bool:
        """Whether a clause is true at these elements."""
        if not all(self.satisfies(premise, names) for premise in clause.premises):
            return True
        return any(self.exists(case, names) for case in clause.cases)

    def exists(self, case: Case, names: Mapping[Var, int]) -> bool:
        """Whether a case of a head is true at these elements."""
        return any(
            all(self.satisfies(literal, {**names, **inner}) for literal in case.literals)
            for inner in self.tuples(case.exists)
        )

    def failure(self, clause: Clause) -> dict[Var, int] | None:
        """Elements at which a clause is false; None if it is true everywhere."""
        for names in self.tuples(clause.variables):
            if not self.holds(clause, names):
                return names
        return None
