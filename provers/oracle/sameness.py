"""Whether two programs are one and the same, written differently: the only equality that is proved."""

from __future__ import annotations

import ast

from .source import Subject

_LOOKS_AT_NAMES = {"locals", "globals", "vars", "dir", "eval", "exec", "inspect", "sys"}
"""What may see how a variable is called."""


def same_program(left: Subject, right: Subject) -> bool:
    """Whether the two are one program but for comments, docstrings, and the names of the function,
    its parameters and its variables.

    >>> same_program(Subject.of_text("def f(x): return x"), Subject.of_text("def g(y): return (y)"))
    True
    """
    return _shape(left) == _shape(right)


def _shape(subject: Subject) -> str:
    """The program's syntax; where nothing can tell them apart, names are those of their places."""
    tree = ast.parse(subject.source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    hidden = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if used & _LOOKS_AT_NAMES or any(name.startswith("__") for name in used | hidden):
        return ast.dump(tree)
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str())), _, *_]):
                node.body = node.body[1:]
            case ast.Name(id=name) if name == subject.name:
                node.id = "<function>"
            case _:
                continue
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            if node.name == subject.name:
                node.name = "<function>"
            _number_variables(node)
    return ast.dump(tree)


_OPAQUE = (ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.ExceptHandler, ast.ClassDef,
           ast.MatchAs, ast.MatchStar, ast.MatchMapping)  # fmt: skip
"""What binds or declares names in other ways than by assignment."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ListComp, ast.SetComp,
           ast.DictComp, ast.GeneratorExp)  # fmt: skip


def _number_variables(function: ast.FunctionDef) -> None:
    """Renames the function's own variables by the order in which they occur, if that is safe.

    Names that an inner scope binds, too, keep theirs: which of the two is meant hangs on the place.
    """
    places = [*ast.walk(function.args), function]
    for place in places:
        if isinstance(place, ast.arg):
            place.annotation = None
    function.returns = None
    parameters = [place for place in places if isinstance(place, ast.arg)]
    # Defaults are looked up outside of the function, so that names in them are others.
    nodes = [*parameters, *(node for part in function.body for node in ast.walk(part))]
    inner = [node for node in nodes if isinstance(node, _SCOPES)]
    bound_inside = {name for scope in inner for name in _bound(list(ast.walk(scope)))}
    bound = [name for name in _bound(nodes) if name not in bound_inside]
    keywords = {node.arg for node in nodes if isinstance(node, ast.keyword)}
    if any(isinstance(node, _OPAQUE) for node in nodes) or keywords & set(bound):
        return
    numbers = {name: f"<{place}>" for place, name in enumerate(dict.fromkeys(bound))}
    for node in nodes:
        match node:
            case ast.Name(id=name) if name in numbers:
                node.id = numbers[name]
            case ast.arg(arg=name) if name in numbers:
                node.arg = numbers[name]
            case _:
                continue


def _bound(nodes: list[ast.AST]) -> list[str]:
    """The names that parameters and assignments bind, in order."""
    found = []
    for node in nodes:
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.append(name)
            case _:
                continue
    return found
