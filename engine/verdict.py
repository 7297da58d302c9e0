"""The three answers to a claim: proved, refuted, unknown. They are values, never exceptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .checker import Theorem
from .display import card
from .notation import Notation

Reason: TypeAlias = Literal["saturated", "depth", "facts", "time", "interrupted", "inconsistent"]
"""Why a search ended without an answer."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The checker accepted a derivation; ``lemmas`` are the theorems it rests on, oldest first."""

    goal: str
    theorem: Theorem
    lemmas: tuple[Theorem, ...] = ()
    method: str = ""
    cpu_seconds: float = 0.0

    def __repr__(self) -> str:
        return f"Proved({self.goal!r}, {self.method}, {self.cpu_seconds:.2f} CPU s)"

    def _repr_html_(self) -> str:
        statement = Notation.of(self.theorem.theory).formula(self.theorem.statement.formula)
        rows = (
            ("method", self.method),
            ("axioms", ", ".join(self.theorem.axioms)),
            ("lemmas", ", ".join(self.theorem.lemmas)),
            ("CPU time", f"{self.cpu_seconds:.2f} s"),
        )
        return card("proved", self.goal, statement, rows)


@dataclass(frozen=True, slots=True)
class Refuted:
    """The claim is false: here are values, in the user's notation, for which it fails.

    ``assignment`` gives a value for each variable; ``model`` describes the symbols where the
    axioms leave them open, ``explanation`` says what fails. ``counterexample`` holds the same as
    objects, where the claim is about programs.
    """

    goal: str
    assignment: tuple[tuple[str, str], ...]
    model: tuple[str, ...] = ()
    explanation: str = ""
    method: str = ""
    cpu_seconds: float = 0.0
    counterexample: object = None

    def __repr__(self) -> str:
        values = ", ".join(f"{name} = {value}" for name, value in self.assignment)
        return f"Refuted({self.goal!r}: {values or self.explanation})"

    def _repr_html_(self) -> str:
        rows = (*self.assignment, ("model", "; ".join(self.model)), ("because", self.explanation))
        return card("refuted", self.goal, "", rows)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither proved nor refuted within the budget; ``reason`` says what ran out."""

    goal: str
    reason: Reason
    detail: str = ""
    cpu_seconds: float = 0.0
    tried: tuple[str, ...] = field(default_factory=tuple)

    def __repr__(self) -> str:
        return f"Unknown({self.goal!r}, {self.reason})"

    def _repr_html_(self) -> str:
        tried = "; ".join(self.tried)
        return card(
            "unknown",
            self.goal,
            "",
            (("why", f"{self.reason} {self.detail}".strip()), ("tried", tried)),
        )


Verdict: TypeAlias = Proved | Refuted | Unknown
