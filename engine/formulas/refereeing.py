"""The referee of families: members near the origin are identified, members beyond test the rule.

Whatever proposes a family, its members decide: each is evaluated to certain digits and related to
the constant, and one that is not related refutes the family. What withstands that is a conjecture
until it is proved.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TypeAlias

from ..errors import SourceError
from ..proposal import Batch, Feedback, Proposal
from .behaviour import behaviour
from .constants import CONSTANTS, Constant
from .family import Congruence, Family, confirmed, rules, shapes
from .fraction import PCF
from .limit import Limit, limit
from .relation import algebraic_relation, mobius_relation
from .shape import Shape

_NEAR = 3
"""Coordinates of the members that are looked at first lie within this distance of the origin."""

_LEAST, _MOST = 6, 24
"""How many members must be decided near the origin, and how many are looked at."""

_TERM = re.compile(r"\s*([+-]?)\s*(\d*)\s*\*?\s*([^\W\d_]*)\s*")
_FACTOR = re.compile(r"\(([^()]*)\)")


Wrong: TypeAlias = Callable[[str, str], SourceError]
"""Makes the error for what is not understood, with what was expected."""


@dataclass(frozen=True, slots=True)
class FamilyClaim:
    """A family as it is claimed: shape, condition, and the name of a constant.

    >>> claim = FamilyClaim.parse("k | (n + p)(n + q), k + p + q = 0 (mod 2): pi")
    >>> str(claim.shape), claim.condition.text(claim.shape.names()), claim.constant
    ('k | (n + α)(n + β)', 'k + α + β ≡ 0 (mod 2)', 'pi')
    """

    shape: Shape
    condition: Congruence
    constant: str

    @classmethod
    def parse(cls, text: str) -> FamilyClaim:
        """Reads ``a | b, condition: constant``; ``SourceError`` says what is not understood.

        ``a`` is a parameter or n^d with a parameter for each lower power; ``b`` is a product of an
        integer and linear factors such as (2n + p), each with a parameter of its own.
        """

        def wrong(what: str, expected: str) -> SourceError:
            return SourceError(what, path="<family>", expected=expected, found=text[:200])

        head, colon, constant = text.rpartition(":")
        constant = constant.strip()
        if not colon or constant not in CONSTANTS:
            raise wrong("no known constant after a colon", ", ".join(CONSTANTS))
        formula, _, condition = head.partition(",")
        left, bar, right = formula.partition("|")
        if not bar:
            raise wrong("no bar between a and b", "a | b")
        degree, lead, free = _read_a(left.strip(), wrong)
        content, factors = _read_b(right.strip(), wrong)
        factors.sort(key=lambda factor: factor[0])
        names = [*free, *(name for _, name in factors)]
        if len(set(names)) != len(names):
            raise wrong("a parameter stands twice", "a parameter for each place")
        if degree > 3 or len(factors) > 4:
            raise wrong("the degree is too high", "degree 3 in a, 4 in b, at most")
        shape = Shape(degree, lead, content, tuple(slope for slope, _ in factors))
        return cls(shape, _read_condition(condition.strip(), names, wrong), constant)

    def __str__(self) -> str:
        condition = self.condition.text(self.shape.names())
        return f"{self.shape}{', ' if condition else ''}{condition}: {self.constant}"


def _read_a(text: str, wrong: Wrong) -> tuple[int, int, list[str]]:
    powers: dict[int, tuple[int, str]] = {}
    for sign, number, name, power in _terms(text, wrong):
        if power in powers:
            raise wrong("a power of n stands twice in a", "one term for each power")
        powers[power] = (int(sign + (number or "1")), name)
    degree = max(powers, default=0)
    lead, name = powers.get(degree, (0, ""))
    lower = range(degree - 1, -1, -1) if degree else range(1)
    free = [powers.get(power, (1, ""))[1] for power in lower]
    if (degree and name) or not all(free) or any(powers[p][0] != 1 for p in lower if p in powers):
        raise wrong("a is not understood", "a parameter k, or 2n^2 + kn + l")
    return degree, lead if degree else 0, free


def _terms(text: str, wrong: Wrong) -> Iterator[tuple[str, str, str, int]]:
    at = 0
    pattern = re.compile(
        r"\s*([+-]?)\s*(\d*)\s*\*?\s*([^\W\d_n]?)\s*\*?\s*(n(?:\s*(?:\^|\*\*)\s*(\d))?)?\s*"
    )
    while at < len(text):
        found = pattern.match(text, at)
        if found is None or found.end() == at or not (found[2] or found[3] or found[4]):
            raise wrong("a is not understood", "a parameter k, or 2n^2 + kn + l")
        yield found[1], found[2], found[3], int(found[5] or 1) if found[4] else 0
        at = found.end()


def _read_b(text: str, wrong: Wrong) -> tuple[int, list[tuple[int, str]]]:
    content_text = text.partition("(")[0].replace("*", "").replace(" ", "")
    content = {"": 1, "-": -1, "+": 1}.get(content_text)
    if content is None:
        if not re.fullmatch(r"[+-]?\d{1,6}", content_text) or int(content_text) == 0:
            raise wrong("b is not understood", "3(n + p)(2n + q)")
        content = int(content_text)
    rest = _FACTOR.sub("", text[len(text.partition("(")[0]) :]).replace("*", "").strip()
    factors: list[tuple[int, str]] = []
    for found in _FACTOR.finditer(text):
        factor = re.fullmatch(r"\s*(\d*)\s*\*?\s*n\s*\+\s*([^\W\d_n])\s*", found[1])
        if factor is None or int(factor[1] or 1) == 0:
            raise wrong("a factor of b is not understood", "(n + p) or (2n + p)")
        factors.append((int(factor[1] or 1), factor[2]))
    if rest or not factors:
        raise wrong("b is not understood", "3(n + p)(2n + q)")
    return content, factors


def _read_condition(text: str, names: Sequence[str], wrong: Wrong) -> Congruence:
    if not text:
        return Congruence((0,) * len(names), 1, 0)
    found = re.fullmatch(r"(.*?)\s*(?:≡|==?)\s*(-?\d+)\s*\(?\s*mod\s*(\d+)\s*\)?", text)
    if found is None or not 2 <= int(found[3]) <= 12:
        raise wrong("the condition is not understood", "k + p + q = 1 (mod 2)")
    modulus = int(found[3])
    form = dict.fromkeys(names, 0)
    at, body = 0, found[1]
    while at < len(body):
        term = _TERM.match(body, at)
        if term is None or term.end() == at or term[3] not in form:
            raise wrong("the condition is not understood", f"a sum of {', '.join(names)}")
        form[term[3]] += int(f"{term[1]}{term[2] or 1}")
        at = term.end()
    return Congruence(tuple(f % modulus for f in form.values()), modulus, int(found[2]) % modulus)


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
    _members: dict[str, dict[tuple[int, ...], str | None]] = field(default_factory=dict)

    def is_over(self) -> bool:
        """Whether as many families as wanted are found."""
        return self.wanted is not None and len(self.families) >= self.wanted

    def screen(self, proposal: Proposal[str]) -> Feedback:
        """Reads a family and identifies members near the origin."""
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
        self._members[proposal.text] = members
        return Feedback(proposal.text, "open", f"{len(members)} members agree", 0.5)

    def establish(
        self, waiting: Sequence[Proposal[str]]
    ) -> Iterator[tuple[Proposal[str], Feedback]]:
        """Tests members far out, then looks for a proof."""
        for proposal in waiting:
            if self.is_over():
                return
            yield proposal, self._confirm(proposal)

    def _confirm(self, proposal: Proposal[str]) -> Feedback:
        claim = FamilyClaim.parse(proposal.content)
        members = self._members.pop(proposal.text)
        rational = sum(name == "rational" for name in members.values())
        family = confirmed(
            claim.shape, claim.condition, CONSTANTS[claim.constant], len(members), rational,
            members, self.outside, self.digits, random.Random(self.seed),
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


@dataclass
class SweptFamilies:
    """The families that the labels of a sweep suggest, as a proposer: those that explain most first."""

    folder: Path
    least: int = 5
    name: str = "labels of a sweep"

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[str]:
        """The next families; the last batch says so."""
        told = {one.text for one in feedback}
        found: list[tuple[int, str]] = []
        for shape, members in shapes(self.folder).items():
            for condition, constant, inside, _ in rules(members, self.least):
                found.append((-inside, str(FamilyClaim(shape, condition, constant))))
        waiting = [text for _, text in sorted(found) if text not in told]
        proposals = [Proposal(text, text, self.name) for text in waiting[:count]]
        return Batch(proposals, is_last=len(waiting) <= count)


def labelled(folder: Path, most: int = 60) -> list[Mapping[str, object]]:
    """Formulas of a labelled sweep with their constants, for a proposer to look at."""
    found: list[Mapping[str, object]] = []
    for shape, members in sorted(shapes(folder).items(), key=lambda item: str(item[0])):
        for point, constant in sorted(members.items()):
            if constant is not None and constant != "rational":
                found.append({"formula": PCF(*shape.formula(point)).text, "constant": constant})
    step = max(1, len(found) // most)
    return found[::step][:most]
