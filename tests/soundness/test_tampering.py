"""Circular proofs, escaping witnesses and other frauds, made by hand."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable

import pytest

from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import FALSUM, Case, Clause, Equal, Literal
from lemmata.engine.derivation import (
    Cases,
    Chain,
    Congruence,
    Derivation,
    Excluded,
    Induction,
    Instance,
    Introduction,
    Law,
    Link,
    Open,
    Part,
    Present,
    Reflexivity,
    Refutation,
    Step,
    Transport,
)
from lemmata.engine.errors import CheckError
from lemmata.engine.formula import Equal as Equation
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Var
from lemmata.engine.theory import Signature, Sort, Statement, Theory

from .builder import Proof, const, equal, fact, head
from .samples import (
    THEORY,
    a,
    add_comm,
    at_most,
    b,
    d,
    k,
    m,
    n,
    p,
    plus,
    red,
    s,
    statement,
    theorems,
    u,
    zero,
)

FALSE = Statement("false", Equation(zero, s(zero)), (equal(zero, s(zero)),), "conjecture")


def refused(derivation: Derivation, reason: str, claim: Statement = FALSE) -> None:
    with pytest.raises(CheckError, match=reason):
        certify(THEORY, {}, claim, derivation)


def claim(clause: Clause) -> Statement:
    return Statement("claim", Equation(zero, zero), (clause,), "conjecture")


# Circles


def test_a_step_that_cites_itself() -> None:
    step = Step(1, FALSE.clauses[0], Chain((Link(1),)))
    refused(Derivation((step,), (1,)), "not an earlier step")


def test_two_steps_that_cite_each_other() -> None:
    turned = equal(s(zero), zero)
    steps = (
        Step(1, turned, Chain((Link(2, False),))),
        Step(2, FALSE.clauses[0], Chain((Link(1, False),))),
    )
    refused(Derivation(steps, (2,)), "not an earlier step")


def test_a_theorem_that_cites_itself() -> None:
    step = Step(1, FALSE.clauses[0], Instance(Law("false"), (), ()))
    refused(Derivation((step,), (1,)), "neither an axiom nor a theorem")


def test_theorems_that_cite_each_other() -> None:
    other = dataclasses.replace(FALSE, name="other")
    for one, cited in ((FALSE, "other"), (other, "false")):
        step = Step(1, FALSE.clauses[0], Instance(Law(cited), (), ()))
        refused(Derivation((step,), (1,)), "neither an axiom nor a theorem", one)


def test_a_later_theorem_is_not_there_yet() -> None:
    formula, derivation = add_comm()
    with pytest.raises(CheckError, match="'zero_add' is neither an axiom nor a theorem"):
        certify(THEORY, {}, statement("add_comm", formula), derivation)


def test_a_theorem_under_its_own_name_is_no_lemma() -> None:
    """An earlier proof of the same name does not help, so a new proof never rests on the old."""
    old = theorems()["zero_add"]
    step = Step(1, equal(plus(zero, zero), zero), Instance(Law("zero_add"), (zero,), ()))
    goal = Statement("zero_add", Equation(zero, zero), (step.conclusion,), "conjecture")
    with pytest.raises(CheckError, match="neither an axiom nor a theorem"):
        certify(THEORY, {"zero_add": old}, goal, Derivation((step,), (1,)))


def test_a_theorem_under_another_name() -> None:
    step = Step(1, equal(plus(zero, zero), zero), Instance(Law("other"), (zero,), ()))
    with pytest.raises(CheckError, match="'other' is neither"):
        certify(
            THEORY,
            {"other": theorems()["zero_add"]},
            claim(step.conclusion),
            Derivation((step,), (1,)),
        )


def test_a_statement_named_like_an_axiom() -> None:
    step = Step(1, equal(zero, zero), Reflexivity())
    named = dataclasses.replace(claim(step.conclusion), name="add_zero")
    refused(Derivation((step,), (1,)), "'add_zero' is the name of an axiom", named)


def test_a_theorem_of_another_theory() -> None:
    false_axiom = Statement("bad", FALSE.formula, FALSE.clauses)
    other = dataclasses.replace(THEORY, axioms=(*THEORY.axioms, false_axiom))
    step = Step(1, FALSE.clauses[0], Instance(Law("bad"), (), ()))
    lemma = certify(other, {}, dataclasses.replace(FALSE, name="lemma"), Derivation((step,), (1,)))
    step = Step(1, FALSE.clauses[0], Instance(Law("lemma"), (), ()))
    with pytest.raises(CheckError, match="a theorem of another theory"):
        certify(THEORY, {"lemma": lemma}, FALSE, Derivation((step,), (1,)))


def test_a_theorem_of_a_theory_with_fewer_constructors() -> None:
    """Induction over 0 alone shows a = 0; that must not be carried to the natural numbers."""
    small = Signature(
        (Sort("N", ("0",)), *THEORY.signature.sorts[1:]),
        THEORY.signature.functions,
        THEORY.signature.predicates,
    )
    only = Theory("only zero", small, THEORY.axioms)
    proof = Proof()
    proof.open()
    branch = proof.close(proof.step(equal(zero, zero), Reflexivity()))
    goal = statement("all_zero", Equation(a, zero))
    proof.step(goal.clauses[0], Induction("a", (branch,)))
    lemma = certify(only, {}, goal, proof.done())
    step = Step(1, equal(s(zero), zero), Instance(Law("all_zero"), (s(zero),), ()))
    with pytest.raises(CheckError, match="a theorem of another theory"):
        certify(THEORY, {"all_zero": lemma}, claim(step.conclusion), Derivation((step,), (1,)))


# Constants


def test_a_witness_does_not_escape_into_the_statement() -> None:
    proof = Proof()
    (given,) = proof.open((m, n), (fact(at_most(m, n)),))
    some = proof.law(head(Case((p,), (Literal(Equal(plus(m, p), n)),))), "<=", (m, n), given)
    result = proof.step(equal(plus(m, d), n), Open(some, (d,)))
    subproof = proof.close(result)
    goal = Clause((a, b), (Literal(at_most(a, b)),), equal(plus(a, d), b).cases)
    proof.step(goal, Introduction(subproof))
    refused(proof.done(), "'d!' is not known", claim(goal))


def test_a_witness_at_the_top_does_not_escape_either() -> None:
    """The conclusion is in scope of the witness, but a statement must not mention it."""
    something = Statement(
        "something", Equation(zero, zero), (head(Case((p,), (Literal(Equal(p, p)),))),)
    )
    theory = dataclasses.replace(THEORY, axioms=(*THEORY.axioms, something))
    proof = Proof()
    some = proof.law(something.clauses[0], "something")
    result = proof.step(equal(d, d), Open(some, (d,)))
    with pytest.raises(CheckError, match="'d!' is not known"):
        certify(theory, {}, claim(equal(d, d)), proof.done(result))


def test_a_subproofs_constant_is_unknown_outside() -> None:
    proof = Proof()
    proof.open((k,))
    inner = proof.close(proof.step(equal(k, k), Reflexivity()))
    proof.step(Clause((a,), (), equal(a, a).cases), Introduction(inner))
    proof.step(equal(k, k), Reflexivity())
    refused(proof.done(), "'k!' is not known", claim(equal(k, k)))


@pytest.mark.parametrize(
    ("constant", "reason"),
    [
        (zero, "'0' is not a new constant"),
        (const("s"), "'s' is not a new constant"),
        (const("k!", "U"), "wrong number or sorts"),
        (App("f!", (zero,), "N"), "'f!' is not a new constant"),
    ],
)
def test_a_constant_must_be_new_and_fit(constant: App, reason: str) -> None:
    goal = Clause((a,), (), equal(a, a).cases)
    proof = Proof()
    proof.open((constant,))
    inner = proof.close(proof.step(equal(constant, constant), Reflexivity()))
    proof.step(goal, Introduction(inner))
    refused(proof.done(), reason, claim(goal))


def test_a_constant_in_scope_is_not_new() -> None:
    """Otherwise what is assumed of one arbitrary element would be assumed of another."""
    outer = Clause((b,), (Literal(Equal(b, zero)),), equal(s(zero), zero).cases)
    proof = Proof()
    (given,) = proof.open((k,), (equal(k, zero),))
    proof.open((k,))
    every = proof.step(Clause((a,), (), equal(a, zero).cases), Introduction(proof.close(given)))
    result = proof.step(equal(s(zero), zero), Instance(every, (s(zero),), ()))
    proof.step(outer, Introduction(proof.close(result)))
    refused(proof.done(), "'k!' is not a new constant", claim(outer))


def test_an_assumption_ends_with_its_subproof() -> None:
    proof = Proof()
    (given,) = proof.open((), (fact(Equal(zero, s(zero)), False),))
    falsum = proof.step(FALSUM, Instance(given, (), ()))
    proof.step(FALSE.clauses[0], Refutation(proof.close(falsum)))
    refused(proof.done(), "the rule gives something else")
    proof = Proof()
    goal = Clause((), (Literal(FALSE.clauses[0].literal.atom),), FALSE.clauses[0].cases)
    (given,) = proof.open((), (FALSE.clauses[0],))
    proof.step(goal, Introduction(proof.close(given)))
    proof.step(FALSE.clauses[0], Chain((Link(given),)))
    refused(proof.done(), "cites 1, which is not an earlier step in scope")


# Rules


def test_induction_over_a_sort_without_constructors() -> None:
    goal = Clause((u,), (), fact(red(u)).cases)
    refused(Derivation((Step(1, goal, Induction("u", ())),), (1,)), "inductive sort", claim(goal))


def test_induction_without_a_branch_for_each_constructor() -> None:
    goal = Clause((a,), (), equal(a, zero).cases)
    proof = Proof()
    proof.open()
    branch = proof.close(proof.step(equal(zero, zero), Reflexivity()))
    proof.step(goal, Induction("a", (branch,)))
    refused(proof.done(), "each constructor needs one branch", claim(goal))


def test_the_induction_hypothesis_is_about_the_constructors_argument() -> None:
    """Assumed of the built term instead, it would prove anything."""
    goal = Clause((a,), (), equal(a, zero).cases)
    proof = Proof()
    proof.open()
    base = proof.close(proof.step(equal(zero, zero), Reflexivity()))
    (known,) = proof.open((k,), (equal(s(k), zero),))
    proof.step(goal, Induction("a", (base, proof.close(known))))
    refused(proof.done(), "hypotheses of a subproof", claim(goal))


def test_the_induction_hypothesis_keeps_its_premises() -> None:
    goal = Clause((a, b), (Literal(Equal(a, b)),), equal(b, zero).cases)
    proof = Proof()
    (given,) = proof.open((m,), (equal(zero, m),))
    base = proof.close(proof.chain(m, zero, -given))
    _, given = proof.open((k, m), (Clause((b,), (), equal(b, zero).cases), equal(s(k), m)))
    result = proof.step(equal(m, zero), Instance(given - 1, (m,), ()))
    proof.step(goal, Induction("a", (base, proof.close(result))))
    refused(proof.done(), "hypotheses of a subproof", claim(goal))


def test_premises_of_a_law_must_be_shown() -> None:
    step = Step(1, equal(zero, s(zero)), Instance(Law("N.injective"), (zero, s(zero)), ()))
    refused(Derivation((step,), (1,)), "not the facts that are needed")


def test_an_instance_at_a_term_of_another_sort() -> None:
    nil = const("nil", "L")
    step = Step(1, equal(plus(nil, zero), nil), Instance(Law("add_zero"), (nil,), ()))
    refused(Derivation((step,), (1,)), "not known with these arguments", claim(step.conclusion))
    step = Step(1, equal(zero, zero), Instance(Law("add_zero"), (nil,), ()))
    refused(Derivation((step,), (1,)), "wrong number or sorts", claim(step.conclusion))


def test_an_equation_between_two_sorts() -> None:
    refused(
        Derivation((Step(1, equal(zero, const("nil", "L")), Reflexivity()),), (1,)),
        "an equality joins two sorts",
        claim(equal(zero, const("nil", "L"))),
    )


def test_a_case_distinction_needs_every_case() -> None:
    proof = Proof()
    either = proof.step(
        head(
            Case((), (Literal(Equal(zero, s(zero))),)),
            Case((), (Literal(Equal(zero, s(zero)), False),)),
        ),
        Excluded(Equal(zero, s(zero))),
    )
    (yes,) = proof.open((), (FALSE.clauses[0],))
    branch = proof.close(yes)
    proof.step(FALSE.clauses[0], Cases(either, (branch,)))
    refused(proof.done(), "each case needs one branch")


def test_a_case_distinction_on_what_is_not_shown() -> None:
    step = Step(1, FALSE.clauses[0], Cases(0, ()))
    refused(Derivation((step,), (1,)), "cites 0")


def test_a_variable_that_nothing_binds() -> None:
    step = Step(1, Clause((), (), equal(a, a).cases), Reflexivity())
    refused(Derivation((step,), (1,)), "variable 'a' is not bound", claim(step.conclusion))
    same = Clause((a, Var("a", "L")), (), equal(a, a).cases)
    refused(
        Derivation((Step(1, same, Reflexivity()),), (1,)), "binds a variable twice", claim(same)
    )


def test_an_existential_element_captures_nothing() -> None:
    """``exists p. p = a`` at a := p would say ``exists p. p = p``: terms of steps are closed."""
    goal = Clause((a,), (), (Case((p,), (Literal(Equal(p, s(a))),)),))
    step = Step(1, head(Case((p,), (Literal(Equal(p, s(p))),))), Present(0, (p,), ()))
    refused(Derivation((step,), (1,)), "not bound", claim(goal))


# Canonical form


def useless(build: Callable[[Proof], None], reason: str) -> None:
    """A proof of 0 + 0 = 0 that a first step and ``build`` make, refused for its form."""
    proof = Proof()
    proof.law(equal(plus(zero, zero), zero), "add_zero", (zero,))
    build(proof)
    refused(proof.done(), reason, claim(equal(plus(zero, zero), zero)))


def test_nothing_useless_is_accepted() -> None:
    zeros = plus(zero, zero)
    useless(lambda proof: proof.chain(zeros, zero, 1) and None, "shows this already")
    useless(
        lambda proof: proof.law(equal(zeros, zero), "add_zero", (zero,)) and None,
        "shows this already",
    )
    useless(
        lambda proof: proof.step(equal(zero, zero), Reflexivity()) and None, "shows something else"
    )
    useless(
        lambda proof: proof.chain(zero, zeros, -1) and proof.chain(zeros, zero, 1, 2, 1) and None,
        "comes back to a term",
    )
    useless(
        lambda proof: (
            proof.step(
                equal(s(zeros), s(zeros)),
                Congruence((Link(proof.step(equal(zero, zero), Reflexivity())),)),
            )
            and None
        ),
        "a link does not lead",
    )
    useless(lambda proof: proof.step(equal(zeros, zero), Part(1, 0)) and None, "shows this already")
    useless(
        lambda proof: (
            proof.step(equal(zeros, zeros), Transport(1, (None, Link(1, False)))) and None
        ),
        "moved by a chain",
    )


def test_numbers_are_consecutive() -> None:
    step = Step(2, equal(zero, zero), Reflexivity())
    refused(Derivation((step,), (2,)), "number 2 stands where 1 is due", claim(step.conclusion))


def test_an_unused_step_is_refused() -> None:
    proof = Proof()
    proof.step(equal(zero, zero), Reflexivity())
    proof.step(equal(s(zero), s(zero)), Reflexivity())
    refused(proof.done(), "step 1: nothing uses this step", claim(equal(s(zero), s(zero))))


def test_an_equation_is_read_the_way_it_stands() -> None:
    proof = Proof()
    one = proof.law(equal(plus(zero, zero), zero), "add_zero", (zero,))
    two = proof.chain(zero, plus(zero, zero), -one)
    inside = proof.step(equal(s(plus(zero, zero)), s(zero)), Congruence((Link(two, False),)))
    goal = head(
        Case(
            (),
            (Literal(Equal(zero, plus(zero, zero))), Literal(Equal(s(plus(zero, zero)), s(zero)))),
        )
    )
    proof.step(goal, Present(0, (), (two, inside)))
    refused(proof.done(), "step 1 says what 2 says", claim(goal))


def test_very_deep_terms_are_refused_or_accepted_but_never_crash() -> None:
    deep = zero
    for _ in range(50_000):
        deep = s(deep)
    accepted = certify(
        THEORY,
        {},
        claim(equal(deep, deep)),
        Derivation((Step(1, equal(deep, deep), Reflexivity()),), (1,)),
    )
    assert accepted.axioms == ()
    step = Step(1, equal(plus(deep, zero), deep), Instance(Law("add_zero"), (deep,), ()))
    assert certify(THEORY, {}, claim(step.conclusion), Derivation((step,), (1,))).axioms == (
        "add_zero",
    )
    refused(nested(2_000), "nested too deeply", claim(equal(zero, zero)))


def nested(depth: int) -> Derivation:
    """0 = 0 inside so many introductions."""
    proof = Proof()
    for _ in range(depth):
        proof.open()
    result = proof.step(equal(zero, zero), Reflexivity())
    for _ in range(depth):
        subproof = proof.close(result)
        result = proof.step(equal(zero, zero), Introduction(subproof))
    return proof.done()


# Theorems are made by certify alone


def test_theorems_cannot_be_made_otherwise() -> None:
    theorem = theorems()["zero_add"]
    with pytest.raises(CheckError, match="made by certify alone"):
        Theorem(FALSE, theorem.derivation, (), (), (), THEORY, object())
    with pytest.raises((CheckError, ValueError)):
        dataclasses.replace(theorem, statement=FALSE)
    with pytest.raises((AttributeError, TypeError)):
        theorem.statement = FALSE  # type: ignore[misc]
    subclass = type("Forged", (Theorem,), {"__post_init__": lambda self, seal: None})
    forged = subclass(FALSE, theorem.derivation, (), (), (), THEORY, None)
    step = Step(1, FALSE.clauses[0], Instance(Law("false"), (), ()))
    with pytest.raises(CheckError, match="neither an axiom nor a theorem"):
        certify(THEORY, {"false": forged}, claim(FALSE.clauses[0]), Derivation((step,), (1,)))


def test_copies_and_pickles_are_certified_anew() -> None:
    theorem = theorems()["add_comm"]
    assert copy.copy(theorem) == theorem
    data = pickle.dumps(theorem)
    assert pickle.loads(data) == theorem
    tampered = data.replace(b"add_zero", b"add_succ")
    with pytest.raises(CheckError):
        pickle.loads(tampered)


def test_what_a_theorem_rests_on_is_told() -> None:
    theorem = theorems()["le_turned"]
    assert theorem.axioms == ("<=", "add_succ", "add_zero")
    assert theorem.lemmas == ("add_comm",)
    assert theorem.cited[0].lemmas == ("zero_add",)
    assert lower(theorem.statement.formula).clauses == theorem.statement.clauses


def test_functions_are_known_by_name_and_sorts() -> None:
    step = Step(1, equal(App("s", (zero,), "L"), App("s", (zero,), "L")), Reflexivity())
    refused(Derivation((step,), (1,)), "'s' is not known", claim(step.conclusion))
