"""The enumeration of a theory's laws as a proposer: what its values allow, in growing size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lemmata.engine.exploration import proposal as exploration
from lemmata.engine.notation import Notation
from lemmata.engine.proposal import Batch, Feedback, Proposal
from lemmata.engine.theory import Theory

from ..world import worlds


@dataclass
class EnumeratedLaws:
    """Proposes what exploration would look at: equations, well-known shapes, conditional laws.

    Nothing is proved here. The last batch comes when all terms up to a size are used up.
    """

    theory: Theory
    largest: int = 4
    name: str = "enumeration of laws"
    _texts: Iterator[str] | None = None
    _told: set[str] = field(default_factory=set)

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[str]:
        """The next laws that were not proposed before."""
        self._told.update(one.text for one in feedback)
        if self._texts is None:
            self._texts = self._laws()
        found: list[Proposal[str]] = []
        for text in self._texts:
            if text not in self._told:
                self._told.add(text)
                found.append(Proposal(text, text, self.name))
            if len(found) == count:
                return Batch(found)
        return Batch(found, is_last=True)

    def _laws(self) -> Iterator[str]:
        names = exploration.theory_names(self.theory)
        enumeration = exploration.Proposer(self.theory, worlds(self.theory), names)
        formula = Notation.of(self.theory).formula
        for size in range(1, self.largest + 1):
            for stream in enumeration.round(size):
                for conjecture in stream:
                    yield formula(conjecture.formula)
