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


WORK = 40_000
"""How much metered work counts as a second: about what a block does in one CPU second."""


@dataclass(slots=True)
class Meter:
    """Work done so far, counted by those who do it: the same on every machine, at every load."""

    work: int = 0

    def start(self, budget: Budget) -> Clock:
        """The clock of a search that ends when it has done the work of the budget's seconds."""
        return Clock(budget, self.work, self)


@dataclass(slots=True)
class Clock:
    """Counts the CPU seconds of this process since a search began, or the work of a meter."""

    budget: Budget
    started: float = field(default_factory=time.process_time)
    meter: Meter | None = None

    @property
    def spent(self) -> float:
        """Seconds used so far."""
        if self.meter is None:
            return time.process_time() - self.started
        # Whole numbers first: a difference of fractions would depend on what was done before.
        return (self.meter.work - self.started) / WORK

    def charge(self, work: int) -> None:
        """Notes work that was done, where work is what this clock counts."""
        if self.meter is not None:
            self.meter.work += work

    @property
    def left(self) -> float:
        """CPU seconds that remain, never below zero."""
        return max(0.0, self.budget.seconds - self.spent)

    def end(self) -> None:
        """Ends the search: it has found what it was for."""
        self.budget = replace(self.budget, seconds=1e-9)

    def slice(self, seconds: float) -> Clock:
        """A clock for a part of the search: it ends after ``seconds``, or with this one."""
        budget = replace(self.budget, seconds=max(1e-9, min(seconds, self.left)))
        return budget.start() if self.meter is None else self.meter.start(budget)

    @property
    def is_over(self) -> bool:
        """Whether the seconds are used up."""
        return self.spent >= self.budget.seconds
