"""One goal, one budget: attempts from cheap to dear, until one proves it."""

from __future__ import annotations

from lemmata.engine.budget import Budget, Clock
from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import Clause
from lemmata.engine.derivation import Derivation
from lemmata.engine.explanation import Writer
from lemmata.engine.theory import Statement
from lemmata.engine.verdict import Proved, Unknown, Verdict

from .induction import candidates, prove_by_induction, prove_directly
from .workspace import EFFORTS, Effort, Proof, Workspace


def prove_statement(work: Workspace, statement: Statement, budget: Budget) -> Verdict:
    """Proves a statement from the axioms and theorems of a workspace, within a budget."""
    clock = budget.start()
    proofs: list[Proof] = []
    methods: list[str] = []
    for clause in statement.clauses:
        found = prove_clause(work, clause, clock)
        if found is None:
            reason = "time" if clock.is_over else "saturated"
            return Unknown(statement.name, reason, cpu_seconds=clock.spent)  # type: ignore[arg-type]
        proof, method = found
        proofs.append(proof)
        methods.append(method)
    theorem = write_theorem(work, statement, proofs)
    return Proved(
        statement.name,
        theorem,
        lemmas(work, theorem),
        ", ".join(dict.fromkeys(methods)),
        clock.spent,
    )


def prove_clause(work: Workspace, clause: Clause, clock: Clock) -> tuple[Proof, str] | None:
    """A proof of one clause with the name of its method."""
    work.prepare(clock)
    for effort in EFFORTS:
        found = attempt(work, clause, effort, clock)
        if found is not None or clock.is_over:
            return found
    return None


def attempt(
    work: Workspace, clause: Clause, effort: Effort, clock: Clock
) -> tuple[Proof, str] | None:
    """All methods once with one effort."""
    proof = prove_directly(work, work.root, clause, effort, clock)
    if proof is not None:
        return proof, "saturation"
    for var in candidates(work, clause):
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
    derivation = Derivation(tuple(writer.frames[0].steps), results)
    return certify(work.theory, work.theorems, statement, derivation)


def lemmas(work: Workspace, theorem: Theorem) -> tuple[Theorem, ...]:
    """All theorems that one rests on, each after those that it rests on itself."""
    found: dict[str, Theorem] = {}

    def visit(current: Theorem) -> None:
        for name in current.lemmas:
            if name not in found:
                visit(work.theorems[name])
                found[name] = work.theorems[name]

    visit(theorem)
    return tuple(found.values())
