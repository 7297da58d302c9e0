"""A real scheduler with two workers on loopback, one of them killed in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from lemmata.engine.budget import Budget
from lemmata.engine.checker import Theorem
from lemmata.engine.errors import BackendError
from lemmata.engine.executor import executor
from lemmata.engine.theory import Theory
from lemmata.engine.verdict import Proved
from lemmata.provers.workers import prove_in_waves
from lemmata.provers.workspace import Workspace

from .cluster import cluster


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_killed_worker_changes_nothing(
    tmp_path: Path, peano: Theory, proved: tuple[Theorem, ...]
) -> None:
    with cluster(tmp_path, workers=2) as found:
        with executor(cluster=found.address) as (pool, in_flight):
            assert in_flight == 4
            runs = prove_in_waves(
                Workspace(peano), peano.conjectures[:4], Budget(seconds=600), True, pool, 2
            )
            verdicts = [next(runs)[0]]
            found.kill(0)
            verdicts += [verdict for verdict, _ in runs]
        theorems = [verdict.theorem for verdict in verdicts if isinstance(verdict, Proved)]
        assert theorems == list(proved[:4])
        found.kill(1)
        found.wait_for(0)
        with pytest.raises(BackendError, match="has no workers"), executor(cluster=found.address):
            pass
