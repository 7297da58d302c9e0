"""Ground facts of a theory: what its functions give on small values, and which predicates hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..checker import Theorem
from ..display import card
from ..encoding import Json
from ..errors import UsageError
from ..theory import Theory
from .document import proofs_within

FORMAT = "lemmata-facts/1"

Halt: TypeAlias = Literal["all", "time", "interrupted"]
"""Why the facts end where they do."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A proved ground statement about a symbol; ``=`` is the symbol of two values that differ."""

    symbol: str
    statement: str
    is_positive: bool
    theorem: Theorem
    method: str
    cpu_seconds: float

    def __repr__(self) -> str:
        return f"Fact({self.statement!r})"


@dataclass(frozen=True)
class Facts:
    """The facts about all arguments among the smallest ``values`` of each sort.

    ``unproved`` are statements that hold where the axioms are run and were not derived,
    ``silent`` symbols on which running the axioms gives no values.
    """

    theory: Theory
    values: int
    facts: tuple[Fact, ...]
    unproved: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    stop: Halt = "all"

    def about(self, symbol: str) -> tuple[Fact, ...]:
        """The facts about a symbol, ``=`` included; ``UsageError`` for an unknown one."""
        signature = self.theory.signature
        if symbol != "=" and not (symbol in signature.function or symbol in signature.predicate):
            raise UsageError(f"'{symbol}' is no symbol of the theory '{self.theory.name}'")
        return tuple(fact for fact in self.facts if fact.symbol == symbol)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def __repr__(self) -> str:
        positive = sum(fact.is_positive for fact in self.facts)
        return (
            f"Facts({self.theory.name!r}: {positive} positive, {len(self) - positive} negative, "
            f"{len(self.unproved)} unproved)"
        )

    def _repr_html_(self) -> str:
        rows = tuple((fact.theorem.name, fact.statement) for fact in self.facts[:60])
        return card("facts", self.theory.name, repr(self), rows)


def document(facts: Facts, proof: Callable[[Theorem], Json] | None = None) -> dict[str, Json]:
    """The facts as a JSON object; ``proof`` gives what stands for a proof, if not its file."""
    proof = proof or proofs_within()
    return {
        "format": FORMAT,
        "theory": facts.theory.name,
        "values": facts.values,
        "facts": [
            {
                "name": fact.theorem.name,
                "symbol": fact.symbol,
                "statement": fact.statement,
                "positive": fact.is_positive,
                "method": fact.method,
                "cpu_seconds": round(fact.cpu_seconds, 6),
                "axioms": list(fact.theorem.axioms),
                "lemmas": list(fact.theorem.lemmas),
                "proof": proof(fact.theorem),
            }
            for fact in facts
        ],
        "unproved": list(facts.unproved),
        "silent": list(facts.silent),
        "stop": facts.stop,
    }
