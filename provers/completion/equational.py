"""What completion proves: equations, and equations under premises that are equations.

Premises are taken as further equations between arbitrary elements, and only what rests on them is
looked at. A predicate that is defined by one equation is read as that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from lemmata.engine.clause import Case, Clause, Equal, Holds, Literal
from lemmata.engine.derivation import Instance, Introduction, Law, Present
from lemmata.engine.explanation import Writer
from lemmata.engine.exploration.interest import shape
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Theory

from ..simplification import computes
from ..workspace import Proof, Workspace
from .completion import SMALL, Completion, Pending
from .equation import Move, rules
from .node import Node
from .proof import Lemmas, Scribe

SOLUTION = 4
"""The symbols of the largest terms that are tried as solutions of equations."""


@dataclass(frozen=True, slots=True)
class _Definition:
    """A clause that leads from a predicate to its equation or back, and its name."""

    law: Law
    clause: Clause
    holds: Holds
    equal: Equal


class Equational:
    """The equations of a workspace's theory, completed once, and proofs by them.

    Where it is not ``whole``, they are completed bit by bit, as ``advance`` is called.
    """

    def __init__(self, work: Workspace, *, whole: bool = True) -> None:
        self.work = work
        self.completion = Completion(work.theory)
        self.lemmas = Lemmas(work, self.completion.bank)
        self.unfolds = dict(_definitions(work.theory, is_premise=True))
        self.folds = dict(_definitions(work.theory, is_premise=False))
        if whole:
            self.completion.run()

    @staticmethod
    def of(work: Workspace, *, whole: bool = True) -> Equational | None:
        """Proofs by completion for a theory that nothing computes in; None for any other."""
        if computes(work):
            return None
        found = Equational(work, whole=whole)
        return found if found.completion.active or found.completion.heap else None

    def advance(self, matches: int) -> bool:
        """Completes on for so many matches; False once nothing waits or all effort is spent."""
        return self.completion.advance(matches)

    def equations(self) -> Iterator[Equal]:
        """Small equations of the completed theory, the smallest first, greater sides left.

        Of those that others give in some order of their variables there is only the first, as the
        rest differ from it in how sums are written; those of well-known shapes are there all the same.
        """
        sieve = self.completion.empty()
        for equation in sorted(self.completion.active, key=lambda each: each.size):
            if equation.size > SMALL:
                break
            is_new = not any(sieve.meetings(equation.left, equation.right))
            if is_new:
                sieve.add(equation)
            statement = self.lemmas.statement(equation)
            if isinstance(equation.origin, Law) or not (is_new or shape(statement.clauses)):
                continue
            first = rules(self.completion.bank, equation)[0]
            atom, _ = self.lemmas.equal(equation)
            yield atom if first.is_forward else Equal(atom.right, atom.left)

    def prove(self, clause: Clause, effort: int) -> Proof | None:
        """A proof of a clause; so many matches may be tried for what premises add."""
        if not clause.is_literal_head:
            return self._solve(clause)
        if not clause.literal.positive:
            return None
        names = self._constants(clause)
        there = clause.at(names)
        goal = self._equation(there.literal, self.folds)
        if goal is None:
            return None
        bank = self.completion.bank
        left, right = bank.node(goal.left, {}), bank.node(goal.right, {})
        known = self.completion
        if known.normal(left) is not known.normal(right):
            given = [self._equation(premise, self.unfolds) for premise in there.premises]
            known = self.completion.fork()
            for number, premise in enumerate(given):
                if premise is not None:
                    sides = bank.node(premise.left, {}), bank.node(premise.right, {})
                    known.wait(Pending(*sides, number, True))
            while known.normal(left) is not known.normal(right):
                if known.work > effort or not known.step():
                    return None
        (_, first), (_, last) = known.moves(left), known.moves(right)
        moves = (*first, *(move.turned() for move in reversed(last)))
        return self._proof(clause, there, tuple(names.values()), left, moves)

    def _constants(self, clause: Clause) -> dict[Var, App]:
        names: dict[Var, App] = {}
        for var in clause.variables:
            taken = {constant.symbol for constant in names.values()}
            names[var] = App(self.work.root.fresh(var.name, taken), (), var.sort)
        return names

    def _solve(self, clause: Clause) -> Proof | None:
        """A proof that an equation has a solution: a small term over what is given."""
        match clause:
            case Clause(_, (), (Case((unknown,), (Literal(Equal(), True),)),)):
                pass
            case _:
                return None
        names, bank = self._constants(clause), self.completion.bank
        there = clause.at(names)
        elements = tuple(bank.node(name, {}) for name in names.values())
        for candidate in self._terms(elements, unknown.sort):
            term = bank.term(candidate, {})
            atom = there.cases[0].opened((term,))[0].atom
            assert isinstance(atom, Equal)
            left, right = bank.node(atom.left, {}), bank.node(atom.right, {})
            if self.completion.normal(left) is self.completion.normal(right):
                break
        else:
            return None
        (_, first), (_, last) = self.completion.moves(left), self.completion.moves(right)
        moves = (*first, *(move.turned() for move in reversed(last)))

        def write(writer: Writer) -> int:
            if not clause.is_head:
                writer.begin([])
            fact = Scribe(self.lemmas, writer, elements).chain(left, moves, {})
            result = writer.emit(there, Present(0, (term,), (fact,)))
            if clause.is_head:
                return result
            subproof = writer.end(tuple(names.values()), [], result)
            return writer.emit(clause, Introduction(subproof))

        return write

    def _terms(self, elements: tuple[Node, ...], sort: str) -> Iterator[Node]:
        """The smallest terms of a sort over some elements."""
        bank = self.completion.bank
        layers: dict[int, list[Node]] = {1: list(elements)}
        for size in range(1, SOLUTION + 1):
            layer = layers.setdefault(size, [])
            for function in self.work.theory.signature.functions:
                for sizes in product(range(1, size), repeat=len(function.arguments)):
                    if sum(sizes) == size - 1:
                        for args in product(*(layers[n] for n in sizes)):
                            if tuple(arg.sort for arg in args) == function.arguments:
                                layer.append(bank.app(function.name, args, function.result))
            yield from (node for node in layer if node.sort == sort)

    def _proof(
        self,
        clause: Clause,
        there: Clause,
        constants: tuple[App, ...],
        left: Node,
        moves: tuple[Move, ...],
    ) -> Proof:
        elements = tuple(self.completion.bank.node(constant, {}) for constant in constants)
        keys = [next(self.work.keys) for _ in there.premises]

        def write(writer: Writer) -> int:
            if clause.is_head:
                return conclude(writer, ())
            given = [(key, p.fact) for key, p in zip(keys, there.premises, strict=True)]
            numbered = writer.begin(given)
            result = conclude(writer, [writer.given(fact) for _, fact in numbered])
            return writer.emit(clause, Introduction(writer.end(constants, numbered, result)))

        def conclude(writer: Writer, premises: tuple[int, ...] | list[int]) -> int:
            hypotheses = [
                self._unfolded(writer, premise, number)
                for premise, number in zip(there.premises, premises, strict=True)
            ]
            scribe = Scribe(self.lemmas, writer, elements, hypotheses)
            result = scribe.chain(left, moves, {})
            atom = there.literal.atom
            if isinstance(atom, Equal):
                return result
            found = self.folds[atom.predicate]
            return writer.emit(
                there.literal.fact, Instance(found.law, _terms(found, atom), (result,))
            )

        return write

    def _unfolded(self, writer: Writer, premise: Literal, number: int) -> int:
        """The step for the equation that a premise says."""
        atom = premise.atom
        equation = self._equation(premise, self.unfolds)
        if isinstance(atom, Equal) or equation is None:
            return number
        found = self.unfolds[atom.predicate]
        fact = Literal(equation).fact
        return writer.emit(fact, Instance(found.law, _terms(found, atom), (number,)))

    def _equation(self, literal: Literal, definitions: dict[str, _Definition]) -> Equal | None:
        """What a closed literal says as an equation, None if it says something else."""
        if not literal.positive:
            return None
        if isinstance(literal.atom, Equal):
            return literal.atom
        found = definitions.get(literal.atom.predicate)
        if found is None:
            return None
        names = dict(zip(found.clause.variables, _terms(found, literal.atom), strict=True))
        atom = Literal(found.equal).at(names).atom
        return atom if isinstance(atom, Equal) else None


def _terms(definition: _Definition, atom: Holds) -> tuple[Term, ...]:
    """The terms for the variables of a definition's clause."""
    names = dict(zip(definition.holds.args, atom.args, strict=True))
    return tuple(names[var] for var in definition.clause.variables)


def _definitions(theory: Theory, *, is_premise: bool) -> Iterator[tuple[str, _Definition]]:
    """The clauses by which a predicate of variables says an equation, or an equation says it."""
    for axiom in theory.axioms:
        for number, clause in enumerate(axiom.clauses):
            if len(clause.premises) != 1 or not clause.is_literal_head:
                continue
            premise, head = clause.premises[0], clause.literal
            one, two = (premise.atom, head.atom) if is_premise else (head.atom, premise.atom)
            if not (premise.positive and head.positive and isinstance(one, Holds)):
                continue
            is_plain = set(one.args) == set(clause.variables) and len(one.args) == len(
                clause.variables
            )
            if isinstance(two, Equal) and is_plain:
                yield one.predicate, _Definition(Law(axiom.name, number), clause, one, two)
