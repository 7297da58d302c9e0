"""A last attempt with laws that are too many for all blocks: those that induction steps rest on.

``a <= b -> s(a) <= s(b)`` leads from one number to the next, again and again. Mailed to all blocks,
such laws fill them; where nothing else helped they close the step of an induction at once.
"""

from __future__ import annotations

from functools import cached_property

from lemmata.engine.budget import Budget, Meter
from lemmata.engine.checker import Theorem
from lemmata.engine.clause import Clause
from lemmata.engine.theory import Theory

from .commutation import complete, learn
from .portfolio import attempt
from .workspace import Effort, Proof, Workspace

EFFORTS = (
    Effort(1, 1, 0, 1_000, witnesses=True),
    Effort(2, 2, 0, 2_000),
    Effort(3, 2, 0, 2_000),
)
SECONDS = 0.25
"""Metered seconds for each effort at a clause."""


class Stepping:
    """Blocks that know all laws in the order in which they were found, steps among them."""

    def __init__(self, theory: Theory, meter: Meter) -> None:
        self.theory, self.meter = theory, meter
        self.laws: list[tuple[Theorem, bool]] = []

    def learn(self, theorem: Theorem, *, is_step: bool) -> None:
        """A law that may be used from now on."""
        self.laws.append((theorem, is_step))
        if "work" in self.__dict__:
            self._add(self.work, theorem, is_step)

    @cached_property
    def work(self) -> Workspace:
        """Made when it is first needed, with what was learnt until then."""
        work = Workspace(self.theory)
        work.goal = "exploration"
        clock = self.meter.start(Budget())
        for axiom in self.theory.axioms:
            complete(work, axiom, clock)
        work.prepare(clock)
        for theorem, is_step in self.laws:
            self._add(work, theorem, is_step)
        return work

    def _add(self, work: Workspace, theorem: Theorem, is_step: bool) -> None:
        if is_step:
            work.add(theorem)
        else:
            learn(work, theorem, self.meter.start(Budget()))

    def prove(self, clause: Clause) -> tuple[Proof, str] | None:
        """A proof that may use all laws; it is to be written with ``work``."""
        self.work.prefixes.clear()
        for effort in EFFORTS:
            found = attempt(self.work, clause, effort, self.meter.start(Budget(seconds=SECONDS)))
            if found is not None:
                return found
        return None
