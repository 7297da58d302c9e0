"""Blocks: why they stop, what they cost, and that they travel between processes."""

from __future__ import annotations

import pickle

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.block import Block
from lemmata.engine.budget import WORK, Budget, Meter
from lemmata.engine.clause import Case, Equal, Literal
from lemmata.engine.term import App
from lemmata.engine.theory import Theory
from lemmata.provers.portfolio import attempt
from lemmata.provers.workspace import EFFORTS, Workspace

PEANO = """
sort N = 0 | s(N)
op + : N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
"""


def numeral(value: int) -> App:
    term = App("0", (), "N")
    for _ in range(value):
        term = App("s", (term,), "N")
    return term


def plus(left: App, right: App) -> App:
    return App("+", (left, right), "N")


@pytest.fixture(scope="module")
def peano() -> Theory:
    return parse_theory(PEANO)


def sum_block(theory: Theory, left: int, right: int, total: int) -> Block:
    block = Workspace(theory).root.child("sum")
    block.seek((Case((), (Literal(Equal(plus(numeral(left), numeral(right)), numeral(total))),)),))
    return block


def test_a_block_reaches_a_true_goal(peano: Theory) -> None:
    assert sum_block(peano, 7, 5, 12).run(0, 1000, Budget().start()) == "goal"


def test_a_block_saturates_on_a_false_one(peano: Theory) -> None:
    block = sum_block(peano, 7, 5, 13)
    assert block.run(0, 1000, Budget().start()) in ("depth", "saturated")
    assert not block.has_goal()


def test_a_block_stops_at_its_bound_of_facts(peano: Theory) -> None:
    assert sum_block(peano, 3, 200, 203).run(0, 300, Budget().start()) == "facts"


def test_a_block_stops_when_the_time_is_over(peano: Theory) -> None:
    clock = Budget(seconds=1e-6).start()
    assert sum_block(peano, 3, 300, 303).run(0, 100_000, clock) == "time"


def test_a_block_goes_on_in_another_process(peano: Theory) -> None:
    block = sum_block(peano, 9, 30, 39)
    assert block.run(0, 60, Budget().start()) == "facts"
    moved = pickle.loads(pickle.dumps(block))
    assert moved.run(0, 1000, Budget().start()) == "goal"
    assert not block.has_goal()


def test_terms_are_made_only_where_a_rule_needs_them(peano: Theory) -> None:
    block = Workspace(peano).root.child("quiet")
    for value in range(10):
        block.database.intern(numeral(value), 0)
    before = len(block.database)
    block.run(0, 1000, Budget().start())
    assert len(block.database) == before


def test_a_child_does_not_change_its_parent(peano: Theory) -> None:
    parent = sum_block(peano, 2, 2, 4)
    rows = len(parent.database)
    assert parent.child("child").run(0, 1000, Budget().start()) == "goal"
    assert len(parent.database) == rows
    assert not parent.has_goal()


def test_work_is_reported_in_the_users_names(peano: Theory) -> None:
    block = sum_block(peano, 1, 3, 4)
    block.run(0, 1000, Budget().start())
    assert block.work["add_succ"].matches == 3
    assert block.work["add_zero"].matches == 1


def test_metered_work_is_the_same_whenever_it_is_done() -> None:
    theory = parse_theory(
        "theory t\nsort N = 0 | s(N)\nop + : N, N -> N\naxiom z: a + 0 = a\n"
        "axiom s: a + s(b) = s(a + b)\nconjecture false: a + b = a + s(b)\n"
    )
    works = []
    for _ in range(2):
        meter, (goal,) = Meter(), theory.conjectures
        clock = meter.start(Budget(seconds=0.02))
        assert attempt(Workspace(theory), goal.clauses[0], EFFORTS[3], clock) is None
        works.append(meter.work)
        assert clock.spent == pytest.approx(meter.work / WORK)
    assert works[0] == works[1] > 0
