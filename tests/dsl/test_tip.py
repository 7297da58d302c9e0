"""TIP problems become theories: signature, equations, claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from lemmata.dsl.tip import load_tip, parse_tip
from lemmata.engine.errors import SourceError, SourceErrors
from lemmata.engine.notation import Notation
from lemmata.engine.theory import Theory

NAT = "(declare-datatype Nat ((Z) (S (pred Nat))))\n"
LIST = "(declare-datatype list (par (a) ((nil) (cons (head a) (tail (list a))))))\n"
LEQ = """(define-fun-rec leq ((x Nat) (y Nat)) Bool
  (match x ((Z true) ((S a) (match y ((Z false) ((S b) (leq a b))))))))
"""


def equations(theory: Theory, symbol: str) -> list[str]:
    """The defining axioms of a symbol, as they are printed, names not quoted."""
    notation = Notation.of(theory)
    return [
        notation.formula(axiom.formula).replace("`", "")
        for axiom in theory.axioms
        if axiom.name.rpartition(".")[0] == symbol
    ]


def goal(theory: Theory) -> str:
    return Notation.of(theory).formula(theory.conjecture("goal").formula).replace("`", "")


def test_datatypes_bring_constructor_axioms() -> None:
    theory = parse_tip(NAT + "(prove (forall ((x Nat)) (= x x)))")
    assert [sort.constructors for sort in theory.signature.sorts] == [("Z", "S")]
    assert {a.name: a.kind for a in theory.axioms} == {
        "Nat.distinct.Z.S": "constructor",
        "Nat.injective.S.1": "constructor",
    }


def test_match_on_a_variable_splits_the_left_side() -> None:
    theory = parse_tip(NAT + LEQ + "(prove (forall ((x Nat)) (leq x x)))")
    assert equations(theory, "leq") == [
        "leq(Z, y) = true",
        "leq(S(a), Z) = false",
        "leq(S(a), S(b)) = leq(a, b)",
    ]
    assert goal(theory) == "leq(x, x) = true"
    assert theory.signature.sort["Bool"].constructors == ("true", "false")


def test_bool_is_not_declared_without_need() -> None:
    theory = parse_tip(NAT + "(prove (forall ((x Nat) (y Nat)) (=> (= x y) (= y x))))")
    assert "Bool" not in theory.signature.sort
    assert goal(theory) == "x = y -> y = x"


def test_match_on_a_term_is_a_premise() -> None:
    theory = parse_tip(
        NAT
        + LIST
        + """(define-fun-rec last ((xs (list Nat))) Nat
  (match xs ((nil Z) ((cons y ys) (match (last ys) ((Z y) ((S k) k)))))))
(prove (forall ((xs (list Nat))) (= (last xs) Z)))"""
    )
    assert equations(theory, "last") == [
        "last(nil) = Z",
        "last(ys) = Z -> last(cons(y, ys)) = y",
        "last(ys) = S(k) -> last(cons(y, ys)) = k",
    ]


def test_default_branches() -> None:
    theory = parse_tip(
        """(declare-datatype T ((A) (B) (C (of T))))
(define-fun f ((x T)) T (match x ((A B) (_ x))))
(define-fun g ((x T)) T (match (f x) ((A B) (other other))))
(prove (forall ((x T)) (= (g x) A)))"""
    )
    assert equations(theory, "f") == ["f(A) = B", "f(B) = B", "f(C(t)) = C(t)"]
    assert equations(theory, "g") == ["f(x) = A -> g(x) = B", "f(x) != A -> g(x) = f(x)"]


def test_conditions_inside_arguments_are_lifted() -> None:
    theory = parse_tip(
        NAT
        + LEQ
        + """(define-fun f ((x Nat) (y Nat)) Nat (S (ite (leq x y) (ite (= x y) Z x) y)))
(prove (forall ((x Nat)) (= (f x x) (S Z))))"""
    )
    assert equations(theory, "f") == [
        "leq(x, y) = true and x = y -> f(x, y) = S(Z)",
        "leq(x, y) = true and x != y -> f(x, y) = S(x)",
        "leq(x, y) = false -> f(x, y) = S(y)",
    ]


def test_a_condition_is_decided_once() -> None:
    theory = parse_tip(
        NAT
        + LEQ
        + """(define-fun f ((x Nat) (y Nat)) Nat
  (ite (leq x y) (ite (not (leq x y)) Z x) (ite (leq x y) Z y)))
(prove (forall ((x Nat)) (= (f x x) x)))"""
    )
    assert equations(theory, "f") == [
        "leq(x, y) = true -> f(x, y) = x",
        "leq(x, y) = false -> f(x, y) = y",
    ]


def test_goals_with_conditions_stay_one_formula() -> None:
    theory = parse_tip(NAT + LEQ + "(prove (forall ((x Nat) (y Nat)) (leq Z (ite (leq x y) x y))))")
    assert goal(theory) == (
        "(leq(x, y) = true -> leq(Z, x) = true) and (leq(x, y) = false -> leq(Z, y) = true)"
    )
    assert len(theory.conjecture("goal").clauses) == 2


def test_a_match_in_a_goal_quantifies_over_the_parts() -> None:
    theory = parse_tip(
        NAT + LEQ + "(prove (forall ((x Nat)) (match x ((Z true) ((S y) (leq Z y))))))"
    )
    assert goal(theory) == "x = S(y) -> leq(Z, y) = true"


def test_connectives_are_read_as_formulas() -> None:
    theory = parse_tip(
        NAT
        + LEQ
        + """(prove (forall ((x Nat) (y Nat))
  (xor (leq x y) (and (distinct x y) (not (leq x y)) (or (leq y x) (exists ((z Nat)) (= z x)))))))"""
    )
    assert "exists z : Nat. z = x" in goal(theory)
    assert "leq(x, y) = false" in goal(theory)


def test_equal_booleans_are_one_equation_or_an_equivalence() -> None:
    plain = parse_tip(NAT + LEQ + "(prove (forall ((x Nat) (y Nat)) (= (leq x y) (leq y x))))")
    assert goal(plain) == "leq(x, y) = leq(y, x)"
    mixed = parse_tip(
        NAT + LEQ + "(prove (forall ((x Nat) (y Nat)) (= (leq x y) (not (leq y x)))))"
    )
    assert goal(mixed) == "leq(x, y) = true <-> leq(y, x) = false"


def test_polymorphism_is_instantiated_where_it_is_used() -> None:
    source = (
        NAT
        + LIST
        + """(define-fun-rec len (par (b) (((xs (list b))) Nat))
  (match xs ((nil Z) ((cons y ys) (S (len ys))))))
(define-fun unused (par (b) (((xs (list b))) (list b))) xs)
"""
    )
    one = parse_tip(source + "(prove (par (e) (forall ((xs (list e))) (= (len xs) Z))))")
    assert [sort.name for sort in one.signature.sorts] == ["list", "e", "Nat"]
    assert not one.signature.sort["e"].is_inductive
    assert "unused" not in one.signature.function
    two = parse_tip(
        source
        + """(prove (forall ((xs (list Nat)) (ys (list Bool)))
  (= (len (cons (len ys) xs)) (len (cons (len (_ nil Nat)) (as nil (list Nat)))))))"""
    )
    assert {"len{Nat}", "len{Bool}", "cons{Nat}", "nil{Bool}"} <= set(two.signature.function)
    assert equations(two, "len{Bool}")[0] == "len{Bool}(nil{Bool}) = Z"


def test_polymorphic_assertions_hold_at_the_sorts_in_use() -> None:
    theory = parse_tip(
        NAT
        + LIST
        + """(define-fun-rec app (par (b) (((xs (list b)) (ys (list b))) (list b)))
  (match xs ((nil ys) ((cons z zs) (cons z (app zs ys))))))
(assert (par (b) (forall ((xs (list b))) (= (app xs (_ nil b)) xs))))
(prove (forall ((xs (list Nat))) (= (app xs xs) xs)))"""
    )
    assert [a.name for a in theory.axioms if a.kind == "axiom"] == ["assumption.1"]


def test_selectors_have_equations_only_when_used() -> None:
    theory = parse_tip(NAT + LIST + "(prove (forall ((xs (list Nat))) (= (head xs) Z)))")
    assert equations(theory, "head") == ["head(cons(x1, x2)) = x1"]
    assert "tail" not in theory.signature.function


def test_testers_are_case_distinctions() -> None:
    theory = parse_tip(NAT + "(prove (forall ((x Nat)) (=> (is-S x) (not ((_ is Z) x)))))")
    assert len(theory.conjecture("goal").clauses) == 1
    assert "x = S(" in goal(theory)
    assert "x = Z" in goal(theory)


def test_mutual_recursion_declared_symbols_and_quoted_names() -> None:
    theory = parse_tip(
        NAT
        + """(declare-sort U 0)
(declare-const |a b| U)
(declare-fun g (U Nat) U)
(define-funs-rec ((even ((x Nat)) Bool) (odd ((x Nat)) Bool))
  ((match x ((Z true) ((S y) (odd y))))
   (match x ((Z false) ((S y) (even y))))))
(assert (= (g |a b| Z) |a b|))
(prove (! (forall ((x Nat)) (=> (even x) (= (g |a b| x) |a b|))) :named kept))"""
    )
    assert equations(theory, "odd") == ["odd(Z) = false", "odd(S(y)) = even(y)"]
    assert theory.conjecture("kept").kind == "conjecture"
    assert "a b" in theory.signature.function
    assert theory.statements["assumption.1"].kind == "axiom"


def test_integers_are_built_in() -> None:
    theory = parse_tip(
        """(declare-fun f (Int) Int)
(prove (forall ((x Int)) (= (f (- x)) (ite (<= 1 2) (+ x 1 (* 2 x)) (div (mod x 3) 2)))))"""
    )
    assert goal(theory) == "f(-(0, x)) = +(+(x, 1), *(2, x))"
    assert theory.signature.function["+"].arguments == ("Int", "Int")
    assert not theory.signature.sort["Int"].is_inductive


def test_a_negated_assertion_before_check_sat_is_the_goal() -> None:
    theory = parse_tip(
        NAT
        + """(set-logic UF)
(assert (forall ((x Nat)) (= x x)))
(assert (not (forall ((x Nat)) (= x Z))))
(check-sat)"""
    )
    assert goal(theory) == "x = Z"
    assert theory.statements["assumption.1"]
    older = parse_tip(NAT + "(assert-not (forall ((x Nat)) (= x Z))) (check-sat)")
    assert goal(older) == "x = Z"


def test_a_quantifier_in_a_definition_gives_an_equivalence() -> None:
    theory = parse_tip(
        NAT
        + """(declare-fun plus (Nat Nat) Nat)
(define-fun below ((x Nat) (y Nat)) Bool (exists ((z Nat)) (= (plus x z) y)))
(prove (forall ((x Nat)) (below x x)))"""
    )
    assert equations(theory, "below") == ["below(x, y) = true <-> exists z : Nat. plus(x, z) = y"]


def test_reading_twice_gives_the_same_theory(tmp_path: Path) -> None:
    path = tmp_path / "small.smt2"
    path.write_text(NAT + LEQ + "(prove (forall ((x Nat)) (leq x (S x))))")
    first, second = load_tip(path), load_tip(path)
    assert first == second
    assert first.name == "small"
    assert first.path == str(path)
    assert first.source == path.read_text()


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        load_tip(tmp_path / "missing.smt2")


def is_read(path: Path) -> bool:
    """Whether a file is first-order; anything else must be told as such."""
    if "(=> " in path.read_text().partition("(prove")[0] or "lambda" in path.read_text():
        with pytest.raises((SourceError, SourceErrors), match="outside first-order logic"):
            load_tip(path)
        return False
    return bool(load_tip(path).conjectures)


def test_published_problems_are_read(data: Path) -> None:
    for folder, expected in (("nat", 59), ("list", 64), ("false", 34)):
        paths = sorted((data / "tip" / folder).glob("*.smt2"))
        assert sum(map(is_read, paths)) == expected
