"""Labels, clusters and queries over a small sweep."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pyarrow.parquet as pq
import pytest

from lemmata.engine.errors import UsageError
from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.cluster import cluster, density_clusters
from lemmata.engine.formulas.constants import constant
from lemmata.engine.formulas.evidence import evidence
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.label import label
from lemmata.engine.formulas.measure import measure_formulas
from lemmata.engine.formulas.query import export, query
from lemmata.engine.formulas.shard import Spec, open_folder, write_shard

VALUES = {
    "pi": lambda: mpmath.pi,
    "ln2": lambda: mpmath.log(2),
    "e": lambda: mpmath.e,
    "tan1": lambda: mpmath.tan(1),
    "e^2": lambda: mpmath.e**2,
}


def test_labels_are_true_and_members_of_a_class_share_them(folder: Path) -> None:
    outcome = label(folder)
    rows = pq.read_table(folder / "labels.parquet").to_pylist()
    assert outcome.labelled == len(rows) > 150
    assert outcome.expected_spurious < 1e-12
    values = {r["formula"]: r["value"] for r in query(folder, "constant is not null", rows=9999)}
    checked = 0
    with mpmath.workdps(60):
        for row in rows:
            if row["constant"] in VALUES and row["mobius"]:
                a, b, c, d = row["mobius"]
                k = VALUES[row["constant"]]()
                assert abs((a * k + b) / (c * k + d) - mpmath.mpf(values[row["formula"]])) < 1e-50
                checked += 1
    assert checked > 30
    found = {row["formula"]: row["closed_form"] for row in rows}
    assert found["2*n + 1 | n^2"] == "4/π"
    assert found["-2*n - 1 | n^2"] == "-4/π"
    assert found["1 | n^2"] == "1/(ln 2)"


def test_every_formula_with_enough_digits_is_screened(folder: Path) -> None:
    outcome = label(folder, [])
    infinite = query(folder, "status not in ('terminates', 'oscillates')", rows=9999)
    assert outcome.screened + outcome.too_few_digits == len(infinite)


def test_labelling_goes_on_where_it_stopped(folder: Path) -> None:
    whole = label(folder)
    stored = pq.read_table(folder / "labels.parquet").to_pylist()
    parts = sorted((folder / "labels").iterdir())
    kept = {part.name: part.stat().st_mtime_ns for part in parts[1:]}
    parts[0].write_bytes(parts[0].read_bytes()[:99])
    again: list[int] = []
    assert label(folder, report=lambda done, total: again.append(done)) == whole
    assert len(again) == 1
    assert {part.name: part.stat().st_mtime_ns for part in parts[1:]} == kept
    assert pq.read_table(folder / "labels.parquet").to_pylist() == stored
    # Other constants are another question: nothing kept is believed.
    assert label(folder, []).by_constant.keys() <= {"rational", "algebraic"}


def test_two_processes_label_alike(folder: Path, swept: Path) -> None:
    alone = label(folder)
    stored = pq.read_table(folder / "labels.parquet").to_pylist()
    for part in (folder / "labels").iterdir():
        part.unlink()
    assert label(folder, jobs=2) == alone
    assert pq.read_table(folder / "labels.parquet").to_pylist() == stored


def test_a_label_by_a_constant_of_ones_own(folder: Path) -> None:
    mine = constant("half pi", "pi/2")
    assert label(folder, [mine]).by_constant["half pi"] > 5


def test_clusters_do_not_depend_on_the_order_of_points() -> None:
    generator = np.random.default_rng(3)
    centres = np.array([[0, 0], [4, 0], [0, 4]])
    points = np.concatenate([c + generator.normal(0, 0.1, (60, 2)) for c in centres])
    points = np.concatenate([points, generator.uniform(-8, 8, (15, 2))])
    labels, _ = density_clusters(points, 20, 5)
    assert set(labels[:180]) >= {0, 1, 2}
    assert (labels == -1).sum() > 0
    for _ in range(3):
        order = generator.permutation(len(points))
        again, _ = density_clusters(points[order], 20, 5)
        assert (again == labels[order]).all()


SAME = """
import numpy as np
from lemmata.engine.formulas.cluster import compiled_hdbscan, fast_hdbscan
generator = np.random.default_rng(1)
knots = [generator.normal(k, 0.2, size=(40, 3)) for k in range(3)]
points = np.concatenate([*knots, generator.uniform(-5, 8, size=(40, 3))])
one, strength_one = compiled_hdbscan(points, 20, 5)
two, strength_two = fast_hdbscan(points, 20, 5)
assert len(set(one.tolist())) == len(set(zip(one.tolist(), two.tolist()))) == 4
assert np.abs(strength_one - strength_two).max() < 1e-5
"""


def test_both_clustering_algorithms_agree() -> None:
    # Without its compiler: compiling would take most of a minute.
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", SAME], check=True, env=environment)


def test_clustering_a_sweep_reports_its_noise_and_can_be_refined(folder: Path) -> None:
    label(folder)
    outcome = cluster(folder, min_size=15)
    assert outcome.clusters > 1
    assert outcome.noise + sum(outcome.sizes) == outcome.points
    stored = pq.read_table(folder / "clusters.parquet").to_pylist()
    assert len(stored) == outcome.formulas
    kept = {r["formula"]: r["cluster"] for r in stored if r["cluster"] not in (0, -1)}
    finer = cluster(folder, metrics=("rate_power", "naive_delta"), min_size=10, within=0)
    assert finer.formulas == sum(r["cluster"] == 0 for r in stored)
    after = {
        r["formula"]: r["cluster"] for r in pq.read_table(folder / "clusters.parquet").to_pylist()
    }
    assert len(after) == len(stored)
    assert all(after[name] == k for name, k in kept.items())
    collected = evidence(folder, members=6)
    assert any(item.constants for item in collected)
    for item in collected:
        for formula, coefficients in item.relations:
            _check_relation(item.anchor, formula, coefficients)


def _check_relation(anchor: str, formula: str, coefficients: tuple[int, ...]) -> None:
    with mpmath.workdps(50):
        one = mpmath.mpf(str(PCF.parse(anchor).limit(40)))
        two = mpmath.mpf(str(PCF.parse(formula).limit(40)))
        gamma, delta, alpha, beta = coefficients
        assert abs(gamma * one * two + delta * two + alpha * one + beta) < 1e-30


def test_a_condition_is_answered(folder: Path) -> None:
    label(folder)
    rows = query(folder, "constant = 'pi' and delta > -0.5", order="delta desc")
    assert rows
    assert all(row["constant"] == "pi" and row["delta"] > -0.5 for row in rows)


@pytest.mark.parametrize("condition", ["constnt = 'pi'", "delta >", "1; drop view formulas", ""])
def test_a_bad_condition_is_one_clear_error(swept: Path, condition: str) -> None:
    with pytest.raises(UsageError):
        query(swept, condition)


@pytest.mark.parametrize("suffix", ["parquet", "csv", "json"])
def test_tables_are_exported(swept: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out.{suffix}"
    count = export(swept, "status = 'geometric'", target)
    assert count == len(query(swept, "status = 'geometric'", rows=9999)) > 0
    if suffix == "json":
        assert len([json.loads(line) for line in target.read_text().splitlines()]) in (
            count,
            count + 2,
        )
    with pytest.raises(UsageError, match="written as"):
        export(swept, "true", tmp_path / "out.xlsx")


def test_unknown_metrics_and_missing_clusters_are_refused(swept: Path) -> None:
    with pytest.raises(UsageError, match="no metric 'speed'"):
        cluster(swept, metrics=("speed",))
    with pytest.raises(UsageError, match="has no clusters yet"):
        evidence(swept)


def test_coefficients_beyond_the_screening_are_found_beside_labelled_formulas(
    tmp_path: Path,
) -> None:
    # The value of the last one is 8960/(3465π − 9216), of no shorter relation.
    texts = ["3n + 5 | -2n^2 + 3n", "3n + 5 | -2n^2 + n", "3n + 5 | -2n^2 + 5n"]
    pairs = [(PCF.parse(text).a, PCF.parse(text).b) for text in texts]
    open_folder(tmp_path, Spec(Box(1, 2, -5, 5), 2000, 80, 8))
    write_shard(tmp_path, 0, measure_formulas(pairs, 2000, 80))
    outcome = label(tmp_path)
    assert outcome.largest_coefficient < 8960
    labels = {r["formula"]: r["closed_form"] for r in query(tmp_path, "constant = 'pi'")}
    assert labels["3*n + 5 | -2*n^2 + 5*n"] == "8960/(3465·π - 9216)"
