"""The ways through a term: match, ite and connectives as cases under premises.

Where the term is a function's body, a match on a variable refines the variable, and with it the
left-hand side of the equation. In a formula nothing may be refined: there it is a premise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import TypeAlias, assert_never

from lemmata.engine.clause import Equal, Literal
from lemmata.engine.errors import SourceError, Span
from lemmata.engine.term import App, Substitution, Term, Var, substitute, variables

from .instance import INTEGER_RESULT, Instances, Types, closed
from .program import (
    BOOL,
    INT,
    Branch,
    Call,
    Constructor,
    Expression,
    Local,
    Match,
    Named,
    Numeral,
    Operation,
    Quantified,
    Variable,
)

TRUE = App("true", (), "Bool")
FALSE = App("false", (), "Bool")

Scope: TypeAlias = Mapping[Local, Term]
Fail: TypeAlias = Callable[[str, Span], SourceError]


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a term: what is refined, and under which premises."""

    refined: Substitution
    premises: tuple[Literal, ...]
    names: frozenset[str]
    opened: tuple[Var, ...] = ()
    refines: bool = True

    def term(self, term: Term) -> Term:
        """The term as it looks on this way."""
        return substitute(term, self.refined)

    def under(self, literal: Literal) -> Way:
        """The way with one more premise."""
        return replace(self, premises=(*self.premises, literal))

    def split(self, var: Var, pattern: Term) -> Way:
        """The way on which the variable has the shape of the pattern."""
        step = {var: pattern}
        refined = {old: substitute(term, step) for old, term in self.refined.items()}
        premises = tuple(premise.at(step) for premise in self.premises)
        return replace(self, refined={**refined, **step}, premises=premises)

    def fresh(self, names: Iterable[str], sorts: Iterable[str]) -> tuple[Way, tuple[Var, ...]]:
        """New variables, named as asked where that is possible."""
        taken = set(self.names)
        made: list[Var] = []
        for name, sort in zip(names, sorts, strict=True):
            while name in taken:
                name += "'"
            taken.add(name)
            made.append(Var(name, sort))
        return replace(self, names=frozenset(taken)), tuple(made)


Ends: TypeAlias = Iterator[tuple[Way, Term]]


class Ways:
    """Follows the terms of one problem along all their ways."""

    def __init__(self, instances: Instances, fail: Fail) -> None:
        self.instances = instances
        self.fail = fail
        self.constructors = frozenset(
            name for sort in instances.declared_sorts() for name in sort.constructors
        )
        constants = {f.name for f in instances.declared_functions() if not f.arguments}
        self.reserved = frozenset(constants)
        self.types: Types = {}

    # Terms

    def sort(self, kind: Named) -> str:
        return self.instances.sort_name(kind, {})

    def bind(self, way: Way, locals_: Iterable[Local]) -> tuple[Way, tuple[Var, ...]]:
        locals_ = tuple(locals_)
        sorts = [self.instances.sort_name(local.type, self.types) for local in locals_]
        return way.fresh([local.name for local in locals_], sorts)

    def ways(self, expression: Expression, scope: Scope, way: Way) -> Ends:
        """All ways through a term, each with the plain term at its end."""
        match expression:
            case Variable(local):
                yield way, way.term(scope[local])
            case Numeral(value):
                yield way, App(str(value), (), "Int")
            case Call(symbol, kinds, args):
                types = tuple(closed(kind, self.types) for kind in kinds)
                sort = self.sort(closed(expression.type, self.types))
                name = self.instances.name((symbol, types))
                for end, terms in self.products(args, scope, way):
                    yield end, App(name, terms, sort)
            case Match(subject, branches):
                for end, inner, branch in self.branches(subject, branches, expression, scope, way):
                    yield from self.ways(branch.body, inner, end)
            case Operation(name, args):
                yield from self.operation(expression, name, args, scope, way)
            case Quantified():
                raise self.fail("a quantifier inside a term is outside first-order logic",
                                expression.span)  # fmt: skip
            case _:
                assert_never(expression)

    def products(
        self, args: tuple[Expression, ...], scope: Scope, way: Way
    ) -> Iterator[tuple[Way, tuple[Term, ...]]]:
        """All ways through several terms, one after the other."""
        if not args:
            yield way, ()
            return
        for middle, first in self.ways(args[0], scope, way):
            for end, rest in self.products(args[1:], scope, middle):
                yield end, (end.term(first), *rest)

    def operation(
        self,
        expression: Operation,
        name: str,
        args: tuple[Expression, ...],
        scope: Scope,
        way: Way,
    ) -> Ends:
        match name:
            case "ite":
                for end, holds in self.decide(args[0], scope, way):
                    yield from self.ways(args[1] if holds else args[2], scope, end)
            case "and" | "or" if args:
                # The last operand decides where the earlier ones leave it open.
                unit = name == "and"
                for end, holds in self.decide_all(args[:-1], scope, way, unit):
                    if holds == unit:
                        yield from self.ways(args[-1], scope, end)
                    else:
                        yield end, FALSE if unit else TRUE
            case "=>":
                for end, holds in self.decide_all(args[:-1], scope, way, True):
                    if holds:
                        yield from self.ways(args[-1], scope, end)
                    else:
                        yield end, TRUE
            case "+" | "-" | "*" | "div" | "mod":
                for end, terms in self.products(args, scope, way):
                    operands = terms if len(terms) > 1 else (App("0", (), "Int"), *terms)
                    yield end, reduce(lambda one, two: App(name, (one, two), "Int"), operands)
            case _ if name in INTEGER_RESULT and len(args) == 2:
                if closed(args[0].type, self.types) != INT:
                    raise self.fail(f"'{name}' compares integers only", expression.span)
                for end, terms in self.products(args, scope, way):
                    yield end, _folded(App(name, terms, "Bool"))
            case _:
                for end, holds in self.decide(expression, scope, way):
                    yield end, TRUE if holds else FALSE

    # Conditions

    def decide(self, expression: Expression, scope: Scope, way: Way) -> Iterator[tuple[Way, bool]]:
        """All ways on which a condition is known to hold or to fail."""
        match expression:
            case Operation("true" | "false" as name):
                yield way, name == "true"
            case Operation("not", (body,)):
                for end, holds in self.decide(body, scope, way):
                    yield end, not holds
            case Operation("and" | "or" as name, args):
                yield from self.decide_all(args, scope, way, name == "and")
            case Operation("=>", args):
                for end, holds in self.decide_all(args[:-1], scope, way, True):
                    if holds:
                        yield from self.decide(args[-1], scope, end)
                    else:
                        yield end, True
            case Operation("xor", args):
                for middle, first in self.decide(args[0], scope, way):
                    rest = args[1] if len(args) == 2 else replace(expression, args=args[1:])
                    for end, second in self.decide(rest, scope, middle):
                        yield end, first != second
            case Operation("=" | "distinct" as name, args):
                pairs = compared_pairs(args, name == "distinct")
                yield from self.decide_pairs(pairs, scope, way, name == "=")
            case Operation(name, args) if name in INTEGER_RESULT and len(args) > 2:
                links = tuple(
                    replace(expression, args=pair) for pair in compared_pairs(args, False)
                )
                yield from self.decide_all(links, scope, way, True)
            case Operation("ite", (condition, then, other)):
                for end, holds in self.decide(condition, scope, way):
                    yield from self.decide(then if holds else other, scope, end)
            case Match(subject, branches):
                for end, inner, branch in self.branches(subject, branches, expression, scope, way):
                    yield from self.decide(branch.body, inner, end)
            case _:
                for middle, term in self.ways(expression, scope, way):
                    for end, shape in self.shapes(middle, term, BOOL, None):
                        yield end, shape == TRUE

    def decide_all(
        self, args: tuple[Expression, ...], scope: Scope, way: Way, unit: bool
    ) -> Iterator[tuple[Way, bool]]:
        """A conjunction (``unit`` true) or disjunction, from left to right, no further than
        needed."""
        if not args:
            yield way, unit
            return
        for end, holds in self.decide(args[0], scope, way):
            if holds == unit:
                yield from self.decide_all(args[1:], scope, end, unit)
            else:
                yield end, holds

    def decide_pairs(
        self,
        pairs: list[tuple[Expression, Expression]],
        scope: Scope,
        way: Way,
        equal: bool,
    ) -> Iterator[tuple[Way, bool]]:
        """Whether all pairs are equal, or all distinct."""
        if not pairs:
            yield way, True
            return
        for middle, terms in self.products(pairs[0], scope, way):
            for end, holds in self.compare(middle, terms[0], terms[1]):
                if holds == equal:
                    yield from self.decide_pairs(pairs[1:], scope, end, equal)
                else:
                    yield end, False

    def compare(self, way: Way, left: Term, right: Term) -> Iterator[tuple[Way, bool]]:
        """The ways on which two plain terms are equal, or are not."""
        known = compared(left, right, self.constructors)
        for premise in way.premises:
            match premise.atom:
                case Equal(one, two) if {one, two} == {left, right}:
                    known = premise.positive
                case _:
                    pass
        if known is not None:
            yield way, known
        elif TRUE in (left, right) or FALSE in (left, right):
            # A Boolean compared with a constant is that Boolean or its negation.
            other = right if left in (TRUE, FALSE) else left
            constant = left if left in (TRUE, FALSE) else right
            for end, shape in self.shapes(way, other, BOOL, None):
                yield end, shape == constant
        else:
            for positive in (True, False):
                yield way.under(Literal(Equal(left, right), positive)), positive

    # Case distinctions

    def branches(
        self,
        subject: Expression,
        branches: tuple[Branch, ...],
        expression: Expression,
        scope: Scope,
        way: Way,
    ) -> Iterator[tuple[Way, Scope, Branch]]:
        """Each way of the subject with the branch that it takes."""
        sort = closed(subject.type, self.types)
        if not self.instances.constructors(sort):
            if len(branches) == 1 and branches[0].constructor is None:
                yield way, scope, branches[0]
                return
            raise self.fail("a match on a sort without constructors", expression.span)
        for middle, term in self.ways(subject, scope, way):
            for end, shape in self.shapes(middle, term, sort, branches):
                symbol = shape.symbol if shape is not None else None
                chosen = next(
                    (
                        branch
                        for branch in branches
                        if branch.constructor is None or self.named(branch, sort) == symbol
                    ),
                    None,
                )
                if chosen is None:
                    if not end.refines:
                        raise self.fail(f"this match has no branch for '{symbol}'", expression.span)
                    continue  # the program is undefined there, and so is the function
                inner = dict(scope)
                if shape is not None:
                    inner.update(zip(chosen.locals, shape.args, strict=False))
                yield end, inner, chosen

    def named(self, branch: Branch, sort: Named) -> str:
        assert branch.constructor is not None
        return self.instances.name((branch.constructor, sort.args))

    def shapes(
        self, way: Way, term: Term, sort: Named, branches: tuple[Branch, ...] | None
    ) -> Iterator[tuple[Way, App | None]]:
        """The ways on which the outermost constructor of a term is known; None stands for all
        constructors that no branch names."""
        term = way.term(term)
        if isinstance(term, App) and term.symbol in self.constructors:
            yield way, term
            return
        excluded: set[str] = set()
        for premise in way.premises:
            match premise.atom:
                case Equal(one, App() as shape) if one == term and (
                    shape.symbol in self.constructors
                ):
                    if premise.positive:
                        yield way, shape
                        return
                    excluded.add(shape.symbol)
                case _:
                    pass
        splits = isinstance(term, Var) and way.refines
        constructors = self.instances.constructors(sort)
        locals_ = {
            self.named(branch, sort): branch.locals
            for branch in branches or ()
            if branch.constructor is not None
        }
        left = [name for _, name in constructors if name not in locals_ and name not in excluded]
        lumped = (
            not splits
            and branches is not None
            and len(left) > 1
            and all(not made.fields for made, name in constructors if name in locals_)
        )
        rest = way
        for made, name in constructors:
            if name in excluded or (lumped and name not in locals_):
                continue
            begun, args = self.fields(way, made, sort, locals_.get(name))
            shape = App(name, args, self.sort(sort))
            if splits:
                assert isinstance(term, Var)
                yield begun.split(term, shape), shape
            else:
                opened = replace(begun, opened=(*begun.opened, *args))
                yield opened.under(Literal(Equal(term, shape))), shape
                if lumped:
                    rest = rest.under(Literal(Equal(term, shape), False))
        if lumped:
            yield rest, None

    def fields(
        self, way: Way, made: Constructor, sort: Named, locals_: tuple[Local, ...] | None
    ) -> tuple[Way, tuple[Var, ...]]:
        """New variables for a constructor's arguments, named as the branch names them."""
        datatype = self.instances.problem.datatypes.get(sort.name)
        types = dict(zip(datatype.parameters, sort.args, strict=True)) if datatype else {}
        sorts = [self.instances.sort_name(kind, types) for _, kind in made.fields]
        if locals_ is not None:
            names = [local.name for local in locals_]
        else:
            names = [name[:1].lower() if name[:1].isalpha() else "x" for name in sorts]
        return way.fresh(names, sorts)


def compared(left: Term, right: Term, constructors: frozenset[str]) -> bool | None:
    """Whether two terms are equal, as far as their constructors tell."""
    if left == right:
        return True
    if isinstance(left, Var) or isinstance(right, Var):
        inside = variables(right if isinstance(left, Var) else left)
        whole, part = (right, left) if isinstance(left, Var) else (left, right)
        if part in inside and _is_pattern(whole, constructors):
            return False
        return None
    if left.symbol.isdigit() and right.symbol.isdigit() and left.sort == "Int":
        return False
    if left.symbol not in constructors or right.symbol not in constructors:
        return None
    if left.symbol != right.symbol:
        return False
    answers = [compared(*pair, constructors) for pair in zip(left.args, right.args, strict=True)]
    return False if False in answers else None


def _folded(comparison: App) -> App:
    """The comparison itself, or its truth value between numerals."""
    one, two = comparison.args
    if not (isinstance(one, App) and isinstance(two, App)):
        return comparison
    if not (one.symbol.isdigit() and two.symbol.isdigit()):
        return comparison
    left, right = int(one.symbol), int(two.symbol)
    holds = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return TRUE if holds[comparison.symbol] else FALSE


def _is_pattern(term: Term, constructors: frozenset[str]) -> bool:
    return isinstance(term, Var) or (
        term.symbol in constructors and all(_is_pattern(arg, constructors) for arg in term.args)
    )


def compared_pairs(
    args: tuple[Expression, ...], all_pairs: bool
) -> list[tuple[Expression, Expression]]:
    if all_pairs:
        return [(one, two) for i, one in enumerate(args) for two in args[i + 1 :]]
    return list(pairwise(args))
