"""Finding the lemmas that a stuck goal needs, in the part of the theory that it lives in.

Terms over the goal's symbols are enumerated in growing size and evaluated. A term with the values
of a smaller one suggests an equation; what the theorems so far imply already is dropped, the rest
is proved, and each proved law is mailed to all blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lemmata.engine.budget import Clock
from lemmata.engine.clause import Case, Clause, Equal, Holds, Literal, clause_symbols
from lemmata.engine.exploration.catalogue import conditions
from lemmata.engine.exploration.enumeration import (
    Enumeration,
    Sample,
    agree,
    assignments,
    signature_functions,
)
from lemmata.engine.exploration.shape import shapes
from lemmata.engine.formula import Formula, Iff
from lemmata.engine.term import App, Term, Var, substitute, subterms, variables
from lemmata.engine.theory import Function, Statement, Theory

from .commutation import learn
from .induction import prove_directly
from .portfolio import attempt
from .simplification import Simplification, is_open
from .workspace import EFFORTS, Effort, Workspace
from .world import Running
from .writing import write_theorem

LARGEST = 8
SHAPES_AFTER = 4
"""After which size of terms the laws of well-known shapes are tried."""

QUICK, PATIENT = 0.1, 0.4
"""CPU seconds for a law at first, and when it is tried again or has a well-known shape."""

PRUNE = Effort(2, 0, 0, 400)
"""What is derived with this effort needs no lemma of its own."""

_VARIABLES = "xyz"
_OPEN = 200


@dataclass
class Discovery:
    """Lemmas over some symbols, found one after the other."""

    work: Workspace
    symbols: frozenset[str]
    clock: Clock
    open: list[tuple[Clause, Formula]] = field(default_factory=list)
    tried: set[Clause] = field(default_factory=set)

    def __post_init__(self) -> None:
        signature = self.work.theory.signature
        functions = signature_functions(signature, self.symbols)
        sorts = {sort for f in functions for sort in (*f.arguments, f.result)}
        names = [
            Var(name if len(sorts) == 1 else f"{name}{number or ''}", sort)
            for number, sort in enumerate(sorted(sorts))
            for name in _VARIABLES
            if not _is_flat(self.work.theory, sort)
        ]
        self.given = assignments([Running(self.work.theory)], names)
        self.terms = Enumeration(functions, self.given)

    def lemmas(self, goals: Iterable[Clause] = ()) -> Iterator[Statement]:
        """Proves one law after the other; yields each once all later goals can use it.

        First come what is more general than the ``goals`` and true of all values.
        """
        functions = signature_functions(self.work.theory.signature, self.symbols)
        if is_open(self.work, functions):
            for term, simpler in Simplification(self.work, functions, self.clock).equations():
                clause = equation(term, simpler)
                statement = self.prove(clause, clause.literal.atom, 3, PATIENT)
                if statement is not None:
                    yield statement
            return
        goals = tuple(goals)
        for left, right in (
            *generalisations(goals, self.work.theory.signature.constructors),
            *accumulations(goals, self.terms.functions),
        ):
            if self.terms.is_plausible(left, right):
                yield from self.consider(left, right, PATIENT)
        classes: dict[tuple[int | None, ...], list[Sample]] = {}
        for largest in range(1, LARGEST + 1):
            for sample in self.terms.terms(largest):
                if self.clock.is_over:
                    return
                key = (sample.term.sort, *sample.values[: self.given.core])
                found = classes.setdefault(key, [])  # type: ignore[arg-type]  # the sort goes first
                same = next((old for old in found if agree(old.values, sample.values)), None)
                if same is None or None in key:
                    found.append(sample)
                    self.terms.keep(sample)
                    continue
                yield from self.consider(sample.term, same.term, QUICK)
            if largest == SHAPES_AFTER:
                yield from self.shapes()
                yield from self.retry()
                yield from self.conditional()
            yield from self.retry()

    def shapes(self) -> Iterator[Statement]:
        """Proves laws of the shapes that people look for, where the values allow them."""
        for left, right in shapes(self.terms.functions):
            if self.clock.is_over:
                return
            if self.terms.is_plausible(left, right):
                yield from self.consider(left, right, PATIENT)

    def conditional(self) -> Iterator[Statement]:
        """Proves conditional laws of well-known shapes, where the values allow them."""
        constructors = self.work.theory.signature.constructors
        functions = [f for f in self.terms.functions if f.arguments and f.name not in constructors]
        constants = [f for f in self.terms.functions if not f.arguments]
        for condition in conditions(functions, constants):
            if self.clock.is_over:
                return
            if self.terms.implies(condition) and not self.is_known(condition.clause):
                yield from self.attempt(condition.clause, condition.formula, PATIENT)

    def consider(self, term: Term, other: Term, seconds: float) -> Iterator[Statement]:
        """Proves an equation between two terms, unless it follows from what is known."""
        clause = equation(term, other)
        if clause in self.tried:
            return
        self.tried.add(clause)
        if self.is_known(clause):
            return
        yield from self.attempt(clause, clause.literal.atom, seconds)

    def attempt(self, clause: Clause, formula: Formula, seconds: float) -> Iterator[Statement]:
        """Proves a new clause, or keeps it for later."""
        statement = self.prove(clause, formula, 2, seconds)
        if statement is None:
            self.open.append((clause, formula))
        else:
            yield statement

    def retry(self) -> Iterator[Statement]:
        """Tries again what failed before, as long as that gives new laws."""
        changed = True
        while changed:
            changed = False
            for clause, formula in self.open[:_OPEN]:
                if self.clock.is_over:
                    return
                statement = None
                if not self.is_known(clause):
                    statement = self.prove(clause, formula, 3, PATIENT)
                    if statement is None:
                        continue
                self.open.remove((clause, formula))
                if statement is not None:
                    changed = True
                    yield statement

    def is_known(self, clause: Clause) -> bool:
        """Whether a clause follows from the theorems so far without induction or cases."""
        clock = self.clock.slice(PATIENT)
        return prove_directly(self.work, self.work.root, clause, PRUNE, clock) is not None

    def prove(
        self, clause: Clause, formula: Formula, effort: int, seconds: float
    ) -> Statement | None:
        """Proves a clause and mails it to all blocks, or None."""
        clock = self.clock.slice(seconds)
        found = None
        for level in EFFORTS[:effort]:
            found = attempt(self.work, clause, level, clock)
            if found is not None or clock.is_over:
                break
        if found is None:
            return None
        name = self.work.name_for_lemma()
        statement = Statement(name, formula, (clause,), "lemma")
        learn(self.work, write_theorem(self.work, statement, [found[0]]), self.clock)
        return statement


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


def equation(left: Term, right: Term) -> Clause:
    """The clause left = right, its variables named in the order of their occurrence."""
    names: dict[Var, Term] = {}
    for var in (*variables(left), *variables(right)):
        if var not in names:
            names[var] = Var(f"{'xyzuvw'[len(names) % 6]}{len(names) // 6 or ''}", var.sort)
    one, two = substitute(left, names), substitute(right, names)
    found = tuple(dict.fromkeys((*variables(one), *variables(two))))
    return Clause(found, (), (Case((), (Literal(Equal(one, two)),)),))


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


def _is_flat(theory: Theory, sort: str) -> bool:
    """Whether a sort only has constants, like the Booleans."""
    signature = theory.signature
    names = signature.sort[sort].constructors
    return bool(names) and not any(signature.function[name].arguments for name in names)
