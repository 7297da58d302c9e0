"""Equality steps as a reader writes them: t0 = t1 = t2 = …, one replacement a link."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lemmata.engine.clause import Clause, Equal
from lemmata.engine.derivation import Chain, Congruence, Link, Step
from lemmata.engine.term import App, Term

from .citation import Survey
from .mathml import Path


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One replacement inside a term.

    ``path`` leads to the subterm that changes; ``step`` gives the equation, read from right to
    left unless ``forward``; ``shown`` are the steps that this link stands for on the page.
    """

    before: Term
    after: Term
    path: Path
    step: int
    forward: bool
    shown: tuple[int, ...] = ()

    def reversed(self) -> Rewrite:
        """The same replacement undone."""
        return replace(self, before=self.after, after=self.before, forward=not self.forward)


def rewrites(survey: Survey, step: Step) -> list[Rewrite]:
    """The links of a chain or a congruence, with the equations that only they cite opened up."""
    match step.rule:
        case Chain(links):
            return [rewrite for link in links for rewrite in _follow(survey, link)]
        case Congruence(links):
            left, _ = sides(step.conclusion)
            assert isinstance(left, App)
            found: list[Rewrite] = []
            for place, link in enumerate(links):
                if link is None:
                    continue
                for inner in _follow(survey, link):
                    found.append(_inside(left, place, inner))
                    after = found[-1].after
                    assert isinstance(after, App)
                    left = after
            return found
        case _:
            left, right = sides(step.conclusion)
            return [Rewrite(left, right, (), step.number, True)]


def sides(clause: Clause) -> tuple[Term, Term]:
    """Both sides of a clause that states an equation."""
    atom = clause.literal.atom
    assert isinstance(atom, Equal)
    return atom.left, atom.right


def _follow(survey: Survey, link: Link) -> list[Rewrite]:
    if link.step in survey.inline:
        step = survey.steps[link.step]
        found = rewrites(survey, step)
        found[0] = replace(found[0], shown=(*found[0].shown, step.number))
    else:
        left, right = sides(survey.concluded(link.step))
        found = [Rewrite(left, right, (), link.step, True)]
    return found if link.forward else [one.reversed() for one in reversed(found)]


def _inside(outer: App, place: int, inner: Rewrite) -> Rewrite:
    def filled(term: Term) -> App:
        args = (*outer.args[:place], term, *outer.args[place + 1 :])
        return App(outer.symbol, args, outer.sort)

    return replace(
        inner,
        before=filled(inner.before),
        after=filled(inner.after),
        path=(place, *inner.path),
    )
