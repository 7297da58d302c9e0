"""What a labelled sweep suggests: families that explain its labels, as a proposer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..proposal import Batch, Feedback, Proposal
from ..refinement import refine
from .claim import FamilyClaim
from .family import Family, rules, shapes
from .fraction import PCF
from .refereeing import FamilyReferee, Idea, Suggested

_AT_ONCE = 50
_ALL_ROUNDS = 1_000_000


def families(
    folder: Path | str, *, least: int = 5, outside: int = 8, digits: int = 120, seed: int = 0
) -> list[Family]:
    """The families among a labelled sweep, each tested on ``outside`` members beyond the box."""
    referee = FamilyReferee(digits, outside, seed)
    refine(SweptFamilies(Path(folder), least), referee, rounds=_ALL_ROUNDS, count=_AT_ONCE)
    return sorted(referee.families, key=lambda f: (-f.inside, str(f)))


@dataclass
class SweptFamilies:
    """The families that the labels of a sweep suggest, those that explain most first."""

    folder: Path
    least: int = 5
    name: str = "labels of a sweep"
    _waiting: list[Suggested] | None = field(default=None, repr=False)

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Idea]:
        """The next families; the last batch says so."""
        if self._waiting is None:
            found = [
                Suggested(FamilyClaim(shape, condition, constant), members, inside, rational)
                for shape, members in shapes(self.folder).items()
                for condition, constant, inside, rational in rules(members, self.least)
            ]
            self._waiting = sorted(found, key=lambda one: (-one.inside, str(one.claim)))
        told = {one.text for one in feedback}
        waiting = [one for one in self._waiting if str(one.claim) not in told]
        self._waiting = waiting[count:]
        proposals: list[Proposal[Idea]] = [
            Proposal(one, str(one.claim), self.name) for one in waiting[:count]
        ]
        return Batch(proposals, is_last=not self._waiting)


def labelled(folder: Path, most: int = 60) -> list[Mapping[str, object]]:
    """Formulas of a labelled sweep with their constants, for a proposer to look at."""
    found: list[Mapping[str, object]] = []
    for shape, members in sorted(shapes(folder).items(), key=lambda item: str(item[0])):
        for point, constant in sorted(members.items()):
            if constant is not None and constant != "rational":
                found.append({"formula": PCF(*shape.formula(point)).text, "constant": constant})
    step = max(1, len(found) // most)
    return found[::step][:most]
