"""Proof terms for small entailments: a formula from its clauses, a clause from its formula.

A sequent calculus without contraction of choices: assumptions are taken apart, goals are built up,
variables stand for themselves, so that instances are found by trying those in reach of the right
sort, equal names first. Excluded middle is tried only where nothing else succeeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TypeAlias

from lemmata.engine.clause import Case, Clause, Equal, Holds, Literal, atom_terms, with_terms
from lemmata.engine.errors import UsageError
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var, substitute

from .expression import Expression

EFFORT = 50_000
"""How many goals one entailment may look at."""

Item: TypeAlias = tuple[Formula, bool, str]
"""A formula, whether it or its negation is known, and the proof of that."""


@dataclass(frozen=True, slots=True)
class Sequent:
    """What is known where a goal is to be shown."""

    items: tuple[Item, ...] = ()
    literals: dict[Literal, str] = field(default_factory=dict)
    scope: tuple[Term, ...] = ()
    used: frozenset[tuple[str, tuple[Term, ...]]] = frozenset()

    def with_items(self, *items: Item) -> Sequent:
        return replace(self, items=(*items, *self.items))

    def without(self, index: int, *items: Item) -> Sequent:
        return replace(self, items=(*self.items[:index], *items, *self.items[index + 1 :]))


class Entailment:
    """Finds the proof terms; ``classical`` tells whether one of them needed excluded middle.

    ``definitions`` are those of auxiliary predicates, as equivalences; they are unfolded.
    """

    def __init__(self, expression: Expression, definitions: Mapping[str, Formula]) -> None:
        self.write = expression
        self.definitions = definitions
        self.classical = False
        self.count = 0
        self.left = EFFORT

    def prove(self, assumptions: Sequence[tuple[Formula, str]], goal: Formula) -> str:
        """A term that proves the goal from what is assumed; free variables are universal."""
        known = [(self.unfolded(_closed(formula)), True, term) for formula, term in assumptions]
        wanted = self.unfolded(_closed(goal))
        functions = self.write.signature.functions
        constants = tuple(App(f.name, (), f.result) for f in functions if not f.arguments)
        for allowed in (False, True):
            for width in (1, 8, 200):
                self.left = EFFORT
                found = self.goal(Sequent(tuple(known), {}, constants), wanted, allowed, width)
                if found is not None:
                    return found
        raise UsageError(
            "the clauses of a statement could not be derived from its formula for Rocq"
        )

    def name(self, letter: str = "x") -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def unfolded(self, formula: Formula) -> Formula:
        """The formula without auxiliary predicates, its bound variables all different."""
        match formula:
            case Holds(predicate, args) if predicate in self.definitions:
                definition = self.definitions[predicate]
                assert isinstance(definition, Iff)
                assert isinstance(definition.left, Holds)
                names = dict(zip(definition.left.args, args, strict=True))
                return self.unfolded(_at(self.unfolded(definition.right), names))  # type: ignore[arg-type]
            case Equal() | Holds() | Truth():
                return formula
            case Not(body):
                return Not(self.unfolded(body))
            case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
                return type(formula)(self.unfolded(left), self.unfolded(right))
            case Forall(variables, body) | Exists(variables, body):
                fresh = tuple(Var(f"{_base(var)}.{self.name('')}", var.sort) for var in variables)
                named = _at(body, dict(zip(variables, fresh, strict=True)))
                return type(formula)(fresh, self.unfolded(named))

    # Goals

    def goal(self, known: Sequent, goal: Formula, classical: bool, width: int) -> str | None:
        """A proof of the goal, or None if there is none in this way."""
        self.left -= 1
        if self.left < 0:
            return None
        match goal:
            case Forall(variables, body):
                fresh = tuple(Var(f"{_base(var)}.{self.name('')}", var.sort) for var in variables)
                inner = replace(known, scope=(*known.scope, *fresh))
                named = _at(body, dict(zip(variables, fresh, strict=True)))
                return _wrap(
                    f"(fun {self.write.binders(fresh)} => ",
                    self.goal(inner, named, classical, width),
                )
            case And(left, right):
                first = self.goal(known, left, classical, width)
                second = first and self.goal(known, right, classical, width)
                return f"(conj {first} {second})" if first and second else None
            case Iff(left, right):
                both = And(Implies(left, right), Implies(right, left))
                return self.goal(known, both, classical, width)
            case Implies(left, right):
                name = self.name()
                inner = known.with_items((left, True, name))
                return _wrap(
                    f"(fun {name} : {self.write.formula(left)} => ",
                    self.goal(inner, right, classical, width),
                )
            case Not(body):
                return self.goal(known, Implies(body, Truth(False)), classical, width)
            case _:
                return self.settle(known, goal, classical, width)

    def settle(self, known: Sequent, goal: Formula, classical: bool, width: int) -> str | None:
        """Takes assumptions apart, then looks whether the goal is there, then distinguishes."""
        self.left -= 1
        if self.left < 0:
            return None
        for index, (formula, holds, term) in enumerate(known.items):
            inner, wrap = self.simplify(known, index, formula, holds, term, width)
            if inner is not None:
                before, after = wrap
                return _wrap(before, self.settle(inner, goal, classical, width), after)
        found = self.present(known, goal, width)
        if found is not None:
            return found
        for index, (formula, holds, term) in enumerate(known.items):
            if isinstance(formula, Or) and holds:
                return self.split(known, index, formula, term, goal, classical, width)
        return self.decide(known, goal, width) if classical else None

    def present(self, known: Sequent, goal: Formula, width: int) -> str | None:
        """A proof of a goal without quantified or conditional parts from the known literals."""
        for literal, term in known.literals.items():
            if literal.positive and literal.negated() in known.literals:
                return f"(False_ind _ ({known.literals[literal.negated()]} {term}))"
        match goal:
            case Equal() | Holds():
                return known.literals.get(Literal(goal))
            case Not(Equal() | Holds() as atom):
                return known.literals.get(Literal(atom, False))
            case Truth(value):
                return "I" if value else None
            case And(left, right):
                first = self.present(known, left, width)
                second = first and self.present(known, right, width)
                return f"(conj {first} {second})" if first and second else None
            case Or(left, right):
                found = self.present(known, left, width)
                if found is not None:
                    return f"(or_introl {found})"
                return _wrap("(or_intror ", self.present(known, right, width))
            case Exists(variables, body):
                for terms in _choices(variables, known.scope):
                    named = _at(body, dict(zip(variables, terms, strict=True)))
                    found = self.present(known, named, width)
                    if found is not None:
                        for witness in reversed(terms):
                            found = f"(ex_intro _ {self.write.term(witness)} {found})"
                        return found
                return None
            case _:
                return self.goal(replace(known, items=()), goal, False, width)

    # Assumptions

    def simplify(
        self, known: Sequent, index: int, formula: Formula, holds: bool, term: str, width: int
    ) -> tuple[Sequent | None, tuple[str, str]]:
        """The sequent after one assumption was taken apart without distinguishing cases."""
        plain = ("", "")
        x = self.name()
        match formula, holds:
            case ((Equal() | Holds()), _):
                literals = {**known.literals, Literal(formula, holds): term}
                return replace(known.without(index), literals=literals), plain
            case Truth(value), _:
                if value == holds:
                    return known.without(index), plain
                falsum = term if holds else f"({term} I)"
                return replace(known, items=(), literals=_absurd(falsum)), plain
            case Not(body), True:
                return known.without(index, (body, False, term)), plain
            case And(left, right), True:
                parts = (left, True, f"(proj1 {term})"), (right, True, f"(proj2 {term})")
                return known.without(index, *parts), plain
            case Iff(left, right), True:
                forth, back = Implies(left, right), Implies(right, left)
                parts = (forth, True, f"(proj1 {term})"), (back, True, f"(proj2 {term})")
                return known.without(index, *parts), plain
            case Or(left, right), False:
                first = f"(fun {x} => {term} (or_introl {x}))"
                second = f"(fun {x} => {term} (or_intror {x}))"
                return known.without(index, (left, False, first), (right, False, second)), plain
            case Exists(variables, body), True:
                fresh = tuple(Var(f"{_base(var)}.{self.name('')}", var.sort) for var in variables)
                pattern = x
                for var in reversed(fresh):
                    pattern = f"(ex_intro _ {self.write.term(var)} {pattern})"
                named = _at(body, dict(zip(variables, fresh, strict=True)))
                inner = known.without(index, (named, True, x))
                inner = replace(inner, scope=(*inner.scope, *fresh))
                return inner, (f"(match {term} with {pattern} => ", " end)")
            case (Forall(variables, body), True) | (Exists(variables, body), False):
                for terms in islice(_choices(variables, known.scope), width):
                    if (term, terms) in known.used:
                        continue
                    args = [self.write.term(value) for value in terms]
                    proof = f"({' '.join([term, *args])})"
                    if not holds:
                        proof = x
                        for arg in reversed(args):
                            proof = f"(ex_intro _ {arg} {proof})"
                        proof = f"(fun {x} => {term} {proof})"
                    named = _at(body, dict(zip(variables, terms, strict=True)))
                    inner = replace(known, used=known.used | {(term, terms)})
                    return inner.with_items((named, holds, proof)), plain
            case Implies(left, right), True:
                given = self.present(known, left, width)
                if given is not None:
                    return known.without(index, (right, True, f"({term} {given})")), plain
            case And(left, right), False:
                for one, other, pair in ((left, right, "{0} {1}"), (right, left, "{1} {0}")):
                    given = self.present(known, one, width)
                    if given is not None:
                        proof = f"(fun {x} => {term} (conj {pair.format(given, x)}))"
                        return known.without(index, (other, False, proof)), plain
            case Implies(_, right), False:
                proof = f"(fun {x} => {term} (fun _ => {x}))"
                if (right, False, proof) not in known.items and (term, ()) not in known.used:
                    inner = replace(known, used=known.used | {(term, ())})
                    return inner.with_items((right, False, proof)), plain
            case _:
                given = self.present(known, formula, width) if not holds else None
                if given is not None:
                    return replace(known, items=(), literals=_absurd(f"({term} {given})")), plain
        return None, plain

    def split(
        self,
        known: Sequent,
        index: int,
        formula: Or,
        term: str,
        goal: Formula,
        classical: bool,
        width: int,
    ) -> str | None:
        """A case distinction on a disjunction."""
        x = self.name()
        proofs = []
        for side in (formula.left, formula.right):
            found = self.settle(known.without(index, (side, True, x)), goal, classical, width)
            if found is None:
                return None
            proofs.append(found)
        return (
            f"(match {term} with or_introl {x} => {proofs[0]} | or_intror {x} => {proofs[1]} end)"
        )

    def decide(self, known: Sequent, goal: Formula, width: int) -> str | None:
        """A case distinction by excluded middle, on a part of the goal or of an assumption."""
        for formula in self.undecided(known, goal):
            x = self.name()
            proofs = []
            for holds in (True, False):
                found = self.settle(known.with_items((formula, holds, x)), goal, True, width)
                if found is None:
                    break
                proofs.append(found)
            if len(proofs) == 2:
                self.classical = True
                return (
                    f"(match classical {self.write.formula(formula)} with "
                    f"or_introl {x} => {proofs[0]} | or_intror {x} => {proofs[1]} end)"
                )
        return None

    def undecided(self, known: Sequent, goal: Formula) -> Iterator[Formula]:
        """Closed formulas worth deciding: parts of the goal, then conditions of assumptions."""
        seen = {formula for formula, _, _ in known.items}
        candidates: list[Formula] = [*_parts(goal)]
        for formula, holds, _ in known.items:
            match formula, holds:
                case (Implies(left, _), _) | (And(left, _), False):
                    candidates += _parts(left)
                case Iff(left, right), False:
                    candidates += [left, right]
                case Not(body), False:
                    candidates.append(body)
                case Forall(variables, body), False:
                    candidates.append(Exists(variables, Not(body)))
                case _:
                    pass
        for formula in dict.fromkeys(candidates):
            literal = isinstance(formula, Equal | Holds)
            if formula in seen or isinstance(formula, Truth):
                continue
            if literal and (
                Literal(formula) in known.literals or Literal(formula, False) in known.literals  # type: ignore[arg-type]
            ):
                continue
            yield formula


def clause_formula(clause: Clause) -> Formula:
    """The clause as a formula that is written in Rocq exactly as the clause is."""

    def literal(each: Literal) -> Formula:
        return each.atom if each.positive else Not(each.atom)

    def conjunction(literals: tuple[Literal, ...]) -> Formula:
        *before, last = [*map(literal, literals)] or [Truth(True)]
        for each in reversed(before):
            last = And(each, last)
        return last

    def case(each: Case) -> Formula:
        body = conjunction(each.literals)
        return Exists(each.exists, body) if each.exists else body

    *before, result = [*map(case, clause.cases)] or [Truth(False)]
    for each in reversed(before):
        result = Or(each, result)
    for premise in reversed(clause.premises):
        result = Implies(literal(premise), result)
    return Forall(clause.variables, result) if clause.variables else result


def _absurd(proof: str) -> dict[Literal, str]:
    """Literals that contradict each other, for any goal: the proof of False stands for a clash."""
    absurd = Literal(Holds("False", ()))
    return {absurd: proof, absurd.negated(): "(fun x : False => x)"}


def _wrap(before: str, proof: str | None, after: str = ")") -> str | None:
    if proof is None:
        return None
    return f"{before}{proof}{after}" if before else proof


def _closed(formula: Formula) -> Formula:
    free = tuple(free_variables(formula))
    return Forall(free, formula) if free else formula


def _parts(formula: Formula) -> Iterator[Formula]:
    """The formula's parts that are not joined by connectives, and itself if it is quantified."""
    match formula:
        case And(left, right) | Or(left, right):
            yield from _parts(left)
            yield from _parts(right)
        case Not(body):
            yield from _parts(body)
        case _:
            yield formula


def _choices(variables: tuple[Var, ...], scope: Sequence[Term]) -> Iterator[tuple[Term, ...]]:
    """Values for the variables from the terms in scope, those of the same name first."""

    def ranked(variable: Var) -> list[Term]:
        own = variable.name.split(".")[0].rstrip("'")
        fitting = [term for term in scope if term.sort == variable.sort]
        return sorted(fitting, key=lambda term: _base(term) != own)

    return product(*map(ranked, variables))


def _base(term: Term) -> str:
    name = term.name if isinstance(term, Var) else term.symbol
    return name.split(".")[0].rstrip("'")


def _at(formula: Formula, names: dict[Var, Term]) -> Formula:
    """The formula with free variables replaced; new names contain a dot, so none is captured."""
    match formula:
        case Equal() | Holds():
            terms = tuple(substitute(term, names) for term in atom_terms(formula))
            return with_terms(formula, terms)
        case Truth():
            return formula
        case Not(body):
            return Not(_at(body, names))
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            return type(formula)(_at(left, names), _at(right, names))
        case Forall(variables, body) | Exists(variables, body):
            inner = {var: term for var, term in names.items() if var not in variables}
            return type(formula)(variables, _at(body, inner))
