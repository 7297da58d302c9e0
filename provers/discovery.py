"""Finding the lemmas that a stuck goal needs, by exploring the part of the theory that it lives in.

What is more general than the goal comes first, which functions are the same, and how they step; then
what an exploration proposes. Each law that is proved is mailed to all blocks, and the goal is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from lemmata.engine.budget import Clock
from lemmata.engine.checker import Theorem
from lemmata.engine.clause import Clause, Equal, Holds, clause_symbols
from lemmata.engine.exploration.enumeration import signature_functions
from lemmata.engine.exploration.exploration import Exploration, Found
from lemmata.engine.exploration.proposal import Proposer, theory_names
from lemmata.engine.exploration.rewriting import Rewriting
from lemmata.engine.exploration.shape import steps, twins
from lemmata.engine.formula import Iff
from lemmata.engine.lowering import lower
from lemmata.engine.ordering import precedence
from lemmata.engine.term import App, Term, Var, subterms
from lemmata.engine.theory import Function, Statement, Theory

from .blocks import Local
from .calculation import calculations
from .commutation import learn
from .portfolio import attempt
from .simplification import Simplification, is_open
from .workspace import EFFORTS, Workspace, defining_functions, support
from .world import worlds
from .writing import write_theorem

SIZES = (5, 8)
"""After terms of the first size all that is open is tried once more, then after each size to the last."""

PATIENT = 0.4
"""CPU seconds for a law of a theory that nothing computes in."""

Hear = Callable[[Statement], None]
"""Is told of each lemma once all later goals can use it; may end the clock of the search."""
Pause = Callable[[], None]
"""Is called between two attempts at lemmas; may do something else, and end the clock."""


def discover(
    work: Workspace, goal: Statement, clock: Clock, hear: Hear, pause: Pause = lambda: None
) -> None:
    """Proves laws about a goal's symbols, one after the other, until the clock ends."""
    symbols = reachable(work.theory, goal)
    functions = signature_functions(work.theory.signature, symbols)
    if is_open(work, functions):
        _simplify(work, functions, clock, hear)
        return
    if not functions:
        return
    theory = part(work.theory, symbols)
    constructors = theory.signature.constructors
    places = worlds(theory)
    rewriting = Rewriting(precedence(theory.signature, defining_functions(theory)))
    for statement in (*theory.axioms, *(t.statement for t in work.theorems.values())):
        rewriting.learn(statement.clauses)
    run = Exploration(
        theory,
        Listening(work, hear, pause),
        Proposer(theory, places, theory_names(theory)),
        places,
        rewriting,
        clock,
        sought=[
            Equal(left, right)
            for left, right in (
                *_stated(goal.clauses),
                *generalisations(goal.clauses, constructors),
                *calculations(goal.clauses, rewriting, theory.signature),
                *accumulations(goal.clauses, functions),
                *twins(functions, constructors),
                *steps(functions, constructors),
            )
        ],
        taken=frozenset(work.theorems),
        prefix=f"{work.goal}.lemma.",
        support=support(theory),
    )
    smallest, largest = SIZES
    begun = 1
    for size in range(smallest, largest + 1):
        if not run.run(size, begun):
            return
        begun = size + 1


class Listening(Local):
    """Blocks of a workspace that is there already; whoever waits for lemmas hears of each."""

    def __init__(self, work: Workspace, hear: Hear, pause: Pause) -> None:
        super().__init__(work.theory, work)
        self.hear, self.pause = hear, pause

    def learn(self, theorem: Theorem) -> Sequence[Statement]:
        """Makes a theorem a rule for all that follows, and tells of it."""
        new = super().learn(theorem)
        self.hear(theorem.statement)
        return new

    def prove_all(self, statements: Sequence[Statement], patience: int) -> list[Found | None]:
        """Tries statements in order up to the first that is proved."""
        answers: list[Found | None] = []
        for statement in statements:
            self.pause()
            answers.append(self.prove(statement, patience))
            if answers[-1] is not None:
                break
        return answers

    def credit(self, theorem: Theorem, origin: str) -> None:
        """Keeps nothing: lemmas have no origin but the exploration."""


def _simplify(work: Workspace, functions: tuple[Function, ...], clock: Clock, hear: Hear) -> None:
    """Laws of a theory that nothing computes in."""
    for left, right in Simplification(work, functions, clock).equations():
        formula = Equal(left, right)
        clauses = lower(formula).clauses
        limit = clock.slice(PATIENT)
        for effort in EFFORTS[:3]:
            found = attempt(work, clauses[0], effort, limit)
            if found is not None:
                statement = Statement(work.name_for_lemma(), formula, clauses, "lemma")
                learn(work, write_theorem(work, statement, [found[0]]), clock)
                hear(statement)
                break
            if limit.is_over:
                break


def _stated(goals: Iterable[Clause]) -> Iterator[tuple[Term, Term]]:
    """The goal itself, if it is an equation: so it is tried harder when enough has been learnt."""
    for goal in goals:
        atom = goal.literal.atom if goal.is_literal_head and goal.literal.positive else None
        if isinstance(atom, Equal) and not goal.premises:
            yield atom.left, atom.right


def generalisations(
    goals: Iterable[Clause], constructors: frozenset[str]
) -> Iterator[tuple[Term, Term]]:
    """Equations of goals with a new variable in place of a term that stands on both sides.

    A stuck goal is often stuck because induction sees inside such a term (Boyer and Moore, 1979).
    """
    for goal in goals:
        if not goal.is_literal_head or not isinstance(goal.literal.atom, Equal):
            continue
        left, right = goal.literal.atom.left, goal.literal.atom.right
        inside = set(subterms(right))
        for part in dict.fromkeys(subterms(left)):
            if not isinstance(part, App) or part.symbol in constructors or part in (left, right):
                continue
            if part in inside and (part.args or goal.premises):
                var = Var("·", part.sort)
                yield _exchanged(left, part, var), _exchanged(right, part, var)


def accumulations(
    goals: Iterable[Clause], functions: Iterable[Function]
) -> Iterator[tuple[Term, Term]]:
    """For goals ``f(x, c) = t`` with a constant c: ``f(x, y) = op(t, y)`` and ``op(y, t)``.

    A function that collects its result in an argument is only understood for all its values.
    """
    binary = [one for one in functions if len(one.arguments) == 2]
    for goal in goals:
        if goal.premises or not goal.is_literal_head or not isinstance(goal.literal.atom, Equal):
            continue
        atom = goal.literal.atom
        for one, other in ((atom.left, atom.right), (atom.right, atom.left)):
            if isinstance(one, Var):
                continue
            for place, arg in enumerate(one.args):
                if isinstance(arg, Var) or not arg.is_closed:
                    continue
                var = Var("·", arg.sort)
                args = (*one.args[:place], var, *one.args[place + 1 :])
                for function in binary:
                    for pair in ((other, var), (var, other)):
                        sorts = tuple(part.sort for part in pair)
                        if (function.arguments, function.result) == (sorts, one.sort):
                            value = App(function.name, pair, one.sort)
                            yield App(one.symbol, args, one.sort), value


def _exchanged(term: Term, old: Term, new: Term) -> Term:
    if term == old:
        return new
    if isinstance(term, Var):
        return term
    return App(term.symbol, tuple(_exchanged(arg, old, new) for arg in term.args), term.sort)


def reachable(theory: Theory, statement: Statement) -> frozenset[str]:
    """The symbols of a statement, of what defines them, and the constructors of their sorts."""
    found: set[str] = set().union(*map(clause_symbols, statement.clauses))
    grown = True
    while grown:
        grown = False
        for axiom in theory.axioms:
            if axiom.kind == "constructor" or axiom.name.startswith("assumption"):
                continue
            for clause in axiom.clauses:
                symbols = clause_symbols(clause)
                if not symbols <= found and _defined(axiom, clause) in found:
                    found |= symbols
                    grown = True
    signature = theory.signature
    sorts = {
        sort
        for name in found
        if name in signature.function
        for sort in (*signature.function[name].arguments, signature.function[name].result)
    }
    for sort in sorted(sorts):
        found.update(signature.sort[sort].constructors)
    return frozenset(found)


def _defined(axiom: Statement, clause: Clause) -> str | None:
    """The function or predicate that an axiom's clause says something about."""
    if isinstance(axiom.formula, Iff) and isinstance(axiom.formula.left, Holds):
        return axiom.formula.left.predicate
    atom = clause.literal.atom if clause.is_literal_head else None
    left = atom.left if isinstance(atom, Equal) else None
    return left.symbol if isinstance(left, App) else None


def part(theory: Theory, symbols: frozenset[str]) -> Theory:
    """A theory over some of its symbols, with the axioms that speak of no others."""
    signature = theory.signature
    functions = signature_functions(signature, symbols)
    predicates = tuple(one for one in signature.predicates if one.name in symbols)
    used = {sort for one in functions for sort in (*one.arguments, one.result)}
    used.update(sort for one in predicates for sort in one.arguments)
    sorts = tuple(sort for sort in signature.sorts if sort.name in used)
    return replace(
        theory,
        signature=replace(signature, sorts=sorts, functions=functions, predicates=predicates),
        axioms=tuple(
            axiom
            for axiom in theory.axioms
            if all(clause_symbols(clause) <= symbols for clause in axiom.clauses)
        ),
        conjectures=(),
    )
