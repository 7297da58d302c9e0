"""Which axioms of a theory run, and as rules of which symbol."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lemmata.engine.clause import Equal, Holds, Literal
from lemmata.engine.formula import And, Forall, Formula, Iff, Implies, Not, Truth
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var, size, subterms, variables
from lemmata.engine.theory import Statement, Theory

from .decision import Compiler, sides
from .program import Program, Routine, Rule, is_numeral, native_operations
from .replacement import calls_of


def read_program(theory: Theory) -> Program:
    """The program that the axioms of a theory are."""
    return Reading(theory).program()


class Reading:
    """Collects the rules of each symbol and what is left."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self.signature = theory.signature
        self.constructors = theory.signature.constructors
        self.native = native_operations(theory.signature)
        self.rules: dict[str, list[Rule]] = {}
        self.assumptions: list[Statement] = []
        self.checks: list[Statement] = []

    def program(self) -> Program:
        for statement in self.theory.axioms:
            if statement.kind == "constructor":
                continue
            found = list(self.read(statement))
            if not found or not all(found):
                self.assumptions.append(statement)
                continue
            overlaps = False
            for symbol, rule in filter(None, found):
                rules = self.rules.setdefault(symbol, [])
                overlaps |= any(_overlap(rule, old) for old in rules)
                rules.append(rule)
            if overlaps and statement.kind != "definition":
                self.checks.append(statement)
        routines = {
            name: Routine(name, self.parameters(name), tree, self.result(name))
            for name, rules in self.rules.items()
            if (
                tree := Compiler(self.signature, self.is_pattern).routine(
                    self.parameters(name), rules
                )
            )
            is not None
        }
        symbols = {f.name for f in self.signature.functions}
        symbols |= {p.name for p in self.signature.predicates}
        is_open = symbols - self.constructors - set(routines) - self.native
        return Program(
            self.signature,
            routines,
            frozenset(name for name in is_open if not self.is_numeral(name)),
            tuple(self.assumptions),
            tuple(self.checks),
            self.native,
        )

    def is_numeral(self, name: str) -> bool:
        function = self.signature.function.get(name)
        return function is not None and is_numeral(name, function.result, self.signature)

    def arguments(self, name: str) -> tuple[str, ...]:
        if name in self.signature.function:
            return self.signature.function[name].arguments
        return self.signature.predicate[name].arguments

    def result(self, name: str) -> str:
        """The sort of the value; the empty name stands for truth values."""
        function = self.signature.function.get(name)
        return function.result if function is not None else ""

    def parameters(self, name: str) -> tuple[Var, ...]:
        return tuple(Var(f"#{i}", sort) for i, sort in enumerate(self.arguments(name)))

    # Which axioms are rules

    def read(self, statement: Statement) -> Iterator[tuple[str, Rule] | None]:
        """The rules of a statement; None for a part that is not a rule."""
        for part in _conjuncts(statement.formula):
            premises: list[Literal] | None = []
            body = part
            while isinstance(body, Implies | Forall):
                if isinstance(body, Forall):
                    body = body.body
                    continue
                found = _literals(body.left)
                premises = None if premises is None or found is None else premises + found
                body = body.right
            if premises is None:
                yield None
            else:
                yield self.rule(tuple(premises), body, statement.kind == "definition")

    def rule(
        self, premises: tuple[Literal, ...], body: Formula, trusted: bool
    ) -> tuple[str, Rule] | None:
        match body:
            case Iff(Equal(App() as left, App("true", ())), meaning) if trusted:
                return self.formed(left.symbol, left.args, premises, meaning, trusted)
            case Iff(Holds(name, args), meaning):
                return self.formed(name, args, premises, meaning, trusted)
            case Holds(name, args):
                return self.formed(name, args, premises, Truth(True), trusted)
            case Not(Holds(name, args)):
                return self.formed(name, args, premises, Truth(False), trusted)
            case Equal(left, right):
                for one, two in ((left, right), (right, left)):
                    if isinstance(one, App):
                        found = self.formed(one.symbol, one.args, premises, two, trusted)
                        if found is not None:
                            return found
                return None
            case _:
                return None

    def formed(
        self,
        symbol: str,
        patterns: tuple[Term, ...],
        premises: tuple[Literal, ...],
        value: Term | Formula,
        trusted: bool,
    ) -> tuple[str, Rule] | None:
        if symbol in self.constructors or symbol in self.native or self.is_numeral(symbol):
            return None
        if not all(self.is_pattern(pattern) for pattern in patterns):
            return None
        bound = {var for pattern in patterns for var in variables(pattern)}
        for premise in premises:
            bound |= self.binds(premise, bound)
        if not set(_free(value)) <= bound:
            return None
        if any(not set(free_variables(premise.atom)) <= bound for premise in premises):
            return None
        rule = Rule(patterns, premises, value)
        if not trusted and not (_is_linear(patterns) and _decreases(symbol, rule)):
            return None
        return symbol, rule

    def is_pattern(self, term: Term) -> bool:
        return isinstance(term, Var) or (
            (term.symbol in self.constructors or self.is_numeral(term.symbol))
            and all(self.is_pattern(arg) for arg in term.args)
        )

    def binds(self, premise: Literal, bound: set[Var]) -> set[Var]:
        """The variables that a premise ``t = pattern`` gives a value."""
        if not premise.positive or not isinstance(premise.atom, Equal):
            return set()
        for term, pattern in sides(premise.atom):
            if set(variables(term)) <= bound and self.is_pattern(pattern):
                return set(variables(pattern))
        return set()


def _conjuncts(formula: Formula) -> Iterator[Formula]:
    match formula:
        case And(left, right):
            yield from _conjuncts(left)
            yield from _conjuncts(right)
        case Forall(_, body):
            yield from _conjuncts(body)
        case _:
            yield formula


def _literals(formula: Formula) -> list[Literal] | None:
    """A conjunction of literals; None if the formula is something else."""
    match formula:
        case Equal() | Holds():
            return [Literal(formula)]
        case Not(Equal() | Holds() as atom):
            return [Literal(atom, False)]
        case And(left, right):
            one, two = _literals(left), _literals(right)
            return None if one is None or two is None else one + two
        case _:
            return None


def _free(value: Term | Formula) -> Iterator[Var]:
    if isinstance(value, Var | App):
        yield from variables(value)
    else:
        yield from free_variables(value)


def _decreases(symbol: str, rule: Rule) -> bool:
    """Whether every recursive call has an argument that is part of its pattern, or smaller.

    As ``pos(n)`` is smaller than ``pos(s(n))``: of fewer symbols, whatever stands for ``n``.
    """
    parts: list[Term | Formula] = [rule.value, *(premise.atom for premise in rule.premises)]
    calls = [call for part in parts for call in calls_of(symbol, part)]
    return all(
        any(
            arg != pattern and (arg in subterms(pattern) or _is_smaller(arg, pattern))
            for arg, pattern in zip(call, rule.patterns, strict=True)
        )
        for call in calls
    )


def _is_smaller(term: Term, pattern: Term) -> bool:
    """Whether a term of a pattern's constructors has fewer symbols, whatever stands for variables."""
    known = {part.symbol for part in subterms(pattern) if isinstance(part, App)}
    made = {part.symbol for part in subterms(term) if isinstance(part, App)}
    more = Counter(variables(term)) - Counter(variables(pattern))
    return made <= known and not more and size(term) < size(pattern)


def _is_linear(patterns: tuple[Term, ...]) -> bool:
    """Whether no variable occurs twice."""
    found = [part for pattern in patterns for part in subterms(pattern) if isinstance(part, Var)]
    return len(found) == len(set(found))


def _overlap(one: Rule, two: Rule) -> bool:
    """Whether two rules may apply to the same arguments."""
    if any(premise.negated() in two.premises for premise in one.premises):
        return False
    return all(_meet(*pair) for pair in zip(one.patterns, two.patterns, strict=True))


def _meet(one: Term, two: Term) -> bool:
    if isinstance(one, Var) or isinstance(two, Var):
        return True
    return one.symbol == two.symbol and all(map(_meet, one.args, two.args))
