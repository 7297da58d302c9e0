"""What the rules of a derivation cite, and how to change it: one traversal for all rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from . import derivation as rules
from .derivation import Derivation, Law, Link, Rule, Subproof


def rewrite(rule: Rule, cite: Callable[[int], int], enter: Callable[[Subproof], Subproof]) -> Rule:
    """The rule with every cited number and every subproof replaced, in the order of the text.

    >>> rewrite(rules.Clash(3, 4), lambda number: number + 10, lambda subproof: subproof)
    Clash(positive=13, negative=14)
    """

    def turn(link: Link | None) -> Link | None:
        return None if link is None else Link(cite(link.step), link.forward)

    match rule:
        case rules.Instance(source, terms, premises):
            place = source if isinstance(source, Law) else cite(source)
            return rules.Instance(place, terms, tuple(map(cite, premises)))
        case rules.Reflexivity() | rules.Excluded():
            return rule
        case rules.Chain(links):
            return rules.Chain(tuple(Link(cite(link.step), link.forward) for link in links))
        case rules.Congruence(places):
            return rules.Congruence(tuple(map(turn, places)))
        case rules.Transport(step, places):
            return rules.Transport(cite(step), tuple(map(turn, places)))
        case rules.Clash(positive, negative):
            return rules.Clash(cite(positive), cite(negative))
        case rules.Open(step, constants):
            return rules.Open(cite(step), constants)
        case rules.Part(step, index):
            return rules.Part(cite(step), index)
        case rules.Present(index, terms, facts):
            return rules.Present(index, terms, tuple(map(cite, facts)))
        case rules.Cases(step, branches):
            return rules.Cases(cite(step), tuple(map(enter, branches)))
        case rules.Refutation(subproof):
            return rules.Refutation(enter(subproof))
        case rules.Introduction(subproof):
            return rules.Introduction(enter(subproof))
        case rules.Induction(variable, branches):
            return rules.Induction(variable, tuple(map(enter, branches)))
        case _:
            assert_never(rule)


def citations(rule: Rule) -> tuple[int, ...]:
    """The numbers that the rule itself cites, subproofs left aside, in the order of the text.

    >>> citations(rules.Chain((Link(2), Link(1, False))))
    (2, 1)
    """
    found: list[int] = []

    def note(number: int) -> int:
        found.append(number)
        return number

    rewrite(rule, note, lambda subproof: subproof)
    return tuple(found)


def subproofs(rule: Rule) -> tuple[Subproof, ...]:
    """The subproofs of the rule: branches of cases and of an induction, bodies of the others."""
    match rule:
        case rules.Cases(_, branches) | rules.Induction(_, branches):
            return branches
        case rules.Refutation(subproof) | rules.Introduction(subproof):
            return (subproof,)
        case _:
            return ()


def cited_laws(derivation: Derivation) -> tuple[str, ...]:
    """The names of the axioms and theorems that a derivation cites itself, each once, in order."""
    found: dict[str, None] = {}
    stack = list(reversed(derivation.steps))
    while stack:
        rule = stack.pop().rule
        if isinstance(rule, rules.Instance) and isinstance(rule.source, Law):
            found[rule.source.name] = None
        for subproof in reversed(subproofs(rule)):
            stack.extend(reversed(subproof.steps))
    return tuple(found)
