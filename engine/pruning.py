"""From any valid derivation to a canonical one: shorter, and in the only form that is accepted.

Nothing here is trusted: what comes out goes through the checker like any other derivation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from . import derivation as rules
from .citation import rewrite
from .clause import FALSUM, Clause, Equal, Literal
from .derivation import Derivation, Link, Rule, Step, Subproof
from .errors import CheckError
from .term import Term


def tidy(derivation: Derivation) -> Derivation:
    """The same proof in canonical form (see ``lemmata.engine.derivation``).

    Repeated conclusions are merged into the first one, chains and links lose their detours, steps
    after a contradiction and steps that nothing uses are dropped, and all is renumbered. Numbers
    must be unique; what was wrong before stays wrong, and the checker will say so.

    >>> from lemmata.engine.clause import Equal, Literal
    >>> from lemmata.engine.term import App
    >>> zero = App("0", (), "N")
    >>> shown = Literal(Equal(zero, zero)).fact
    >>> twice = tuple(Step(number, shown, rules.Reflexivity()) for number in (4, 7))
    >>> tidy(Derivation(twice, (7,))).results
    (1,)
    """
    scope = _Scope()
    merged = scope.merge(derivation.steps)
    needed = {scope.first(number) for number in derivation.results}
    kept = _keep(merged, needed)
    names: dict[int, int] = {}
    steps = _renumber(kept, names)
    return Derivation(steps, tuple(names[scope.first(number)] for number in derivation.results))


# First pass: merge what is said twice, straighten links


@dataclass(slots=True)
class _Scope:
    """What is in scope: clauses by number, the first number of each clause, and what repeats it."""

    clauses: dict[int, Clause] = field(default_factory=dict)
    numbers: dict[Clause, int] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)

    def enter(self, number: int, clause: Clause) -> bool:
        """Notes a clause; says whether it is new here."""
        first = self.numbers.setdefault(clause, number)
        self.merged[number] = first
        self.clauses[number] = clause
        return first == number

    def first(self, number: int) -> int:
        if number not in self.merged:
            raise CheckError(f"cites {number}, which is not an earlier step in scope")
        return self.merged[number]

    def merge(self, steps: Iterable[Step]) -> list[Step]:
        result = []
        for step in steps:
            repeated = step.conclusion in self.numbers
            rule = step.rule if repeated else self.straighten(step)
            if self.enter(step.number, step.conclusion):
                result.append(Step(step.number, step.conclusion, rule))
        return result

    def subproof(self, proof: Subproof) -> Subproof:
        inner = _Scope(dict(self.clauses), dict(self.numbers), dict(self.merged))
        for number, clause in proof.hypotheses:
            inner.enter(number, clause)
        steps: list[Step] = []
        for step in proof.steps:
            if FALSUM in inner.numbers:
                break
            steps += inner.merge((step,))
        found = inner.numbers.get(FALSUM)
        result = inner.first(proof.result) if found is None else found
        return replace(proof, steps=tuple(steps), result=result)

    def straighten(self, step: Step) -> Rule:
        rule = step.rule
        if isinstance(rule, rules.Transport):
            moved = self.clauses[self.first(rule.step)]
            if moved.is_fact and moved.literal.positive and isinstance(moved.literal.atom, Equal):
                before, after = rule.links
                parts = (_reversed(before), Link(rule.step), after)
                rule = rules.Chain(tuple(link for link in parts if link is not None))
        match rule:
            case rules.Chain(links):
                path = self.path(links)
                return rules.Chain(path) if path else rules.Reflexivity()
            case rules.Congruence(places):
                kept = tuple(map(self.useful, places))
                return rules.Congruence(kept) if any(kept) else rules.Reflexivity()
            case rules.Transport(number, places):
                return rules.Transport(self.first(number), tuple(map(self.useful, places)))
            case _:
                return rewrite(rule, self.first, self.subproof)

    def path(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        """The links without those that lead back to a term that the chain passed before."""
        terms: list[Term] = []
        kept: list[Link] = []
        for link in links:
            left, right = self.ends(link)
            terms = terms or [left]
            if right in terms:
                place = terms.index(right)
                del terms[place + 1 :], kept[place:]
            else:
                terms.append(right)
                kept.append(self.turned(link))
        return tuple(kept)

    def useful(self, link: Link | None) -> Link | None:
        if link is None:
            return None
        left, right = self.ends(link)
        return None if left == right else self.turned(link)

    def ends(self, link: Link) -> tuple[Term, Term]:
        left, right = self.clauses[self.first(link.step)].sides
        return (left, right) if link.forward else (right, left)

    def turned(self, link: Link) -> Link:
        """The link read forwards if some step states the equation that way."""
        left, right = self.ends(link)
        forward = self.numbers.get(Literal(Equal(left, right)).fact)
        return Link(self.first(link.step), False) if forward is None else Link(forward)


def _reversed(link: Link | None) -> Link | None:
    return None if link is None else Link(link.step, not link.forward)


# Second pass: keep what is needed


def _keep(steps: Iterable[Step], needed: set[int]) -> tuple[Step, ...]:
    """The steps that the numbers rest on; ``needed`` grows by what these steps cite."""

    def note(number: int) -> int:
        needed.add(number)
        return number

    def enter(proof: Subproof) -> Subproof:
        needed.add(proof.result)
        return replace(proof, steps=_keep(proof.steps, needed))

    kept = [
        replace(step, rule=rewrite(step.rule, note, enter))
        for step in reversed(tuple(steps))
        if step.number in needed
    ]
    return tuple(reversed(kept))


# Third pass: number from 1


def _renumber(steps: Iterable[Step], names: dict[int, int]) -> tuple[Step, ...]:
    def name(number: int) -> int:
        names[number] = len(names) + 1
        return names[number]

    def enter(proof: Subproof) -> Subproof:
        hypotheses = tuple((name(number), clause) for number, clause in proof.hypotheses)
        inner = _renumber(proof.steps, names)
        return Subproof(proof.constants, hypotheses, inner, names[proof.result])

    result = []
    for step in steps:
        rule = rewrite(step.rule, names.__getitem__, enter)
        result.append(Step(name(step.number), step.conclusion, rule))
    return tuple(result)
