"""What backs a cluster: members related to constants, and to each other without any constant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import flint
from flint import arb

from .cluster import read_clusters
from .label import LABELS, read_ball
from .query import connect
from .relation import integer_relation


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cluster with its members tested.

    ``constants`` counts labelled members by constant; ``related`` counts members whose value is a
    Möbius image of the anchor's, found without any constant, with the least number of digits
    beyond cost among them; ``relations`` lists a few as (formula, (γ, δ, α, β)) with
    γ·L·A + δ·L + α·A + β = 0, where A is the anchor's value.
    """

    cluster: int
    size: int
    tested: int
    constants: tuple[tuple[str, int], ...]
    anchor: str
    related: int
    least_margin: float
    relations: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def is_validated(self) -> bool:
        """Whether at least two members, and half of those tested, are tied to one constant."""
        best = max((count for _, count in self.constants), default=0)
        return max(best, self.related + 1) >= 2 and 2 * max(best, self.related + 1) >= self.tested


def evidence(folder: Path | str, *, members: int = 24) -> list[Evidence]:
    """The evidence of every cluster, testing up to so many members of each."""
    target = Path(folder)
    read_clusters(target)
    connection = connect(target)
    numbers = connection.execute(
        "SELECT cluster, count(*) FROM formulas WHERE cluster >= 0 GROUP BY cluster ORDER BY cluster"
    ).fetchall()
    return [_of(connection, target, int(k), int(size), members) for k, size in numbers]


def _of(
    connection: duckdb.DuckDBPyConnection, folder: Path, number: int, size: int, members: int
) -> Evidence:
    rows = connection.execute(
        "SELECT formula, value, digits FROM formulas WHERE cluster = ? AND scale = 1 "
        "ORDER BY length(formula), formula LIMIT ?",
        [number, members],
    ).fetchall()
    constants: tuple[tuple[str, int], ...] = ()
    if (folder / LABELS).exists():
        names = [row[0] for row in rows]
        found = connection.execute(
            "SELECT constant, count(*) FROM formulas WHERE constant IS NOT NULL AND "
            "list_contains(?, formula) GROUP BY constant ORDER BY 2 DESC, 1",
            [names],
        ).fetchall()
        constants = tuple((str(name), int(count)) for name, count in found)
    usable = [row for row in rows if row[2] >= 40]
    if not usable:
        return Evidence(number, size, 0, constants, "", 0, 0.0, ())
    anchor = usable[0]
    relations: list[tuple[str, tuple[int, ...], float]] = []
    for other in usable[1:]:
        relation = _between(anchor, other)
        if relation is not None:
            relations.append((other[0], relation.coefficients, relation.margin))
    return Evidence(
        number,
        size,
        len(usable),
        constants,
        anchor[0],
        len(relations),
        min((margin for *_, margin in relations), default=0.0),
        tuple((formula, coefficients) for formula, coefficients, _ in relations[:6]),
    )


def _between(anchor: Any, other: Any) -> Any | None:
    digits = min(anchor[2], other[2]) - 4
    with flint.ctx.workprec(int(digits * 3.33) + 96):
        one, two = read_ball(anchor[1], anchor[2]), read_ball(other[1], other[2])
        return integer_relation([two * one, two, one, arb(1)], digits)
