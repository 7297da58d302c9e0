"""Operations a search builds programs from: a type, a cost, and a Python template that defines it.

The library is a data file, ``operations.txt``; what an operation computes is what its template
says, so the text that is printed and the value that is searched with cannot fall apart.
"""

from __future__ import annotations

import ast
import collections
import functools
import itertools
import json
import math
import operator
import os.path
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import UsageError

MODULES = {
    "collections": collections,
    "functools": functools,
    "itertools": itertools,
    "math": math,
    "operator": operator,
    "os": os,
    "re": re,
    "statistics": statistics,
}
"""What templates may refer to, besides the built-in names."""

_LINE = re.compile(r"(\d+) (.*?)-> (.*)")
_FLAGS = re.compile(r"([~!]+ )?")
_NEAR = 3  # the most that an argument of an operation marked with ! may cost
LARGE = 10**24
LONG = 2000
SPAN = 400
_LONGEST_RANGE = 40_000


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; ``{0}``, ``{1}``… in the template stand for its arguments.

    >>> twice = Operation("{0} * 2", ("int",), "int", cost=2)
    >>> twice.function(4)
    8
    """

    template: str
    arguments: tuple[str, ...]
    result: str
    cost: int = 3
    is_commutative: bool = False
    reach: int = 1_000
    """The most that an argument may cost."""

    @property
    def function(self) -> Callable[..., Any]:
        """The operation itself, which refuses to build very large values."""
        return _function(self.template, len(self.arguments))

    @property
    def is_bounded(self) -> bool:
        """Whether the printed text itself is quick on any small values, with no guard around it."""
        return not any(key in self.template for key in _GUARDS)


@functools.cache
def _function(template: str, arity: int) -> Callable[..., Any]:
    native = _NATIVE.get(template)
    if native is not None:
        return native
    names = [f"a{place}" for place in range(arity)]
    body = template.format(*names)
    guard = next((text for key, text in _GUARDS.items() if key in template), "")
    if guard:
        body = f"({body}) if {guard.format(*names)} else _too_large()"
    code = compile(f"lambda {', '.join(names)}: {body}", "<operation>", "eval")
    names_known = {
        "_too_large": _too_large,
        "LARGE": LARGE,
        "LONG": LONG,
        "SPAN": SPAN,
        "range": _short_range,
    }
    return eval(code, {**MODULES, **names_known})  # type: ignore[no-any-return]


def _too_large() -> None:
    raise OverflowError


def _short_range(*bounds: int) -> range:
    """``range``, unless it would go on for long."""
    made = range(*bounds)
    if len(made) > _LONGEST_RANGE:
        raise OverflowError
    return made


NAMES: dict[str, Any] = {**MODULES, "range": _short_range}
"""What bodies of loops are compiled with: they meet values that nobody has looked at before."""

_GUARDS = {
    "combinations({0}, n)": "len({0}) < 9",
    "combinations({0}, {1})": "len({0}) < 11 and {1} < 11",
    "round({0}, {1})": "-400 < {1} < 400",
    "range(len({0})), {0})": "len({0}) < LONG",
    "range({0} - 1)": "{0} < 200",
    "range({0}), (": "{0} < 200",
    "range(1, {0}) ": "{0} < 1500",
    "range(min({0}, {1})": "abs({0} - {1}) < SPAN",
    "range(min({0})": "max({0}) - min({0}) < SPAN",
    "[0] * {1} for": "{0} < 30 and {1} < 30",
    "for j in range({0})]": "{0} < 30",
    "range(1, {1} + 1)": "{1} < SPAN",
    "10 ** {1}": "0 <= {1} < 30",
    "range({0}, {1} + 1 if": "abs({1} - {0}) < SPAN",
    "{0} ** {1}": "abs({0}) < 10**6 and -9 < {1} < 64",
    "{0} << {1}": "{1} < 64 and abs({0}) < LARGE",
    "factorial": "{0} < 200",
    "math.comb": "{0} < 400",
    "math.lcm": "abs({0}) < LARGE and abs({1}) < LARGE",
    "range(2, {0} + 1)": "{0} < 1500",
    "{1} * {0}": "{1} < 100 and len({0}) < 100",
    "list(range({0}))": "{0} < SPAN",
    "range(1, {0} + 1)": "{0} < 1000",
    "range({0}, {1}": "{1} - {0} < SPAN",
    "range(2, math": "{0} < 10**9",
    "permutations": "len({0}) < 6",
    "for j in range": "len({0}) < 40",
    "combinations": "len({0}) < 60",
    "just(": "{1} < 200",
    "zfill(": "{1} < 200",
    "center(": "{1} < 200",
    "math.prod({0})": "len({0}) < 60",
    "operator.mul": "len({0}) < 60",
}
"""Conditions under which an operation with such a template is carried out, so that values stay
small enough to go on with; the printed program has no such limits."""

_NATIVE: dict[str, Callable[..., Any]] = {
    "{0} + {1}": operator.add,
    "{0} - {1}": operator.sub,
    "-{0}": operator.neg,
    "abs({0})": abs,
    "{0} == {1}": operator.eq,
    "{0} < {1}": operator.lt,
    "{0} <= {1}": operator.le,
    "{0} != {1}": operator.ne,
    "{0} % {1}": operator.mod,
    "not {0}": operator.not_,
    "{0}[{1}]": operator.getitem,
    "len({0})": len,
    "sorted({0})": sorted,
    "sum({0})": sum,
    "max({0})": max,
    "min({0})": min,
    "str({0})": str,
    "int({0})": int,
    "float({0})": float,
    "ord({0})": ord,
    "list({0})": list,
    "set({0})": set,
    "tuple({0})": tuple,
    "{0}.upper()": str.upper,
    "{0}.lower()": str.lower,
    "{0}.split()": str.split,
    "{0}.split({1})": str.split,
    "{0}.startswith({1})": str.startswith,
    "{0}.endswith({1})": str.endswith,
    "{0}.isdigit()": str.isdigit,
    "{0}.isalpha()": str.isalpha,
    "math.gcd({0}, {1})": math.gcd,
    "max({0}, {1})": max,
    "min({0}, {1})": min,
}
"""Templates that are one built-in function, called without a detour."""


@dataclass(frozen=True, slots=True)
class Library:
    """A set of operations. ``with_operation`` adds one's own:

    >>> library = Library.standard().with_operation(
    ...     "{0} ** 2 + 1", ["int"], "int", cost=2)
    >>> library.operations[-1].function(3)
    10
    """

    operations: tuple[Operation, ...]

    @classmethod
    def standard(cls) -> Library:
        """Python's own operations, with costs learnt from solved problems."""
        return _standard()

    def without_learnt_costs(self) -> Library:
        """This library with the costs as ``operations.txt`` states them."""
        prior = {signature(op): op.cost for op in _written()}
        return self.with_costs(prior)

    def with_operation(
        self, template: str, arguments: Iterable[str], result: str, cost: int = 3
    ) -> Library:
        """This library and one more operation, given as a Python expression over {0}, {1}, …."""
        made = Operation(template, tuple(arguments), result, cost)
        try:
            ast.parse(template.format(*"abcdefgh"), mode="eval")
        except (SyntaxError, IndexError, KeyError, ValueError) as error:
            raise UsageError(f"the template {template!r} is not a Python expression") from error
        return Library((*self.operations, made))

    def with_costs(self, costs: Mapping[str, int]) -> Library:
        """This library with other costs, by template and type."""
        return Library(
            tuple(replace(op, cost=costs.get(signature(op), op.cost)) for op in self.operations)
        )

    def instances(self, types: Iterable[str]) -> tuple[Operation, ...]:
        """The operations at the given types: type variables stand for each fitting type."""
        return _all_instances(self.operations, frozenset(types))


@functools.lru_cache(maxsize=64)
def _all_instances(
    operations: tuple[Operation, ...], types: frozenset[str]
) -> tuple[Operation, ...]:
    known = sorted(types)
    return tuple(made for operation in operations for made in _instances(operation, known))


def signature(operation: Operation) -> str:
    """What names an operation in the file of costs."""
    return f"{' '.join(operation.arguments)} -> {operation.result} {operation.template}"


@functools.cache
def _standard() -> Library:
    costs = Path(__file__).parent / "costs.json"
    learnt = json.loads(costs.read_text(encoding="utf-8")) if costs.exists() else {}
    return Library(_written()).with_costs(learnt)


@functools.cache
def _written() -> tuple[Operation, ...]:
    """The operations of ``operations.txt``."""
    operations = []
    for line in (Path(__file__).parent / "operations.txt").read_text(encoding="utf-8").splitlines():
        found = _LINE.fullmatch(line)
        if found:
            cost, arguments, rest = found.groups()
            result = _split(rest, " ")[0]
            template = rest[len(result) + 1 :]
            flags = _FLAGS.match(template).group()  # type: ignore[union-attr]
            operations.append(
                Operation(
                    template.removeprefix(flags),
                    tuple(_split(arguments.strip(), " ")),
                    result,
                    int(cost),
                    "~" in flags,
                    _NEAR if "!" in flags else 1_000,
                )
            )
    return tuple(operations)


def _split(text: str, separator: str) -> list[str]:
    """Split a list of types at a separator that stands outside brackets."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if character == separator and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _instances(operation: Operation, known: list[str]) -> Iterator[Operation]:
    patterns = operation.arguments
    if not any(_has_variable(pattern) for pattern in (*patterns, operation.result)):
        # Operations on types that never occur cost nothing: their levels stay empty.
        yield operation
        return
    seen = set()
    for binding in _bindings(patterns, known, {}):
        arguments = tuple(_substitute(pattern, binding) for pattern in patterns)
        result = _substitute(operation.result, binding)
        if arguments not in seen and result in known:
            seen.add(arguments)
            yield replace(operation, arguments=arguments, result=result)


def _bindings(
    patterns: tuple[str, ...], known: list[str], binding: dict[str, str]
) -> Iterator[dict[str, str]]:
    if not patterns:
        yield binding
        return
    for kind in known:
        matched = _match(patterns[0], kind, binding)
        if matched is not None:
            yield from _bindings(patterns[1:], known, matched)


@functools.cache
def _parts(text: str) -> tuple[str, tuple[str, ...]]:
    head, bracket, rest = text.partition("[")
    return (head, tuple(_split(rest[:-1], ","))) if bracket else (text, ())


def _has_variable(pattern: str) -> bool:
    return re.search(r"\b[TUV]\b", pattern) is not None


def _match(pattern: str, kind: str, binding: dict[str, str]) -> dict[str, str] | None:
    if pattern in ("T", "U", "V"):
        if binding.get(pattern, kind) != kind:
            return None
        return {**binding, pattern: kind}
    head, inner = _parts(pattern)
    found, parts = _parts(kind)
    if head != found or len(inner) != len(parts):
        return None
    result: dict[str, str] | None = binding
    for one, other in zip(inner, parts, strict=True):
        result = _match(one, other, result) if result is not None else None
    return result


def _substitute(pattern: str, binding: dict[str, str]) -> str:
    return re.sub(r"\b[TUV]\b", lambda found: binding[found.group()], pattern)
