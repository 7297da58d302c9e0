"""The checker: the only maker of a ``Theorem``. Nothing outside this file needs to be trusted
for a theorem to follow from the clauses of the axioms that it lists.

It recomputes every step of a derivation from what the step cites. A step may cite only smaller
numbers that are in scope and laws that are axioms or theorems already, so circular proofs cannot
be written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar, assert_never

from . import derivation as rules
from .clause import FALSUM, Case, Clause, Equal, Holds, Literal, atom_terms, with_terms
from .derivation import Derivation, Law, Link, Step, Subproof
from .errors import CheckError
from .term import App, Term, Var, subterms
from .theory import Statement, Theory

_T = TypeVar("_T")
_SEAL = object()


@dataclass(frozen=True)
class Theorem:
    """A statement whose derivation the checker accepted, with all it rests on.

    ``axioms`` are those used here or in any lemma below; ``lemmas`` those cited directly.
    """

    statement: Statement
    derivation: Derivation
    axioms: tuple[str, ...]
    lemmas: tuple[str, ...]
    seal: object

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise CheckError("a theorem is made by certify alone")

    @property
    def name(self) -> str:
        """The name of the statement."""
        return self.statement.name


def certify(
    theory: Theory,
    theorems: Mapping[str, Theorem],
    statement: Statement,
    derivation: Derivation,
) -> Theorem:
    """The theorem that the derivation proves; ``CheckError`` says which step fails and why.

    ``theorems`` are the lemmas that may be cited, certified before against the same theory.
    """
    checker, scope = _Checker(theory, theorems, statement.name), _Scope({}, {})
    if statement.name in checker.axioms:
        raise CheckError(f"'{statement.name}' is the name of an axiom")
    checker.check_steps(derivation.steps, scope)
    if [checker.cite(number, scope) for number in derivation.results] != [*statement.clauses]:
        raise CheckError("the derivation shows something else than the statement says")
    if unused := checker.numbered - checker.cited:
        raise CheckError("nothing uses this step", step=min(unused))
    lemmas = tuple(sorted(checker.laws - checker.axioms.keys()))
    axioms = checker.laws & checker.axioms.keys()
    axioms = axioms.union(*(theorems[name].axioms for name in lemmas))
    return Theorem(statement, derivation, tuple(sorted(axioms)), lemmas, _SEAL)


class _Scope:
    """What may be cited and mentioned at one place of a derivation."""

    def __init__(self, clauses: dict[int, Clause], constants: dict[str, str]) -> None:
        self.clauses, self.constants = clauses, constants

    def inner(self) -> _Scope:
        return _Scope(dict(self.clauses), dict(self.constants))


class _Checker:
    def __init__(self, theory: Theory, theorems: Mapping[str, Theorem], goal: str) -> None:
        self.signature, self.theorems, self.goal = theory.signature, theorems, goal
        self.axioms = {axiom.name: axiom.clauses for axiom in theory.axioms}
        self.laws: set[str] = set()
        self.cited: set[int] = set()
        self.numbered: set[int] = set()
        self.last = -1

    # Steps and subproofs

    def check_steps(self, steps: tuple[Step, ...], scope: _Scope) -> None:
        for step in steps:
            try:
                if not isinstance(step.rule, rules.Open):
                    self.check_clause(step.conclusion, scope)
                if self.shown(step.rule, step.conclusion, scope) != step.conclusion:
                    raise CheckError("the rule gives something else than the step concludes")
                self.enter(step.number, step.conclusion, scope)
            except CheckError as error:
                at = step.number if error.step is None else error.step
                raise CheckError(error.reason, step=at) from None
            self.numbered.add(step.number)

    def enter(self, number: int, clause: Clause, scope: _Scope) -> None:
        if number <= self.last:
            raise CheckError("step numbers must grow", step=number)
        self.last = number
        scope.clauses[number] = clause

    def cite(self, number: int, scope: _Scope) -> Clause:
        if number not in scope.clauses:
            raise CheckError(f"cites {number}, which is not an earlier step in scope")
        self.cited.add(number)
        return scope.clauses[number]

    def run(
        self,
        subproof: Subproof,
        places: tuple[Var, ...],
        hypotheses: list[Clause],
        cases: tuple[Case, ...],
        scope: _Scope,
    ) -> None:
        """Checks that the subproof shows ``cases`` (or a contradiction) under ``hypotheses``."""
        inner = scope.inner()
        self.introduce(subproof.constants, places, inner)
        if [clause for _, clause in subproof.hypotheses] != hypotheses:
            raise CheckError("the hypotheses of a subproof are not those its rule allows")
        for number, clause in subproof.hypotheses:
            self.check_clause(clause, inner)
            self.enter(number, clause, inner)
        self.check_steps(subproof.steps, inner)
        if self.cite(subproof.result, inner) not in (Clause((), (), cases), FALSUM):
            raise CheckError("a subproof shows something else than its rule needs")

    def introduce(self, new: tuple[App, ...], places: tuple[Var, ...], scope: _Scope) -> None:
        if [constant.sort for constant in new] != [var.sort for var in places]:
            raise CheckError("the new constants have the wrong number or sorts")
        for constant in new:
            name = constant.symbol
            if constant.args or name in scope.constants or name in self.signature.function:
                raise CheckError(f"'{name}' is not a new constant")
            scope.constants[name] = constant.sort

    # Well-formedness

    def check_clause(self, clause: Clause, scope: _Scope) -> None:
        for case in clause.cases or (Case((), ()),):
            bound = (*clause.variables, *case.exists)
            if len({var.name for var in bound}) != len(bound):
                raise CheckError("a clause binds a variable twice")
            if any(var.sort not in self.signature.sort for var in bound):
                raise CheckError("a variable has an undeclared sort")
            for literal in case.literals:
                self.check_literal(literal, bound, scope)
        for premise in clause.premises:
            self.check_literal(premise, clause.variables, scope)

    def check_literal(self, literal: Literal, bound: tuple[Var, ...], scope: _Scope) -> None:
        for term in atom_terms(literal.atom):
            self.check_term(term, bound, scope)
        match literal.atom:
            case Equal(left, right) if left.sort != right.sort:
                raise CheckError("an equality joins two sorts")
            case Holds(predicate, args):
                known = self.signature.predicate.get(predicate)
                if known is None or known.arguments != tuple(arg.sort for arg in args):
                    raise CheckError(f"predicate '{predicate}' does not take these arguments")

    def check_term(self, term: Term, bound: tuple[Var, ...], scope: _Scope) -> None:
        for part in subterms(term):
            if isinstance(part, Var):
                if part not in bound:
                    raise CheckError(f"variable '{part.name}' is not bound")
            elif part.symbol in scope.constants:
                if part.args or part.sort != scope.constants[part.symbol]:
                    raise CheckError(f"constant '{part.symbol}' is used at another sort")
            else:
                known = self.signature.function.get(part.symbol)
                sorts = tuple(arg.sort for arg in part.args)
                if known is None or (known.arguments, known.result) != (sorts, part.sort):
                    raise CheckError(f"'{part.symbol}' is not known with these arguments here")

    # Rules

    def shown(self, rule: rules.Rule, goal: Clause, scope: _Scope) -> Clause:
        """What the rule gives; rules that can show many things look at the goal."""
        match rule:
            case rules.Instance(source, terms, premises):
                clause = self.law(source) if isinstance(source, Law) else self.cite(source, scope)
                there = clause.at(self.bind(clause.variables, terms, scope))
                self.expect_facts(premises, there.premises, scope)
                return Clause((), (), there.cases)
            case rules.Reflexivity():
                left, right = self.sides(goal)
                return goal if left == right else FALSUM
            case rules.Chain(links):
                sides = [self.link(link, scope) for link in links]
                if not sides or any(a[1] != b[0] for a, b in pairwise(sides)):
                    raise CheckError("the links of the chain do not meet")
                return Literal(Equal(sides[0][0], sides[-1][1])).fact
            case rules.Congruence(links):
                left, _ = self.sides(goal)
                if not isinstance(left, App):
                    raise CheckError("congruence needs a function application")
                moved = App(left.symbol, self.move(left.args, links, scope), left.sort)
                return Literal(Equal(left, moved)).fact
            case rules.Transport(number, links):
                literal = self.literal(number, scope)
                terms = self.move(atom_terms(literal.atom), links, scope)
                return Literal(with_terms(literal.atom, terms), literal.positive).fact
            case rules.Clash(positive, negative):
                literal = self.literal(positive, scope)
                if not literal.positive or self.literal(negative, scope) != literal.negated():
                    raise CheckError("these two steps do not contradict each other")
                return FALSUM
            case rules.Open(number, constants):
                chosen = self.only_case(number, scope)
                self.introduce(constants, chosen.exists, scope)
                return Clause((), (), (Case((), chosen.opened(constants)),))
            case rules.Part(number, index):
                chosen = self.only_case(number, scope)
                if chosen.exists or not 0 <= index < len(chosen.literals):
                    raise CheckError(f"step {number} has no part {index}")
                return chosen.literals[index].fact
            case rules.Present(index, terms, facts):
                if not goal.is_head or not 0 <= index < len(goal.cases):
                    raise CheckError(f"there is no case {index} to present")
                self.bind(goal.cases[index].exists, terms, scope)
                self.expect_facts(facts, goal.cases[index].opened(terms), scope)
                return goal
            case rules.Cases(number, branches):
                head = self.cite(number, scope)
                if not (goal.is_head and head.is_head):
                    raise CheckError("a case distinction needs closed heads")
                for chosen, branch in self.match(head.cases, branches):
                    names = dict(zip(chosen.exists, branch.constants, strict=False))
                    literals = [literal.at(names).fact for literal in chosen.literals]
                    self.run(branch, chosen.exists, literals, goal.cases, scope)
                return goal
            case rules.Refutation(subproof):
                if not goal.is_fact:
                    raise CheckError("only a literal is shown by contradiction")
                self.run(subproof, (), [goal.literal.negated().fact], (), scope)
                return goal
            case rules.Excluded(atom):
                either = (Case((), (Literal(atom),)), Case((), (Literal(atom, False),)))
                return Clause((), (), either)
            case rules.Introduction(subproof):
                names = dict(zip(goal.variables, subproof.constants, strict=False))
                there = goal.at(names)
                assumed = [premise.fact for premise in there.premises]
                self.run(subproof, goal.variables, assumed, there.cases, scope)
                return goal
            case rules.Induction(variable, branches):
                self.induction(goal, variable, branches, scope)
                return goal
            case _:
                assert_never(rule)

    def induction(
        self, goal: Clause, variable: str, branches: tuple[Subproof, ...], scope: _Scope
    ) -> None:
        on = next((var for var in goal.variables if var.name == variable), None)
        if on is None or not self.signature.sort[on.sort].is_inductive:
            raise CheckError(f"'{variable}' is not a variable of an inductive sort")
        others = tuple(var for var in goal.variables if var != on)
        for name, branch in self.match(self.signature.sort[on.sort].constructors, branches):
            arguments = self.signature.function[name].arguments
            args, rest = branch.constants[: len(arguments)], branch.constants[len(arguments) :]
            assumed = [goal.at({on: arg}) for arg in args if arg.sort == on.sort]
            built = {on: App(name, args, on.sort), **dict(zip(others, rest, strict=False))}
            there = goal.at(built)
            assumed += [premise.fact for premise in there.premises]
            places = (*(Var("", sort) for sort in arguments), *others)
            self.run(branch, places, assumed, there.cases, scope)

    def law(self, law: Law) -> Clause:
        if law.name in self.axioms:
            clauses = self.axioms[law.name]
        elif law.name in self.theorems and law.name != self.goal:
            clauses = self.theorems[law.name].statement.clauses
        else:
            raise CheckError(f"'{law.name}' is neither an axiom nor a theorem proved before")
        if not 0 <= law.clause < len(clauses):
            raise CheckError(f"'{law.name}' has no clause {law.clause}")
        self.laws.add(law.name)
        return clauses[law.clause]

    def match(
        self, wanted: tuple[_T, ...], branches: tuple[Subproof, ...]
    ) -> list[tuple[_T, Subproof]]:
        if len(wanted) != len(branches):
            raise CheckError(f"{len(wanted)} branches are needed, {len(branches)} are there")
        return list(zip(wanted, branches, strict=True))

    def bind(
        self, variables: tuple[Var, ...], terms: tuple[Term, ...], scope: _Scope
    ) -> dict[Var, Term]:
        for term in terms:
            self.check_term(term, (), scope)
        if [term.sort for term in terms] != [var.sort for var in variables]:
            raise CheckError("the terms given have the wrong number or sorts")
        return dict(zip(variables, terms, strict=True))

    def expect_facts(
        self, numbers: tuple[int, ...], needed: tuple[Literal, ...], scope: _Scope
    ) -> None:
        if [self.cite(number, scope) for number in numbers] != [lit.fact for lit in needed]:
            raise CheckError("the cited steps are not the facts that are needed")

    def literal(self, number: int, scope: _Scope) -> Literal:
        clause = self.cite(number, scope)
        if not clause.is_fact:
            raise CheckError(f"step {number} is not a fact")
        return clause.literal

    def sides(self, clause: Clause) -> tuple[Term, Term]:
        if clause.is_fact and clause.literal.positive and isinstance(clause.literal.atom, Equal):
            return clause.literal.atom.left, clause.literal.atom.right
        raise CheckError("an equality is needed here")

    def link(self, link: Link, scope: _Scope) -> tuple[Term, Term]:
        left, right = self.sides(self.cite(link.step, scope))
        return (left, right) if link.forward else (right, left)

    def move(
        self, terms: tuple[Term, ...], links: tuple[Link | None, ...], scope: _Scope
    ) -> tuple[Term, ...]:
        if len(terms) != len(links) or not any(links):
            raise CheckError("there must be one link for each argument, and at least one")
        sides = [
            (term, term) if link is None else self.link(link, scope)
            for term, link in zip(terms, links, strict=True)
        ]
        if tuple(left for left, _ in sides) != terms:
            raise CheckError("a link does not start at the argument it replaces")
        return tuple(right for _, right in sides)

    def only_case(self, number: int, scope: _Scope) -> Case:
        clause = self.cite(number, scope)
        if not clause.is_head or len(clause.cases) != 1:
            raise CheckError(f"step {number} does not have exactly one case")
        return clause.cases[0]
