"""Where work runs, and what is said where it cannot."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lemmata.engine.errors import BackendError, UsageError
from lemmata.engine.executor import executor


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_is_done_and_its_errors_come_back(jobs: int) -> None:
    with executor(jobs) as (pool, in_flight):
        assert in_flight >= jobs
        assert [pool.submit(divmod, 7, n).result() for n in (2, 3)] == [(3, 1), (2, 1)]
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result()


def test_jobs_are_counted_from_one() -> None:
    with pytest.raises(UsageError, match="at least 1"), executor(0):
        pass


def test_a_cluster_without_dask_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'lemmata\[cluster\]'"):
        _enter("tcp://127.0.0.1:1")


def test_an_address_without_a_scheduler_is_named() -> None:
    for address in ("localhost", "localhost:80", "tcp://localhost", "tcp://localhost:no", ""):
        with pytest.raises(UsageError, match=f"'{address}' is no address of a dask scheduler"):
            _enter(address)


def test_a_port_where_nobody_listens_is_named() -> None:
    with _free_port() as port, pytest.raises(BackendError, match=f"127.0.0.1:{port}") as caught:
        _enter(f"tcp://127.0.0.1:{port}")
    assert "\n" not in str(caught.value)


def _enter(address: str) -> None:
    with executor(cluster=address):
        pass


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, and nobody listens
        yield bound.getsockname()[1]
