"""Refutation by running the axioms: when it is sound, and how a counterexample is told.

Evaluation steps are instances of axioms, so a statement that evaluates to false is false in every
model. Only two things are chosen freely: elements of sorts without constructors, and values of
symbols that nothing defines. Where other axioms speak of those, evaluation does not answer.
"""

from __future__ import annotations

import re
from functools import cached_property

from lemmata.engine.budget import Budget, Clock
from lemmata.engine.clause import Equal, clause_symbols
from lemmata.engine.formula import And, Forall, Formula, Implies
from lemmata.engine.lowering import all_variables
from lemmata.engine.notation import Notation
from lemmata.engine.term import Term
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Refuted, Unknown

from .evaluation import Evaluator
from .model import infinite_sort, refute_by_model
from .narrowing import Counterexample, Narrowing, OutOfTimeError
from .program import Program
from .replacement import instantiated

CHECK_SIZE = 8
CHECK_SECONDS = 0.3


class Refutation:
    """The search for a counterexample to one statement, which may be taken up again.

    A theory over inductive sorts is run on values of growing size; a theory all of whose sorts can
    be finite is searched for models of growing size.
    """

    def __init__(self, theory: Theory, statement: Statement) -> None:
        self.theory, self.statement = theory, statement
        self.is_finite = infinite_sort(theory.signature) is None
        self.objection: Unknown | None = None
        self.narrowing: Narrowing | None = None

    @cached_property
    def evaluator(self) -> Evaluator:
        """The axioms as a program."""
        return Evaluator(self.theory)

    def look(self, clock: Clock) -> Refuted | Unknown:
        """A counterexample, or the reason why there is none to show yet.

        With values, the next look goes on where this one stopped.
        """
        if self.is_finite:
            return refute_by_model(self.theory, self.statement, clock)
        name, program = self.statement.name, self.evaluator.program
        if self.narrowing is None:
            self.objection = _objection(self.theory, program, self.statement, clock)
            self.narrowing = Narrowing(program, self.statement.formula, clock)
        if self.objection is not None:
            return self.objection
        self.narrowing.clock = clock
        try:
            found = self.narrowing.search()
        except OutOfTimeError:
            return Unknown(name, "time", cpu_seconds=clock.spent)
        if found is None:
            return Unknown(name, "saturated", "no counterexample by evaluation", clock.spent)
        return _told(self.theory, self.evaluator, self.statement, found, clock)


def _objection(
    theory: Theory, program: Program, statement: Statement, clock: Clock
) -> Unknown | None:
    """Why evaluation must not answer, if it must not."""
    used = cone(theory, statement)
    chosen = used & program.open_symbols
    domain = Narrowing(program, statement.formula, clock).domain
    free_sorts = {
        var.sort for var in all_variables(statement.formula) if domain.is_uninterpreted(var.sort)
    }
    for axiom in (*program.assumptions, *program.checks):
        symbols = _symbols(axiom)
        speaks = symbols & chosen
        if speaks:
            detail = f"'{axiom.name}' constrains {', '.join(sorted(speaks))}, which nothing defines"
            return Unknown(statement.name, "saturated", detail, clock.spent)
        if symbols & program.open_symbols:
            continue
        seconds = min(clock.left, CHECK_SECONDS)
        if _fails(program, axiom, seconds):
            is_free = any(domain.is_uninterpreted(var.sort) for var in all_variables(axiom.formula))
            if is_free and free_sorts:
                detail = f"'{axiom.name}' constrains a sort without constructors"
                return Unknown(statement.name, "saturated", detail, clock.spent)
            if not is_free:
                detail = f"'{axiom.name}' contradicts what the other axioms compute"
                return Unknown(statement.name, "inconsistent", detail, clock.spent)
    return None


def _fails(program: Program, axiom: Statement, seconds: float) -> bool:
    if seconds <= 0:
        return False
    try:
        search = Narrowing(program, axiom.formula, Budget(seconds=seconds).start())
        return search.search(CHECK_SIZE + search.least) is not None
    except OutOfTimeError:
        return False


def cone(theory: Theory, statement: Statement) -> frozenset[str]:
    """The symbols of a statement and all that the axioms about them lead to."""
    reached = _symbols(statement)
    rules = [(axiom, _symbols(axiom)) for axiom in theory.axioms if axiom.kind != "constructor"]
    changed = True
    while changed:
        changed = False
        for _, symbols in rules:
            if symbols & (reached - theory.signature.constructors) and not symbols <= reached:
                reached |= symbols
                changed = True
    return reached


def _symbols(statement: Statement) -> frozenset[str]:
    return frozenset().union(*(clause_symbols(clause) for clause in statement.clauses))


def _told(
    theory: Theory,
    evaluator: Evaluator,
    statement: Statement,
    found: Counterexample,
    clock: Clock,
) -> Refuted | Unknown:
    """The counterexample in the user's notation, evaluated once more by other code."""
    values = dict(found.assignment)
    if not found.tables and evaluator.holds(statement, values) is not False:
        return Unknown(statement.name, "saturated", "a counterexample was not confirmed")
    formula = statement.formula
    while isinstance(formula, Forall):
        formula = formula.body
    telling = _Telling(theory, evaluator)
    return Refuted(
        statement.name,
        tuple((var.name, telling.term(value)) for var, value in found.assignment),
        tuple(f"{telling.term(one)} = {telling.term(two)}" for one, two in found.tables),
        telling.explanation(instantiated(formula, values)),
        "narrowing",
        clock.spent,
    )


class _Telling:
    """Writes values and says what fails."""

    def __init__(self, theory: Theory, evaluator: Evaluator) -> None:
        self.notation = Notation.of(theory)
        self.evaluator = evaluator

    def term(self, term: Term) -> str:
        return _unquoted(self.notation.term(term))

    def formula(self, formula: Formula) -> str:
        return _unquoted(self.notation.formula(formula))

    def explanation(self, formula: Formula) -> str:
        """What fails: the two sides of the equation that is false."""
        match formula:
            case Implies(_, right):
                return self.explanation(right)
            case And(left, right):
                is_left = self.evaluator.holds(left, {}) is False
                return self.explanation(left if is_left else right)
            case Equal(left, right):
                sides = [
                    f"{self.term(side)} is {self.term(value)}"
                    for side in (left, right)
                    if (value := self.evaluator.evaluate(side)) is not None and value != side
                ]
                return ", but ".join(sides) or f"{self.formula(formula)} is false"
            case _:
                return f"{self.formula(formula)} is false"


def _unquoted(text: str) -> str:
    """Integers as numbers; a theory's text would quote them, because they are names there."""
    return re.sub(r"`(-?[0-9]+)`", r"\1", text)
