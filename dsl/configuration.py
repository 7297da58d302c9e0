"""The JSON configuration of published definitions: one object a predicate.

``short_mpl`` is the signature, ``full_mpl`` the body or the file that holds it, ``arity`` the
number of arguments, ``definition_sets`` their types. Objects may be nested in any way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .diagnostics import Problems, Source
from .library import neighbour, read_text
from .operators import EQUALITIES
from .parser import parse_core
from .sorts import Inference, read_type
from .syntax import CoreAtom, Group
from .vocabulary import MEMBERSHIP


@dataclass(frozen=True, slots=True)
class Entry:
    """One predicate: its name, formal parameters, their types where known, and its body's place.

    The body is in ``file`` or is ``inline``; with neither, the predicate is left open.
    """

    name: str
    parameters: tuple[str, ...]
    types: tuple[str, ...] | None
    path: str
    file: Path | None = None
    inline: str = ""


def read_configuration(path: Path, is_required: bool, problems: Problems) -> list[Entry]:
    """The entries of a configuration; a file that is none is an error only if required."""
    source = read_text(path, problems)
    if source is None:
        return []
    try:
        data = json.loads(source.text)
    except (json.JSONDecodeError, RecursionError) as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else 0
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        problems.add(source, at, at + 1, f"this is not JSON: {reason}")
        return []
    objects = list(_objects(data))
    if not objects and is_required:
        problems.whole(
            str(path), "this configures no predicate", expected="objects with 'short_mpl'"
        )
    reader = _Reader(path, source, problems)
    return [entry for one in objects if (entry := reader.entry(one)) is not None]


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if "short_mpl" in data:
            yield data
            return
        data = list(data.values())
    if isinstance(data, list):
        for one in data:
            yield from _objects(one)


@dataclass(frozen=True)
class _Reader:
    path: Path
    source: Source
    problems: Problems

    def fail(self, value: Any, message: str, expected: str = "", hint: str = "") -> None:
        """Note an error at the place where a value stands in the file."""
        text = json.dumps(value, ensure_ascii=False)
        at = max(0, self.source.text.find(text))
        end = at + (len(text) if self.source.text.startswith(text, at) else 1)
        found = text if len(text) <= 60 else text[:60] + "…"
        self.problems.add(self.source, at, end, message, expected=expected, found=found, hint=hint)

    def entry(self, one: dict[str, Any]) -> Entry | None:
        short = one["short_mpl"]
        signature = self.signature(short)
        if signature is None:
            self.fail(short, "this is no signature", "a predicate with its parameters: (Name[p,q])")
            return None
        name = signature.name.text
        if MEMBERSHIP.fullmatch(name) or name in EQUALITIES:
            return None  # built in, whatever the configuration says of it
        parameters = tuple(arg.text for arg in signature.args)
        arity = one.get("arity", len(parameters))
        if arity not in (len(parameters), str(len(parameters))):
            self.fail(arity, f"'{name}' has another arity", f"{len(parameters)}, as in {short}")
            return None
        types = self.types(name, parameters, one.get("definition_sets"))
        full = one.get("full_mpl") or ""
        if not isinstance(full, str):
            self.fail(full, f"'{name}' has no body", "a file name or an expression")
            return None
        if full.strip()[:1] in ("(", "!", ""):
            return Entry(name, parameters, types, str(self.path), None, full.strip())
        file = self.path.parent / full
        if not file.is_file():
            folder = self.path.parent
            around = (*sorted(folder.rglob("*")), *sorted(folder.parent.glob("*/*")))
            named = [path for path in around if path.name == Path(full).name and path.is_file()]
            if not named:
                self.fail(full, f"there is no file '{full}'", hint=neighbour(file))
                return None
            file = named[0]
        return Entry(name, parameters, types, str(self.path), file.resolve())

    def signature(self, short: Any) -> CoreAtom | None:
        if not isinstance(short, str):
            return None
        text = short.strip()
        source = Source(str(self.path), text if text.startswith("(") else f"({text})")
        match parse_core(source, 0, len(source.text), Problems()):
            case Group((False,), CoreAtom() as atom):
                return atom
            case _:
                return None

    def types(self, name: str, parameters: tuple[str, ...], sets: Any) -> tuple[str, ...] | None:
        """The types of the parameters, which may be given in order, by name or by position."""
        if sets is None:
            return None
        if isinstance(sets, dict):
            if set(parameters) <= set(sets):
                sets = [sets[parameter] for parameter in parameters]
            else:
                sets = [value for _, value in sorted(sets.items(), key=_position)]
        values = [_first_text(value) for value in sets] if isinstance(sets, list) else []
        if len(values) != len(parameters):
            self.fail(
                sets, f"the types of '{name}' do not fit", f"{len(parameters)}, one a parameter"
            )
            return None
        found = []
        for value in values:
            type_ = read_type(value)
            if type_ is None:
                self.fail(value, "this is no type", "(1), P(1), P(x(1)(1)), P(x(1)(x(1)(1))), …")
                return None
            found.append(Inference().show(type_))
        return tuple(found)


def _position(item: tuple[str, Any]) -> tuple[int, str]:
    key = item[0]
    return (int(key), "") if key.isdecimal() else (0, key)


def _first_text(value: Any) -> str:
    """The type in a value, which may stand in a list with other things about the argument."""
    while isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""
