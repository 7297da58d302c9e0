"""A derivation told for a reader: lines, chains and subproofs, each step with its rule in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from lemmata.engine.clause import Case, Clause, Equal, atom_terms, clause_literals
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
    Present,
    Reflexivity,
    Refutation,
    Step,
    Subproof,
    Transport,
)
from lemmata.engine.derivation import Part as PartOf
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Signature, Statement

from .citation import Survey, citations
from .mathml import Mathematics, Token, mathml, sign
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


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a cited axiom or theorem has its page."""

    statement: Statement
    href: str


Cite = Callable[[str], Citation]


def narrate(
    signature: Signature, mathematics: Mathematics, derivation: Derivation, cite: Cite
) -> tuple[Line, ...]:
    """The lines of a derivation. Links to steps are written ``step:7`` until it is
    known on which page each step stands."""
    narrator = _Narrator(signature, Survey.of(derivation), cite)
    return narrator.lines(derivation.steps, mathematics)


class _Narrator:
    def __init__(self, signature: Signature, survey: Survey, cite: Cite) -> None:
        self.signature, self.survey, self.cite = signature, survey, cite
        self.labels: dict[int, str] = {}

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
                reason = self.reason(inner, maths) + _direction(only)
                premises = citations(inner.rule)
                return [Line(step.number, math, reason, premises, shown=only.shown)]
            reason = Markup("by {}").format(self.named_step(only.step)) + _direction(only)
            return [Line(step.number, math, reason, (only.step,))]
        reason = self.reason(step, maths)
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
            reason, premises = self.reason(inner, maths), citations(inner.rule)
        else:
            reason, premises = (
                Markup("by {}").format(self.named_step(rewrite.step)),
                (rewrite.step,),
            )
        return Row(math, reason + _direction(rewrite), premises, rewrite.shown)

    # Reasons

    def reason(self, step: Step, maths: Mathematics) -> Markup:
        """Why a step holds, as the end of a sentence."""
        match step.rule:
            case Instance(source, terms, premises):
                return self.instance(source, terms, premises, maths)
            case Reflexivity():
                return Markup("both sides are the same")
            case Chain() | Congruence():
                raise AssertionError("told as chains")
            case Transport(number, links):
                return self.transport(number, links, maths)
            case Clash(positive, negative):
                return Markup("{} contradicts {}").format(
                    self.named_step(positive), _step(negative)
                )
            case Open(number, constants):
                names = _listed(mathml(maths.term(constant)) for constant in constants)
                return Markup("such {} exist{} by {}").format(
                    names, "s" if len(constants) == 1 else "", self.named_step(number)
                )
            case PartOf(number, _):
                return Markup("part of {}").format(self.named_step(number))
            case Present(index, terms, facts):
                return self.present(step.conclusion, index, terms, facts, maths)
            case Cases(number, branches):
                if not branches:
                    return Markup("everything follows from {}").format(self.named_step(number))
                return Markup("by the cases of {}").format(self.named_step(number))
            case Refutation():
                return Markup("by contradiction")
            case Excluded():
                return Markup("it holds or it does not")
            case Introduction(subproof):
                return Markup("by assuming its premises" if subproof.hypotheses else "directly")
            case Induction(variable, _):
                return Markup("by induction on {}").format(mathml(maths.variable(variable)))
            case _:
                assert_never(step.rule)

    def instance(
        self,
        source: Law | int,
        terms: tuple[Term, ...],
        premises: tuple[int, ...],
        maths: Mathematics,
    ) -> Markup:
        if isinstance(source, Law):
            citation = self.cite(source.name)
            statement = citation.statement
            clause = statement.clauses[source.clause]
            lead, name = _words(statement, clause)
            by = Markup('{} <a href="{}">{}</a>').format(lead, citation.href, name)
        else:
            clause = self.survey.concluded(source)
            by = Markup("by {}").format(self.named_step(source))
        pairs = [
            mathml([*maths.variable(var.name), Token("mo", ":="), *maths.term(term)])
            for var, term in zip(clause.variables, terms, strict=True)
            if [token.text for token in maths.term(term)] != [var.name]
        ]
        with_terms = Markup(" with {}").format(_listed(pairs)) if pairs else Markup()
        using = Markup(", using {}").format(_listed(map(_step, premises))) if premises else ""
        return by + with_terms + using

    def transport(self, number: int, links: tuple[Link | None, ...], maths: Mathematics) -> Markup:
        terms = atom_terms(self.survey.concluded(number).literal.atom)
        changes = []
        for link, term in zip(links, terms, strict=True):
            if link is not None:
                left, right = atom_terms(self.survey.concluded(link.step).literal.atom)
                new = right if link.forward else left
                changes.append(
                    Markup("{} by {} ({})").format(
                        mathml(maths.term(term)), mathml(maths.term(new)), _step(link.step)
                    )
                )
        return Markup("in {} replace {}").format(self.named_step(number), _listed(changes))

    def present(
        self,
        goal: Clause,
        index: int,
        terms: tuple[Term, ...],
        facts: tuple[int, ...],
        maths: Mathematics,
    ) -> Markup:
        by = Markup("by {}").format(_listed(map(_step, facts))) if facts else Markup()
        exists = goal.cases[index].exists
        if exists:
            pairs = [
                mathml([*maths.variable(var.name), Token("mo", ":="), *maths.term(term)])
                for var, term in zip(exists, terms, strict=True)
            ]
            return Markup("take {}; it fits {}").format(_listed(pairs), by)
        return Markup("its {} case holds {}").format(_ordinal(index), by) if goal.cases[1:] else by

    def named_step(self, number: int) -> Markup:
        label = self.labels.get(number, "")
        return Markup("the {} {}").format(label, _step(number)) if label else _step(number)

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
        title = Markup("Case {}: {}").format(place + 1, _listed(shown))
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
            froms = _listed(mathml(inner.term(constant)) for constant in recursive)
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
            self.labels[number] = label
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


def _words(statement: Statement, clause: Clause) -> tuple[str, str]:
    """How a cited law is introduced, and what it is called."""
    if statement.kind == "definition":
        return "by the definition of", sign(statement.name)
    if statement.kind == "constructor":
        match next((literal.atom for literal in clause_literals(clause)), None):
            case Equal(App(one), App(two)) if one == two:
                return "because", f"{one} is injective"
            case Equal(App(one), App(two)):
                return "because", f"{one} and {two} never build the same"
    return "by", statement.name


def _closed(clause: Clause, variables: Sequence[Var], terms: Sequence[Term]) -> Clause:
    return clause.at(dict(zip(variables, terms, strict=True)))


def _step(number: int) -> Markup:
    return Markup('<a class="ref" href="step:{0}" aria-label="step {0}">({0})</a>').format(number)


def _direction(rewrite: Rewrite) -> Markup:
    return Markup() if rewrite.forward else Markup(", read from right to left")


def _let(constants: Sequence[App], maths: Mathematics) -> Markup:
    names = _listed(mathml(maths.term(constant)) for constant in constants)
    return Markup("Let {} be arbitrary").format(names)


def _ordinal(index: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth")
    return words[index] if index < len(words) else f"{index + 1}th"


def _listed(parts: Iterable[Markup]) -> Markup:
    """a, b and c."""
    shown = list(parts)
    if len(shown) < 2:
        return Markup("").join(shown)
    return Markup(", ").join(shown[:-1]) + Markup(" and ") + shown[-1]
