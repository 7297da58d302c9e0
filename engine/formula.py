"""Formulas as a person writes them; ``lemmata.engine.lowering`` makes clauses of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .clause import Atom, Equal, Holds
from .term import Var


@dataclass(frozen=True, slots=True)
class Truth:
    """The constant true or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The negation of a formula."""

    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Both formulas hold."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the formulas holds."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Implies:
    """If ``left`` holds, so does ``right``."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    """Both formulas hold, or neither."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Forall:
    """The body holds for all values of the variables."""

    variables: tuple[Var, ...]
    body: Formula


@dataclass(frozen=True, slots=True)
class Exists:
    """The body holds for some values of the variables."""

    variables: tuple[Var, ...]
    body: Formula


Formula: TypeAlias = Atom | Truth | Not | And | Or | Implies | Iff | Forall | Exists

__all__ = [
    "And",
    "Equal",
    "Exists",
    "Forall",
    "Formula",
    "Holds",
    "Iff",
    "Implies",
    "Not",
    "Or",
    "Truth",
]
