"""A theory: its signature, its axioms, what it conjectures, and the text it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Literal, assert_never

from .clause import Atom, Case, Clause, Equal, Holds, atom_terms, clause_variables
from .errors import CheckError, Span, UsageError
from .formula import Formula
from .term import Term, Var


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort; with constructors it is inductive: they generate it, are injective and disjoint."""

    name: str
    constructors: tuple[str, ...] = ()

    @property
    def is_inductive(self) -> bool:
        """Whether induction and case distinction apply to the sort."""
        return bool(self.constructors)


@dataclass(frozen=True, slots=True)
class Function:
    """A total function symbol; with no arguments it is a constant."""

    name: str
    arguments: tuple[str, ...]
    result: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate symbol."""

    name: str
    arguments: tuple[str, ...]


_GROUND = 100_000
"""So many well-formed closed terms are remembered."""


@dataclass(frozen=True)
class Signature:
    """The symbols of a theory, each declared once.

    >>> nat = Signature((Sort("N", ("0", "s")),),
    ...                 (Function("0", (), "N"), Function("s", ("N",), "N")))
    >>> nat.function["s"].result
    'N'
    """

    sorts: tuple[Sort, ...] = ()
    functions: tuple[Function, ...] = ()
    predicates: tuple[Predicate, ...] = ()

    @cached_property
    def sort(self) -> Mapping[str, Sort]:
        """Sorts by name."""
        return {sort.name: sort for sort in self.sorts}

    @cached_property
    def function(self) -> Mapping[str, Function]:
        """Functions by name."""
        return {function.name: function for function in self.functions}

    @cached_property
    def predicate(self) -> Mapping[str, Predicate]:
        """Predicates by name."""
        return {predicate.name: predicate for predicate in self.predicates}

    @cached_property
    def constructors(self) -> frozenset[str]:
        """The names of all constructors."""
        return frozenset(name for sort in self.sorts for name in sort.constructors)

    @cached_property
    def _ground(self) -> set[Term]:
        """Closed terms over these symbols alone that were found well-formed: they stay so."""
        return set()

    def __reduce__(self) -> tuple[type[Signature], tuple[object, ...]]:
        return Signature, (self.sorts, self.functions, self.predicates)

    def check_clause(self, clause: Clause, constants: Mapping[str, str]) -> None:
        """Raises ``CheckError`` unless the clause is well-formed over these symbols and the
        constants (with their sorts) that a derivation has introduced."""
        for case in clause.cases or (Case((), ()),):
            bound = (*clause.variables, *case.exists)
            if len({var.name for var in bound}) != len(bound):
                raise CheckError("a clause binds a variable twice")
            if any(var.sort not in self.sort for var in bound):
                raise CheckError("a variable has an undeclared sort")
            for literal in case.literals:
                self.check_atom(literal.atom, bound, constants)
        for premise in clause.premises:
            self.check_atom(premise.atom, clause.variables, constants)
        if clause.variables and set(clause.variables).difference(clause_variables(clause)):
            raise CheckError("a clause binds a variable that does not occur in it")

    def check_atom(self, atom: Atom, bound: tuple[Var, ...], constants: Mapping[str, str]) -> None:
        """Raises ``CheckError`` unless the atom is well-formed and its variables are bound."""
        terms = atom_terms(atom)
        for term in terms:
            self.check_term(term, bound, constants)
        sorts = tuple(term.sort for term in terms)
        match atom:
            case Equal():
                if sorts[0] != sorts[1]:
                    raise CheckError("an equality joins two sorts")
            case Holds(name, _):
                known = self.predicate.get(name)
                if known is None or known.arguments != sorts:
                    raise CheckError(f"predicate '{name}' does not take these arguments")
            case _:
                assert_never(atom)

    def check_term(self, term: Term, bound: tuple[Var, ...], constants: Mapping[str, str]) -> None:
        """Raises ``CheckError`` unless the term is well-formed and its variables are bound."""
        ground = self._ground
        waiting, seen = [term], []
        while waiting:
            part = waiting.pop()
            if isinstance(part, Var):
                if part not in bound:
                    raise CheckError(f"variable '{part.name}' is not bound")
                continue
            if part.is_closed:
                if part in ground:
                    continue
                seen.append(part)
            waiting += part.args
            found = (tuple(arg.sort for arg in part.args), part.sort)
            if part.symbol in constants:
                fits = found == ((), constants[part.symbol])
            else:
                known = self.function.get(part.symbol)
                fits = known is not None and found == (known.arguments, known.result)
            if not fits:
                raise CheckError(f"'{part.symbol}' is not known with these arguments here")
        if seen and not (constants and any(part.symbol in constants for part in seen)):
            if len(ground) > _GROUND:
                ground.clear()
            ground.update(seen)


StatementKind = Literal["axiom", "definition", "constructor", "auxiliary", "conjecture", "lemma"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A named formula with the clauses it lowers to.

    ``constructor`` axioms come with an inductive sort (disjointness, injectivity); ``auxiliary``
    ones name a subformula that has no clause form of its own; ``lemma`` is a conjecture that
    Lemmata made up.
    """

    name: str
    formula: Formula
    clauses: tuple[Clause, ...]
    kind: StatementKind = "axiom"
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Infix:
    """How an infix symbol is written: a higher precedence binds tighter."""

    precedence: int
    associativity: Literal["left", "right", "none"] = "left"


@dataclass(frozen=True)
class Theory:
    """Axioms and conjectures over one signature.

    ``notation`` gives the infix symbols; ``source`` is the text the theory was read from and
    ``path`` its place, so that a proof can be checked against it again.
    """

    name: str
    signature: Signature
    axioms: tuple[Statement, ...]
    conjectures: tuple[Statement, ...] = ()
    notation: Mapping[str, Infix] = field(default_factory=dict)
    path: str = "<text>"
    source: str = ""

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """Axioms and conjectures by name."""
        return {statement.name: statement for statement in self.axioms + self.conjectures}

    def conjecture(self, name: str) -> Statement:
        """The conjecture of that name; ``UsageError`` names those there are."""
        for statement in self.conjectures:
            if statement.name == name:
                return statement
        names = [statement.name for statement in self.conjectures]
        close = get_close_matches(name, names, 1)
        hint = f" (did you mean '{close[0]}'?)" if close else ""
        known = ", ".join(names) or "none"
        raise UsageError(
            f"no conjecture is named '{name}' in {self.path}{hint}; it states: {known}"
        )

    def _repr_html_(self) -> str:
        from .display import theory_card

        return theory_card(self)
