"""From formulas to coherent clauses.

The formula is put into negation normal form, universal quantifiers move outwards, and what is left
is read as clauses. A quantifier alternation that no coherent clause expresses is named by an
auxiliary predicate, whose definition is lowered in turn; it is a conservative extension.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from .clause import Case, Clause, Literal, atom_terms, clause_literals, with_terms
from .errors import UsageError
from .formula import And, Equal, Exists, Forall, Formula, Holds, Iff, Implies, Not, Or, Truth
from .term import Term, Var, substitute, variables
from .theory import Predicate, Statement


@dataclass(frozen=True, slots=True)
class Lowered:
    """The clauses of a formula, and the auxiliary predicates they needed with their definitions."""

    clauses: tuple[Clause, ...]
    predicates: tuple[Predicate, ...] = ()
    definitions: tuple[Statement, ...] = ()


def lower(formula: Formula, prefix: str = "aux") -> Lowered:
    """The clauses of a formula, its free variables read as universal, in the order of the text.

    Auxiliary predicates are named ``prefix.1``, ``prefix.2``, … A formula whose clauses would be
    too many to handle is a ``UsageError``.

    >>> a = Var("a", "N")
    >>> lowered = lower(Implies(Holds("p", (a,)), Holds("q", (a,))))
    >>> [len(clause.premises) for clause in lowered.clauses]
    [1]
    """
    if isinstance(formula, Equal | Holds):  # most of a large file
        cases = (Case((), (Literal(formula),)),)
        return Lowered((Clause(_order((), cases), (), cases),))
    lowering = _Lowering(prefix)
    clauses = lowering.clauses(formula)
    return Lowered(clauses, tuple(lowering.predicates), tuple(lowering.definitions))


MOST_STEPS = 20_000
"""How much work one formula may be: its subformulas and the literals of its clauses."""


# A clause under construction: premises and cases in the order in which they were met.
_Part = tuple[tuple[Literal, ...], tuple[Case, ...]]


class _Lowering:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.predicates: list[Predicate] = []
        self.definitions: list[Statement] = []
        self.mentioned: set[str] = set()
        self.taken: set[str] = set()
        self.steps = 0
        self.is_existential = False

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise UsageError("this formula has too many clauses; name parts of it by definitions")

    def clauses(self, formula: Formula) -> tuple[Clause, ...]:
        if _has_binder(formula):  # only what is bound may have to be renamed
            self.mentioned = {var.name for var in all_variables(formula)}
            self.taken = {var.name for var in free_variables(formula)}
        self.is_existential = False
        body = self.normal(formula, True, {})
        return tuple(
            Clause(_order(premises, cases), premises, cases)
            for premises, cases in self.split(body)
            if not _is_tautology(premises, cases)
        )

    # Negation normal form: Not stands only before atoms, Implies and Iff are gone, and every
    # bound variable has a name that no other has in the same clause.

    def normal(self, formula: Formula, positive: bool, names: dict[Var, Term]) -> Formula:
        self.spend(1)
        match formula:
            case Equal() | Holds():
                atom: Formula = formula
                if names:
                    terms = tuple(substitute(term, names) for term in atom_terms(formula))
                    atom = with_terms(formula, terms)
                return atom if positive else Not(atom)
            case Truth(value):
                return Truth(value == positive)
            case Not(body):
                return self.normal(body, not positive, names)
            case And(left, right) | Or(left, right):
                is_and = isinstance(formula, And) == positive
                before = set(self.taken)
                one = self.normal(left, positive, names)
                if is_and and not self.is_existential:  # the two sides share no clause
                    before, self.taken = self.taken, before
                two = self.normal(right, positive, names)
                self.taken |= before
                return And(one, two) if is_and else Or(one, two)
            case Implies(left, right):
                return self.normal(Or(Not(left), right), positive, names)
            case Iff(left, right):
                both = And(Implies(left, right), Implies(right, left))
                return self.normal(both, positive, names)
            case Forall(bound, body) | Exists(bound, body):
                fresh = tuple(map(self.fresh, bound))
                universal = isinstance(formula, Forall) == positive
                outside = self.is_existential
                self.is_existential = outside or not universal
                inner = self.normal(
                    body, positive, {**names, **dict(zip(bound, fresh, strict=True))}
                )
                self.is_existential = outside
                return Forall(fresh, inner) if universal else Exists(fresh, inner)
            case _:
                assert_never(formula)

    def fresh(self, var: Var) -> Var:
        """The variable itself where its name is free, else one with primes."""
        name = var.name
        while name in self.taken or (name != var.name and name in self.mentioned):
            name += "'"
        self.taken.add(name)
        return Var(name, var.sort)

    # Clauses of a normal formula: a disjunction is the product of its sides' clauses, except that
    # a side which needs one case with several literals or an existential stays one case.

    def split(self, formula: Formula) -> list[_Part]:
        match formula:
            case Equal() | Holds():
                return [((), (Case((), (Literal(formula),)),))]
            case Not(Equal() | Holds() as atom):
                return [((Literal(atom),), ())]
            case Truth(value):
                return [] if value else [((), ())]
            case And(left, right):
                return self.split(left) + self.split(right)
            case Or(left, right):
                ones, twos = self.side(left, right), self.side(right, left)
                self.spend(len(ones) * len(twos))
                return [(one[0] + two[0], one[1] + two[1]) for one in ones for two in twos]
            case Forall(_, body):
                return self.split(body)
            case Exists():
                return [((), self.existential(formula))]
            case Not() | Implies() | Iff():
                raise AssertionError("not in negation normal form")
            case _:
                assert_never(formula)

    def side(self, formula: Formula, other: Formula) -> list[_Part]:
        """One side of a disjunction: where the other side is a choice too, a conjunction with a
        positive literal is kept together as one case."""
        parts = list(_conjuncts(formula))
        if len(parts) > 1 and all(map(_is_literal, parts)) and not _is_premise(other):
            literals = tuple(map(_literal, parts))
            if any(literal.positive for literal in literals):
                return [((), (Case((), literals),))]
        return self.split(formula)

    # Existential cases

    def existential(self, formula: Formula) -> tuple[Case, ...]:
        return tuple(Case(bound, literals) for bound, literals in self.disjuncts(formula))

    def disjuncts(self, formula: Formula) -> list[tuple[tuple[Var, ...], tuple[Literal, ...]]]:
        match formula:
            case Equal() | Holds() | Not():
                return [((), (_literal(formula),))]
            case Truth(value):
                return [((), ())] if value else []
            case Or(left, right):
                return self.disjuncts(left) + self.disjuncts(right)
            case And(left, right):
                ones, twos = self.disjuncts(left), self.disjuncts(right)
                self.spend(len(ones) * len(twos))
                return [(one[0] + two[0], one[1] + two[1]) for one in ones for two in twos]
            case Exists(bound, body):
                return [(bound + inner, literals) for inner, literals in self.disjuncts(body)]
            case Forall():
                return [((), (self.auxiliary(formula),))]
            case Implies() | Iff():
                raise AssertionError("not in negation normal form")
            case _:
                assert_never(formula)

    def auxiliary(self, formula: Forall) -> Literal:
        """A predicate that means the formula; both directions of its definition are axioms."""
        free = tuple(free_variables(formula))
        name = f"{self.prefix}.{len(self.predicates) + 1}"
        self.predicates.append(Predicate(name, tuple(var.sort for var in free)))
        atom = Holds(name, free)
        definition = Iff(atom, formula)
        place = len(self.definitions)
        outside = self.taken, self.mentioned, self.is_existential
        clauses = self.clauses(definition)
        self.taken, self.mentioned, self.is_existential = outside
        self.definitions.insert(place, Statement(name, definition, clauses, "auxiliary"))
        return Literal(atom)


def _has_binder(formula: Formula) -> bool:
    match formula:
        case Forall() | Exists():
            return True
        case Not(body):
            return _has_binder(body)
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            return _has_binder(left) or _has_binder(right)
        case Equal() | Holds() | Truth():
            return False
        case _:
            assert_never(formula)


def free_variables(formula: Formula) -> Iterator[Var]:
    """The variables that no quantifier binds, in the order of the text, each once."""
    yield from dict.fromkeys(_free(formula, frozenset()))


def all_variables(formula: Formula) -> Iterator[Var]:
    """All variables, bound or free, with repetition."""
    match formula:
        case Equal() | Holds():
            for term in atom_terms(formula):
                yield from variables(term)
        case Truth():
            return
        case Not(body):
            yield from all_variables(body)
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            yield from all_variables(left)
            yield from all_variables(right)
        case Forall(bound, body) | Exists(bound, body):
            yield from bound
            yield from all_variables(body)
        case _:
            assert_never(formula)


def _free(formula: Formula, bound: frozenset[Var]) -> Iterator[Var]:
    match formula:
        case Equal() | Holds():
            for term in atom_terms(formula):
                yield from (var for var in variables(term) if var not in bound)
        case Truth():
            return
        case Not(body):
            yield from _free(body, bound)
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            yield from _free(left, bound)
            yield from _free(right, bound)
        case Forall(names, body) | Exists(names, body):
            yield from _free(body, bound | set(names))
        case _:
            assert_never(formula)


def _conjuncts(formula: Formula) -> Iterator[Formula]:
    if isinstance(formula, And):
        yield from _conjuncts(formula.left)
        yield from _conjuncts(formula.right)
    else:
        yield formula


def _is_premise(formula: Formula) -> bool:
    """Whether a normal formula contributes premises to a clause, and no case."""
    match formula:
        case Not():
            return True
        case And(left, right) | Or(left, right):
            return _is_premise(left) and _is_premise(right)
        case _:
            return False


def _is_literal(formula: Formula) -> bool:
    return isinstance(formula, Equal | Holds | Not)


def _literal(formula: Formula) -> Literal:
    match formula:
        case Equal() | Holds():
            return Literal(formula)
        case Not(Equal() | Holds() as atom):
            return Literal(atom, False)
        case _:
            raise AssertionError("not a literal")


def _order(premises: tuple[Literal, ...], cases: tuple[Case, ...]) -> tuple[Var, ...]:
    """The clause's own variables in the order in which they occur."""
    found: dict[Var, None] = {}
    for literal in clause_literals(Clause((), premises, cases)):
        for term in atom_terms(literal.atom):
            found.update(dict.fromkeys(variables(term)))
    bound = {var for case in cases for var in case.exists}
    if not bound:
        return tuple(found)
    return tuple(var for var in found if var not in bound)


def _is_tautology(premises: tuple[Literal, ...], cases: tuple[Case, ...]) -> bool:
    return any(not case.literals and not case.exists for case in cases) or any(
        not case.exists and all(literal in premises for literal in case.literals)
        for case in cases
        if case.literals
    )
