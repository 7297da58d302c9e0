"""What values tell of a conjecture, and what they do not."""

from __future__ import annotations

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.exploration.subsumption import subsumes
from lemmata.engine.exploration.truth import QUICK, WIDE, tried
from lemmata.engine.theory import Theory
from lemmata.provers.exploration import explore
from lemmata.provers.world import worlds

POWERS = """
theory powers
sort N = 0 | s(N)
op + : N, N -> N  infix 50
op * : N, N -> N  infix 60
op ^ : N, N -> N  infix 70
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
axiom pow_zero: a ^ 0 = s(0)
axiom pow_succ: a ^ s(b) = a ^ b * a
define a <= b: exists p. a + p = b
define divides(a, b): exists p. a * p = b
"""

HALF = """
theory half
sort N = 0 | s(N)
op + : N, N -> N  infix 50
op half : N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom half_zero: half(0) = 0
axiom half_one: half(s(0)) = 0
axiom half_succ: half(s(s(a))) = s(half(a))
conjecture eighth: half(half(half(a))) = 0
conjecture point: a + b = 0 -> b = half(a)
conjecture reached: exists a. half(a) = b
conjecture renamed: exists b. half(b) = a
conjecture other: exists a. half(a) = half(b)
"""


def stated(theory: Theory, name: str) -> tuple[str, ...]:
    development = explore(theory, Budget(seconds=300), size=2)
    return tuple(law.statement for law in development.laws() if name in law.statement)


def test_values_of_sums_and_products_need_no_call_for_each_step() -> None:
    (world,) = worlds(parse_theory(POWERS))
    assert world.apply("^", (3, 27)) == 3**27
    assert world.apply("^", (9, 999)) is None, "larger than what is computed"
    assert world.holds("<=", (3**20, 3**20 + 1)) is True
    assert world.holds("<=", (3**20, 3**20 - 1)) is False
    assert [world.holds("divides", (3, n)) for n in range(4)] == [True, False, False, True]
    assert [world.holds("divides", (0, n)) for n in range(2)] == [True, False]


def test_many_values_refute_what_few_do_not() -> None:
    theory = parse_theory(HALF)
    clauses = theory.conjectures[0].clauses
    assert tried(clauses, worlds(theory), QUICK).counterexample is None
    assert tried(clauses, worlds(theory), WIDE).counterexample is not None


def test_what_holds_at_one_point_is_no_law() -> None:
    theory = parse_theory(HALF)
    assert tried(theory.conjectures[1].clauses, worlds(theory)).is_point
    assert stated(theory, "b = half(a)") == ()


def test_what_exists_is_the_same_whatever_it_is_called() -> None:
    reached, renamed, other = (each.clauses[0] for each in parse_theory(HALF).conjectures[2:])
    assert subsumes(reached, renamed)
    assert subsumes(reached, other)
    assert not subsumes(other, reached)
