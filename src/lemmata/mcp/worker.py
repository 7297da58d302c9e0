"""One call of a tool in a process of its own, which is gone when the call is.

The process runs the same command line that a user would type, with ``--format json``. It is forked
from a server process that has the modules loaded already, so a call begins within milliseconds;
ending it ends everything it started.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import multiprocessing.process
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from .roots import Roots, confine

_CONTEXT = multiprocessing.get_context("forkserver")
_START = threading.Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command printed and how it ended; ``code`` is its exit code."""

    code: int
    out: str
    err: str


class Ended(Exception):
    """The process ended without an answer: it was killed, or ran out of memory."""


def warm_up() -> None:
    """Starts the process that all calls are forked from, with everything loaded."""
    _CONTEXT.set_forkserver_preload(["lemmata.mcp.warmth"])
    worker = Worker.start(["--help"], Roots(), "", {})
    worker.answer(lambda message: None)
    worker.stop()


class Worker:
    """A command under way."""

    def __init__(
        self, process: multiprocessing.process.BaseProcess, pipe: Connection, scratch: str
    ) -> None:
        self.process = process
        self.pipe = pipe
        self.scratch = scratch

    @classmethod
    def start(cls, arguments: list[str], roots: Roots, stdin: str, files: dict[str, str]) -> Worker:
        """Runs ``lemmata`` with these arguments and this standard input.

        ``files`` are written to a folder of the call's own, ``{scratch}`` in the arguments.
        """
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        scratch = tempfile.mkdtemp(prefix="lemmata-call-")
        for name, text in files.items():
            (Path(scratch) / name).write_text(text, "utf-8")
        arguments = [
            word.replace("{scratch}", scratch, 1) if word.startswith("{scratch}/") else word
            for word in arguments
        ]
        folders = [str(folder) for folder in roots.folders]
        process = _CONTEXT.Process(
            target=_work, args=(arguments, folders, stdin, scratch, theirs), daemon=False
        )
        with _START:
            process.start()
        theirs.close()
        return cls(process, ours, scratch)

    def answer(self, tell: Callable[[str], None]) -> Answer:
        """Waits for the end; ``tell`` gets each message of progress. Raises ``Ended``."""
        while True:
            try:
                message = json.loads(self.pipe.recv_bytes())
            except (EOFError, OSError):
                raise Ended from None
            if "progress" in message:
                tell(message["progress"])
            else:
                return Answer(message["code"], message["out"], message["err"])

    def stop(self) -> None:
        """Ends the process and all that it started, and clears away what it left."""
        import shutil

        pid = self.process.pid
        if pid is not None:
            # Its group is named after it; until it has made that group, it stands alone.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            with contextlib.suppress(OSError, ValueError):
                self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


class _Teller:
    """Sends progress to the server, a few times a second at most."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.next = 0.0

    def tell(self, text: str) -> None:
        """Sends a text, unless one was sent just now."""
        now = time.monotonic()
        if now >= self.next:
            self.next = now + 0.2
            self.pipe.send_bytes(json.dumps({"progress": text}).encode())


def _work(
    arguments: list[str], folders: list[str], stdin: str, scratch: str, pipe: Connection
) -> None:
    """The whole life of the process of one call."""
    from lemmata.cli import progress
    from lemmata.cli.app import run
    from lemmata.provers.oracle.confinement import die_with_parent

    os.setsid()
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    roots = Roots(tuple(map(Path, folders)))
    # Standard output of the server is the wire to its client: nothing may be written there.
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    for name in ("TMPDIR", "TEMP", "TMP"):
        os.environ[name] = scratch
    tempfile.tempdir = scratch
    os.chdir(roots.home)
    progress.listener = _Teller(pipe).tell
    out, err = io.StringIO(), io.StringIO()
    sys.stdin = io.StringIO(stdin)
    confine(roots, Path(scratch))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run(arguments)
        except BaseException as error:  # the client is told, whatever it is
            code = 70
            err.write(f"a fault of Lemmata: {error!r}")
    answer = {"code": code, "out": out.getvalue(), "err": err.getvalue()}
    pipe.send_bytes(json.dumps(answer).encode())
    pipe.close()
    # Neither exit handlers nor threads of libraries are waited for: nothing is left to be saved.
    os._exit(0)
