"""Foreign code runs here: in processes of its own, confined, timed, and replaceable at any moment.

A ``Sandbox`` keeps warm nurseries (see ``worker``); a ``Program`` is one source text loaded into
a worker. Whatever the program does, each call ends in an ``Outcome``, and the next call works.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from ...engine.errors import BackendError, UsageError
from ...engine.synthesis.outcome import Kind, Outcome
from . import wire
from .bytecode import packed
from .nursery import Channel, Closed, Limits, Nursery

__all__ = ["Limits", "Program", "Sandbox"]


class Sandbox:
    """A pool of warm, confined processes; use as a context manager, or share ``Sandbox.shared()``.

    ``without`` names layers to leave out (``namespaces``, ``landlock``, ``seccomp``), for tests
    of how the others hold alone.

    >>> with Sandbox() as sandbox, sandbox.load("def f(x): return 10 // x", "f") as program:
    ...     program.call(3), program.call(0)
    (returned 3, raised ZeroDivisionError('integer division or modulo by zero'))
    """

    _shared: Sandbox | None = None

    def __init__(self, limits: Limits | None = None, *, without: tuple[str, ...] = ()) -> None:
        if not sys.platform.startswith("linux"):
            raise UsageError("the sandbox needs Linux: foreign code is not run unconfined")
        self.limits = limits or Limits()
        self._without = without
        self._idle: list[Nursery] = []
        self._used: list[Nursery] = []
        self._owner = os.getpid()

    @classmethod
    def shared(cls) -> Sandbox:
        """The sandbox of this process, started when first needed and ended with the process."""
        if cls._shared is None or cls._shared._owner != os.getpid():
            cls._shared = cls()
            atexit.register(cls._shared.close)
        return cls._shared

    def load(self, source: str, name: str, limits: Limits | None = None) -> Program:
        """A program in a worker of its own, its source executed once."""
        return Program(self, source, name, limits or self.limits)

    def layers(self) -> dict[str, str]:
        """Each layer of confinement and whether it holds here: ``on`` or ``off: reason``."""
        nursery = self._take()
        self._give(nursery)
        return dict(nursery.layers)

    def warm(self, count: int = 4) -> None:
        """Have so many workers stand ready, each in a nursery of its own, for programs to come.

        A difference takes four: one a program, and a fresh one for each to replay it. Whoever
        serves requests calls this between them.
        """
        while len(self._idle) < count:
            self._idle.append(Nursery(self.limits, self._without))
        chosen = self._idle[-count:]
        for nursery in chosen:
            nursery.prepare()
        for nursery in chosen:
            nursery.is_ready()

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds of all its processes so far: their starts, loading, calls, ends."""
        return sum(nursery.cpu_seconds for nursery in (*self._idle, *self._used))

    def close(self) -> None:
        """End all idle processes; programs still open end when they are closed."""
        if self._owner == os.getpid():
            while self._idle:
                self._idle.pop().stop()

    def _take(self) -> Nursery:
        """A nursery for one program, if possible one whose worker stands ready."""
        place = next((n for n, idle in enumerate(self._idle) if idle.is_ready()), -1)
        taken = self._idle.pop(place) if self._idle else Nursery(self.limits, self._without)
        self._used.append(taken)
        return taken

    def _give(self, nursery: Nursery) -> None:
        self._used.remove(nursery)
        self._idle.append(nursery)

    def _discard(self, nursery: Nursery) -> None:
        """A nursery that does not answer any more."""
        self._used.remove(nursery)
        nursery.stop()

    @property
    def _is_prepared(self) -> bool:
        return any(nursery.is_ready() for nursery in self._idle)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def encoded(calls: Sequence[tuple[object, ...]]) -> list[list[wire.Json]]:
    """The calls as they are sent; ``UsageError`` for what cannot be."""
    try:
        return [list(map(wire.encode, arguments)) for arguments in calls]
    except wire.TooLarge as error:
        raise UsageError("an argument is too large or refers to itself") from error


@dataclass(slots=True)
class Program:
    """One source text in a worker. ``call`` and ``run`` always answer, with named outcomes.

    Calls of one program share the worker's memory, as calls of a module do; ``restart`` gives a
    fresh one. ``cpu_seconds`` counts what the calls used, ``calls`` how many there were.
    """

    sandbox: Sandbox
    source: str
    name: str
    limits: Limits
    cpu_seconds: float = 0.0
    calls: int = 0
    _nursery: Nursery | None = None
    _channel: Channel | None = None
    _pending: list[list[wire.Json]] = field(default_factory=list)
    _options: tuple[float, bool] = (1.0, False)
    _is_loading: bool = False
    _together: bool = True
    """Whether outcomes may come in groups: as long as no call has ended or garbled a worker."""

    def call(self, *arguments: object, seconds: float | None = None) -> Outcome:
        """The outcome of one call."""
        return self.run([arguments], seconds=seconds)[0]

    def run(
        self,
        calls: Sequence[tuple[object, ...]],
        *,
        seconds: float | None = None,
        trace: bool = False,
    ) -> list[Outcome]:
        """The outcomes of several calls, in order."""
        self.begin(calls, seconds=seconds, trace=trace)
        return [outcome for outcome, _ in self.outcomes()]

    def begin(
        self,
        calls: Sequence[tuple[object, ...]],
        *,
        seconds: float | None = None,
        trace: bool = False,
    ) -> None:
        """Hand over calls without waiting, so that two programs can run side by side."""
        self.begin_encoded(encoded(calls), seconds=seconds, trace=trace)

    def begin_encoded(
        self,
        calls: Sequence[list[wire.Json]],
        *,
        seconds: float | None = None,
        trace: bool = False,
    ) -> None:
        """The same for calls that were encoded before, for another program."""
        self._pending = list(calls)
        self._options = (seconds or self.limits.seconds, trace)
        self._send()

    def outcomes(self) -> Iterator[tuple[Outcome, frozenset[int]]]:
        """What came of the calls handed over, each with the arcs it covered when traced."""
        while self._pending:
            frame = self._receive()
            self._pending.pop(0)
            self.calls += 1
            if isinstance(frame, Outcome):
                yield frame, frozenset()
                if self._pending:
                    self._send()
            else:
                yield frame
                if frame[0].kind == "tampered":
                    self._drop(patient=False)
                    if self._pending:
                        self._send()

    @property
    def is_busy(self) -> bool:
        """Whether calls were handed over whose outcomes nobody has read."""
        return bool(self._pending)

    def restart(self) -> None:
        """Throw the worker away; the next call runs in a fresh one."""
        self._pending = []
        self._drop(patient=False)

    def close(self) -> None:
        """End the worker and give its place back."""
        self._drop(patient=False)
        if self._nursery is not None:
            nursery, self._nursery = self._nursery, None
            self.sandbox._give(nursery)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Program({self.name}, {self.calls} calls, {self.cpu_seconds:.2f} CPU s)"

    def _send(self) -> None:
        seconds, trace = self._options
        request = {
            "op": "call",
            "calls": self._pending,
            "seconds": seconds,
            "trace": trace,
            "together": self._together,
        }
        requests: list[object] = [request]
        if self._channel is None:
            self._channel = self._open()
            # Whether it could be loaded is read together with the first outcome.
            self._is_loading = True
            requests.insert(0, self._load)
        # A worker that ended meanwhile is noticed, and named, when its answer is read.
        with contextlib.suppress(OSError):
            self._channel.write(*requests)

    def _open(self) -> Channel:
        """The channel to a new worker."""
        if self._nursery is not None and self.sandbox._is_prepared:
            self.sandbox._give(self._nursery)
            self._nursery = None
        if self._nursery is None:
            self._nursery = self.sandbox._take()
        try:
            return self._nursery.spawn()
        except BackendError:
            self.sandbox._discard(self._nursery)
            self._nursery = self.sandbox._take()
            return self._nursery.spawn()

    @property
    def _load(self) -> dict[str, object]:
        return {
            "op": "load",
            "source": self.source,
            "code": packed(self.source),
            "name": self.name,
            "seconds": self._loading_seconds,
        }

    @property
    def _loading_seconds(self) -> float:
        return max(2.0, self.limits.seconds)

    def _loading_failure(self, channel: Channel) -> str:
        """Why the program cannot be called; empty if it can."""
        try:
            return str(channel.read(5 * self._loading_seconds + 2)["failure"])
        except (Closed, OSError, ValueError, KeyError, TypeError) as error:
            how = "took too long" if isinstance(error, TimeoutError) else "ended the process"
            return f"loading the program {how}"

    def _receive(self) -> Outcome | tuple[Outcome, frozenset[int]]:
        """One frame as an outcome; when the worker is lost, an outcome that says how."""
        channel = self._channel
        if channel is None:
            return Outcome("crashed", message="the worker was gone")
        if self._is_loading:
            self._is_loading = False
            if failure := self._loading_failure(channel):
                self._drop(patient=False)
                return Outcome("not loaded", message=failure)
        try:
            frame = channel.outcome(self.limits.patience, len(self._pending))
            outcome, spent, arcs = _outcome(frame)
        except (Closed, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            if self._together and len(self._pending) > 1:
                # Outcomes may have waited in the worker: which call it was shows one by one.
                self._together = False
                self._drop(patient=False)
                self._send()
                return self._receive()
            return self._broken(error)
        self.cpu_seconds += spent
        return outcome, arcs

    def _broken(self, error: Exception) -> Outcome:
        """What a call did that was not answered by an outcome."""
        match error:
            case TimeoutError():
                self.cpu_seconds += self.limits.seconds
                self._drop(patient=False)
                return Outcome("timed out")
            case Closed() | OSError():
                return self._lost()
            case _:
                self._drop(patient=False)
                return Outcome("tampered", message="the program wrote into the oracle's channel")

    def _lost(self) -> Outcome:
        status = self._drop(patient=True)
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
            kind: Kind = "timed out" if number == signal.SIGXCPU else "crashed"
            return Outcome(kind, message="" if kind == "timed out" else f"signal {name}")
        return Outcome("exited", message=f"code {os.WEXITSTATUS(status)}")

    def _drop(self, patient: bool) -> int:
        if self._channel is None or self._nursery is None:
            return 0
        channel, self._channel = self._channel, None
        try:
            # It is killed before its channel closes: it need not wake up only to end.
            return self._nursery.end_worker(patient)
        except BackendError:
            self.sandbox._discard(self._nursery)
            self._nursery = None
            return 0
        finally:
            channel.close()


_KINDS = frozenset(get_args(Kind))
_NO_ARCS: frozenset[int] = frozenset()


def _outcome(frame: Any) -> tuple[Outcome, float, frozenset[int]]:
    if len(frame) == 2:
        value, spent = frame
        return Outcome("returned", wire.decode(value)), float(spent), _NO_ARCS
    kind, value, error, message, after, printed, spent, arcs = frame
    if kind not in _KINDS:
        raise ValueError(f"unknown outcome {kind!r}")
    changed = None if after is None else tuple(wire.decode(item) for item in after)
    outcome = Outcome(kind, wire.decode(value), str(error), str(message), changed, str(printed))
    return outcome, float(spent), frozenset(map(int, arcs)) if arcs else _NO_ARCS
