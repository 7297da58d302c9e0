"""Worlds for theories that nothing computes in: small models of the axioms, found by z3.

A model in which a likely law fails keeps that law, and all that would follow from it, from being
proposed again: groups that commute are told from groups by one that does not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice
from math import prod
from typing import cast

from lemmata.engine.clause import Clause
from lemmata.engine.errors import BackendError, InternalError
from lemmata.engine.exploration.enumeration import Valuation
from lemmata.engine.exploration.truth import tried
from lemmata.engine.theory import Theory

from .refuters.model import Telling, domain_sizes
from .refuters.structure import Structure
from .refuters.tabulation import Tabulation

LARGEST = 6
"""Elements of the largest sort of a model."""

NEW = 3
"""How many elements without a name a model has at most where no element is made from others."""

INSTANCES = 40_000
"""How many instances of axioms one model may need."""

EFFORT = 1_500_000
"""What z3 may spend on one question, in its own units, so that every machine finds the same."""

SIZES = 12
"""How many sizes are looked at: with several sorts there are many."""

MODELS = 4
"""Models to begin with, of different sizes; the first one has one element."""


class FiniteWorld:
    """A finite model of a theory."""

    def __init__(self, theory: Theory, structure: Structure) -> None:
        self.structure = structure
        self.telling = Telling(theory, structure)

    def values(self, sort: str, count: int) -> Sequence[Hashable]:
        """The elements of a sort, all of them if ``count`` allows."""
        return range(min(count, self.structure.sizes[sort]))

    def apply(self, symbol: str, args: tuple[Hashable, ...]) -> Hashable | None:
        """The value of a function."""
        return self.structure.functions[symbol][cast("tuple[int, ...]", args)]

    def holds(self, predicate: str, args: tuple[Hashable, ...]) -> bool | None:
        """Whether a predicate is true."""
        return args in self.structure.predicates[predicate]

    def written(self, value: Hashable, sort: str) -> str:
        """The name of an element."""
        return self.telling.element(sort, cast(int, value))

    def lines(self) -> Iterator[str]:
        """The elements, and the table of each symbol."""
        return self.telling.lines()


class Models:
    """Finite models of one theory, found when they are asked for."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        try:
            import z3
        except ImportError as error:  # a package may be missing whatever its stubs say
            raise BackendError(
                "finite models need the package 'z3-solver': pip install z3-solver"
            ) from error
        self.z3 = z3
        # Their own, so that what they find does not depend on other uses of z3.
        self.context = z3.Context()

    def by_size(self) -> Iterator[Tabulation]:
        """The models of growing size that z3 may look for."""
        for sizes in self._sizes():
            if self._instances(sizes) <= INSTANCES:
                yield Tabulation(self.z3, self.theory, sizes, EFFORT, context=self.context)

    def _sizes(self) -> Iterator[dict[str, int]]:
        """All sizes up to a bound; first, if no element is made from others, those that suffice.

        There the constants and the elements of a counterexample are a model already, and in most of
        them some of these are equal.
        """
        signature = self.theory.signature
        free = [sort for sort in signature.sorts if not sort.is_inductive]
        fixed = {sort.name: len(sort.constructors) for sort in signature.sorts if sort.is_inductive}
        others: Iterable[dict[str, int]] = islice(domain_sizes(signature), SIZES)
        if free and not any(f.arguments for f in signature.functions if f.result not in fixed):
            most = {
                sort.name: NEW + sum(f.result == sort.name for f in signature.functions)
                for sort in free
            }
            steps = range(1, max(most.values()) + 1)
            growing = [fixed | {name: min(k, m) for name, m in most.items()} for k in steps]
            yield from growing
            others = [sizes for sizes in others if sizes not in growing]
        for sizes in others:
            if max(sizes.values()) > LARGEST:
                return
            yield sizes

    def world(self, models: Tabulation, clause: Clause | None = None) -> FiniteWorld | None:
        """A model, one in which a clause fails if there is a clause."""
        structure = models.structure(clause)
        if structure is None:
            return None
        clauses = [clause for axiom in self.theory.axioms for clause in axiom.clauses]
        if any(structure.failure(each) is not None for each in clauses):
            raise InternalError(f"a model of '{self.theory.name}' does not satisfy its axioms")
        return FiniteWorld(self.theory, structure)

    def _instances(self, sizes: dict[str, int]) -> int:
        return sum(
            prod(sizes[var.sort] for var in clause.variables)
            for axiom in self.theory.axioms
            for clause in axiom.clauses
        )


def finite_worlds(
    theory: Theory, likely: Iterable[Clause], is_proved: Callable[[Clause], bool]
) -> list[Valuation]:
    """Models that tell laws from what only holds in the smallest ones.

    ``likely`` are statements that may be laws; each that z3 finds to fail in a model of at most
    ``LARGEST`` elements fails in one of the worlds. What ``is_proved`` is not asked for.
    """
    models = Models(theory)
    first: list[FiniteWorld] = []
    telling: list[FiniteWorld] = []
    pending, is_sifted = list(likely), False
    for size in models.by_size():
        found = models.world(size)
        if size.has_none:
            continue
        if found is not None:
            left = [clause for clause in pending if _holds(clause, found)]
            if len(first) < MODELS:
                first.append(found)
            elif len(left) < len(pending):
                telling.append(found)
            pending = left
        if size.largest > 1 and not is_sifted:
            pending, is_sifted = [each for each in pending if not is_proved(each)], True
        here: list[FiniteWorld] = []
        for clause in pending:
            if all(_holds(clause, world) for world in here):
                against = models.world(size, clause)
                here += [] if against is None else [against]
        pending = [clause for clause in pending if all(_holds(clause, w) for w in here)]
        telling += here
    return [*first, *telling]


class Countermodels:
    """Finite models in which statements fail that nothing proves."""

    def __init__(self, theory: Theory) -> None:
        self.models = Models(theory)
        self.sizes = list(self.models.by_size())

    def against(self, clauses: Sequence[Clause]) -> Valuation | None:
        """The smallest model that refutes one of the clauses, None if z3 finds none."""
        for size in self.sizes:
            for clause in clauses:
                found = self.models.world(size, clause)
                if found is not None:
                    return found
        return None


def _holds(clause: Clause, world: Valuation) -> bool:
    return tried([clause], [world]).counterexample is None
