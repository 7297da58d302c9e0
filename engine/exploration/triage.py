"""Which conjectures are worth a line: none that is one fact, none that another open one gives."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..clause import Case, Clause, Equal, Holds, Literal, atom_terms, clause_literals
from ..term import App, Var, subterms
from ..term import size as length
from .proposal import Conjecture
from .rewriting import Rewriting


def is_pointless(clause: Clause) -> bool:
    """Whether a clause whose premises hold at one point says more than what that point is.

    From ``a + b = 0`` follow ``a = 0`` and ``b = 0``; that ``b = half(a)`` is one fact about zero.
    """
    if not clause.premises or not clause.variables:
        return False
    match clause.cases:
        case (Case((), (Literal(Equal(left, right), True),)),):
            return not (
                (isinstance(left, Var) and right.is_closed)
                or (isinstance(right, Var) and left.is_closed)
            )
        case _:
            return True


def is_step(clauses: Sequence[Clause], constructors: Collection[str]) -> bool:
    """Whether clauses say that what holds of elements holds of what constructors make of them.

    So it is of ``a <= b -> s(a) <= s(b)``: in induction, the hypothesis gives the goal at once.
    """

    def steps(clause: Clause) -> bool:
        match clause.premises, clause.cases:
            case (Literal(Holds(name, before), True),), (Case((), (Literal(Holds(same, after)),)),):
                return name == same and all(
                    isinstance(large, App)
                    and large.symbol in constructors
                    and small in subterms(large)
                    for small, large in zip(before, after, strict=True)
                )
            case _:
                return False

    return bool(clauses) and all(map(steps, clauses))


def independent(conjectures: Sequence[Conjecture], known: Rewriting) -> list[Conjecture]:
    """Open conjectures without the equations that shorter ones of them would give.

    Where it is open whether ``a * b = b * a``, so it is for all that this sorts.
    """
    supposed = known.copy()
    implied: set[int] = set()
    for conjecture in sorted(conjectures, key=_length):
        match conjecture.formula:
            case Equal(left, right) if not conjecture.origin:
                if supposed.normal(left) == supposed.normal(right):
                    implied.add(id(conjecture))
                else:
                    supposed.add(left, right)
            case _:
                pass
    return [conjecture for conjecture in conjectures if id(conjecture) not in implied]


def _length(conjecture: Conjecture) -> tuple[int, int]:
    """The symbols of a conjecture; of two as long the one with more variables is more general."""
    literals = [part for clause in conjecture.clauses for part in clause_literals(clause)]
    size = sum(length(term) for part in literals for term in atom_terms(part.atom))
    return size, -sum(len(clause.variables) for clause in conjecture.clauses)
