"""From axioms alone: explores a theory with the blocks as prover and the axioms as refuter."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from lemmata.engine.budget import Budget, Meter
from lemmata.engine.checker import Theorem
from lemmata.engine.clause import Clause
from lemmata.engine.exploration.development import Development, Progress, Stop
from lemmata.engine.exploration.exploration import Exploration, Found
from lemmata.engine.exploration.proposal import Proposer, theory_names
from lemmata.engine.exploration.rewriting import Rewriting
from lemmata.engine.ordering import precedence
from lemmata.engine.theory import Statement, Theory

from .commutation import complete, learn
from .induction import prove_directly
from .portfolio import attempt
from .workspace import EFFORTS, Effort, Proof, Workspace, defining_functions
from .world import Running
from .writing import write_theorem

SECONDS = (0.06, 0.3, 1.2)
"""What an attempt may cost at each patience, in metered seconds."""

KNOWN, CHOICE = Effort(2, 0, 0, 400), Effort(2, 1, 0, 400)
"""What follows with this effort is no law of its own; a choice may need another one to be made."""

_KNOWN_SECONDS = 0.025


class Blocks:
    """The prover of an exploration: a workspace that learns each law."""

    def __init__(self, theory: Theory) -> None:
        self.work = Workspace(theory)
        self.work.goal = "exploration"
        self.meter = Meter()
        clock = self.meter.start(Budget())
        for axiom in theory.axioms:
            complete(self.work, axiom, clock)
        self.work.prepare(clock)

    def is_known(self, clause: Clause) -> bool:
        """Whether a clause follows by saturation, a choice by one case distinction."""
        return self.directly(clause) is not None

    def directly(self, clause: Clause) -> Proof | None:
        """A proof by saturation, of a choice by one case distinction."""
        # Each claim begins from the same state, so that answers do not depend on what was asked.
        self.work.prefixes.clear()
        clock = self.meter.start(Budget(seconds=_KNOWN_SECONDS))
        effort = KNOWN if len(clause.cases) < 2 else CHOICE
        return prove_directly(self.work, self.work.root, clause, effort, clock)

    def derive(self, statement: Statement) -> Found | None:
        """The theorem of a statement all of whose clauses are known."""
        started = time.process_time()
        proofs = [self.directly(clause) for clause in statement.clauses]
        if not all(proofs):
            return None
        theorem = write_theorem(self.work, statement, [p for p in proofs if p is not None])
        return Found(theorem, "saturation", time.process_time() - started)

    def prove(self, statements: Sequence[Statement], patience: int) -> Sequence[Found | None]:
        """Tries statements in order up to the first that is proved."""
        answers: list[Found | None] = []
        for statement in statements:
            answers.append(self.prove_one(statement, patience))
            if answers[-1] is not None:
                break
        return answers

    def prove_one(self, statement: Statement, patience: int) -> Found | None:
        """A theorem within the effort of a patience, or None."""
        started = time.process_time()
        proofs: list[Proof] = []
        methods: dict[str, None] = {}
        for clause in statement.clauses:
            self.work.prefixes.clear()
            clock = self.meter.start(Budget(seconds=SECONDS[patience]))
            for effort in EFFORTS[: 3 + (patience > 1)]:
                found = attempt(self.work, clause, effort, clock)
                if found is not None or clock.is_over:
                    break
            if found is None:
                return None
            proofs.append(found[0])
            methods[found[1]] = None
        theorem = write_theorem(self.work, statement, proofs)
        return Found(theorem, ", ".join(methods), time.process_time() - started)

    def learn(self, theorem: Theorem) -> Sequence[Statement]:
        """Makes a theorem a rule, with the law of sums that it may complete."""
        before = len(self.work.theorems)
        learn(self.work, theorem, self.meter.start(Budget()))
        return [t.statement for t in list(self.work.theorems.values())[before:]]


def explore(
    theory: Theory,
    budget: Budget | None = None,
    *,
    size: int = 5,
    seed: int = 0,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> Development:
    """The laws of a theory up to a size of terms, from its axioms alone."""
    clock = (budget or Budget(seconds=600)).start()
    prover = Blocks(theory)
    worlds = [Running(theory)]
    proposer = Proposer(theory, worlds, theory_names(theory), seed)
    before = precedence(theory.signature, defining_functions(theory))
    rewriting = Rewriting(before)
    for axiom in theory.axioms:
        rewriting.learn(axiom.clauses)
    run = Exploration(theory, prover, proposer, worlds, rewriting, clock, watch=watch)
    stop: Stop = "size"
    try:
        if not run.run(size):
            stop = "time"
    except KeyboardInterrupt:
        stop = "interrupted"
    return run, stop
