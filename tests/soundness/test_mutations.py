"""No single change of a proof goes unnoticed."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import Case, Clause
from lemmata.engine.derivation import Derivation
from lemmata.engine.errors import CheckError
from lemmata.engine.pruning import tidy

from .mutation import Pool, mutants, same_meaning
from .samples import SAMPLES, THEORY, theorems

NAMES = [sample.__name__ for sample in SAMPLES]


def earlier(name: str) -> dict[str, Theorem]:
    return {other: theorems()[other] for other in NAMES[: NAMES.index(name)]}


LONG = {"add_comm": 5, "add_assoc": 5}
"""Of the mutants of these proofs one in so many is tried here, from a place in the middle of each
row of them; all are tried by ``benchmarks/proof_mutations.py``."""


def survivors(name: str, every: int = 1) -> tuple[int, list[Derivation]]:
    """How many mutants were tried, and those that are accepted and mean something else."""
    theorem, known, found = theorems()[name], earlier(name), []
    count = 0
    pool = Pool.of(THEORY, theorem.derivation, tuple(NAMES))
    for mutant in islice(mutants(theorem.derivation, pool), every // 2, None, every):
        count += 1
        try:
            certify(THEORY, known, theorem.statement, mutant)
        except CheckError:
            continue
        if not same_meaning(mutant, theorem.derivation):
            found.append(mutant)
    return count, found


@pytest.mark.parametrize("name", NAMES)
def test_every_mutant_is_refused(name: str) -> None:
    count, found = survivors(name, LONG.get(name, 1))
    assert count > 400
    assert found == []


def test_mutants_reach_every_rule() -> None:
    rules = {type(rule).__name__ for name in NAMES for rule in pool(name).rules}
    assert rules == {
        "Cases", "Chain", "Clash", "Congruence", "Excluded", "Induction", "Instance",
        "Introduction", "Open", "Part", "Present", "Reflexivity", "Refutation", "Transport",
    }  # fmt: skip


def pool(name: str) -> Pool:
    return Pool.of(THEORY, theorems()[name].derivation, ())


@pytest.mark.parametrize("name", NAMES)
def test_another_statement_is_refused(name: str) -> None:
    theorem = theorems()[name]
    for index, clause in enumerate(theorem.statement.clauses):
        for other in (
            replace(clause, premises=()),
            replace(clause, cases=()),
            replace(clause, variables=clause.variables[::-1]),
            replace(clause, cases=(*clause.cases, Case((), ()))),
            Clause((), (), ()),
        ):
            if other == clause:
                continue
            clauses = list(theorem.statement.clauses)
            clauses[index] = other
            statement = replace(theorem.statement, clauses=tuple(clauses))
            with pytest.raises(CheckError):
                certify(THEORY, earlier(name), statement, theorem.derivation)


@pytest.mark.parametrize("name", NAMES)
def test_hand_written_proofs_are_tidy(name: str) -> None:
    derivation = theorems()[name].derivation
    assert tidy(derivation) == derivation
