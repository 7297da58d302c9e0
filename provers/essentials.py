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
    """Workspaces that hold the laws which are thought essential so far.

    One holds the laws that shorten proofs, the other all laws: there more follows, and more slowly.
    """

    def __init__(self, theory: Theory, laws: Sequence[Theorem], rules: Sequence[Theorem]) -> None:
        self.meter = Meter()
        self.names = {theorem.name for theorem in laws}
        self.works = [self._workspace(theory, rules), self._workspace(theory, laws)]

    def _workspace(self, theory: Theory, laws: Sequence[Theorem]) -> Workspace:
        work = Workspace(theory)
        for theorem in laws:
            learn(work, theorem, self.meter.start(Budget()))
        return work

    def redundancy(self, law: Theorem) -> Redundancy | None:
        """Leaves a law out, and proves it from the rest; where that fails, it is back."""
        statement = Statement(
            f"{law.name}.again", law.statement.formula, law.statement.clauses, "lemma"
        )
        held = [self._resting_on(law.name, work) for work in self.works]
        for work, theorems in zip(self.works, held, strict=True):
            for known in theorems:
                work.forget(known.name)
        for work in self.works:
            theorem = self._prove(work, statement)
            if theorem is not None:
                return Redundancy(theorem, self._laws(theorem))
        for work, theorems in zip(self.works, held, strict=True):
            for known in theorems:
                work.broadcast(known.statement)
        return None

    def _resting_on(self, name: str, work: Workspace) -> list[Theorem]:
        """A law with the laws of sums that it completed: else it would follow from itself."""
        return [
            theorem
            for theorem in work.theorems.values()
            if theorem.name == name
            or (
                theorem.name not in self.names
                and any(lemma.name == name for lemma in with_lemmas(theorem))
            )
        ]

    def _prove(self, work: Workspace, statement: Statement) -> Theorem | None:
        proofs = []
        for clause in statement.clauses:
            work.prefixes.clear()
            clock = self.meter.start(Budget(seconds=SECONDS))
            proof = prove_directly(work, work.root, clause, EFFORT, clock)
            if proof is None:
                return None
            proofs.append(proof)
        return write_theorem(work, statement, proofs)

    def _laws(self, theorem: Theorem) -> tuple[str, ...]:
        """The laws that a proof rests on directly, or through laws of sums."""
        found: dict[str, None] = {}
        for lemma in theorem.cited:
            below = (lemma,) if lemma.name in self.names else with_lemmas(lemma)
            found.update(dict.fromkeys(t.name for t in below if t.name in self.names))
        return tuple(found)


def redundancies(
    theory: Theory,
    asked: Sequence[Theorem],
    laws: Sequence[Theorem],
    rules: Sequence[Theorem],
    is_over: Callable[[], bool],
) -> dict[str, Redundancy]:
    """For the laws asked about that follow from others how they do, looked at in the order given.

    What follows is left out for the next ones, so no two laws can excuse each other. ``rules`` are
    those of the ``laws`` that shorten proofs. What is not reached in time counts as essential.
    """
    essentials = Essentials(theory, laws, rules)
    found: dict[str, Redundancy] = {}
    for law in asked:
        if is_over():
            break
        redundancy = essentials.redundancy(law)
        if redundancy is not None:
            found[law.name] = redundancy
    return found
