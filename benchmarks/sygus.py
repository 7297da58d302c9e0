"""SyGuS files of version 1 in the notation of version 2, for peers that read nothing else."""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(r';[^\n]*|"(?:[^"]|"")*"|[()]|[^\s()"]+')
_NAMES = {"str.to.int": "str.to_int", "int.to.str": "str.from_int"}


def modern(text: str) -> str:
    """The same problem in version 2: nonterminals declared first, today's names of operators."""
    return "\n".join(_written(_modern(form)) for form in _forms(text))


def _forms(text: str) -> list[Any]:
    stack: list[list[Any]] = [[]]
    for token in _TOKEN.findall(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            form = stack.pop()
            stack[-1].append(form)
        elif not token.startswith(";"):
            stack[-1].append(token)
    return stack[0]


def _modern(form: Any) -> Any:
    match form:
        case ["synth-fun", name, parameters, sort, grammar]:
            declared = [[rule[0], rule[1]] for rule in grammar]
            return ["synth-fun", name, parameters, sort, declared, [_renamed(r) for r in grammar]]
        case _:
            return _renamed(form)


def _renamed(form: Any) -> Any:
    if isinstance(form, list):
        return [_renamed(part) for part in form]
    if re.fullmatch(r"-\d+", form):
        return ["-", form[1:]]
    return _NAMES.get(form, form)


def _written(form: Any) -> str:
    return f"({' '.join(map(_written, form))})" if isinstance(form, list) else form
