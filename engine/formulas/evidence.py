"""What backs a cluster: members related to constants, and to each other without any constant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import flint
from flint import arb

from .cluster import read_clusters
from .label import read_ball
from .query import connect
from .relation import Relation, integer_relation


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cluster with its members tested.

    ``labelled`` counts all labelled members by constant, ``constants`` those among the members
    tested; ``related`` counts members whose value is a
    Möbius image of the anchor's, found without any constant, with the least number of digits
    beyond cost among them; ``relations`` lists a few as (formula, (γ, δ, α, β)) with
    γ·L·A + δ·L + α·A + β = 0, where A is the anchor's value.
    """

    cluster: int
    size: int
    labelled: tuple[tuple[str, int], ...]
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
    sizes = connection.execute(
        "SELECT cluster, count(*) FROM formulas WHERE cluster >= 0 GROUP BY cluster ORDER BY cluster"
    ).fetchall()
    labelled: dict[int, list[tuple[str, int]]] = {}
    for cluster, constant, count in connection.execute(
        "SELECT cluster, constant, count(*) FROM formulas WHERE cluster >= 0 "
        "AND constant IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 2"
    ).fetchall():
        labelled.setdefault(cluster, []).append((constant, count))
    chosen: dict[int, list[_Member]] = {}
    for cluster, *member in connection.execute(
        "SELECT cluster, formula, value, digits, constant FROM formulas "
        "WHERE cluster >= 0 AND scale = 1 QUALIFY row_number() OVER "
        "(PARTITION BY cluster ORDER BY length(formula), formula) <= ? "
        "ORDER BY cluster, length(formula), formula",
        [members],
    ).fetchall():
        chosen.setdefault(cluster, []).append(_Member(*member))
    return [
        _of(int(cluster), int(size), tuple(labelled.get(cluster, ())), chosen.get(cluster, []))
        for cluster, size in sizes
    ]


class _Member(NamedTuple):
    formula: str
    value: str
    digits: int
    constant: str | None


def _of(
    number: int, size: int, labelled: tuple[tuple[str, int], ...], members: list[_Member]
) -> Evidence:
    counts = Counter(member.constant for member in members if member.constant is not None)
    constants = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    usable = [member for member in members if member.digits >= 40]
    if not usable:
        return Evidence(number, size, labelled, 0, constants, "", 0, 0.0, ())
    anchor = usable[0]
    relations: list[tuple[str, tuple[int, ...], float]] = []
    for other in usable[1:]:
        relation = _between(anchor, other)
        if relation is not None:
            relations.append((other.formula, relation.coefficients, relation.margin))
    return Evidence(
        number,
        size,
        labelled,
        len(usable),
        constants,
        anchor.formula,
        len(relations),
        min((margin for *_, margin in relations), default=0.0),
        tuple((formula, coefficients) for formula, coefficients, _ in relations[:6]),
    )


def _between(anchor: _Member, other: _Member) -> Relation | None:
    digits = min(anchor.digits, other.digits) - 4
    with flint.ctx.workprec(int(digits * 3.33) + 96):
        one, two = read_ball(anchor.value, anchor.digits), read_ball(other.value, other.digits)
        return integer_relation([two * one, two, one, arb(1)], digits)
