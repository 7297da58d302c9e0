"""Relations written like functions, and written out again: from 2·sum(n) to sums(n, v) → 2·v."""

from __future__ import annotations

from collections.abc import Collection

from ..formula import And, Equal, Formula, Holds, Implies
from ..term import App, Term, Var, subterms


def symbols(term: Term) -> frozenset[str]:
    """The functions of a term."""
    return frozenset(part.symbol for part in subterms(term) if isinstance(part, App))


def unnested(formula: Formula, relations: Collection[str]) -> Formula:
    """An equation in which relations stand like functions, with a premise for each value.

    >>> n, total = Var("n", "N"), lambda t: App("sums", (t,), "N")
    >>> found = unnested(Equal(total(n), n), {"sums"})
    >>> found.left.args[1].name, found.right.left.name
    ('v0', 'v0')
    """
    if not isinstance(formula, Equal) or not relations:
        return formula
    values: dict[Term, Var] = {}

    def written(term: Term) -> Term:
        if isinstance(term, Var):
            return term
        there = App(term.symbol, tuple(map(written, term.args)), term.sort)
        if there.symbol not in relations:
            return there
        return values.setdefault(there, Var(f"v{len(values)}", there.sort))

    head: Formula = Equal(written(formula.left), written(formula.right))
    premises = [
        Holds(term.symbol, (*term.args, value))
        for term, value in values.items()
        if isinstance(term, App)
    ]
    if not premises:
        return head
    whole: Formula = premises[0]
    for premise in premises[1:]:
        whole = And(whole, premise)
    return Implies(whole, head)
