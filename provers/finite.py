"""Worlds for theories that nothing computes in: small models of the axioms, found by z3.

A model in which a likely law fails keeps that law, and all that would follow from it, from being
proposed again: groups that commute are told from groups by one that does not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import cast

from lemmata.engine.budget import Budget
from lemmata.engine.clause import Clause
from lemmata.engine.errors import BackendError
from lemmata.engine.exploration.enumeration import Valuation
from lemmata.engine.exploration.truth import test
from lemmata.engine.theory import Theory

from .refuters.domain import Domain
from .refuters.grounding import Grounding
from .refuters.model import domain_sizes
from .refuters.structure import Structure

LARGEST = 6
"""Elements of the largest sort of a model."""

INSTANCES = 40_000
"""How many instances of axioms one model may need."""

EFFORT = 6_000_000
"""What z3 may spend on one size, in its own units, so that the same is found on every machine."""

MODELS = 3
"""Models to begin with, of different sizes."""


class FiniteWorld:
    """A finite model of a theory."""

    def __init__(self, theory: Theory, structure: Structure) -> None:
        self.signature = theory.signature
        self.structure = structure
        self.domain = Domain(theory.signature)

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
        constructors = self.signature.sort[sort].constructors
        place = cast(int, value)
        return constructors[place] if constructors else self.domain.element_name(sort, place)


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

    def some(self) -> Iterator[FiniteWorld]:
        """Models of growing size."""
        for grounding in self._groundings():
            structure = grounding.structure()
            if structure is not None:
                yield FiniteWorld(self.theory, structure)

    def against(self, clause: Clause) -> FiniteWorld | None:
        """A smallest model in which a clause fails."""
        for grounding in self._groundings():
            grounding.deny((clause,))
            structure = grounding.structure()
            if structure is not None:
                return FiniteWorld(self.theory, structure)
        return None

    def _groundings(self) -> Iterator[Grounding]:
        for sizes in domain_sizes(self.theory.signature):
            if max(sizes.values()) > LARGEST:
                return
            if self._instances(sizes) > INSTANCES:
                return
            grounding = Grounding(self.z3, self.theory.signature, sizes)
            grounding.solver.set("rlimit", EFFORT)
            clock = Budget(seconds=1e6).start()
            for axiom in self.theory.axioms:
                for clause in axiom.clauses:
                    grounding.assume(clause, clock)
            yield grounding

    def _instances(self, sizes: dict[str, int]) -> int:
        count = 0
        for axiom in self.theory.axioms:
            for clause in axiom.clauses:
                product = 1
                for var in clause.variables:
                    product *= sizes[var.sort]
                count += product
        return count


def finite_worlds(theory: Theory, likely: Iterable[Clause]) -> list[Valuation]:
    """Models that tell laws from what only holds in the smallest ones.

    ``likely`` are statements that hold in many small models and are not proved; each that fails in
    a model of at most ``LARGEST`` elements fails in one of the worlds.
    """
    models = Models(theory)
    # A model of one element says nothing, so it counts only where there is no other.
    found = list(islice(models.some(), MODELS))
    worlds: list[Valuation] = [*(found[1:] or found)]
    for clause in likely:
        if test([clause], worlds).counterexample is None:
            against = models.against(clause)
            if against is not None:
                worlds.append(against)
    return worlds
