"""Hypothesis strategies for inferred types."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from ...engine.synthesis.types import Type

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


# Spelled out: to know all of Unicode costs Hypothesis seconds and a file in the working directory.
_PLAIN = "".join(map(chr, range(127)))
_RARE = "".join(map(chr, (*range(0xA0, 0x250), *range(0x370, 0x400), 0x4F60, 0x597D, 0x1F600)))


def strategy(kind: Type) -> SearchStrategy[Any]:
    """The strategy that draws values of a type; needs the extra ``programs``."""
    from hypothesis import strategies as st

    parts = [strategy(part) for part in kind.parameters]
    match kind.name:
        case "int":
            return st.integers(-1000, 1000) | st.integers(-5, 20)
        case "bool":
            return st.booleans()
        case "float":
            return st.floats(allow_nan=False, allow_infinity=False, width=32)
        case "str":
            return st.text(_PLAIN, max_size=12) | st.text(_PLAIN + _RARE, max_size=4)
        case "bytes":
            return st.binary(max_size=8)
        case "complex":
            return st.complex_numbers(allow_nan=False, allow_infinity=False)
        case "none":
            return st.none()
        case "union":
            return st.one_of(parts)
        case "tuple":
            return st.tuples(*parts)
        case "list":
            return st.lists(parts[0], max_size=8)
        case "sequence":
            return st.lists(parts[0], max_size=8).map(tuple)
        case "set":
            return st.sets(parts[0], max_size=6)
        case "frozenset":
            return st.frozensets(parts[0], max_size=6)
        case "dict":
            return st.dictionaries(parts[0], parts[1], max_size=5)
        case _:
            return st.integers(-10, 10) | st.text(max_size=3)


def draw(types: tuple[Type, ...], count: int, seed: int) -> list[tuple[object, ...]]:
    """So many calls of these types, drawn by Hypothesis; ``ImportError`` where it is missing."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    drawn: list[tuple[object, ...]] = []

    def note(call: tuple[object, ...]) -> None:
        drawn.append(call)

    run = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
    )(given(st.tuples(*map(strategy, types)))(note))
    state = random.getstate()
    try:
        seeded(seed)(run)()
    finally:
        random.setstate(state)
    return drawn
