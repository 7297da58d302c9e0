"""Which laws of a development matter: an essential set from which the others follow, each by proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lemmata.engine.budget import Budget, Meter
from lemmata.engine.checker import Theorem
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.theory import Statement, Theory

from .commutation import learn
from .induction import prove_directly
from .workspace import Effort, Workspace
from .writing import write_theorem

EFFORT, SECONDS = Effort(3, 1, 0, 600), 0.03
"""What a proof may take that a law follows from the others: cost, and metered seconds a clause."""


@dataclass(frozen=True, slots=True)
class Redundancy:
    """A law that the essential ones give: the proof, and the laws that it cites."""

    theorem: Theorem
    follows: tuple[str, ...]


class Essentials:
    """A workspace that holds the laws which are thought essential so far."""

    def __init__(self, theory: Theory, rules: Sequence[Theorem]) -> None:
        self.work = Workspace(theory)
        self.meter = Meter()
        self.names = {theorem.name for theorem in rules}
        for theorem in rules:
            learn(self.work, theorem, self.meter.start(Budget()))

    def redundancy(self, law: Theorem) -> Redundancy | None:
        """Leaves a law out, and proves it from the rest; where that fails, it is back."""
        self.work.forget(law.name)
        statement = Statement(
            f"{law.name}.again", law.statement.formula, law.statement.clauses, "lemma"
        )
        proofs = []
        for clause in statement.clauses:
            self.work.prefixes.clear()
            clock = self.meter.start(Budget(seconds=SECONDS))
            proof = prove_directly(self.work, self.work.root, clause, EFFORT, clock)
            if proof is None:
                if law.name in self.names:
                    self.work.broadcast(law.statement)
                return None
            proofs.append(proof)
        theorem = write_theorem(self.work, statement, proofs)
        return Redundancy(theorem, self._laws(theorem))

    def _laws(self, theorem: Theorem) -> tuple[str, ...]:
        """The laws that a proof rests on directly, or through laws of sums."""
        found: dict[str, None] = {}
        for lemma in theorem.cited:
            below = (lemma,) if lemma.name in self.names else with_lemmas(lemma)
            found.update(dict.fromkeys(t.name for t in below if t.name in self.names))
        return tuple(found)


def redundancies(
    theory: Theory,
    laws: Sequence[Theorem],
    rules: Sequence[Theorem],
    is_over: Callable[[], bool],
) -> dict[str, Redundancy]:
    """For the laws that follow from others how they do, looked at in the order given.

    What follows is left out for the next ones, so no two laws can excuse each other. ``rules`` are
    the laws that proofs may use. Laws that are not reached in time count as essential.
    """
    essentials = Essentials(theory, rules)
    found: dict[str, Redundancy] = {}
    for law in laws:
        if is_over():
            break
        redundancy = essentials.redundancy(law)
        if redundancy is not None:
            found[law.name] = redundancy
    return found
