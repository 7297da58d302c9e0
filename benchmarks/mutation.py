"""Mutants of Python functions, and rewritings that change nothing by construction."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

_COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
_METHODS = {"lower": "upper", "upper": "lower", "strip": "lstrip", "find": "rfind", "min": "max"}


def mutants(source: str) -> Iterator[str]:
    """Programs that differ from the source in one place."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            mutant = copy.deepcopy(tree)
            target = next(n for k, n in enumerate(ast.walk(mutant)) if k == place)
            change(target)
            try:
                yield ast.unparse(ast.fix_missing_locations(mutant))
            except (ValueError, TypeError):
                continue


def _changes(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    match node:
        case ast.Compare(ops=[op]):
            for other in _COMPARE.get(type(op), ()):
                yield lambda n, other=other: setattr(n, "ops", [other()])
        case ast.BinOp(op=op):
            for kind in _BINARY.get(type(op), ()):
                yield lambda n, kind=kind: setattr(n, "op", kind())
        case ast.BoolOp(op=op):
            swapped = ast.Or if isinstance(op, ast.And) else ast.And
            yield lambda n: setattr(n, "op", swapped())
            yield lambda n: setattr(
                n, "values", [*n.values[:-1], ast.Constant(isinstance(n.op, ast.And))]
            )
        case ast.Constant(value=bool()):
            yield lambda n: setattr(n, "value", not n.value)
        case ast.Constant(value=int()):
            yield lambda n: setattr(n, "value", n.value + 1)
            yield lambda n: setattr(n, "value", n.value - 1)
        case ast.Constant(value=str() as text) if 0 < len(text) < 30:
            yield lambda n: setattr(n, "value", n.value[:-1])
        case ast.If() | ast.While() | ast.IfExp():
            yield lambda n: setattr(n, "test", ast.UnaryOp(op=ast.Not(), operand=n.test))
            yield lambda n: setattr(n, "test", ast.Constant(isinstance(n, ast.While) is False))
        case ast.Attribute(attr=name) if name in _METHODS:
            yield lambda n: setattr(n, "attr", _METHODS[n.attr])
        case ast.Slice(lower=ast.expr()):
            yield lambda n: setattr(n, "lower", None)
        case _:
            return


class _Negated(ast.NodeTransformer):
    """``if c: a else: b`` becomes ``if not c: b else: a``."""

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        if node.orelse and not (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
            negated = ast.UnaryOp(op=ast.Not(), operand=node.test)
            return ast.If(test=negated, body=node.orelse, orelse=node.body)
        return node


class _Renamed(ast.NodeTransformer):
    """Local names that are only assigned and read in the function get other names."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self.names:
            return ast.Name(id=f"{node.id}_renamed", ctx=node.ctx)
        return node


class _Doubled(ast.NodeTransformer):
    """A test ``c`` of a branch or loop becomes ``not not c``."""

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        node.test = _not(_not(node.test))
        return node

    def visit_While(self, node: ast.While) -> ast.While:
        self.generic_visit(node)
        node.test = _not(_not(node.test))
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        self.generic_visit(node)
        node.test = _not(_not(node.test))
        return node


class _DeMorgan(ast.NodeTransformer):
    """In tests, ``a and b`` becomes ``not (not a or not b)``, and the other way about."""

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        node.test = _turned(node.test)
        return node

    def visit_While(self, node: ast.While) -> ast.While:
        self.generic_visit(node)
        node.test = _turned(node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.IfExp:
        self.generic_visit(node)
        node.test = _turned(node.test)
        return node


class _PlusNothing(ast.NodeTransformer):
    """The index of a subscript and the value of ``len`` are numbers or fail: ``+ 0`` changes none."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="len" | "ord"), args=[_], keywords=[]):
                return ast.BinOp(left=node, op=ast.Add(), right=ast.Constant(0))
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) is int:
            return ast.BinOp(left=ast.Constant(node.value), op=ast.Add(), right=ast.Constant(0))
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        return node  # a format's own constants are not expressions

    def visit_Match(self, node: ast.Match) -> ast.Match:
        return node  # nor are patterns


class _Looped(ast.NodeTransformer):
    """``[body for x in xs if c]`` becomes ``list`` of the same generator, a loop of its own."""

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        self.generic_visit(node)
        inner = ast.GeneratorExp(elt=node.elt, generators=node.generators)
        return ast.Call(func=ast.Name(id="list", ctx=ast.Load()), args=[inner], keywords=[])


def _not(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=node)


def _turned(test: ast.expr) -> ast.expr:
    if not isinstance(test, ast.BoolOp):
        return test
    other = ast.Or() if isinstance(test.op, ast.And) else ast.And()
    return _not(ast.BoolOp(op=other, values=[_not(value) for value in test.values]))


def _reordered(function: ast.FunctionDef) -> bool:
    """Swap the first two neighbouring assignments of constants to different names."""
    for block in ast.walk(function):
        body = getattr(block, "body", None)
        if not isinstance(body, list):
            continue
        for place in range(len(body) - 1):
            match body[place], body[place + 1]:
                case (
                    ast.Assign(targets=[ast.Name(id=one)], value=first),
                    ast.Assign(targets=[ast.Name(id=two)], value=second),
                ) if one != two and _is_plain(first) and _is_plain(second):
                    body[place], body[place + 1] = body[place + 1], body[place]
                    return True
    return False


def _is_plain(value: ast.expr) -> bool:
    """A constant, or an empty container: it neither reads a name nor fails."""
    match value:
        case ast.Constant() | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case _:
            return False


def _bound(tree: ast.AST) -> set[str]:
    """Names that the program gives a meaning of its own."""
    names = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    return names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def rewritings(source: str) -> Iterator[str]:
    """Programs equal to the source by construction.

    Branches swapped, tests doubly negated or turned by De Morgan's laws, nothing added to numbers,
    comprehensions as loops of their own, statements reordered, locals renamed, the whole wrapped.
    """
    tree = ast.parse(source)
    plain = ast.unparse(tree)
    for change in (_Negated, _Doubled, _DeMorgan, _PlusNothing, _Looped):
        if change is _Looped and "list" in _bound(tree):
            continue
        changed = ast.unparse(ast.fix_missing_locations(change().visit(copy.deepcopy(tree))))
        if changed != plain:
            yield changed
    moved = copy.deepcopy(tree)
    inside = next(n for n in moved.body if isinstance(n, ast.FunctionDef) and n.name == "solution")
    if _reordered(inside):
        yield ast.unparse(moved)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "solution")
    inner = {
        n for n in ast.walk(function) if isinstance(n, (ast.FunctionDef, ast.Lambda, ast.Global))
    }
    stored = {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    parameters = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg) for a in [a]}
    if len(inner) == 1 and stored - parameters and "locals()" not in source:
        renamed = _Renamed(stored - parameters).visit(copy.deepcopy(function))
        rest = [renamed if n is function else n for n in tree.body]
        yield ast.unparse(ast.fix_missing_locations(ast.Module(rest, [])))
    if "solution(" not in ast.unparse(ast.Module(function.body, [])):
        wrapped = source.replace("def solution(", "def _inner(", 1)
        yield f"{wrapped}\n\ndef solution(*arguments):\n    return _inner(*arguments)\n"
