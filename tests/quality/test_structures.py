"""What must be found beyond numbers: groups, lists, trees, Booleans, relations."""

from __future__ import annotations

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.verdict import Proved, Refuted, Verdict
from lemmata.provers import prove

GROUP = """
theory group
sort G
const e : G
op * : G, G -> G
op i : G -> G
axiom left_identity: e * a = a
axiom left_inverse: i(a) * a = e
axiom associative: (a * b) * c = a * (b * c)
"""

LISTS = """
theory lists
sort A
sort L = nil | cons(A, L)
op app : L, L -> L
op rev : L -> L
axiom app_nil: app(nil, ys) = ys
axiom app_cons: app(cons(x, xs), ys) = cons(x, app(xs, ys))
axiom rev_nil: rev(nil) = nil
axiom rev_cons: rev(cons(x, xs)) = app(rev(xs), cons(x, nil))
"""

TREES = """
theory trees
sort A
sort T = leaf | node(T, A, T)
op mirror : T -> T
axiom mirror_leaf: mirror(leaf) = leaf
axiom mirror_node: mirror(node(l, x, r)) = node(mirror(r), x, mirror(l))
"""

CHAIN = """
theory chain
sort P
const a : P
const b : P
const c : P
const d : P
pred before : P, P
axiom ab: before(a, b)
axiom bc: before(b, c)
axiom cd: before(c, d)
axiom transitive: before(x, y), before(y, z) -> before(x, z)
axiom irreflexive: not before(x, x)
"""


def settle(theory: str, claim: str, seconds: float = 8) -> Verdict:
    return prove(parse_theory(f"{theory}\nconjecture goal: {claim}"), "goal", Budget(seconds))


@pytest.mark.parametrize(
    "law",
    [
        "a * i(a) = e",
        "a * e = a",
        "i(i(a)) = a",
        "a * b = a * c -> b = c",
    ],
)
def test_groups_from_left_identity_and_left_inverse(law: str) -> None:
    assert isinstance(settle(GROUP, law), Proved)


def test_groups_need_not_commute() -> None:
    # The first search for a counterexample gets a twentieth of this: enough on a slow machine, too.
    verdict = settle(GROUP, "a * b = b * a", 600)
    assert isinstance(verdict, Refuted)
    assert any("g6" in row for row in verdict.model)


@pytest.mark.parametrize(
    "law",
    [
        "app(xs, nil) = xs",
        "app(app(xs, ys), zs) = app(xs, app(ys, zs))",
        "rev(app(xs, ys)) = app(rev(ys), rev(xs))",
        "rev(rev(xs)) = xs",
        "cons(x, xs) != nil",
        "cons(x, xs) = cons(y, ys) -> xs = ys",
    ],
)
def test_lists(law: str) -> None:
    assert isinstance(settle(LISTS, law), Proved)


def test_trees() -> None:
    assert isinstance(settle(TREES, "mirror(mirror(t)) = t"), Proved)
    assert isinstance(settle(TREES, "mirror(t) = t"), Refuted)


@pytest.mark.parametrize("claim", ["before(a, d)", "not before(d, a)", "a != d"])
def test_relations(claim: str) -> None:
    assert isinstance(settle(CHAIN, claim), Proved)


def test_axioms_that_contradict_each_other_are_reported() -> None:
    verdict = settle(f"{LISTS}\naxiom wrong: app(nil, nil) = cons(x, nil)", "rev(xs) = xs")
    assert getattr(verdict, "reason", None) == "inconsistent"
    assert "wrong" in getattr(verdict, "detail", "")
