"""What is wrong with the arguments of a call, said in their own names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

SHOWN = 60
"""Characters of a wrong value that are repeated."""


def unknown_name(kind: str, given: str, known: Iterable[str]) -> str:
    """That there is no such tool or argument, what may have been meant, and what there is.

    >>> unknown_name("tool", "proof", ["prove", "parse"])
    "there is no tool 'proof' (did you mean 'prove'?); there are: prove, parse"
    """
    names = list(known)
    close = get_close_matches(given, names, 1)
    hint = f" (did you mean '{close[0]}'?)" if close else ""
    return f"there is no {kind} '{given[:SHOWN]}'{hint}; there are: {', '.join(names)}"


def unfit(error: ValidationError, properties: Mapping[str, Any]) -> str:
    """Each argument that is missing or of another type: what was expected, and what was found."""
    told = []
    for one in error.errors():
        name = str(one["loc"][0]) if one["loc"] else "the call"
        place = "".join(f"[{part!r}]" for part in one["loc"][1:])
        about = properties.get(name, {}).get("description", "")
        if one["type"] == "missing" and not place:
            told.append(f"'{name}' is missing" + (f": {about}" if about else ""))
            continue
        found = repr(one["input"])
        shown = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
        expected = one["msg"].removeprefix("Input ").removeprefix("should be ")
        told.append(f"'{name}'{place} must be {expected}; found {shown}")
    return "\n".join(dict.fromkeys(told))
