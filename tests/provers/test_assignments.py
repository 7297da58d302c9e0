"""Assignments of values to variables: few, reproducible, whatever the number of sorts."""

from __future__ import annotations

from collections.abc import Hashable

from lemmata.engine.exploration.enumeration import assignments
from lemmata.engine.term import Var


class _Digits:
    def values(self, sort: str, count: int) -> tuple[Hashable, ...]:
        return tuple(range(count))

    def apply(self, symbol: str, args: tuple[Hashable, ...]) -> Hashable | None:
        return None

    def holds(self, predicate: str, args: tuple[Hashable, ...]) -> bool | None:
        return None

    def written(self, value: Hashable, sort: str) -> str:
        return str(value)


def test_fifty_variables_are_sampled_without_listing_all_their_values() -> None:
    names = [Var(f"x{n}", f"S{n % 17}") for n in range(50)]
    given = assignments([_Digits()], names, count=40)
    assert given.rows[0] == (0,) * 50
    assert 30 <= given.core <= 40
    assert given.rows == assignments([_Digits()], names, count=40).rows
