"""The sandbox's side of the pipe: a nursery that starts one process per program and ends it.

The nursery is trusted code. It confines itself, then forks a worker for every program it is
handed; the worker gives up what is left, loads the program and answers calls. Foreign code runs
in workers alone, and when a program is done with, the nursery kills whatever it left running.
"""

from __future__ import annotations

import _socket
import builtins
import contextlib
import gc
import json
import marshal
import os
import resource
import signal
import struct
import sys
import time
import types
from _json import encode_basestring_ascii, make_encoder
from collections.abc import Callable
from typing import Any

from . import confinement, wire
from .alarm import Alarm, Overtime

_PRELOADED = [
    "bisect",
    "collections",
    "copy",
    "functools",
    "heapq",
    "itertools",
    "math",
    "operator",
    "re",
    "string",
    "typing",
]
"""What programs import most. Not ``random``, which has each new process draw a seed of its own."""
_NAME = "<program>"
_MESSAGE, _PRINTED = 500, 2_000
_LIFETIME = 600  # CPU seconds of one worker
_PAUSE, _MOST_WAITING = 0.002, 1 << 16  # wall seconds and characters that outcomes wait for others
_EXERCISE = """
import re
def f(text, numbers, pair):
    words = [w.upper() + str(n) for n, w in enumerate(text.split()) if len(w) < 9]
    known = {w: i for i, w in enumerate(words)}
    numbers.append(sum(x * 2 for x in numbers) // len(text))
    return " ".join(sorted(known)), numbers[::-1], {n for n in pair}, text.replace("a", "-")
"""
_EXERCISE_CODE = marshal.dumps(compile(_EXERCISE, _NAME, "exec"))
_alarm = Alarm()
_HANDLE = struct.Struct("i")  # a file descriptor that comes through a socket
_chunks = make_encoder(
    None, json.JSONEncoder().default, encode_basestring_ascii, None, ":", ",", False, False, True
)
"""What ``json`` makes anew for each value that it encodes, with the narrowest separators."""
_SCALARS = frozenset({bool, int, float, str, type(None)})
"""Types of arguments, as they are sent, that no call can change."""


def _encode(value: object) -> str:
    return "".join(_chunks(value, 0))


class _Output:
    """Standard output of a program: the beginning is kept, the rest is dropped."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.kept = ""

    def write(self, text: str) -> int:
        if len(self.kept) < _PRINTED:
            self.kept += str(text)[: _PRINTED - len(self.kept)]
        return len(text)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def isatty(self) -> bool:
        return False


class _Channel:
    """Frames behind their lengths, over one file descriptor: marshalled ones come, JSON goes."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.arrived = bytearray()
        self.waiting: list[str] = []
        self.size = 0
        self.flushed = 0.0

    def read(self) -> Any:
        arrived, end = self.arrived, 4
        while len(arrived) < end or (end := 4 + int.from_bytes(arrived[:4], "big")) > len(arrived):
            part = os.read(self.fd, 1 << 13)
            if not part:
                raise EOFError
            arrived += part
        value = marshal.loads(arrived[4:end])
        del arrived[:end]
        return value

    def write(self, value: object) -> None:
        """Send a frame."""
        self._send(_encode(value))

    def offer(self, outcome: object, is_last: bool) -> None:
        """Send an outcome with those that follow at once: each frame would wake the reader up."""
        text = _encode(outcome)
        self.waiting.append(text)
        self.size += len(text)
        now = time.monotonic()
        if is_last or now - self.flushed > _PAUSE or self.size > _MOST_WAITING:
            self._send(f"[{','.join(self.waiting)}]")
            self.waiting.clear()
            self.size, self.flushed = 0, now

    def _send(self, text: str) -> None:
        data = text.encode()
        view = memoryview(struct.pack("!I", len(data)) + data)
        while view:
            view = view[os.write(self.fd, view) :]


class _Program:
    """One loaded program and the way to call it."""

    def __init__(self, source: str, code: bytes | None, name: str, seconds: float) -> None:
        self.output = _Output()
        self.function: Callable[..., object] | None = None
        self.failure = ""
        sys.stdout = sys.stderr = self.output
        module = types.ModuleType("program")
        sys.modules["program"] = module

        def run() -> None:
            if code:
                ready = marshal.loads(code)
            else:
                ready = compile(source, _NAME, "exec", dont_inherit=True)
            exec(ready, module.__dict__)

        outcome = self._guarded(seconds, run)
        target: object = module
        if outcome[0] == "returned":
            for part in name.split("."):
                target = getattr(target, part, None)
            if callable(target):
                self.function = target
            else:
                self.failure = f"the program defines no function {name}"
        else:
            self.failure = f"{outcome[2] or outcome[0]}: {outcome[3]}".rstrip(": ")
        self.builtins_now = builtins.__dict__.values()
        self.builtins = dict(builtins.__dict__)
        self.builtin_values = tuple(self.builtins.values())
        self.clock = 0.0

    def start_clock(self) -> None:
        """Calls follow: the seconds of each are counted from the end of the one before."""
        # While an alarm is set, the clock of the process stands still between the kernel's ticks.
        self.clock = time.thread_time()

    def call(self, arguments: list[wire.Json], seconds: float, trace: bool) -> list[Any]:
        """The outcome of one call as a list: see ``sandbox._outcome`` for its fields.

        Where there is only a value to tell, it stands alone with the seconds it took.
        """
        function = self.function
        if function is None:
            return ["not loaded", None, "", self.failure, None, "", 0.0, []]
        values = [wire.decode(argument) for argument in arguments]
        self.output.kept = ""
        arcs: set[int] = set()

        def run() -> object:
            if trace:
                sys.settrace(_tracer(arcs))
            try:
                return wire.encode(function(*values))
            finally:
                if trace:
                    sys.settrace(None)

        kind, value, error, message = self._guarded(seconds, run)
        before, self.clock = self.clock, time.thread_time()
        if tuple(self.builtins_now) != self.builtin_values:
            # Our own code needs them to report what happened.
            builtins.__dict__.update(self.builtins)
            kind, value, error, message = "tampered", None, "", "built-in names were replaced"
        after = None
        if not _SCALARS.issuperset(map(type, arguments)):
            try:
                changed = [wire.encode(item) for item in values]
                after = changed if changed != arguments else None
            except BaseException:
                after = None  # what cannot be told cannot be compared
        spent = self.clock - before
        if kind == "returned" and after is None and not arcs and not self.output.kept:
            return [value, spent]
        return [kind, value, error, message, after, self.output.kept, spent, sorted(arcs)]

    def _guarded(self, seconds: float, run: Callable[[], object]) -> tuple[str, Any, str, str]:
        """Run what the clock is to end when its time is over."""
        try:
            try:
                _alarm.arm(seconds)
                value = run()
            finally:
                # A ring that is still under way must not strike while the outcome is put in words.
                _alarm.is_armed = False
            return "returned", value, "", ""
        except Overtime:
            return "timed out", None, "", ""
        except MemoryError:
            gc.collect()
            return "out of memory", None, "", ""
        except SystemExit as error:
            return "exited", None, "", f"code {error.code!r}"[:_MESSAGE]
        except wire.TooLarge:
            return "too large", None, "", ""
        except BaseException as error:
            name = type(error).__name__
            try:
                message = str(error)[:_MESSAGE]
            except BaseException:
                message = ""
            return "raised", None, name, message


def _tracer(arcs: set[int]) -> Callable[..., Any]:
    """A trace function that notes which line of the program followed which."""
    previous = 0

    def local(frame: types.FrameType, event: str, argument: object) -> Any:
        nonlocal previous
        if event == "line":
            line = frame.f_lineno
            arcs.add(previous * 100_000 + line)
            previous = line
        return local

    def tracer(frame: types.FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != _NAME:
            return None
        return local

    return tracer


def _is_denied(call: Callable[[], object]) -> bool:
    try:
        call()
    except PermissionError:
        return True
    return False


def _work(fd: int, forbid_others: Callable[[], None] | None) -> None:
    """The life of a worker: confine what is left, load, answer calls until the channel closes."""
    channel = _Channel(fd)
    if os.getppid() != 1:  # whoever is first in a namespace takes all of it along
        confinement.die_with_parent()
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
    confinement.limit_processor(_LIFETIME)
    if forbid_others is not None:
        forbid_others()
    else:
        confinement.limit_processes()
    program: _Program | None = None
    while True:
        request = channel.read()
        if request["op"] == "exercise":
            _exercise()
            channel.write("ready")
        elif request["op"] == "load":
            seconds = request["seconds"]
            with _alarm.wound(seconds):
                program = _Program(request["source"], request["code"], request["name"], seconds)
            channel.write({"failure": program.failure})
        elif program is not None:
            seconds, last = request["seconds"], len(request["calls"]) - 1
            channel.flushed = time.monotonic()
            with _alarm.wound(seconds):
                program.start_clock()
                for place, arguments in enumerate(request["calls"]):
                    outcome = program.call(arguments, seconds, request["trace"])
                    channel.offer(outcome, place == last or not request["together"])


def _exercise() -> None:
    """What a worker does that was started ahead: copy the pages that a program will need.

    A process that was forked shares its memory until it writes there, and each page that it then
    copies costs microseconds.
    """
    with _alarm.wound(1.0):
        program = _Program(_EXERCISE, _EXERCISE_CODE, "f", 1.0)
        program.start_clock()
        for text in ("a b", "", "cd"):
            _encode(program.call([text, [2, 1], {"t": "tuple", "v": [1, 2.5]}], 1.0, trace=False))
    del sys.modules["program"]


class _Nursery:
    """Starts workers one after the other and cleans up behind each.

    What it has loaded is passed on to all of them, and each page of that costs at their start and
    at their end: hence no more modules than are needed, and ``_socket`` without ``socket``.
    """

    def __init__(self, control: _socket.socket, settings: dict[str, Any], scratch: str) -> None:
        self.control = control
        self.settings = settings
        self.scratch = scratch
        self.worker = 0
        self.is_first = os.getpid() == 1
        """Whether this is the first process of a namespace, so that all others are its own."""
        self.forbid_others: Callable[[], None] | None = None

    def try_filter(self) -> str:
        """See in a child, which compiles them, whether both filters hold; if so, live under one."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            answer: str | list[bytes] = "the kernel did not accept the filter"
            with contextlib.suppress(BaseException):
                try:
                    compiled = confinement.compiled_filters()
                    tried = confinement.SystemCallFilter.of(compiled)
                    tried.forbid()
                    tried.forbid_others()
                    if _is_denied(os.setsid) and _is_denied(_socket.socket):
                        answer = compiled
                except OSError as error:
                    answer = str(error)
                os.write(writer, marshal.dumps(answer))
            os._exit(0)
        os.close(writer)
        with open(reader, "rb") as told:
            answer = marshal.loads(told.read() or marshal.dumps("the filter ended its process"))
        os.waitpid(child, 0)
        if not isinstance(answer, list):
            return f"off: {answer}"
        prepared = confinement.SystemCallFilter.of(answer)
        prepared.forbid()
        self.forbid_others = prepared.forbid_others
        return "on"

    def serve(self) -> None:
        """Obey until the caller closes the control socket.

        S starts a worker, K kills it, E awaits its end; C asks for the CPU seconds alone.
        """
        while True:
            message, extra, _, _ = self.control.recvmsg(1, _socket.CMSG_LEN(_HANDLE.size))
            if message == b"S":
                (handle,) = _HANDLE.unpack(extra[0][2])
                self.worker = os.fork()
                if self.worker == 0:
                    self.control.close()
                    try:
                        _work(handle, self.forbid_others)
                    finally:
                        os._exit(0)
                os.close(handle)
            elif message in (b"K", b"E", b"C"):
                status = 0 if message == b"C" else self.finish(patient=message == b"E")
                # Not sendall: the filter lets nobody here send to sockets other than by writing.
                os.write(self.control.fileno(), struct.pack("!id", status, self.cpu_seconds()))
            else:
                self.finish(patient=False)
                return

    def finish(self, patient: bool) -> int:
        """End the worker and all it started, empty the scratch folder; the worker's status."""
        status = 0
        worker, self.worker = self.worker, 0
        if worker:
            deadline = time.monotonic() + (0.5 if patient else 0.0)
            done = 0
            while done == 0 and time.monotonic() < deadline:
                done, status = os.waitpid(worker, os.WNOHANG)
                if done == 0:
                    time.sleep(0.001)
            if not self.is_first:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(worker, signal.SIGKILL)
            if done == 0:
                os.kill(worker, signal.SIGKILL)
                _, status = os.waitpid(worker, 0)
        try:
            if self.is_first:
                # All processes here descend from this one: no child left means nobody left.
                os.waitpid(-1, os.WNOHANG)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(-1, signal.SIGKILL)
            while os.waitpid(-1, 0 if self.is_first else os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        if os.listdir(self.scratch):
            self.empty(self.scratch)
        return status

    def cpu_seconds(self) -> float:
        """CPU seconds of the nursery and of all workers, the living one included."""
        total = 0.0
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
            usage = resource.getrusage(who)
            total += usage.ru_utime + usage.ru_stime
        if self.worker:
            # The kernel's number for the clock of another process, see clock_getcpuclockid.
            total += time.clock_gettime((~self.worker << 3) | time.CLOCK_PROCESS_CPUTIME_ID)
        return total

    def empty(self, folder: str) -> None:
        for entry in os.scandir(folder):
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    self.empty(entry.path)
                    os.rmdir(entry.path)
                else:
                    os.unlink(entry.path)


def main() -> None:
    """Run a nursery: arguments are the control descriptor, the scratch folder and the settings."""
    control = _socket.socket(fileno=int(sys.argv[1]))
    scratch, settings = sys.argv[2], json.loads(sys.argv[3])
    confinement.die_with_parent()
    # Ctrl-C is the caller's to handle: it closes the control socket when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in _PRELOADED:
        __import__(name)
    settings["memory"] += confinement.memory_in_use()
    absent = set(settings["without"])
    layers = dict.fromkeys(confinement.LAYERS, "off: switched off")
    layers["limits"] = "on"
    if "namespaces" not in absent:
        layers |= confinement.enter_namespaces()
    if layers["processes"] == "on":
        child = os.fork()
        if child:
            control.close()
            os.waitpid(child, 0)
            os._exit(0)
        confinement.die_with_parent()
        layers["file system"] = confinement.enter_file_system(scratch, settings["scratch"])
        if layers["file system"] == "on":
            scratch = "/scratch"
    confinement.adopt_orphans()
    os.chdir(scratch)
    if "landlock" not in absent:
        layers["landlock"] = confinement.restrict_files(scratch)
    # What a worker inherits it need not do again: each page that it touches costs microseconds.
    confinement.drop_privileges()
    confinement.limit_resources(settings["memory"], settings["file_size"])
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, _alarm.ring)
    nursery = _Nursery(control, settings, scratch)
    if "seccomp" not in absent:
        layers["seccomp"] = nursery.try_filter()
    confinement.return_memory()
    gc.freeze()
    report = json.dumps(layers).encode()
    os.write(control.fileno(), struct.pack("!I", len(report)) + report)
    nursery.serve()
