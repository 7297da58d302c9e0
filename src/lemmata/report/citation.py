"""Who cites whom inside a derivation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

from lemmata.engine.clause import Clause
from lemmata.engine.derivation import (
    Cases,
    Chain,
    Clash,
    Congruence,
    Derivation,
    Excluded,
    Induction,
    Instance,
    Introduction,
    Law,
    Link,
    Open,
    Part,
    Present,
    Reflexivity,
    Refutation,
    Rule,
    Step,
    Subproof,
    Transport,
)

_NEST = 30


@dataclass
class Survey:
    """All steps and hypotheses of a derivation by number, and how often each is cited.

    ``inline`` are the equations cited once, by another equation: a reader wants them as links of
    one chain and not as steps of their own. ``laws`` are the axioms and lemmas that are cited.
    """

    steps: dict[int, Step] = field(default_factory=dict)
    hypotheses: dict[int, Clause] = field(default_factory=dict)
    inline: set[int] = field(default_factory=set)
    laws: set[str] = field(default_factory=set)

    @staticmethod
    def of(derivation: Derivation) -> Survey:
        """The survey of a derivation."""
        survey, uses, links = Survey(), Counter(derivation.results), Counter[int]()
        order: list[Step] = []
        stack = list(reversed(derivation.steps))
        while stack:
            step = stack.pop()
            order.append(step)
            survey.steps[step.number] = step
            uses.update(citations(step.rule))
            if isinstance(step.rule, Chain | Congruence):
                links.update(citations(step.rule))
            if isinstance(step.rule, Instance) and isinstance(step.rule.source, Law):
                survey.laws.add(step.rule.source.name)
            for subproof in reversed(subproofs(step.rule)):
                uses[subproof.result] += 1
                survey.hypotheses.update(subproof.hypotheses)
                stack.extend(reversed(subproof.steps))
        survey._find_inline(order, uses, links)
        return survey

    def _find_inline(self, order: list[Step], uses: Counter[int], links: Counter[int]) -> None:
        # What is nested very deep keeps a line of its own, so that no line grows beyond reading.
        height: dict[int, int] = {}
        for step in sorted(order, key=lambda step: step.number):
            match step.rule:
                case Chain() | Congruence():
                    below = [height.get(number, 0) for number in citations(step.rule)]
                    tall = 1 + max(below, default=0)
                case Instance() | Reflexivity():
                    tall = 1
                case _:
                    continue
            if tall <= _NEST and uses[step.number] == links[step.number] == 1:
                height[step.number] = tall
                self.inline.add(step.number)

    def concluded(self, number: int) -> Clause:
        """What a step or hypothesis states."""
        if number in self.steps:
            return self.steps[number].conclusion
        return self.hypotheses[number]


def citations(rule: Rule) -> tuple[int, ...]:
    """The numbers that a rule cites itself, in the order of its fields."""
    match rule:
        case Instance(source, _, premises):
            return premises if isinstance(source, Law) else (source, *premises)
        case Chain(links) | Congruence(links):
            return tuple(_numbers(links))
        case Transport(step, links):
            return (step, *_numbers(links))
        case Clash(positive, negative):
            return (positive, negative)
        case Open(step, _) | Part(step, _) | Cases(step, _):
            return (step,)
        case Present(_, _, facts):
            return facts
        case Reflexivity() | Excluded() | Refutation() | Introduction() | Induction():
            return ()
        case _:
            assert_never(rule)


def subproofs(rule: Rule) -> tuple[Subproof, ...]:
    """The subproofs of a rule, in order."""
    match rule:
        case Cases(_, branches) | Induction(_, branches):
            return branches
        case Refutation(subproof) | Introduction(subproof):
            return (subproof,)
        case _:
            return ()


def _numbers(links: tuple[Link | None, ...]) -> Iterator[int]:
    return (link.step for link in links if link is not None)
