"""Writing derivations by hand: numbers are given as steps are written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from lemmata.engine.clause import Atom, Case, Clause, Equal, Literal
from lemmata.engine.derivation import Chain, Derivation, Instance, Law, Link, Rule, Step, Subproof
from lemmata.engine.term import App, Term, Var


def fact(atom: Atom, positive: bool = True) -> Clause:
    """The clause that states one literal."""
    return Literal(atom, positive).fact


def equal(left: Term, right: Term) -> Clause:
    """The clause that states an equation."""
    return fact(Equal(left, right))


def head(*cases: Case) -> Clause:
    """The clause that states cases without conditions."""
    return Clause((), (), cases)


@dataclass
class Frame:
    """A subproof under construction."""

    constants: tuple[App, ...]
    hypotheses: tuple[tuple[int, Clause], ...]
    steps: list[Step] = field(default_factory=list)


@dataclass
class Proof:
    """A derivation under construction: ``open`` a subproof, add steps, ``close`` it."""

    frames: list[Frame] = field(default_factory=lambda: [Frame((), ())])
    last: int = 0

    def number(self) -> int:
        self.last += 1
        return self.last

    def step(self, conclusion: Clause, rule: Rule) -> int:
        number = self.number()
        self.frames[-1].steps.append(Step(number, conclusion, rule))
        return number

    def law(
        self,
        conclusion: Clause,
        name: str,
        terms: tuple[Term, ...] = (),
        *premises: int,
        part: int = 0,
    ) -> int:
        return self.step(conclusion, Instance(Law(name, part), terms, premises))

    def chain(self, left: Term, right: Term, *links: int) -> int:
        """A chain; a negative number is a link read backwards."""
        turned = tuple(Link(abs(link), link > 0) for link in links)
        return self.step(equal(left, right), Chain(turned))

    def open(
        self, constants: tuple[App, ...] = (), hypotheses: tuple[Clause, ...] = ()
    ) -> list[int]:
        numbered = tuple((self.number(), clause) for clause in hypotheses)
        self.frames.append(Frame(constants, numbered))
        return [number for number, _ in numbered]

    def close(self, result: int) -> Subproof:
        frame = self.frames.pop()
        return Subproof(frame.constants, frame.hypotheses, tuple(frame.steps), result)

    def done(self, *results: int) -> Derivation:
        (frame,) = self.frames
        return Derivation(tuple(frame.steps), results or (self.last,))


def var(name: str, sort: str = "N") -> Var:
    """A variable, of the natural numbers unless told otherwise."""
    return Var(name, sort)


def const(name: str, sort: str = "N") -> App:
    """A constant, of the natural numbers unless told otherwise."""
    return App(name, (), sort)
