"""From programs to formulas: definitions become conditional equations, claims formulas.

Each way through a function's body gives one equation. In a formula each way becomes an
implication; their conjunction is equivalent to the formula because the ways exclude each other
and leave no gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import assert_never

from lemmata.engine.clause import Equal, Literal, atom_terms, with_terms
from lemmata.engine.errors import Span
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.term import App, Term

from .instance import INTEGER_RESULT, Types, closed
from .program import (
    BOOL,
    Call,
    Definition,
    Expression,
    Match,
    Numeral,
    Operation,
    Quantified,
    Variable,
)
from .way import FALSE, TRUE, Scope, Way, Ways, compared, compared_pairs

WAYS = 4000
"""How many cases one definition may unfold into."""


class Equations(Ways):
    """Compiles the definitions and formulas of one problem."""

    def definition(self, definition: Definition, types: Types) -> list[tuple[Formula, Span]]:
        """One conditional equation for each way through the program of a function."""
        self.types = types
        kinds = tuple(closed(types[name], {}) for name in definition.heading.parameters)
        symbol = self.instances.name((definition.heading.name, kinds))
        way, parameters = self.bind(Way({}, (), self.reserved), definition.locals)
        scope = dict(zip(definition.locals, parameters, strict=True))
        result = self.sort(closed(definition.body.type, types))
        head = App(symbol, parameters, result)
        if _has_quantifier(definition.body):
            meaning = Iff(Equal(head, TRUE), self.formula(definition.body, scope, way))
            return [(meaning, definition.body.span)]
        found: list[tuple[Formula, Span]] = []
        for end, value in self.ways(definition.body, scope, way):
            premises = _simplified(end.premises, self.constructors)
            if premises is None:
                continue
            equation = Equal(end.term(head), end.term(value))
            found.append((_implication(premises, equation), definition.body.span))
            if len(found) > WAYS:
                raise self.fail(
                    f"'{definition.heading.name}' unfolds into more than {WAYS} cases",
                    definition.body.span,
                )
        return found

    def claim(self, formula: Expression, types: Types) -> Formula:
        """The formula of an assertion or goal; its outermost variables stay free."""
        self.types = types
        found = self.formula(formula, {}, Way({}, (), self.reserved, refines=False))
        while isinstance(found, Forall):
            found = found.body
        return found

    # Formulas

    def formula(self, expression: Expression, scope: Scope, way: Way) -> Formula:
        """The formula that a Boolean expression means."""
        way = replace(way, refines=False, premises=(), opened=())
        match expression:
            case Operation("true" | "false" as name):
                return Truth(name == "true")
            case Operation("not", (body,)):
                return _negated(self.formula(body, scope, way))
            case Operation("and", args):
                return conjunction(self.formula(arg, scope, way) for arg in args)
            case Operation("or", args):
                parts = [self.formula(arg, scope, way) for arg in args]
                return reduce(Or, parts) if parts else Truth(False)
            case Operation("=>", args):
                parts = [self.formula(arg, scope, way) for arg in args]
                return reduce(lambda right, left: Implies(left, right), reversed(parts))
            case Operation("xor", args):
                parts = [self.formula(arg, scope, way) for arg in args]
                return reduce(_differ, parts)
            case Operation("=" | "distinct" as name, args):
                pairs = compared_pairs(args, name == "distinct")
                parts = [self.equation(*pair, scope, way) for pair in pairs]
                return conjunction(parts if name == "=" else map(_negated, parts))
            case Operation("ite", (condition, then, other)):
                holds = self.formula(condition, scope, way)
                if isinstance(holds, Truth):
                    return self.formula(then if holds.value else other, scope, way)
                return And(
                    Implies(holds, self.formula(then, scope, way)),
                    Implies(_negated(holds), self.formula(other, scope, way)),
                )
            case Operation(name, args) if name in INTEGER_RESULT and len(args) > 2:
                links = (replace(expression, args=pair) for pair in compared_pairs(args, False))
                return conjunction(self.formula(link, scope, way) for link in links)
            case Quantified(universal, locals_, body):
                begun, bound = self.bind(way, locals_)
                inner = {**scope, **dict(zip(locals_, bound, strict=True))}
                join = Forall if universal else Exists
                return (
                    join(bound, self.formula(body, inner, begun))
                    if bound
                    else self.formula(body, inner, begun)
                )
            case Match(subject, branches):
                return conjunction(
                    _closed(end, self.formula(branch.body, inner, end))
                    for end, inner, branch in self.branches(
                        subject, branches, expression, scope, way
                    )
                )
            case _:
                return conjunction(
                    _closed(end, _atom(end.term(term), TRUE))
                    for end, term in self.ways(expression, scope, way)
                )

    def equation(self, left: Expression, right: Expression, scope: Scope, way: Way) -> Formula:
        """left = right; between Booleans that are formulas, an equivalence."""
        if closed(left.type, self.types) == BOOL and (_is_formula(left) or _is_formula(right)):
            one, two = self.formula(left, scope, way), self.formula(right, scope, way)
            for part, other in ((one, two), (two, one)):
                if isinstance(part, Truth):
                    return other if part.value else _negated(other)
            return Iff(one, two)
        return conjunction(
            _closed(end, _atom(end.term(terms[0]), end.term(terms[1])))
            for end, terms in self.products((left, right), scope, way)
        )


def conjunction(formulas: Iterable[Formula]) -> Formula:
    """All of the formulas; trivially true ones are dropped."""
    parts = [formula for formula in formulas if formula != Truth(True)]
    return reduce(And, parts) if parts else Truth(True)


def _is_formula(expression: Expression) -> bool:
    return isinstance(expression, Quantified) or (
        isinstance(expression, Operation) and expression.name not in INTEGER_RESULT
    )


def _atom(left: Term, right: Term) -> Formula:
    if left == right:
        return Truth(True)
    if {left, right} == {TRUE, FALSE}:
        return Truth(False)
    return Equal(left, right)


def _differ(one: Formula, two: Formula) -> Formula:
    return Not(Iff(one, two))


def _negated(formula: Formula) -> Formula:
    """The negation; of a Boolean equation the one with the other constant."""
    match formula:
        case Equal(left, App("true", ())):
            return Equal(left, FALSE)
        case Equal(left, App("false", ())):
            return Equal(left, TRUE)
        case Truth(value):
            return Truth(not value)
        case Not(body):
            return body
        case _:
            return Not(formula)


def _closed(way: Way, body: Formula) -> Formula:
    """The formula, under what the way assumes."""
    if body == Truth(True):
        return body
    premises = tuple(
        Literal(with_terms(p.atom, tuple(map(way.term, atom_terms(p.atom)))), p.positive)
        for p in way.premises
    )
    found = _implication(premises, body)
    return Forall(way.opened, found) if way.opened else found


def _implication(premises: tuple[Literal, ...], body: Formula) -> Formula:
    parts = [premise.atom if premise.positive else Not(premise.atom) for premise in premises]
    return Implies(conjunction(parts), body) if parts else body


def _simplified(
    premises: tuple[Literal, ...], constructors: frozenset[str]
) -> tuple[Literal, ...] | None:
    """The premises without those that always hold; None if one never does."""
    kept: list[Literal] = []
    for premise in premises:
        left, right = atom_terms(premise.atom)
        known = compared(left, right, constructors)
        if known is None:
            kept.append(premise)
        elif known != premise.positive:
            return None
    return tuple(dict.fromkeys(kept))


def _has_quantifier(expression: Expression) -> bool:
    match expression:
        case Quantified():
            return True
        case Call(args=args) | Operation(args=args):
            return any(map(_has_quantifier, args))
        case Match(subject, branches):
            return _has_quantifier(subject) or any(_has_quantifier(b.body) for b in branches)
        case Variable() | Numeral():
            return False
        case _:
            assert_never(expression)
