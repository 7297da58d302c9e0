"""Why a law holds, in one glance: how it was proved, and what its proof cites."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A law, its method, and the statements that its proof rests on directly.

    ``cites`` are names with statements, axioms first; ``axioms`` are all that stand at the bottom.

    >>> print(Reason("law_1", "a <= a", "saturation", (("add_zero", "a + 0 = a"),), ("add_zero",)))
    law_1: a <= a
      by saturation from
        add_zero: a + 0 = a
      rests on the axioms add_zero
    """

    name: str
    statement: str
    method: str
    cites: tuple[tuple[str, str], ...]
    axioms: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.statement}", f"  by {self.method or 'derivation'} from"]
        lines += [f"    {name}: {statement}" for name, statement in self.cites]
        return "\n".join([*lines, f"  rests on the axioms {', '.join(self.axioms)}"])

    def __repr__(self) -> str:
        return str(self)
