"""Sweeps: complete, exact for every member of a class, and indifferent to kills."""

from __future__ import annotations

import math
import os
import random
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.engine.budget import Budget
from lemmata.engine.errors import UsageError
from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.classes import count
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.label import label
from lemmata.engine.formulas.limit import Limit
from lemmata.engine.formulas.metrics import METRIC_NAMES
from lemmata.engine.formulas.shard import sound_shards, tally
from lemmata.engine.formulas.sweep import Progress, sweep

SMALL = Box(1, 1, -2, 2)


def rows(folder: Path) -> list[dict[str, object]]:
    return pa.concat_tables([pq.read_table(p) for p in sound_shards(folder)]).to_pylist()


@given(st.integers(0, 2), st.integers(0, 2), st.integers(-4, 1), st.integers(1, 4))
@settings(max_examples=12, deadline=None)
def test_every_pair_belongs_to_exactly_one_representative(
    degree_a: int, degree_b: int, low: int, high: int
) -> None:
    if low == high == 0 or Box(degree_a, degree_b, low, high).size > 4000:
        return
    box = Box(degree_a, degree_b, low, high)
    covered: list[tuple[object, object]] = []
    for a in box.leaders():
        for b in box.polynomials(degree_b):
            for c in box.members(a, b) or ():
                covered.append((tuple(c * x for x in a), tuple(c * c * x for x in b)))
    everything = {(a, b) for a in box.polynomials(degree_a) for b in box.polynomials(degree_b)}
    assert len(covered) == len(set(covered))
    assert set(covered) == everything


def test_a_sweep_holds_every_formula_once_with_its_own_numbers(tmp_path: Path) -> None:
    seen: list[Progress] = []
    outcome = sweep(SMALL, tmp_path, depth=400, digits=30, per_shard=3, report=seen.append)
    found = rows(tmp_path)
    assert outcome.complete
    assert outcome.formulas == len(found) == SMALL.size == 576
    assert len({row["formula"] for row in found}) == 576
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].done == 576
    counts = asdict(count(SMALL))
    assert tally(tmp_path) == {name: counts[name] for name in tally(tmp_path)}
    assert seen[-1].remaining == 0
    for row in random.Random(5).sample(found, 80):
        fraction = PCF(row["a"], row["b"])
        value = fraction.limit(30)
        assert row["status"] == fraction.behaviour.kind
        if isinstance(value, Limit) and value.digits == 30:
            assert row["limit"] == value.text
        measured = fraction.metrics(400)
        if row["status"] == "terminates" or measured.complex_eigenvalues:
            continue
        for name in METRIC_NAMES:
            assert row[name] == pytest.approx(
                getattr(measured, name), rel=1e-9, abs=1e-9, nan_ok=True
            ), (fraction, name)


def test_scaled_members_have_exact_gcds(tmp_path: Path) -> None:
    sweep(Box(0, 1, -4, 4), tmp_path, depth=200, digits=20)
    for row in rows(tmp_path):
        if abs(int(str(row["scale"]))) > 1 and row["status"] not in ("terminates", "oscillates"):
            measured = PCF(row["a"], row["b"]).metrics(200)
            for name in ("reduced_delta", "growth_linear", "naive_delta"):
                assert row[name] == pytest.approx(getattr(measured, name), abs=1e-9, nan_ok=True)


def test_a_sweep_goes_on_where_it_stopped(tmp_path: Path) -> None:
    first = sweep(SMALL, tmp_path, depth=200, digits=20, per_shard=2, limit_shards=3)
    assert not first.complete
    kept = {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("shard-*")}
    second = sweep(SMALL, tmp_path, depth=200, digits=20, per_shard=2)
    assert second.complete
    assert {n: (tmp_path / n).stat().st_mtime_ns for n in kept} == kept
    assert len({row["formula"] for row in rows(tmp_path)}) == SMALL.size


def test_a_budget_stops_cleanly(tmp_path: Path) -> None:
    outcome = sweep(SMALL, tmp_path, depth=200, per_shard=1, budget=Budget(seconds=0.001))
    assert not outcome.complete


@pytest.mark.parametrize("moment", [("replace", 1), ("replace", 4), ("fsync", 2)])
def test_a_kill_loses_and_doubles_nothing(tmp_path: Path, moment: tuple[str, int]) -> None:
    # The process kills itself at a moment that does not depend on the machine: before the n-th
    # file is named, or when it is written but not yet flushed.
    name, count = moment
    code = (
        "import os, signal\n"
        f"real, left = os.{name}, {count}\n"
        "def stop(*args):\n"
        "    global left\n"
        "    left -= 1\n"
        "    if not left: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(*args)\n"
        f"os.{name} = stop\n"
        "from lemmata.engine.formulas.box import Box\n"
        "from lemmata.engine.formulas.sweep import sweep\n"
        f"sweep(Box(1, 1, -1, 1), {str(tmp_path)!r}, depth=200, digits=20, per_shard=1)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    box = Box(1, 1, -1, 1)
    assert sweep(box, tmp_path, depth=200, digits=20, per_shard=1).complete
    formulas = [row["formula"] for row in rows(tmp_path)]
    assert len(formulas) == len(set(formulas)) == box.size
    assert not list(tmp_path.glob(".shard-*"))


def test_jobs_give_the_same_rows(tmp_path: Path) -> None:
    sweep(Box(0, 1, -2, 2), tmp_path / "one", depth=200, digits=20, per_shard=1)
    sweep(Box(0, 1, -2, 2), tmp_path / "two", depth=200, digits=20, per_shard=1, jobs=2)
    assert str(rows(tmp_path / "one")) == str(rows(tmp_path / "two"))


def test_a_damaged_shard_is_named_and_computed_again(tmp_path: Path) -> None:
    sweep(SMALL, tmp_path, depth=200, digits=20, per_shard=4)
    victim = tmp_path / "shard-00001.parquet"
    before = pq.read_table(victim)
    victim.write_bytes(victim.read_bytes()[:200])
    with pytest.raises(UsageError, match=r"shard-00001\.parquet is damaged"):
        sound_shards(tmp_path)
    outcome = sweep(SMALL, tmp_path, depth=200, digits=20, per_shard=4)
    assert outcome.complete
    assert [p.name for p in outcome.recomputed] == ["shard-00001.damaged"]
    assert str(pq.read_table(victim).to_pylist()) == str(before.to_pylist())


def test_a_folder_belongs_to_one_sweep(tmp_path: Path) -> None:
    sweep(Box(0, 0, -1, 1), tmp_path, depth=200)
    with pytest.raises(UsageError, match="depth is 200 there and 300 here"):
        sweep(Box(0, 0, -1, 1), tmp_path, depth=300)


def test_an_unwritable_folder_is_one_clear_error(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    with pytest.raises(UsageError, match="cannot write to"):
        sweep(Box(0, 0, -1, 1), blocker / "out", depth=200)


def test_a_folder_without_a_sweep(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no sweep"):
        sound_shards(tmp_path)


def test_vanishing_denominators_move_the_samples() -> None:
    fraction = PCF("n - 1", "n + 1")
    assert fraction.vanishing_denominators(5) == (1,)
    assert not math.isnan(fraction.delta(400))


def test_a_dask_cluster_sweeps_and_labels_alike(tmp_path: Path) -> None:
    distributed = pytest.importorskip("dask.distributed")
    box = Box(0, 1, -1, 2)
    sweep(box, tmp_path / "here", depth=200, digits=50, per_shard=1)
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=None,
    ) as local:
        address = local.scheduler_address
        assert sweep(
            box, tmp_path / "there", depth=200, digits=50, per_shard=1, cluster=address
        ).complete
        labelled = label(tmp_path / "there", cluster=address)
    assert str(rows(tmp_path / "here")) == str(rows(tmp_path / "there"))
    assert labelled == label(tmp_path / "here")
