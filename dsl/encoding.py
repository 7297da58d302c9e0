"""Formulas as core expressions: the inverse of ``lemmata.dsl.expression``.

Terms are flattened into ``in2``, ``in3``, … with names ``_1``, ``_2``, … for their values. What
core MPL has no word for is said by negation; where a formula says the same by negation itself,
redundant parentheses keep the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import assert_never

from lemmata.engine.formula import (
    And,
    Equal,
    Exists,
    Forall,
    Formula,
    Holds,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
)
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var, size

from .expression import VALUE
from .syntax import CoreAnd, CoreAtom, CoreForall, Expression, Group, Name
from .vocabulary import MEMBERSHIP

MOST_SYMBOLS = 100
"""The size of the largest term that is written out in core."""

_WRITABLE = re.compile(r"[^()\[\],!>&\s#`\"]+")


class Unwritable(Exception):
    """A formula that core MPL has no form for; it stays in the readable layer."""


@dataclass
class Encoding:
    """Writes formulas in core. ``sorts`` are the declared ones, which can guard variables.

    With ``guards`` every bound variable is guarded by its sort, not only those without a premise.
    """

    sorts: Set[str]
    guards: bool = False
    _count: int = field(default=0)

    @staticmethod
    def is_writable(name: str) -> bool:
        """Whether core MPL can spell a name."""
        return _WRITABLE.fullmatch(name) is not None

    def statement(self, formula: Formula, guard_free: bool = False) -> Group:
        """The core expression of a formula; its free variables are guarded on request."""
        encoded = self.formula(formula)
        free = tuple(free_variables(formula))
        if guard_free and free:
            encoded = _implies((), self.guard(free), encoded)
        return encoded

    def formula(self, formula: Formula) -> Group:
        match formula:
            case Equal() | Holds():
                return self.atom(formula)
            case Truth():
                raise Unwritable
            case Not(body):
                return _negated(self.formula(body))
            case And(left, right):
                both = _group(CoreAnd(self.formula(left), self.formula(right)))
                return replace(both, marks=(False, False)) if _says_iff(both.body) else both
            case Or(left, right):
                one, two = self.formula(left), self.formula(right)
                return Group((True,), CoreAnd(_marked(one), _marked(two)))
            case Implies(left, right):
                return _implies((), self.formula(left), self.formula(right))
            case Iff(left, right):
                one, two = self.formula(left), self.formula(right)
                return _group(CoreAnd(_implies((), one, two), _implies((), two, one)))
            case Forall(variables, Implies(left, right)) if not self.guards:
                return _implies(self.names(variables), self.formula(left), self.formula(right))
            case Forall(variables, body):
                names = self.names(variables)
                return _implies(names, self.guard(variables), self.formula(body))
            case Exists(variables, And(left, right)) if not self.guards:
                names = self.names(variables)
                inside = CoreForall(names, self.formula(left), _marked(self.formula(right)))
                return Group((True,), inside)
            case Exists(variables, body):
                names = self.names(variables)
                inside = CoreForall(names, self.guard(variables), _marked(self.formula(body)))
                return Group((True,), inside)
            case _:
                assert_never(formula)

    def guard(self, variables: tuple[Var, ...]) -> Group:
        """That each variable is in its sort."""
        guards = []
        for var in variables:
            if var.sort not in self.sorts:
                raise Unwritable
            guards.append(_group(CoreAtom(_name("in"), (_name(var.name), _name(var.sort)))))
        joined = guards[-1]
        for guard in reversed(guards[:-1]):
            joined = _group(CoreAnd(guard, joined))
        return joined

    def names(self, variables: tuple[Var, ...]) -> tuple[Name, ...]:
        if any(VALUE.fullmatch(var.name) for var in variables):
            raise Unwritable
        return tuple(_name(var.name) for var in variables)

    # Atoms: the values of inner terms are named first

    def atom(self, atom: Equal | Holds) -> Group:
        values: list[tuple[Name, CoreAtom]] = []
        match atom:
            case Equal(App(symbol, args) as left, right) if args:
                self.check_size(left)
                names = [*self.flat(args, values), self.value(right, values), _name(symbol)]
                done = _group(CoreAtom(_name(f"in{len(args) + 1}"), tuple(names)))
            case Equal(left, right):
                sides = (self.value(left, values), self.value(right, values))
                done = _group(CoreAtom(_name("="), sides))
            case Holds(predicate, args):
                built_in = MEMBERSHIP.fullmatch(predicate)
                head = predicate.split("<")[0] if built_in else predicate
                done = _group(CoreAtom(_name(head), tuple(self.flat(args, values))))
        for name, premise in reversed(values):
            done = _implies((name,), _group(premise), done)
        return done

    def flat(self, args: tuple[Term, ...], values: list[tuple[Name, CoreAtom]]) -> list[Name]:
        return [self.value(arg, values) for arg in args]

    def value(self, term: Term, values: list[tuple[Name, CoreAtom]]) -> Name:
        """A name for a term: its own, or a new one for what a function gives."""
        match term:
            case Var() as var:
                return self.names((var,))[0]
            case App(symbol, ()):
                return _name(symbol)
            case App(symbol, args):
                self.check_size(term)
                names = self.flat(args, values)
                self._count += 1
                result = Name(f"_{self._count}")
                head = _name(f"in{len(args) + 1}")
                values.append((result, CoreAtom(head, (*names, result, _name(symbol)))))
                return result

    def check_size(self, term: Term) -> None:
        if size(term) > MOST_SYMBOLS:
            raise Unwritable


def _name(text: str) -> Name:
    if not Encoding.is_writable(text):
        raise Unwritable
    return Name(text)


def _group(body: Expression) -> Group:
    return Group((False,), body)


def _implies(names: tuple[Name, ...], premise: Expression, conclusion: Expression) -> Group:
    return _group(CoreForall(names, premise, conclusion))


def _marked(group: Group) -> Group:
    """The group with a ``!`` that belongs to what stands around it."""
    if group.marks == (False,):
        return replace(group, marks=(True,))
    return replace(group, marks=(True, *group.marks))


def _negated(group: Group) -> Group:
    """Not the group, in parentheses enough that it is not taken for another connective."""
    if group.marks[0]:
        return replace(group, marks=(True, *group.marks))
    if group.marks == (False,) and _says_other(group.body):
        return replace(group, marks=(True, False))
    return replace(group, marks=(True, *group.marks[1:]))


def _says_iff(body: Expression) -> bool:
    match body:
        case CoreAnd(Group((False,), CoreForall((), a, b)), Group((False,), CoreForall((), c, d))):
            return a == d and b == c
        case _:
            return False


def _says_other(body: Expression) -> bool:
    """Whether ``!`` before the body would be read as an existential or a disjunction."""
    match body:
        case CoreForall(variables, _, Group((True, *_))):
            return bool(variables)
        case CoreAnd(Group((True, *_)), Group((True, *_))):
            return True
        case _:
            return False
