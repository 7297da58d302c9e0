"""The constants of a program: values at which two programs may part."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from inspect import CO_OPTIMIZED
from types import CodeType

from .bytecode import code_of

_HAS_DOCSTRING = 0x4000000 if sys.version_info >= (3, 13) else CO_OPTIMIZED
"""Marks code whose first constant may be a docstring; earlier Pythons put None there instead."""


def harvest(source: str) -> tuple[object, ...]:
    """The constants of a program, docstrings aside; ``()`` for text that is not Python.

    They are read from its code, where ``2**31`` is one number. A negative one brings its opposite.

    >>> harvest("def f(x): return x + 7 if 'vowel' in x else -2")
    (7, 'vowel', -2, 2)
    """
    code = code_of(source)
    found: dict[tuple[type, object], None] = {}
    for value in () if code is None else _constants(code):
        if isinstance(value, (int, float, str, bytes)) and not isinstance(value, bool):
            found.setdefault((type(value), value))
            if not isinstance(value, (str, bytes)) and value < 0:
                found.setdefault((type(value), -value))
    return tuple(value for _, value in found)


def _constants(code: CodeType) -> Iterator[object]:
    """The constants of some code, then those of the functions in it."""
    is_documented = (
        code.co_flags & _HAS_DOCSTRING and not code.co_name.startswith("<")
    ) or code.co_names[:1] == ("__doc__",)
    constants = code.co_consts
    if is_documented and constants and isinstance(constants[0], str):
        constants = constants[1:]
    yield from _parts(constants)
    for part in constants:
        if isinstance(part, CodeType):
            yield from _constants(part)


def _parts(values: Sequence[object]) -> Iterator[object]:
    for value in values:
        match value:
            case tuple():
                yield from _parts(value)
            case frozenset():
                yield from _parts(sorted(value, key=repr))  # in no order that hangs on hashes
            case _:
                yield value
