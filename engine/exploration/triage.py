"""Which conjectures are worth a line: none that is one fact, none that another open one gives."""

from __future__ import annotations

from collections.abc import Sequence

from ..clause import Case, Clause, Equal, Literal, atom_terms, clause_literals
from ..term import Var
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
