"""Why a step holds, in words that a student understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import assert_never

from markupsafe import Markup

from lemmata.engine.clause import Clause, Equal, atom_terms, clause_literals
from lemmata.engine.derivation import (
    Cases,
    Chain,
    Clash,
    Congruence,
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
    Step,
    Transport,
)
from lemmata.engine.term import App, Term
from lemmata.engine.theory import Statement

from .citation import Survey
from .mathml import Mathematics, Token, mathml, sign


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a cited axiom or theorem has its page."""

    statement: Statement
    href: str


Cite = Callable[[str], Citation]


@dataclass
class Reasons:
    """Words for the rules of one derivation; ``labels`` say what kind a hypothesis is."""

    survey: Survey
    cite: Cite
    labels: dict[int, str] = field(default_factory=dict)

    def of(self, step: Step, maths: Mathematics) -> Markup:
        """Why a step holds, as the end of a sentence."""
        match step.rule:
            case Instance(source, terms, premises):
                return self._instance(source, terms, premises, maths)
            case Reflexivity():
                return Markup("both sides are the same")
            case Chain() | Congruence():
                raise AssertionError("told as chains")
            case Transport(number, links):
                return self._transport(number, links, maths)
            case Clash(positive, negative):
                return Markup("{} contradicts {}").format(self.step(positive), _step(negative))
            case Open(number, constants):
                names = listed(mathml(maths.term(constant)) for constant in constants)
                return Markup("such {} exist{} by {}").format(
                    names, "s" if len(constants) == 1 else "", self.step(number)
                )
            case Part(number, _):
                return Markup("part of {}").format(self.step(number))
            case Present(index, terms, facts):
                return self._present(step.conclusion, index, terms, facts, maths)
            case Cases(number, branches):
                if not branches:
                    return Markup("everything follows from {}").format(self.step(number))
                return Markup("by the cases of {}").format(self.step(number))
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

    def _instance(
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
            by = Markup("by {}").format(self.step(source))
        pairs = [
            mathml([*maths.variable(var.name), Token("mo", ":="), *maths.term(term)])
            for var, term in zip(clause.variables, terms, strict=True)
            if [token.text for token in maths.term(term)] != [var.name]
        ]
        with_terms = Markup(" with {}").format(listed(pairs)) if pairs else Markup()
        using = Markup(", using {}").format(listed(map(_step, premises))) if premises else ""
        return by + with_terms + using

    def _transport(self, number: int, links: tuple[Link | None, ...], maths: Mathematics) -> Markup:
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
        return Markup("in {} replace {}").format(self.step(number), listed(changes))

    def _present(
        self,
        goal: Clause,
        index: int,
        terms: tuple[Term, ...],
        facts: tuple[int, ...],
        maths: Mathematics,
    ) -> Markup:
        by = Markup("by {}").format(listed(map(_step, facts))) if facts else Markup()
        exists = goal.cases[index].exists
        if exists:
            pairs = [
                mathml([*maths.variable(var.name), Token("mo", ":="), *maths.term(term)])
                for var, term in zip(exists, terms, strict=True)
            ]
            return Markup("take {}; it fits {}").format(listed(pairs), by)
        return Markup("its {} case holds {}").format(_ordinal(index), by) if goal.cases[1:] else by

    def step(self, number: int) -> Markup:
        """A link to a step, with what kind of hypothesis it is."""
        label = self.labels.get(number, "")
        return Markup("the {} {}").format(label, _step(number)) if label else _step(number)


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


def _step(number: int) -> Markup:
    return Markup('<a class="ref" href="step:{0}" aria-label="step {0}">({0})</a>').format(number)


def _ordinal(index: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth")
    return words[index] if index < len(words) else f"{index + 1}th"


def listed(parts: Iterable[Markup]) -> Markup:
    """a, b and c."""
    shown = list(parts)
    if len(shown) < 2:
        return Markup("").join(shown)
    return Markup(", ").join(shown[:-1]) + Markup(" and ") + shown[-1]
