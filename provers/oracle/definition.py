"""What a name means in a program's text, and what it can be called with."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass

from ...engine.errors import UsageError


@dataclass(frozen=True, slots=True)
class Definition:
    """The statement that defines a name, and the class that it stands in, if there is one."""

    node: ast.stmt
    owner: ast.ClassDef | None = None


def definition(tree: ast.Module, name: str) -> Definition | None:
    """Where a name, dotted for what stands in a class, is defined last; ``None`` for nowhere.

    >>> found = definition(ast.parse("class C:\\n    @staticmethod\\n    def f(x): pass"), "C.f")
    >>> parameters(found, "C.f").args[0].arg
    'x'
    """
    scope: Sequence[ast.stmt] = tree.body
    owner: ast.ClassDef | None = None
    *outer, last = name.split(".")
    for part in outer:
        found = _last(scope, part)
        if not isinstance(found, ast.ClassDef):
            return None if found is None else Definition(found)
        owner, scope = found, found.body
    node = _last(scope, last)
    return None if node is None else Definition(node, owner)


def _last(scope: Sequence[ast.stmt], name: str) -> ast.stmt | None:
    for node in reversed(scope):
        match node:
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found):
                pass
            case ast.ClassDef(name=found) | ast.Assign(targets=[ast.Name(id=found)]):
                pass
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr()):
                pass
            case _:
                continue
        if found == name:
            return node
    return None


def parameters(meant: Definition, name: str) -> ast.arguments | None:
    """What a call is given; ``None`` where the text does not tell.

    Raises ``UsageError`` for what no call with values alone can reach: methods of an instance,
    coroutines, and functions that must be given arguments by keyword.
    """
    match meant.node:
        case ast.AsyncFunctionDef():
            raise UsageError(
                f"{name} is asynchronous: give a plain function that runs it, "
                f"as in def run(x): return asyncio.run({name}(x))"
            )
        case ast.FunctionDef() as function:
            taken = _of_function(function, meant.owner, name)
        case ast.ClassDef(bases=[], decorator_list=[]) as made:
            start = _last(made.body, "__init__")
            if isinstance(start, ast.FunctionDef):
                taken = _without_first(start.args)
            else:
                taken = ast.parse("def f(): pass").body[0].args  # type: ignore[attr-defined]
        case ast.Assign(value=ast.Lambda(args=args)) | ast.AnnAssign(value=ast.Lambda(args=args)):
            taken = args
        case _:
            return None
    needed = [
        argument.arg
        for argument, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True)
        if default is None
    ]
    if needed:
        raise UsageError(
            f"{name} must be given {', '.join(needed)} by keyword: give a function that takes "
            "all its arguments by position and passes them on"
        )
    return taken


def _of_function(function: ast.FunctionDef, owner: ast.ClassDef | None, name: str) -> ast.arguments:
    marks = {mark.id for mark in function.decorator_list if isinstance(mark, ast.Name)}
    if owner is None or "staticmethod" in marks:
        return function.args
    if "classmethod" in marks:
        return _without_first(function.args)
    raise UsageError(
        f"{name} is a method of an instance: give a function that makes one, "
        f"as in def call(x): return {owner.name}().{function.name}(x)"
    )


def _without_first(taken: ast.arguments) -> ast.arguments:
    rest = copy.copy(taken)
    if rest.posonlyargs:
        rest.posonlyargs = rest.posonlyargs[1:]
    else:
        rest.args = rest.args[1:]
    rest.defaults = (
        rest.defaults[-len(rest.posonlyargs + rest.args) :] if rest.args or rest.posonlyargs else []
    )
    return rest
