"""Sort inference by unification, over declared sorts and the types of published files.

A type is ``(1)`` (an element), ``P(T)`` (a set of T) or ``x(T)(U)`` (pairs), so that ``P(x(1)(1))``
is a relation or unary function and ``P(x(1)(x(1)(1)))`` a binary function. Declared sorts stand
where ``1`` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

BASE = "(1)"
"""The sort of elements where no sort is declared."""

_UNKNOWN = "\0"
_PART = re.compile(r"\s*([Px()]|[^\sPx()]+)")


@dataclass(frozen=True, slots=True)
class Power:
    """The type of sets of ``member``."""

    member: Type


@dataclass(frozen=True, slots=True)
class Pair:
    """The type of pairs."""

    first: Type
    second: Type


Type: TypeAlias = str | Power | Pair


def is_unknown(type_: Type) -> bool:
    """Whether a type is a placeholder that inference has to fill."""
    return isinstance(type_, str) and type_.startswith(_UNKNOWN)


class Inference:
    """The placeholders of one statement and what is known of them."""

    def __init__(self) -> None:
        self._known: dict[str, Type] = {}
        self._count = 0

    def fresh(self) -> str:
        """A new placeholder."""
        self._count += 1
        return f"{_UNKNOWN}{self._count}"

    def find(self, type_: Type) -> Type:
        """What is known of a type at its top."""
        while isinstance(type_, str) and type_ in self._known:
            type_ = self._known[type_]
        if isinstance(type_, str) and type_.startswith("P("):
            return read_type(type_) or type_  # a signature has types as text
        return type_

    def unify(self, left: Type, right: Type) -> bool:
        """Make two types equal; False if they cannot be."""
        left, right = self.find(left), self.find(right)
        if left == right:
            return True
        if isinstance(left, str) and is_unknown(left):
            if self._occurs(left, right):
                return False
            self._known[left] = right
            return True
        if is_unknown(right):
            return self.unify(right, left)
        match left, right:
            case Power(one), Power(two):
                return self.unify(one, two)
            case Pair(one, two), Pair(three, four):
                return self.unify(one, three) and self.unify(two, four)
            case _:
                return False

    def _occurs(self, unknown: str, type_: Type) -> bool:
        match self.find(type_):
            case Power(member):
                return self._occurs(unknown, member)
            case Pair(first, second):
                return self._occurs(unknown, first) or self._occurs(unknown, second)
            case other:
                return other == unknown

    def show(self, type_: Type, default: str = "?") -> str:
        """The type as the name of a sort; ``default`` stands for what is not known."""
        inner = self._show(type_, default)
        return BASE if inner == "1" else inner

    def _show(self, type_: Type, default: str) -> str:
        match self.find(type_):
            case Power(member):
                return f"P({self._show(member, default)})"
            case Pair(first, second):
                return f"x({self._show(first, default)})({self._show(second, default)})"
            case str(name):
                shown = default if is_unknown(name) else name
                return "1" if shown == BASE else shown

    def settle(self, type_: Type, default: str) -> None:
        """Take the default for all that is still unknown in a type."""
        match self.find(type_):
            case Power(member):
                self.settle(member, default)
            case Pair(first, second):
                self.settle(first, default)
                self.settle(second, default)
            case other:
                if is_unknown(other):
                    self.unify(other, default)

    def is_solved(self, type_: Type) -> bool:
        """Whether nothing in the type is still unknown."""
        match self.find(type_):
            case Power(member):
                return self.is_solved(member)
            case Pair(first, second):
                return self.is_solved(first) and self.is_solved(second)
            case other:
                return not is_unknown(other)


def read_type(text: str) -> Type | None:
    """The type that a text like ``P(x(1)(1))`` spells, or None.

    >>> read_type("P(x(1)(N))")
    Power(member=Pair(first='(1)', second='N'))
    """
    parts = _PART.findall(text)
    try:
        type_, rest = _read(parts)
    except (IndexError, ValueError, RecursionError):
        return None
    return None if rest or "".join(parts) != "".join(text.split()) else type_


def _read(parts: list[str]) -> tuple[Type, list[str]]:
    match parts[0]:
        case "(":
            inner, rest = _read(parts[1:])
            return inner, _closed(rest)
        case "P":
            member, rest = _read(_opened(parts[1:]))
            return Power(member), _closed(rest)
        case "x":
            first, rest = _read(_opened(parts[1:]))
            second, rest = _read(_opened(_closed(rest)))
            return Pair(first, second), _closed(rest)
        case ")":
            raise ValueError
        case "1":
            return BASE, parts[1:]
        case name:
            return name, parts[1:]


def _opened(parts: list[str]) -> list[str]:
    if parts[0] != "(":
        raise ValueError
    return parts[1:]


def _closed(parts: list[str]) -> list[str]:
    if parts[0] != ")":
        raise ValueError
    return parts[1:]
