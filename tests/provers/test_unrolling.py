"""Unrolling finds what hangs together; circuits are solved rightly; work is taken up again."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.dsl.tip import parse_tip
from lemmata.engine.budget import Budget, Clock
from lemmata.engine.formula import Forall, Formula
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Refuted
from lemmata.provers import portfolio
from lemmata.provers.refuters.circuit import FALSE, TRUE, Circuit, PauseError
from lemmata.provers.refuters.evaluation import Evaluator
from lemmata.provers.refuters.levels import Levels
from lemmata.provers.refuters.narrowing import Narrowing, deep_recursion
from lemmata.provers.refuters.shapes import Bounds
from lemmata.provers.refuters.unrolling import Unrolling
from lemmata.provers.workspace import Workspace

LIST = """(declare-datatype list (par (a) ((nil) (cons (head a) (tail (list a))))))
(declare-datatype colour ((Red) (Green) (Blue)))
(define-fun-rec ++ (par (a) (((x (list a)) (y (list a))) (list a)))
  (match x ((nil y) ((cons z r) (cons z (++ r y))))))
"""
COLOURING = (
    LIST
    + """(define-fun-rec look ((x (list colour)) (i Int)) colour
  (match x ((nil Red) ((cons c r) (ite (= i 0) c (look r (- i 1)))))))
(define-fun-rec fits ((x (list colour)) (i Int) (n Int)) Bool
  (ite (= i n) true
    (and (distinct (look x i) (look x (mod (+ i 1) n)))
      (and (distinct (look x i) (look x (mod (+ i 2) n))) (fits x (+ i 1) n)))))
(define-fun-rec len (par (a) (((x (list a))) Int)) (match x ((nil 0) ((cons y l) (+ 1 (len l))))))
"""
)
LOOP = """(declare-datatype nat ((Z) (S (p nat))))
(define-fun-rec turn ((x nat) (y nat)) nat (match x ((Z (turn (S y) y)) ((S z) (turn z (S y))))))
"""


def loaded(text: str) -> tuple[Theory, Statement, Formula]:
    theory = parse_tip(text)
    goal = theory.conjectures[0]
    formula = goal.formula
    while isinstance(formula, Forall):
        formula = formula.body
    return theory, goal, formula


def clock(seconds: float = 1000) -> Clock:
    return Budget(seconds=seconds).start()


Operation = tuple[int, int, bool, bool]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans())))
def test_a_circuit_is_solved_as_all_inputs_would_tell(operations: list[Operation]) -> None:
    circuit = Circuit()
    inputs = [circuit.input() for _ in range(4)]
    rows = list(product((False, True), repeat=4))
    literals = [TRUE, *inputs]
    values = [[True] * 16, *([row[place] for row in rows] for place in range(4))]
    for one, two, is_one, is_two in operations:
        one, two = one % len(literals), two % len(literals)
        left, right = literals[one] * (1 if is_one else -1), literals[two] * (1 if is_two else -1)
        literals.append(circuit.both(left, right))
        pairs = zip(values[one], values[two], strict=True)
        values.append([(a == is_one) and (b == is_two) for a, b in pairs])
    found = circuit.solve(literals[-1], inputs, 1000)
    if found is None:
        assert not any(values[-1])
    else:
        assert values[-1][rows.index(tuple(one in found for one in inputs))]  # type: ignore[arg-type]


def test_constants_and_sharing_need_no_gates() -> None:
    circuit = Circuit()
    one, two = circuit.input(), circuit.input()
    assert circuit.both(one, -one) == FALSE
    assert circuit.either(one, TRUE) == TRUE
    assert circuit.both(one, two) == circuit.both(two, one)
    assert circuit.any([]) == FALSE
    with pytest.raises(PauseError):
        circuit.solve(one, [one], 0)


def test_a_colouring_is_found_and_confirmed() -> None:
    """A ring of nine places, each next to two on either side, has six colourings of 19,683."""
    text = COLOURING + "(prove (forall ((x (list colour))) (=> (fits x 0 9) (distinct (len x) 9))))"
    theory, goal, formula = loaded(text)
    evaluator, levels = Evaluator(theory), Levels(Evaluator(theory).program, formula)
    values = None
    while values is None and not levels.is_over:
        values = levels.look(clock(), 1000)
        if values is not None and evaluator.holds(goal, values) is not False:
            values = None
    assert values is not None
    narrowing = Narrowing(evaluator.program, formula, clock())
    with deep_recursion():
        found = narrowing.confirmed(values)
        assert found is not None
        assert dict(found.assignment) == values
        assert narrowing.machine.trail == []
        nothing = {var: narrowing.domain.smallest(var.sort) for var in values}
        assert narrowing.confirmed(nothing) is None


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    text = (
        LIST
        + "(prove (forall ((x (list colour)) (y (list colour)) (z (list colour)))"
        + " (= (++ x (++ y z)) (++ (++ x y) z))))"
    )
    theory, _, formula = loaded(text)
    for level in (1, 2, 4):
        unrolling = Unrolling(Evaluator(theory).program, formula, Bounds.at(level), clock())
        unrolling.build(1000)
        assert unrolling.solve(1000) is None


def test_a_circuit_is_taken_up_where_it_was_left() -> None:
    text = COLOURING + "(prove (forall ((x (list colour))) (not (fits x 0 6))))"
    theory, _, formula = loaded(text)
    program = Evaluator(theory).program
    whole = Unrolling(program, formula, Bounds.at(7), clock())
    whole.build(1000)
    parts = Unrolling(program, formula, Bounds.at(7), clock())
    pauses = 0
    while parts.fails is None:
        try:
            parts.build(1000 if parts.steps > 40 else -1)
        except PauseError:
            pauses += 1
    assert pauses > 0
    assert whole.solve(1000) is not None
    assert parts.solve(1000) is not None


def test_a_program_without_end_ends_the_unrolling() -> None:
    theory, _, formula = loaded(LOOP + "(prove (forall ((x nat) (y nat)) (= (turn x y) y)))")
    levels = Levels(Evaluator(theory).program, formula)
    for _ in range(20):
        if levels.is_over or levels.level > 4:
            break
        assert levels.look(clock(), 1000) is None
    assert levels.is_over or levels.level > 4


def test_the_search_for_lemmas_is_interrupted_for_a_counterexample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = LIST + "(prove (forall ((x (list colour)) (y (list colour))) (= (++ x y) (++ y x))))"
    theory, goal, _ = loaded(text)
    monkeypatch.setattr(portfolio, "AGAIN", 0.0)
    search = portfolio._Search(Workspace(theory), goal, clock())
    assert isinstance(search.discover(0.5), Refuted)
    assert not search.lemmas
