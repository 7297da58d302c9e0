"""A thousand calls of the server for agents, over both transports, from two clients at once.

Run with: python benchmarks/mcp_calls.py [CALLS] [stdio|http]. Every answer is compared with the first; processes
and memory of the server are counted after 50 calls and at the end.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import anyio
from mcp import Client

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.mcp.agent import descendants, http, memory_of, stdio

THEORY = """\
sort N = 0 | s(N)
op + : N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
conjecture zero_add: 0 + a = a
"""


async def some(client: Client, calls: int, answers: set[str]) -> None:
    """Calls one after the other: reads a theory, and every tenth time proves it."""
    for number in range(calls):
        if number % 10:
            result = await client.call_tool("parse", {"text": THEORY})
            answers.add(result.content[0].text)
        else:
            result = await client.call_tool("prove", {"text": THEORY, "seconds": 5})
            assert '"verdict": "proved"' in result.content[0].text
        assert not result.is_error, result


async def measured(first: Client, second: Client, calls: int) -> None:
    """Two clients share the calls."""
    answers: set[str] = set()
    await some(first, 25, answers)
    await some(second, 25, answers)
    before = descendants(os.getpid())
    memory = memory_of(before)
    started = time.monotonic()
    async with anyio.create_task_group() as group:
        group.start_soon(some, first, calls // 2, answers)
        group.start_soon(some, second, calls // 2, answers)
    after = descendants(os.getpid())
    print(
        f"{calls} calls: {time.monotonic() - started:.1f} s; answers alike: {len(answers) == 1}; "
        f"processes {len(before)} -> {len(after)}; memory {memory / 1024:.0f} -> "
        f"{memory_of(after) / 1024:.0f} MB"
    )
    assert len(answers) == 1
    assert len(after) <= len(before)
    assert memory_of(after) < 1.5 * memory + 20_000


async def over_stdio(calls: int) -> None:
    """Each client has a server of its own."""
    async with Client(stdio()) as first, Client(stdio()) as second:
        await measured(first, second, calls)


async def over_http(url: str, calls: int) -> None:
    """Both clients share one server."""
    async with Client(url) as first, Client(url) as second:
        await measured(first, second, calls)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    transports = sys.argv[2:] or ["stdio", "http"]
    if "stdio" in transports:
        print("standard input and output, two servers:", flush=True)
        anyio.run(over_stdio, wanted)
    if "http" in transports:
        with http() as address:
            print("streamable HTTP, one server:", flush=True)
            anyio.run(over_http, address, wanted)
    total = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"CPU seconds of all servers: {total.ru_utime + total.ru_stime:.1f}")
