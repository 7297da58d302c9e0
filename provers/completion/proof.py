"""Chains of equations as derivations that the checker accepts, each equation a lemma of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2s

from lemmata.engine.clause import Case, Clause, Equal, Literal
from lemmata.engine.derivation import (
    Chain,
    Congruence,
    Instance,
    Introduction,
    Law,
    Link,
    Reflexivity,
)
from lemmata.engine.explanation import Writer
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Statement

from ..workspace import Workspace
from ..writing import write_theorem
from .equation import Equation, Move
from .node import Bank, Binding, Node

NAMES = "xyzuvw"


@dataclass
class Lemmas:
    """What the equations of a completion are called as theorems of a workspace.

    An equation is certified when something first rests on it.
    """

    work: Workspace
    bank: Bank

    names: dict[int, str] = field(default_factory=dict)

    def law(self, equation: Equation) -> Law:
        """The law that states an equation which rests on no hypotheses."""
        if isinstance(equation.origin, Law):
            return equation.origin
        for each in self._below(equation):
            statement = self.statement(each)
            if statement.name not in self.work.theorems:
                proof = partial(self._prove, equation=each)
                self.work.theorems[statement.name] = write_theorem(self.work, statement, [proof])
            self.names[each.number] = statement.name
        return Law(self.names[equation.number], 0)

    def statement(self, equation: Equation) -> Statement:
        """The equation as a statement, with a name that no other equation has."""
        atom, variables = self.equal(equation)
        clause = Clause(variables, (), (Case((), (Literal(atom),)),))
        # The name tells the statement, so that stores of earlier versions hold nothing else by it.
        text = self.work.notation.formula(atom)
        name = f"completion.{blake2s(text.encode(), digest_size=4).hexdigest()}"
        return Statement(name, atom, (clause,), "lemma")

    def equal(self, equation: Equation) -> tuple[Equal, tuple[Var, ...]]:
        """The equation over named variables, and these in their order."""
        names: dict[Node, Term] = {}
        for var in _variables(equation):
            number = len(names)
            names[var] = Var(f"{NAMES[number % 6]}{number // 6 or ''}", var.sort)
        sides = self.bank.term(equation.left, names), self.bank.term(equation.right, names)
        return Equal(*sides), tuple(var for var in names.values() if isinstance(var, Var))

    def _below(self, equation: Equation) -> list[Equation]:
        """The equations that one rests on and itself, the oldest first."""
        found: dict[int, Equation] = {}
        stack = [equation]
        while stack:
            each = stack.pop()
            known = each.number in found or each.number in self.names
            if isinstance(each.origin, tuple) and not known:
                found[each.number] = each
                stack += [move.equation for move in each.origin]
        return [found[number] for number in sorted(found)]

    def _prove(self, writer: Writer, equation: Equation) -> int:
        statement = self.statement(equation)
        (clause,) = statement.clauses
        constants = tuple(
            App(self.work.root.fresh(var.name), (), var.sort) for var in clause.variables
        )
        elements = tuple(self.bank.node(constant, {}) for constant in constants)
        binding = dict(zip(_variables(equation), elements, strict=True))
        scribe = Scribe(self, writer, elements)
        assert isinstance(equation.origin, tuple)
        if clause.is_head:
            return scribe.chain(equation.left, equation.origin, binding)
        writer.begin([])
        start = self.bank.at(equation.left, binding)
        result = scribe.chain(start, equation.origin, binding)
        return writer.emit(clause, Introduction(writer.end(constants, [], result)))


class Scribe:
    """Writes chains between closed terms into one derivation.

    Where an equation may be taken at any terms at all, it is taken at one of ``elements`` or at a
    constant of the theory.
    """

    def __init__(
        self,
        lemmas: Lemmas,
        writer: Writer,
        elements: Iterable[Node],
        hypotheses: Sequence[int] = (),
    ) -> None:
        self.lemmas, self.bank, self.writer = lemmas, lemmas.bank, writer
        self.hypotheses = hypotheses
        self.any: dict[str, Node] = {}
        for function in lemmas.work.theory.signature.functions:
            if not function.arguments:
                constant = self.bank.app(function.name, (), function.result)
                self.any.setdefault(function.result, constant)
        for element in elements:
            self.any.setdefault(element.sort, element)

    def chain(self, start: Node, moves: Iterable[Move], binding: Binding) -> int:
        """The step that concludes what a chain leads to from a closed term."""
        terms, links = [start], list[Link]()
        for move in moves:
            after, link = self._link(terms[-1], move, binding)
            if link is None:
                continue
            if after in terms:  # the chain comes back: what lies between is not needed
                place = terms.index(after)
                del terms[place + 1 :], links[place:]
                continue
            terms.append(after)
            links.append(link)
        conclusion = self._fact(start, terms[-1])
        if not links:
            return self.writer.emit(conclusion, Reflexivity())
        if len(links) == 1 and links[0].forward:
            return links[0].step
        return self.writer.emit(conclusion, Chain(tuple(links)))

    def _link(self, before: Node, move: Move, binding: Binding) -> tuple[Node, Link | None]:
        own = {var: self._closed(term, binding) for var, term in move.binding.items()}
        equation = move.equation
        one = self._closed(self.bank.at(equation.left, own), {})
        two = self._closed(self.bank.at(equation.right, own), {})
        if one is two:
            return before, None
        link = Link(self._equation(equation, own, one, two), move.is_forward)
        new = two if move.is_forward else one
        parents = [before]
        for place in move.path:
            parents.append(parents[-1].args[place])
        assert parents[-1] is (one if move.is_forward else two)
        for place, parent in zip(reversed(move.path), reversed(parents[:-1]), strict=True):
            changed = self.bank.replaced(parent, (place,), new)
            links = tuple(link if n == place else None for n in range(len(parent.args)))
            link = Link(self.writer.emit(self._fact(parent, changed), Congruence(links)))
            new = changed
        return new, link

    def _closed(self, node: Node, binding: Binding) -> Node:
        node = self.bank.at(node, binding)
        if not node.counts:
            return node
        return self.bank.at(node, {var: self.any[var.sort] for var in node.counts})

    def _equation(self, equation: Equation, binding: Binding, one: Node, two: Node) -> int:
        """The step that concludes an equation at closed terms."""
        match equation.origin:
            case int(number):
                return self.hypotheses[number]
            case tuple(moves) if equation.is_given:
                return self.chain(one, moves, binding)
            case _:
                law = self.lemmas.law(equation)
                terms = tuple(
                    self.bank.term(self._closed(var, binding), {}) for var in _variables(equation)
                )
                return self.writer.emit(self._fact(one, two), Instance(law, terms, ()))

    def _fact(self, one: Node, two: Node) -> Clause:
        return Literal(Equal(self.bank.term(one, {}), self.bank.term(two, {}))).fact


def _variables(equation: Equation) -> list[Node]:
    found = {**equation.left.counts, **equation.right.counts}
    return sorted(found, key=lambda var: var.place)
