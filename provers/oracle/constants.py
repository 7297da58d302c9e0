"""The constants of a program: values at which two programs may part."""

from __future__ import annotations

import ast


def harvest(source: str) -> tuple[object, ...]:
    """The constants of a program, docstrings aside; ``()`` for text that is not Python.

    >>> harvest("def f(x): return x + 7 if 'vowel' in x else -2")
    (-2, 'vowel', 7, 2)
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: dict[tuple[str, object], object] = {}
    skipped: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str()) as text):
                skipped.add(id(text))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                found.setdefault((type(number).__name__, -number), -number)
            case ast.Constant(value=value) if id(node) not in skipped:
                if isinstance(value, (int, float, str, bytes)) and not isinstance(value, bool):
                    found.setdefault((type(value).__name__, value), value)
    return tuple(found.values())
