"""What a failed induction step leaves open becomes a lemma."""

from __future__ import annotations

from lemmata.dsl.tip import parse_tip
from lemmata.engine.exploration.rewriting import Rewriting
from lemmata.engine.notation import Notation
from lemmata.engine.ordering import precedence
from lemmata.engine.theory import Theory
from lemmata.provers.calculation import MOST, calculations
from lemmata.provers.workspace import defining_functions

LIST = """(declare-sort elem 0)
(declare-datatype nat ((Z) (S (p nat))))
(declare-datatype list ((nil) (cons (head elem) (tail list))))
(define-fun-rec app ((x list) (y list)) list (match x ((nil y) ((cons z r) (cons z (app r y))))))
(define-fun-rec rev ((x list)) list
  (match x ((nil nil) ((cons y r) (app (rev r) (cons y nil))))))
(define-fun-rec len ((x list)) nat (match x ((nil Z) ((cons y r) (S (len r))))))
(define-fun-rec qrev ((x list) (y list)) list
  (match x ((nil y) ((cons z r) (qrev r (cons z y))))))
"""


def proposed(goal: str) -> list[str]:
    theory: Theory = parse_tip(LIST + goal)
    rewriting = Rewriting(precedence(theory.signature, defining_functions(theory)))
    for axiom in theory.axioms:
        rewriting.learn(axiom.clauses)
    notation = Notation.of(theory)
    pairs = list(calculations(theory.conjectures[0].clauses, rewriting, theory.signature))
    assert len(pairs) <= MOST
    return [f"{notation.term(one)} = {notation.term(two)}" for one, two in pairs]


def test_the_hypothesis_is_used_and_what_is_shared_is_forgotten() -> None:
    found = proposed("(prove (forall ((x list)) (= (len (rev x)) (len x))))")
    assert "len(app(v0, cons(v1, nil))) = S(len(v0))" in found
    found = proposed("(prove (forall ((x list)) (= (rev (rev x)) x)))")
    assert "rev(app(v0, cons(v1, nil))) = cons(v1, rev(v0))" in found


def test_what_has_premises_or_no_constructors_gives_nothing() -> None:
    assert proposed("(prove (forall ((x elem) (y elem)) (= x y)))") == []
    assert proposed("(prove (forall ((x list)) (=> (= x nil) (= (len x) Z))))") == []


def test_no_more_than_a_few_small_equations_are_proposed() -> None:
    goal = "(prove (forall ((x list) (y list)) (= (qrev x y) (app (rev x) (app (rev nil) y)))))"
    found = proposed(goal)
    assert len(found) == len(set(found)) <= MOST
