"""Files of input/output pairs: plain JSON, SyGuS strings (v1 and v2), 1D-ARC."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import SourceError, Span, UsageError

Pair = tuple[tuple[object, ...], object]


@dataclass(frozen=True, slots=True)
class Task:
    """Pairs that a function must reproduce; ``held_out`` pairs judge it and are never shown."""

    name: str
    pairs: tuple[Pair, ...]
    held_out: tuple[Pair, ...] = ()
    constants: tuple[object, ...] = ()


def read_text(path: Path) -> str:
    """A file's text, or one clear error."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read {path}: it is not UTF-8 text") from error


def load_task(path: Path) -> Task:
    """The task of a file, by its ending: ``.sl`` is SyGuS, anything else JSON."""
    text = read_text(path)
    return parse_sygus(text, str(path)) if path.suffix == ".sl" else parse_json(text, str(path))


def parse_json(text: str, path: str = "<text>") -> Task:
    """Pairs in any of the common shapes.

    ``[{"input": …, "output": …}]`` with ``args``/``arguments``/``inputs`` and
    ``result``/``expected`` as other names, ``[[input, output], …]``, or an object that holds such
    a list under ``examples`` (and optionally ``name``). An input that is a list under ``args``,
    ``arguments`` or ``inputs`` is a list of arguments; otherwise it is the one argument.

    >>> parse_json('[{"args": [1, 2], "result": 3}, {"args": [2, 2], "result": 4}]').pairs
    (((1, 2), 3), ((2, 2), 4))
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"not JSON: {error.msg}",
            path=path,
            text=text,
            span=Span(error.lineno, error.colno, error.lineno, error.colno + 1),
        ) from error
    name = "f"
    if isinstance(data, dict):
        name = str(data.get("name", "f"))
        if not name.isidentifier():
            raise UsageError(f"{path}: the name {name!r} is not a Python identifier")
        if "train" in data:
            return _grid_task(name, data)
        data = next((data[key] for key in ("examples", "pairs") if key in data), None)
    if not isinstance(data, list) or not data:
        raise UsageError(
            f'{path}: no examples found; expected a list such as [{{"args": [1, 2], "result": 3}}]'
        )
    pairs = tuple(_pair(item, number, path) for number, item in enumerate(data, 1))
    _refuse_contradictions(pairs, path)
    return Task(name, pairs)


def _refuse_contradictions(pairs: Sequence[Pair], path: str) -> None:
    """No function gives two results for the same arguments."""
    known: dict[str, tuple[int, object]] = {}
    for number, (arguments, result) in enumerate(pairs, 1):
        first, before = known.setdefault(repr(arguments), (number, result))
        if repr(before) != repr(result):
            raise UsageError(
                f"{path}: examples {first} and {number} give two results for the same arguments "
                f"{arguments!r}: {before!r} and {result!r}"
            )


def _pair(item: Any, number: int, path: str) -> Pair:
    if isinstance(item, dict):
        outputs = [item[key] for key in ("output", "result", "expected") if key in item]
        for key in ("args", "arguments", "inputs"):
            if isinstance(item.get(key), list) and outputs:
                return tuple(item[key]), outputs[0]
        if "input" in item and outputs:
            return (item["input"],), outputs[0]
    elif isinstance(item, list) and len(item) == 2:
        return (item[0],), item[1]
    raise UsageError(
        f'{path}: example {number} is not a pair; expected {{"args": […], "result": …}}, '
        f"found {json.dumps(item)[:60]}"
    )


def load_grids(path: Path) -> list[Task]:
    """The tasks of a 1D-ARC file (JSONL); rows of colours become lists of integers."""
    tasks = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            tasks.append(_grid_task(str(data.get("type", number)), data.get("task", data)))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise SourceError(
                f"line {number} is not a 1D-ARC task: {error!r}",
                path=str(path),
                expected="an object with train and test, each a list of input and output",
            ) from error
    return tasks


def _grid_task(name: str, data: dict[str, Any]) -> Task:
    def pairs(rows: list[dict[str, Any]]) -> tuple[Pair, ...]:
        return tuple(((_flat(row["input"]),), _flat(row["output"])) for row in rows)

    return Task(name, pairs(data["train"]), pairs(data.get("test", [])))


def _flat(grid: list[Any]) -> list[Any]:
    return list(grid[0]) if len(grid) == 1 and isinstance(grid[0], list) else grid


_TOKEN = re.compile(r'\s+|;[^\n]*|"(?:[^"]|"")*"|[()]|[^\s()";]+')


def parse_sygus(text: str, path: str = "<text>") -> Task:
    """Programming by example in SyGuS format, version 1 or 2: constraints ``(= (f in…) out)``.

    >>> parse_sygus('(constraint (= (f "a" 1) "b"))').pairs
    ((('a', 1), 'b'),)
    """
    forms = _forms(text, path)
    name = "f"
    literals: dict[str, object] = {}
    pairs: list[Pair] = []
    for form in forms:
        if isinstance(form, list) and form[:1] == ["synth-fun"]:
            name = str(form[1])
            for value in _literals(form[2:]):
                literals.setdefault(repr(value), value)
        if isinstance(form, list) and form[:1] == ["constraint"]:
            pairs.append(_constraint(form[1], name, path))
    if not pairs:
        raise UsageError(f"{path}: no constraint of the form (= (f input) output)")
    return Task(
        name if name.isidentifier() else "f", tuple(pairs), constants=tuple(literals.values())
    )


class _Text(str):
    """A string literal, as opposed to a symbol."""

    __slots__ = ()


def _forms(text: str, path: str) -> list[Any]:
    stack: list[list[Any]] = [[]]
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            line = text.count("\n", 0, place) + 1
            column = place - text.rfind("\n", 0, place)
            span = Span(line, column, line, column + 1)
            raise SourceError("unterminated string", path=path, text=text, span=span)
        token = found.group()
        place = found.end()
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise SourceError("a closing bracket too many", path=path, text=text)
            form = stack.pop()
            stack[-1].append(form)
        elif token.startswith('"'):
            stack[-1].append(_Text(token[1:-1].replace('""', '"')))
        elif not token.isspace() and not token.startswith(";"):
            stack[-1].append(token)
    if len(stack) > 1:
        raise SourceError("a closing bracket is missing", path=path, text=text)
    return stack[0]


def _literal(form: Any) -> object:
    match form:
        case _Text():
            return str(form)
        case "true" | "false":
            return form == "true"
        case ["-", inner]:
            value = _literal(inner)
            if isinstance(value, int):
                return -value
        case str() if re.fullmatch(r"-?\d+", form):
            return int(form)
    raise ValueError(form)


def _literals(form: Any) -> list[object]:
    if isinstance(form, list):
        return [value for part in form for value in _literals(part)]
    if isinstance(form, _Text) or (isinstance(form, str) and re.fullmatch(r"-?\d+", form)):
        return [_literal(form)]
    return []


def _constraint(form: Any, name: str, path: str) -> Pair:
    match form:
        case ["=", [head, *inputs], output] if head == name:
            pass
        case ["=", output, [head, *inputs]] if head == name:
            pass
        case _:
            raise UsageError(f"{path}: a constraint is not an example (= ({name} input) output)")
    try:
        return tuple(map(_literal, inputs)), _literal(output)
    except ValueError as error:
        raise UsageError(f"{path}: {error.args[0]!r} is not a literal") from error
