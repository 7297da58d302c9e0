"""Where work runs: in this process, in a pool of processes, or on a cluster, by one interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from socket import create_connection
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .errors import BackendError, UsageError

Key = TypeVar("Key")


class Serial(Executor):
    """An executor that computes at once in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Runs now; the future is done when this returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def executor(jobs: int = 1, cluster: str | None = None) -> Iterator[tuple[Executor, int]]:
    """The executor for so many jobs, and how many tasks to keep in flight.

    ``cluster`` is the address of a dask scheduler, such as tcp://host:8786; what a worker was doing
    when it died is done again by another one. ``UsageError`` without dask or for an address that is
    none, ``BackendError`` if no scheduler answers there or it has no workers.

    >>> with executor() as (pool, in_flight):
    ...     pool.submit(sum, (1, 2)).result()
    3
    """
    if jobs < 1:
        raise UsageError(f"jobs must be at least 1, found {jobs}")
    if cluster is not None:
        with _cluster(cluster) as found:
            yield found
    elif jobs == 1:
        yield Serial(), 1
    else:
        # Loaded only where processes are wanted: it takes as long as a small theory.
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            try:
                yield pool, 2 * jobs
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def completed(
    pool: Executor,
    in_flight: int,
    compute: Callable[..., Any],
    calls: Iterable[tuple[Key, tuple[Any, ...]]],
) -> Iterator[tuple[Key, Any]]:
    """The key and the result of each call, as it ends; at most ``in_flight`` run at a time.

    ``calls`` is drawn from only when there is room, so it may end early where time is over.

    >>> with executor() as (pool, in_flight):
    ...     dict(completed(pool, in_flight, pow, ((n, (n, 2)) for n in range(4))))
    {0: 0, 1: 1, 2: 4, 3: 9}
    """
    waiting = iter(calls)
    running: dict[Future[Any], Key] = {}
    while True:
        while len(running) < in_flight and (following := next(waiting, None)) is not None:
            key, arguments = following
            running[pool.submit(compute, *arguments)] = key
        if not running:
            return
        for task in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(task), task.result()


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from dask.distributed import Client
    except ImportError:
        raise UsageError(
            "a cluster needs dask; install it with: pip install 'lemmata[cluster]'"
        ) from None
    place = urlsplit(address)
    try:
        known = bool(place.scheme and place.hostname and place.port)
    except ValueError:
        known = False
    if not known:
        raise UsageError(
            f"'{address}' is no address of a dask scheduler; write it like tcp://host:8786"
        )
    try:
        # The client would go on asking for all its time where nobody listens.
        create_connection((place.hostname, place.port), timeout=10).close()
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BackendError(f"no dask scheduler answers at {address}: {reason}") from None
    with client:
        cores = client.ncores().values()  # pyright: ignore[reportAttributeAccessIssue]
        if not cores:
            raise BackendError(
                f"the dask scheduler at {address} has no workers; start some with: "
                f"dask worker {address}"
            )
        yield client.get_executor(), max(2, 2 * sum(cores))
