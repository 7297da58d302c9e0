"""What an exploration found: laws with their proofs, what was dropped and why, what stays open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..checker import Theorem
from ..citation import cited_laws
from ..clause import Clause, clause_symbols
from ..display import card
from ..errors import UsageError
from ..notation import Notation
from ..proof_file import in_order
from ..theory import Theory
from .reason import Reason

if TYPE_CHECKING:
    import networkx

Stop: TypeAlias = Literal["size", "time", "interrupted", "inconsistent"]
"""Why an exploration ended: all sizes were looked at, the budget is spent, Ctrl-C, or the axioms
contradict each other."""


@dataclass(frozen=True, slots=True)
class Law:
    """A proved law in its place among the others.

    ``statement`` is written in the user's notation, ``mpl`` is a line of a theory file. Laws of
    one ``family`` (the name of its first law) say the same thing in several forms. From the
    ``essential`` laws the rest follows without induction: ``redundancy`` is the checked proof of
    that for any other law, and ``follows`` names the laws which that proof cites.
    """

    name: str
    statement: str
    mpl: str
    theorem: Theorem
    method: str = ""
    shape: str = ""
    family: str = ""
    essential: bool = True
    follows: tuple[str, ...] = ()
    redundancy: Theorem | None = None
    interest: float = 0.0
    cpu_seconds: float = 0.0
    at: float = 0.0
    origin: str = ""
    """Who proposed it, if not the enumeration."""

    def __repr__(self) -> str:
        return f"Law({self.name}: {self.statement})"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A conjecture that looks like a law, and the values for which it fails.

    ``model`` is the finite model of the axioms in which they were found, line by line; empty where
    the axioms themselves compute with the values.
    """

    statement: str
    mpl: str
    counterexample: tuple[tuple[str, str], ...]
    model: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """A conjecture that no value refuted and no proof was found for."""

    statement: str
    mpl: str
    clause: Clause
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A conjecture that the theory's file states, and the laws it is or follows from."""

    name: str
    statement: str
    found: bool
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exploration is: counts of statements so far, CPU seconds since it began."""

    size: int = 0
    proposed: int = 0
    refuted: int = 0
    vacuous: int = 0
    redundant: int = 0
    proved: int = 0
    open: int = 0
    at: float = 0.0


@dataclass(frozen=True)
class Development:
    """The laws of a theory as an exploration found them, the most interesting first.

    ``timeline`` holds the counts at the end of each round, the last ones being the totals.
    """

    theory: Theory
    laws_found: tuple[Law, ...]
    near_misses: tuple[NearMiss, ...] = ()
    open: tuple[Open, ...] = ()
    stated: tuple[Stated, ...] = ()
    timeline: tuple[Progress, ...] = ()
    stop: Stop = "size"
    seed: int = 0
    equals: Callable[[str], tuple[str, ...]] | None = field(default=None, compare=False, repr=False)

    @property
    def theorems(self) -> tuple[Theorem, ...]:
        """The theorems of all laws, the most interesting first."""
        return tuple(law.theorem for law in self.laws_found)

    @property
    def essential(self) -> tuple[Law, ...]:
        """The laws from which the rest follows."""
        return tuple(law for law in self.laws_found if law.essential)

    @property
    def total(self) -> Progress:
        """The counts at the end."""
        return self.timeline[-1] if self.timeline else Progress()

    @cached_property
    def families(self) -> dict[str, tuple[Law, ...]]:
        """Laws by family; each family begins with the law that it is named for."""
        found: dict[str, list[Law]] = {}
        for law in self.laws_found:
            found.setdefault(law.family or law.name, []).append(law)
        return {
            name: tuple(sorted(laws, key=lambda law: law.name != name))
            for name, laws in found.items()
        }

    def law(self, name: str) -> Law:
        """The law of that name; ``UsageError`` if there is none."""
        for law in self.laws_found:
            if law.name == name:
                return law
        raise UsageError(f"the development of '{self.theory.name}' has no law named '{name}'")

    def laws(self, about: str | None = None) -> tuple[Law, ...]:
        """All laws, or those that speak about a symbol; ``UsageError`` for an unknown symbol."""
        if about is None:
            return self.laws_found
        signature = self.theory.signature
        if about not in signature.function and about not in signature.predicate:
            raise UsageError(f"'{about}' is no symbol of the theory '{self.theory.name}'")
        return tuple(law for law in self.laws_found if about in law_symbols(law))

    def why(self, name: str) -> Reason:
        """How a law was proved and what its proof cites; ``UsageError`` if there is no such law."""
        law = self.law(name)
        notation = Notation.of(self.theory)
        known = {axiom.name: axiom.formula for axiom in self.theory.axioms}
        known |= {theorem.name: theorem.statement.formula for theorem in law.theorem.cited}
        cited = sorted(cited_laws(law.theorem.derivation), key=lambda n: n in law.theorem.lemmas)
        cites = tuple((each, notation.formula(known[each])) for each in cited)
        return Reason(name, law.statement, law.method, cites, law.theorem.axioms)

    def what_equals(self, term: str) -> tuple[str, ...]:
        """Terms that the axioms and laws show to be equal to a term, the smallest first.

        ``SourceError`` if the text is no term of the theory.
        """
        if self.equals is None:
            raise UsageError("this development was not made by lemmata.explore: it reads no terms")
        return self.equals(term)

    @cached_property
    def in_order(self) -> tuple[Theorem, ...]:
        """All theorems and what their proofs cite, each once, after those it rests on."""
        return in_order(self.theorems)

    def supporting(self) -> Iterator[Theorem]:
        """Theorems that proofs cite and that are no laws of the list, each once."""
        names = {law.name for law in self.laws_found}
        return (theorem for theorem in self.in_order if theorem.name not in names)

    @cached_property
    def graph(self) -> networkx.DiGraph[str]:
        """What rests on what: an edge leads from an axiom or law to each law that cites it."""
        import networkx

        graph: networkx.DiGraph[str] = networkx.DiGraph()
        laws = {law.name: law for law in self.laws_found}
        for theorem in self.in_order:
            law = laws.get(theorem.name)
            graph.add_node(
                theorem.name,
                kind="law" if law else "lemma",
                essential=bool(law and law.essential),
            )
        for axiom in self.theory.axioms:
            graph.add_node(axiom.name, kind="axiom", essential=True)
        graph.add_edges_from(self.uses())
        return graph

    def uses(self) -> Iterator[tuple[str, str]]:
        """The edges of the graph: an axiom or law, and a law or lemma that cites it."""
        for theorem in self.in_order:
            for name in cited_laws(theorem.derivation):
                yield name, theorem.name

    def __repr__(self) -> str:
        total = self.total
        return (
            f"Development({self.theory.name!r}: {len(self.laws_found)} laws, "
            f"{len(self.essential)} essential, {len(self.open)} open; "
            f"{total.proposed} proposed, {total.refuted} refuted, {total.at:.2f} CPU s)"
        )

    def _repr_html_(self) -> str:
        rows = tuple(
            (law.name, f"{law.statement}{' (essential)' if law.essential else ''}")
            for law in self.laws_found[:60]
        )
        return card("development", self.theory.name, repr(self), rows)


def law_symbols(law: Law) -> frozenset[str]:
    """The functions and predicates that a law is written with."""
    return frozenset().union(*map(clause_symbols, law.theorem.statement.clauses))
