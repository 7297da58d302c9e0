"""What a textbook lists of small theories is found, each by the mechanism that it needs."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.exploration.development import Development
from lemmata.engine.exploration.truth import tried
from lemmata.provers.blocks import Local
from lemmata.provers.exploration import explore
from lemmata.provers.prove import deep_recursion
from lemmata.provers.world import worlds

POSET = """
theory poset
sort P
const bot : P
const top : P
pred <= : P, P
axiom refl: x <= x
axiom antisym: x <= y, y <= x -> x = y
axiom trans: x <= y, y <= z -> x <= z
axiom bot: bot <= x
axiom top: x <= top
define x < y: x <= y and not x = y
conjecture least: x <= bot -> x = bot
conjecture strict: x < y, y < z -> x < z
conjecture mixed: x < y, y <= z -> x < z
conjecture asymmetric: x < y -> not y < x
conjecture irreflexive: not x < x
conjecture bounded: exists y. x <= y
conjecture lowest: not x < bot
"""

MEET = """
theory meet
sort P
op meet : P, P -> P
pred <= : P, P
axiom refl: x <= x
axiom antisym: x <= y, y <= x -> x = y
axiom trans: x <= y, y <= z -> x <= z
axiom left: meet(x, y) <= x
axiom right: meet(x, y) <= y
axiom greatest: z <= x, z <= y -> z <= meet(x, y)
conjecture idempotent: meet(x, x) = x
conjecture commutative: meet(x, y) = meet(y, x)
"""

ODD = """
theory odd
sort N = 0 | s(N)
op max : N, N -> N
pred odd : N
axiom odd_zero: not odd(0)
axiom odd_succ: odd(s(a)) <-> not odd(a)
axiom max_zero: max(0, b) = b
axiom max_zero_right: max(s(a), 0) = s(a)
axiom max_succ: max(s(a), s(b)) = s(max(a, b))
conjecture either: max(a, b) = a or max(a, b) = b
conjecture never_both: odd(a) -> not odd(s(a))
"""

PARTS = """
theory parts
sort N = 0 | s(N)
sort L = nil | cons(N, L)
op ++ : L, L -> L  infix 50
op take : N, L -> L
op drop : N, L -> L
axiom append_nil: nil ++ y = y
axiom append_cons: cons(h, x) ++ y = cons(h, x ++ y)
axiom take_0: take(0, x) = nil
axiom take_nil: take(s(n), nil) = nil
axiom take_cons: take(s(n), cons(h, x)) = cons(h, take(n, x))
axiom drop_0: drop(0, x) = x
axiom drop_nil: drop(s(n), nil) = nil
axiom drop_cons: drop(s(n), cons(h, x)) = drop(n, x)
conjecture whole: take(n, x) ++ drop(n, x) = x
"""

MONUS = """
theory monus
sort N = 0 | s(N)
op - : N, N -> N  infix 50
op pred : N -> N
axiom pred_0: pred(0) = 0
axiom pred_s: pred(s(a)) = a
axiom sub_zero: a - 0 = a
axiom sub_succ: a - s(b) = pred(a - b)
conjecture steps: s(a) - s(b) = a - b
conjecture nothing: a - a = 0
conjecture empty: 0 - a = 0
"""


INTEGERS = """
theory integers
sort N = 0 | s(N)
sort Z = pos(N) | neg(N)
op succ : Z -> Z
op pre : Z -> Z
op plus : Z, Z -> Z
axiom succ_pos: succ(pos(n)) = pos(s(n))
axiom succ_neg0: succ(neg(0)) = pos(0)
axiom succ_negs: succ(neg(s(n))) = neg(n)
axiom pre_pos0: pre(pos(0)) = neg(0)
axiom pre_poss: pre(pos(s(n))) = pos(n)
axiom pre_neg: pre(neg(n)) = neg(s(n))
axiom plus_pos0: plus(x, pos(0)) = x
axiom plus_poss: plus(x, pos(s(n))) = succ(plus(x, pos(n)))
axiom plus_neg0: plus(x, neg(0)) = pre(x)
axiom plus_negs: plus(x, neg(s(n))) = pre(plus(x, neg(n)))
conjecture zero: plus(pos(0), x) = x
conjecture not_so: plus(x, pos(n)) = x
"""


def explored(source: str, size: int) -> Development:
    return explore(parse_theory(source), Budget(seconds=300), size=size)


@pytest.mark.parametrize(("source", "size"), [(POSET, 3), (ODD, 3), (PARTS, 1), (MONUS, 3)])
def test_textbook_laws_are_found(source: str, size: int) -> None:
    development = explored(source, size)
    assert [each.statement for each in development.stated if not each.found] == []
    # No false statement stays open either: that x < y leaves only bot and top, say, fails in chains
    # of four elements.
    if source is POSET:
        assert development.open == ()


def test_what_is_true_of_every_element_of_an_order_is_used() -> None:
    theory = parse_theory(MEET)
    blocks = Local(theory)
    with deep_recursion():
        assert [s.name for s in theory.conjectures if blocks.prove(s, 1) is None] == []


def test_what_a_constructor_holds_is_computed_and_inducted_on() -> None:
    theory = parse_theory(INTEGERS)
    zero, not_so = theory.conjectures
    places = worlds(theory)
    assert tried(zero.clauses, places).counterexample is None
    assert tried(not_so.clauses, places).counterexample is not None
    with deep_recursion():
        assert Local(theory).prove(zero, 1) is not None
