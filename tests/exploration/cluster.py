"""A dask scheduler with workers on this machine's loopback, as processes that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cluster:
    """A running cluster: the scheduler's address and the processes of its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]

    def kill(self, number: int) -> None:
        """Ends a worker without a word."""
        self.workers[number].send_signal(signal.SIGKILL)
        self.workers[number].wait()

    def wait_for(self, workers: int) -> None:
        """Waits until the scheduler knows of exactly so many workers."""
        from dask.distributed import Client

        with Client(self.address, timeout=120, set_as_default=False) as client:
            while len(client.scheduler_info(n_workers=-1)["workers"]) != workers:
                time.sleep(0.05)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A scheduler and so many workers, all ended with the block."""
    file = folder / "scheduler.json"
    scheduler = _start("dask_scheduler", "--port", "0", "--scheduler-file", file)
    running: list[subprocess.Popen[bytes]] = []
    try:
        while not file.exists() or not file.read_text():
            assert scheduler.poll() is None, "the scheduler did not start"
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        options = (address, "--nthreads", "1", "--no-nanny", "--local-directory", folder)
        running += [_start("dask_worker", *options) for _ in range(workers)]
        found = Cluster(address, running)
        found.wait_for(workers)
        yield found
    finally:
        for process in (*running, scheduler):
            process.kill()
            process.wait()


def _start(command: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
    module = f"distributed.cli.{command}"
    return subprocess.Popen(
        [sys.executable, "-m", module, "--host", "127.0.0.1", "--no-dashboard", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "120s"},
    )
