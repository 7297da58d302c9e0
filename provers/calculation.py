"""Lemmas read off a failed induction step: what is left of it, with new variables for what is shared.

``length(rev(x)) = length(x)`` leaves ``length(rev(x) ++ [e]) = s(length(x))`` open. With the hypothesis
used from right to left that is ``length(rev(x) ++ [e]) = s(length(rev(x)))``, and what stands for
``rev(x)`` does not matter: ``length(z ++ [e]) = s(length(z))`` (Boyer and Moore, 1979; lemma calculation
in Bundy et al., 2005).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lemmata.engine.clause import Clause, Equal
from lemmata.engine.exploration.rewriting import Rewriting, frozen, matches
from lemmata.engine.term import App, Term, Var, size, substitute, subterms, variables
from lemmata.engine.theory import Signature

LARGEST = 12
"""Symbols of an equation that is worth a try."""
MOST = 3
"""How many equations are proposed at most: each that cannot be proved yet costs attempts."""

Pair = tuple[Term, Term]


def calculations(
    goals: Iterable[Clause], rewriting: Rewriting, signature: Signature
) -> Iterator[Pair]:
    """Equations that the induction steps of equations without premises leave open, smallest first."""
    stated: list[Pair] = [
        (goal.literal.atom.left, goal.literal.atom.right)
        for goal in goals
        if goal.is_literal_head and goal.literal.positive and not goal.premises
        if isinstance(goal.literal.atom, Equal)
    ]
    open_steps = {
        named(*general): None
        for pair in stated
        for left in steps_left(*pair, rewriting, signature)
        for general in generalised(*left, signature.constructors)
    }
    found: list[Pair] = []
    for pair in sorted(open_steps, key=_size):
        # An instance of what is tried anyway says less.
        if _is_worth(*pair) and not any(is_instance(pair, one) for one in (*stated, *found)):
            found.append(pair)
    yield from found[:MOST]


def steps_left(
    left: Term, right: Term, rewriting: Rewriting, signature: Signature
) -> Iterator[Pair]:
    """What is open in the induction steps of an equation, on each variable with constructors."""
    for on in dict.fromkeys((*variables(left), *variables(right))):
        for name in signature.sort[on.sort].constructors:
            sorts = signature.function[name].arguments
            parts = tuple(Var(f"{on.name}·{place}", sort) for place, sort in enumerate(sorts))
            recursive = [part for part in parts if part.sort == on.sort]
            if not recursive:
                continue
            value: dict[Var, Term] = {on: App(name, parts, on.sort)}
            one, two = (normal(substitute(side, value), rewriting) for side in (left, right))
            uses: list[Pair] = [(one, two)]
            for part in recursive:
                first, second = (
                    normal(substitute(side, {on: part}), rewriting) for side in (left, right)
                )
                uses = [
                    used
                    for one, two in uses
                    for used in (
                        (replaced(one, first, second), two),
                        (one, replaced(two, second, first)),
                    )
                ]
            for one, two in dict.fromkeys(uses):
                yield from _apart(one, two, signature.constructors)


def normal(term: Term, rewriting: Rewriting) -> Term:
    """The normal form of a term."""
    reduced: Term = rewriting.normal(term)
    for var in variables(term):
        reduced = replaced(reduced, frozen(var), var)
    return reduced


def _apart(one: Term, two: Term, constructors: frozenset[str]) -> Iterator[Pair]:
    """The parts that differ below constructors that both sides begin with."""
    if one == two:
        return
    if isinstance(one, App) and isinstance(two, App) and one.symbol == two.symbol:
        differing = [pair for pair in zip(one.args, two.args, strict=True) if pair[0] != pair[1]]
        if one.symbol in constructors:
            for pair in differing:
                yield from _apart(*pair, constructors)
            return
        if len(differing) == 1:
            yield from _apart(*differing[0], constructors)
    yield one, two


def generalised(one: Term, two: Term, constructors: frozenset[str]) -> Iterator[Pair]:
    """The equation with new variables for the largest terms that stand on both sides, and itself."""
    shared = [
        part
        for part in dict.fromkeys(subterms(one))
        if isinstance(part, App)
        and part.args
        and part.symbol not in constructors
        and part not in (one, two)
        and part in set(subterms(two))
    ]
    largest = [
        part
        for part in shared
        if not any(part != other and part in set(subterms(other)) for other in shared)
    ]
    left, right = one, two
    for number, part in enumerate(largest):
        new = Var(f"·{number}", part.sort)
        left, right = replaced(left, part, new), replaced(right, part, new)
    yield left, right
    if largest:
        yield one, two


def replaced(term: Term, old: Term, new: Term) -> Term:
    """The term with one term in place of another."""
    if term == old:
        return new
    if isinstance(term, Var) or not term.args:
        return term
    return App(term.symbol, tuple(replaced(arg, old, new) for arg in term.args), term.sort)


def named(one: Term, two: Term) -> Pair:
    """The equation with its variables numbered as they occur: renamings are one."""
    names: dict[Var, Term] = {}
    for var in (*variables(one), *variables(two)):
        names.setdefault(var, Var(f"v{len(names)}", var.sort))
    return substitute(one, names), substitute(two, names)


def is_instance(pair: Pair, general: Pair) -> bool:
    """Whether an equation is an instance of another one, read in either direction."""
    for one, two in (pair, pair[::-1]):
        binding: dict[Var, Term] = {}
        if matches(general[0], one, binding) and matches(general[1], two, binding):
            return True
    return False


def _size(pair: Pair) -> int:
    return size(pair[0]) + size(pair[1])


def _is_worth(one: Term, two: Term) -> bool:
    """Whether an equation may be a lemma: not too large, and no constructor against a variable."""
    return _size((one, two)) <= LARGEST and isinstance(one, App)
