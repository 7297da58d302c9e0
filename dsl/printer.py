"""Syntax trees as text; reading the text gives the same tree again."""

from __future__ import annotations

import re
from typing import assert_never

from lemmata.engine.errors import InternalError
from lemmata.engine.notation import is_symbolic, spelled

from . import syntax
from .parser import Document
from .syntax import Expression, Name

_LABEL = re.compile(r"[^\s:#,()\[\]\"`]+")


def document_text(document: Document) -> str:
    """All statements of a file with their comments, one a line."""
    lines: list[str] = []
    for statement in document.statements:
        lines += statement.before
        after = f"  {statement.after}" if statement.after else ""
        lines.append(declaration_text(statement.content) + after)
    lines += document.trailing
    while lines and not lines[0]:
        lines.pop(0)
    return "".join(f"{line}\n" for line in lines)


def declaration_text(content: syntax.Declaration) -> str:
    """One statement."""
    match content:
        case syntax.TheoryName(label):
            return f"theory {_label(label)}"
        case syntax.Use(file):
            return f'use "{file.text}"'
        case syntax.SortDeclaration(names):
            return f"sort {_names(names)}"
        case syntax.InductiveSort(name, constructors):
            return f"sort {_word(name)} = {' | '.join(map(_constructor, constructors))}"
        case syntax.FunctionDeclaration(names, (), result, _):
            return f"const {_symbols(names)} : {_word(result)}"
        case syntax.FunctionDeclaration(names, arguments, result, fixity):
            sorts = f"{_names(arguments)} -> {_word(result)}"
            return f"op {_symbols(names)} : {sorts}{_fixity(fixity)}"
        case syntax.PredicateDeclaration(names, arguments, fixity):
            sorts = f" : {_names(arguments)}" if arguments else ""
            return f"pred {_symbols(names)}{sorts}{_fixity(fixity)}"
        case syntax.UnreadClaim():
            raise InternalError("a document is printed that was not read in full")
        case syntax.Claim(kind, label, body):
            text = expression_text(body)
            return text if label is None else f"{kind} {_label(label)}: {text}"
        case syntax.Definition(symbol, form, parameters, fixity, body, is_function):
            head = _head(symbol, form, parameters) + _fixity(fixity)
            return f"define {head}{' =' if is_function else ':'} {expression_text(body)}"
        case syntax.CoreDefinition(head, body):
            return f"({expression_text(head)}) := {expression_text(body)}"
        case syntax.MalformedDefinition(head):
            return expression_text(head)
        case _:
            assert_never(content)


def expression_text(expression: Expression) -> str:
    """A term, a formula or a core expression; core has no spaces."""
    match expression:
        case Name(text):
            return spelled(text)
        case syntax.Number(text) | syntax.Operator(text):
            return text
        case syntax.Call(head, args):
            return f"{spelled(head.text)}({', '.join(map(expression_text, args))})"
        case syntax.Chain(items):
            return " ".join(map(expression_text, items))
        case syntax.Group(marks, body):
            opened = "".join("!(" if mark else "(" for mark in marks)
            return opened + expression_text(body) + ")" * len(marks)
        case syntax.CoreAtom(name, args):
            return f"{name.text}[{','.join(arg.text for arg in args)}]"
        case syntax.CoreAnd(left, right):
            return f"&{expression_text(left)}{expression_text(right)}"
        case syntax.CoreForall(variables, premise, conclusion):
            bound = ",".join(variable.text for variable in variables)
            return f">[{bound}]{expression_text(premise)}{expression_text(conclusion)}"
        case syntax.Constant(value):
            return "true" if value else "false"
        case syntax.Negation(body):
            return f"not {expression_text(body)}"
        case syntax.Junction(word, parts):
            return f" {word} ".join(map(expression_text, parts))
        case syntax.Implication(premises, conclusion):
            shown = ", ".join(map(expression_text, premises))
            return f"{shown} -> {expression_text(conclusion)}"
        case syntax.Equivalence(left, right):
            return f"{expression_text(left)} <-> {expression_text(right)}"
        case syntax.Binder(word, bound, body):
            return f"{word} {', '.join(map(_parameter, bound))}. {expression_text(body)}"
        case _:
            assert_never(expression)


def _word(name: Name) -> str:
    return name.text if name.text.isdecimal() and name.text.isascii() else spelled(name.text)


def _symbol(name: Name) -> str:
    return name.text if is_symbolic(name.text) else _word(name)


def _names(names: tuple[Name, ...]) -> str:
    return ", ".join(map(_word, names))


def _symbols(names: tuple[Name, ...]) -> str:
    return ", ".join(map(_symbol, names))


def _label(label: Name) -> str:
    return label.text if _LABEL.fullmatch(label.text) else f"`{label.text}`"


def _constructor(constructor: syntax.Constructor) -> str:
    if not constructor.arguments:
        return _symbol(constructor.name)
    return f"{_symbol(constructor.name)}({_names(constructor.arguments)})"


def _fixity(fixity: syntax.Fixity | None) -> str:
    if fixity is None:
        return ""
    side = f" {fixity.associativity}" if fixity.associativity else ""
    return f" infix {fixity.precedence.text}{side}"


def _parameter(parameter: syntax.Parameter) -> str:
    name = spelled(parameter.name.text)
    return name if parameter.sort is None else f"{name} : {_word(parameter.sort)}"


def _operand(parameter: syntax.Parameter) -> str:
    if parameter.sort is None:
        return spelled(parameter.name.text)
    return f"({_parameter(parameter)})"


def _head(symbol: Name, form: syntax.HeadForm, parameters: tuple[syntax.Parameter, ...]) -> str:
    match form:
        case "plain":
            return _symbol(symbol)
        case "call":
            return f"{_word(symbol)}({', '.join(map(_parameter, parameters))})"
        case "infix":
            left, right = map(_operand, parameters)
            return f"{left} {_symbol(symbol)} {right}"
        case "prefix":
            return f"{symbol.text} {_operand(parameters[0])}"
        case _:
            assert_never(form)
