"""The prover of an exploration: blocks that learn each law, here and in other processes."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from lemmata.engine.budget import Budget, Meter
from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import Clause
from lemmata.engine.derivation import Derivation
from lemmata.engine.exploration.exploration import Found
from lemmata.engine.exploration.record import LEMMA, Dismissed, Kept, Record
from lemmata.engine.notation import Notation
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.theory import Statement, Theory

from .commutation import complete, learn
from .induction import prove_directly
from .portfolio import attempt
from .prove import recurse_deeply
from .simplification import computes
from .stepping import Stepping
from .workspace import EFFORTS, Effort, Proof, Workspace
from .writing import write_theorem

if TYPE_CHECKING:
    from .completion.equational import Equational

SCHEDULE = (
    ((EFFORTS[0], 0.01), (EFFORTS[1], 0.05)),
    ((EFFORTS[1], 0.06), (EFFORTS[2], 0.3)),
    ((EFFORTS[1], 0.5), (EFFORTS[2], 0.4), (EFFORTS[3], 0.8)),
)
"""For each patience the efforts that are made at a clause, and their metered seconds."""

LAST = len(SCHEDULE) - 1
"""The patience of the hardest attempts, which may use laws that are not mailed."""

SECONDS = tuple(sum(seconds for _, seconds in efforts) for efforts in SCHEDULE)
"""What an attempt at a clause may cost at each patience."""

MATCHES = (30_000, 300_000, 1_500_000)
"""For each patience what completion may try for the premises of a clause."""

KNOWN, CHOICE = Effort(2, 0, 0, 400), Effort(2, 1, 0, 400)
"""What follows with this effort is no law of its own; a choice may need another one to be made."""

_KNOWN_SECONDS = 0.025

_FOLLOWS, _FOLLOWS_SECONDS = Effort(3, 2, 0, 1_000), 0.2


Derivations: TypeAlias = tuple[tuple[Statement, Derivation], ...]
"""Theorems as they travel: each after its lemmas, none of them trusted."""


class Local:
    """Blocks in this process. Every answer depends on the laws that were learnt, and on nothing else."""

    def __init__(self, theory: Theory, work: Workspace | None = None) -> None:
        self.theory = theory
        self.meter = Meter()
        self.known = 0
        self.stepping: Stepping | None = None
        if work is not None:
            self.work = work
            return
        self.work = Workspace(theory)
        self.work.goal = "exploration"
        clock = self.meter.start(Budget())
        for axiom in theory.axioms:
            complete(self.work, axiom, clock)
        self.work.prepare(clock)
        self.stepping = Stepping(theory, self.meter)

    @cached_property
    def equational(self) -> Equational | None:
        """Proofs by completion, if nothing computes in the theory."""
        if computes(self.work):
            return None
        from .completion.equational import Equational  # loaded only where it is needed

        return Equational.of(self.work)

    def is_known(self, clause: Clause) -> bool:
        """Whether a clause follows by saturation, a choice by one case distinction."""
        return self.directly(clause) is not None

    def is_easy(self, clause: Clause) -> bool:
        """Whether a clause is proved with little effort."""
        if self.equational is not None and self.equational.prove(clause, MATCHES[0]) is not None:
            return True
        clock = self.meter.start(Budget(seconds=SECONDS[0]))
        return self.is_known(clause) or attempt(self.work, clause, EFFORTS[1], clock) is not None

    def directly(
        self, clause: Clause, effort: Effort | None = None, seconds: float = _KNOWN_SECONDS
    ) -> Proof | None:
        """A proof by saturation, of a choice by one case distinction."""
        # Blocks of premises are not shared here: an answer must not depend on what was asked before.
        self.work.prefixes.clear()
        chosen = effort or (KNOWN if len(clause.cases) < 2 else CHOICE)
        clock = self.meter.start(Budget(seconds=seconds))
        return prove_directly(self.work, self.work.root, clause, chosen, clock)

    def derive(self, statement: Statement) -> Found | None:
        """The theorem of a statement all of whose clauses are known."""
        return self.derive_within(statement, None, _KNOWN_SECONDS)

    def follow(self, statement: Statement) -> Found | None:
        """The theorem of a statement that follows from the laws with a little more effort."""
        if self.equational is not None:
            found = self.prove(statement, 0)
            if found is not None:
                return found
        return self.derive_within(statement, _FOLLOWS, _FOLLOWS_SECONDS)

    def derive_within(
        self, statement: Statement, effort: Effort | None, seconds: float
    ) -> Found | None:
        """The theorem of a statement that saturation shows with this effort and metered time."""
        started = time.process_time()
        proofs = []
        for clause in statement.clauses:
            proof = self.directly(clause, effort, seconds)
            if proof is None:
                return None
            proofs.append(proof)
        theorem = write_theorem(self.work, statement, proofs)
        return Found(theorem, "saturation", time.process_time() - started)

    def prove(self, statement: Statement, patience: int) -> Found | None:
        """A theorem within the effort of a patience, or None."""
        started = time.process_time()
        proofs: list[Proof] = []
        methods: dict[str, None] = {}
        work = self.work
        for clause in statement.clauses:
            found = None
            if self.stepping is not None and patience == LAST:
                found = self.stepping.prove(clause)
                work = self.stepping.work
            found = found or self._attempt(clause, patience)
            if found is None:
                return None
            proofs.append(found[0])
            methods[found[1]] = None
        theorem = write_theorem(work, statement, proofs)
        return Found(theorem, ", ".join(methods), time.process_time() - started)

    def _attempt(self, clause: Clause, patience: int) -> tuple[Proof, str] | None:
        if self.equational is not None:
            proof = self.equational.prove(clause, MATCHES[patience])
            if proof is not None:
                return proof, "completion"
        self.work.prefixes.clear()
        for effort, seconds in SCHEDULE[patience]:
            clock = self.meter.start(Budget(seconds=seconds))
            found = attempt(self.work, clause, effort, clock)
            if found is not None:
                return found
        return None

    def learn(self, theorem: Theorem) -> Sequence[Statement]:
        """Makes a theorem a rule, with the law of sums that it may complete."""
        self.known += 1
        if self.stepping is not None:
            self.stepping.learn(theorem, is_step=False)
        before = len(self.work.theorems)
        learn(self.work, theorem, self.meter.start(Budget()))
        return [t.statement for t in list(self.work.theorems.values())[before:]]

    def reserve(self, theorem: Theorem) -> None:
        """Keeps a law that induction steps rest on for the hardest attempts."""
        self.known += 1
        if self.stepping is not None:
            self.stepping.learn(theorem, is_step=True)


class Blocks(Local):
    """Blocks here, others in the processes of an executor, and a record of what they found."""

    def __init__(
        self, theory: Theory, executor: Executor | None = None, record: Record | None = None
    ) -> None:
        super().__init__(theory)
        self.executor, self.record = executor, record
        self.notation = Notation.of(theory)
        self.kept: dict[tuple[Clause, ...], Kept] = {}
        self.laws: list[bytes] = []
        self.message = b"" if executor is None else pickle.dumps(theory)
        self.dismissed: dict[str, Dismissed] = {}
        if record is not None:
            self.kept = {kept.theorem.statement.clauses: kept for kept in record.theorems()}
            self.dismissed.update(record.dismissed())

    @property
    def taken(self) -> frozenset[str]:
        """The names of theorems that the record holds."""
        return frozenset(kept.theorem.name for kept in self.kept.values())

    def derive(self, statement: Statement) -> Found | None:
        """The theorem of a statement all of whose clauses are known."""
        return self._kept(statement) or self._note(
            self.derive_within(statement, None, _KNOWN_SECONDS)
        )

    def prove_all(self, statements: Sequence[Statement], patience: int) -> list[Found | None]:
        """Tries statements side by side, and answers in order up to the first that is proved."""
        answers: list[Found | None] = []
        for found in self._answers(statements, patience):
            answers.append(found)
            if found is not None:
                break
        return answers

    def _answers(self, statements: Sequence[Statement], patience: int) -> Iterator[Found | None]:
        waiting = {}
        if self.executor is not None:
            laws = tuple(self.laws)
            for place, statement in enumerate(statements):
                if statement.clauses not in self.kept and not self._failed(statement, patience):
                    waiting[place] = self.executor.submit(
                        answer, self.message, laws, statement, patience
                    )
        try:
            for place, statement in enumerate(statements):
                # What failed before it was proved fails again, so that laws come in their order.
                if self._failed(statement, patience):
                    yield None
                    continue
                kept = self._kept(statement)
                if kept is not None:
                    yield kept
                    continue
                if place in waiting:
                    found = self._accept(waiting[place].result())
                else:
                    found = self.prove(statement, patience)
                if found is None:
                    self._dismiss(statement, patience)
                yield self._note(found)
        finally:
            for future in waiting.values():
                future.cancel()

    def learn(self, theorem: Theorem) -> Sequence[Statement]:
        """Makes a theorem a rule, here and in all processes."""
        if self.executor is not None:
            self.laws.append(pickle.dumps((_derivations(theorem), False)))
        return super().learn(theorem)

    def reserve(self, theorem: Theorem) -> None:
        """Keeps a law for the hardest attempts, here and in all processes."""
        if self.executor is not None:
            self.laws.append(pickle.dumps((_derivations(theorem), True)))
        super().reserve(theorem)

    def _accept(self, found: Answer | None) -> Found | None:
        """What a worker found, certified here."""
        if found is None:
            return None
        return Found(certified(self, found.derivations), found.method, found.cpu_seconds)

    # The record

    def _kept(self, statement: Statement) -> Found | None:
        kept = self.kept.get(statement.clauses)
        return None if kept is None else _found(kept)

    def recall(self) -> Iterator[Found]:
        """The laws of earlier runs, in the order in which they were found."""
        for kept in self.kept.values():
            if kept.method != LEMMA:
                yield _found(kept)

    def _note(self, found: Found | None) -> Found | None:
        if found is not None and self.record is not None:
            self.record.add(found.theorem, found.method, found.cpu_seconds)
        return found

    def credit(self, theorem: Theorem, origin: str) -> None:
        """Keeps who proposed a theorem, if there is a record."""
        if self.record is not None:
            self.record.credit(theorem.name, origin)

    def _failed(self, statement: Statement, patience: int) -> bool:
        """Whether this very attempt was made before."""
        old = self.dismissed.get(self.notation.formula(statement.formula))
        return old is not None and old.effort >= SECONDS[patience] and old.known >= self.known

    def _dismiss(self, statement: Statement, patience: int) -> None:
        if self.record is not None:
            text = self.notation.formula(statement.formula)
            failed = Dismissed(text, "open", SECONDS[patience], self.known)
            self.dismissed[text] = failed
            self.record.dismiss([failed])


@dataclass(frozen=True, slots=True)
class Answer:
    """A theorem as it travels: the derivations of its lemmas, then its own."""

    derivations: Derivations
    method: str
    cpu_seconds: float


@dataclass(slots=True)
class _Worker:
    """The blocks that a worker keeps from one task to the next."""

    message: bytes = b""
    laws: tuple[bytes, ...] = ()
    blocks: Local | None = None


_WORKER = _Worker()


def answer(
    message: bytes, laws: tuple[bytes, ...], statement: Statement, patience: int
) -> Answer | None:
    """Tries a statement in a worker that knows these laws; it learns those that are new to it."""
    recurse_deeply()
    blocks = _WORKER.blocks
    known = len(_WORKER.laws)
    if blocks is None or _WORKER.message != message or _WORKER.laws != laws[:known]:
        blocks, known = Local(pickle.loads(message)), 0
    _WORKER.blocks = None  # until all is learnt, so that a failure leaves nothing half done
    for law in laws[known:]:
        derivations, is_step = pickle.loads(law)
        theorem = certified(blocks, derivations)
        if is_step:
            blocks.reserve(theorem)
        else:
            blocks.learn(theorem)
    _WORKER.message, _WORKER.laws, _WORKER.blocks = message, laws, blocks
    found = blocks.prove(statement, patience)
    if found is None:
        return None
    return Answer(_derivations(found.theorem), found.method, found.cpu_seconds)


def _found(kept: Kept) -> Found:
    return Found(kept.theorem, kept.method, kept.cpu_seconds, kept.origin)


def _derivations(theorem: Theorem) -> Derivations:
    return tuple((t.statement, t.derivation) for t in with_lemmas(theorem))


def certified(blocks: Local, derivations: Derivations) -> Theorem:
    """The last theorem of those that travelled, each certified here."""
    theorems = dict(blocks.work.theorems)
    for statement, derivation in derivations:
        if statement.name not in theorems:
            theorems[statement.name] = certify(blocks.theory, theorems, statement, derivation)
    return theorems[derivations[-1][0].name]
