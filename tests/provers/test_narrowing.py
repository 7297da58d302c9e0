"""How the search divides integers, takes up looks where they stopped, and uses symmetry."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from lemmata.dsl.tip import parse_tip
from lemmata.engine.budget import Budget, Clock
from lemmata.engine.term import App, Var
from lemmata.engine.verdict import Refuted
from lemmata.provers.discovery import accumulations
from lemmata.provers.portfolio import _Search
from lemmata.provers.refuters import refute
from lemmata.provers.refuters.cell import ANY, Range
from lemmata.provers.refuters.evaluation import Evaluator
from lemmata.provers.refuters.narrowing import Counterexample, Narrowing, deep_recursion
from lemmata.provers.refuters.symmetry import interchangeable
from lemmata.provers.workspace import Workspace

LIST = """(declare-datatype list (par (a) ((nil) (cons (head a) (tail (list a))))))
(define-fun-rec len (par (a) (((x (list a))) Int)) (match x ((nil 0) ((cons y l) (+ 1 (len l))))))
"""
GRAPH = (
    LIST
    + """(declare-datatype edge ((arc (from Int) (to Int))))
(define-fun-rec linked ((x Int) (y Int) (z (list edge))) Bool
  (match z ((nil false) ((cons e r) (match e (((arc u v)
    (or (and (= u x) (= v y)) (or (and (= u y) (= v x)) (linked x y r))))))))))
(define-fun-rec path ((x (list Int)) (g (list edge))) Bool
  (match x ((nil true) ((cons y r) (match r ((nil true)
    ((cons z s) (and (linked y z g) (path r g)))))))))
(define-fun-rec elem ((x Int) (y (list Int))) Bool
  (match y ((nil false) ((cons z r) (or (= z x) (elem x r))))))
(define-fun-rec unique ((x (list Int))) Bool
  (match x ((nil true) ((cons y r) (and (not (elem y r)) (unique r))))))
"""
)


def values(text: str, seconds: float = 20) -> dict[str, str]:
    theory = parse_tip(text)
    found = refute(theory, theory.conjecture("goal"), Budget(seconds=seconds))
    assert isinstance(found, Refuted), found
    return dict(found.assignment)


def test_integers_are_found_where_they_are_compared() -> None:
    """A thousand million is out of reach for counting."""
    assert values("(prove (forall ((x Int)) (distinct (+ x 3) 1000000000)))") == {"x": "999999997"}
    between = "(=> (< 5000000 x) (=> (<= x 5000001) (< (+ x y) 7000000)))"
    found = values(f"(prove (forall ((x Int) (y Int)) {between}))")
    assert int(found["x"]) == 5000001
    assert int(found["x"]) + int(found["y"]) >= 7000000


def test_a_path_through_all_places_of_a_graph_is_found() -> None:
    """A ring of ten with spokes to the next but two: each step leaves few choices."""
    arcs = [(100 + 7 * n, 100 + 7 * ((n + step) % 10)) for n in range(10) for step in (1, 3)]
    graph = "(_ nil edge)"
    for one, two in arcs:
        graph = f"(cons (arc {one} {two}) {graph})"
    claim = f"(=> (= (len p) 10) (=> (unique p) (not (path p {graph}))))"
    found = values(GRAPH + f"(prove (forall ((p (list Int))) {claim}))")["p"]
    assert all(found.count(str(100 + 7 * n)) == 1 for n in range(10))


def test_goals_with_built_in_integers_are_known() -> None:
    """There the budget of a proof goes to the search for a counterexample."""
    claim = "(prove (forall ((x (list Bool))) (= (len x) 0)))"
    theory = parse_tip(LIST + claim)
    search = _Search(Workspace(theory), theory.conjecture("goal"), Budget(seconds=1).start())
    assert search.is_native()
    theory = parse_tip(LIST + "(prove (forall ((x (list Bool)) (y (list Bool))) (= x y)))")
    search = _Search(Workspace(theory), theory.conjecture("goal"), Budget(seconds=1).start())
    assert not search.is_native()


def test_an_argument_that_collects_is_generalised() -> None:
    theory = parse_tip(
        """(declare-datatype Nat ((Z) (S (pred Nat))))
(define-fun-rec plus ((x Nat) (y Nat)) Nat (match x ((Z y) ((S z) (S (plus z y))))))
(define-fun-rec add ((x Nat) (y Nat)) Nat (match x ((Z y) ((S z) (add z (S y))))))
(prove (forall ((x Nat)) (= (add x Z) (plus x Z))))"""
    )
    goal = theory.conjecture("goal").clauses
    functions = [f for f in theory.signature.functions if f.name == "plus"]
    x, y, zero = Var("x", "Nat"), Var("·", "Nat"), App("Z", (), "Nat")
    sum_ = App("plus", (App("plus", (x, zero), "Nat"), y), "Nat")
    assert (App("add", (x, y), "Nat"), sum_) in set(accumulations(goal, functions))


COLOURS = """(declare-datatype C ((Red) (Green) (Blue)))
(declare-datatype T ((Leaf (colour C)) (Node (left T) (right T))))
(define-fun-rec has ((c C) (t T)) Bool
  (match t (((Leaf d) (= c d)) ((Node l r) (or (has c l) (has c r))))))
"""


def test_constants_that_nothing_mentions_are_interchangeable() -> None:
    theory = parse_tip(COLOURS + "(prove (forall ((c C) (d C) (t T)) (=> (has c t) (has d t))))")
    program, formula = Evaluator(theory).program, theory.conjecture("goal").formula
    assert interchangeable(program, formula) == {"C": ("Red", "Green", "Blue")}
    named = parse_tip(COLOURS + "(prove (forall ((t T)) (not (has Green t))))")
    program, formula = Evaluator(named).program, named.conjecture("goal").formula
    assert interchangeable(program, formula) == {"C": ("Red", "Blue")}


def test_symmetry_loses_no_counterexample() -> None:
    """All three colours are needed, in each order of the variables."""
    claim = "(=> (has a t) (=> (has b t) (=> (has c t) (or (= a b) (= b c) (= a c)))))"
    found = values(COLOURS + f"(prove (forall ((a C) (b C) (c C) (t T)) {claim}))")
    assert {found["a"], found["b"], found["c"]} == {"Red", "Green", "Blue"}


@dataclass
class Ticks(Clock):
    """A clock that moves on by one each time it is looked at."""

    budget: Budget = field(default_factory=lambda: Budget(seconds=1_000_000))
    time: int = 0

    @property
    def spent(self) -> float:
        self.time += 1
        return self.time

    @property
    def is_over(self) -> bool:
        return False


def test_a_look_goes_on_where_it_stopped() -> None:
    claim = "(=> (has a t) (=> (has b t) (=> (has c t) (or (= a b) (= b c) (= a c)))))"
    theory = parse_tip(COLOURS + f"(prove (forall ((a C) (b C) (c C) (t T)) {claim}))")
    program, formula = Evaluator(theory).program, theory.conjecture("goal").formula

    def looks(length: int) -> tuple[Counterexample | None, int, int]:
        search = Narrowing(program, formula, Ticks())
        count = 0
        with deep_recursion():
            while True:
                count += 1
                found = search.bounded(11, 11, search.clock.spent + length)
                if not search.paused:
                    return found, search.leaves, count

    whole, leaves, _ = looks(1_000_000)
    parts, more, count = looks(25)
    assert whole is not None
    assert parts == whole
    assert count > 1
    assert more <= leaves + 12 * count  # only the way back down is walked again


@given(st.lists(st.tuples(st.sampled_from("=<>"), st.integers(-6, 6)), max_size=6))
def test_ranges_are_sets_of_integers(steps: list[tuple[str, int]]) -> None:
    known, expected = ANY, set(range(-30, 31))
    for relation, number in steps:
        if relation == "=":
            known, expected = known.without((number,)), expected - {number}
        elif relation == "<":
            known, expected = known.up_to(number), {one for one in expected if one <= number}
        else:
            known, expected = known.above(number), {one for one in expected if one > number}
    assert {one for one in range(-30, 31) if one in known} == expected
    nearest = min(expected, key=lambda one: (abs(one), -one), default=None)
    assert known.smallest() == nearest


def test_nothing_is_known_at_first() -> None:
    assert Range() == ANY
    assert ANY.smallest() == 0
