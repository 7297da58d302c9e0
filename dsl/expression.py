"""What core expressions mean, over declared symbols or over variables for sets and functions.

Where the last argument of ``in``, ``in2``, ``in3`` is a declared sort, function or predicate, the
atom is a sort annotation, an equation or an application of the predicate. Where it is a variable,
the atom is a predicate over types. ``in4`` and so on are the same for more arguments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
from lemmata.engine.term import App, Term, Var

from . import syntax
from .sorts import BASE, Pair, Power, Type
from .syntax import CoreAnd, CoreAtom, CoreDefinition, CoreForall, Expression, Group, Name
from .vocabulary import MEMBERSHIP, Alias

if TYPE_CHECKING:
    from .meaning import Meaning, Scope

VALUE = re.compile(r"_[0-9]+")
"""A variable of this form, bound alone and guarded by ``in2``, ``in3``, …, names a value."""

_TYPED = Truth(True)  # compared by identity: an atom that only told the sort of a variable


def formula(meaning: Meaning, at: Expression, scope: Scope) -> Formula:
    """The formula of a core expression, or of any formula in parentheses."""
    read = _formula(meaning, at, scope)
    return Truth(True) if read is _TYPED else read


def _formula(meaning: Meaning, at: Expression, scope: Scope) -> Formula:
    match at:
        case Group(marks, body):
            inside = _group(meaning, marks, body, scope)
            for mark in reversed(marks[:-1]):
                inside = Not(inside) if mark else inside
            return inside
        case CoreAtom(name, args):
            return _atom(meaning, at, name, args, scope)
        case CoreAnd(left, right):
            return _and(_formula(meaning, left, scope), _formula(meaning, right, scope))
        case CoreForall(variables, premise, conclusion):
            return _forall(meaning, variables, premise, conclusion, scope)
        case _:
            return meaning.formula(at, scope)


def _group(meaning: Meaning, marks: tuple[bool, ...], body: Expression, scope: Scope) -> Formula:
    """The body with the mark of the innermost parentheses.

    What core MPL can only say by negation is read as it was meant: ``!(>[x](A)!(B))`` is
    ``exists x. A and B``, ``!(&!(A)!(B))`` is ``A or B``, and two implications joined are an iff.
    A redundant pair of parentheses prevents that.
    """
    if not marks[-1]:
        return _plain(meaning, body, scope, is_iff=len(marks) == 1)
    match body:
        case CoreForall(variables, premise, Group((True, *rest), inner)) if variables:
            if _value(meaning, variables, premise, scope) is None:
                bound, inside = _bind(meaning, variables, scope)
                left = _formula(meaning, premise, inside)
                right = _formula(meaning, _group_of(tuple(rest), inner), inside)
                return Exists(bound, _and(left, right))
        case CoreAnd(Group((True, *first), one), Group((True, *second), two)):
            left = _formula(meaning, _group_of(tuple(first), one), scope)
            return Or(left, _formula(meaning, _group_of(tuple(second), two), scope))
        case _:
            pass
    return _not(_plain(meaning, body, scope, is_iff=True))


def _group_of(marks: tuple[bool, ...], body: Expression) -> Group:
    return Group(marks or (False,), body, body.start, body.end, body.depth)


def _plain(meaning: Meaning, body: Expression, scope: Scope, is_iff: bool) -> Formula:
    match body:
        case CoreAnd(
            Group((False,), CoreForall((), a, b)), Group((False,), CoreForall((), c, d))
        ) if is_iff and a == d and b == c:
            return Iff(_formula(meaning, a, scope), _formula(meaning, b, scope))
        case _:
            return _formula(meaning, body, scope)


def _and(left: Formula, right: Formula) -> Formula:
    if left is _TYPED:
        return right
    return left if right is _TYPED else And(left, right)


def _not(body: Formula) -> Formula:
    return Truth(False) if body is _TYPED else Not(body)


def _bind(meaning: Meaning, names: tuple[Name, ...], scope: Scope) -> tuple[tuple[Var, ...], Scope]:
    return meaning.bind(tuple(syntax.Parameter(name, None) for name in names), scope)


def _forall(
    meaning: Meaning,
    names: tuple[Name, ...],
    premise: Expression,
    conclusion: Expression,
    scope: Scope,
) -> Formula:
    value = _value(meaning, names, premise, scope)
    if value is not None:
        return _formula(meaning, conclusion, {**scope, names[0].text: value})
    bound, inside = _bind(meaning, names, scope)
    left = _formula(meaning, premise, inside)
    right = _formula(meaning, conclusion, inside)
    if right is _TYPED:
        right = Truth(True)
    body = right if left is _TYPED else Implies(left, right)
    return Forall(bound, body) if bound else body


def _value(
    meaning: Meaning, names: tuple[Name, ...], premise: Expression, scope: Scope
) -> Term | None:
    """The term that ``_1`` stands for in ``>[_1](in3[a,b,_1,+])…``."""
    match names, premise:
        case (name,), Group((False,), CoreAtom(head, args)) if (
            VALUE.fullmatch(name.text)
            and MEMBERSHIP.fullmatch(head.text)
            and len(args) >= 3
            and args[-2].text == name.text
            and args[-1].text in meaning.vocabulary.functions
            and args[-1].text not in scope
        ):
            return meaning.application(premise, args[-1], args[:-2], scope)
        case _:
            return None


# Atoms


def _atom(
    meaning: Meaning, at: Expression, name: Name, args: tuple[Name, ...], scope: Scope
) -> Formula:
    vocabulary = meaning.vocabulary
    if name.text == "=":
        if len(args) != 2:
            meaning.has_arity(name, ("", ""), args)
            return Truth(True)
        return meaning.atom(at, name, args, scope)
    meaning.ensure(name.text)
    if name.text not in vocabulary.places and MEMBERSHIP.fullmatch(name.text):
        return membership(meaning, at, name, args, scope)
    higher = vocabulary.higher.get(name.text, frozenset())
    if any(index in higher and _declared(meaning, arg, scope) for index, arg in enumerate(args)):
        return _unfold(meaning, at, name, args, higher, scope)
    if vocabulary.is_open and name.text not in vocabulary.places:
        return _open(meaning, name, args, scope)
    return meaning.atom(at, name, args, scope)


def _open(meaning: Meaning, name: Name, args: tuple[Name, ...], scope: Scope) -> Formula:
    """A predicate without declaration or definition: its types are those it is used at."""
    types = meaning.vocabulary.open.setdefault(
        name.text, tuple(meaning.sorts.fresh() for _ in args)
    )
    if not meaning.has_arity(name, types, args):
        return Truth(True)
    return Holds(name.text, meaning.arguments(name.text, types, args, scope))


def _declared(meaning: Meaning, name: Name, scope: Scope) -> str | None:
    """The sort, function or predicate that a name in core text denotes, if it denotes one."""
    bound = scope.get(name.text)
    if bound is not None:
        return None if isinstance(bound, Var | App) else bound.name
    known = meaning.vocabulary
    if name.text in known.sorts or name.text in known.predicates or name.text in known.functions:
        return name.text
    return None


def membership(
    meaning: Meaning, at: Expression, head: Name, args: tuple[Expression, ...], scope: Scope
) -> Formula:
    """``in[x,X]``, ``in2[x,y,f]``, ``in3[x,y,z,f]``: by what the last argument is."""
    match = MEMBERSHIP.fullmatch(head.text)
    count = int(match.group(1) or 1) if match else 1
    if not meaning.has_arity(head, ("",) * (count + 1), args):
        return Truth(True)
    *elements, last = args
    if not isinstance(last, Name):
        meaning.fail(last, f"the last argument of '{head.text}' is a name")
        return Truth(True)
    meaning.ensure(last.text)
    name = _declared(meaning, last, scope)
    vocabulary = meaning.vocabulary
    if last.text in vocabulary.broken:
        meaning.has_failed = True
        return Truth(True)
    if name is None:
        return _abstract(meaning, count, elements, last, scope)
    place = Name(name, last.start, last.end)
    if name in vocabulary.sorts and count == 1:
        term = meaning.term(elements[0], scope)
        meaning.expect(term, name, elements[0], f"it is said to be in '{name}'")
        return _TYPED
    if name in vocabulary.predicates:
        return meaning.atom(at, place, tuple(elements), scope)
    if name in vocabulary.functions and count > 1:
        function = vocabulary.functions[name]
        left = meaning.application(at, place, tuple(elements[:-1]), scope)
        right = meaning.term(elements[-1], scope)
        meaning.expect(right, function.result, elements[-1], f"a value of '{name}'")
        return Equal(left, right)
    found = vocabulary.describe(name)
    wanted = "a sort or a set" if count == 1 else "a function, a relation or a variable for one"
    meaning.fail(last, f"'{head.text}' does not fit {found}", expected=wanted, found=found)
    return Truth(True)


def _abstract(
    meaning: Meaning, count: int, elements: list[Expression], last: Name, scope: Scope
) -> Formula:
    """Membership in a variable: the predicate is named when its types are known."""
    terms = [meaning.term(element, scope) for element in elements]
    holder = meaning.name(last, scope)
    type_: Type = terms[-1].sort
    for term in reversed(terms[:-1]):
        type_ = Pair(term.sort, type_)
    what = "a set" if count == 1 else "a relation or function"
    meaning.expect(holder, Power(type_), last, f"it is used as {what}")
    return Holds(f"\0in{count if count > 1 else ''}", (*terms, holder))


def membership_name(head: str, types: tuple[str, ...]) -> str:
    """The predicate that a membership atom is at certain types of its elements.

    >>> membership_name("in2", ("(1)", "(1)")), membership_name("in", ("N",))
    ('in2', 'in<N>')
    """
    return head if all(one == BASE for one in types) else f"{head}<{','.join(types)}>"


def _unfold(
    meaning: Meaning,
    at: Expression,
    name: Name,
    args: tuple[Name, ...],
    higher: frozenset[int],
    scope: Scope,
) -> Formula:
    """The body of a definition with declared symbols in place of its parameters."""
    definition = meaning.vocabulary.definitions[name.text]
    content = definition.content
    if not isinstance(content, CoreDefinition):
        return meaning.atom(at, name, args, scope)
    formal = content.head.args
    if not meaning.has_arity(name, tuple(one.text for one in formal), args):
        return Truth(True)
    inside: dict[str, Term | Alias] = {}
    for index, (parameter, arg) in enumerate(zip(formal, args, strict=True)):
        declared = _declared(meaning, arg, scope) if index in higher else None
        inside[parameter.text] = Alias(declared) if declared else meaning.term(arg, scope)
    here, meaning.source = meaning.source, definition.source
    unfolded = _formula(meaning, content.body, inside)
    meaning.source = here
    return Truth(True) if unfolded is _TYPED else unfolded
