"""Truth tables: where atoms hold, as bits of one integer each, and claims tested against them.

An atom's table has one bit for each assignment, so that an implication between two atoms costs one
operation on two integers, however many assignments there are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from operator import itemgetter
from typing import TypeAlias

from ..clause import Atom, Clause, Equal, Holds, Literal, atom_terms
from ..term import Term, Var, variables
from .enumeration import Described, Enumeration, Valuation, Values

Row: TypeAlias = tuple[Hashable, ...]
"""Values of the variables of a clause, in their order."""


@dataclass(frozen=True, slots=True)
class Span:
    """On how many assignments one claim is tested at most in each world, and how many values a
    variable takes."""

    rows: int
    widest: int


QUICK, WIDE = Span(350, 8), Span(1_000, 150)
"""What every claim is tested on, and what those that no attempt proves.

Values of lists and trees differ little among the smallest, so it takes many of them.
"""

WITNESSES = 12
"""Among how many values a witness is looked for."""


@dataclass(frozen=True, slots=True)
class Tabled:
    """An atom, its size, and two sets of rows as bits: where it is true, where it is false."""

    atom: Atom
    size: int
    true: int
    false: int
    variables: frozenset[Var]


def tabled(atom: Atom, size: int, columns: Sequence[Values], worlds: Sequence[Valuation]) -> Tabled:
    """The table of an atom from the values of its terms; unknown values count for neither side."""
    if isinstance(atom, Equal):
        left, right = columns
        marks = [
            "?" if a is None or b is None else "1" if a == b else "0"
            for a, b in zip(left, right, strict=True)
        ]
    else:
        marks = []
        for world, key in zip(worlds, zip(*columns, strict=True), strict=True):
            found = None if None in key else world.holds(atom.predicate, key)
            marks.append("?" if found is None else "1" if found else "0")
    text = "".join(marks)
    true = int(text.replace("?", "0") or "0", 2)
    known = int(text.replace("0", "1").replace("?", "0") or "0", 2)
    spoken = frozenset(var for term in atom_terms(atom) for var in variables(term))
    return Tabled(atom, size, true, known & ~true, spoken)


def rows_of(terms: Enumeration) -> int:
    """The set of all rows."""
    return (1 << len(terms.given.rows)) - 1


@dataclass(frozen=True, slots=True)
class Trial:
    """How a claim fared: the first assignment that refutes it, and whether it ever said something.

    A claim is vacuous if there is no assignment at which its premises hold and its head is known
    to hold, too: where nothing is known of a symbol, nothing is claimed of it. It is about a point
    if its premises hold at one assignment alone in each world.
    """

    counterexample: tuple[tuple[Var, str], ...] | None
    is_vacuous: bool
    is_point: bool = False
    world: Valuation | None = None
    """Where it was refuted."""


def described(world: Valuation | None) -> tuple[str, ...]:
    """A world that is a finite model, written out; nothing of one that runs the axioms."""
    return tuple(world.lines()) if isinstance(world, Described) else ()


def tried(clauses: Iterable[Clause], worlds: Sequence[Valuation], span: Span = QUICK) -> Trial:
    """Tries clauses on small assignments of each world.

    Witnesses are looked for among small values only, so a claim that something exists may be
    dropped wrongly; a refutation of any other claim is final.
    """
    met = False
    points: list[int] = []
    for clause in clauses:
        for world in worlds:
            points.append(0)
            reading = _Reading(clause, world)
            for row in _assignments(clause.variables, world, span):
                if not all(premise(row) is True for premise in reading.premises):
                    continue
                head = reading.head(row)
                points[-1] += 1
                met = met or head is True
                if head is False:
                    pairs = zip(clause.variables, row, strict=True)
                    shown = tuple((var, world.written(value, var.sort)) for var, value in pairs)
                    return Trial(shown, False, world=world)
    return Trial(None, not met, max(points, default=0) == 1)


def _assignments(variables: tuple[Var, ...], world: Valuation, span: Span) -> Iterator[Row]:
    width = span.widest
    while width > 2 and width ** len(variables) > span.rows:
        width -= 1
    return product(*(world.values(var.sort, width) for var in variables))


class _Reading:
    """A clause as functions from the values of its variables, in their order, to what they give."""

    def __init__(self, clause: Clause, world: Valuation) -> None:
        self.world = world
        self.premises = [self.literal(premise, clause.variables) for premise in clause.premises]
        self.cases = [
            (
                [world.values(var.sort, WITNESSES) for var in case.exists],
                [self.literal(part, (*clause.variables, *case.exists)) for part in case.literals],
            )
            for case in clause.cases
        ]

    def head(self, row: Row) -> bool | None:
        """Whether one of the cases holds, None where that is not known."""
        unknown = False
        for pools, literals in self.cases:
            for witnesses in product(*pools):
                there = row + witnesses
                truths = [literal(there) for literal in literals]
                if all(truth is True for truth in truths):
                    return True
                unknown = unknown or False not in truths
        return None if unknown else False

    def literal(self, literal: Literal, names: tuple[Var, ...]) -> Callable[[Row], bool | None]:
        positive, world = literal.positive, self.world
        match literal.atom:
            case Equal(left, right):
                one, other = self.term(left, names), self.term(right, names)

                def equal(row: Row) -> bool | None:
                    first, second = one(row), other(row)
                    return (
                        None if first is None or second is None else (first == second) == positive
                    )

                return equal
            case Holds(predicate, args):
                parts = [self.term(arg, names) for arg in args]

                def holds(row: Row) -> bool | None:
                    values = tuple([part(row) for part in parts])
                    found = None if None in values else world.holds(predicate, values)
                    return None if found is None else found == positive

                return holds

    def term(self, term: Term, names: tuple[Var, ...]) -> Callable[[Row], Hashable | None]:
        if isinstance(term, Var):
            return itemgetter(len(names) - 1 - names[::-1].index(term))
        symbol, apply = term.symbol, self.world.apply
        parts = [self.term(arg, names) for arg in term.args]

        def value(row: Row) -> Hashable | None:
            values = tuple([part(row) for part in parts])
            return None if None in values else apply(symbol, values)

        return value
