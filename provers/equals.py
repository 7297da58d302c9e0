"""What equals a term, as a block sees it that knows all laws of a development."""

from __future__ import annotations

from collections.abc import Iterator

from lemmata.engine.budget import Budget, Meter
from lemmata.engine.exploration.development import Development
from lemmata.engine.term import App, Term, Var, size, substitute, variables

from .commutation import learn
from .workspace import Workspace

COST, FACTS, SECONDS = 5, 1_500, 2.0
MOST = 50


def equal_terms(development: Development, term: Term) -> list[Term]:
    """Terms equal to a term by the axioms and laws, the smallest first; at most ``MOST``.

    They are found by saturation over arbitrary elements, so each equation is a theorem.
    """
    work = Workspace(development.theory)
    meter = Meter()
    for law in development.laws():
        learn(work, law.theorem, meter.start(Budget()))
    names: dict[Var, Term] = {var: App(f"?{var.name}", (), var.sort) for var in variables(term)}
    block = work.root.child("root/what equals")
    database = block.database
    node = database.intern(substitute(term, names), 0)
    block.run(COST, FACTS, meter.start(Budget(seconds=SECONDS)))
    back = {name: var for var, name in names.items()}
    members = database.members[database.root[node]]
    found = {_renamed(database.term(member), back): None for member in members}
    found.pop(term, None)
    return sorted(_plain(found, back), key=lambda t: (size(t), repr(t)))[:MOST]


def _plain(terms: dict[Term, None], back: dict[Term, Var]) -> Iterator[Term]:
    """Terms without elements that the block made up."""
    known = {var.name for var in back.values()}
    for term in terms:
        if all(var.name in known for var in variables(term)):
            yield term


def _renamed(term: Term, back: dict[Term, Var]) -> Term:
    if term in back:
        return back[term]
    if isinstance(term, Var):
        return term
    return App(term.symbol, tuple(_renamed(arg, back) for arg in term.args), term.sort)
