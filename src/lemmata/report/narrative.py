"""A derivation told for a reader: lines, chains and subproofs, each step with its rule in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lemmata.engine.clause import Case, Clause
from lemmata.engine.derivation import (
    Cases,
    Chain,
    Congruence,
    Derivation,
    Induction,
    Introduction,
    Open,
    Refutation,
    Step,
    Subproof,
)
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Signature

from .citation import Survey, citations
from .mathml import Mathematics, Token, mathml
from .reason import Citation, Cite, Reasons, listed
from .rewriting import Rewrite, rewrites

_ROWS = 100
_WIDE = 18


@dataclass(frozen=True, slots=True)
class Row:
    """One link of a chain: = term, and why. ``shown`` are the steps that it stands for."""

    math: Markup
    reason: Markup
    premises: tuple[int, ...]
    shown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A numbered hypothesis and what kind it is."""

    number: int
    label: str
    math: Markup


@dataclass(frozen=True, slots=True)
class Section:
    """A subproof: what it is for, what is assumed there, and its lines."""

    title: Markup
    goal: Markup
    introduced: Markup
    assumptions: tuple[Assumption, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A step: its number, what it states, why. ``rows`` tell it as a chain of equations.

    ``shown`` are other steps that the line stands for. A long chain takes several lines: ``piece``
    counts them from 0, ``is_continued`` marks those that go on.
    """

    number: int
    math: Markup
    reason: Markup
    premises: tuple[int, ...]
    rows: tuple[Row, ...] = ()
    sections: tuple[Section, ...] = ()
    shown: tuple[int, ...] = ()
    piece: int = 0
    is_continued: bool = False
    is_wide: bool = False


def narrate(
    signature: Signature, mathematics: Mathematics, derivation: Derivation, cite: Cite
) -> tuple[Line, ...]:
    """The lines of a derivation.

    Links to steps are written ``step:7`` until it is known on which page each step stands.
    """
    narrator = _Narrator(signature, Survey.of(derivation), cite)
    return narrator.lines(derivation.steps, mathematics)


class _Narrator:
    def __init__(self, signature: Signature, survey: Survey, cite: Cite) -> None:
        self.signature, self.survey = signature, survey
        self.reasons = Reasons(survey, cite)

    def lines(self, steps: Iterable[Step], maths: Mathematics) -> tuple[Line, ...]:
        found: list[Line] = []
        for step in steps:
            if isinstance(step.rule, Open):
                # The witnesses of this step are named from here to the end of its subproof.
                (case,) = self.survey.concluded(step.rule.step).cases
                maths = self.named(maths, step.rule.constants, [var.name for var in case.exists])
            if step.number not in self.survey.inline:
                found += self.line(step, maths)
        return tuple(found)

    def line(self, step: Step, maths: Mathematics) -> list[Line]:
        math = mathml(maths.clause(step.conclusion))
        if isinstance(step.rule, Chain | Congruence):
            found = rewrites(self.survey, step)
            if len(found) > 1 or found[0].path:
                return self.chain(step, found, maths)
            (only,) = found
            if only.step in self.survey.inline:
                inner = self.survey.steps[only.step]
                reason = self.reasons.of(inner, maths) + _direction(only)
                premises = citations(inner.rule)
                return [Line(step.number, math, reason, premises, shown=only.shown)]
            reason = Markup("by {}").format(self.reasons.step(only.step)) + _direction(only)
            return [Line(step.number, math, reason, (only.step,))]
        reason = self.reasons.of(step, maths)
        premises, sections = citations(step.rule), self.sections(step, maths)
        return [Line(step.number, math, reason, premises, (), sections)]

    # Chains

    def chain(self, step: Step, found: list[Rewrite], maths: Mathematics) -> list[Line]:
        """The chain, its long ones in pieces."""
        lines = []
        for start in range(0, len(found), _ROWS):
            piece = found[start : start + _ROWS]
            first = maths.term(piece[0].before)
            lines.append(
                Line(
                    step.number,
                    mathml(first),
                    Markup(),
                    (),
                    tuple(self.row(rewrite, maths) for rewrite in piece),
                    piece=start // _ROWS,
                    is_continued=start + _ROWS < len(found),
                    is_wide=len(first) > _WIDE,
                )
            )
        return lines

    def row(self, rewrite: Rewrite, maths: Mathematics) -> Row:
        math = mathml([Token("mo", "="), *maths.term(rewrite.after, rewrite.path or None)])
        if rewrite.step in self.survey.inline:
            inner = self.survey.steps[rewrite.step]
            reason, premises = self.reasons.of(inner, maths), citations(inner.rule)
        else:
            reason, premises = (
                Markup("by {}").format(self.reasons.step(rewrite.step)),
                (rewrite.step,),
            )
        return Row(math, reason + _direction(rewrite), premises, rewrite.shown)

    # Subproofs

    def sections(self, step: Step, maths: Mathematics) -> tuple[Section, ...]:
        goal = step.conclusion
        match step.rule:
            case Cases(number, branches):
                cases = self.survey.concluded(number).cases
                return tuple(
                    self.case(place, case, goal, branch, maths)
                    for place, (case, branch) in enumerate(zip(cases, branches, strict=True))
                )
            case Refutation(subproof):
                return (self.section(Markup("Suppose not"), (), subproof, (), (), maths),)
            case Introduction(subproof):
                names = [var.name for var in goal.variables]
                inner = self.named(maths, subproof.constants, names)
                head = _closed(goal, goal.variables, subproof.constants).cases
                title = _let(subproof.constants, inner) if goal.variables else Markup("Assume")
                return (self.section(title, head, subproof, (), (), inner),)
            case Induction(variable, branches):
                on = next(var for var in goal.variables if var.name == variable)
                constructors = self.signature.sort[on.sort].constructors
                return tuple(
                    self.branch(on, constructor, goal, branch, maths)
                    for constructor, branch in zip(constructors, branches, strict=True)
                )
            case _:
                return ()

    def case(
        self, place: int, case: Case, goal: Clause, branch: Subproof, maths: Mathematics
    ) -> Section:
        inner = self.named(maths, branch.constants, [var.name for var in case.exists])
        shown = [mathml(inner.literal(clause.literal)) for _, clause in branch.hypotheses]
        title = Markup("Case {}: {}").format(place + 1, listed(shown))
        return self.section(title, goal.cases, branch, branch.constants, (), inner)

    def branch(
        self, on: Var, constructor: str, goal: Clause, branch: Subproof, maths: Mathematics
    ) -> Section:
        arguments = self.signature.function[constructor].arguments
        count = len(arguments)
        own, rest = branch.constants[:count], branch.constants[count:]
        recursive = [constant for constant in own if constant.sort == on.sort]
        names = []
        for constant in own:
            if constant.sort != on.sort:
                names.append(constant.sort[:1].lower())
            elif len(recursive) == 1:
                names.append(on.name)
            else:
                names.append(f"{on.name}{recursive.index(constant) + 1}")
        others = tuple(var for var in goal.variables if var != on)
        inner = self.named(maths, own + rest, names + [var.name for var in others])
        built = App(constructor, own, on.sort)
        there = _closed(goal, (on, *others), (built, *rest))
        shown = mathml(inner.term(built))
        if recursive:
            froms = listed(mathml(inner.term(constant)) for constant in recursive)
            title = Markup("Induction step, from {} to {}").format(froms, shown)
        else:
            equal = mathml([*maths.variable(on.name), Token("mo", "="), *inner.term(built)])
            title = Markup("Base case, {}").format(equal)
        labels = ["induction hypothesis"] * len(recursive)
        return self.section(title, there.cases, branch, rest, labels, inner)

    def section(
        self,
        title: Markup,
        goal: tuple[Case, ...],
        subproof: Subproof,
        introduced: tuple[App, ...],
        labels: Sequence[str],
        maths: Mathematics,
    ) -> Section:
        assumptions = []
        for place, (number, clause) in enumerate(subproof.hypotheses):
            label = labels[place] if place < len(labels) else "assumption"
            self.reasons.labels[number] = label
            assumptions.append(Assumption(number, label, mathml(maths.clause(clause))))
        return Section(
            title,
            mathml(maths.head(goal)),
            _let(introduced, maths) if introduced else Markup(),
            tuple(assumptions),
            self.lines(subproof.steps, maths),
        )

    def named(
        self, maths: Mathematics, constants: Sequence[App], wishes: Sequence[str]
    ) -> Mathematics:
        """Shows constants under the names wished for, as far as these are free."""
        names = dict(maths.names)
        for constant, wish in zip(constants, wishes, strict=True):
            taken = {*names.values(), *self.signature.function, *self.signature.predicate}
            name = wish
            while name in taken:
                name += "'"
            names[constant.symbol] = name
        return maths.naming(names)


def _closed(clause: Clause, variables: Sequence[Var], terms: Sequence[Term]) -> Clause:
    return clause.at(dict(zip(variables, terms, strict=True)))


def _direction(rewrite: Rewrite) -> Markup:
    return Markup() if rewrite.forward else Markup(", read from right to left")


def _let(constants: Sequence[App], maths: Mathematics) -> Markup:
    names = listed(mathml(maths.term(constant)) for constant in constants)
    return Markup("Let {} be arbitrary").format(names)


__all__ = ["Assumption", "Citation", "Line", "Row", "Section", "narrate"]
