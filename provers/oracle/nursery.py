"""The caller's side of a nursery: the confined process that starts workers, and their channels.

A nursery has one worker at a time, so that no program shares its processes, its folder or its
network with another. A worker may be started ahead, before it is known what it will run.
"""

from __future__ import annotations

import json
import marshal
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...engine.errors import BackendError

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
_PART = 1 << 16  # bytes read at once: for more, the allocator asks the kernel each time
_NO_REFERENCES = 2  # the version of marshal's format in which equal parts stay apart
_decode = json.JSONDecoder().raw_decode


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


class Closed(Exception):
    """The worker's end of the channel is gone."""


class Channel:
    """Frames to and from a worker; what has arrived is read at once, however many frames.

    What a worker says is JSON: it comes from where foreign code runs. What it is told comes from
    here, and marshalled it costs the worker least.
    """

    def __init__(self, ours: socket.socket) -> None:
        self.socket = ours
        self.arrived = bytearray()
        self.outcomes: deque[Any] = deque()

    def write(self, *values: Any) -> None:
        """Send frames, all at once, so that the worker wakes up once."""
        frames = [marshal.dumps(value, _NO_REFERENCES) for value in values]
        self.socket.settimeout(None)
        self.socket.sendall(b"".join([struct.pack("!I", len(data)) + data for data in frames]))

    def read(self, patience: float) -> Any:
        """The next frame; ``TimeoutError`` where the worker is silent for so long."""
        arrived, end = self.arrived, 4
        if len(arrived) < end:
            self.socket.settimeout(patience)
        while len(arrived) < end or (end := 4 + int.from_bytes(arrived[:4], "big")) > len(arrived):
            if end > _FRAME:
                raise ValueError("a frame larger than any outcome")
            part = self.socket.recv(_PART)
            if not part:
                raise Closed
            arrived += part
        text = arrived[4:end].decode()
        del arrived[:end]
        value, read = _decode(text)
        if read != len(text):
            raise ValueError("a frame with more than one value")
        return value

    def outcome(self, patience: float, most: int) -> Any:
        """The next of at most so many outcomes; they come in groups."""
        if not self.outcomes:
            group = self.read(patience)
            if not isinstance(group, list) or not 0 < len(group) <= most:
                raise ValueError("outcomes that nobody waits for")
            self.outcomes.extend(group)
        return self.outcomes.popleft()

    def close(self) -> None:
        """Give the channel up."""
        self.socket.close()


class Nursery:
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
        self.control = ours
        self._ahead: Channel | None = None
        self._is_ready = False
        self._spent: float | None = None  # CPU seconds, known as long as no worker lives
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
        except (Closed, OSError) as error:
            self.stop()
            noise = self.process.stderr.read() if self.process.stderr else b""
            last = noise.decode(errors="replace").strip().splitlines()
            raise BackendError(
                f"the sandbox did not start: {last[-1] if last else 'no message'}"
            ) from error

    def prepare(self) -> None:
        """Start the next worker ahead; it confines itself and copies the memory it will need."""
        if self._ahead is None:
            self._ahead = self._start()
            with suppress(OSError):  # noticed when it is awaited
                self._ahead.write({"op": "exercise"})
            self._is_ready = False

    def is_ready(self) -> bool:
        """Whether a worker stands ready; waits for one that was started ahead."""
        if self._ahead is not None and not self._is_ready:
            try:
                self._is_ready = self._ahead.read(_STARTUP) == "ready"
            except (Closed, OSError, ValueError):
                ahead, self._ahead = self._ahead, None
                ahead.close()
                self.end_worker()
        return self._ahead is not None

    def spawn(self) -> Channel:
        """The private channel to a new worker."""
        if not self.is_ready():
            return self._start()
        ahead, self._ahead = self._ahead, None
        assert ahead is not None
        return ahead

    def _start(self) -> Channel:
        ours, theirs = socket.socketpair()
        self._spent = None
        try:
            socket.send_fds(self.control, [b"S"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise BackendError("the sandbox's nursery is gone") from error
        finally:
            theirs.close()
        return Channel(ours)

    def end_worker(self, patient: bool = False) -> int:
        """Kill the worker and what it started (or await its own end); its wait status."""
        status, self._spent = self._told(b"E" if patient else b"K")
        return status

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds of the nursery and all that ran in it, until now.

        Where no worker was started since the last one ended, what the nursery said then: asking
        again would wake it up only to count what the question costs.
        """
        return self._told(b"C")[1] if self._spent is None else self._spent

    def _told(self, order: bytes) -> tuple[int, float]:
        try:
            self.control.sendall(order)
            status, seconds = struct.unpack("!id", _exactly(self.control, 12))
        except (OSError, Closed) as error:
            raise BackendError("the sandbox's nursery is gone") from error
        return int(status), float(seconds)

    def stop(self) -> None:
        """End the nursery and everything in it; remove its folder."""
        if self._ahead is not None:
            self._ahead.close()
        self.control.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


def _exactly(channel: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = channel.recv(min(count, 1 << 20))
        if not part:
            raise Closed
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
