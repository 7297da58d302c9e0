"""Conjectures in growing size: equations, well-known shapes, conditional laws; each at most once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ..clause import Atom, Clause, Equal, Holds
from ..formula import Formula
from ..lowering import free_variables, lower
from ..term import Term, Var, variables
from ..term import size as length
from ..theory import Function, Predicate, Theory
from .canonical import Key, Names, canonical_key, renamed
from .catalogue import relations
from .descent import descents
from .enumeration import (
    Enumeration,
    Relational,
    Sample,
    Valuation,
    Values,
    agree,
    assignments,
)
from .implication import Implications
from .shape import mirrored, passages, shapes
from .truth import Tabled, tabled, tried
from .unnesting import symbols, unnested

RELATIONS_AFTER = 3
"""The round in which conditional laws of well-known shapes are proposed."""

CONDITIONAL = 6
"""The size of conditional laws up to the fifth round; later it grows with the rounds."""

ATOMS = 1_500
"""The atoms that conditional laws are made of at most: the smallest ones."""

LARGEST_ATOM = 6
"""The size of the largest atoms in conditional laws."""

DESCENT = "descent"
"""The shape of laws that lead from an object of one number to that of the next, or back."""

BOUND = 4
"""The size of the largest facts about all elements of abstract sorts that are worth a line."""

ROWS = 160
"""The small assignments of a truth table, in each world."""

_LETTERS = "xyz"


@dataclass
class Tally:
    """How many statements were looked at, and how many of them values ruled out."""

    proposed: int = 0
    refuted: int = 0
    vacuous: int = 0


@dataclass
class Conjecture:
    """A statement that may be a law: canonical names, clauses, and how it fared so far."""

    formula: Formula
    clauses: tuple[Clause, ...]
    size: int
    shape: str = ""
    origin: str = ""
    """Who proposed it, if not the enumeration."""

    is_tested: bool = False
    is_doubted: bool = False
    """Whether a model was looked for in which it fails."""

    is_variant: bool = False
    is_wanted: bool = False
    """Whether it gets the last attempt whatever its size."""

    patience: int = 0
    attempts: int = 0
    known: int = -1
    """How many laws were known at the last attempt."""

    @staticmethod
    def of(formula: Formula, size: int, names: Names, shape: str = "") -> Conjecture:
        """The conjecture of a formula, its variables named as the theory names them."""
        named = renamed(formula, names)
        return Conjecture(named, lower(named).clauses, size, shape)

    def restate(self, formula: Formula) -> None:
        """Keeps only a part of what was conjectured, or takes that back."""
        if formula != self.formula:
            self.formula, self.clauses = formula, lower(formula).clauses

    @property
    def key(self) -> tuple[Key, ...]:
        """The same for all writings of the conjecture."""
        return tuple(sorted(map(canonical_key, self.clauses), key=repr))


@dataclass
class Proposer:
    """What a theory's symbols can say, as far as values in its worlds allow it."""

    theory: Theory
    worlds: Sequence[Valuation]
    names: Names
    seed: int = 0
    tally: Tally = field(default_factory=Tally)
    proposed: set[tuple[Key, ...]] = field(default_factory=set)
    shapes: dict[tuple[Key, ...], str] = field(default_factory=dict)
    """The names of well-known shapes, by the keys of statements that have them."""

    def __post_init__(self) -> None:
        signature = self.theory.signature
        self.functions: tuple[Function, ...] = signature.functions
        self.predicates = _plain_predicates(self.theory)
        sorts = [sort.name for sort in signature.sorts]
        self.relations = {
            function.name: function
            for world in self.worlds
            if isinstance(world, Relational)
            for function in world.relations
        }
        names = [
            Var(f"{letter}{n or ''}", s) for n, s in enumerate(sorts) for letter in self._letters(s)
        ]
        given = assignments(self.worlds, names, ROWS, self.seed + 7, 4)
        self.terms = Enumeration((*self.functions, *self.relations.values()), given)
        for axiom in self.theory.axioms:
            self.proposed.add(tuple(sorted(map(canonical_key, axiom.clauses), key=repr)))
            self.proposed.update((canonical_key(clause),) for clause in axiom.clauses)
        self.classes: dict[tuple[object, ...], list[Sample]] = {}
        self.by_sort: dict[str, int] = {}
        self.tables: dict[Atom, Tabled] = {}

    def _letters(self, sort: str) -> str:
        """The variables of a sort: of tables, which are dear to compare, there is one."""
        is_table = self.relations and not self.theory.signature.sort[sort].is_inductive
        return _LETTERS[:1] if is_table else _LETTERS

    def round(self, size: int) -> Iterator[Iterable[Conjecture]]:
        """The streams of one round, each to be drawn to its end before the next."""
        if size == 1:
            # Larger than what enumeration reaches early, and most developments need them first.
            yield chain(self.mirrors(), self.shaped_equations())
        yield self.equations(size)
        if size == RELATIONS_AFTER:
            yield self.shaped_relations()
        if size > 1:
            yield self.conditional(size)

    def new(self, formula: Formula, size: int, shape: str = "") -> Iterator[Conjecture]:
        """The conjecture of a formula, unless it was proposed before."""
        written = unnested(formula, self.relations)
        conjecture = Conjecture.of(written, size, self.names, shape)
        conjecture.is_wanted = written != formula
        key = conjecture.key
        if shape:
            self.shapes.setdefault(key, shape)
        if key and key not in self.proposed:
            self.proposed.add(key)
            yield conjecture

    def equations(self, size: int) -> Iterator[Conjecture]:
        """Each term of a size with the smallest one that has its values; others are kept."""
        core = self.terms.given.core
        for sample in self.terms.terms(size):
            sort = sample.term.sort
            self.tally.proposed += self.by_sort.get(sort, 0)
            key = (sort, *sample.values[:core])
            found = self.classes.setdefault(key, [])
            same = next((old for old in found if agree(old.values, sample.values)), None)
            if same is None or None in key or not core:
                found.append(sample)
                self.terms.keep(sample)
                self.tally.refuted += self.by_sort.get(sort, 0)
                self.by_sort[sort] = self.by_sort.get(sort, 0) + 1
                continue
            self.tally.refuted += self.by_sort[sort] - 1
            if self._may_be_equal(sort) and _depends(sample.term, same.term):
                yield from self.new(Equal(sample.term, same.term), size + same.size)

    def _may_be_equal(self, sort: str) -> bool:
        """Whether something can show that elements of a sort are equal: sets need an axiom for it."""
        if not self.relations or self.theory.signature.sort[sort].is_inductive:
            return True
        heads = (
            clause.literal.atom
            for axiom in self.theory.axioms
            for clause in axiom.clauses
            if clause.is_literal_head and clause.literal.positive
        )
        return any(isinstance(atom, Equal) and atom.left.sort == sort for atom in heads)

    def mirrors(self) -> Iterator[Conjecture]:
        """The axioms that define functions of two arguments, with these exchanged."""
        for axiom in self.theory.axioms:
            match axiom.formula:
                case Equal() as equation if axiom.kind != "constructor":
                    for mirror in mirrored(equation):
                        self.tally.proposed += 1
                        size = length(mirror.left) + length(mirror.right)
                        yield from self.new(mirror, size, "mirror")
                case _:
                    pass

    def shaped_equations(self) -> Iterator[Conjecture]:
        """Equations of the shapes that people look for."""
        for left, right in shapes(self.functions, self.theory.signature.constructors):
            self.tally.proposed += 1
            yield from self.new(Equal(left, right), 10, "equation")
        for left, right in passages(self.functions):
            self.tally.proposed += 1
            for conjecture in self.new(Equal(left, right), length(left) + length(right)):
                conjecture.is_wanted = True
                yield conjecture

    def shaped_relations(self) -> Iterator[Conjecture]:
        """Conditional laws of the shapes that people look for."""
        # A relation that is read as a function is no order, and what it says is said as of one.
        others = [p for p in self.predicates if p.name not in self.relations]
        functions = [f for f in self.functions if self._may_be_equal(f.result)]
        for name, formula in relations(others, functions, self._flat(), self._holds):
            self.tally.proposed += 1
            for conjecture in self.new(formula, 10, name):
                conjecture.is_wanted = True
                yield conjecture
        for formula in descents(self.theory.signature, self.predicates, self.relations):
            self.tally.proposed += 1
            yield from self.new(formula, 10, DESCENT)

    def _holds(self, formula: Formula) -> bool:
        """Whether values in all worlds allow a formula."""
        return tried(lower(formula).clauses, self.worlds).counterexample is None

    def _flat(self) -> frozenset[str]:
        """The sorts that have constants only, such as truth values."""
        signature = self.theory.signature
        return frozenset(
            sort.name
            for sort in signature.sorts
            if sort.is_inductive
            and not any(signature.function[name].arguments for name in sort.constructors)
        )

    def conditional(self, size: int) -> Iterator[Conjecture]:
        """What the truth tables of atoms allow; sizes grow slowly, since there is so much of it."""
        limit = min(2 * size, CONDITIONAL + max(0, size - 5))
        tables = Implications(self.atoms(min(limit - 1, LARGEST_ATOM)), limit)
        proposals = tables.proposals()
        self.tally.proposed += tables.compared
        self.tally.refuted += tables.refuted
        self.tally.vacuous += tables.vacuous
        for proposal in proposals:
            yield from self.new(proposal.formula, proposal.size, self.derived(proposal.formula))

    def derived(self, formula: Formula) -> str:
        """What a fact about elements of abstract sorts is called: small ones are worth a line."""
        if not isinstance(formula, Holds):
            return ""
        sorts = [self.theory.signature.sort[arg.sort] for arg in formula.args]
        if any(sort.is_inductive for sort in sorts):
            return ""
        if all(arg.is_closed for arg in formula.args):
            return "derived fact"
        return "bound" if sum(map(length, formula.args)) <= BOUND else ""

    def _is_of_values(self, term: Term) -> bool:
        """Whether a term is made of functions and variables of inductive sorts."""
        sorts = self.theory.signature.sort
        return self.relations.keys().isdisjoint(symbols(term)) and all(
            sorts[var.sort].is_inductive for var in variables(term)
        )

    def atoms(self, largest: int) -> list[Tabled]:
        """The smallest atoms over the terms that stand for their values."""
        samples = [s for group in self.terms.kept.values() for s in group if s.size < largest]
        if self.relations:
            # Relations are atoms already, and the tables at hand are too much alike to be compared.
            samples = [s for s in samples if self._is_of_values(s.term)]
        samples.sort(key=lambda sample: sample.size)
        found: list[tuple[int, Equal | Holds, tuple[Values, ...]]] = []
        for place, one in enumerate(samples):
            for two in samples[place + 1 :]:
                size = one.size + two.size
                if one.term.sort == two.term.sort and size <= largest:
                    left, right = (one, two) if one.size == two.size else (two, one)
                    atom = Equal(left.term, right.term)
                    found.append((size, atom, (left.values, right.values)))
        for predicate in self.predicates:
            if predicate.name in self.relations:
                continue  # it is spoken of as a function
            for args in _tuples(samples, predicate.arguments, largest):
                size = sum(arg.size for arg in args) + (len(args) == 1)
                holds = Holds(predicate.name, tuple(arg.term for arg in args))
                found.append((size, holds, tuple(arg.values for arg in args)))
        found.sort(key=lambda entry: entry[0])
        worlds = self.terms.given.worlds
        smallest = found[:ATOMS]
        for size, known, columns in smallest:
            if known not in self.tables:
                self.tables[known] = tabled(known, size, columns, worlds)
        return [self.tables[known] for _, known, _ in smallest]


def _depends(one: Term, two: Term) -> bool:
    """Whether all variables of one side stand on the other: else both are some constant.

    As a rule such an equation asks for all elements there are.
    """
    left, right = set(variables(one)), set(variables(two))
    return left <= right or right <= left


def _tuples(
    samples: Sequence[Sample], sorts: tuple[str, ...], largest: int
) -> Iterator[tuple[Sample, ...]]:
    if not sorts:
        yield ()
        return
    for sample in samples:
        if sample.term.sort == sorts[0] and sample.size <= largest:
            for rest in _tuples(samples, sorts[1:], largest - sample.size):
                yield (sample, *rest)


def _plain_predicates(theory: Theory) -> tuple[Predicate, ...]:
    """The predicates that the user declared: none that lowering made up."""
    made = {
        clause.literal.atom.predicate
        for axiom in theory.axioms
        if axiom.kind == "auxiliary"
        for clause in axiom.clauses
        if clause.is_literal_head and isinstance(clause.literal.atom, Holds)
    }
    return tuple(p for p in theory.signature.predicates if p.name not in made and p.arguments)


def theory_names(theory: Theory) -> Mapping[str, Sequence[str]]:
    """For each sort the names that its axioms give to variables, then more letters."""
    found: dict[str, dict[str, None]] = {sort.name: {} for sort in theory.signature.sorts}
    for axiom in theory.axioms:
        for var in free_variables(axiom.formula) if axiom.kind != "constructor" else ():
            found[var.sort][var.name] = None
    symbols = {*theory.signature.function, *theory.signature.predicate}
    taken: set[str] = set(symbols)
    names: dict[str, Sequence[str]] = {}
    for sort, used in found.items():
        own = sorted(name for name in used if name not in taken and len(name) == 1)
        start = ord(own[-1]) + 1 if own else ord("a")
        letters = [chr(code) for code in (*range(start, 123), *range(97, start))]
        names[sort] = own
        taken.update(own)
        more = [letter for letter in letters if letter not in taken and letter.isalpha()]
        names[sort] = [*own, *more[: max(0, 6 - len(own))]]
        taken.update(names[sort])
    return names
