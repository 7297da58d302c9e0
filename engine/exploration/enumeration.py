"""Terms in growing size, each with its values at many assignments of its variables."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from random import Random
from typing import Protocol, TypeAlias, runtime_checkable

from ..term import App, Term, Var
from ..theory import Function, Signature

MOST_LISTED = 50_000
"""How many assignments of small values are listed before some are picked."""

Values: TypeAlias = tuple[Hashable | None, ...]


class Valuation(Protocol):
    """What functions and predicates give at values: the axioms run forwards, or a finite model."""

    def values(self, sort: str, count: int) -> Sequence[Hashable]:
        """The smallest values of a sort."""
        ...

    def apply(self, symbol: str, args: tuple[Hashable, ...]) -> Hashable | None:
        """The value of a function at values, None where it is not known."""
        ...

    def holds(self, predicate: str, args: tuple[Hashable, ...]) -> bool | None:
        """Whether a predicate is true of values, None where it is not known."""
        ...

    def written(self, value: Hashable, sort: str) -> str:
        """A value in the user's notation."""
        ...


@runtime_checkable
class Described(Protocol):
    """A valuation that is small enough to be written out: the elements and a table for each symbol."""

    def lines(self) -> Iterable[str]: ...


@runtime_checkable
class Relational(Protocol):
    """A valuation in which some relations have one last argument for all others, like functions.

    ``relations`` are the functions that they are, named like the predicates.
    """

    @property
    def relations(self) -> Sequence[Function]: ...


@dataclass(frozen=True, slots=True)
class Sample:
    """A term with its size and its value at each assignment."""

    term: Term
    size: int
    values: Values


@dataclass(frozen=True, slots=True)
class Assignments:
    """The variables that terms are made of, and the values that each takes in turn.

    Each row has its world, in which functions are evaluated. The first ``core`` rows are small
    enough that nearly every term has a value at each of them.
    """

    variables: tuple[Var, ...]
    rows: tuple[tuple[Hashable, ...], ...]
    core: int
    worlds: tuple[Valuation, ...] = ()

    def column(self, var: Var) -> Values:
        """The values of one variable."""
        place = self.variables.index(var)
        return tuple(row[place] for row in self.rows)


def assignments(
    worlds: Sequence[Valuation],
    wanted: Sequence[Var],
    count: int = 40,
    seed: int = 7,
    small_values: int = 3,
) -> Assignments:
    """In each world assignments of the smallest values (at most ``count``), then random larger ones."""
    random = Random(seed)
    usable = tuple(v for v in wanted if all(world.values(v.sort, 1) for world in worlds))
    core: list[tuple[Valuation, tuple[Hashable, ...]]] = []
    more: list[tuple[Valuation, tuple[Hashable, ...]]] = []
    for world in worlds:
        pools = [_pool(world, var.sort) for var in usable]
        few = [pool[:small_values] for pool in pools]
        if prod(map(len, few)) <= MOST_LISTED:
            small = list(product(*few))
            if len(small) > count:
                small = small[:1] + random.sample(small[1:], count - 1)
        else:  # many sorts: too many to list, so that nearly all samples differ
            drawn = (tuple(map(random.choice, few)) for _ in range(count - 1))
            small = list(dict.fromkeys([tuple(pool[0] for pool in few), *drawn]))
        large = dict.fromkeys(
            tuple(random.choice(pool) for pool in pools) for _ in range(count // 2)
        )
        core += [(world, row) for row in small]
        more += [(world, row) for row in large if row not in small]
    return Assignments(
        usable,
        tuple(row for _, row in core + more),
        len(core),
        tuple(world for world, _ in core + more),
    )


def _pool(world: Valuation, sort: str) -> Sequence[Hashable]:
    """Numbers tell things apart early, trees and lists only where there are more of them."""
    values = world.values(sort, 7)
    return values if isinstance(values[-1], int) else world.values(sort, 14)


def agree(one: Values, two: Values) -> bool:
    """Whether two terms have the same value wherever both have one."""
    return all(a == b or a is None or b is None for a, b in zip(one, two, strict=True))


class Enumeration:
    """Terms over given functions and variables, built from representatives only.

    A term is offered in the order of size. The caller says with ``keep`` which terms become parts
    of larger ones: those that no smaller term equals.
    """

    def __init__(self, functions: Sequence[Function], given: Assignments) -> None:
        self.functions = tuple(functions)
        self.given = given
        self.kept: dict[tuple[str, int], list[Sample]] = {}

    def keep(self, sample: Sample) -> None:
        """Makes a term a part of larger terms."""
        self.kept.setdefault((sample.term.sort, sample.size), []).append(sample)

    def terms(self, size: int) -> Iterator[Sample]:
        """All terms of one size whose parts were kept."""
        if size == 1:
            for var in self.given.variables:
                yield Sample(var, 1, self.given.column(var))
        for function in self.functions:
            for args in self._arguments(function.arguments, size - 1):
                values = self._values(function.name, tuple(arg.values for arg in args))
                term = App(function.name, tuple(arg.term for arg in args), function.result)
                yield Sample(term, size, values)

    def _arguments(self, sorts: tuple[str, ...], size: int) -> Iterator[tuple[Sample, ...]]:
        if not sorts:
            if size == 0:
                yield ()
            return
        for first in range(1, size - len(sorts) + 2):
            for sample in self.kept.get((sorts[0], first), ()):
                for rest in self._arguments(sorts[1:], size - first):
                    yield (sample, *rest)

    def _values(self, symbol: str, args: tuple[Values, ...]) -> Values:
        worlds = self.given.worlds
        if not args:
            return tuple([world.apply(symbol, ()) for world in worlds])
        return tuple(
            [
                None if None in key else world.apply(symbol, key)
                for world, key in zip(worlds, zip(*args, strict=True), strict=True)
            ]
        )


def signature_functions(signature: Signature, symbols: frozenset[str]) -> tuple[Function, ...]:
    """The functions of a signature among ``symbols``, in the order of their declaration."""
    return tuple(function for function in signature.functions if function.name in symbols)
