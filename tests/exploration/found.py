"""Developments made by hand, for whatever shows them."""

from __future__ import annotations

from collections.abc import Sequence

from lemmata.engine.checker import Theorem
from lemmata.engine.exploration.development import Development, Law, NearMiss, Progress, Stated
from lemmata.engine.notation import Notation
from lemmata.engine.theory import Theory

FAMILIES = {"add_comm": "add_comm", "mul_comm": "mul_comm", "succ_add": "zero_add"}


def developed(theory: Theory, proved: Sequence[Theorem]) -> Development:
    """A development with these theorems as its laws, in this order of rank."""
    notation = Notation.of(theory)
    laws = []
    for rank, theorem in enumerate(proved):
        text = notation.formula(theorem.statement.formula)
        essential = not theorem.lemmas or rank % 2 == 0
        laws.append(
            Law(
                theorem.name,
                text,
                f"conjecture {theorem.name}: {text}",
                theorem,
                method="induction on a",
                shape="commutativity" if theorem.name.endswith("comm") else "",
                family=FAMILIES.get(theorem.name, theorem.name),
                essential=essential,
                follows=() if essential else theorem.lemmas,
                interest=1.0 - rank / (len(proved) + 1),
                cpu_seconds=0.01 * (rank + 1),
                at=0.1 * (rank + 1),
            )
        )
    misses = (
        NearMiss("a * b = a", "conjecture miss: a * b = a", (("a", "s(0)"), ("b", "0"))),
        NearMiss("a + b = a * b", "conjecture miss: a + b = a * b", (("a", "0"), ("b", "s(0)"))),
    )
    timeline = tuple(
        Progress(
            size, 40 * size, 30 * size, size, 3 * size, min(2 * size, len(laws)), 1, 0.3 * size
        )
        for size in range(1, 8)
    )
    stated = tuple(
        Stated(each.name, notation.formula(each.formula), number != 2, (each.name,))
        for number, each in enumerate(theory.conjectures)
    )
    return Development(theory, tuple(laws), misses, (), stated, timeline, "size", 7)
