"""Finding the lemmas that a stuck goal needs, in the part of the theory that it lives in.

Terms over the goal's symbols are enumerated in growing size and evaluated. A term with the values
of a smaller one suggests an equation; what the theorems so far imply already (the two are one class
in a block of all terms) is dropped, the rest is proved, and each proved law is mailed to all blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lemmata.engine.budget import Clock
from lemmata.engine.clause import Case, Clause, Equal, Literal, clause_symbols
from lemmata.engine.exploration.enumeration import (
    Enumeration,
    Sample,
    agree,
    assignments,
    signature_functions,
)
from lemmata.engine.exploration.ground import Ground
from lemmata.engine.rule import Rule
from lemmata.engine.term import App, Term, Var, substitute, variables
from lemmata.engine.theory import Statement, Theory

from .portfolio import attempt, write_theorem
from .workspace import EFFORTS, Workspace

LARGEST = 8
_VARIABLES = "xyz"
_OPEN = 200


@dataclass
class Discovery:
    """Lemmas over some symbols, found one after the other."""

    work: Workspace
    symbols: frozenset[str]
    clock: Clock
    open: list[Clause] = field(default_factory=list)
    tried: set[Clause] = field(default_factory=set)

    def __post_init__(self) -> None:
        signature = self.work.theory.signature
        self.ground = Ground(signature, executable_rules(self.work))
        functions = signature_functions(signature, self.symbols)
        sorts = {sort for f in functions for sort in (*f.arguments, f.result)}
        names = [
            Var(name if len(sorts) == 1 else f"{name}{number or ''}", sort)
            for number, sort in enumerate(sorted(sorts))
            for name in _VARIABLES
            if not _is_flat(self.work.theory, sort)
        ]
        self.given = assignments(self.ground, names)
        self.terms = Enumeration(self.ground, functions, self.given)
        self.block = self.work.root.child("root/terms")

    def lemmas(self) -> Iterator[Statement]:
        """Proves one law after the other; yields each once all later goals can use it."""
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
                yield from self.consider(sample.term, same.term)
            yield from self.retry()

    def consider(self, term: Term, other: Term) -> Iterator[Statement]:
        """Proves an equation between two terms, unless it follows from what is known."""
        clause = equation(term, other)
        if clause in self.tried:
            return
        self.tried.add(clause)
        if self.is_known(term, other):
            return
        statement = self.prove(clause, 2)
        if statement is None:
            self.open.append(clause)
        else:
            yield statement

    def retry(self) -> Iterator[Statement]:
        """Tries again what failed before, as long as that gives new laws."""
        changed = True
        while changed:
            changed = False
            for clause in self.open[:_OPEN]:
                if self.clock.is_over:
                    return
                equal = clause.literal.atom
                assert isinstance(equal, Equal)
                statement = None
                if not self.is_known(equal.left, equal.right):
                    statement = self.prove(clause, 3)
                    if statement is None:
                        continue
                self.open.remove(clause)
                if statement is not None:
                    changed = True
                    yield statement

    def is_known(self, left: Term, right: Term) -> bool:
        """Whether the theorems so far make two terms one class."""
        database = self.block.database
        one, two = (database.intern(_frozen(term), 0) for term in (left, right))
        if database.root[one] != database.root[two]:
            self.block.run(1, len(database) + 500, self.clock)
        return database.root[one] == database.root[two]

    def prove(self, clause: Clause, effort: int) -> Statement | None:
        """Proves a clause and mails it to all blocks, or None."""
        for level in EFFORTS[:effort]:
            found = attempt(self.work, clause, level, self.clock)
            if found is not None:
                break
        else:
            return None
        name = self.work.name_for(clause)
        statement = Statement(name, clause.literal.atom, (clause,), "lemma")
        self.work.add(write_theorem(self.work, statement, [found[0]]))
        for rule in self.work.rules(statement):
            self.block.match(rule)
        return statement


def _frozen(term: Term) -> Term:
    """The term with constants in place of its variables."""
    names = {var: App(f"?{var.name}", (), var.sort) for var in variables(term)}
    return substitute(term, names)


def equation(left: Term, right: Term) -> Clause:
    """The clause left = right, its variables named in the order of their occurrence."""
    names: dict[Var, Term] = {}
    for var in (*variables(left), *variables(right)):
        if var not in names:
            names[var] = Var(f"{'xyzuvw'[len(names) % 6]}{len(names) // 6 or ''}", var.sort)
    one, two = substitute(left, names), substitute(right, names)
    found = tuple(dict.fromkeys((*variables(one), *variables(two))))
    return Clause(found, (), (Case((), (Literal(Equal(one, two)),)),))


def executable_rules(work: Workspace) -> list[Rule]:
    """The rules that compute: those of definitions and of axioms that define functions."""
    return [
        rule
        for axiom in work.theory.axioms
        if axiom.kind in ("axiom", "definition")
        for rule in work.defining_rules(axiom)
    ]


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
                head = clause.literal.atom if clause.is_literal_head else None
                left = head.left if isinstance(head, Equal) else None
                if isinstance(left, App) and left.symbol in found and not symbols <= found:
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


def _is_flat(theory: Theory, sort: str) -> bool:
    """Whether a sort only has constants, like the Booleans."""
    signature = theory.signature
    names = signature.sort[sort].constructors
    return bool(names) and not any(signature.function[name].arguments for name in names)
