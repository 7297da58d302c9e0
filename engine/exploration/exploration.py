"""The loop: propose in growing size, refute in bulk, drop what is known, prove, learn, try again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf
from typing import Protocol, TypeAlias

from ..budget import Clock
from ..checker import Theorem
from ..clause import Clause, Equal, Holds, clause_symbols
from ..formula import Formula, Iff, Implies
from ..lowering import lower
from ..notation import Notation
from ..term import size as length
from ..theory import Statement, Theory
from .development import Open, Progress
from .enumeration import Valuation
from .interest import shape
from .order import UNBOUNDED
from .proposal import DESCENT, Conjecture, Proposer
from .referee import Referee
from .rewriting import Rewriting
from .subsumption import subsumes
from .triage import independent, is_step


@dataclass(frozen=True, slots=True)
class Found:
    """A theorem with how it was proved and what that cost."""

    theorem: Theorem
    method: str
    cpu_seconds: float
    origin: str = ""
    """Who proposed it in an earlier run, if not the enumeration."""


class Prover(Protocol):
    """What decides about proposals; each law that it learns helps with all later ones."""

    def is_known(self, clause: Clause) -> bool:
        """Whether a clause follows from what is proved, without induction."""
        ...

    def derive(self, statement: Statement) -> Found | None:
        """The theorem of a statement all of whose clauses are known."""
        ...

    def prove_all(self, statements: Sequence[Statement], patience: int) -> Sequence[Found | None]:
        """Tries statements side by side, and answers in order up to the first that is proved.

        Each is tried as if it stood alone; ``patience`` from 0 up says how hard.
        """
        ...

    def learn(self, theorem: Theorem) -> Sequence[Statement]:
        """Makes a theorem a rule for all that follows, with what it completes; says what is new."""
        ...

    def reserve(self, theorem: Theorem) -> None:
        """Keeps a law that leads from elements to larger ones for the hardest attempts."""
        ...

    def credit(self, theorem: Theorem, origin: str) -> None:
        """Keeps who proposed a theorem wherever its proof is kept."""
        ...


class Company(Protocol):
    """Whoever else has ideas about the theory of an exploration."""

    def play(self, run: Exploration, *, is_last: bool) -> bool:
        """Brings in conjectures at the end of a round; False if the time ended before."""
        ...


PATIENCE = 2
"""How hard the last attempt at an open conjecture tries."""

OPEN = 60
"""Open conjectures that are tried again: the smallest."""

ATTEMPTS = 1
"""How often a conjecture is tried because more laws are known."""

SHAPED_ATTEMPTS = 4
"""The same for a conjecture of a well-known shape: there are few, and they are what is looked for."""

LAST = 4
"""The size of the largest conjectures without a well-known shape that all get the last attempt."""

FEW = 8
"""How many larger ones get it, too: the smallest."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A law as it was found."""

    found: Found
    conjecture: Conjecture
    at: float


Fate: TypeAlias = OneOf["redundant", "variant", "tried"]
"""What becomes of a conjecture: it is known and says nothing new; it is known, and worth a line of
its own; it is to be tried."""

VARIANT = 10
"""The size of the largest equations that are kept although they are known."""


@dataclass
class Exploration:
    """One run over a theory. It may be interrupted at any moment: what was found is there."""

    theory: Theory
    prover: Prover
    proposer: Proposer
    worlds: Sequence[Valuation]
    rewriting: Rewriting
    clock: Clock
    width: int = 1
    """How many statements are tried side by side; the result is the same for any width."""

    watch: Callable[[Progress], None] = lambda progress: None
    completions: Iterable[Equal] = ()
    """Equations that saturation finds where no values suggest any, each once the last is learnt."""

    sought: Sequence[Equal] = ()
    """Equations that someone waits for: tried first, and again when a law bears on them."""

    taken: frozenset[str] = frozenset()
    """Names that are given already."""

    prefix: str = "law_"
    """What the names of laws begin with."""

    support: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For each symbol all that its definition rests on; nothing where a symbol has no definition."""

    company: Company | None = None

    countermodel: Callable[[Sequence[Clause]], Valuation | None] = lambda clauses: None
    """A world in which a statement fails that all worlds so far allow, if one is found."""

    laws: list[Proven] = field(default_factory=list)
    open: list[Conjecture] = field(default_factory=list)
    timeline: list[Progress] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

    def __post_init__(self) -> None:
        self.notation = Notation.of(self.theory)
        self.referee = Referee(self.worlds, self.proposer.tally, self.notation, self.countermodel)
        self.said = [clause for axiom in self.theory.axioms for clause in axiom.clauses]
        self.defined = {
            axiom.formula.left.predicate
            for axiom in self.theory.axioms
            if axiom.kind == "definition"
            and isinstance(axiom.formula, Iff)
            and isinstance(axiom.formula.left, Holds)
        }

    def run(self, largest: int, smallest: int = 1) -> bool:
        """Rounds from one size of terms to another; False if the time ended before."""
        # Each of these is drawn from what was learnt before it, so they wait for each other.
        if not self.settle(self.derived(), PATIENCE - 1, 1):
            return False
        for size in range(smallest, largest + 1):
            self.count(size=size)
            for stream in self.proposer.round(size):
                # What failed for want of a law is tried again before the next kind of statement.
                if not self.settle(stream, 0) or not self.again(1, 1):
                    return False
            is_last = size == largest
            if self.company is not None and not self.company.play(self, is_last=is_last):
                return False
            if is_last:
                self.open = self.referee.doubt(self.open)
                if not (self.again(PATIENCE, PATIENCE) and self.review()):
                    return False
            self.referee.publish()
            self.count()
            self.timeline.append(self.progress)
        return True

    def count(self, **changes: int) -> None:
        """Adds up what happened and tells whoever watches."""
        tally = self.proposer.tally
        self.progress = replace(
            self.progress,
            proposed=tally.proposed,
            refuted=tally.refuted,
            vacuous=tally.vacuous,
            proved=len(self.laws),
            open=len(self.open),
            at=self.clock.spent,
            **changes,
        )
        self.watch(self.progress)

    def derived(self) -> Iterator[Conjecture]:
        """What someone waits for and what saturation finds, in the form of conjectures."""
        for equation in self.sought:
            for conjecture in self.proposer.new(equation, length(equation.left)):
                conjecture.is_wanted = True
                yield conjecture
        for equation in self.completions:
            size = length(equation.left) + length(equation.right)
            name = shape(lower(equation).clauses)
            yield from self.proposer.new(equation, size, name)

    # Deciding

    def settle(self, stream: Iterable[Conjecture], patience: int, width: int | None = None) -> bool:
        """Decides conjectures in order; False if the time ended before."""
        most = width or self.width
        source = iter(stream)
        waiting: deque[Conjecture] = deque()
        while True:
            # Statements are tried side by side as long as none is proved. What comes after one
            # that is proved is decided anew with the new law, as if it had waited.
            wave: list[tuple[Conjecture, Fate]] = []
            whole: list[Formula] = []
            while sum(fate == "tried" for _, fate in wave) < most and (
                not wave or wave[-1][1] != "variant"
            ):
                if self.clock.is_over:
                    self.open += [c for c in (*waiting, *source) if c.known >= 0]
                    return False
                conjecture = waiting.popleft() if waiting else next(source, None)
                if conjecture is None:
                    break
                if self.referee.is_plausible(conjecture):
                    whole.append(conjecture.formula)
                    wave.append((conjecture, self.fate(conjecture)))
            if not wave:
                return True
            done = self.attempt(wave, patience)
            for (conjecture, _), formula in zip(wave[done:], whole[done:], strict=True):
                conjecture.restate(formula)
            waiting.extendleft(reversed([conjecture for conjecture, _ in wave[done:]]))

    def fate(self, conjecture: Conjecture) -> Fate:
        """Whether a conjecture is worth an attempt; keeps of it what is not known."""
        match conjecture.formula:
            case Equal(left, right):
                is_new_rule = self.rewriting.is_new_rule(left, right)
                is_joined = self.rewriting.normal(left) == self.rewriting.normal(right)
                if is_joined and not is_new_rule and not conjecture.shape:
                    return "redundant"
            case _:
                is_new_rule = False
        unsaid = [c for c in conjecture.clauses if not any(subsumes(d, c) for d in self.said)]
        new = [c for c in unsaid if not self.prover.is_known(c)]
        # Not all that is said is mailed, so the blocks may not know it.
        said = [c for c in conjecture.clauses if c not in unsaid]
        if not unsaid or (not new and not all(map(self.prover.is_known, said))):
            return "redundant"
        if not new:
            is_kept = is_new_rule and conjecture.size <= VARIANT
            return "variant" if is_kept or conjecture.shape else "redundant"
        match conjecture.formula:
            case Iff(one, two) if len(new) == 1 and len(conjecture.clauses) == 2:
                is_forward = new[0] == conjecture.clauses[0]
                conjecture.restate(Implies(one, two) if is_forward else Implies(two, one))
        return "tried"

    def attempt(self, wave: Sequence[tuple[Conjecture, Fate]], patience: int) -> int:
        """Tries what is to be tried; returns how many of the wave are decided."""
        tried = [conjecture for conjecture, fate in wave if fate == "tried"]
        statements = [self.statement(conjecture) for conjecture in tried]
        answers = iter(self.prover.prove_all(statements, patience) if statements else ())
        for place, (conjecture, fate) in enumerate(wave):
            if fate == "redundant":
                self.count(redundant=self.progress.redundant + 1)
                continue
            if fate == "variant":
                found = self.prover.derive(self.statement(conjecture))
                conjecture.is_variant = True
            else:
                found = next(answers)
            if found is not None:
                self.learn(found, conjecture)
                return place + 1
            if conjecture.attempts == 0 and self.referee.fails(conjecture):
                continue
            conjecture.known = len(self.laws)
            conjecture.attempts += 1
            self.open.append(conjecture)
            self.count()
        return len(wave)

    def statement(self, conjecture: Conjecture) -> Statement:
        """The statement under which a conjecture is proved."""
        number = len(self.laws) + 1
        while f"{self.prefix}{number}" in self.taken:
            number += 1
        return Statement(f"{self.prefix}{number}", conjecture.formula, conjecture.clauses, "lemma")

    def learn(self, found: Found, conjecture: Conjecture) -> None:
        """Adds a law, and notes the converse if that is false."""
        if found.origin:
            conjecture.origin = found.origin
        elif conjecture.origin:
            self.prover.credit(found.theorem, conjecture.origin)
        if self.is_useful(conjecture):
            for statement in self.prover.learn(found.theorem):
                self.rewriting.learn(statement.clauses)
        elif conjecture.shape == "transitivity" or is_step(
            conjecture.clauses, self.theory.signature.constructors
        ):
            self.prover.reserve(found.theorem)
        self.laws.append(Proven(found, conjecture, self.clock.spent))
        self.said += conjecture.clauses
        self.count()
        match conjecture.formula:
            case Implies(premise, head):
                converse = Conjecture.of(
                    Implies(head, premise), conjecture.size, self.proposer.names
                )
                self.referee.consider(converse.formula, converse.clauses)

    def is_useful(self, conjecture: Conjecture) -> bool:
        """Whether a law shortens proofs as a rule.

        What follows anyway does not, unless it is an equation that leads somewhere at once. What
        is said of a defined predicate under premises does not: its definition says as much, and
        chains of such facts fill a block. A choice makes every proof split where it applies, so
        only those of well-known shapes are mailed.
        """
        if conjecture.is_variant:
            return isinstance(conjecture.formula, Equal)
        if conjecture.shape == UNBOUNDED:
            return False
        return not any(
            (len(clause.cases) > 1 and not conjecture.shape)
            or (
                clause.premises
                and conjecture.shape != DESCENT
                and isinstance(literal.atom, Holds)
                and literal.atom.predicate in self.defined
            )
            for clause in conjecture.clauses
            for case in clause.cases
            for literal in case.literals
        )

    # Once more

    def again(self, patience: int, most: int) -> bool:
        """Tries open conjectures again, harder, as long as that gives new laws."""
        while patience <= most:
            laws, ready = len(self.laws), self.ready(patience)
            if not ready:
                patience += 1
                continue
            ready = ready[:OPEN]
            for conjecture in ready:
                self.open.remove(conjecture)
                conjecture.patience = patience
            if not self.settle(ready, patience):
                return False
            if len(self.laws) == laws:
                patience += 1
        return True

    def review(self) -> bool:
        """Closes what later laws have settled; False if the time ended before."""
        once = list({conjecture.key: conjecture for conjecture in self.open}.values())
        known = [conjecture for conjecture in once if self.fate(conjecture) != "tried"]
        self.open = [conjecture for conjecture in once if conjecture not in known]
        return self.settle(known, 0)

    def ready(self, patience: int) -> list[Conjecture]:
        """The open conjectures that another attempt is worth."""
        found, larger = [], 0
        for conjecture in self.open:
            if not self.is_ready(conjecture, patience):
                continue
            is_wanted = conjecture.is_wanted or conjecture.shape or conjecture.origin
            if patience == PATIENCE and not is_wanted and conjecture.size > LAST:
                larger += 1
                if larger > FEW:
                    continue
            found.append(conjecture)
        return found

    def is_ready(self, conjecture: Conjecture, patience: int) -> bool:
        """Whether another attempt may end differently."""
        if conjecture.patience < patience:
            return True
        # Before the last round it is the same attempt that failed: one more is enough, unless
        # someone waits for a law.
        is_due = bool(self.sought) or patience == PATIENCE
        is_sought = is_due and (conjecture.shape or conjecture.is_wanted)
        if conjecture.attempts > (SHAPED_ATTEMPTS if is_sought else ATTEMPTS):
            return False
        return any(self.bears(law, conjecture) for law in self.laws[conjecture.known :])

    def bears(self, law: Proven, conjecture: Conjecture) -> bool:
        """Whether a law speaks only of what a conjecture speaks of, or what that is defined by."""
        symbols = _symbols(conjecture)
        if any(symbol not in self.support for symbol in symbols):
            return True
        return _symbols(law.conjecture) <= symbols.union(*(self.support[s] for s in symbols))

    def still_open(self) -> tuple[Open, ...]:
        """What withstood all attempts, without what others of these would give."""
        return tuple(
            Open(
                self.notation.formula(conjecture.formula),
                self.referee.mpl(f"open_{place}", conjecture.formula),
                conjecture.clauses[0],
                conjecture.origin,
            )
            for place, conjecture in enumerate(independent(self.open, self.rewriting), 1)
        )


def _symbols(conjecture: Conjecture) -> frozenset[str]:
    return frozenset().union(*map(clause_symbols, conjecture.clauses))
