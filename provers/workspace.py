"""What a prover works with: the theory's rules, the root block, and the theorems so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heapify
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from lemmata.engine.block import Block, RuleSet
from lemmata.engine.budget import Clock
from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import (
    Clause,
    Equal,
    Holds,
    Literal,
    atom_terms,
    clause_literals,
    clause_symbols,
)
from lemmata.engine.derivation import Law
from lemmata.engine.explanation import Writer
from lemmata.engine.formula import Iff
from lemmata.engine.grid import Grid
from lemmata.engine.notation import Notation
from lemmata.engine.ordering import precedence
from lemmata.engine.rule import Rule, RuleMaker
from lemmata.engine.term import App, subterms
from lemmata.engine.theory import Statement, Theory

from .exhaustion import exhaustion, exhaustive_name

if TYPE_CHECKING:
    from .completion.equational import Equational

Proof: TypeAlias = Callable[[Writer], int]
"""Writes the steps that show something, and says which step concludes it."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard one attempt tries: the cost of matches, nested case splits and inductions.

    With ``witnesses``, small values are tried for what a goal's definition says to exist.
    """

    cost: int
    splits: int
    nested: int
    facts: int = 4_000
    witnesses: bool = False


EFFORTS = (
    Effort(1, 0, 0, 1_000),
    Effort(3, 2, 0, 2_000),
    Effort(5, 4, 1, 4_000),
    Effort(8, 6, 2, 10_000),
)
"""Attempts from cheap to dear."""


MOST_AXIOMS = 2_000
"""With how many axioms about variables blocks work at most; of more, the nearest are taken."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """A block that assumes premises, and the keys of these hypotheses in it."""

    block: Block
    keys: tuple[int, ...]


@dataclass
class Workspace:
    """One theory under proof: theorems that are added here are rules for all later goals."""

    theory: Theory
    theorems: dict[str, Theorem] = field(default_factory=dict)

    def __post_init__(self) -> None:
        signature = self.theory.signature
        free = frozenset(sort.name for sort in signature.sorts if not sort.is_inductive)
        self.maker = RuleMaker(precedence(signature, defining_functions(self.theory)), free)
        self.keys = count(1)
        self.prefixes: dict[tuple[Literal, ...], Prefix] = {}
        self.goal = ""
        self.found = 0
        functions = self.theory.signature.function
        self.root = Block("root", RuleSet(), reserved=frozenset(functions))
        self.notation = Notation.of(self.theory)
        self.grid = Grid(self.root, self.notation)
        self.positions = recursion_positions(self.theory)
        self.axioms = nearest(self.theory)
        for axiom in self.axioms:
            self.broadcast(axiom)
        for theorem in self.theorems.values():
            self.broadcast(theorem.statement)

    def broadcast(self, statement: Statement) -> None:
        """Mails an axiom or a theorem to the root, from where all later blocks have it."""
        for rule in self.rules(statement):
            self.root.shared.add(rule)
            for block in (self.root, *(prefix.block for prefix in self.prefixes.values())):
                block.match(rule)
        for sort in sorted(self.root.database.enumerated):
            for name in self.theory.signature.sort[sort].constructors:
                if not self.theory.signature.function[name].arguments:
                    self.root.database.intern(App(name, (), sort), 0)

    def forget(self, name: str) -> None:
        """Takes the rules of a theorem back; what they gave the root already stays there.

        So this is for workspaces whose root has not run.
        """
        shared, root = self.root.shared, self.root
        shared.rules = [rule for rule in shared.rules if rule.name != name]
        for symbol, seeds in shared.seeds.items():
            shared.seeds[symbol] = [seed for seed in seeds if seed[0].name != name]
        root.waiting = [entry for entry in root.waiting if entry[2][0].name != name]
        heapify(root.waiting)
        self.prefixes.clear()

    def rules(self, statement: Statement) -> Iterator[Rule]:
        """The rules of a statement's clauses."""
        is_definition = statement.kind in ("axiom", "definition")
        for number, clause in enumerate(statement.clauses):
            if statement.kind == "constructor":
                law = Law(statement.name, number)
                yield from self.maker.contrapositives(statement.name, law, clause)
            defines = is_definition and is_recursive_equation(self.theory, clause)
            yield from self.maker.rules(
                statement.name,
                Law(statement.name, number),
                clause,
                is_definition=defines,
                unfolds=_unfolds(statement, clause),
                folds=_folds(statement, clause),
            )

    def prefix(self, premises: tuple[Literal, ...]) -> Prefix:
        """The block of some premises: all goals that have these premises work below it."""
        facts = tuple(premise.fact for premise in premises)
        found = self.prefixes.get(premises)
        if found is None:
            block = self.grid.open(self.root, f"given {len(self.prefixes) + 1}", facts)
            constants = {
                part
                for premise in premises
                for term in atom_terms(premise.atom)
                for part in subterms(term)
                if isinstance(part, App) and not part.args
            }
            block.introduce(sorted(constants, key=lambda constant: constant.symbol))
            keys = tuple(next(self.keys) for _ in premises)
            for premise, key in zip(premises, keys, strict=True):
                block.assume(premise, key)
            found = self.prefixes[premises] = Prefix(block, keys)
        self.grid.adopt(self.root, found.block, facts)
        return found

    def name_for_lemma(self) -> str:
        """A new name for a lemma that was found on the way to a goal."""
        while True:
            self.found += 1
            name = f"{self.goal}.lemma.{self.found}"
            if name not in self.theorems:
                return name

    def add(self, theorem: Theorem) -> None:
        """A theorem that may be used from now on."""
        self.theorems[theorem.name] = theorem
        self.broadcast(theorem.statement)

    def need_exhaustive(self, sort: str) -> None:
        """Makes sure that the sort's exhaustion lemma is a theorem here."""
        name = exhaustive_name(sort)
        if name not in self.theorems:
            statement, derivation = exhaustion(self.theory.signature, sort)
            self.theorems[name] = certify(self.theory, self.theorems, statement, derivation)

    @cached_property
    def equational(self) -> Equational | None:
        """Proofs by completion, not begun yet, if nothing computes in the theory."""
        from .simplification import computes

        if computes(self):
            return None
        from .completion.equational import Equational

        return Equational.of(self, whole=False)

    def prepare(self, clock: Clock) -> None:
        """Lets the root draw what follows from the axioms at no cost, once for all goals."""
        self.root.run(0, 2_000, clock)


def nearest(theory: Theory) -> tuple[Statement, ...]:
    """The axioms that the conjectures are searched for with: all, unless there are very many.

    Then definitions and what constructors do come first, and then what speaks of fewest symbols
    that no conjecture does and that are no constructors, small axioms first.
    """
    open_ = [number for number, axiom in enumerate(theory.axioms) if not _is_ground(axiom)]
    if len(open_) <= MOST_AXIOMS:
        return theory.axioms
    wanted = theory.signature.constructors.union(
        *(clause_symbols(clause) for goal in theory.conjectures for clause in goal.clauses)
    )
    ranked: list[tuple[bool, int, int, int]] = []
    for number in open_:
        axiom = theory.axioms[number]
        symbols = frozenset[str]().union(*map(clause_symbols, axiom.clauses))
        weight = sum(
            1
            for clause in axiom.clauses
            for literal in clause_literals(clause)
            for term in atom_terms(literal.atom)
            for _ in subterms(term)
        )
        is_given = axiom.kind in ("constructor", "definition") and not symbols.isdisjoint(wanted)
        ranked.append((not is_given, len(symbols - wanted), weight, number))
    left_out = {number for *_, number in sorted(ranked)[MOST_AXIOMS:]}
    return tuple(one for number, one in enumerate(theory.axioms) if number not in left_out)


def _is_ground(axiom: Statement) -> bool:
    """Whether an axiom only says something of given elements."""
    return not any(clause.variables for clause in axiom.clauses)


def is_recursive_equation(theory: Theory, clause: Clause) -> bool:
    """Whether a clause defines a function by an equation on constructors and variables."""
    if not clause.is_literal_head or not clause.literal.positive:
        return False
    atom = clause.literal.atom
    if not isinstance(atom, Equal) or not isinstance(atom.left, App):
        return False
    constructors = theory.signature.constructors
    if atom.left.symbol in constructors or not atom.left.args:
        return False
    return any(_is_pattern(arg, constructors) for arg in atom.left.args)


def _unfolds(statement: Statement, clause: Clause) -> bool:
    """Whether a clause of a definition says what follows from the defined predicate."""
    match statement.formula, clause.premises:
        case Iff(Holds(name, _), _), (Literal(Holds(premise, _), True),):
            return statement.kind == "definition" and premise == name
        case _:
            return False


def _folds(statement: Statement, clause: Clause) -> bool:
    """Whether a clause of a definition says when the defined predicate holds."""
    match statement.formula:
        case Iff(Holds(name, _), _) if statement.kind == "definition" and clause.is_literal_head:
            atom = clause.literal.atom
            return isinstance(atom, Holds) and atom.predicate == name
        case _:
            return False


def _is_pattern(term: object, constructors: frozenset[str]) -> bool:
    return isinstance(term, App) and term.symbol in constructors


def defining_functions(theory: Theory) -> dict[str, frozenset[str]]:
    """For each function that equations define, the functions that its equations mention."""
    found: dict[str, frozenset[str]] = {}
    for axiom in theory.axioms:
        for clause in axiom.clauses:
            atom = clause.literal.atom if clause.is_literal_head else None
            if not isinstance(atom, Equal) or not isinstance(atom.left, App):
                continue
            if axiom.kind == "definition" or is_recursive_equation(theory, clause):
                known = found.get(atom.left.symbol, frozenset())
                found[atom.left.symbol] = known | clause_symbols(clause) - {atom.left.symbol}
    return found


def support(theory: Theory) -> dict[str, frozenset[str]]:
    """For each constructor and each defined symbol, all symbols that its definition rests on.

    A symbol that is not defined, or rests on one that is not, has no entry: any axiom may bear on it.
    """
    direct = defining_functions(theory) | dict.fromkeys(theory.signature.constructors, frozenset())
    for axiom in theory.axioms:
        match axiom.formula:
            case Iff(Holds(name, _), _) if axiom.kind == "definition":
                symbols = frozenset().union(*map(clause_symbols, axiom.clauses))
                direct[name] = symbols - {name}
            case _:
                pass
    found: dict[str, frozenset[str]] = {}
    for symbol in direct:
        reached, waiting = {symbol}, [symbol]
        while waiting:
            new = direct.get(waiting.pop(), frozenset()) - reached
            reached |= new
            waiting += new
        if all(each in direct for each in reached):
            found[symbol] = frozenset(reached)
    return found


def recursion_positions(theory: Theory) -> dict[str, frozenset[int]]:
    """For each function, the inputs whose constructor its equations look at."""
    constructors = theory.signature.constructors
    found: dict[str, set[int]] = {}
    for axiom in theory.axioms:
        if axiom.kind == "constructor":
            continue
        for clause in axiom.clauses:
            if not is_recursive_equation(theory, clause):
                continue
            left = clause.literal.atom.left  # type: ignore[union-attr]  # an equation, as tested
            assert isinstance(left, App)
            places = {
                place for place, arg in enumerate(left.args) if _is_pattern(arg, constructors)
            }
            found.setdefault(left.symbol, set()).update(places)
    return {symbol: frozenset(places) for symbol, places in found.items()}
