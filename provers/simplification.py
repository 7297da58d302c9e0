"""Laws of theories that nothing computes in: groups, lattices, whatever has no constructors.

There are no values to suggest equations. Instead each term, in growing size, is put into a block
over arbitrary elements; where saturation finds something simpler that it equals, and the laws so far
would not have led there step by step, the equation is a law worth having. It is what completion does
with critical pairs, done with blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lemmata.engine.budget import Clock
from lemmata.engine.clause import Equal
from lemmata.engine.exploration.enumeration import Assignments, Enumeration
from lemmata.engine.term import App, Term, Var, substitute, variables
from lemmata.engine.theory import Function

from .refuters.model import infinite_sort
from .workspace import Workspace

LARGEST = 7
COST, FACTS = 5, 400


@dataclass
class Simplification:
    """Terms over some functions, each with the simplest term that it is found to equal."""

    work: Workspace
    functions: tuple[Function, ...]
    clock: Clock

    def equations(self) -> Iterator[tuple[Term, Term]]:
        """Pairs of a term and a simpler one, small terms first; each is proved by saturation.

        The caller adds the law before it asks for the next pair.
        """
        sorts = dict.fromkeys(s for f in self.functions for s in (*f.arguments, f.result))
        names = tuple(Var(name, sort) for sort in sorts for name in "xyz")
        terms = Enumeration(self.functions, Assignments(names, (), 0))
        for largest in range(1, LARGEST + 1):
            for sample in terms.terms(largest):
                if self.clock.is_over:
                    return
                if self.simplest(sample.term, 0) is not None:
                    continue
                simpler = self._law(sample.term)
                if simpler is None:
                    terms.keep(sample)
                else:
                    yield sample.term, simpler
            # New laws may reach what was kept before: the smallest laws are worth the most.
            for kept in list(terms.kept.values()):
                for sample in list(kept):
                    simpler = self._law(sample.term)
                    if simpler is not None:
                        kept.remove(sample)
                        yield sample.term, simpler

    def _law(self, term: Term) -> Term | None:
        return self.simplest(term, COST) if _is_in_order(term) else None

    def simplest(self, term: Term, cost: int) -> Term | None:
        """A smaller term that a block finds equal within a cost."""
        names: dict[Var, Term] = {var: App(f"?{var.name}", (), var.sort) for var in variables(term)}
        block = self.work.root.child("root/simplification")
        database = block.database
        node = database.intern(substitute(term, names), 0)
        block.run(cost, FACTS, self.clock)
        best = database.best[database.root[node]]
        if database.size[best] >= database.size[node]:
            return None
        back = {name: var for var, name in names.items()}
        return _renamed(database.term(best), back)


def computes(work: Workspace) -> bool:
    """Whether axioms compute in a theory: else it is one for completion."""
    signature = work.theory.signature
    return infinite_sort(signature) is not None or not is_open(work, signature.functions)


def is_open(work: Workspace, functions: tuple[Function, ...]) -> bool:
    """Whether some function is neither a constructor nor defined by equations."""
    constructors = work.theory.signature.constructors
    defined = {
        clause.literal.atom.left.symbol
        for axiom in work.theory.axioms
        if axiom.kind == "definition"
        for clause in axiom.clauses
        if clause.is_literal_head
        and isinstance(clause.literal.atom, Equal)
        and isinstance(clause.literal.atom.left, App)
    }
    return any(
        function.name not in constructors
        and function.name not in work.positions
        and function.name not in defined
        for function in functions
    )


def _is_in_order(term: Term) -> bool:
    """Whether the variables occur first in their own order: one term of each renaming."""
    by_sort: dict[str, list[str]] = {}
    for var in variables(term):
        by_sort.setdefault(var.sort, []).append(var.name)
    return all(names == sorted(names) and names[0] == "x" for names in by_sort.values())


def _renamed(term: Term, back: dict[Term, Var]) -> Term:
    if term in back:
        return back[term]
    if isinstance(term, Var):
        return term
    return App(term.symbol, tuple(_renamed(arg, back) for arg in term.args), term.sort)
