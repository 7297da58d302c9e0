"""A family of continued fractions as it is claimed in words: ``k | (n + p)(n + q), k + p + q = 0 (mod 2): pi``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..errors import SourceError
from .constants import CONSTANTS
from .family import Congruence
from .shape import Shape

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
