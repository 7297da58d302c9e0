"""Functions as source text, since that is what crosses into the sandbox."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
import types
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ...engine.errors import SourceError, Span, UsageError
from ...engine.synthesis.types import BOOL, BYTES, FLOAT, INT, NONE, STR, UNKNOWN, Type
from .definition import definition, parameters


@dataclass(frozen=True, slots=True)
class Subject:
    """A Python program and the function in it that is meant.

    >>> subject = Subject.of_text("def g(n: int, word: str): return n", "g")
    >>> subject.parameters
    ('n', 'word')
    """

    source: str
    name: str
    parameters: tuple[str, ...] = ()
    types: tuple[Type | None, ...] = ()
    defaults: int = 0
    rest: bool = False
    is_told: bool = True
    """Whether the text tells the parameters; ``defaults`` of them may be left out, and with
    ``rest`` more may follow."""

    @classmethod
    def of(cls, function: Callable[..., object] | str) -> Subject:
        """From a callable, or from source text (its last function is meant)."""
        if isinstance(function, str):
            return cls.of_text(function)
        return cls.of_callable(function)

    @classmethod
    def of_text(cls, source: str, name: str | None = None, path: str = "<text>") -> Subject:
        """From source text; without a name the last function at top level is meant."""
        try:
            tree = ast.parse(source)
        except (RecursionError, MemoryError) as error:
            raise SourceError("nested too deeply to be read", path=path) from error
        except ValueError as error:
            raise SourceError(f"not Python: {error}", path=path) from error
        except SyntaxError as error:
            line, column = error.lineno or 1, error.offset or 1
            raise SourceError(
                f"not Python: {error.msg}",
                path=path,
                text=source,
                span=Span(line, column, line, column + 1),
            ) from error
        functions = [
            node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        if name is None and functions:
            name = functions[-1].name
        meant = None if name is None else definition(tree, name)
        if name is None or meant is None:
            raise SourceError(
                f"no function {name or ''}".rstrip(),
                path=path,
                text=source,
                expected=name or "a function definition at top level",
                found=", ".join(node.name for node in functions) or "no function",
            )
        taken = parameters(meant, name)
        if taken is None:
            return cls(source, name, is_told=False)
        arguments = [*taken.posonlyargs, *taken.args]
        return cls(
            source,
            name,
            tuple(argument.arg for argument in arguments),
            tuple(_annotated(argument.annotation) for argument in arguments),
            len(taken.defaults),
            taken.vararg is not None,
        )

    @classmethod
    def of_reference(cls, reference: str) -> Subject:
        """From ``path.py:function``; the function may be left out if the file has one alone."""
        path, _, name = reference.partition(":")
        try:
            text = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"cannot read {path}: it is not UTF-8 text") from error
        return cls.of_text(text, name or None, path)

    @classmethod
    def of_callable(cls, function: Callable[..., object]) -> Subject:
        """From a function object: its source, with the globals and functions that it uses."""
        parts: dict[str, str] = {}
        name = _collect(function, parts)
        return cls.of_text("\n\n".join(parts.values()), name)


def _collect(function: Callable[..., object], parts: dict[str, str], called: str = "f") -> str:
    """Put the source of a function, and of what it refers to, into ``parts``; its name.

    A lambda gets the name that it is ``called`` by.
    """
    if inspect.isbuiltin(function) or isinstance(function, type):
        module = getattr(function, "__module__", "builtins") or "builtins"
        name = function.__name__
        parts[name] = (
            f"from {module} import {name} as _builtin\ndef {name}(*xs): return _builtin(*xs)"
        )
        return name
    if not isinstance(function, types.FunctionType):
        raise UsageError(
            f"{function!r} is not a plain function: give its source text instead, "
            "as Oracle('def f(x): ...')"
        )
    name = function.__name__
    try:
        source = textwrap.dedent(inspect.getsource(function))
        if name == "<lambda>":
            node = _lambda_of(function)
            arguments, body = ast.unparse(node.args), ast.unparse(node.body)
            name, source = called, f"def {called}({arguments}): return {body}"
    except (OSError, TypeError) as error:
        raise UsageError(
            f"the source of {name} cannot be found: give it as text, as Oracle('def {name}(x): ...')"
        ) from error
    parts[name] = ""  # keeps a function that calls itself from being followed for ever
    known = {**function.__globals__, **_captured(function, name)}
    for used in sorted({*_global_names(function.__code__), *function.__code__.co_freevars}):
        if used not in known or (known[used] is function and used == name):
            continue
        value = known[used]
        if isinstance(value, types.FunctionType) and value.__module__ == function.__module__:
            given = _collect(value, parts, used) if parts.get(used) != "" else used
            text = parts[used] if given == used else f"{used} = {given}"
        elif isinstance(value, types.ModuleType):
            text = f"import {value.__name__} as {used}"
        elif isinstance(value, type) and value.__module__ == function.__module__:
            text = textwrap.dedent(inspect.getsource(value))
        elif getattr(value, "__module__", None) and hasattr(value, "__name__"):
            text = f"from {value.__module__} import {value.__name__} as {used}"
        elif used in vars(builtins):
            continue
        else:
            text = f"{used} = {_literal(used, value)}"
        if parts.setdefault(used, text) not in ("", text):
            raise UsageError(
                f"two things are named {used} in what {name} uses: rename one, or give its source text"
            )
    parts.pop(name)
    parts[name] = source
    return name


def _global_names(code: types.CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _global_names(constant)
    return names


def _captured(function: types.FunctionType, name: str) -> dict[str, object]:
    """What a function uses of the function around it."""
    found: dict[str, object] = {}
    cells = function.__closure__ or ()
    for used, cell in zip(function.__code__.co_freevars, cells, strict=True):
        if used == "__class__":
            raise UsageError(f"{name} is a method that uses super(): give its source text instead")
        with suppress(ValueError):  # not assigned yet
            found[used] = cell.cell_contents
    return found


def _literal(name: str, value: object) -> str:
    text = repr(value)
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise UsageError(
            f"the variable {name} is not plain data, so it cannot be sent into the sandbox: give the "
            "function as source text that makes what it needs"
        ) from error
    return text


def _lambda_of(function: types.FunctionType) -> ast.Lambda:
    """The lambda in the text: of those in its file the smallest one that has all that it does."""
    lines, _ = inspect.findsource(function)
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError as error:
        raise UsageError("the lambda's file is no Python any more: use def") from error
    first = function.__code__.co_firstlineno
    places = [
        ((line, column), (end_line, end_column))
        for line, end_line, column, end_column in function.__code__.co_positions()
        if line and end_line and end_column and column is not None
    ]
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Lambda) and node.lineno <= first <= (node.end_lineno or first)
    ]
    inside = [
        node
        for node in found
        if all(
            (node.body.lineno, node.body.col_offset) <= start
            and end <= (node.body.end_lineno or 0, node.body.end_col_offset or 0)
            for start, end in places
        )
    ]
    if not inside or (not places and len(inside) > 1):
        raise UsageError("which lambda of its line is meant cannot be told: use def")
    return min(inside, key=lambda node: len(ast.unparse(node)))


def _annotated(annotation: ast.expr | None) -> Type | None:
    """The type that an annotation names, where it is a plain one."""
    simple = {"int": INT, "float": FLOAT, "bool": BOOL, "str": STR, "bytes": BYTES}
    containers = {"list": "list", "List": "list", "set": "set", "Set": "set", "dict": "dict"}
    containers |= {"Dict": "dict", "Sequence": "list", "Iterable": "list", "Collection": "list"}
    containers |= {"frozenset": "frozenset"}
    match annotation:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str() as text):
            try:
                return _annotated(ast.parse(text, mode="eval").body)
            except SyntaxError:
                return None
        case ast.Attribute(attr=name):
            return _annotated(ast.Name(id=name))
        case ast.Name(id=name) if name in simple:
            return simple[name]
        case ast.Name(id=name) if name in containers:
            wide = Type("dict", (STR, INT)) if containers[name] == "dict" else None
            return wide or Type(containers[name], (INT,))
        case ast.Name(id="tuple" | "Tuple"):
            return Type("sequence", (INT,))
        case ast.Subscript(value=head, slice=inner):
            label = head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "")
            items = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
            if label in ("tuple", "Tuple"):
                last = items[-1] if items else None  # tuple[()] is the empty one
                if isinstance(last, ast.Constant) and last.value is Ellipsis:
                    return Type("sequence", (_annotated(items[0]) or UNKNOWN,))
                return Type("tuple", tuple(_annotated(item) or UNKNOWN for item in items))
            if label == "Optional":
                return Type("union", (_annotated(items[0]) or UNKNOWN, NONE))
            if label == "Union":
                return Type("union", tuple(_annotated(item) or UNKNOWN for item in items))
            if label in containers:
                return Type(containers[label], tuple(_annotated(i) or UNKNOWN for i in items))
            return None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return Type("union", (_annotated(left) or UNKNOWN, _annotated(right) or UNKNOWN))
        case _:
            return None
