"""What the pages of a report show, read from a sweep's folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lemmata.engine.formulas.evidence import Evidence, evidence
from lemmata.engine.formulas.family import Family
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.growth import Integers, growth
from lemmata.engine.formulas.hypergeometric import ProvedValue, proved_value
from lemmata.engine.formulas.query import connect
from lemmata.engine.formulas.shard import read_spec
from lemmata.engine.formulas.swept import families

_PLOT_TERMS = tuple(range(1, 61))


@dataclass(frozen=True, slots=True)
class FormulaPage:
    """One formula with its row of the sweep, its curve of convergence and its proof if any."""

    fraction: PCF
    row: dict[str, Any]
    curve: tuple[tuple[int, float], ...]
    proved: ProvedValue | None

    @property
    def file(self) -> str:
        """The page's file name."""
        return page_name(self.row["formula"])


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a report shows."""

    title: str
    total: int
    statuses: tuple[tuple[str, int], ...]
    constants: tuple[tuple[str, int], ...]
    clusters: tuple[Evidence, ...]
    noise: int
    members: dict[int, list[dict[str, Any]]]
    families: tuple[Family, ...]
    formulas: tuple[FormulaPage, ...]
    map_points: list[dict[str, Any]]
    map_total: int


def page_name(formula: str) -> str:
    """A file name for a formula, the same on every machine."""
    return f"formula-{hashlib.sha256(formula.encode()).hexdigest()[:12]}.html"


def collect(folder: Path, points: int, pages: int) -> Contents:
    """Read a sweep with whatever labels and clusters it has."""
    spec = read_spec(folder)
    database = connect(folder)

    def pairs(statement: str) -> tuple[tuple[str, int], ...]:
        return tuple((str(k), int(n)) for k, n in database.execute(statement).fetchall())

    def rows(statement: str, *values: Any) -> list[dict[str, Any]]:
        result = database.execute(statement, list(values))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    statuses = pairs("SELECT status, count(*) FROM formulas GROUP BY 1 ORDER BY 2 DESC, 1")
    constants = pairs(
        "SELECT constant, count(*) FROM formulas WHERE constant IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    clustered = (folder / "clusters.parquet").exists()
    labelled = (folder / "labels.parquet").exists()
    clusters = tuple(evidence(folder)) if clustered else ()
    members: dict[int, list[dict[str, Any]]] = {item.cluster: [] for item in clusters}
    for row in rows(
        "SELECT cluster, formula, value, delta, constant, closed_form FROM formulas "
        "WHERE cluster >= 0 QUALIFY row_number() OVER (PARTITION BY cluster "
        "ORDER BY constant IS NULL, length(formula), formula) <= 200 "
        "ORDER BY cluster, constant IS NULL, length(formula), formula"
    ):
        members[row.pop("cluster")].append(row)
    noise = pairs("SELECT 'noise', count(*) FROM formulas WHERE cluster = -1")[0][1]
    usable = (
        "status NOT IN ('terminates', 'oscillates') AND NOT isnan(delta) AND NOT isnan(rate_linear)"
    )
    map_total = pairs(f"SELECT 'all', count(*) FROM formulas WHERE {usable}")[0][1]
    # A sample by a hash of the text: the same on every run, whatever the order of the shards.
    share = min(1.0, points / max(1, map_total))
    map_points = rows(
        "SELECT formula, delta, rate_linear, growth_factorial, coalesce(cluster, -1) AS cluster, constant "
        f"FROM formulas WHERE {usable} AND (constant IS NOT NULL OR "
        f"hash(formula) % 1000000 < {int(share * 1_000_000)}) ORDER BY formula LIMIT {2 * points}"
    )
    chosen = rows(
        "SELECT * FROM formulas WHERE scale = 1 AND status NOT IN ('terminates', 'oscillates') "
        "ORDER BY constant IS NULL, constant IN ('rational', 'algebraic'), length(formula), formula LIMIT ?",
        pages,
    )
    box = spec.box
    return Contents(
        f"Continued fractions: degrees ≤ {box.degree_a}, {box.degree_b}, coefficients {box.low} … {box.high}",
        sum(count for _, count in statuses),
        statuses,
        constants,
        clusters,
        noise,
        members,
        tuple(families(folder)) if labelled else (),
        tuple(_pages(chosen)),
        map_points,
        map_total,
    )


def _pages(chosen: list[dict[str, Any]]) -> list[FormulaPage]:
    if not chosen:
        return []
    sizes = growth(_matrix(chosen, "a"), _matrix(chosen, "b"), _PLOT_TERMS, 2000)
    pages = []
    for row, errors in zip(chosen, sizes.log_error, strict=True):
        fraction = PCF(row["a"], row["b"])
        curve = tuple(
            (n, float(error) / float(np.log(10)))
            for n, error in zip(_PLOT_TERMS, errors, strict=True)
            if np.isfinite(error)
        )
        pages.append(FormulaPage(fraction, row, curve, proved_value(fraction.a, fraction.b)))
    return pages


def _matrix(rows: list[dict[str, Any]], name: str) -> Integers:
    """The coefficients of all rows, highest degree first, shorter ones after zeros."""
    width = max(len(row[name]) for row in rows)
    return np.array([[0] * (width - len(row[name])) + list(row[name]) for row in rows])
