"""Truth tables: where atoms hold, as bits of one integer each, and claims tested against them.

An atom's table has one bit for each assignment, so that an implication between two atoms costs one
operation on two integers, however many assignments there are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from ..clause import Atom, Case, Clause, Equal, Literal
from ..term import Term, Var
from .enumeration import Enumeration, Valuation, Values


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
    return Tabled(atom, size, true, known & ~true)


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
            for row in _assignments(clause.variables, world, span):
                if not all(_holds(premise, row, world) is True for premise in clause.premises):
                    continue
                head = _head(clause.cases, row, world)
                points[-1] += 1
                met = met or head is True
                if head is False:
                    shown = tuple((v, world.written(row[v], v.sort)) for v in clause.variables)
                    return Trial(shown, False)
    return Trial(None, not met, max(points, default=0) == 1)


def _assignments(
    variables: tuple[Var, ...], world: Valuation, span: Span
) -> Iterator[dict[Var, Hashable]]:
    width = span.widest
    while width > 2 and width ** len(variables) > span.rows:
        width -= 1
    pools = [world.values(var.sort, width) for var in variables]
    for values in product(*pools):
        yield dict(zip(variables, values, strict=True))


def _head(cases: tuple[Case, ...], row: Mapping[Var, Hashable], world: Valuation) -> bool | None:
    unknown = False
    for case in cases:
        for witnesses in product(*(world.values(var.sort, WITNESSES) for var in case.exists)):
            there = {**row, **dict(zip(case.exists, witnesses, strict=True))}
            truths = [_holds(literal, there, world) for literal in case.literals]
            if all(truth is True for truth in truths):
                return True
            unknown = unknown or False not in truths
    return None if unknown else False


def _holds(literal: Literal, row: Mapping[Var, Hashable], world: Valuation) -> bool | None:
    match literal.atom:
        case Equal(left, right):
            one, two = _value(left, row, world), _value(right, row, world)
            found = None if one is None or two is None else one == two
        case atom:
            args = tuple(_value(arg, row, world) for arg in atom.args)
            found = None if None in args else world.holds(atom.predicate, args)
    return None if found is None else found == literal.positive


def _value(term: Term, row: Mapping[Var, Hashable], world: Valuation) -> Hashable | None:
    if isinstance(term, Var):
        return row[term]
    args = tuple([_value(arg, row, world) for arg in term.args])
    return None if None in args else world.apply(term.symbol, args)
