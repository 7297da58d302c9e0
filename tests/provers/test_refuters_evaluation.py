"""Ground evaluation agrees with what the programs mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.dsl.tip import parse_tip
from lemmata.engine.clause import Equal
from lemmata.engine.errors import UsageError
from lemmata.engine.formula import Exists, Formula
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Statement, StatementKind, Theory
from lemmata.provers.refuters import Evaluator

ARITHMETIC = parse_tip(
    """(declare-datatype Nat ((Z) (S (pred Nat))))
(declare-datatype list (par (a) ((nil) (cons (head a) (tail (list a))))))
(define-fun-rec plus ((x Nat) (y Nat)) Nat (match x ((Z y) ((S z) (S (plus z y))))))
(define-fun-rec times ((x Nat) (y Nat)) Nat (match x ((Z Z) ((S z) (plus y (times z y))))))
(define-fun-rec leq ((x Nat) (y Nat)) Bool
  (match x ((Z true) ((S z) (match y ((Z false) ((S w) (leq z w))))))))
(define-fun-rec minus ((x Nat) (y Nat)) Nat
  (match x ((Z Z) ((S z) (match y ((Z x) ((S w) (minus z w))))))))
(define-fun smaller ((x Nat) (y Nat)) Nat (ite (leq x y) x y))
(define-fun-rec insert ((x Nat) (ys (list Nat))) (list Nat)
  (match ys ((nil (cons x ys)) ((cons z zs) (ite (leq x z) (cons x ys) (cons z (insert x zs)))))))
(define-fun-rec sort ((xs (list Nat))) (list Nat)
  (match xs ((nil xs) ((cons y ys) (insert y (sort ys))))))
(define-fun-rec member ((x Nat) (ys (list Nat))) Bool
  (match ys ((nil false) ((cons z zs) (or (= x z) (member x zs))))))
(define-fun-rec forever ((x Nat)) Nat (S (forever x)))
(define-fun guarded ((x Nat) (y Nat)) Nat (match x ((Z Z) ((S z) y))))
(prove (forall ((x Nat) (y Nat) (xs (list Nat)))
  (and (= (smaller x y) (smaller (minus (times x y) y) (forever x)))
       (member x (sort xs)) (= (guarded x y) y))))"""
)
EVALUATOR = Evaluator(ARITHMETIC)
SMALL = st.integers(0, 12)


def nat(value: int) -> Term:
    term = App("Z", (), "Nat")
    for _ in range(value):
        term = App("S", (term,), "Nat")
    return term


def numbers(values: list[int]) -> Term:
    term = App("nil", (), "list")
    for value in reversed(values):
        term = App("cons", (nat(value), term), "list")
    return term


def call(name: str, *args: Term) -> App:
    return App(name, args, ARITHMETIC.signature.function[name].result)


@given(SMALL, SMALL, SMALL)
def test_peano_terms_agree_with_integers(a: int, b: int, c: int) -> None:
    term = call("minus", call("plus", call("times", nat(a), nat(b)), nat(c)), call("S", nat(b)))
    assert EVALUATOR.evaluate(term) == nat(max(0, a * b + c - b - 1))
    assert EVALUATOR.evaluate(call("smaller", nat(a), nat(b))) == nat(min(a, b))


@given(st.lists(st.integers(0, 6), max_size=6), st.integers(0, 6))
def test_lists_agree_with_python(values: list[int], value: int) -> None:
    assert EVALUATOR.evaluate(call("sort", numbers(values))) == numbers(sorted(values))
    truth = "true" if value in values else "false"
    assert EVALUATOR.evaluate(call("member", nat(value), numbers(values))) == App(truth, (), "Bool")


def test_large_numbers_need_no_recursion_of_the_interpreter() -> None:
    found = EVALUATOR.evaluate(call("plus", nat(900), nat(2000)))
    assert found == nat(2900)


def test_arguments_that_are_not_needed_may_run_forever() -> None:
    endless = call("forever", nat(0))
    assert EVALUATOR.evaluate(call("guarded", nat(0), endless)) == nat(0)
    assert EVALUATOR.evaluate(endless) is None


def test_terms_with_variables_have_no_value() -> None:
    with pytest.raises(UsageError, match="closed term"):
        EVALUATOR.evaluate(call("S", Var("x", "Nat")))


X, Y, P = Var("x", "Nat"), Var("y", "Nat"), Var("p", "Nat")


@given(SMALL, SMALL)
def test_statements_are_tested_at_values(a: int, b: int) -> None:
    assignment = {X: nat(a), Y: nat(b)}
    commutes = Equal(call("plus", X, Y), call("plus", Y, X))
    assert EVALUATOR.holds(commutes, assignment) is True
    absorbs = Equal(call("plus", X, Y), X)
    assert EVALUATOR.holds(absorbs, assignment) is (b == 0)


@settings(deadline=None)
@given(st.integers(0, 6), st.integers(0, 6))
def test_bounded_searches_decide_existence(a: int, b: int) -> None:
    for witness in (call("plus", X, P), call("plus", P, X)):
        below: Formula = Exists((P,), Equal(witness, Y))
        assert EVALUATOR.holds(below, {X: nat(a), Y: nat(b)}) is (a <= b)


def test_values_must_be_values() -> None:
    with pytest.raises(UsageError, match="no value is given for y"):
        EVALUATOR.holds(Equal(X, Y), {X: nat(1)})
    with pytest.raises(UsageError, match="not a constructor"):
        EVALUATOR.holds(Equal(X, X), {X: call("plus", nat(1), nat(1))})


def test_bulk_tests_take_encoded_values() -> None:
    law = Equal(call("times", X, Y), call("times", Y, X))
    variables, check = EVALUATOR.check(law)
    values = EVALUATOR.values("Nat", 20)
    assert variables == (X, Y)
    assert all(check(a, b) is True for a in values for b in values)
    assert [EVALUATOR.encoding.decode(value, "Nat") for value in values[:3]] == [
        nat(0),
        nat(1),
        nat(2),
    ]
    lists = EVALUATOR.values("list", 30)
    assert len(set(lists)) == 30
    assert [EVALUATOR.encoding.encode(EVALUATOR.encoding.decode(v, "list")) for v in lists] == list(
        lists
    )


@given(st.integers(-20, 20), st.integers(-20, 20).filter(bool))
def test_integer_operations_follow_the_standard(a: int, b: int) -> None:
    """Remainders are never negative, and quotient and remainder recombine."""
    theory = parse_tip("(prove (forall ((x Int) (y Int)) (= x (+ (* y (div x y)) (mod x y)))))")
    evaluator = Evaluator(theory)
    x, y = Var("x", "Int"), Var("y", "Int")
    assignment = {x: App(str(a), (), "Int"), y: App(str(b), (), "Int")}
    assert evaluator.holds(theory.conjecture("goal"), assignment) is True
    rest = evaluator.evaluate(App("mod", (assignment[x], assignment[y]), "Int"))
    assert isinstance(rest, App)
    assert 0 <= int(rest.symbol) < abs(b)


def statement(name: str, formula: Formula, kind: StatementKind = "axiom") -> Statement:
    return Statement(name, formula, lower(formula, name).clauses, kind)


def test_axioms_run_whatever_order_they_stand_in() -> None:
    """Equations that are not marked as definitions run if they recurse on a part."""
    signature = ARITHMETIC.signature
    axioms = (
        statement("commutes", Equal(call("plus", X, Y), call("plus", Y, X))),
        statement("step", Equal(call("S", call("plus", X, Y)), call("plus", X, call("S", Y)))),
        statement("zero", Equal(X, call("plus", X, nat(0)))),
    )
    evaluator = Evaluator(Theory("n", signature, axioms))
    assert evaluator.evaluate(call("plus", nat(2), nat(3))) == nat(5)
    assert [axiom.name for axiom in evaluator.program.assumptions] == ["commutes"]
