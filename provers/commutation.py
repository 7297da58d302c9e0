"""Associative-commutative symbols: once both laws are proved, a third makes sums sortable.

Commutativity and associativity alone move a summand only through ever larger terms. With
a + (b + c) = b + (a + c), each law used only where it makes a term smaller, every sum has one
sorted form (Martin and Nipkow, *Ordered rewriting and confluence*, 1990), and a block need not
hold all the orders and groupings of a sum.
"""

from __future__ import annotations

from lemmata.engine.budget import Clock
from lemmata.engine.checker import Theorem
from lemmata.engine.clause import Case, Clause, Equal, Literal
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Statement

from .induction import prove_directly
from .workspace import Effort, Workspace
from .writing import write_theorem

_EFFORT = Effort(5, 0, 0, 400)


def learn(work: Workspace, theorem: Theorem, clock: Clock) -> None:
    """Makes a theorem a lemma for all that follows, with the law of sums that it may complete."""
    work.add(theorem)
    complete(work, theorem.statement, clock)


def complete(work: Workspace, statement: Statement, clock: Clock) -> None:
    """Adds the law of sums that an axiom or a new theorem completes, if it does."""
    exchange = sort_sums(work, statement, clock)
    if exchange is not None:
        work.add(exchange)


def sort_sums(work: Workspace, statement: Statement, clock: Clock) -> Theorem | None:
    """The law that exchanges the first two summands, if ``statement`` completes its symbol."""
    for clause in statement.clauses:
        symbol = _commutes(clause) or _associates(clause)
        if symbol is None:
            continue
        known = [c for each in _statements(work) for c in each.clauses]
        if not any(_commutes(c) == symbol for c in known):
            continue
        if not any(_associates(c) == symbol for c in known):
            continue
        sort = work.theory.signature.function[symbol].result
        return _exchange(work, symbol, sort, clock)
    return None


def _statements(work: Workspace) -> list[Statement]:
    return [*work.axioms, *(theorem.statement for theorem in work.theorems.values())]


def _exchange(work: Workspace, symbol: str, sort: str, clock: Clock) -> Theorem | None:
    x, y, z = (Var(name, sort) for name in "xyz")
    left = App(symbol, (x, App(symbol, (y, z), sort)), sort)
    right = App(symbol, (y, App(symbol, (x, z), sort)), sort)
    equation = Equal(left, right)
    clause = Clause((x, y, z), (), (Case((), (Literal(equation),)),))
    name = f"{symbol}.exchange"
    if name in work.theorems or any(clause in each.clauses for each in _statements(work)):
        return None
    proof = prove_directly(work, work.root, clause, _EFFORT, clock)
    if proof is None:
        return None
    return write_theorem(work, Statement(name, equation, (clause,), "lemma"), [proof])


def _sides(clause: Clause) -> tuple[App, App] | None:
    if clause.premises or not clause.is_literal_head or not clause.literal.positive:
        return None
    atom = clause.literal.atom
    if not isinstance(atom, Equal):
        return None
    left, right = atom.left, atom.right
    if not isinstance(left, App) or not isinstance(right, App) or left.symbol != right.symbol:
        return None
    return (left, right) if len(left.args) == len(right.args) == 2 else None


def _commutes(clause: Clause) -> str | None:
    """The symbol whose commutativity a clause states."""
    sides = _sides(clause)
    if sides is None or not all(isinstance(arg, Var) for arg in sides[0].args):
        return None
    swapped = sides[0].args == sides[1].args[::-1] and sides[0].args[0] != sides[0].args[1]
    return sides[0].symbol if swapped else None


def _associates(clause: Clause) -> str | None:
    """The symbol whose associativity a clause states, read in either direction."""
    sides = _sides(clause)
    if sides is None:
        return None
    for one, two in (sides, sides[::-1]):
        parts = (*_nested(one.symbol, one.args[0]), one.args[1])
        others = (two.args[0], *_nested(two.symbol, two.args[1]))
        if parts == others and len(set(parts)) == 3 and all(isinstance(p, Var) for p in parts):
            return one.symbol
    return None


def _nested(symbol: str, term: Term) -> tuple[Term, ...]:
    return term.args if isinstance(term, App) and term.symbol == symbol else (term,)
