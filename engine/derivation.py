"""Derivations: ordered steps that cite only earlier ones. Nothing here is checked yet.

A derivation is natural deduction written down flat. Steps are numbered in the order in which they
stand; a step may cite a smaller number that is in scope: in its own subproof or in one that
encloses it. ``lemmata.engine.checker`` turns a derivation into a theorem or refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .clause import Atom, Clause
from .term import App, Term


@dataclass(frozen=True, slots=True)
class Law:
    """One clause of an axiom or of a theorem proved before; ``clause`` counts from 0."""

    name: str
    clause: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An equality step, read from left to right or the other way round."""

    step: int
    forward: bool = True


@dataclass(frozen=True, slots=True)
class Subproof:
    """New constants, assumptions about them, steps, and the number of what was shown.

    ``constants`` are arbitrary elements (or witnesses) that nothing outside may mention;
    ``hypotheses`` are numbered like steps.
    """

    constants: tuple[App, ...]
    hypotheses: tuple[tuple[int, Clause], ...]
    steps: tuple[Step, ...]
    result: int


@dataclass(frozen=True, slots=True)
class Instance:
    """The head of a law, or of a clause in scope, at closed terms, once its premises are shown."""

    source: Law | int
    terms: tuple[Term, ...]
    premises: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reflexivity:
    """t = t."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Symmetry and transitivity: a = b, b = c, … give a = c."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Congruence:
    """Equal arguments give equal values; None stands for an argument that stays as it is."""

    links: tuple[Link | None, ...]


@dataclass(frozen=True, slots=True)
class Transport:
    """A literal stays true when its terms are replaced by equal ones."""

    step: int
    links: tuple[Link | None, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """A fact and its negation: a contradiction."""

    positive: int
    negative: int


@dataclass(frozen=True, slots=True)
class Open:
    """Names for the elements that a one-case head says exist; concludes its literals."""

    step: int
    constants: tuple[App, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One literal of a conjunction."""

    step: int
    index: int


@dataclass(frozen=True, slots=True)
class Present:
    """A head holds because its case number ``case`` does, with these elements by these facts."""

    case: int
    terms: tuple[Term, ...]
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """One branch for each case of a head; all branches show the same, or a contradiction."""

    step: int
    branches: tuple[Subproof, ...]


@dataclass(frozen=True, slots=True)
class Refutation:
    """The negation of the concluded literal, assumed, leads to a contradiction."""

    subproof: Subproof


@dataclass(frozen=True, slots=True)
class Excluded:
    """An atom holds or it does not (classical logic)."""

    atom: Atom


@dataclass(frozen=True, slots=True)
class Introduction:
    """A clause holds because its head was shown for arbitrary elements under its premises.

    The subproof's constants stand for the clause's variables, its hypotheses are the premises.
    """

    subproof: Subproof


@dataclass(frozen=True, slots=True)
class Induction:
    """Structural induction on one variable of the concluded clause, a branch a constructor.

    A branch's constants are the constructor's arguments, then one for each other variable of the
    clause in order. Its hypotheses are, first, the induction hypothesis for each argument of the
    sort itself (the clause at that argument, the other variables still bound); then the premises.
    """

    variable: str
    branches: tuple[Subproof, ...]


Rule: TypeAlias = (
    Instance
    | Reflexivity
    | Chain
    | Congruence
    | Transport
    | Clash
    | Open
    | Part
    | Present
    | Cases
    | Refutation
    | Excluded
    | Introduction
    | Induction
)


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered conclusion and the rule that gives it."""

    number: int
    conclusion: Clause
    rule: Rule


@dataclass(frozen=True, slots=True)
class Derivation:
    """The unchecked proof of a statement: ``results`` names a step for each of its clauses."""

    steps: tuple[Step, ...]
    results: tuple[int, ...]
