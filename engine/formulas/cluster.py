"""Density clustering of a sweep by its metrics, and what the members of a cluster have in common.

Each class under sign and scaling is one point. Points are sorted by their values before they are
clustered, so the result does not depend on the order of rows, and HDBSCAN draws no random numbers.
Metrics are put on one scale by their median and interquartile range. Noise is cluster −1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ..errors import UsageError
from .metrics import METRIC_NAMES
from .shard import sound_shards, write_table

DEFAULT_METRICS = ("reduced_delta", "growth_linear", "growth_factorial", "rate_linear")
CLUSTERS = "clusters.parquet"
_FEW = 10_000
"""So many points are clustered before the faster algorithm has compiled itself."""

SCHEMA = pa.schema(
    [("formula", pa.string()), ("cluster", pa.int32()), ("probability", pa.float32())]
)


@dataclass(frozen=True, slots=True)
class Clustering:
    """The outcome of clustering: how many points, clusters, and points left as noise.

    ``skipped`` counts points with an undefined metric, which take no part.
    """

    metrics: tuple[str, ...]
    points: int
    clusters: int
    noise: int
    skipped: int
    formulas: int
    sizes: tuple[int, ...]


def cluster(
    folder: Path | str,
    *,
    metrics: Sequence[str] = DEFAULT_METRICS,
    min_size: int = 20,
    min_samples: int = 5,
    within: int | None = None,
) -> Clustering:
    """Cluster the formulas of a sweep by the metrics and write the clusters into its folder.

    With ``within``, only that cluster of the last clustering is split further, by these metrics;
    its parts get new numbers and the rest keeps theirs.
    """
    target = Path(folder)
    paths = sound_shards(target)
    _check(metrics, min_size, min_samples)
    table = _points(paths, metrics)
    earlier = read_clusters(target) if within is not None else None
    if earlier is not None:
        table = _only(table, earlier, within)
    values = np.stack([table[name].to_numpy(zero_copy_only=False) for name in metrics], axis=1)
    usable = np.asarray(np.isfinite(values).all(axis=1), dtype=np.bool_)
    points, owner = _distinct(table, usable)
    if len(points) <= min_size:
        raise UsageError(
            f"only {len(points)} points have all of {', '.join(metrics)}; "
            f"clustering needs more than the least size {min_size}"
        )
    labels, probabilities = density_clusters(values[points], min_size, min_samples)
    cluster_of = np.where(owner >= 0, labels[owner], -1)
    probability = np.where(owner >= 0, probabilities[owner], 0.0)
    result = pa.table(
        {
            "formula": table["formula"],
            "cluster": pa.array(cluster_of, pa.int32()),
            "probability": pa.array(probability, pa.float32()),
        },
        schema=SCHEMA,
    )
    if earlier is not None:
        result = _merged(earlier, result)
    write_table(target / CLUSTERS, result)
    found = int(labels.max()) + 1
    return Clustering(
        tuple(metrics),
        len(points),
        found,
        int((labels == -1).sum()),
        int((~usable).sum()),
        table.num_rows,
        tuple(int((labels == k).sum()) for k in range(found)),
    )


def density_clusters(
    values: NDArray[np.float64], min_size: int, min_samples: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cluster numbers (−1 for noise) and membership strengths, whatever the order of the points.

    Clusters are numbered by size, the largest first; equal sizes by their least point.
    """
    spread = np.subtract(*np.percentile(values, [75, 25], axis=0))
    spread = np.where(spread > 0, spread, np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0))
    # Rounded, so that equal metrics that differ in the last bit are equal points.
    scaled = np.round((values - np.median(values, axis=0)) / spread, 9)
    scaled = np.clip(scaled, -50, 50)
    order = np.lexsort(scaled.T[::-1])
    hdbscan = compiled_hdbscan if len(values) <= _FEW else fast_hdbscan
    raw, strength = hdbscan(scaled[order], min_size, min_samples)
    names, first, sizes = np.unique(raw[raw >= 0], return_index=True, return_counts=True)
    ranked = sorted(range(len(names)), key=lambda i: (-sizes[i], first[i]))
    number = {int(names[i]): rank for rank, i in enumerate(ranked)}
    labels = np.empty(len(values), dtype=np.int64)
    labels[order] = [number.get(int(k), -1) for k in raw]
    probabilities = np.empty(len(values))
    probabilities[order] = strength
    return labels, probabilities


def fast_hdbscan(
    points: NDArray[np.float64], min_size: int, min_samples: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """HDBSCAN in time n·log n; compiles itself for most of a minute at its first use."""
    from fast_hdbscan import HDBSCAN

    model = HDBSCAN(min_cluster_size=min_size, min_samples=min_samples)
    raw = model.fit_predict(points)
    return np.asarray(raw, dtype=np.int64), np.asarray(model.probabilities_, dtype=np.float64)


def compiled_hdbscan(
    points: NDArray[np.float64], min_size: int, min_samples: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The same clusters in time n², ready at once."""
    from sklearn.cluster import HDBSCAN

    # Here a point counts as a neighbour of its own.
    model = HDBSCAN(min_cluster_size=min_size, min_samples=min_samples + 1, copy=True)  # pyright: ignore[reportArgumentType]
    raw = model.fit_predict(points)
    return np.asarray(raw, dtype=np.int64), np.asarray(model.probabilities_, dtype=np.float64)


def read_clusters(folder: Path) -> pa.Table:
    """The clusters of a sweep; one clear error where there are none."""
    path = folder / CLUSTERS
    if not path.exists():
        raise UsageError(
            f"{folder} has no clusters yet; make them with: lemmata pcf cluster {folder}"
        )
    return pq.read_table(path)


def _check(metrics: Sequence[str], min_size: int, min_samples: int) -> None:
    for name in metrics:
        if name not in METRIC_NAMES:
            raise UsageError(f"there is no metric '{name}'; there are {', '.join(METRIC_NAMES)}")
    if not metrics or min_size < 2 or min_samples < 1:
        raise UsageError("clustering needs a metric, a least size ≥ 2 and least samples ≥ 1")


def _points(paths: list[Path], metrics: Sequence[str]) -> pa.Table:
    """Formulas that converge, with their class and the metrics chosen."""
    columns = ["formula", "class_a", "class_b", "status", *dict.fromkeys(metrics)]
    tables = []
    for path in paths:
        table = pq.read_table(path, columns=columns)
        status = table["status"].cast(pa.string()).to_numpy(zero_copy_only=False)
        tables.append(table.filter(pa.array(~np.isin(status, ["terminates", "oscillates"]))))
    return pa.concat_tables(tables)


def _distinct(
    table: pa.Table, usable: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first usable row of each class, and for every row its point (−1 without metrics)."""
    seen: dict[Any, int] = {}
    points: list[int] = []
    owner = np.full(table.num_rows, -1, dtype=np.int64)
    at = 0
    for batch in table.select(["class_a", "class_b"]).to_batches(max_chunksize=65536):
        for a, b in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if usable[at]:
                key = (*a, None, *b)
                if key not in seen:
                    seen[key] = len(points)
                    points.append(at)
                owner[at] = seen[key]
            at += 1
    return np.array(points, dtype=np.int64), owner


def _only(table: pa.Table, clusters: pa.Table, within: int | None) -> pa.Table:
    numbers = clusters["cluster"].to_numpy(zero_copy_only=False)
    names = set(clusters["formula"].filter(pa.array(numbers == within)).to_pylist())
    if not names:
        raise UsageError(f"there is no cluster {within}")
    return table.filter(pa.array([name in names for name in table["formula"].to_pylist()]))


def _merged(earlier: pa.Table, parts: pa.Table) -> pa.Table:
    numbers = earlier["cluster"].to_numpy(zero_copy_only=False)
    beyond = int(numbers.max()) + 1
    renewed = {
        formula: (k + beyond if k >= 0 else -1, strength)
        for formula, k, strength in zip(
            *(parts[name].to_pylist() for name in SCHEMA.names), strict=True
        )
    }
    rows = [
        renewed.get(formula, (k, strength))
        for formula, k, strength in zip(
            *(earlier[name].to_pylist() for name in SCHEMA.names), strict=True
        )
    ]
    return pa.table(
        {
            "formula": earlier["formula"],
            "cluster": [k for k, _ in rows],
            "probability": [strength for _, strength in rows],
        },
        schema=SCHEMA,
    )
