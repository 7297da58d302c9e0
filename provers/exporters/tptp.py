"""Theorems as problems in TPTP's typed first-order form (TFF), for other provers to try.

Sorts and symbols are declared first. Axioms stand as they were written, lemmas and laws proved
before as ``lemma``. Structural induction is no first-order axiom: each instance that a proof uses is
stated as an axiom of its own, so that what is left to prove is first order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from lemmata.engine.checker import Theorem
from lemmata.engine.citation import cited_laws, subproofs
from lemmata.engine.clause import Clause, Equal, Holds, clause_terms
from lemmata.engine.derivation import Induction, Step
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.lowering import free_variables
from lemmata.engine.proof_file import in_order
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Statement, Theory

from .rocq.instance import at, clause_formula
from .rocq.names import spelled


def tptp(*theorems: Theorem) -> str:
    """A problem in TFF: one theorem as its conjecture, or several as a library of laws.

    A single theorem stands as ``conjecture`` below the axioms, lemmas and instances of induction
    that its proof cites; provers for first-order logic with equality can find it. Of several, each
    is a ``lemma`` after what its own proof cites.
    """
    writer = _Writer(theorems[-1].theory)
    if len(theorems) == 1:
        (goal,) = theorems
        body, title = writer.problem(goal), f"the theorem {goal.name}"
    else:
        laws = in_order(theorems)
        body, title = writer.library(laws), f"{len(laws)} laws"
    lines = [*body]
    head = [
        f"% {_comment(title)} of the theory {_comment(writer.theory.name)}, written by Lemmata.",
        *writer.symbols.table(),
        "",
        *writer.declarations(),
        "",
    ]
    return "\n".join([*head, *lines]) + "\n"


@dataclass(slots=True)
class _Identifiers:
    """One lower-case identifier for every name; no two share one."""

    given: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        if name not in self.given:
            word = spelled(name)
            wish = word if word[0].islower() else f"{word[0].lower()}{word[1:]}"
            found, count = wish, 1
            taken = set(self.given.values())
            while found in taken:
                count += 1
                found = f"{wish}_{count}"
            self.given[name] = found
        return self.given[name]

    def table(self) -> list[str]:
        """Comments that say which identifier stands for which name, where they differ."""
        return [
            f"% {identifier} stands for {_comment(name)}"
            for name, identifier in self.given.items()
            if name != identifier
        ]


class _Writer:
    def __init__(self, theory: Theory) -> None:
        self.theory, self.signature = theory, theory.signature
        self.symbols, self.laws = _Identifiers(), _Identifiers()
        self.seen: set[Clause] = set()
        sorts, functions = self.signature.sort, self.signature.function
        for name in (*sorts, *functions, *self.signature.predicate):
            self.symbols.of(name)

    def declarations(self) -> Iterator[str]:
        """The types of all sorts and symbols."""
        of = self.symbols.of
        for sort in self.signature.sorts:
            yield f"tff({of(sort.name)}_type, type, {of(sort.name)}: $tType)."
        for function in self.signature.functions:
            name, result = of(function.name), of(function.result)
            yield f"tff({name}_type, type, {name}: {self.domain(function.arguments)}{result})."
        for predicate in self.signature.predicates:
            name = of(predicate.name)
            yield f"tff({name}_type, type, {name}: {self.domain(predicate.arguments)}$o)."

    def domain(self, sorts: tuple[str, ...]) -> str:
        names = [self.symbols.of(sort) for sort in sorts]
        joined = f"({' * '.join(names)})" if len(names) > 1 else "".join(names)
        return f"{joined} > " if names else ""

    # Statements

    def problem(self, goal: Theorem) -> Iterator[str]:
        """A theorem as the conjecture, below what its own proof cites."""
        used = cited_laws(goal.derivation)
        yield from self.axioms(used)
        for lemma in goal.cited:
            yield self.law(lemma.statement, "lemma")
        yield from self.inductions(goal)
        yield self.law(goal.statement, "conjecture")

    def library(self, laws: tuple[Theorem, ...]) -> Iterator[str]:
        """Laws as lemmas, each after what its own proof cites."""
        yield from self.axioms({name for each in laws for name in each.axioms})
        for each in laws:
            yield from self.inductions(each)
            yield self.law(each.statement, "lemma")

    def axioms(self, names: Collection[str]) -> Iterator[str]:
        """Axioms and definitions, as a person wrote them."""
        for axiom in self.theory.axioms:
            if axiom.name in names:
                yield self.law(axiom, "definition" if axiom.kind == "definition" else "axiom")

    def law(self, statement: Statement, role: str) -> str:
        """A statement with its free variables bound."""
        return self.annotated(self.laws.of(statement.name), role, statement.formula)

    def annotated(self, name: str, role: str, formula: Formula) -> str:
        variables = _Variables()
        free = tuple(free_variables(formula))
        closed = Forall(free, formula) if free else formula
        return f"tff({name}, {role}, {self.formula(closed, variables)})."

    def inductions(self, theorem: Theorem) -> Iterator[str]:
        """The instances of structural induction in a proof, each stated once."""
        for step in _steps(theorem.derivation.steps):
            if isinstance(step.rule, Induction) and step.conclusion not in self.seen:
                self.seen.add(step.conclusion)
                on = next(v for v in step.conclusion.variables if v.name == step.rule.variable)
                name = self.laws.of(f"induction {len(self.seen)}")
                yield (
                    f"% An instance of structural induction on {_comment(on.name)} over "
                    f"{_comment(on.sort)}, for {_comment(theorem.name)}."
                )
                yield self.annotated(name, "axiom", self.induction(step.conclusion, on))

    def induction(self, claim: Clause, on: Var) -> Formula:
        """What follows for all values follows from the claim for each constructor."""
        others = tuple(var for var in claim.variables if var != on)
        body = clause_formula(Clause(others, claim.premises, claim.cases))
        cases = [self.branch(name, on, body) for name in self.signature.sort[on.sort].constructors]
        *before, premise = cases
        for case in reversed(before):
            premise = And(case, premise)
        # Constants of the proof around the step stand for arbitrary elements.
        constants = dict.fromkeys(
            Var(term.symbol, term.sort)
            for term in clause_terms(claim)
            if isinstance(term, App) and term.symbol not in self.signature.function
        )
        instance = Implies(premise, Forall((on,), body))
        return Forall(tuple(constants), instance) if constants else instance

    def branch(self, constructor: str, on: Var, body: Formula) -> Formula:
        arguments = self.signature.function[constructor].arguments
        # No written name has a dot, so these are captured by nothing.
        fresh = tuple(Var(f"{on.name}.{place}", sort) for place, sort in enumerate(arguments))
        case = at(body, {on: App(constructor, fresh, on.sort)})
        for var in reversed(fresh):
            if var.sort == on.sort:
                case = Implies(at(body, {on: var}), case)
        return Forall(fresh, case) if fresh else case

    # Formulas

    def formula(self, formula: Formula, variables: _Variables) -> str:
        match formula:
            case Equal(left, right):
                return f"({self.term(left, variables)} = {self.term(right, variables)})"
            case Holds(predicate, args):
                return self.applied(predicate, args, variables)
            case Truth(value):
                return "$true" if value else "$false"
            case Not(Equal(left, right)):
                return f"({self.term(left, variables)} != {self.term(right, variables)})"
            case Not(body):
                return f"~ {self.formula(body, variables)}"
            case And(one, two) | Or(one, two) | Implies(one, two) | Iff(one, two):
                sign = _SIGNS[type(formula)]
                return f"({self.formula(one, variables)} {sign} {self.formula(two, variables)})"
            case Forall(names, body) | Exists(names, body):
                binder = "!" if isinstance(formula, Forall) else "?"
                typed = ", ".join(
                    f"{variables.of(var)}: {self.symbols.of(var.sort)}" for var in names
                )
                inner = self.formula(body, variables)
                return f"({binder} [{typed}]: {inner})" if names else inner
            case _:
                assert_never(formula)

    def term(self, term: Term, variables: _Variables) -> str:
        if isinstance(term, Var):
            return variables.of(term)
        if term.symbol not in self.signature.function:
            return variables.of(Var(term.symbol, term.sort))
        return self.applied(term.symbol, term.args, variables)

    def applied(self, symbol: str, args: tuple[Term, ...], variables: _Variables) -> str:
        inner = ", ".join(self.term(arg, variables) for arg in args)
        return f"{self.symbols.of(symbol)}({inner})" if args else self.symbols.of(symbol)


_SIGNS: dict[type, str] = {And: "&", Or: "|", Implies: "=>", Iff: "<=>"}


@dataclass(slots=True)
class _Variables:
    """Upper-case identifiers for the variables of one formula."""

    given: dict[Var, str] = field(default_factory=dict)

    def of(self, var: Var) -> str:
        if var not in self.given:
            word = spelled(var.name)
            wish = word[0].upper() + word[1:]
            found, count = wish, 1
            while found in self.given.values():
                count += 1
                found = f"{wish}_{count}"
            self.given[var] = found
        return self.given[var]


def _steps(steps: Iterable[Step]) -> Iterator[Step]:
    """All steps, those of subproofs included."""
    for step in steps:
        for proof in subproofs(step.rule):
            yield from _steps(proof.steps)
        yield step


def _comment(text: str) -> str:
    """Text that stays on one line and within ASCII."""
    return "".join(c if " " <= c <= "~" else f"U+{ord(c):04X}" for c in text)
