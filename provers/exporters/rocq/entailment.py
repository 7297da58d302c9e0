"""Proof terms for small entailments: a formula from its clauses, a clause from its formula.

A sequent calculus: goals are built up, assumptions taken apart. Variables stand for themselves, so
instances are found by trying the terms in reach of the right sort, equal names first. Where that
finds nothing, the goal is denied and the rules of analytic tableaux, which rest on excluded
middle, take the assumptions apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeAlias

from lemmata.engine.clause import Equal, Holds, Literal
from lemmata.engine.errors import UsageError
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.term import App, Term, Var

from .expression import Expression
from .instance import at, base, choices, closed

ATTEMPTS = (
    (False, 1, 500),
    (False, 6, 500),
    (True, 1, 1_000),
    (True, 6, 2_000),
    (True, 40, 4_000),
)
"""Whether goals may be denied, how many instances of one assumption are tried, and how many
sequents are looked at."""

LONGEST = 20_000
"""How many characters the proof of one assumption may have."""

FALSE = Truth(False)

Item: TypeAlias = tuple[Formula, bool, str]
"""A formula, whether it or its negation is known, and the proof of that."""


@dataclass(frozen=True, slots=True)
class Sequent:
    """What is known where a goal is to be shown; ``used`` are the instances that were taken."""

    items: tuple[Item, ...] = ()
    literals: dict[Literal, str] = field(default_factory=dict)
    scope: tuple[Term, ...] = ()
    used: frozenset[tuple[str, tuple[Term, ...]]] = frozenset()

    def without(self, index: int, *items: Item) -> Sequent:
        """The sequent with one assumption replaced by others."""
        return replace(self, items=(*self.items[:index], *items, *self.items[index + 1 :]))

    def contradiction(self) -> str | None:
        """A proof of False from two opposite literals."""
        for literal, proof in self.literals.items():
            if literal.positive and literal.negated() in self.literals:
                return f"({self.literals[literal.negated()]} {proof})"
        return None


class Entailment:
    """Finds the proof terms; ``classical`` tells whether one of them needed excluded middle.

    ``definitions`` are those of auxiliary predicates, as equivalences; they are unfolded.
    """

    def __init__(self, expression: Expression, definitions: Mapping[str, Formula]) -> None:
        self.write = expression
        self.definitions = definitions
        self.classical = False
        self.denying = False
        self.width = 1
        self.left = 0
        self.count = 0

    def prove(self, assumptions: Sequence[tuple[Formula, str]], goal: Formula) -> str:
        """A term that proves the goal from what is assumed; free variables are universal.

        ``UsageError`` if none is found, which would mean that the lowering was wrong or the
        formula is too large.
        """
        items = tuple((self.unfolded(closed(each)), True, proof) for each, proof in assumptions)
        wanted = self.unfolded(closed(goal))
        functions = self.write.signature.functions
        constants = tuple(App(f.name, (), f.result) for f in functions if not f.arguments)
        for self.denying, self.width, self.left in ATTEMPTS:
            try:
                found = self.goal(Sequent(items, {}, constants), wanted)
            except RecursionError:
                found = None  # instances of instances: a wider or another search may do
            if found is not None:
                self.classical |= self.denying
                return found
        raise UsageError("a formula and its clauses could not be derived from each other for Rocq")

    def name(self) -> str:
        """A new name for a proof."""
        self.count += 1
        return f"x{self.count}"

    def fresh(self, variables: tuple[Var, ...]) -> tuple[Var, ...]:
        """New variables like these; their names contain a dot, as no written one does."""
        self.count += 1
        return tuple(Var(f"{base(var)}.{self.count}", var.sort) for var in variables)

    def unfolded(self, formula: Formula) -> Formula:
        """The formula without auxiliary predicates, its bound variables all different."""
        match formula:
            case Holds(predicate, args) if predicate in self.definitions:
                definition = self.definitions[predicate]
                assert isinstance(definition, Iff)
                assert isinstance(definition.left, Holds)
                variables = (arg for arg in definition.left.args if isinstance(arg, Var))
                names = dict(zip(variables, args, strict=True))
                return at(self.unfolded(definition.right), names)
            case Equal() | Holds() | Truth():
                return formula
            case Not(body):
                return Not(self.unfolded(body))
            case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
                return type(formula)(self.unfolded(left), self.unfolded(right))
            case Forall(variables, body) | Exists(variables, body):
                fresh = self.fresh(variables)
                named = at(body, dict(zip(variables, fresh, strict=True)))
                return type(formula)(fresh, self.unfolded(named))

    # Goals

    def goal(self, known: Sequent, goal: Formula) -> str | None:
        """A proof of the goal, or None if none is found."""
        match goal:
            case Forall(variables, body):
                fresh = self.fresh(variables)
                inner = replace(known, scope=(*known.scope, *fresh))
                proof = self.goal(inner, at(body, dict(zip(variables, fresh, strict=True))))
                return proof and f"(fun {self.write.binders(fresh)} => {proof})"
            case And(left, right):
                first = self.goal(known, left)
                second = first and self.goal(known, right)
                return second and f"(conj {first} {second})"
            case Iff(left, right):
                return self.goal(known, And(Implies(left, right), Implies(right, left)))
            case Not(body):
                return self.goal(known, Implies(body, FALSE))
            case Implies(left, right):
                name = self.name()
                inner = replace(known, items=(*known.items, (left, True, name)))
                proof = self.goal(inner, right)
                return proof and f"(fun {name} : {self.write.formula(left)} => {proof})"
            case _ if self.denying and goal != FALSE:
                name = self.name()
                inner = replace(known, items=(*known.items, (goal, False, name)))
                proof = self.settle(inner, FALSE)
                return proof and self.decide(goal, name, name, f"(False_ind _ {proof})", name)
            case _:
                return self.settle(known, goal)

    def decide(self, formula: Formula, yes: str, case: str, no: str, denial: str) -> str:
        """A case distinction by excluded middle."""
        return (
            f"(match classical {self.write.formula(formula)} with "
            f"or_introl {yes} => {case} | or_intror {denial} => {no} end)"
        )

    def settle(self, known: Sequent, goal: Formula) -> str | None:
        """Takes assumptions apart, looks whether the goal is there, then distinguishes cases."""
        self.left -= 1
        if self.left < 0 or any(len(proof) > LONGEST for _, _, proof in known.items):
            return None
        for index in range(len(known.items)):
            step = self.simplify(known, index)
            if step is not None:
                inner, before, after = step
                proof = self.settle(inner, goal)
                return proof and f"{before}{proof}{after}"
        proof = self.present(known, goal)
        if proof is not None:
            return proof
        for index in self.branching(known):
            formula, holds, term = known.items[index]
            return self.split(known.without(index), formula, holds, term, goal)
        return None

    def present(self, known: Sequent, goal: Formula) -> str | None:
        """A proof of the goal from the known literals."""
        absurd = known.contradiction()
        if absurd is not None:
            return f"(False_ind _ {absurd})"
        match goal:
            case Equal() | Holds():
                return known.literals.get(Literal(goal))
            case Truth(value):
                return "I" if value else None
            case And(left, right):
                first = self.present(known, left)
                second = first and self.present(known, right)
                return second and f"(conj {first} {second})"
            case Or(left, right):
                proof = self.present(known, left)
                if proof is not None:
                    return f"(or_introl {proof})"
                proof = self.present(known, right)
                return proof and f"(or_intror {proof})"
            case Exists(variables, body):
                for terms in choices(variables, known.scope):
                    named = at(body, dict(zip(variables, terms, strict=True)))
                    proof = self.present(known, named)
                    if proof is not None:
                        for witness in reversed(terms):
                            proof = f"(ex_intro _ {self.write.term(witness)} {proof})"
                        return proof
                return None
            case Not(Equal() | Holds() as atom) if Literal(atom, False) in known.literals:
                return known.literals[Literal(atom, False)]
            case _:
                # Only what holds for all stays, lest a condition is looked for under itself.
                universal = ((Forall, True), (Exists, False))
                kept = (item for item in known.items if (type(item[0]), item[1]) in universal)
                return self.goal(replace(known, items=tuple(kept)), goal)

    # Assumptions

    def simplify(self, known: Sequent, index: int) -> tuple[Sequent, str, str] | None:
        """The sequent after an assumption was taken apart without a choice, and what the proof
        then stands between; None if this assumption has to wait."""
        formula, holds, term = known.items[index]
        x = self.name()

        def plain(*items: Item) -> tuple[Sequent, str, str]:
            return known.without(index, *items), "", ""

        match formula, holds:
            case ((Equal() | Holds()), _):
                literals = {**known.literals, Literal(formula, holds): term}
                return replace(known.without(index), literals=literals), "", ""
            case Truth(value), _ if value == holds:
                return plain()
            case Truth(), _:
                absurd = Literal(Holds("False", ()))
                literals = {absurd: term if holds else "I", absurd.negated(): "(fun x0 => x0)"}
                if not holds:
                    literals[absurd.negated()] = term
                return replace(known, items=(), literals=literals), "", ""
            case Not(body), True:
                return plain((body, False, term))
            case And(left, right), True:
                return plain((left, True, f"(proj1 {term})"), (right, True, f"(proj2 {term})"))
            case Iff(left, right), True:
                forth, back = Implies(left, right), Implies(right, left)
                return plain((forth, True, f"(proj1 {term})"), (back, True, f"(proj2 {term})"))
            case Or(left, right), False:
                first = f"(fun {x} => {term} (or_introl {x}))"
                second = f"(fun {x} => {term} (or_intror {x}))"
                return plain((left, False, first), (right, False, second))
            case Exists(variables, body), True:
                return self.opened(known, index, variables, body, term)
            case (Forall(variables, body), True) | (Exists(variables, body), False):
                for terms in islice(choices(variables, known.scope), self.width):
                    if (term, terms) not in known.used:
                        named = at(body, dict(zip(variables, terms, strict=True)))
                        item = (named, holds, self.instance(term, terms, holds))
                        used = known.used | {(term, terms)}
                        return replace(known, items=(*known.items, item), used=used), "", ""
            case Implies(left, right), True:
                given = self.present(known, left)
                if given is not None:
                    return plain((right, True, f"({term} {given})"))
            case And(left, right), False:
                for one, other, pair in ((left, right, "{0} {1}"), (right, left, "{1} {0}")):
                    given = self.present(known, one)
                    if given is not None:
                        proof = f"(fun {x} => {term} (conj {pair.format(given, x)}))"
                        return plain((other, False, proof))
            case Not(body), False if self.denying:
                inner, _, _ = plain((body, True, x))
                return inner, *self.otherwise(body, x, f"({term} {{}})")
            case Implies(left, right), False if self.denying:
                second = f"(fun {x} => {term} (fun _ => {x}))"
                inner, _, _ = plain((left, True, x), (right, False, second))
                denial = f"({term} (fun x0 => False_ind _ ({{}} x0)))"
                return inner, *self.otherwise(left, x, denial)
            case Forall(variables, body), False if self.denying:
                some = Exists(variables, Not(body))
                inner, _, _ = plain((some, True, x))
                proof = "x00"
                for var in reversed(variables):
                    proof = f"(ex_intro _ {self.write.term(var)} {proof})"
                each = self.decide(body, "x0", "x0", f"(False_ind _ ({{}} {proof}))", "x00")
                every = f"(fun {self.write.binders(variables)} => {each})"
                return inner, *self.otherwise(some, x, f"({term} {every})")
            case _:
                pass
        return None

    def otherwise(self, formula: Formula, name: str, absurd: str) -> tuple[str, str]:
        """What stands around a proof that goes on from the formula, named so, where its denial,
        put into ``absurd``, is a contradiction."""
        decided = self.decide(formula, name, "\0", f"(False_ind _ {absurd.format(name)})", name)
        before, after = decided.split("\0")
        return before, after

    def opened(
        self, known: Sequent, index: int, variables: tuple[Var, ...], body: Formula, term: str
    ) -> tuple[Sequent, str, str]:
        """The sequent with names for what exists."""
        fresh, pattern = self.fresh(variables), self.name()
        named = at(body, dict(zip(variables, fresh, strict=True)))
        inner = known.without(index, (named, True, pattern))
        for var in reversed(fresh):
            pattern = f"(ex_intro _ {self.write.term(var)} {pattern})"
        scope = (*known.scope, *fresh)
        return replace(inner, scope=scope), f"(match {term} with {pattern} => ", " end)"

    def instance(self, term: str, terms: tuple[Term, ...], holds: bool) -> str:
        """The proof of an instance: of what holds for all, or of the denial of what exists."""
        args = [self.write.term(value) for value in terms]
        if holds:
            return f"({' '.join([term, *args])})"
        proof = name = self.name()
        for arg in reversed(args):
            proof = f"(ex_intro _ {arg} {proof})"
        return f"(fun {name} => {term} {proof})"

    # Cases

    def branching(self, known: Sequent) -> Iterator[int]:
        """The assumptions that can be split, those first of which one side is contradicted."""

        def waits(index: int) -> bool:
            formula, holds, _ = known.items[index]
            sides = (formula.left, formula.right) if isinstance(formula, Or | Implies | And) else ()
            for place, side in enumerate(sides):
                is_true = holds != (isinstance(formula, Implies) and place == 0)
                if isinstance(side, Equal | Holds) and Literal(side, not is_true) in known.literals:
                    return False
            return True

        for index in sorted(range(len(known.items)), key=waits):
            match known.items[index]:
                case Or(), True, _:
                    yield index
                case (Implies(), True, _) | ((And() | Iff()), False, _) if self.denying:
                    yield index

    def split(
        self, known: Sequent, formula: Formula, holds: bool, term: str, goal: Formula
    ) -> str | None:
        """A case distinction on an assumption."""
        x = self.name()

        def after(*items: Item) -> str | None:
            return self.settle(replace(known, items=(*items, *known.items)), goal)

        match formula, holds:
            case Or(left, right), True:
                first = after((left, True, x))
                second = first and after((right, True, x))
                return second and (
                    f"(match {term} with or_introl {x} => {first} | or_intror {x} => {second} end)"
                )
            case Implies(left, right), True:
                first = after((right, True, f"({term} {x})"))
                second = first and after((left, False, x))
                return first and second and self.decide(left, x, first, second, x)
            case And(left, right), False:
                y = self.name()
                first = after((right, False, f"(fun {y} => {term} (conj {x} {y}))"))
                second = first and after((left, False, x))
                return first and second and self.decide(left, x, first, second, x)
            case Iff(left, right), False:
                y = self.name()
                both = f"(conj (fun _ => {y}) (fun _ => {x}))"
                one = after((left, True, x), (right, False, f"(fun {y} => {term} {both})"))
                none = f"(conj (fun x0 => False_ind _ ({x} x0)) (fun x0 => False_ind _ ({y} x0)))"
                two = one and after((left, False, x), (right, True, y))
                if one is None or two is None:
                    return None
                absurd = f"(False_ind _ ({term} {none}))"
                return self.decide(left, x, one, self.decide(right, y, two, absurd, y), x)
            case _:
                raise AssertionError("not an assumption that splits")
