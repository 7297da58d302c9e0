"""Two hundred generated false statements over five theories: none may ever be proved."""

from __future__ import annotations

from itertools import product

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.clause import Equal
from lemmata.engine.formula import Formula, Implies, Not
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Proved
from lemmata.provers import prove
from lemmata.provers.refuters.evaluation import Evaluator

THEORIES = {
    "peano": """
        sort N = 0 | s(N)
        op + : N, N -> N
        op * : N, N -> N
        axiom a1: a + 0 = a
        axiom a2: a + s(b) = s(a + b)
        axiom m1: a * 0 = 0
        axiom m2: a * s(b) = a * b + a""",
    "bounded": """
        sort N = 0 | s(N)
        op min : N, N -> N
        op max : N, N -> N
        axiom n1: min(0, b) = 0
        axiom n2: min(s(a), 0) = 0
        axiom n3: min(s(a), s(b)) = s(min(a, b))
        axiom x1: max(0, b) = b
        axiom x2: max(s(a), 0) = s(a)
        axiom x3: max(s(a), s(b)) = s(max(a, b))""",
    "lists": """
        sort N = 0 | s(N)
        sort L = nil | cons(N, L)
        op app : L, L -> L
        op rev : L -> L
        axiom p1: app(nil, ys) = ys
        axiom p2: app(cons(x, xs), ys) = cons(x, app(xs, ys))
        axiom r1: rev(nil) = nil
        axiom r2: rev(cons(x, xs)) = app(rev(xs), cons(x, nil))""",
    "trees": """
        sort T = leaf | node(T, T)
        op mirror : T -> T
        op left : T -> T
        axiom t1: mirror(leaf) = leaf
        axiom t2: mirror(node(l, r)) = node(mirror(r), mirror(l))
        axiom l1: left(leaf) = leaf
        axiom l2: left(node(l, r)) = l""",
    "booleans": """
        sort B = t | f
        op and2 : B, B -> B
        op or2 : B, B -> B
        op neg : B -> B
        axiom a1: and2(t, b) = b
        axiom a2: and2(f, b) = f
        axiom o1: or2(t, b) = t
        axiom o2: or2(f, b) = b
        axiom n1: neg(t) = f
        axiom n2: neg(f) = t""",
}
EACH = 40


def terms(theory: Theory, sort: str, depth: int) -> list[Term]:
    found: list[Term] = [Var(name, sort) for name in ("x", "y")]
    if depth:
        for function in theory.signature.functions:
            if function.result == sort:
                parts = [terms(theory, part, depth - 1)[:6] for part in function.arguments]
                found += [App(function.name, args, sort) for args in product(*parts)]
    return found


def false_statements(theory: Theory) -> list[Formula]:
    """Equations, disequations and implications with a counterexample, spread over their kinds."""
    evaluator = Evaluator(theory)
    sort = theory.signature.sorts[-1].name
    pool = terms(theory, sort, 2)
    sides = [Equal(one, two) for one in pool for two in pool if one != two]
    step = max(1, len(sides) // 600)
    found: list[Formula] = []
    for number, equation in enumerate(sides[::step]):
        other = sides[(number * 7919 + 13) % len(sides)]
        claims: list[Formula] = [equation, Not(equation), Implies(other, equation)]
        claim = claims[number % 3]
        variables, check = evaluator.check(claim)
        values = [evaluator.values(var.sort, 4) for var in variables]
        if any(check(*row) is False for row in product(*values)):
            found.append(claim)
    assert len(found) >= EACH
    return found[:: len(found) // EACH][:EACH]


@pytest.mark.parametrize("name", THEORIES)
def test_no_false_statement_is_proved(name: str) -> None:
    theory = parse_theory(THEORIES[name])
    for number, formula in enumerate(false_statements(theory)):
        statement = Statement(f"false{number}", formula, lower(formula).clauses, "conjecture")
        verdict = prove(theory, statement, Budget(seconds=0.15))
        assert not isinstance(verdict, Proved), formula
