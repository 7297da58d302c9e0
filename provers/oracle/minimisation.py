"""Smaller neighbours of a call, the boldest first, for minimising counterexamples."""

from __future__ import annotations

from collections.abc import Iterator


def smaller_calls(call: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    """The call with one argument replaced by a smaller value of the same type.

    >>> list(smaller_calls((3,)))
    [(0,), (1,), (2,)]
    """
    for place, value in enumerate(call):
        for smaller in _smaller(value):
            yield (*call[:place], smaller, *call[place + 1 :])


def _smaller(value: object) -> Iterator[object]:
    match value:
        case bool():
            if value:
                yield False
        case int():
            yield from dict.fromkeys(_smaller_integers(value))
        case float():
            for simple in (0.0, 1.0, float(round(value)) if abs(value) < 1e15 else 0.0):
                if simple != value and abs(simple) <= abs(value):
                    yield simple
        case str():
            yield from _shorter(value)
            for place, character in enumerate(value[:12]):
                if character not in "a0 ":
                    plain = "0" if character.isdigit() else "a"
                    yield value[:place] + plain + value[place + 1 :]
        case list() | tuple():
            if isinstance(value, list):
                yield from _shorter(value)
            for place, item in enumerate(value[:12]):
                for smaller in _smaller(item):
                    changed = [*value[:place], smaller, *value[place + 1 :]]
                    yield changed if isinstance(value, list) else tuple(changed)
        case dict():
            for key in value:
                yield {other: item for other, item in value.items() if other != key}
        case set() | frozenset():
            for item in value:
                yield value - {item}
        case _:
            return


def _smaller_integers(value: int) -> Iterator[int]:
    sign = -1 if value < 0 else 1
    if value < 0:
        yield -value
    for size in (0, 1, 2, abs(value) // 10, abs(value) // 2, abs(value) - 1):
        if 0 <= size < abs(value):
            yield sign * size


def _shorter(value: str | list[object]) -> Iterator[str | list[object]]:
    length = len(value)
    seen: set[tuple[int, int]] = set()
    size = length
    while size >= 1:
        for start in range(0, length, size):
            stop = min(length, start + size)
            if (start, stop) not in seen:
                seen.add((start, stop))
                yield value[:start] + value[stop:]  # type: ignore[operator]
        size //= 2
