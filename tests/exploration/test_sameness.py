"""The same development however a run is carried out: in one go or after kills, alone or in waves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget, Meter
from lemmata.engine.checker import Theorem
from lemmata.engine.encoding import Json
from lemmata.engine.exploration.document import document
from lemmata.engine.exploration.record import LEMMA, Dismissed, Kept
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.theory import Theory
from lemmata.provers.exploration import explore

ORDER = """
theory order
sort N = 0 | s(N)
op + : N, N -> N  infix 50
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
define a <= b: exists p. a + p = b
"""


class Journal:
    """A record in memory that can be taken back to any moment."""

    def __init__(self, events: Sequence[Callable[[Journal], None]] = ()) -> None:
        self.kept: dict[str, Kept] = {}
        self.open: dict[str, Dismissed] = {}
        self.events = list(events)
        for event in events:
            event(self)

    def note(self, event: Callable[[Journal], None]) -> None:
        self.events.append(event)
        event(self)

    def theorems(self) -> Sequence[Kept]:
        return tuple(self.kept.values())

    def add(self, theorem: Theorem, method: str = "", cpu_seconds: float = 0.0) -> None:
        rows = [Kept(each, LEMMA) for each in with_lemmas(theorem)[:-1]]
        rows.append(Kept(theorem, method, cpu_seconds))

        def event(journal: Journal) -> None:
            for row in rows:
                journal.kept.setdefault(row.theorem.name, row)

        self.note(event)

    def credit(self, name: str, origin: str) -> None:
        raise AssertionError("nobody proposes here")

    def dismissed(self) -> Mapping[str, Dismissed]:
        return dict(self.open)

    def dismiss(self, statements: Iterable[Dismissed]) -> None:
        rows = {each.statement: each for each in statements}
        self.note(lambda journal: journal.open.update(rows))


def _timeless(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _timeless(one) for key, one in value.items() if key != "cpu_seconds"}
    return [_timeless(one) for one in value] if isinstance(value, list) else value


def _found(theory: Theory, record: Journal | None = None, width: int = 1) -> Json:
    development = explore(theory, Budget(seconds=600), size=3, record=record, width=width)
    assert development.stop == "size"
    return _timeless(dict(document(development)))


@pytest.fixture(scope="module")
def theory() -> Theory:
    return parse_theory(ORDER)


@pytest.fixture(scope="module")
def whole(theory: Theory) -> tuple[Json, Journal]:
    journal = Journal()
    return _found(theory, journal), journal


@pytest.mark.parametrize("part", [0.3, 0.6])
def test_a_run_that_goes_on_ends_as_if_nothing_had_stopped_it(
    theory: Theory, whole: tuple[Json, Journal], part: float
) -> None:
    undisturbed, events = whole[0], whole[1].events
    journal = Journal(events[: int(part * len(events))])
    assert _found(theory, journal) == undisturbed
    # Nothing is proved again, and what failed is not tried again.
    assert len(journal.events) == len(events)
    assert journal.kept.keys() == whole[1].kept.keys()


def test_statements_tried_side_by_side_end_as_one_after_the_other(
    theory: Theory, whole: tuple[Json, Journal]
) -> None:
    assert _found(theory, width=8) == whole[0]


def test_no_statement_is_proved_twice(whole: tuple[Json, Journal]) -> None:
    clauses = [kept.theorem.statement.clauses for kept in whole[1].kept.values()]
    assert len(set(clauses)) == len(clauses)


@pytest.mark.parametrize("before", [0, 1, 31_337, 5_000_003, 12_345_678_901])
def test_metered_time_does_not_depend_on_earlier_work(before: int) -> None:
    meter = Meter(before)
    clock = meter.start(Budget(seconds=0.01))
    clock.charge(399)
    assert not clock.is_over
    clock.charge(1)
    assert clock.is_over
    assert clock.spent == 0.01
