"""From axioms alone: explores a theory with the blocks as prover and the axioms as refuter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING

from lemmata.engine.budget import Budget, Clock
from lemmata.engine.clause import Clause, atom_terms, clause_literals, clause_symbols
from lemmata.engine.exploration.catalogue import relations
from lemmata.engine.exploration.development import Development, Law, Progress, Stated, Stop
from lemmata.engine.exploration.enumeration import Valuation
from lemmata.engine.exploration.exploration import VARIANT, Company, Exploration, Proven
from lemmata.engine.exploration.interest import count_uses, interest, shape
from lemmata.engine.exploration.proposal import Conjecture, Proposer, theory_names
from lemmata.engine.exploration.record import Record
from lemmata.engine.exploration.rewriting import Rewriting
from lemmata.engine.exploration.shape import shapes
from lemmata.engine.exploration.subsumption import subsumes
from lemmata.engine.formula import Equal, Holds
from lemmata.engine.notation import Notation
from lemmata.engine.ordering import precedence
from lemmata.engine.proof_file import statement_text
from lemmata.engine.term import App
from lemmata.engine.term import size as term_size
from lemmata.engine.theory import Statement, Theory

from .blocks import Blocks
from .consistency import contradiction
from .essentials import Redundancy, redundancies
from .prove import deep_recursion
from .refuters.model import infinite_sort
from .workspace import defining_functions, support
from .world import worlds

if TYPE_CHECKING:
    from .finite import Countermodels

SIZE = 5
"""The largest terms of equations by default."""

SMALL = 6
"""The size of the largest conditional laws that are listed although they follow from others."""

SECONDS = 600.0

ROUNDS = 0.85
"""The part of its time that a run may propose and prove in; the rest is for what follows from what."""

LIKELY = 60
"""Equations, and facts about constants, for which a countermodel is looked for at most."""


def explore(
    theory: Theory,
    budget: Budget | None = None,
    *,
    size: int = SIZE,
    seed: int = 0,
    executor: Executor | None = None,
    width: int = 1,
    record: Record | None = None,
    watch: Callable[[Progress], None] = lambda progress: None,
    company: Company | None = None,
) -> Development:
    """The laws of a theory up to a size of terms, from its axioms alone.

    ``budget`` bounds the CPU seconds of this process (600 by default), ``size`` the symbols of a
    term. With an ``executor``, ``width`` statements are tried side by side; the result is the same
    for every width, and for every run with the same ``seed`` that is not stopped by its time. A
    ``record`` keeps each theorem at once, and what it holds is not proved again. ``company`` brings in
    conjectures from elsewhere, which are treated like all others. Ctrl-C does not
    raise: the development of what was found until then says that it was interrupted.
    """
    whole = budget or Budget(seconds=SECONDS)
    clock, last = replace(whole, seconds=whole.seconds * ROUNDS).start(), whole.start()
    with deep_recursion():
        prover = Blocks(theory, executor, record)
        if contradiction(prover.work, prover.meter.start(Budget(seconds=1))) is not None:
            return Development(theory, (), stop="inconsistent", seed=seed)
        places = worlds(theory, lambda: _likely(theory), prover.is_easy)
        # A model of one element says nothing of what may hold, only of what may not.
        sorts = [sort.name for sort in theory.signature.sorts]
        telling = [w for w in places if any(len(w.values(sort, 2)) > 1 for sort in sorts)]
        proposer = Proposer(theory, telling or places, theory_names(theory), seed)
        rewriting = Rewriting(precedence(theory.signature, defining_functions(theory)))
        for axiom in theory.axioms:
            rewriting.learn(axiom.clauses)
        run = Exploration(
            theory,
            prover,
            proposer,
            places,
            rewriting,
            clock,
            width,
            watch,
            completions=() if prover.equational is None else prover.equational.equations(),
            taken=prover.taken,
            support=support(theory),
            company=company,
            countermodel=_countermodel(theory),
        )
        stop: Stop = "size"
        try:
            if not run.run(size):
                stop = "time"
        except KeyboardInterrupt:
            stop = "interrupted"
        _recall(run, prover)
        return _Survey(run, prover, last).development(stop, seed)


def _recall(run: Exploration, prover: Blocks) -> None:
    """Adds the laws of the record that a run did not come to: none shows less than is kept."""
    said = {law.conjecture.key for law in run.laws}
    for found in prover.recall():
        statement = found.theorem.statement
        literals = [part for clause in statement.clauses for part in clause_literals(clause)]
        length = sum(term_size(term) for part in literals for term in atom_terms(part.atom))
        law = Conjecture.of(statement.formula, length, run.proposer.names)
        if law.key not in said:
            said.add(law.key)
            run.learn(found, law)
    run.open = [conjecture for conjecture in run.open if conjecture.key not in said]


def _countermodel(theory: Theory) -> Callable[[Sequence[Clause]], Valuation | None]:
    """How to refute what stays open, where all sorts may be finite."""
    if infinite_sort(theory.signature) is not None:
        return lambda clauses: None
    models: list[Countermodels] = []  # made when the first statement is doubted

    def against(clauses: Sequence[Clause]) -> Valuation | None:
        if not models:
            from .finite import Countermodels  # z3 is loaded only where it is needed

            models.append(Countermodels(theory))
        return models[0].against(clauses)

    return against


def _likely(theory: Theory) -> Iterator[Clause]:
    """Statements of well-known shapes, and about constants."""
    names = theory_names(theory)
    functions, predicates = theory.signature.functions, theory.signature.predicates
    constants = [App(f.name, (), f.result) for f in functions if not f.arguments]
    equations = [
        *(Equal(*pair) for pair in combinations(constants, 2) if pair[0].sort == pair[1].sort),
        *(Equal(left, right) for left, right in shapes(functions)),
    ]
    facts = [
        Holds(predicate.name, args)
        for predicate in predicates
        for args in product(*([c for c in constants if c.sort == s] for s in predicate.arguments))
    ]
    related = (formula for _, formula in relations(predicates, ()))
    for formula in (*equations[:LIKELY], *facts[:LIKELY], *related):
        yield from Conjecture.of(formula, 0, names).clauses


class _Survey:
    """What became of a run: which laws matter, in which families and order."""

    def __init__(self, run: Exploration, prover: Blocks, clock: Clock) -> None:
        self.run, self.prover, self.theory, self.clock = run, prover, run.theory, clock
        self.notation = Notation.of(run.theory)
        self.laws = _most_general(run.laws)
        theorems = [proven.found.theorem for proven in run.laws]
        uses: Counter[str] = count_uses(theorems)
        self.shapes = {
            law.found.theorem.name: shape(
                law.found.theorem.statement.clauses, run.proposer.shapes.get(law.conjecture.key, "")
            )
            for law in self.laws
        }
        self.interest = {
            law.found.theorem.name: interest(
                law.found.theorem, self.shapes[law.found.theorem.name], uses
            )
            for law in self.laws
        }

    def development(self, stop: Stop, seed: int) -> Development:
        """The laws that are worth a line, the most interesting first."""
        again = self.redundancies()
        laws = {proven.found.theorem.name: self.law(proven, again) for proven in self.laws}
        families = dict(_families(laws))
        listed = [
            replace(laws[proven.found.theorem.name], family=families[proven.found.theorem.name])
            for proven in self.laws
            if self.is_listed(proven, laws[proven.found.theorem.name])
        ]
        ranked = sorted(listed, key=lambda law: -law.interest)
        progress, still_open = self.run.progress, self.run.still_open()
        dropped = len(self.run.laws) - len(listed)
        total = replace(
            progress,
            proved=len(listed),
            redundant=progress.redundant + dropped,
            open=len(still_open),
            at=self.clock.spent,
        )
        return Development(
            self.theory,
            tuple(ranked),
            tuple(self.run.referee.near),
            still_open,
            tuple(self.stated()),
            (*self.run.timeline, total),
            stop,
            seed,
        )

    def redundancies(self) -> dict[str, Redundancy]:
        """Which laws follow from others; the least interesting are asked first."""
        rules = [
            law.found.theorem
            for law in self.laws
            if self.run.is_useful(law.conjecture) and not law.conjecture.is_variant
        ]
        fixed = ("commutativity", "associativity")
        order = sorted(
            (law for law in self.laws if self.shapes[law.found.theorem.name] not in fixed),
            key=lambda law: (self.interest[law.found.theorem.name], -law.conjecture.size),
        )
        asked = [law.found.theorem for law in order]
        laws = [law.found.theorem for law in self.laws]
        return redundancies(self.theory, asked, laws, rules, lambda: self.clock.is_over)

    def law(self, proven: Proven, again: Mapping[str, Redundancy]) -> Law:
        """A law as it is listed."""
        theorem = proven.found.theorem
        redundancy = again.get(theorem.name)
        return Law(
            theorem.name,
            self.notation.formula(theorem.statement.formula),
            f"conjecture {theorem.name}: {statement_text(theorem.statement, self.notation)}",
            theorem,
            proven.found.method,
            self.shapes[theorem.name],
            essential=redundancy is None,
            follows=() if redundancy is None else redundancy.follows,
            redundancy=None if redundancy is None else redundancy.theorem,
            interest=self.interest[theorem.name],
            cpu_seconds=proven.found.cpu_seconds,
            at=proven.at,
            origin=proven.conjecture.origin,
        )

    def is_listed(self, proven: Proven, law: Law) -> bool:
        """Whether a law that follows from others is worth a line all the same."""
        most = VARIANT if isinstance(proven.conjecture.formula, Equal) else SMALL
        is_kept = law.essential or bool(law.shape) or bool(law.origin)
        return is_kept or proven.conjecture.size <= most

    def stated(self) -> Iterator[Stated]:
        """Which conjectures of the theory's file were found, or follow from what was found."""
        for statement in self.theory.conjectures:
            text = self.notation.formula(statement.formula)
            by = self.found_by(statement)
            yield Stated(statement.name, text, by is not None, by or ())

    def found_by(self, statement: Statement) -> tuple[str, ...] | None:
        """The laws that say a statement or give it, None if they do not."""
        names: dict[str, None] = {}
        for clause in statement.clauses:
            same = next((n for n, c in self.clauses() if subsumes(c, clause)), None)
            if same is not None:
                names[same] = None
                continue
            part = Statement("stated", statement.formula, (clause,), "lemma")
            found = self.prover.follow(part)
            if found is None:
                return None
            names.update(dict.fromkeys(found.theorem.lemmas))
        return tuple(names)

    def clauses(self) -> Iterator[tuple[str, Clause]]:
        for law in self.run.laws:
            for clause in law.found.theorem.statement.clauses:
                yield law.found.theorem.name, clause


def _most_general(laws: list[Proven]) -> list[Proven]:
    """The laws without those that a later one says in general."""
    found = []
    for place, law in enumerate(laws):
        clauses = law.found.theorem.statement.clauses
        later = [c for other in laws[place + 1 :] for c in other.found.theorem.statement.clauses]
        if not all(any(subsumes(c, clause) for c in later) for clause in clauses):
            found.append(law)
    return found


def _families(laws: Mapping[str, Law]) -> Iterator[tuple[str, str]]:
    """Each law with the essential one whose form it is: of those that give it the most alike."""

    def essential(name: str) -> Iterator[str]:
        waiting, seen = [name], {name}
        while waiting:
            each = waiting.pop()
            if laws[each].essential:
                yield each
            new = [other for other in laws[each].follows if other in laws and other not in seen]
            seen.update(new)
            waiting += new

    for name, law in laws.items():
        own = _symbols(law)
        heads = sorted(set(essential(name)) - {name})
        yield (
            name,
            name
            if law.essential or not heads
            else max(heads, key=lambda h: (-len(own ^ _symbols(laws[h])), laws[h].interest)),
        )


def _symbols(law: Law) -> frozenset[str]:
    return frozenset().union(*map(clause_symbols, law.theorem.statement.clauses))
