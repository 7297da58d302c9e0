"""The worker's alarm: it ends a call whose time is over, whatever the call is doing."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator

_TICK = 0.05  # seconds between two rings
_WALL, _GRACE = 3, 0.5  # so many times its seconds may pass for a call, and so many more


class Overtime(BaseException):
    """A call used up its seconds."""


class Alarm:
    """When a ring of the clock ends what is running.

    The clock rings again and again, in case a program ignores it, and is wound up for a whole batch of
    calls, since that costs as much as a quick call.
    """

    def __init__(self) -> None:
        self.is_armed = False
        self.seconds = self.used = self.began = 0.0

    def arm(self, seconds: float) -> None:
        """From now on so many seconds of the processor may be used, and a few times that may pass."""
        self.seconds, self.used = seconds, time.process_time()
        self.began = time.monotonic()
        self.is_armed = True

    @property
    def is_due(self) -> bool:
        """Whether the time of what is running is over."""
        return self.is_armed and (
            time.process_time() - self.used > self.seconds
            or time.monotonic() - self.began > _WALL * self.seconds + _GRACE
        )

    @contextlib.contextmanager
    def wound(self, seconds: float) -> Iterator[None]:
        """Let the clock ring while work goes on whose parts may take so many seconds each."""
        tick = min(_TICK, seconds / 4)
        signal.setitimer(signal.ITIMER_PROF, tick, tick)
        signal.setitimer(signal.ITIMER_REAL, _WALL * seconds + _GRACE, _TICK)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def ring(self, number: int, frame: object) -> None:
        """What the signals of the clock call."""
        if self.is_due:
            raise Overtime
