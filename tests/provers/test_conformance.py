"""What every prover promises, whichever way it works."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.checker import certify
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Proved, Unknown, Verdict
from lemmata.provers import prove_all
from lemmata.provers.induction import candidates, prove_by_induction, prove_directly
from lemmata.provers.portfolio import settle
from lemmata.provers.workspace import EFFORTS, Proof, Workspace
from lemmata.provers.writing import write_theorem

THEORY = """
sort N = 0 | s(N)
op + : N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
conjecture ground: s(0) + s(0) = s(s(0))
conjecture zero_add: 0 + a = a
conjecture wrong: a + b = a
conjecture open: a + b = b + a
"""

Prover = Callable[[Theory, Statement, Budget], Verdict]


def _by(find: Callable[[Workspace, Statement, Budget], Proof | None]) -> Prover:
    def run(theory: Theory, statement: Statement, budget: Budget) -> Verdict:
        work = Workspace(theory)
        proof = find(work, statement, budget)
        if proof is None:
            return Unknown(statement.name, "saturated")
        return Proved(statement.name, write_theorem(work, statement, [proof]))

    return run


def _directly(work: Workspace, statement: Statement, budget: Budget) -> Proof | None:
    return prove_directly(work, work.root, statement.clauses[0], EFFORTS[1], budget.start())


def _inductively(work: Workspace, statement: Statement, budget: Budget) -> Proof | None:
    clause = statement.clauses[0]
    for on in candidates(work, clause):
        proof = prove_by_induction(work, work.root, clause, on, EFFORTS[1], budget.start())
        if proof is not None:
            return proof
    return None


def _portfolio(theory: Theory, statement: Statement, budget: Budget) -> Verdict:
    return settle(Workspace(theory), statement, budget)


def _processes(theory: Theory, statement: Statement, budget: Budget) -> Verdict:
    ((verdict, _),) = prove_all(theory, (statement,), budget, jobs=2)
    return verdict


PROVERS: dict[str, tuple[Prover, set[str]]] = {
    "saturation": (_by(_directly), {"ground"}),
    "induction": (_by(_inductively), {"zero_add"}),
    "portfolio": (_portfolio, {"ground", "zero_add", "open"}),
    "processes": (_processes, {"ground", "zero_add", "open"}),
}


@pytest.fixture(scope="module")
def theory() -> Theory:
    return parse_theory(THEORY)


@pytest.fixture(params=PROVERS)
def prover(request: pytest.FixtureRequest) -> tuple[Prover, set[str]]:
    return PROVERS[request.param]


def test_proves_what_it_is_for(prover: tuple[Prover, set[str]], theory: Theory) -> None:
    run, able = prover
    for name in sorted(able):
        verdict = run(theory, theory.conjecture(name), Budget(seconds=10))
        assert isinstance(verdict, Proved), name


def test_a_proof_is_a_certified_theorem_of_that_statement(
    prover: tuple[Prover, set[str]], theory: Theory
) -> None:
    run, able = prover
    for name in sorted(able):
        statement = theory.conjecture(name)
        verdict = run(theory, statement, Budget(seconds=10))
        assert isinstance(verdict, Proved)
        assert verdict.theorem.statement == statement
        known = {lemma.name: lemma for lemma in verdict.theorem.cited}
        again = certify(theory, known, statement, verdict.theorem.derivation)
        assert again.axioms == verdict.theorem.axioms


def test_nothing_false_is_proved(prover: tuple[Prover, set[str]], theory: Theory) -> None:
    run, _ = prover
    verdict = run(theory, theory.conjecture("wrong"), Budget(seconds=1))
    assert not isinstance(verdict, Proved)


def test_a_tiny_budget_ends_without_an_exception(
    prover: tuple[Prover, set[str]], theory: Theory
) -> None:
    run, _ = prover
    verdict = run(theory, theory.conjecture("open"), Budget(seconds=1e-6))
    assert isinstance(verdict, Proved | Unknown)


def test_the_same_question_gets_the_same_derivation(
    prover: tuple[Prover, set[str]], theory: Theory
) -> None:
    run, able = prover
    name = min(able)
    first, second = (run(theory, theory.conjecture(name), Budget(seconds=10)) for _ in range(2))
    assert isinstance(first, Proved)
    assert isinstance(second, Proved)
    assert first.theorem.derivation == second.theorem.derivation
