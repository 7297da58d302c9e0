"""Circuits of and-gates with shared parts, and inputs that make an output true.

A literal is an integer: a gate or an input, or its negation. ``TRUE`` and its negation are constants.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

TRUE = 1
FALSE = -TRUE
MOST_PACE = 8.0
"""A wall clock is believed to pass at most so many times as fast as ours."""


class PauseError(Exception):
    """There was not enough time."""


class Circuit:
    """Gates made so far; equal gates are one."""

    def __init__(self) -> None:
        self.gates: list[tuple[int, int] | None] = [None, None]
        """The two literals that each gate joins; None for an input."""
        self._known: dict[tuple[int, int], int] = {}

    def input(self) -> int:
        """A literal that may be true or false."""
        self.gates.append(None)
        return len(self.gates) - 1

    def both(self, one: int, two: int) -> int:
        """Whether two literals are true."""
        if one in (TRUE, two):
            return two
        if two == TRUE:
            return one
        if one == FALSE or two == FALSE or one == -two:
            return FALSE
        key = (one, two) if one < two else (two, one)
        gate = self._known.get(key)
        if gate is None:
            gate = self._known[key] = len(self.gates)
            self.gates.append(key)
        return gate

    def either(self, one: int, two: int) -> int:
        """Whether one of two literals is true."""
        return -self.both(-one, -two)

    def any(self, literals: Iterable[int]) -> int:
        """Whether one of the literals is true: a balanced tree of gates."""
        row = [-literal for literal in dict.fromkeys(literals) if literal != FALSE]
        while len(row) > 1:
            half = [self.both(*row[place : place + 2]) for place in range(0, len(row) - 1, 2)]
            row = half + row[2 * len(half) :]
        return -row[0] if row else FALSE

    def clauses(self, output: int) -> list[str]:
        """What must hold for an output to be true, as lines of the DIMACS format."""
        lines = [f"{TRUE} 0", f"{output} 0"]
        seen = {TRUE}
        pending = [abs(output)]
        while pending:
            gate = pending.pop()
            if gate in seen:
                continue
            seen.add(gate)
            parts = self.gates[gate]
            if parts is not None:
                one, two = parts
                lines += f"{-gate} {one} 0", f"{-gate} {two} 0", f"{gate} {-one} {-two} 0"
                pending += abs(one), abs(two)
        return lines

    def solve(self, output: int, inputs: Iterable[int], seconds: float) -> frozenset[int] | None:
        """Those of the inputs that are true where the output is; None if it is never true.

        Raises ``PauseError`` if that is not found out in about ``seconds`` of CPU time; the solver
        only knows time on the wall, which passes faster where others work as well.
        """
        if output == FALSE:
            return None
        if seconds <= 0:
            raise PauseError
        import z3  # where nothing is solved it is not loaded

        wall, cpu = time.perf_counter(), time.process_time()
        lines = self.clauses(output)
        solver = z3.SolverFor("QF_FD")
        solver.from_string(f"p cnf {len(self.gates)} {len(lines)}\n" + "\n".join(lines) + "\n")
        pace = (time.perf_counter() - wall) / max(time.process_time() - cpu, 1e-6)
        solver.set("timeout", max(1, int(1000 * seconds * min(max(pace, 1.0), MOST_PACE))))
        answer = solver.check()
        if answer == z3.unsat:
            return None
        if answer != z3.sat:
            raise PauseError
        model, context, sort = solver.model(), z3.main_ctx(), z3.BoolSort()

        def is_true(name: int) -> bool:
            symbol = z3.Z3_mk_int_symbol(context.ref(), name)
            constant = z3.BoolRef(z3.Z3_mk_const(context.ref(), symbol, sort.ast))
            return bool(z3.is_true(model[constant]))

        return frozenset(one for one in inputs if is_true(one))
