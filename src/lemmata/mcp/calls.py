"""Calls of tools: each a command in its own process, watched without holding up the server."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread

from lemmata.engine.errors import UsageError

from .roots import Roots
from .worker import Answer, Ended, Worker

Report = Callable[[float, float, str], Awaitable[None]]
"""Is told the seconds since a call began, the seconds it may last, and what is going on."""

_HEARTBEAT = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What an agent may spend: CPU seconds of one search, seconds of one call, calls at a time."""

    seconds: float = 120.0
    timeout: float = 600.0
    jobs: int = 2

    def __post_init__(self) -> None:
        for name in ("seconds", "timeout", "jobs"):
            if not getattr(self, name) > 0:
                raise UsageError(f"the limit of {name} must be positive")

    def checked(self, seconds: float) -> float:
        """The same seconds; ``UsageError`` if they are not within the limit."""
        if not 0 < seconds <= self.seconds:
            raise UsageError(
                f"seconds must be above 0 and at most {self.seconds:g}, found {seconds:g}"
            )
        return seconds


@dataclass
class Calls:
    """Runs commands for agents, a few at a time; the others wait for their turn."""

    roots: Roots
    limits: Limits = field(default_factory=Limits)
    _turns: anyio.CapacityLimiter | None = None

    async def run(
        self,
        arguments: list[str],
        report: Report,
        *,
        stdin: str = "",
        files: Mapping[str, str] | None = None,
    ) -> Answer:
        """What the command answers. ``files`` are written for it, and named ``{scratch}/NAME`` in
        the arguments. Cancelling this ends the process. Raises ``UsageError`` when the call lasts
        too long or its process dies."""
        if self._turns is None:
            self._turns = anyio.CapacityLimiter(self.limits.jobs)
        started = time.monotonic()

        async def told(text: str) -> None:
            await report(time.monotonic() - started, self.limits.timeout, text)

        await told("waiting for a turn" if self._turns.available_tokens < 1 else "begun")
        async with self._turns:
            return await self._answer(arguments, stdin, dict(files or {}), told)

    async def _answer(
        self,
        arguments: list[str],
        stdin: str,
        files: dict[str, str],
        told: Callable[[str], Awaitable[None]],
    ) -> Answer:
        # This wait is not cut short by a cancellation, so what was started is known and stopped.
        worker = await anyio.to_thread.run_sync(
            partial(Worker.start, arguments, self.roots, stdin, files)
        )
        try:
            return await self._watched(worker, told)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(worker.stop)

    async def _watched(self, worker: Worker, told: Callable[[str], Awaitable[None]]) -> Answer:
        send, receive = anyio.create_memory_object_stream[str](100)
        answers: list[Answer | None] = []

        def tell(text: str) -> None:
            with contextlib.suppress(anyio.WouldBlock, RuntimeError):
                anyio.from_thread.run_sync(send.send_nowait, text)

        async def wait() -> None:
            try:
                answers.append(
                    await anyio.to_thread.run_sync(worker.answer, tell, abandon_on_cancel=True)
                )
            except Ended:
                answers.append(None)
            group.cancel_scope.cancel()

        async def watch() -> None:
            text = "running"
            while True:
                with anyio.move_on_after(_HEARTBEAT):
                    text = await receive.receive()
                await told(text)

        with send, receive, anyio.move_on_after(self.limits.timeout):
            async with anyio.create_task_group() as group:
                group.start_soon(watch)
                group.start_soon(wait)
        if not answers:
            raise UsageError(f"the call was ended after {self.limits.timeout:g} seconds")
        if answers[0] is None:
            raise UsageError("the process of this call ended without an answer; it may have run out of memory")  # fmt: skip
        return answers[0]


def as_object(text: str) -> dict[str, Any] | None:
    """The JSON object that a command printed, None if it is something else."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
