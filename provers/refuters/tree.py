"""Shapes of decision trees that a lazy machine runs better than they are written.

Case distinctions lose what connectives and lazy arguments gave: ``and`` no longer sees that its
second operand is false, a list waits for the condition inside its first element. Both can be read
off the tree again.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TypeAlias, assert_never

from lemmata.engine.clause import atom_terms
from lemmata.engine.term import App, Term, Var, variables

from .program import Bind, Leaf, Switch, Test, Tree

Hoisted: TypeAlias = tuple[str, tuple[Tree, ...]]
"""A constructor and a tree for each of its arguments."""


def connective(tree: Tree | None) -> tuple[bool, bool, Tree] | None:
    """``(open, unit, rest)`` if the tree is ``rest`` where its condition has the truth value
    ``open``, and constantly ``unit`` otherwise."""
    match tree:
        case Switch(_, {"true": ((), yes), "false": ((), no)}, None):
            branches: tuple[Tree | None, Tree | None] = (yes, no)
        case Test(_, yes_branch, no_branch):
            branches = (yes_branch, no_branch)
        case _:
            return None
    for open_case, constant, rest in ((True, branches[1], branches[0]), (False, *branches)):
        unit = _truth(constant)
        if unit is not None and rest is not None and _truth(rest) is None:
            return open_case, unit, rest
    return None


def _truth(tree: Tree | None) -> bool | None:
    match tree:
        case Leaf(App("true" | "false" as name, ())):
            return name == "true"
        case _:
            return None


def hoisted(tree: Tree | None, constructors: Container[str]) -> Hoisted | None:
    """The constructor that all leaves below a condition share, if there is one."""
    if not isinstance(tree, Bind | Test):
        return None
    leaves = list(_leaves(tree))
    first = leaves[0]
    if len(leaves) < 2 or first is None or not isinstance(first.value, App):
        return None
    name, count = first.value.symbol, len(first.value.args)
    if not count or name not in constructors:
        return None
    values = [leaf.value for leaf in leaves if leaf is not None]
    apps = [value for value in values if isinstance(value, App) and value.symbol == name]
    if len(apps) != len(leaves):
        return None
    inside = set(_slots(tree))
    parts: list[Tree] = []
    for place in range(count):
        args = {app.args[place] for app in apps}
        arg = apps[0].args[place]
        if len(args) == 1 and not inside & set(variables(arg)):
            parts.append(Leaf(arg))
        else:
            parts.append(_projected(tree, place))
    return name, tuple(parts)


def _leaves(tree: Tree | None) -> Iterator[Leaf | None]:
    match tree:
        case None:
            yield None
        case Leaf():
            yield tree
        case Switch(_, cases, default):
            for _, inner in cases.values():
                yield from _leaves(inner)
            if default is not None:
                yield from _leaves(default)
        case Bind(_, _, rest):
            yield from _leaves(rest)
        case Test(_, then, other):
            yield from _leaves(then)
            yield from _leaves(other)
        case _:
            assert_never(tree)


def _slots(tree: Tree | None) -> Iterator[Var]:
    match tree:
        case None | Leaf():
            return
        case Switch(_, cases, default):
            for fields, inner in cases.values():
                yield from fields
                yield from _slots(inner)
            yield from _slots(default)
        case Bind(slot, _, rest):
            yield slot
            yield from _slots(rest)
        case Test(_, then, other):
            yield from _slots(then)
            yield from _slots(other)
        case _:
            assert_never(tree)


def _projected(tree: Tree, place: int) -> Tree:
    """The tree with one argument of each leaf's constructor in its place."""
    match tree:
        case Leaf(value):
            assert isinstance(value, App)
            return Leaf(value.args[place])
        case Switch(slot, cases, default):
            inner = {
                name: (fields, _projected(below, place)) for name, (fields, below) in cases.items()
            }
            return Switch(slot, inner, None if default is None else _projected(default, place))
        case Bind(slot, term, rest):
            return Bind(slot, term, _projected(rest, place))
        case Test(atom, then, other):
            assert then is not None
            assert other is not None
            return Test(atom, _projected(then, place), _projected(other, place))
        case _:
            assert_never(tree)


def rest_slot(tree: Tree | None) -> Var:
    """The slot in which a connective keeps what it found about its second operand."""
    return Var("rest", str(id(tree)))


def term_slot(term: Term) -> Var:
    """The slot in which a condition keeps the value of a term, for when it is asked again."""
    return Var("term", str(id(term)))


def count_slots(tree: Tree | None, places: dict[Var, int]) -> int:
    """Gives every slot of the tree a place in the frame; a constructor's fields stand together."""
    if connective(tree) is not None:
        places[rest_slot(tree)] = len(places)
    match tree:
        case None | Leaf():
            pass
        case Switch(_, cases, default):
            for fields, inner in cases.values():
                for var in fields:
                    places[var] = len(places)
                count_slots(inner, places)
            count_slots(default, places)
        case Bind(slot, _, rest):
            places[slot] = len(places)
            count_slots(rest, places)
        case Test(atom, then, other):
            for term in atom_terms(atom):
                if isinstance(term, App):
                    places[term_slot(term)] = len(places)
            count_slots(then, places)
            count_slots(other, places)
        case _:
            assert_never(tree)
    return len(places)
