"""Foreign code runs here: in processes of its own, confined, timed, and replaceable at any moment.

A ``Sandbox`` keeps warm nurseries (see ``worker``); a ``Program`` is one source text loaded into
a worker. Whatever the program does, each call ends in an ``Outcome``, and the next call works.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ...engine.errors import BackendError, UsageError
from ...engine.synthesis.outcome import Kind, Outcome
from . import wire

_BOOT = """
import sys, types
packages = ["lemmata", "lemmata.engine", "lemmata.engine.synthesis", "lemmata.provers"]
packages.append("lemmata.provers.oracle")
for name in packages:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [{!r} + "/" + name.replace(".", "/")]
from lemmata.provers.oracle.worker import main
for name in packages:
    del sys.modules[name]
main()
"""
"""Loads the worker alone, past the packages' own imports: forking a small process is cheap."""

_STARTUP = 60.0  # wall seconds that a nursery may take to stand, on a busy machine
_FRAME = 64_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use: CPU seconds a call, wall seconds a call, bytes of memory and files.

    The wall limit is generous on purpose: a busy machine must not look like an endless loop.
    """

    seconds: float = 1.0
    wall: float | None = None
    memory: int = 512 << 20
    file_size: int = 1 << 20
    scratch: int = 16 << 20

    @property
    def patience(self) -> float:
        """Wall seconds after which a silent worker is killed."""
        return self.wall if self.wall is not None else 5 * self.seconds + 2


class _Closed(Exception):
    """The worker's end of the channel is gone."""


class _Channel:
    """Frames of JSON to and from a worker; what has arrived is read at once, however many frames."""

    def __init__(self, ours: socket.socket) -> None:
        self.socket = ours
        self.arrived = bytearray()

    def write(self, value: object) -> None:
        """Send one frame."""
        data = json.dumps(value, separators=(",", ":")).encode()
        self.socket.settimeout(None)
        self.socket.sendall(struct.pack("!I", len(data)) + data)

    def read(self, patience: float) -> Any:
        """The next frame; ``TimeoutError`` where the worker is silent for so long."""
        (length,) = struct.unpack("!I", self._exactly(4, patience))
        if length > _FRAME:
            raise ValueError("a frame larger than any outcome")
        return json.loads(self._exactly(length, patience))

    def _exactly(self, count: int, patience: float) -> bytes:
        arrived = self.arrived
        if len(arrived) < count:
            self.socket.settimeout(patience)
        while len(arrived) < count:
            part = self.socket.recv(1 << 18)
            if not part:
                raise _Closed
            arrived += part
        found = bytes(arrived[:count])
        del arrived[:count]
        return found

    def close(self) -> None:
        """Give the channel up."""
        self.socket.close()


class _Nursery:
    """One confined process that starts workers; at most one worker lives at a time."""

    def __init__(self, limits: Limits, without: tuple[str, ...]) -> None:
        ours, theirs = socket.socketpair()
        self.scratch = tempfile.mkdtemp(prefix="lemmata-")
        home = str(Path(__file__).parents[3])
        settings = {
            "memory": limits.memory,
            "file_size": limits.file_size,
            "scratch": limits.scratch,
            "without": without,
        }
        self.cpu_seconds = 0.0
        self.control = ours
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-s", "-P", "-B", "-c", _BOOT.format(home)),
                *(str(theirs.fileno()), self.scratch, json.dumps(settings)),
            ],
            env={"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
            cwd=self.scratch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        ours.settimeout(_STARTUP)
        try:
            (length,) = struct.unpack("!I", _exactly(ours, 4))
            self.layers: dict[str, str] = json.loads(_exactly(ours, length))
        except (_Closed, OSError) as error:
            self.stop()
            noise = self.process.stderr.read() if self.process.stderr else b""
            last = noise.decode(errors="replace").strip().splitlines()
            raise BackendError(
                f"the sandbox did not start: {last[-1] if last else 'no message'}"
            ) from error

    def spawn(self) -> _Channel:
        """Start a worker; the result is the private channel to it."""
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self.control, [b"S"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise BackendError("the sandbox's nursery is gone") from error
        finally:
            theirs.close()
        return _Channel(ours)

    def end_worker(self, patient: bool = False) -> int:
        """Kill the worker and what it started (or await its own end); its wait status."""
        try:
            self.control.sendall(b"E" if patient else b"K")
            status, self.cpu_seconds = struct.unpack("!id", _exactly(self.control, 12))
        except (OSError, _Closed) as error:
            raise BackendError("the sandbox's nursery is gone") from error
        return int(status)

    def stop(self) -> None:
        """End the nursery and everything in it; remove its folder."""
        self.control.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


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
        self._idle: list[_Nursery] = []
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

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds of the idle processes and all that ran in them: starts, loading, calls."""
        return sum(nursery.cpu_seconds for nursery in self._idle)

    def close(self) -> None:
        """End all idle processes; programs still open end when they are closed."""
        if self._owner == os.getpid():
            while self._idle:
                self._idle.pop().stop()

    def _take(self) -> _Nursery:
        return self._idle.pop() if self._idle else _Nursery(self.limits, self._without)

    def _give(self, nursery: _Nursery) -> None:
        self._idle.append(nursery)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


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
    arcs: frozenset[int] = frozenset()
    failure: str = ""
    _nursery: _Nursery | None = None
    _channel: _Channel | None = None
    _pending: list[list[wire.Json]] = field(default_factory=list)
    _options: tuple[float, bool] = (1.0, False)

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
        try:
            self._pending = [[wire.encode(item) for item in arguments] for arguments in calls]
        except wire.TooLarge as error:
            raise UsageError("an argument is too large or refers to itself") from error
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
        request = {"op": "call", "calls": self._pending, "seconds": seconds, "trace": trace}
        if self._channel is None:
            self._open()
        # A worker that ended meanwhile is noticed, and named, when its answer is read.
        with contextlib.suppress(OSError):
            assert self._channel is not None
            self._channel.write(request)

    def _open(self) -> None:
        if self._nursery is None:
            self._nursery = self.sandbox._take()
        try:
            self._channel = self._nursery.spawn()
        except BackendError:
            self._nursery.stop()
            self._nursery = self.sandbox._take()
            self._channel = self._nursery.spawn()
        seconds = max(2.0, self.limits.seconds)
        load = {"op": "load", "source": self.source, "name": self.name, "seconds": seconds}
        try:
            self._channel.write(load)
            answer = self._channel.read(5 * seconds + 2)
            self.failure = str(answer["failure"])
        except (_Closed, OSError, ValueError, KeyError, TypeError) as error:
            how = "took too long" if isinstance(error, TimeoutError) else "ended the process"
            self.failure = f"loading the program {how}"

    def _receive(self) -> Outcome | tuple[Outcome, frozenset[int]]:
        """One frame as an outcome; when the worker is lost, an outcome that says how."""
        if self.failure:
            self._drop(patient=False)
            failure, self.failure = self.failure, ""
            return Outcome("not loaded", message=failure)
        channel = self._channel
        if channel is None:
            return Outcome("crashed", message="the worker was gone")
        try:
            frame = channel.read(self.limits.patience)
            outcome, spent, arcs = _outcome(frame)
        except TimeoutError:
            self.cpu_seconds += self.limits.seconds
            self._drop(patient=False)
            return Outcome("timed out")
        except (_Closed, OSError):
            return self._lost()
        except (ValueError, KeyError, TypeError, RecursionError):
            self._drop(patient=False)
            return Outcome("tampered", message="the program wrote into the oracle's channel")
        self.cpu_seconds += spent
        return outcome, arcs

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
        self._channel.close()
        self._channel = None
        try:
            return self._nursery.end_worker(patient)
        except BackendError:
            self._nursery.stop()
            self._nursery = None
            return 0


def _outcome(frame: Any) -> tuple[Outcome, float, frozenset[int]]:
    kind, value, error, message, after, printed, spent, arcs = frame
    if kind not in Kind.__args__:  # type: ignore[attr-defined]
        raise ValueError(f"unknown outcome {kind!r}")
    changed = None if after is None else tuple(wire.decode(item) for item in after)
    outcome = Outcome(
        cast(Kind, kind), wire.decode(value), str(error), str(message), changed, str(printed)
    )
    return outcome, float(spent), frozenset(int(arc) for arc in arcs)


def _exactly(channel: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = channel.recv(min(count, 1 << 20))
        if not part:
            raise _Closed
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
