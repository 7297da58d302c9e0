"""Reading JSON values as terms, clauses and steps, strictly.

Whatever has another shape than ``encoding`` writes is refused with a ``SourceError`` that says
where in the document it stands. A symbol that is not known where it stands is a ``CheckError``:
the text is readable, the proof is not right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeVar

from . import derivation as rules
from .clause import Atom, Case, Clause, Equal, Holds, Literal
from .derivation import Law, Link, Rule, Step, Subproof
from .encoding import Json
from .errors import CheckError, SourceError
from .formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from .term import App, Term, Var
from .theory import Signature

_T = TypeVar("_T")

LARGEST = 10**6
"""No number of a step is larger."""

LONGEST = 10**5
"""No function is repeated more often in one term."""

_BINARY: Mapping[str, type[And | Or | Implies | Iff]] = {
    "and": And,
    "or": Or,
    "implies": Implies,
    "iff": Iff,
}

_SURROGATE = re.compile("[\ud800-\udfff]")


class Node:
    """A JSON value with its place in the document; each method asks for one shape."""

    __slots__ = ("file", "place", "value")

    def __init__(self, value: Json, place: str, file: str) -> None:
        self.value, self.place, self.file = value, place, file

    def refuse(self, expected: str) -> NoReturn:
        """Raises the error that something else was expected here."""
        shown = repr(self.value)
        found = shown if len(shown) <= 60 else f"{shown[:60]}…"
        message = f"not a proof file of this format, at {self.place or 'the top'}"
        raise SourceError(message, path=self.file, expected=expected, found=found)

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str) or _SURROGATE.search(self.value):
            self.refuse("a string of Unicode characters")
        return self.value

    def number(self, least: int = 0, most: int = LARGEST) -> int:
        """An integer within bounds."""
        value = self.value
        if type(value) is not int or not least <= value <= most:
            self.refuse(f"an integer from {least} to {most}")
        return value

    def items(self, count: int | None = None) -> list[Node]:
        """The items of an array, of a certain length if told."""
        if not isinstance(self.value, list) or count not in (None, len(self.value)):
            self.refuse("an array" if count is None else f"an array of {count}")
        return [
            Node(item, f"{self.place}[{index}]", self.file) for index, item in enumerate(self.value)
        ]

    def each(self, read: Callable[[Node], _T]) -> tuple[_T, ...]:
        """All items of an array, each read in one way."""
        return tuple(read(item) for item in self.items())

    def fields(self, *names: str) -> dict[str, Node]:
        """The members of an object that has exactly these names."""
        if not isinstance(self.value, dict) or self.value.keys() != set(names):
            self.refuse(f"an object with {', '.join(names) or 'no members'}")
        return {name: self.member(name) for name in names}

    def member(self, name: str) -> Node:
        """One member of an object."""
        if not isinstance(self.value, dict) or name not in self.value:
            self.refuse(f"an object with {name}")
        return Node(self.value[name], f"{self.place}.{name}" if self.place else name, self.file)


class Decoder:
    """Reads what stands at one place of a derivation, where ``constants`` have been introduced."""

    def __init__(self, signature: Signature, constants: Mapping[str, str] | None = None) -> None:
        self.signature = signature
        self.constants = dict(constants or {})

    # Terms and clauses

    def term(self, node: Node, bound: Mapping[str, Var]) -> Term:
        """A term; ``bound`` are the variables that may occur, by name."""
        value = node.value
        if isinstance(value, str) and value.startswith("?"):
            if value[1:] not in bound:
                raise CheckError(f"variable '{value[1:]}' is not bound")
            return bound[value[1:]]
        if isinstance(value, str):
            return App(value, (), self.sort_of(value))
        if isinstance(value, dict):
            members = node.fields("repeat", "function", "of")
            term, name = self.term(members["of"], bound), members["function"].text()
            for _ in range(members["repeat"].number(1, LONGEST)):
                term = App(name, (term,), self.sort_of(name))
            return term
        symbol, *args = node.items() or node.refuse("a term")
        name = symbol.text()
        if not args and not name.startswith("?"):
            node.refuse("a constant as a string")
        return App(name, tuple(self.term(arg, bound) for arg in args), self.sort_of(name))

    def sort_of(self, symbol: str) -> str:
        """The sort of a function's values or of a constant."""
        if symbol in self.constants:
            return self.constants[symbol]
        if symbol in self.signature.function:
            return self.signature.function[symbol].result
        raise CheckError(f"'{symbol}' is not known here")

    def closed(self, node: Node) -> Term:
        """A term without variables."""
        return self.term(node, {})

    def literal(self, node: Node, bound: Mapping[str, Var]) -> Literal:
        """A literal, as its sign, its predicate and its terms."""
        items = node.items()
        if len(items) < 2 or items[0].value not in ("+", "-"):
            node.refuse("a literal")
        name = items[1].text()
        args = tuple(self.term(arg, bound) for arg in items[2:])
        if name == "=" and len(args) != 2:
            node.refuse("an equation of two terms")
        atom: Atom = Equal(*args) if name == "=" else Holds(name, args)
        return Literal(atom, items[0].value == "+")

    def clause(self, node: Node) -> Clause:
        """A clause: a literal or an object."""
        if isinstance(node.value, list):
            return self.literal(node, {}).fact
        members = node.fields("variables", "premises", "cases")
        variables = members["variables"].each(variable)
        bound = {var.name: var for var in variables}
        premises = members["premises"].each(lambda premise: self.literal(premise, bound))

        def read_case(case: Node) -> Case:
            parts = case.fields("exists", "literals")
            exists = parts["exists"].each(variable)
            inside = {**bound, **{var.name: var for var in exists}}
            return Case(exists, parts["literals"].each(lambda part: self.literal(part, inside)))

        return Clause(variables, premises, members["cases"].each(read_case))

    def formula(self, node: Node, bound: Mapping[str, Var]) -> Formula:
        """A formula; ``bound`` are its free variables, by name."""
        if isinstance(node.value, bool):
            return Truth(node.value)
        items = node.items()
        match items[0].value if items else None:
            case "not":
                return Not(self.formula(node.items(2)[1], bound))
            case "and" | "or" | "implies" | "iff" as name:
                _, left, right = node.items(3)
                parts = self.formula(left, bound), self.formula(right, bound)
                return _BINARY[name](*parts)
            case "forall" | "exists" as name:
                _, names, body = node.items(3)
                variables = names.each(variable)
                inside = {**bound, **{var.name: var for var in variables}}
                quantified = self.formula(body, inside)
                return (Forall if name == "forall" else Exists)(variables, quantified)
            case _:
                literal = self.literal(node, bound)
                return literal.atom if literal.positive else node.refuse("a formula")

    # Steps

    def step(self, node: Node) -> Step:
        """A step; an ``open`` step introduces its constants from here on."""
        number = node.member("number").number(1)
        try:
            rule = self.rule(node)
            if isinstance(rule, rules.Open):
                self.constants.update({new.symbol: new.sort for new in rule.constants})
            return Step(number, self.clause(node.member("conclusion")), rule)
        except CheckError as error:
            at = number if error.step is None else error.step
            raise CheckError(error.reason, step=at) from None

    def rule(self, node: Node) -> Rule:
        """The rule of a step."""

        def take(*names: str) -> list[Node]:
            return list(node.fields("number", "conclusion", "rule", *names).values())[3:]

        match node.member("rule").value:
            case "instance":
                return self.instance(node, take)
            case "reflexivity":
                take()
                return rules.Reflexivity()
            case "chain":
                (links,) = take("links")
                return rules.Chain(links.each(_link))
            case "congruence":
                (links,) = take("links")
                return rules.Congruence(links.each(_place))
            case "transport":
                step, links = take("step", "links")
                return rules.Transport(step.number(1), links.each(_place))
            case "clash":
                positive, negative = take("positive", "negative")
                return rules.Clash(positive.number(1), negative.number(1))
            case "open":
                step, constants = take("step", "constants")
                return rules.Open(step.number(1), constants.each(_constant))
            case "part":
                step, index = take("step", "index")
                return rules.Part(step.number(1), index.number())
            case "present":
                index, terms, facts = take("case", "terms", "facts")
                return rules.Present(index.number(), terms.each(self.closed), facts.each(_step))
            case "cases":
                step, branches = take("step", "branches")
                return rules.Cases(step.number(1), branches.each(self.subproof))
            case "refutation":
                (subproof,) = take("subproof")
                return rules.Refutation(self.subproof(subproof))
            case "excluded":
                (atom,) = take("atom")
                literal = self.literal(atom, {})
                return rules.Excluded(literal.atom) if literal.positive else atom.refuse("an atom")
            case "introduction":
                (subproof,) = take("subproof")
                return rules.Introduction(self.subproof(subproof))
            case "induction":
                variable, branches = take("variable", "branches")
                return rules.Induction(variable.text(), branches.each(self.subproof))
            case _:
                return node.member("rule").refuse("the name of a rule")

    def instance(self, node: Node, take: Callable[..., list[Node]]) -> rules.Instance:
        """An instance of a law or of a clause in scope."""
        source: Law | int
        if isinstance(node.value, dict) and "law" in node.value:
            law, clause, terms, premises = take("law", "clause", "terms", "premises")
            source = Law(law.text(), clause.number())
        else:
            step, terms, premises = take("step", "terms", "premises")
            source = step.number(1)
        return rules.Instance(source, terms.each(self.closed), premises.each(_step))

    def subproof(self, node: Node) -> Subproof:
        """A subproof, with constants of its own."""
        members = node.fields("constants", "hypotheses", "steps", "result")
        constants = members["constants"].each(_constant)
        names = {constant.symbol: constant.sort for constant in constants}
        inner = Decoder(self.signature, {**self.constants, **names})

        def hypothesis(pair: Node) -> tuple[int, Clause]:
            number, clause = pair.items(2)
            return number.number(1), inner.clause(clause)

        hypotheses = members["hypotheses"].each(hypothesis)
        steps = members["steps"].each(inner.step)
        return Subproof(constants, hypotheses, steps, members["result"].number(1))


def variable(node: Node) -> Var:
    """A variable as a pair of name and sort."""
    name, sort = node.items(2)
    return Var(name.text(), sort.text())


def _constant(node: Node) -> App:
    name, sort = node.items(2)
    return App(name.text(), (), sort.text())


def _step(node: Node) -> int:
    return node.number(1)


def _link(node: Node) -> Link:
    number = node.number(-LARGEST)
    return Link(abs(number), number > 0) if number else node.refuse("a link")


def _place(node: Node) -> Link | None:
    return None if node.value is None else _link(node)
