"""Goals with equal premises work below one block, which learns every law that is proved."""

from __future__ import annotations

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.verdict import Proved
from lemmata.provers import prove_all

THEORY = """
sort A
pred p : A
pred q : A
pred r : A, A
axiom pq: p(x) -> q(x)
axiom qr: q(x), q(y) -> r(x, y)
conjecture first: p(x), p(y) -> r(x, y)
conjecture other: q(x) -> r(x, x)
conjecture second: p(x), p(y) -> r(y, x)
conjecture fresh: p(x), p(y) -> q(z) or q(x)
"""


def test_equal_premises_share_a_block() -> None:
    runs = list(prove_all(parse_theory(THEORY), budget=Budget(seconds=5)))
    assert all(isinstance(verdict, Proved) for verdict, _ in runs)
    given = {
        verdict.goal: [block for block in report.blocks if block.hypotheses]
        for verdict, report in runs
    }
    assert [block.hypotheses for block in given["first"]] == [("p(x)", "p(y)")]
    assert given["first"][0].name == given["second"][0].name == given["fresh"][0].name
    assert given["other"][0].name != given["first"][0].name
    # What the first goal derived in the shared block is there for the second one.
    assert given["second"][0].cycles == given["first"][0].cycles


def test_a_law_reaches_the_blocks_of_premises() -> None:
    theory = parse_theory(
        """
        sort A
        pred p : A
        pred q : A
        op f : A -> A
        axiom pf: p(x) -> p(f(x))
        axiom pq: p(f(x)) -> q(x)
        conjecture before: p(x) -> p(f(f(x)))
        conjecture law: p(x) -> q(x)
        conjecture after: p(x) -> q(f(x))
        """
    )
    runs = list(prove_all(theory, budget=Budget(seconds=5)))
    assert all(isinstance(verdict, Proved) for verdict, _ in runs)
    (verdict, _) = runs[-1]
    assert isinstance(verdict, Proved)
    assert "law" in verdict.theorem.lemmas
