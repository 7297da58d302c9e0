"""How much a search may spend, and the clock that counts it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from .errors import UsageError


@dataclass(frozen=True, slots=True)
class Budget:
    """A bound on a search: CPU seconds of this process, facts in a block, depth of new elements.

    >>> Budget(seconds=2).facts
    20000
    >>> Budget(seconds=-1)
    Traceback (most recent call last):
        ...
    lemmata.engine.errors.UsageError: a budget's seconds must be positive, found -1
    """

    seconds: float = 10.0
    facts: int = 20_000
    depth: int = 8

    def __post_init__(self) -> None:
        for name in ("seconds", "facts", "depth"):
            value = getattr(self, name)
            if not value > 0:
                raise UsageError(f"a budget's {name} must be positive, found {value}")

    def start(self) -> Clock:
        """The clock of a search that begins now."""
        return Clock(self, time.process_time())


@dataclass(slots=True)
class Clock:
    """Counts the CPU seconds of this process since a search began."""

    budget: Budget
    started: float = field(default_factory=time.process_time)

    @property
    def spent(self) -> float:
        """CPU seconds used so far."""
        return time.process_time() - self.started

    @property
    def left(self) -> float:
        """CPU seconds that remain, never below zero."""
        return max(0.0, self.budget.seconds - self.spent)

    def slice(self, seconds: float) -> Clock:
        """A clock for a part of the search: it ends after ``seconds``, or with this one."""
        return replace(self.budget, seconds=max(1e-9, min(seconds, self.left))).start()

    @property
    def is_over(self) -> bool:
        """Whether the seconds are used up."""
        return self.spent >= self.budget.seconds
