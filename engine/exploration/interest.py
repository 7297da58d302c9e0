"""What a law is called and how much it matters: its shape, its generality, its use by others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ..checker import Theorem
from ..clause import Clause, Equal, atom_terms, clause_literals, clause_symbols
from ..proof_file import with_lemmas
from ..term import App, Term, Var, size, subterms

SHAPED = 4.0
"""What a well-known shape counts: more than size and use can make up for."""


def shape(clauses: Sequence[Clause], given: str = "") -> str:
    """The name of a law's shape, the empty name if it has none; ``given`` if it is conditional.

    >>> x, y = Var("x", "N"), Var("y", "N")
    >>> from ..clause import Case, Literal
    >>> plus = lambda a, b: App("+", (a, b), "N")
    >>> law = Equal(plus(x, y), plus(y, x))
    >>> shape([Clause((x, y), (), (Case((), (Literal(law),)),))])
    'commutativity'
    """
    if len(clauses) != 1 or clauses[0].premises or not clauses[0].is_literal_head:
        return given
    atom = clauses[0].literal.atom
    if not isinstance(atom, Equal) or not clauses[0].literal.positive:
        return given
    for left, right in ((atom.left, atom.right), (atom.right, atom.left)):
        name = _equation(left, right)
        if name:
            return name
    return "" if given in ("equation", "mirror") else given


def _equation(left: Term, right: Term) -> str:
    match left, right:
        case App(f, (Var() as x, Var() as y)), App(g, args) if f == g and args == (y, x) and x != y:
            return "commutativity"
        case App(f, (App(g, (Var() as x, Var() as y)), Var() as z)), App(h, (one, App(k, two))) if (
            f == g == h == k and one == x and two == (y, z) and len({x, y, z}) == 3
        ):
            return "associativity"
        case App(f, (Var() as x, Var() as y)), Var() if x == y == right:
            return "idempotence"
        case App(f, (App(g, (Var() as x,)),)), Var() if f == g and x == right:
            return "involution"
        case App(f, (App(g, (Var() as x,)),)), App(h, (Var() as y,)) if f == g == h and x == y:
            return "idempotence"
        case App(_, (one, two)), Var() if right in (one, two) and _is_closed((one, two), right):
            return "identity"
        case App(_, (one, two)), App(_, ()) if right in (one, two) and isinstance(
            two if one == right else one, Var
        ):
            return "absorbing element"
        case App(f, args), Var() if _absorbs(f, args, right):
            return "absorption"
        case App(f, args), App(g, outer) if f != g and _distributes(f, args, g, outer):
            return "distributivity"
        case App(h, (App(f, args),)), App(g, outer) if _is_homomorphism(h, args, outer):
            return "homomorphism"
        case _:
            return ""


def _is_closed(args: tuple[Term, Term], kept: Term) -> bool:
    other = args[1] if args[0] == kept else args[0]
    return isinstance(other, App) and other.is_closed


def _absorbs(symbol: str, args: tuple[Term, ...], kept: Term) -> bool:
    """x ∧ (x ∨ y) = x, in any order."""
    if len(args) != 2 or kept not in args:
        return False
    other = args[1] if args[0] == kept else args[0]
    if not isinstance(other, App) or len(other.args) != 2 or other.symbol == symbol:
        return False
    return kept in other.args and all(isinstance(arg, Var) for arg in other.args)


def _distributes(f: str, args: tuple[Term, ...], g: str, outer: tuple[Term, ...]) -> bool:
    """f(x, g(y, z)) = g(f(x, y), f(x, z)), on either side."""
    if len(args) != 2 or len(outer) != 2:
        return False
    for place in (0, 1):
        inner, fixed = args[place], args[1 - place]
        if not isinstance(inner, App) or inner.symbol != g or not isinstance(fixed, Var):
            continue
        spread = []
        for part in inner.args:
            whole = (part, fixed) if place == 0 else (fixed, part)
            spread.append((f, whole))
        if [(o.symbol, o.args) for o in outer if isinstance(o, App)] == spread:
            return True
    return False


def _is_homomorphism(h: str, args: tuple[Term, ...], outer: tuple[Term, ...]) -> bool:
    """h(f(x, y)) = g(h(x), h(y)), or with x and y exchanged."""
    if len(args) != 2 or len(outer) != 2 or not all(isinstance(arg, Var) for arg in args):
        return False
    inside = [o.args[0] for o in outer if isinstance(o, App) and o.symbol == h and len(o.args) == 1]
    return len(inside) == 2 and sorted(map(repr, inside)) == sorted(map(repr, args))


def interest(theorem: Theorem, shape: str, uses: Counter[str]) -> float:
    """How much a law matters: a known shape, many variables in few symbols, use in other proofs.

    ``uses`` counts for each theorem the laws whose proofs rest on it.
    """
    literals = [literal for c in theorem.statement.clauses for literal in clause_literals(c)]
    terms = [term for literal in literals for term in atom_terms(literal.atom)]
    length = sum(map(size, terms))
    variables = {part for term in terms for part in subterms(term) if isinstance(part, Var)}
    symbols = frozenset().union(*map(clause_symbols, theorem.statement.clauses))
    premises = sum(len(clause.premises) for clause in theorem.statement.clauses)
    score = SHAPED * bool(shape) + len(variables) - 0.25 * length - 0.5 * premises
    return round(score + 0.5 * math.log2(1 + uses[theorem.name]) - 0.1 * len(symbols), 4)


def count_uses(theorems: Sequence[Theorem]) -> Counter[str]:
    """For each theorem how many of the others rest on it, directly or through lemmas."""
    uses: Counter[str] = Counter()
    for theorem in theorems:
        uses.update(lemma.name for lemma in with_lemmas(theorem)[:-1])
    return uses
