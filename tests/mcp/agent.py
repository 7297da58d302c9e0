"""Starting the server as a client does, and counting the processes it has."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mcp import StdioServerParameters


def stdio(*arguments: str | Path) -> StdioServerParameters:
    """The server on standard input and output."""
    words = ["-m", "lemmata", "mcp", *map(str, arguments)]
    return StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ))


@contextmanager
def http(*arguments: str | Path) -> Iterator[str]:
    """The server on a free port of the loopback; the address of its endpoint."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "lemmata", "mcp", "--transport", "http", "--port", str(port)]
    server = subprocess.Popen(
        [*words, *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _answers(port) or server.poll() is not None)
        assert server.poll() is None, "the server did not start"
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.terminate()
        server.wait(60)


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    """Waits until something holds, with patience for a slow machine."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def descendants(pid: int) -> set[int]:
    """All living processes that come from one, itself left out."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found = {pid}
    grown = True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found - {pid}


def memory_of(pids: set[int]) -> int:
    """Kilobytes of memory that processes hold by themselves."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(n) for n in re.findall(r"^Private_\w+:\s+(\d+)", text, re.MULTILINE))
    return total
