"""A file in one of the two surfaces: the readable layer, or core MPL as far as it reaches.

A statement that is in the surface already keeps its text; another is written from its formula.
What core cannot say (declarations, truth values, names with its special characters, very large
terms) stays readable: one file may mix both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from lemmata.engine.errors import LemmataError
from lemmata.engine.formula import Formula, Holds, Iff
from lemmata.engine.lowering import free_variables
from lemmata.engine.notation import Notation, is_symbolic
from lemmata.engine.term import Var
from lemmata.engine.theory import Theory

from . import syntax
from .diagnostics import Problems, Source
from .encoding import Encoding, Unwritable
from .load import parse_formula
from .parser import Document, parse_expression
from .printer import expression_text
from .sorts import BASE
from .syntax import CoreAtom, Expression, Group, Name

Surface = Literal["readable", "core"]


def in_surface(document: Document, theory: Theory, surface: Surface) -> Document:
    """The document with every statement in the surface; it must be a file of that theory."""
    conversion = _Conversion(document.source, theory)
    convert = conversion.readable if surface == "readable" else conversion.core
    statements = tuple(replace(one, content=convert(one)) for one in document.statements)
    return replace(document, statements=statements)


class _Conversion:
    def __init__(self, source: Source, theory: Theory) -> None:
        self.source, self.theory = source, theory
        self.notation = Notation.of(theory)
        sorts = theory.signature.sorts
        self.sorts = {sort.name for sort in sorts if not _is_type(sort.name)}

    def formula(self, name: str) -> Formula | None:
        """The formula of the statement of that name."""
        statement = self.theory.statements.get(name)
        return None if statement is None else statement.formula

    def label(self, statement: syntax.Statement, claim: syntax.Claim) -> str:
        if claim.label is not None:
            return claim.label.text
        return f"line{self.source.span(statement.start, statement.end).line}"

    # To the readable layer

    def readable(self, statement: syntax.Statement) -> syntax.Declaration:
        match statement.content:
            case syntax.Claim(kind, _, body) as claim if syntax.is_core(body):
                label = self.label(statement, claim)
                formula = self.formula(label)
                if formula is None:
                    return claim
                return syntax.Claim(kind, Name(label), self.read(formula))
            case syntax.Definition(symbol, body=body, is_function=False) as definition if (
                syntax.is_core(body)
            ):
                match self.formula(symbol.text):
                    case Iff(_, meant):
                        return replace(definition, body=self.read(meant))
                    case _:
                        return definition
            case syntax.CoreDefinition(CoreAtom(name)) as core:
                return self.readable_definition(name, core)
            case content:
                return content

    def readable_definition(self, name: Name, core: syntax.CoreDefinition) -> syntax.Declaration:
        """A definition over sets and functions stays as it is where it is there to be unfolded."""
        match self.formula(name.text):
            case Iff(Holds(_, args), body):
                variables = [arg for arg in args if isinstance(arg, Var)]
                if self.sorts and any(_is_type(var.sort) for var in variables):
                    return core
                is_told = self.sorts == {var.sort for var in variables} and len(self.sorts) == 1
                parameters = tuple(
                    syntax.Parameter(Name(var.name), None if is_told else Name(var.sort))
                    for var in variables
                )
                is_infix = is_symbolic(name.text) and len(variables) == 2
                form: syntax.HeadForm = "infix" if is_infix else "call" if variables else "plain"
                return syntax.Definition(name, form, parameters, None, self.read(body), False)
            case _:
                return core

    def read(self, formula: Formula) -> Expression:
        """The syntax of a formula in the readable layer."""
        problems = Problems()
        text = self.notation.formula(formula)
        expression = parse_expression(Source("<text>", text), problems)
        problems.raise_any()
        if expression is None:
            raise AssertionError(f"a formula was printed that cannot be read: {text}")
        return expression

    # To core

    def core(self, statement: syntax.Statement) -> syntax.Declaration:
        match statement.content:
            case syntax.Claim(_, _, body) as claim if not _is_all_core(body):
                formula = self.formula(self.label(statement, claim))
                encoded = None if formula is None else self.encode(formula)
                return claim if encoded is None else replace(claim, body=encoded)
            case syntax.Definition(symbol, form, _, None, is_function=False) as definition if (
                form != "infix" or is_symbolic(symbol.text)
            ):
                return self.core_definition(symbol, definition)
            case content:
                return content

    def core_definition(self, symbol: Name, definition: syntax.Definition) -> syntax.Declaration:
        match self.formula(symbol.text):
            case Iff(Holds(_, args), body):
                variables = [arg for arg in args if isinstance(arg, Var)]
                is_told = set(variables) <= set(free_variables(body)) or len(self.sorts) == 1
                encoded = self.encode(body) if is_told else None
                head = CoreAtom(symbol, tuple(Name(var.name) for var in variables))
                names = [symbol.text, *(var.name for var in variables)]
                if encoded is None or not all(map(Encoding.is_writable, names)):
                    return definition
                return syntax.CoreDefinition(head, encoded)
            case _:
                return definition

    def encode(self, formula: Formula) -> Group | None:
        """A core expression that is read as just this formula, with as few guards as will do."""
        for guards, guard_free in ((False, False), (True, False), (True, True)):
            try:
                encoding = Encoding(self.sorts, guards)
                encoded = encoding.statement(formula, guard_free)
                if parse_formula(self.theory, expression_text(encoded)) == formula:
                    return encoded
            except (LemmataError, Unwritable):
                continue
        return None


def _is_type(sort: str) -> bool:
    return sort == BASE or sort.startswith("P(")


def _is_all_core(body: Expression) -> bool:
    """Whether an expression has no part of the readable layer in it."""
    return isinstance(body, Group) and all(
        isinstance(part, Group | CoreAtom | syntax.CoreAnd | syntax.CoreForall)
        for part in syntax.walk(body)
    )
