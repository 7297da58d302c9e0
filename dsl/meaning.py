"""What an expression means: names are looked up, sorts inferred, and a formula is built.

Each statement has a ``Meaning`` of its own. Formulas are built with placeholders for sorts, which
``finish`` replaces once all of the statement has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import TypeAlias, assert_never

from lemmata.engine.formula import (
    And,
    Equal,
    Exists,
    Forall,
    Formula,
    Holds,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
)
from lemmata.engine.term import App, Term, Var
from lemmata.engine.term import variables as term_variables

from . import expression as core
from . import syntax
from .diagnostics import Problems, Source, did_you_mean
from .operators import EQUALITIES, Arrangement
from .sorts import Inference, Type
from .syntax import Expression, Name, Number
from .vocabulary import MEMBERSHIP, Alias, Vocabulary

MOST_NUMERAL = 10_000
"""The largest numeral that can be written; it stands for as many successors."""

NUMERAL = "\0"
"""Marks a numeral whose sort is not known yet."""


Scope: TypeAlias = Mapping[str, Term | Alias]
"""What the names that are bound at some place stand for."""


class Meaning:
    """Reads the expressions of one statement; errors are noted, and ``has_failed`` is set.

    ``ensure`` is called with a defined name before it is used, so that its sorts are known.
    ``holes`` are terms to put for the constants at some places, given by file and offset.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        source: Source,
        problems: Problems,
        ensure: Callable[[str], None],
        inference: Inference | None = None,
    ) -> None:
        self.vocabulary, self.source, self.problems = vocabulary, source, problems
        self.ensure = ensure
        self.sorts = inference or Inference()
        self.free: dict[str, Var] = {}
        self.places: dict[Var, tuple[Source, Name]] = {}
        self.used: set[str] = set()
        self.has_failed = False
        self.has_mismatch = False
        self.holes: dict[tuple[str, int], App] = {}
        self.filled: set[int] = set()

    # Errors

    def fail(
        self,
        at: Expression,
        message: str,
        *,
        expected: str = "",
        found: str = "",
        hint: str = "",
    ) -> None:
        """Note an error at an expression; the statement will be left out."""
        self.has_failed = True
        end = min(at.end, at.start + 200)
        self.problems.add(
            self.source, at.start, end, message, expected=expected, found=found, hint=hint
        )

    def nothing(self) -> Term:
        """A term in place of one that could not be read."""
        self.has_failed = True
        return Var("?", self.sorts.fresh())

    def text(self, at: Expression) -> str:
        """The source of an expression, cut where it is long."""
        text = " ".join(self.source.text[at.start : min(at.end, at.start + 60)].split())
        return text if at.end - at.start <= 60 else text + "…"

    def unknown(self, name: Name, kind: str, known: list[str], declare: str) -> None:
        """Note an undeclared name, unless an error elsewhere explains it."""
        self.has_failed = True
        if name.text in self.vocabulary.broken or self.vocabulary.is_partial:
            return
        found = self.vocabulary.describe(name.text)
        hint = did_you_mean(name.text, known) or f"declare it: {declare}"
        message = f"unknown {kind} '{name.text}'"
        if self.vocabulary.is_declared(name.text):
            message = f"'{name.text}' is not a {kind}"
        self.fail(name, message, expected=f"a declared {kind}", found=found, hint=hint)

    def expect(self, term: Term, sort: Type, at: Expression, why: str) -> None:
        """Make a term's sort agree with what its place needs."""
        if term.sort == sort or self.sorts.unify(term.sort, sort) or self.has_mismatch:
            return
        self.has_mismatch = True
        self.fail(
            at,
            f"sorts do not agree: {why}",
            expected=f"a term of sort {self.sorts.show(sort)}",
            found=f"'{self.text(at)}' of sort {self.sorts.show(term.sort)}",
        )

    def stray(self, name: Name, parameters: list[str]) -> None:
        """Note a name in a definition that is neither a parameter nor bound nor declared."""
        self.fail(
            name,
            f"'{name.text}' is not a parameter of the definition",
            expected="a parameter, a bound variable or a declared name",
            hint=did_you_mean(name.text, parameters) or "bind it, or add it to the parameters",
        )

    # Terms

    def term(self, at: Expression, scope: Scope) -> Term:
        """The term that an expression stands for."""
        match at:
            case Name():
                return self.name(at, scope)
            case Number(text, start, end):
                if text in self.vocabulary.places:
                    return self.name(Name(text, start, end), {})  # a variable would be quoted
                return self.numeral(at)
            case syntax.Group(marks, body) if not any(marks):
                return self.term(body, scope)
            case syntax.Chain() | syntax.Operator():
                arranged = self.arrange(at)
                return self.nothing() if arranged is None else self.term(arranged, scope)
            case syntax.Call(head, args) if head.text not in EQUALITIES:
                return self.application(at, head, args, scope)
            case _:
                self.fail(
                    at,
                    "a formula stands where a term is needed",
                    expected="a term",
                    found=f"'{self.text(at)}'",
                )
                return self.nothing()

    def arrange(self, at: syntax.Chain | syntax.Operator) -> Expression | None:
        """A row of operands and operators as calls; None, and noted, where that fails."""
        chain = at if isinstance(at, syntax.Chain) else syntax.Chain((at,), at.start, at.end)
        arranged = Arrangement(self.vocabulary, self.source, self.problems).arrange(chain)
        if arranged is None:
            self.has_failed = True
            for part in syntax.walk(at):  # what cannot be ordered can still be looked up
                if isinstance(part, syntax.Call) and not self.is_known(part.head):
                    self.unknown(part.head, "function or predicate", self.callable(), "op or pred")
        return arranged

    def is_known(self, head: Name) -> bool:
        known = self.vocabulary
        return known.is_declared(head.text) or MEMBERSHIP.fullmatch(head.text) is not None

    def callable(self) -> list[str]:
        """The functions and predicates that take arguments."""
        functions = [one.name for one in self.vocabulary.functions.values() if one.arguments]
        return functions + list(self.vocabulary.predicates)

    def name(self, at: Name, scope: Scope) -> Term:
        """A bound variable, a constant, or else a variable that is quantified at the outside."""
        bound = scope.get(at.text)
        if isinstance(bound, Var | App):
            return bound
        text = at.text if bound is None else bound.name
        self.ensure(text)
        if text in self.vocabulary.broken:
            return self.nothing()
        function = self.vocabulary.functions.get(text)
        if function is not None and not function.arguments:
            return self.hole(at) or App(text, (), function.result)
        if self.vocabulary.is_declared(text):
            found = self.vocabulary.describe(text)
            self.fail(at, f"{found} stands where a term is needed", expected="a term", found=found)
            return self.nothing()
        if text not in self.free:
            self.free[text] = self.variable(at)
        return self.free[text]

    def hole(self, at: Name | Number) -> App | None:
        """What ``holes`` has for the constant or numeral at a place; ``filled`` notes it."""
        if not self.holes:
            return None
        found = self.holes.get((self.source.path, at.start))
        if found is not None:
            self.filled.add(at.start)
        return found

    def variable(self, name: Name, sort: Name | None = None, taken: Set[str] = frozenset()) -> Var:
        """A new variable, of a given sort or of one to be inferred."""
        text = name.text
        while text in taken:
            text += "'"
        var = Var(text, self.sorts.fresh())
        self.places[var] = (self.source, name)
        if sort is not None:
            type_ = self.vocabulary.type_of(self.source, sort, self.problems)
            if type_ is None:
                self.has_failed = True
            else:
                self.sorts.unify(var.sort, type_)
        return var

    def numeral(self, at: Number) -> Term:
        """A placeholder for so many successors of zero."""
        systems = self.vocabulary.numerals()
        if len(at.text) > 9 or int(at.text) > MOST_NUMERAL:
            self.fail(
                at,
                "this numeral is too large",
                expected=f"at most {MOST_NUMERAL}: a numeral stands for as many successors",
                found=self.text(at),
            )
            return self.nothing()
        if not systems:
            self.has_failed = True
            if not (self.problems.errors or self.vocabulary.is_partial):
                self.fail(
                    at,
                    f"'{at.text}' is not declared, and no sort has numerals",
                    expected="a sort with a zero and a successor",
                    hint="declare it: const " + at.text + " : …, or sort N = 0 | s(N)",
                )
            return self.nothing()
        if hole := self.hole(at):
            return hole
        sort = next(iter(systems)) if len(systems) == 1 else self.sorts.fresh()
        numeral = App(f"{NUMERAL}{int(at.text)}", (), sort)
        if len(systems) > 1:
            self.places[Var(f"{NUMERAL}{at.text}", sort)] = (
                self.source,
                Name(at.text, at.start, at.end),
            )
        return numeral

    def application(
        self, at: Expression, head: Name, args: tuple[Expression, ...], scope: Scope
    ) -> Term:
        """A declared function applied to terms."""
        self.ensure(head.text)
        function = self.vocabulary.functions.get(head.text)
        if function is None or head.text in self.vocabulary.broken:
            if head.text in self.vocabulary.predicates:
                self.fail(
                    at,
                    "a formula stands where a term is needed",
                    expected="a term",
                    found=f"'{self.text(at)}'",
                )
            else:
                known = [one.name for one in self.vocabulary.functions.values() if one.arguments]
                self.unknown(head, "function", known, f"op {head.text} : …")
            for arg in args:
                self.term(arg, scope)
            return self.nothing()
        if not self.has_arity(head, function.arguments, args):
            return self.nothing()
        terms = self.arguments(head.text, function.arguments, args, scope)
        return App(head.text, terms, function.result)

    def has_arity(self, head: Name, wanted: tuple[str, ...], args: tuple[Expression, ...]) -> bool:
        if len(wanted) == len(args):
            return True
        needs = f"{len(wanted)} argument{'' if len(wanted) == 1 else 's'}"
        self.fail(
            head,
            f"'{head.text}' takes {needs}",
            expected=f"{head.text}({', '.join(wanted)})" if wanted else head.text,
            found=f"{len(args)} argument{'' if len(args) == 1 else 's'}",
        )
        return False

    def arguments(
        self,
        head: str,
        wanted: tuple[str, ...],
        args: tuple[Expression, ...],
        scope: Scope,
    ) -> tuple[Term, ...]:
        terms = tuple(self.term(arg, scope) for arg in args)
        for position, (term, sort, arg) in enumerate(zip(terms, wanted, args, strict=True), 1):
            self.expect(term, sort, arg, f"argument {position} of '{head}'")
        return terms

    # Formulas

    def formula(self, at: Expression, scope: Scope) -> Formula:
        """The formula that an expression stands for."""
        match at:
            case syntax.Constant(value):
                return Truth(value)
            case syntax.Negation(body):
                return Not(self.formula(body, scope))
            case syntax.Junction(word, parts):
                join = And if word == "and" else Or
                joined = self.formula(parts[0], scope)
                for part in parts[1:]:
                    joined = join(joined, self.formula(part, scope))
                return joined
            case syntax.Implication(premises, conclusion):
                premise = self.formula(premises[0], scope)
                for other in premises[1:]:
                    premise = And(premise, self.formula(other, scope))
                return Implies(premise, self.formula(conclusion, scope))
            case syntax.Equivalence(left, right):
                return Iff(self.formula(left, scope), self.formula(right, scope))
            case syntax.Binder(word, bound, body):
                return self.binder(word, bound, body, scope)
            case syntax.Group() | syntax.CoreAtom() | syntax.CoreAnd() | syntax.CoreForall():
                return core.formula(self, at, scope)
            case syntax.Chain() | syntax.Operator():
                arranged = self.arrange(at)
                return Truth(True) if arranged is None else self.formula(arranged, scope)
            case syntax.Call(head, args):
                return self.atom(at, head, args, scope)
            case Name():
                return self.proposition(at, scope)
            case Number():
                return self.not_a_formula(at)
            case _:
                assert_never(at)

    def not_a_formula(self, at: Expression) -> Formula:
        self.fail(
            at,
            "a term stands where a formula is needed",
            expected="a formula, such as an equation",
            found=f"'{self.text(at)}'",
        )
        return Truth(True)

    def binder(
        self, word: str, bound: tuple[syntax.Parameter, ...], body: Expression, scope: Scope
    ) -> Formula:
        variables, inner = self.bind(bound, scope)
        inside = self.formula(body, inner)
        return (Forall if word == "forall" else Exists)(variables, inside)

    def bind(
        self, bound: tuple[syntax.Parameter, ...], scope: Scope
    ) -> tuple[tuple[Var, ...], Scope]:
        """Variables for what a binder binds, and the scope inside it.

        They get primes where a name in scope stands for a term that has their name.
        """
        taken = {
            var.name
            for name, value in scope.items()
            if isinstance(value, App) or (isinstance(value, Var) and value.name != name)
            for var in term_variables(value)
        }
        variables = self.parameters(bound, taken)
        names = (parameter.name.text for parameter in bound)
        return variables, {**scope, **dict(zip(names, variables, strict=True))}

    def parameters(
        self, bound: tuple[syntax.Parameter, ...], taken: Set[str] = frozenset()
    ) -> tuple[Var, ...]:
        """Variables for names; a name without a sort takes the next one that is written."""
        variables: list[Var] = []
        sort: Name | None = None
        for parameter in reversed(bound):
            sort = parameter.sort or sort
            variables.append(self.variable(parameter.name, sort, taken))
            if sum(one.name == parameter.name for one in bound) > 1 and not self.has_failed:
                self.fail(parameter.name, f"'{parameter.name.text}' is bound twice")
        return tuple(reversed(variables))

    def atom(
        self, at: Expression, head: Name, args: tuple[Expression, ...], scope: Scope
    ) -> Formula:
        """An equation, or a predicate applied to terms."""
        if head.text in EQUALITIES:
            left, right = (self.term(arg, scope) for arg in args)
            self.expect(right, left.sort, args[1], f"the two sides of '{head.text}'")
            return Equal(left, right) if head.text == "=" else Not(Equal(left, right))
        self.ensure(head.text)
        if head.text not in self.vocabulary.places and MEMBERSHIP.fullmatch(head.text):
            return core.membership(self, at, head, args, scope)
        predicate = self.vocabulary.predicates.get(head.text)
        if predicate is None or head.text in self.vocabulary.broken:
            if head.text in self.vocabulary.functions:
                self.term(at, scope)
                return Truth(True) if self.has_failed else self.not_a_formula(at)
            known = list(self.vocabulary.predicates)
            self.unknown(head, "predicate", known, f"pred {head.text} : …")
            for arg in args:
                self.term(arg, scope)
            return Truth(True)
        if not self.has_arity(head, predicate.arguments, args):
            return Truth(True)
        self.used.add(head.text)
        return Holds(head.text, self.arguments(head.text, predicate.arguments, args, scope))

    def proposition(self, at: Name, scope: Scope) -> Formula:
        """A predicate without arguments."""
        self.ensure(at.text)
        predicate = self.vocabulary.predicates.get(at.text)
        if at.text in scope or at.text in self.vocabulary.functions or at.text in self.free:
            return self.not_a_formula(at)
        if predicate is None or at.text in self.vocabulary.broken:
            known = list(self.vocabulary.predicates)
            self.unknown(at, "predicate", known, f"pred {at.text}")
        elif self.has_arity(at, predicate.arguments, ()):
            return Holds(at.text, ())
        return Truth(True)
