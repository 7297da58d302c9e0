"""Sweep a box: every formula measured, each class evaluated once, in shards that survive a kill."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..budget import Budget
from ..executor import completed, executor
from .box import Box
from .measure import measure_leaders
from .shard import Spec, finished, open_folder, write_shard


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is: formulas of all shards, counted when their shard is on disk.

    ``rate`` is formulas per second of this run, ``remaining`` the seconds left at that rate.
    """

    done: int
    total: int
    rate: float
    remaining: float
    shards_done: int
    shards: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """The outcome: where it is, how many formulas it holds, whether it is complete."""

    folder: Path
    formulas: int
    complete: bool
    shards: int
    recomputed: tuple[Path, ...]
    seconds: float


def sweep(
    box: Box,
    folder: Path | str,
    *,
    depth: int = 2000,
    digits: int = 80,
    jobs: int = 1,
    cluster: str | None = None,
    per_shard: int = 8,
    report: Callable[[Progress], None] | None = None,
    limit_shards: int | None = None,
    budget: Budget | None = None,
) -> Sweep:
    """Measure every formula of the box into Parquet shards below ``folder``.

    Interrupted at any moment, the same call goes on: finished shards are kept, and no formula is
    lost or doubled. ``limit_shards`` stops after so many new shards; ``budget`` stops handing out
    shards when its seconds are over (CPU seconds of this process).
    """
    target = Path(folder)
    spec = Spec(box, depth, digits, per_shard)
    open_folder(target, spec)
    leaders = box.leaders()
    groups = [leaders[i : i + per_shard] for i in range(0, len(leaders), per_shard)]
    done, recomputed = finished(target, len(groups))
    todo = [i for i in range(len(groups)) if i not in done]
    planned = todo if limit_shards is None else todo[:limit_shards]
    started = time.monotonic()
    clock = budget.start() if budget is not None else None
    before = sum(done.values())
    calls = (
        (index, (str(target), index, spec, groups[index]))
        for index in planned
        if not (clock and clock.is_over)
    )
    with executor(jobs, cluster) as (pool, in_flight):
        for index, rows in completed(pool, in_flight, _compute, calls):
            done[index] = rows
            if report is not None:
                report(_progress(box, done, before, started, len(groups)))
    return Sweep(
        target,
        sum(done.values()),
        len(done) == len(groups),
        len(groups),
        tuple(recomputed),
        time.monotonic() - started,
    )


def _compute(folder: str, index: int, spec: Spec, leaders: list[tuple[int, ...]]) -> int:
    table = measure_leaders(spec.box, leaders, spec.depth, spec.digits)
    write_shard(Path(folder), index, table)
    return int(table.num_rows)


def _progress(box: Box, done: dict[int, int], before: int, started: float, shards: int) -> Progress:
    now = sum(done.values())
    rate = (now - before) / max(1e-9, time.monotonic() - started)
    remaining = (box.size - now) / rate if rate > 0 else float("inf")
    return Progress(now, box.size, rate, remaining, len(done), shards)
