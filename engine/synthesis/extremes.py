"""Inputs far beyond the examples: large numbers, long texts and lists.

Differences at such sizes cannot be met by changing examples a little: an overflow at some power of
two, a float that no longer holds an integer, a counter that wraps after so many steps.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

Call = tuple[object, ...]

_LEAST_BITS, _MOST_BITS = 4, 65
_LONGEST = 5000
_COUNTS = 8


def magnitudes(calls: Sequence[Call], dice: random.Random) -> Iterator[list[Call]]:
    """For growing numbers of bits: single integers at a power of two, then all of them that large.

    A list for each size, so that a caller can stop where a function becomes slow.

    >>> first = next(magnitudes([(3, "a")], random.Random(0)))
    >>> first[:2]
    [(16, 'a'), (15, 'a')]
    """
    if not any(_places(call) for call in calls):
        return
    for bits in range(_LEAST_BITS, _MOST_BITS):
        batch: list[Call] = []
        base = dice.choice([call for call in calls if _places(call)])
        places = _places(base)
        for place in places:
            batch += [_with(base, place, number) for number in (1 << bits, (1 << bits) - 1)]
        for _ in range(2):
            # Any of them may be the largest; the others have sizes of their own.
            sizes = [dice.randint(1, bits) for _ in places]
            sizes[dice.randrange(len(sizes))] = bits
            call = base
            for place, size in zip(places, sizes, strict=True):
                call = _with(call, place, dice.getrandbits(size) | 1 << size - 1)
            batch.append(call)
        if any(value < 0 for call in calls for value in _integers(call)):
            batch.append(_with(base, dice.choice(places), -(1 << bits)))
        yield batch


def stretched(
    calls: Sequence[Call], constants: Sequence[object], dice: random.Random
) -> Iterator[Call]:
    """One text or list of a call with an item repeated as often as a constant says, or once more.

    >>> [len(text) for (text,) in stretched([("ab",)], [7], random.Random(0))][:2]
    [9, 10]
    """
    counts = [n for n in constants if type(n) is int and 2 < n <= _LONGEST]
    for count in list(dict.fromkeys(counts))[:_COUNTS]:
        for place in range(max(map(len, calls), default=0)):
            bases = [call for call in calls if place < len(call) and _is_long(call[place])]
            for base in dice.sample(bases, min(3, len(bases))):
                share = dice.random()
                for times in (count, count + 1):
                    yield _with(base, place, _longer(base[place], share, times))


def _is_long(value: object) -> bool:
    return isinstance(value, (str, list)) and len(value) > 0


def _longer(value: object, share: float, times: int) -> object:
    """The value with the item that stands at this share of it repeated so often."""
    match value:
        case str():
            at = int(share * len(value))
            return value[:at] + value[at] * times + value[at:]
        case list():
            at = int(share * len(value))
            return value[:at] + [value[at]] * times + value[at:]
        case _:
            return value


def _integers(call: Call) -> list[int]:
    return [value for value in call if isinstance(value, int)]


def _places(call: Call) -> list[int]:
    """Where integers stand, but for truth values."""
    return [place for place, value in enumerate(call) if type(value) is int]


def _with(call: Call, place: int, value: object) -> Call:
    return (*call[:place], value, *call[place + 1 :])
