"""The checker: the only maker of a ``Theorem``. Nothing outside this file and the data types it
imports needs to be trusted for a theorem to follow from the clauses of the axioms that it lists.

It recomputes every step from what the step cites: smaller numbers that are in scope, and laws
that are axioms or theorems already, so a circular proof cannot be written down. Derivations must
be canonical (see ``lemmata.engine.derivation``), so that none can be altered unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from typing import TypeAlias, assert_never, final

from . import derivation as rules
from .clause import FALSUM, Case, Clause, Equal, Literal, atom_terms, with_terms
from .derivation import Derivation, Law, Link, Subproof
from .errors import CheckError
from .term import App, Term, Var
from .theory import Statement, Theory

_Vars: TypeAlias = tuple[Var, ...]
_Terms: TypeAlias = tuple[Term, ...]
_SEAL = object()


@final
@dataclass(frozen=True, slots=True)
class Theorem:
    """A statement whose derivation the checker accepted, with all it rests on.

    ``axioms`` are those used here or in any lemma below, ``lemmas`` and ``cited`` the names of
    the lemmas cited directly and these theorems themselves.
    Calls, ``dataclasses.replace`` and subclasses cannot make one; a copy or an unpickled one was
    certified anew. Python has no walls: code that reaches for private names or ``object.__new__``
    can forge one in its own process, and is found out by ``lemmata check`` in another.
    """

    statement: Statement
    derivation: Derivation
    axioms: tuple[str, ...]
    lemmas: tuple[str, ...]
    cited: tuple[Theorem, ...] = field(repr=False, compare=False)
    theory: Theory = field(repr=False, compare=False)
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _need(seal is _SEAL and type(self) is Theorem, "a theorem is made by certify alone")

    def __reduce__(self) -> tuple[object, ...]:
        lemmas = {theorem.name: theorem for theorem in self.cited}
        return certify, (self.theory, lemmas, self.statement, self.derivation)

    @property
    def name(self) -> str:
        """The name of the statement."""
        return self.statement.name


def certify(
    theory: Theory, theorems: Mapping[str, Theorem], statement: Statement, derivation: Derivation
) -> Theorem:
    """The theorem that the derivation proves; ``CheckError`` says which step fails and why.

    ``theorems`` are the lemmas that may be cited, certified before against the same theory.
    """
    book = _Book(theory, theorems, statement.name)
    _need(statement.name not in book.axioms, f"'{statement.name}' is the name of an axiom")
    scope = _Scope(book, {}, {}, {})
    try:
        for clause in statement.clauses:
            theory.signature.check_clause(clause, {})
        scope.check(derivation.steps)
        shown = tuple(scope.cite(number) for number in derivation.results)
    except RecursionError:
        raise CheckError("terms or subproofs are nested too deeply") from None
    _need(shown == statement.clauses, "the derivation shows something else than the statement says")
    if book.unused:
        raise CheckError("nothing uses this step", step=min(book.unused))
    lemmas = tuple(sorted(book.laws - book.axioms.keys()))
    cited = tuple(theorems[name] for name in lemmas)
    axioms = (book.laws & book.axioms.keys()).union(*(lemma.axioms for lemma in cited))
    return Theorem(statement, derivation, tuple(sorted(axioms)), lemmas, cited, theory, _SEAL)


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise CheckError(reason)


class _Book:
    """What holds for the whole derivation: the laws there are, those used, steps not yet used."""

    def __init__(self, theory: Theory, theorems: Mapping[str, Theorem], goal: str) -> None:
        self.theory, self.theorems, self.goal = theory, theorems, goal
        self.signature = theory.signature
        self.axioms = {axiom.name: axiom.clauses for axiom in theory.axioms}
        self.laws: set[str] = set()
        self.unused: set[int] = set()
        self.last = 0

    def law(self, law: Law) -> Clause:
        if law.name in self.axioms:
            clauses = self.axioms[law.name]
        else:
            lemma = self.theorems.get(law.name) if law.name != self.goal else None
            if type(lemma) is not Theorem or lemma.name != law.name:
                raise CheckError(f"'{law.name}' is neither an axiom nor a theorem proved before")
            here, there = self.theory, lemma.theory
            same = (here.signature, here.axioms) == (there.signature, there.axioms)
            _need(same, f"'{law.name}' is a theorem of another theory")
            clauses = lemma.statement.clauses
        _need(0 <= law.clause < len(clauses), f"'{law.name}' has no clause {law.clause}")
        self.laws.add(law.name)
        return clauses[law.clause]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What may be cited and mentioned at one place: clauses by number, and back; constants."""

    book: _Book
    clauses: dict[int, Clause]
    numbers: dict[Clause, int]
    constants: dict[str, str]

    def check(self, steps: tuple[rules.Step, ...]) -> None:
        for step in steps:
            try:
                if not isinstance(step.rule, rules.Open):
                    self.book.signature.check_clause(step.conclusion, self.constants)
                shown = self.shown(step.rule, step.conclusion)
                _need(shown == step.conclusion, "the rule gives something else than it concludes")
                if step.conclusion in self.numbers:
                    raise CheckError(f"step {self.numbers[step.conclusion]} shows this already")
                self.enter(step.number, step.conclusion)
            except CheckError as error:
                at = step.number if error.step is None else error.step
                raise CheckError(error.reason, step=at) from None
            self.book.unused.add(step.number)

    def enter(self, number: int, clause: Clause) -> None:
        self.book.last += 1
        _need(number == self.book.last, f"number {number} stands where {self.book.last} is due")
        # A hypothesis that repeats what is known is cited by the number that was there first.
        if self.numbers.setdefault(clause, number) == number:
            self.clauses[number] = clause

    def cite(self, number: int) -> Clause:
        _need(number in self.clauses, f"cites {number}, which is not an earlier step in scope")
        self.book.unused.discard(number)
        return self.clauses[number]

    def run(self, proof: Subproof, places: _Vars, assumed: list[Clause], goal: Clause) -> None:
        """Checks that the subproof shows the goal (or a contradiction) from what is assumed."""
        inner = _Scope(self.book, dict(self.clauses), dict(self.numbers), dict(self.constants))
        inner.introduce(proof.constants, places)
        given = [clause for _, clause in proof.hypotheses]
        _need(given == assumed, "the hypotheses of a subproof are not those its rule allows")
        for number, clause in proof.hypotheses:
            self.book.signature.check_clause(clause, inner.constants)
            inner.enter(number, clause)
        inner.check(proof.steps)
        same = inner.cite(proof.result) == (FALSUM if FALSUM in inner.numbers else goal)
        _need(same, "a subproof shows something else than its rule needs")

    def introduce(self, new: tuple[App, ...], places: _Vars) -> None:
        _expect_sorts(new, places)
        for name, constant in ((constant.symbol, constant) for constant in new):
            known = name in self.constants or name in self.book.signature.function
            _need(not known and not constant.args, f"'{name}' is not a new constant")
            self.constants[name] = constant.sort

    def shown(self, rule: rules.Rule, goal: Clause) -> Clause:
        """What the rule gives; rules that can show many things look at the goal."""
        match rule:
            case rules.Instance(source, terms, premises):
                clause = self.book.law(source) if isinstance(source, Law) else self.cite(source)
                there = clause.at(self.bind(clause.variables, terms))
                self.expect_facts(premises, there.premises)
                return there.head
            case rules.Reflexivity():
                left, right = goal.sides
                _need(left == right, "the two sides differ")
            case rules.Chain(links):
                sides = [self.link(link) for link in links]
                terms = (*(left for left, _ in sides[:1]), *(right for _, right in sides))
                meet = len(terms) > 1 and all(sides[i][0] == terms[i] for i in range(len(sides)))
                _need(meet, "the links of the chain do not meet")
                _need(len(set(terms)) == len(terms), "the chain comes back to a term")
                return Literal(Equal(terms[0], terms[-1])).fact  # pyright: ignore
            case rules.Congruence(links):
                left, _ = goal.sides
                moved = App(left.symbol, self.move(left.args, links), left.sort)
                return Literal(Equal(left, moved)).fact
            case rules.Transport(number, links):
                literal = self.literal(number)
                equation = literal.positive and isinstance(literal.atom, Equal)
                _need(not equation, "an equation is moved by a chain, not by transport")
                terms = self.move(atom_terms(literal.atom), links)
                return Literal(with_terms(literal.atom, terms), literal.positive).fact
            case rules.Clash(positive, negative):
                fact, denial = self.literal(positive), self.literal(negative)
                _need(fact.positive and fact.negated() == denial, "these two do not contradict")
                return FALSUM
            case rules.Open(number, constants):
                chosen = self.only_case(number)
                self.introduce(constants, chosen.exists)
                return Clause((), (), (Case((), chosen.opened(constants)),))
            case rules.Part(number, index):
                chosen = self.only_case(number)
                there_is = not chosen.exists and 0 <= index < len(chosen.literals)
                _need(there_is, f"step {number} has no part {index}")
                return chosen.literals[index].fact
            case rules.Present(index, terms, facts):
                _need(goal.is_head and 0 <= index < len(goal.cases), f"there is no case {index}")
                self.bind(goal.cases[index].exists, terms)
                self.expect_facts(facts, goal.cases[index].opened(terms))
            case rules.Cases(number, branches):
                head = self.cite(number)
                _need(goal.is_head and head.is_head, "a case distinction needs closed heads")
                _need(len(branches) == len(head.cases), "each case needs one branch")
                for branch, chosen in zip(branches, head.cases, strict=True):
                    names = dict(zip(chosen.exists, branch.constants, strict=False))
                    assumed = [literal.at(names).fact for literal in chosen.literals]
                    self.run(branch, chosen.exists, assumed, goal)
            case rules.Refutation(subproof):
                _need(goal.is_fact, "only a literal is shown by contradiction")
                self.run(subproof, (), [goal.literal.negated().fact], FALSUM)
            case rules.Excluded(atom):
                either = (Case((), (Literal(atom),)), Case((), (Literal(atom, False),)))
                return Clause((), (), either)
            case rules.Introduction(subproof):
                there = goal.at(dict(zip(goal.variables, subproof.constants, strict=False)))
                assumed = [premise.fact for premise in there.premises]
                self.run(subproof, goal.variables, assumed, there.head)
            case rules.Induction(variable, branches):
                self.induction(goal, variable, branches)
            case _:
                assert_never(rule)
        return goal

    def induction(self, goal: Clause, variable: str, branches: tuple[Subproof, ...]) -> None:
        signature = self.book.signature
        on = next((var for var in goal.variables if var.name == variable), None)
        if on is None or not signature.sort[on.sort].is_inductive:
            raise CheckError(f"'{variable}' is not a variable of an inductive sort")
        others = tuple(var for var in goal.variables if var != on)
        constructors = signature.sort[on.sort].constructors
        _need(len(branches) == len(constructors), "each constructor needs one branch")
        for branch, name in zip(branches, constructors, strict=True):
            sorts = signature.function[name].arguments
            args, rest = branch.constants[: len(sorts)], branch.constants[len(sorts) :]
            built = {on: App(name, args, on.sort), **dict(zip(others, rest, strict=False))}
            there = goal.at(built)
            assumed = [goal.at({on: arg}) for arg in args if arg.sort == on.sort]
            assumed += [premise.fact for premise in there.premises]
            places = (*(Var("", sort) for sort in sorts), *others)
            self.run(branch, places, assumed, there.head)

    def bind(self, variables: _Vars, terms: _Terms) -> dict[Var, Term]:
        for term in terms:
            self.book.signature.check_term(term, (), self.constants)
        _expect_sorts(terms, variables)
        return dict(zip(variables, terms, strict=True))

    def expect_facts(self, numbers: tuple[int, ...], needed: tuple[Literal, ...]) -> None:
        same = [self.cite(number) for number in numbers] == [part.fact for part in needed]
        _need(same, "the cited steps are not the facts that are needed")

    def literal(self, number: int) -> Literal:
        clause = self.cite(number)
        _need(clause.is_fact, f"step {number} is not a fact")
        return clause.literal

    def link(self, link: Link) -> tuple[Term, Term]:
        left, right = self.cite(link.step).sides
        twin = None if link.forward else self.numbers.get(Literal(Equal(right, left)).fact)
        _need(twin is None, f"step {twin} says what {link.step} says when turned round")
        return (left, right) if link.forward else (right, left)

    def move(self, terms: _Terms, links: tuple[Link | None, ...]) -> _Terms:
        _need(len(terms) == len(links) and any(links), "each argument needs its link or None")
        moved = list(terms)
        for place, link in enumerate(links):
            if link is not None:
                start, moved[place] = self.link(link)
                useful = start == terms[place] != moved[place]
                _need(useful, "a link does not lead from the argument it replaces to another")
        return tuple(moved)

    def only_case(self, number: int) -> Case:
        clause = self.cite(number)
        _need(clause.is_head and len(clause.cases) == 1, f"step {number} is not just one case")
        return clause.cases[0]


def _expect_sorts(terms: _Terms, variables: _Vars) -> None:
    same = [term.sort for term in terms] == [var.sort for var in variables]
    _need(same, "the terms given have the wrong number or sorts")
