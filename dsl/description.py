"""What a theory says, for people and for programs."""

from __future__ import annotations

from typing import TypeAlias

from lemmata.engine.notation import Notation, is_symbolic, spelled
from lemmata.engine.theory import Statement, Theory

Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"

FORMAT = "lemmata-theory/1"
"""The version of the JSON form."""


def describe(theory: Theory) -> str:
    """A theory as text: its sorts and symbols, and each statement with its clauses."""
    signature, notation = theory.signature, Notation.of(theory)
    lines = [f"theory {theory.name}", ""]
    for sort in signature.sorts:
        made = [
            _applied(_symbol(name), signature.function[name].arguments)
            for name in sort.constructors
        ]
        lines.append(f"sort {spelled(sort.name)}" + (f" = {' | '.join(made)}" if made else ""))
    for function in signature.functions:
        if function.name not in signature.constructors:
            arguments = ", ".join(map(spelled, function.arguments))
            arrow = f"{arguments} -> " if arguments else ""
            word = "op" if arguments else "const"
            shown = f"{word} {_symbol(function.name)} : {arrow}{spelled(function.result)}"
            lines.append(shown + _infix(theory, function.name))
    for predicate in signature.predicates:
        arguments = ", ".join(map(spelled, predicate.arguments))
        shown = f"pred {_symbol(predicate.name)}" + (f" : {arguments}" if arguments else "")
        lines.append(shown + _infix(theory, predicate.name))
    for statement in theory.axioms + theory.conjectures:
        lines += ["", f"{statement.kind} {statement.name}: {notation.formula(statement.formula)}"]
        lines += [f"  {notation.clause(clause)}" for clause in statement.clauses]
    return "\n".join(lines)


def described(theory: Theory) -> dict[str, Json]:
    """A theory as data that JSON can hold."""
    signature, notation = theory.signature, Notation.of(theory)
    return {
        "format": FORMAT,
        "theory": theory.name,
        "path": theory.path,
        "sorts": [
            {"name": sort.name, "constructors": list(sort.constructors)} for sort in signature.sorts
        ],
        "functions": [
            {"name": one.name, "arguments": list(one.arguments), "result": one.result}
            for one in signature.functions
        ],
        "predicates": [
            {"name": one.name, "arguments": list(one.arguments)} for one in signature.predicates
        ],
        "infix": {
            name: {"precedence": infix.precedence, "associativity": infix.associativity}
            for name, infix in theory.notation.items()
        },
        "axioms": [_statement(one, notation) for one in theory.axioms],
        "conjectures": [_statement(one, notation) for one in theory.conjectures],
    }


def _statement(statement: Statement, notation: Notation) -> dict[str, Json]:
    return {
        "name": statement.name,
        "kind": statement.kind,
        "formula": notation.formula(statement.formula),
        "clauses": [notation.clause(clause) for clause in statement.clauses],
        "line": statement.span.line if statement.span else None,
    }


def _symbol(name: str) -> str:
    return name if is_symbolic(name) or name.isdecimal() else spelled(name)


def _applied(symbol: str, arguments: tuple[str, ...]) -> str:
    return f"{symbol}({', '.join(map(spelled, arguments))})" if arguments else symbol


def _infix(theory: Theory, name: str) -> str:
    infix = theory.notation.get(name)
    return f"  infix {infix.precedence} {infix.associativity}" if infix else ""
