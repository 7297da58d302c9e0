"""Finite countermodels, for theories that speak of arbitrary sorts: groups, orders, relations.

Only sorts without constructors and enumerations can have finite domains. A sort like the natural
numbers has none in which its step is injective and misses its zero, so there nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from lemmata.engine.budget import Clock
from lemmata.engine.errors import BackendError
from lemmata.engine.notation import Notation
from lemmata.engine.term import App
from lemmata.engine.theory import Signature, Statement, Theory
from lemmata.engine.verdict import Refuted, Unknown

from .domain import Domain
from .program import INTEGER
from .structure import Structure
from .tabulation import Tabulation

LARGEST = 12
"""Elements of all sorts together at which the search ends."""
INSTANCES = 200_000
"""How many instances of clauses one size may need."""


def refute_by_model(theory: Theory, statement: Statement, clock: Clock) -> Refuted | Unknown:
    """A smallest finite model of the axioms in which the statement fails."""
    obstacle = infinite_sort(theory.signature)
    if obstacle is not None:
        detail = f"sort '{obstacle}' has no finite model"
        return Unknown(statement.name, "saturated", detail, clock.spent)
    try:
        import z3
    except ImportError as error:  # a package may be missing whatever its stubs say
        raise BackendError(
            "finite models need the package 'z3-solver': pip install z3-solver"
        ) from error
    for sizes in domain_sizes(theory.signature):
        if _instances(theory, sizes) > INSTANCES:
            return Unknown(statement.name, "facts", "no small finite model", clock.spent)
        models = Tabulation(z3, theory, sizes, clock=clock)
        for clause in statement.clauses:
            structure = models.structure(clause)
            if structure is not None:
                return told(theory, statement, structure, clock)
        if clock.is_over:  # then some instances may be missing
            return Unknown(statement.name, "time", cpu_seconds=clock.spent)
    return Unknown(statement.name, "saturated", "no small finite model", clock.spent)


def infinite_sort(signature: Signature) -> str | None:
    """A sort that cannot have a finite domain, if there is one."""
    for sort in signature.sorts:
        if sort.name == INTEGER and not sort.is_inductive:
            return sort.name
        if any(signature.function[name].arguments for name in sort.constructors):
            return sort.name
    return None


def domain_sizes(signature: Signature) -> Iterator[dict[str, int]]:
    """Sizes for all sorts, the smallest in all first; enumerations have theirs fixed."""
    fixed = {sort.name: len(sort.constructors) for sort in signature.sorts if sort.is_inductive}
    free = [sort.name for sort in signature.sorts if not sort.is_inductive]
    if not free:
        yield fixed
        return
    for total in range(len(free), LARGEST + len(free)):
        for split in _splits(total, len(free)):
            yield {**fixed, **dict(zip(free, split, strict=True))}


def _splits(total: int, count: int) -> Iterator[tuple[int, ...]]:
    if count == 1:
        yield (total,)
        return
    for first in range(1, total - count + 2):
        for rest in _splits(total - first, count - 1):
            yield first, *rest


def _instances(theory: Theory, sizes: Mapping[str, int]) -> int:
    count = 0
    for axiom in theory.axioms:
        for clause in axiom.clauses:
            product = 1
            for var in clause.variables:
                product *= sizes[var.sort]
            count += product
    return count


def told(
    theory: Theory, statement: Statement, structure: Structure, clock: Clock
) -> Refuted | Unknown:
    """The model in the user's notation, once every axiom was found true in it and the statement
    false."""
    for axiom in theory.axioms:
        if any(structure.failure(clause) is not None for clause in axiom.clauses):
            raise BackendError(f"the solver's model does not satisfy '{axiom.name}'")
    failures = [structure.failure(clause) for clause in statement.clauses]
    names = next((found for found in failures if found is not None), None)
    if names is None:
        raise BackendError(f"the solver's model satisfies '{statement.name}'")
    telling = Telling(theory, structure)
    clause = next(
        c for c, found in zip(statement.clauses, failures, strict=True) if found is not None
    )
    return Refuted(
        statement.name,
        tuple((var.name, telling.element(var.sort, value)) for var, value in names.items()),
        tuple(telling.lines()),
        f"{telling.notation.clause(clause)} fails there",
        "finite model",
        clock.spent,
    )


class Telling:
    """Writes the elements and the tables of a model in the user's notation."""

    def __init__(self, theory: Theory, structure: Structure) -> None:
        self.signature = theory.signature
        self.structure = structure
        self.notation = Notation.of(theory)
        self.domain = Domain(theory.signature)

    def element(self, sort: str, value: int) -> str:
        constructors = self.signature.sort[sort].constructors
        return constructors[value] if constructors else self.domain.element_name(sort, value)

    def applied(self, symbol: str, sorts: tuple[str, ...], values: tuple[int, ...]) -> str:
        args = tuple(
            App(self.element(sort, value), (), sort)
            for sort, value in zip(sorts, values, strict=True)
        )
        return self.notation.term(App(symbol, args, ""))

    def lines(self) -> Iterator[str]:
        """The domains, then each symbol, one line for each first argument."""
        for sort in self.signature.sorts:
            if not sort.is_inductive:
                size = self.structure.sizes[sort.name]
                elements = ", ".join(self.element(sort.name, value) for value in range(size))
                yield f"{sort.name} = {{{elements}}}"
        for function in self.signature.functions:
            if function.name in self.signature.constructors:
                continue
            table = self.structure.functions[function.name]
            for _, rows in groupby(table.items(), key=lambda row: row[0][:1]):
                yield ", ".join(
                    f"{self.applied(function.name, function.arguments, args)} = "
                    f"{self.element(function.result, value)}"
                    for args, value in rows
                )
        for predicate in self.signature.predicates:
            true = sorted(self.structure.predicates[predicate.name])
            shown = ", ".join(
                self.applied(predicate.name, predicate.arguments, args) for args in true
            )
            yield f"{predicate.name}: {shown or 'never true'}"
