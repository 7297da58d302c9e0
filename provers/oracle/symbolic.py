"""Inputs that random search cannot hit, found by symbolic execution with CrossHair.

CrossHair executes both programs on symbolic values, so it runs inside the sandbox like any other
foreign code; what it proposes is only an input, which the differential tester then tries itself.
"""

from __future__ import annotations

import ast
from importlib.util import find_spec

from ...engine.synthesis.outcome import Outcome
from ...engine.synthesis.types import Type
from .sandbox import Limits, Program

_DRIVER = '''
import sys, types
_left = {left!r}
_right = {right!r}

def _load(label, source, name):
    module = types.ModuleType(label)
    sys.modules[label] = module
    exec(compile(source, "<" + label + ">", "exec"), module.__dict__)
    return module.__dict__[name]

def search(seconds):
    sys.setrecursionlimit(5000)
    from crosshair.core_and_libs import standalone_statespace  # noqa: F401
    from crosshair.diff_behavior import diff_behavior
    from crosshair.fnutil import FunctionInfo
    from crosshair.options import AnalysisOptionSet, DEFAULT_OPTIONS
    import sandboxed_pair
    options = DEFAULT_OPTIONS.overlay(AnalysisOptionSet(
        per_condition_timeout=seconds, per_path_timeout=min(1.5, seconds / 3)))
    first = FunctionInfo.from_module(sandboxed_pair, "left")
    second = FunctionInfo.from_module(sandboxed_pair, "right")
    found = diff_behavior(first, second, options)
    if isinstance(found, str):
        return [found]
    return [[(key, str(text)) for key, text in diff.args.items()] for diff in found]

_module = types.ModuleType("sandboxed_pair")
sys.modules["sandboxed_pair"] = _module
import typing
_module.__dict__.update(vars(typing))
_hidden, _candidate = _load("hidden", _left, {left_name!r}), _load("candidate", _right, {right_name!r})
_module.__dict__.update(_hidden=_hidden, _candidate=_candidate)
_text = """
def left({parameters}):
    return _hidden({names})

def right({parameters}):
    return _candidate({names})
"""
import linecache
linecache.cache["<sandboxed_pair>"] = (len(_text), None, _text.splitlines(True), "<sandboxed_pair>")
exec(compile(_text, "<sandboxed_pair>", "exec"), _module.__dict__)
for _name in ("left", "right"):
    _module.__dict__[_name].__module__ = "sandboxed_pair"
'''


def search(
    hidden: Program, candidate: Program, types: tuple[Type, ...], seconds: float
) -> list[tuple[object, ...]] | str:
    """Inputs on which the two may differ, or a word on why none could be looked for."""
    if find_spec("crosshair") is None:
        return "crosshair (install lemmata[programs])"
    names = [f"p{place}" for place in range(len(types))]
    parameters = ", ".join(
        f"{name}: {_annotation(kind)}" for name, kind in zip(names, types, strict=True)
    )
    driver = _DRIVER.format(
        left=hidden.source,
        right=candidate.source,
        left_name=hidden.name,
        right_name=candidate.name,
        parameters=parameters,
        names=", ".join(names),
    )
    limits = Limits(seconds=seconds + 4, wall=3 * seconds + 15, memory=4 << 30)
    with hidden.sandbox.load(driver, "search", limits) as program:
        outcome = program.call(seconds)
    candidate.cpu_seconds += program.cpu_seconds
    return _calls(outcome, names)


def _calls(outcome: Outcome, names: list[str]) -> list[tuple[object, ...]] | str:
    if outcome.kind != "returned" or not isinstance(outcome.value, list):
        return f"crosshair ({outcome.kind}: {outcome.error} {outcome.message})"[:160]
    calls: list[tuple[object, ...]] = []
    for row in outcome.value:
        if isinstance(row, str):
            return f"crosshair ({row})"[:160]
        texts = dict(row)
        try:
            calls.append(tuple(ast.literal_eval(texts[name]) for name in names))
        except (ValueError, SyntaxError, KeyError):
            continue
    return calls


def _annotation(kind: Type) -> str:
    match kind.name:
        case "unknown":
            return "int"
        case "union":
            return f"Union[{', '.join(map(_annotation, kind.parameters))}]"
        case "none":
            return "None"
        case "sequence":
            return f"Tuple[{_annotation(kind.parameters[0])}, ...]"
        case "list" | "set" | "dict" | "tuple" | "frozenset":
            label = "FrozenSet" if kind.name == "frozenset" else kind.name.capitalize()
            return f"{label}[{', '.join(map(_annotation, kind.parameters)) or '()'}]"
        case name:
            return name
