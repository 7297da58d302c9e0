"""A found term as an idiomatic Python function: types, a docstring with examples, statements."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .dialogue import Example, call_text, value_text
from .operation import MODULES
from .types import STR, Type, list_of

_REDUCERS = {"sum", "all", "any", "max", "min", "sorted", "set", "tuple", "list", "dict", "len"}


@dataclass(frozen=True, slots=True)
class Signature:
    """The name, parameters and types of the function that is looked for.

    With ``rest`` there is one parameter, which takes any number of arguments and is worked on as
    the list of them.
    """

    name: str
    parameters: tuple[str, ...]
    types: tuple[Type, ...]
    result: Type
    rest: bool = False

    @classmethod
    def of_any_number(cls, name: str, kind: Type, result: Type) -> Signature:
        """A signature that takes any number of arguments of one type."""
        return cls(name, ("xs",), (list_of(kind),), result, True)

    @property
    def codes(self) -> tuple[str, ...]:
        """The parameters as they are written in a body."""
        return tuple(f"list({name})" for name in self.parameters) if self.rest else self.parameters

    def row(self, call: tuple[object, ...]) -> tuple[object, ...]:
        """The values of the parameters in a call."""
        return (list(call),) if self.rest else call[: len(self.parameters)]

    def takes(self, call: tuple[object, ...]) -> bool:
        """Whether a call has as many arguments as there are parameters."""
        return self.rest or len(call) == len(self.parameters)

    @classmethod
    def named(cls, name: str, types: tuple[Type, ...], result: Type) -> Signature:
        """A signature with parameter names that tell the types: ``n``, ``s``, ``xs``."""
        letters = {"int": "n", "str": "s", "float": "v", "bool": "flag", "list": "xs"}
        letters |= {"dict": "d", "set": "items", "tuple": "pair", "sequence": "xs"}
        used: dict[str, int] = {}
        names = []
        for kind in types:
            stem = letters.get(kind.name, "value")
            used[stem] = used.get(stem, 0) + 1
            same = sum(letters.get(other.name, "value") == stem for other in types)
            names.append(stem if same == 1 else f"{stem}{used[stem]}")
        return cls(name, tuple(names), types, result)


def render(code: str, signature: Signature, examples: Sequence[Example] = ()) -> str:
    """The function as source text.

    >>> from lemmata.engine.synthesis.types import INT
    >>> print(render("((n) if ((n) > (0)) else (-(n)))", Signature("f", ("n",), (INT,), INT)))
    def f(n: int) -> int:
        if n > 0:
            return n
        return -n
    <BLANKLINE>
    """
    tree = ast.parse(code, mode="eval")
    pairs = zip(signature.parameters, signature.types, strict=True)
    body = _Simplifier({name for name, kind in pairs if kind == STR}).visit(tree.body)
    lines: list[str] = []
    _statements(body, 1, lines)
    text = "\n".join(lines)
    modules = [name for name in sorted(MODULES) if re.search(rf"\b{name}\.", text)]
    head = [f"import {name}" for name in modules]
    if head:
        head += ["", ""]
    parameters = ", ".join(
        f"{name}: {kind.annotation}"
        for name, kind in zip(signature.parameters, signature.types, strict=True)
    )
    if signature.rest:
        parameters = f"*{signature.parameters[0]}: {signature.types[0].parameters[0].annotation}"
    head.append(f"def {signature.name}({parameters}) -> {signature.result.annotation}:")
    return "\n".join([*head, *_docstring(signature, examples), text, ""])


def _docstring(signature: Signature, examples: Sequence[Example]) -> list[str]:
    distinct = {repr(example.arguments): example for example in examples}.values()
    shown = [example for example in distinct if example.outcome.is_value][:10]
    if not shown:
        return []
    lines = ['    """Found from these examples:', ""]
    for example in shown:
        call = call_text(signature.name, example.arguments)
        value = value_text(example.outcome.value)
        lines += [f"    >>> {call}", f"    {value}"]
    text = "\n".join([*lines, '    """'])
    # Examples may hold quotes and backslashes that a plain docstring would swallow.
    if "\\" in text or text.count('"""') > 2:
        inside = "\n".join(lines)[7:].replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        text = f'    """{inside}\n    """'
    return text.split("\n")


def _statements(node: ast.expr, depth: int, lines: list[str]) -> None:
    """A conditional expression at the top becomes statements, as a person would write it."""
    indent = "    " * depth
    if isinstance(node, ast.IfExp):
        lines.append(f"{indent}if {ast.unparse(node.test)}:")
        _statements(node.body, depth + 1, lines)
        _statements(node.orelse, depth, lines)
    else:
        lines.append(f"{indent}return {ast.unparse(node)}")


class _Simplifier(ast.NodeTransformer):
    """Small rewrites that change no value: generators for lists, ``not in``, plain booleans.

    One may: the method of a whole text for that of its characters, where ``lower`` treats the last
    sigma of a word apart. The text is tested as it is printed.
    """

    def __init__(self, texts: set[str]) -> None:
        self.texts = texts

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.BinOp(
                ast.Constant(value=str() as left), ast.Add(), ast.Constant(value=str() as right)
            ):
                return ast.Constant(left + right)
            case ast.BinOp(
                ast.BinOp(first, ast.Add(), ast.Constant(value=str() as left)),
                ast.Add(),
                ast.Constant(value=str() as right),
            ):
                return ast.BinOp(first, ast.Add(), ast.Constant(left + right))
            case _:
                return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(
                ast.Attribute(ast.Constant(value=""), "join"),
                [
                    ast.ListComp(
                        ast.Call(
                            ast.Attribute(
                                ast.Name(id=each), "upper" | "lower" | "swapcase" as case
                            ),
                            [],
                            [],
                        ),
                        [
                            ast.comprehension(
                                ast.Name(id=item), ast.Name(id=text) as whole, ifs=[], is_async=0
                            )
                        ],
                    )
                ],
            ) if each == item and text in self.texts:
                return ast.Call(ast.Attribute(whole, case), [], [])
            case _:
                pass
        takes_generator = (isinstance(node.func, ast.Name) and node.func.id in _REDUCERS) or (
            isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        )
        if takes_generator and node.args and isinstance(node.args[0], ast.ListComp):
            inner = node.args[0]
            if isinstance(node.func, ast.Name) and node.func.id in ("len", "list"):
                return node
            node.args[0] = ast.GeneratorExp(elt=inner.elt, generators=inner.generators)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        opposites: dict[type, type[ast.cmpop]] = {
            ast.Eq: ast.NotEq,
            ast.NotEq: ast.Eq,
            ast.In: ast.NotIn,
            ast.NotIn: ast.In,
        }
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(ops=[op]) as compare):
                if type(op) in opposites:
                    compare.ops = [opposites[type(op)]()]
                    return compare
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.IfExp(
                body=ast.Constant(value=True), orelse=ast.Constant(value=False), test=test
            ) if _is_boolean(test):
                return test
            case ast.IfExp(
                body=ast.Constant(value=False), orelse=ast.Constant(value=True), test=test
            ):
                return self.visit_UnaryOp(ast.UnaryOp(op=ast.Not(), operand=test))
            case ast.IfExp(body=ast.Constant(value=True)) if _is_boolean(node.test):
                return ast.BoolOp(op=ast.Or(), values=[node.test, node.orelse])
            case ast.IfExp(orelse=ast.Constant(value=False)) if _is_boolean(node.test):
                return ast.BoolOp(op=ast.And(), values=[node.test, node.body])
            case _:
                return node


def _is_boolean(node: ast.expr) -> bool:
    match node:
        case ast.Compare():
            return True
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp(values=values):
            return all(map(_is_boolean, values))
        case ast.Call(func=ast.Name(id="all" | "any" | "isinstance" | "bool")):
            return True
        case ast.Call(func=ast.Attribute(attr=name)):
            return name.startswith("is") or name in ("startswith", "endswith")
        case _:
            return False
