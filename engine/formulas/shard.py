"""Shards of a sweep on disk: Parquet files that appear whole or not at all, and a manifest."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import UsageError
from .box import Box
from .metrics import METRIC_NAMES

_MANIFEST = "sweep.json"
_VERSION = 2

SCHEMA = pa.schema(
    [
        ("formula", pa.string()),
        ("a", pa.list_(pa.int64())),
        ("b", pa.list_(pa.int64())),
        ("status", pa.dictionary(pa.int8(), pa.string())),
        ("limit", pa.string()),
        ("digits", pa.int32()),
        ("accelerated", pa.bool_()),
        ("complex_eigenvalues", pa.bool_()),
        ("class_a", pa.list_(pa.int64())),
        ("class_b", pa.list_(pa.int64())),
        ("scale", pa.int64()),
        *((name, pa.float64()) for name in METRIC_NAMES),
    ]
)
"""One row a formula. (class_a, class_b) represents its class under sign and scaling; the value is
``scale`` times the representative's. ``digits`` counts certain decimals of ``limit``, −1 for none."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a sweep computes; a folder belongs to exactly one."""

    box: Box
    depth: int
    digits: int
    per_shard: int

    def as_json(self) -> dict[str, Any]:
        """The specification as it stands in the manifest."""
        return {"version": _VERSION, **asdict(self)}


def open_folder(folder: Path, spec: Spec) -> None:
    """Create the folder and its manifest, or check that they belong to this sweep."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = folder / _MANIFEST
        if manifest.exists():
            found = _read_manifest(manifest)
            if found != spec.as_json():
                raise UsageError(
                    f"{folder} holds another sweep: {_difference(found, spec.as_json())}; "
                    "choose another folder, or give the same options to resume"
                )
            return
        write_whole(manifest, json.dumps(spec.as_json(), indent=2).encode())
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None


def read_spec(folder: Path) -> Spec:
    """The specification of the sweep in a folder."""
    manifest = folder / _MANIFEST
    if not manifest.exists():
        raise UsageError(
            f"{folder} holds no sweep (there is no {_MANIFEST}); make one with: lemmata pcf sweep"
        )
    found = _read_manifest(manifest)
    return Spec(Box(**found["box"]), found["depth"], found["digits"], found["per_shard"])


def shard_path(folder: Path, index: int) -> Path:
    """Where a shard is kept."""
    return folder / f"shard-{index:05}.parquet"


def write_shard(folder: Path, index: int, table: pa.Table) -> None:
    """Write a shard so that it exists complete or not at all, whenever the process is killed."""
    write_table(shard_path(folder, index), table)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file atomically: to a hidden file first, then renamed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as sink:
            pq.write_table(table, sink, compression="zstd")
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file atomically."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def finished(folder: Path, count: int) -> tuple[dict[int, int], list[Path]]:
    """The rows of each complete shard by its index, and damaged files set aside to be computed again."""
    done: dict[int, int] = {}
    damaged: list[Path] = []
    for left in folder.glob(".shard-*"):
        left.unlink(missing_ok=True)
    for index in range(count):
        path = shard_path(folder, index)
        if not path.exists():
            continue
        if is_sound(path):
            done[index] = int(pq.read_metadata(path).num_rows)
        else:
            aside = path.with_suffix(".damaged")
            path.replace(aside)
            damaged.append(aside)
    return done, damaged


def is_sound(path: Path) -> bool:
    """Whether a shard's footer, schema and data pages can be read."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError):
        return False
    return bool(table.schema.names == SCHEMA.names)


def sound_shards(folder: Path) -> list[Path]:
    """All shards of a folder; one clear error names a damaged one."""
    read_spec(folder)
    paths = sorted(folder.glob("shard-*.parquet"))
    for path in paths:
        try:
            pq.read_metadata(path)
        except (pa.ArrowException, OSError):
            raise UsageError(
                f"{path} is damaged; run the same `lemmata pcf sweep` again, it computes only what "
                "is missing and sets the damaged file aside"
            ) from None
    if not paths:
        raise UsageError(f"{folder} holds no finished shard yet; run `lemmata pcf sweep` to go on")
    return paths


def tally(folder: Path) -> dict[str, int]:
    """How many formulas on disk terminate, have complex eigenvalues, and do neither."""
    counts = {"terminating": 0, "complex_eigenvalues": 0, "remaining": 0}
    for path in sound_shards(folder):
        table = pq.read_table(path, columns=["status", "complex_eigenvalues"])
        stops = table["status"].cast(pa.string()).to_numpy(zero_copy_only=False) == "terminates"
        turns = table["complex_eigenvalues"].to_numpy(zero_copy_only=False) & ~stops
        counts["terminating"] += int(stops.sum())
        counts["complex_eigenvalues"] += int(turns.sum())
        counts["remaining"] += table.num_rows
    counts["remaining"] -= counts["terminating"] + counts["complex_eigenvalues"]
    return counts


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
        Box(**found["box"])
        return dict(found)
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is damaged: it is not the manifest of a sweep") from None


def _difference(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    return ", ".join(
        f"{key} is {found.get(key)} there and {wanted[key]} here"
        for key in wanted
        if found.get(key) != wanted[key]
    )
