"""When two outcomes count as the same: exact by default, each relaxation by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from ...engine.synthesis.outcome import Opaque, Outcome


class ExceptionPolicy(Enum):
    """Which exceptions count as the same."""

    ANY = "all equal"
    TYPE = "same type"
    MESSAGE = "type and message"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Types and values must agree exactly; NaN agrees with NaN, 0.0 does not with -0.0.

    ``tolerance`` allows that relative (and, near zero, absolute) difference between floats.
    Sets and dicts are compared by value, whatever their order; iterators by their items;
    mutated arguments unless ``mutation`` is false; printed text only if ``printed`` is true.
    Two time-outs, and two exhaustions of memory, agree with each other.

    >>> from lemmata.engine.synthesis.outcome import Outcome
    >>> one, true = Outcome("returned", 1), Outcome("returned", True)
    >>> Comparison().agree(one, true)
    False
    >>> Comparison(tolerance=1e-9).agree(Outcome("returned", 0.1 + 0.2), Outcome("returned", 0.3))
    True
    """

    exceptions: ExceptionPolicy = ExceptionPolicy.TYPE
    tolerance: float = 0.0
    signed_zero: bool = True
    mutation: bool = True
    printed: bool = False

    def agree(self, left: Outcome, right: Outcome) -> bool:
        """Whether the two outcomes count as the same."""
        if left.kind != right.kind:
            return False
        if self.printed and left.printed != right.printed:
            return False
        if self.mutation and not self._same_after(left.after, right.after):
            return False
        match left.kind:
            case "returned":
                return self.same(left.value, right.value)
            case "raised":
                return self._same_exception(left, right)
            case "exited":
                return left.message == right.message
            case "timed out" | "out of memory" | "too large":
                return True
            case "crashed" | "tampered" | "not loaded":
                # What broke its own process has shown nothing about its behaviour.
                return False
            case never:
                assert_never(never)

    def _same_after(
        self, left: tuple[object, ...] | None, right: tuple[object, ...] | None
    ) -> bool:
        if left is None or right is None:
            return left is right
        return self.same(left, right)

    def _same_exception(self, left: Outcome, right: Outcome) -> bool:
        match self.exceptions:
            case ExceptionPolicy.ANY:
                return True
            case ExceptionPolicy.TYPE:
                return left.error == right.error
            case ExceptionPolicy.MESSAGE:
                return (left.error, left.message) == (right.error, right.message)
            case never:
                assert_never(never)

    def same(self, left: object, right: object) -> bool:
        """Whether two values are the same, with their exact types, all the way down."""
        if type(left) is not type(right):
            return False
        match left, right:
            case float(), float():
                return self._same_float(left, right)
            case complex(), complex():
                return self._same_float(left.real, right.real) and self._same_float(
                    left.imag, right.imag
                )
            case list() | tuple(), list() | tuple():
                return len(left) == len(right) and all(map(self.same, left, right))
            case set() | frozenset(), set() | frozenset():
                return self._match(list(left), list(right), self.same)
            case dict(), dict():
                return self._match(
                    list(left.items()),
                    list(right.items()),
                    lambda a, b: self.same(a[0], b[0]) and self.same(a[1], b[1]),
                )
            case Opaque(), Opaque():
                named = left.kind == "iterator" or left.name == right.name
                return named and left.kind == right.kind and self.same(left.content, right.content)
            case _:
                return bool(left == right)

    def _same_float(self, left: float, right: float) -> bool:
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        if self.tolerance and math.isclose(
            left, right, rel_tol=self.tolerance, abs_tol=self.tolerance
        ):
            return True
        if left != right:
            return False
        return not self.signed_zero or math.copysign(1, left) == math.copysign(1, right)

    def _match(self, left: list[object], right: list[object], same: Callable[..., bool]) -> bool:
        """Whether the members pair off; members that are equal by hash are tried first."""
        if len(left) != len(right):
            return False
        order = {repr(item): place for place, item in enumerate(right)}
        rest = dict(enumerate(right))
        for item in left:
            place = order.get(repr(item), -1)
            if not (place in rest and same(item, rest[place])):
                place = next((at for at, other in rest.items() if same(item, other)), -1)
            if place < 0:
                return False
            del rest[place]
        return True
