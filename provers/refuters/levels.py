"""Unrolling level by level, with larger values on each, in turns with other looks."""

from __future__ import annotations

from lemmata.engine.budget import Clock
from lemmata.engine.formula import Formula
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import Term, Var

from .circuit import PauseError
from .program import Program
from .shapes import Bounds
from .unrolling import TooLargeError, Unrolling

PATIENCE = 8
"""How many times as long as a circuit took to build it may be solved before it is put off."""
SECONDS = 1.0
"""A circuit is solved for that long at least."""


class Levels:
    """Looks for counterexamples among ever larger values.

    ``spent`` tells the CPU seconds so far; ``is_over`` that larger values are out of reach.
    """

    def __init__(self, program: Program, formula: Formula) -> None:
        self.program, self.formula = program, formula
        self.sorts = [var.sort for var in free_variables(formula)]
        self.level, self.patience = 0, PATIENCE
        self.current: Unrolling | None = None
        self.spent = 0.0
        self.is_over = False

    def look(self, clock: Clock, seconds: float) -> dict[Var, Term] | None:
        """Values for which the formula may fail; None if none were found so far.

        The circuit is built for ``seconds`` at most and then taken up again in the next look. What
        it takes to solve it is not known before: that may be longer.
        """
        begun = clock.spent
        try:
            return self._climb(clock, begun + seconds)
        except TooLargeError:
            self.is_over, self.current = True, None
        except PauseError:
            pass
        finally:
            self.spent += clock.spent - begun
        return None

    def _climb(self, clock: Clock, until: float) -> dict[Var, Term] | None:
        while clock.spent < until:
            if self.current is None:
                self._begin(clock)
            assert self.current is not None
            self.current.clock = clock
            self.current.build(until)
            limit = max(SECONDS, self.patience * self.current.seconds)
            if clock.left < self.current.seconds:
                raise PauseError  # a solver takes as long to read a circuit, and cannot be interrupted
            try:
                found = self.current.solve(min(limit, clock.left))
            except PauseError:
                self.patience *= 2
                raise
            self.current, self.patience = None, PATIENCE
            if found is not None:
                return found
        return None

    def _begin(self, clock: Clock) -> None:
        """The next level that has other values than the one before."""
        before = None if self.level == 0 else Bounds.at(self.level)
        while True:
            self.level += 1
            bounds = Bounds.at(self.level)
            self.current = Unrolling(self.program, self.formula, bounds, clock)
            shapes = self.current.shapes
            if before is None or shapes.profile(self.sorts, before) != shapes.profile(
                self.sorts, bounds
            ):
                return
