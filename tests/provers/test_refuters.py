"""Refuters find small counterexamples, and never refute what the axioms do not refute."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.dsl.load import parse_theory
from lemmata.dsl.tip import load_tip, parse_tip
from lemmata.engine.budget import Budget
from lemmata.engine.formula import And, Equal, Formula, Holds, Implies, Not, Or
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import (
    Function,
    Infix,
    Predicate,
    Signature,
    Sort,
    Statement,
    StatementKind,
    Theory,
)
from lemmata.engine.verdict import Refuted, Unknown
from lemmata.provers.refuters import refute

NAT = """(declare-datatype Nat ((Z) (S (pred Nat))))
(define-fun-rec plus ((x Nat) (y Nat)) Nat (match x ((Z y) ((S z) (S (plus z y))))))
(define-fun-rec times ((x Nat) (y Nat)) Nat (match x ((Z Z) ((S z) (plus y (times z y))))))
(define-fun-rec leq ((x Nat) (y Nat)) Bool
  (match x ((Z true) ((S z) (match y ((Z false) ((S w) (leq z w))))))))
"""
LIST = """(declare-datatype list (par (a) ((nil) (cons (head a) (tail (list a))))))
(define-fun-rec app (par (a) (((xs (list a)) (ys (list a))) (list a)))
  (match xs ((nil ys) ((cons z zs) (cons z (app zs ys))))))
(define-fun-rec rev (par (a) (((xs (list a))) (list a)))
  (match xs ((nil xs) ((cons z zs) (app (rev zs) (cons z (_ nil a)))))))
"""


def outcome(text: str, seconds: float = 3) -> Refuted | Unknown:
    theory = parse_tip(text)
    return refute(theory, theory.conjecture("goal"), Budget(seconds=seconds))


def values(verdict: Refuted | Unknown) -> dict[str, str]:
    assert isinstance(verdict, Refuted), verdict
    return dict(verdict.assignment)


def test_the_smallest_counterexample_is_found() -> None:
    found = outcome(
        NAT + "(prove (forall ((x Nat) (y Nat)) (=> (leq (S Z) x) (= (plus x y) (plus x x)))))"
    )
    assert values(found) == {"x": "S(Z)", "y": "Z"}
    assert isinstance(found, Refuted)
    assert found.explanation == "plus(S(Z), Z) is S(Z), but plus(S(Z), S(Z)) is 2"


def test_premises_prune_the_search() -> None:
    """The first failure has 6 ones in each of two lists: far too many pairs to list."""
    long = "(S (S (S (S (S (S Z))))))"
    found = outcome(
        NAT
        + LIST
        + f"""(define-fun-rec len (par (a) (((xs (list a))) Nat))
  (match xs ((nil Z) ((cons y ys) (S (len ys))))))
(define-fun-rec ones ((xs (list Nat))) Bool
  (match xs ((nil true) ((cons y ys) (and (= y (S Z)) (ones ys))))))
(prove (forall ((xs (list Nat)) (ys (list Nat)))
  (=> (ones xs) (=> (ones ys) (=> (= (len xs) {long}) (distinct xs ys))))))"""
    )
    assert values(found)["xs"].count("S(Z)") == 6


def test_elements_of_open_sorts_are_named_and_distinct() -> None:
    found = outcome(LIST + "(prove (par (e) (forall ((xs (list e))) (= (rev xs) xs))))")
    assert values(found) == {"xs": "cons(e1, cons(e2, nil))"}


def test_integers_are_searched_from_zero() -> None:
    found = outcome("(prove (forall ((x Int)) (< (* x x) 17)))")
    assert values(found) == {"x": "5"}
    below = outcome("(prove (forall ((x Int)) (=> (< x 0) (<= (- 0 3) x))))")
    assert values(below) == {"x": "-4"}


def test_values_of_open_functions_are_chosen() -> None:
    found = outcome(
        NAT + "(declare-fun f (Nat) Nat) (prove (forall ((x Nat)) (= (f (f x)) (f x))))"
    )
    assert isinstance(found, Refuted)
    assert len(found.model) == 2


def test_a_large_counterexample_is_found_by_looking_deep() -> None:
    """Its size is beyond what can be enumerated size by size."""
    found = outcome(
        NAT
        + LIST
        + """(define-fun-rec upto ((n Nat)) (list Nat)
  (match n ((Z (_ nil Nat)) ((S k) (cons n (upto k))))))
(define-fun-rec differ ((xs (list Nat)) (ys (list Nat))) Bool
  (match xs ((nil (= ys (_ nil Nat)))
             ((cons x r) (match ys ((nil false)
                                    ((cons y s) (and (distinct x y) (differ r s)))))))))
(define-fun-rec all-small ((xs (list Nat))) Bool
  (match xs ((nil true) ((cons x r) (and (leq x (S (S Z))) (all-small r))))))
(define-fun nine () Nat (S (S (S (S (S (S (S (S (S Z))))))))))
(prove (forall ((xs (list Nat)))
  (=> (all-small xs) (not (differ (upto nine) xs)))))""",
        20,
    )
    assert values(found)["xs"].count("cons") == 9


TRUE = [
    "(prove (forall ((x Nat) (y Nat)) (= (plus x y) (plus y x))))",
    "(prove (forall ((x Nat) (y Nat)) (=> (leq x y) (=> (leq y x) (= x y)))))",
    "(prove (forall ((x Nat)) (exists ((y Nat)) (leq x y))))",
    "(prove (forall ((x Nat)) (distinct x (S x))))",
    "(declare-fun f (Nat) Nat) (prove (forall ((x Nat) (y Nat)) (=> (= x y) (= (f x) (f y)))))",
]


@pytest.mark.parametrize("goal", TRUE)
def test_true_statements_are_not_refuted(goal: str) -> None:
    assert isinstance(outcome(NAT + goal, 0.3), Unknown)


def test_functions_that_do_not_end_refute_nothing() -> None:
    found = outcome(
        NAT
        + """(define-fun-rec loop ((x Nat)) Nat (loop (S x)))
(prove (forall ((x Nat)) (= (loop x) Z)))""",
        0.3,
    )
    assert isinstance(found, Unknown)


def test_undefined_cases_refute_nothing() -> None:
    found = outcome(NAT + "(prove (forall ((x Nat)) (leq (pred x) x)))", 0.3)
    assert isinstance(found, Unknown)


def test_assumptions_about_open_functions_are_respected() -> None:
    """Evaluation may not choose values for what an assumption constrains."""
    found = outcome(
        NAT
        + """(declare-fun f (Nat) Nat)
(assert (forall ((x Nat)) (= (f (f x)) x)))
(prove (forall ((x Nat) (y Nat)) (=> (= (f x) (f y)) (= x y))))""",
        0.3,
    )
    assert isinstance(found, Unknown)
    assert "f" in found.detail


def test_contradictory_assumptions_are_told() -> None:
    found = outcome(
        NAT
        + """(assert (forall ((x Nat)) (= (plus x (S Z)) x)))
(prove (forall ((x Nat)) (= (plus x x) x)))"""
    )
    assert isinstance(found, Unknown)
    assert found.reason == "inconsistent"
    assert "assumption.1" in found.detail


COEFFICIENT = st.integers(0, 3)


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[COEFFICIENT] * 3), st.tuples(*[COEFFICIENT] * 3))
def test_linear_identities_are_refuted_exactly_when_false(
    left: tuple[int, int, int], right: tuple[int, int, int]
) -> None:
    def written(sides: tuple[int, int, int]) -> str:
        text = "Z" if sides[0] == 0 else "(S " * sides[0] + "Z" + ")" * sides[0]
        for name, count in zip("xy", sides[1:], strict=True):
            for _ in range(count):
                text = f"(plus {name} {text})"
        return text

    found = outcome(
        NAT + f"(prove (forall ((x Nat) (y Nat)) (= {written(left)} {written(right)})))", 0.2
    )
    assert isinstance(found, Refuted) == (left != right)


# Theories in the project's own language: axioms that run, defined and axiomatised predicates

PEANO = """theory peano
sort N = 0 | s(N)
op + : N, N -> N  infix 50
op * : N, N -> N  infix 60
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
define a <= b: exists p. a + p = b
pred even: N
axiom even_zero: even(0)
axiom even_step: even(s(s(a))) <-> even(a)
axiom odd_one: not even(s(0))
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("a * b <= a + b", {"a": "2", "b": "3"}),
        ("a <= b -> b <= a", {"a": "0", "b": "s(0)"}),
        ("even(a + b) -> even(a)", {"a": "s(0)", "b": "s(0)"}),
        ("exists b : N. a = b + b", {"a": "s(0)"}),
        ("exists a : N. a + a = s(0)", {}),
    ],
)
def test_axioms_of_arithmetic_refute(claim: str, expected: dict[str, str]) -> None:
    theory = parse_theory(f"{PEANO}conjecture goal: {claim}\n")
    found = refute(theory, theory.conjecture("goal"), Budget(seconds=5))
    assert values(found) == expected


@pytest.mark.parametrize(
    "claim",
    ["a <= b or b <= a", "even(a + a)", "exists a : N. a * a = s(s(s(s(0))))", "a * b = b * a"],
)
def test_laws_of_arithmetic_are_not_refuted(claim: str) -> None:
    theory = parse_theory(f"{PEANO}conjecture goal: {claim}\n")
    found = refute(theory, theory.conjecture("goal"), Budget(seconds=0.3))
    assert isinstance(found, Unknown)


# Finite models


def statement(name: str, formula: Formula, kind: StatementKind = "axiom") -> Statement:
    return Statement(name, formula, lower(formula, name).clauses, kind)


X, Y, ZED = (Var(name, "G") for name in "xyz")
UNIT = App("e", (), "G")


def product(left: Term, right: Term) -> Term:
    return App("*", (left, right), "G")


def inverse(term: Term) -> Term:
    return App("inv", (term,), "G")


GROUP = Theory(
    "group",
    Signature(
        (Sort("G"),),
        (
            Function("*", ("G", "G"), "G"),
            Function("inv", ("G",), "G"),
            Function("e", (), "G"),
        ),
    ),
    (
        statement(
            "associative",
            Equal(product(product(X, Y), ZED), product(X, product(Y, ZED))),
        ),
        statement("unit", Equal(product(UNIT, X), X)),
        statement("inverse", Equal(product(inverse(X), X), UNIT)),
    ),
    notation={"*": Infix(60)},
)


def test_a_group_that_does_not_commute_has_six_elements() -> None:
    law = statement("commutes", Equal(product(X, Y), product(Y, X)), "conjecture")
    found = refute(GROUP, law, Budget(seconds=60))
    assert isinstance(found, Refuted)
    assert found.model[0] == "G = {g1, g2, g3, g4, g5, g6}"
    assert sum(line.count("*") for line in found.model) == 36
    assert [name for name, _ in found.assignment] == ["x", "y"]


def test_a_statement_about_nothing_has_a_model_of_nothing() -> None:
    names = Signature((), (), (Predicate("p", ()), Predicate("q", ())))
    p, q = Holds("p", ()), Holds("q", ())
    theory = Theory("implication", names, (statement("one", Implies(p, q)),))
    found = refute(theory, statement("goal", q, "conjecture"), Budget(seconds=60))
    assert isinstance(found, Refuted)
    assert found.model == ("p: never true", "q: never true")


def test_an_element_of_order_three() -> None:
    law = statement("involution", Equal(product(X, X), UNIT), "conjecture")
    found = refute(GROUP, law, Budget(seconds=10))
    assert isinstance(found, Refuted)
    assert found.model[0] == "G = {g1, g2, g3}"


def test_group_laws_have_no_countermodel() -> None:
    law = statement("right unit", Equal(product(X, UNIT), X), "conjecture")
    assert isinstance(refute(GROUP, law, Budget(seconds=1)), Unknown)


def test_an_order_that_is_not_total() -> None:
    def below(one: Var, two: Var) -> Formula:
        return Holds("<=", (one, two))

    a, b, c = (Var(name, "O") for name in "abc")
    order = Theory(
        "order",
        Signature((Sort("O"),), (), (Predicate("<=", ("O", "O")),)),
        (
            statement("reflexive", below(a, a)),
            statement("transitive", Implies(And(below(a, b), below(b, c)), below(a, c))),
            statement("antisymmetric", Implies(And(below(a, b), below(b, a)), Equal(a, b))),
        ),
        notation={"<=": Infix(45, "none")},
    )
    found = refute(order, statement("total", Or(below(a, b), below(b, a))), Budget(seconds=10))
    assert values(found) == {"a": "o1", "b": "o2"}
    assert isinstance(found, Refuted)
    assert found.model == ("O = {o1, o2}", "<=: o1 <= o1, o2 <= o2")


def test_inductive_sorts_have_no_finite_domain() -> None:
    """Finite arithmetic is no arithmetic: its successor is not injective."""
    nat = Signature(
        (Sort("N", ("0", "s")),),
        (Function("0", (), "N"), Function("s", ("N",), "N"), Function("f", ("N",), "N")),
    )
    x, y = Var("x", "N"), Var("y", "N")
    surjective = statement(
        "onto", Not(Equal(App("f", (x,), "N"), App("f", (App("s", (x,), "N"),), "N")))
    )
    injective = statement(
        "one-to-one", Implies(Equal(App("f", (x,), "N"), App("f", (y,), "N")), Equal(x, y))
    )
    found = refute(Theory("n", nat, (injective,)), surjective, Budget(seconds=1))
    assert isinstance(found, Unknown)


def test_published_false_statements_are_refuted(data: Path) -> None:
    for name in ("queue1_QueueR", "regexp_find6", "cfg5_unambig", "imperative_Apa"):
        theory = load_tip(data / "tip" / "false" / f"{name}.smt2")
        found = refute(theory, theory.conjecture("goal"), Budget(seconds=10))
        assert isinstance(found, Refuted)
