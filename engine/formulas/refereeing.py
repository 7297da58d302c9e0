"""The referee of families: members near the origin are identified, members beyond test the rule.

Whatever proposes a family, its members decide: each is evaluated to certain digits and related to
the constant, and one that is not related refutes the family. What withstands that is a conjecture
until it is proved. The members of a sweep are identified already and are not looked at again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from ..errors import SourceError
from ..proposal import Feedback, Proposal
from .behaviour import behaviour
from .claim import FamilyClaim
from .constants import CONSTANTS, Constant
from .family import Family, confirmed
from .fraction import PCF
from .limit import Limit, limit
from .relation import algebraic_relation, mobius_relation
from .shape import Shape

_NEAR = 3
"""Coordinates of the members that are looked at first lie within this distance of the origin."""

_LEAST, _MOST = 6, 24
"""How many members must be decided near the origin, and how many are looked at."""

Members: TypeAlias = Mapping[tuple[int, ...], str | None]
"""What members are: a constant's name, rational, or (None) not identified."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A family that the labels of a sweep suggest: ``inside`` members of the shape meet it."""

    claim: FamilyClaim
    members: Members
    inside: int
    rational: int


Idea: TypeAlias = str | Suggested
"""A family as text, of which nothing is known, or one with its members in a sweep."""


@dataclass
class FamilyReferee:
    """Decides about families; ``families`` holds those that withstood, proved or conjectured.

    Its ``accepted`` means *not refuted by any member tested*; each family says itself whether it is
    proved.
    """

    digits: int = 120
    outside: int = 8
    seed: int = 0
    wanted: int | None = None
    families: list[Family] = field(default_factory=list)
    _waiting: dict[str, Suggested] = field(default_factory=dict)

    def is_over(self) -> bool:
        """Whether as many families as wanted are found."""
        return self.wanted is not None and len(self.families) >= self.wanted

    def screen(self, proposal: Proposal[Idea]) -> Feedback:
        """Reads a family and identifies members near the origin, unless a sweep has done so."""
        if isinstance(proposal.content, Suggested):
            self._waiting[proposal.text] = proposal.content
            told = f"{proposal.content.inside} members of the sweep agree"
            return Feedback(proposal.text, "open", told, 0.5)
        try:
            claim = FamilyClaim.parse(proposal.content[:500])
        except SourceError as error:
            return Feedback(proposal.text, "refused", str(error)[:500])
        constant = CONSTANTS[claim.constant]
        members: dict[tuple[int, ...], str | None] = {}
        for point in self._near(claim):
            name, value = self._identified(claim.shape, point, constant)
            if name is None:
                formula = PCF(*claim.shape.formula(point)).text
                reason = f"{formula} = {value}…, which is no Möbius image of {constant.symbol}"
                return Feedback(proposal.text, "refuted", reason)
            if name:
                members[point] = name
        if len(members) < _LEAST:
            return Feedback(
                proposal.text, "refused", f"only {len(members)} members near the origin converge"
            )
        if claim.constant not in members.values():
            return Feedback(
                proposal.text, "refuted", f"all {len(members)} members tried are rational"
            )
        rational = sum(name == "rational" for name in members.values())
        self._waiting[proposal.text] = Suggested(claim, members, len(members), rational)
        return Feedback(proposal.text, "open", f"{len(members)} members agree", 0.5)

    def establish(
        self, waiting: Sequence[Proposal[Idea]]
    ) -> Iterator[tuple[Proposal[Idea], Feedback]]:
        """Tests members far out, then looks for a proof."""
        for proposal in waiting:
            if self.is_over():
                return
            yield proposal, self._confirm(proposal)

    def _confirm(self, proposal: Proposal[Idea]) -> Feedback:
        known = self._waiting.pop(proposal.text)
        family = confirmed(
            known.claim.shape, known.claim.condition, CONSTANTS[known.claim.constant], known.inside,
            known.rational, known.members, self.outside, self.digits, random.Random(self.seed),
        )  # fmt: skip
        if family is None:
            reason = "a member farther out is no Möbius image of the constant, or too few converge"
            return Feedback(proposal.text, "refuted", reason)
        self.families.append(family)
        return Feedback(proposal.text, "accepted", family.status, 1.0, family)

    def _near(self, claim: FamilyClaim) -> Iterator[tuple[int, ...]]:
        width = len(claim.shape.names())
        points = [
            point
            for point in product(range(-_NEAR, _NEAR + 1), repeat=width)
            if claim.condition.holds(point)
        ]
        random.Random(self.seed).shuffle(points)
        count = 0
        for point in sorted(points[:2_000], key=lambda point: sum(map(abs, point))):
            a, b = claim.shape.formula(point)
            if not any(a) or not any(b):
                continue
            kind = behaviour(a, b)
            if kind.converges and kind.kind != "terminates":
                yield point
                count += 1
            if count >= _MOST:
                return

    def _identified(
        self, shape: Shape, point: tuple[int, ...], constant: Constant
    ) -> tuple[str | None, str]:
        """What a member is: the constant's name, rational, undecided (empty), or neither (None)."""
        a, b = shape.formula(point)
        value = limit(a, b, self.digits)
        if not isinstance(value, Limit) or value.digits < self.digits:
            return "", ""  # too few digits to speak for or against anything
        sure = self.digits - len(str(int(abs(float(value)))))
        if algebraic_relation(value.ball, sure, 1, least_margin=8) is not None:
            return "rational", ""
        if mobius_relation(value.ball, constant, sure, least_margin=8) is not None:
            return constant.name, ""
        return None, value.text[:12]
