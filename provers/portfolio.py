"""One goal, one budget: attempts from cheap to dear, until one proves it."""

from __future__ import annotations

from dataclasses import replace

from lemmata.engine.budget import Budget, Clock
from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import Clause
from lemmata.engine.derivation import Derivation
from lemmata.engine.explanation import Writer
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.pruning import tidy
from lemmata.engine.theory import Statement
from lemmata.engine.verdict import Proved, Reason, Refuted, Unknown, Verdict

from .induction import candidates, prove_by_induction, prove_directly
from .workspace import EFFORTS, Effort, Proof, Workspace

REFUTE_AFTER, REFUTE_SHARE = 1, 0.2
"""After which effort a counterexample is looked for, and with what share of the time left."""


def settle(work: Workspace, statement: Statement, budget: Budget) -> Verdict:
    """Proves or refutes a statement within a budget, from what a workspace knows.

    Cheap attempts come first, then a search for a counterexample, then the dear attempts.
    """
    clock = budget.start()
    proofs: dict[int, Proof] = {}
    methods: list[str] = []
    work.prepare(clock)
    for number, effort in enumerate(EFFORTS):
        for place, clause in enumerate(statement.clauses):
            if place in proofs:
                continue
            found = attempt(work, clause, effort, clock)
            if found is None:
                break
            proofs[place], method = found
            methods.append(method)
        if len(proofs) == len(statement.clauses):
            theorem = write_theorem(work, statement, [proofs[n] for n in sorted(proofs)])
            method = ", ".join(dict.fromkeys(methods)) or "nothing to show"
            return Proved(statement.name, theorem, with_lemmas(theorem)[:-1], method, clock.spent)
        if number == REFUTE_AFTER and not clock.is_over:
            from .refuters import refute  # z3 is loaded only where it is needed

            seconds = max(0.05, clock.left * REFUTE_SHARE)
            verdict = refute(work.theory, statement, replace(budget, seconds=seconds))
            if isinstance(verdict, Refuted):
                return verdict
        if clock.is_over:
            return Unknown(statement.name, "time", cpu_seconds=clock.spent)
    return _with_discovery(work, statement, clock)


def _with_discovery(work: Workspace, statement: Statement, clock: Clock) -> Verdict:
    """Looks for lemmas in the goal's part of the theory, and tries the goal again with them."""
    from .discovery import Discovery, reachable

    discovery = Discovery(work, reachable(work.theory, statement), clock)
    fresh = 0
    for _ in discovery.lemmas():
        fresh += 1
        proofs = []
        for clause in statement.clauses:
            found = attempt(work, clause, EFFORTS[1], clock)
            if found is None:
                break
            proofs.append(found[0])
        else:
            theorem = write_theorem(work, statement, proofs)
            return Proved(
                statement.name, theorem, with_lemmas(theorem)[:-1], "with lemmas found", clock.spent
            )
    reason: Reason = "time" if clock.is_over else "saturated"
    return Unknown(statement.name, reason, f"{fresh} lemmas found", clock.spent)


def attempt(
    work: Workspace, clause: Clause, effort: Effort, clock: Clock
) -> tuple[Proof, str] | None:
    """All methods once with one effort."""
    work.grid.begin()
    proof = prove_directly(work, work.root, clause, effort, clock)
    if proof is not None:
        return proof, "saturation"
    for var in candidates(work, clause):
        work.grid.begin()
        proof = prove_by_induction(work, work.root, clause, var, effort, clock)
        if proof is not None:
            return proof, f"induction on {var.name}"
        if clock.is_over:
            break
    return None


def write_theorem(work: Workspace, statement: Statement, proofs: list[Proof]) -> Theorem:
    """Writes the derivation and has it certified."""
    writer = Writer()
    results = tuple(proof(writer) for proof in proofs)
    derivation = tidy(Derivation(tuple(writer.frames[0].steps), results))
    return certify(work.theory, work.theorems, statement, derivation)
