"""Inputs for a function whose types are known from examples: edges, mutations, mixtures.

Everything is drawn from one seeded source, so that a run can be repeated. Values that were seen
(in examples, or as constants of a program) are kept in a pool by type and used again, alone, one
step beside, and inside larger values: that is where programs that look alike differ.
"""

from __future__ import annotations

import math
import random
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from .types import Type, infer, infer_arguments

_EDGE_TEXT = ("", " ", "a", "A", "0", "ab", "aa", "Ab c", "a b", "1", "-1", "a1", ",", "\n", "aba")
_UNICODE = ("é", "ß", "İ", "你好", "Ω", "²", "\u00a0", "😀", "ǆ", "ıI", "ςσ")
_OFF_TYPE: tuple[object, ...] = (
    None,
    0,
    -1,
    1.5,
    True,
    "",
    "a",
    "12",
    [],
    [1],
    ["a"],
    (),
    (1, 2),
    {},
    {"a": 1},
)
_EDGE_INTEGERS = (0, 1, -1, 2, 3, 10, -2, 5, 7, 100, 4, 6, 8, 9, 12, -10, 50, 1000, 99, 101)


@dataclass(slots=True)
class Generator:
    """Draws argument tuples for a function known by some calls and constants.

    >>> generator = Generator.of([(3, "abc"), (5, "xy")], seed=1)
    >>> [len(call) for call in (next(generator.stream()), generator.mutation((3, "abc")))]
    [2, 2]
    """

    types: tuple[Type, ...]
    calls: tuple[tuple[object, ...], ...]
    dice: random.Random
    pool: dict[str, list[object]] = field(default_factory=dict)
    alphabet: str = ""
    span: int = 10
    length: int = 4
    negative: bool = True

    @classmethod
    def of(
        cls,
        calls: Sequence[tuple[object, ...]],
        *,
        constants: Iterable[object] = (),
        types: tuple[Type, ...] | None = None,
        seed: int = 0,
    ) -> Generator:
        """A generator for the function these calls belong to."""
        kinds = types if types is not None else infer_arguments(calls)
        made = cls(kinds, tuple(calls), random.Random(seed))
        for call in calls:
            for value in call:
                made._learn(value)
        integers = [n for n in made.pool.get("int", ()) if isinstance(n, int)]
        if integers:
            made.span = max(10, *map(abs, integers))
            made.negative = min(integers) < 0
        for value in constants:
            if isinstance(value, str) and len(value) > 200:
                continue
            made._learn(value, deep=False)
        seen = sorted({c for text in made.pool.get("str", ()) for c in str(text)})
        made.alphabet = "".join(seen)[:80] or "abcABC012 ,.-"
        return made

    def _learn(self, value: object, deep: bool = True) -> None:
        bucket = self.pool.setdefault(type(value).__name__, [])
        if len(bucket) < 400 and value not in bucket:
            bucket.append(value)
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            if deep:
                self.length = max(self.length, min(len(value), 30))
            for item in value:
                self._learn(item, deep)
            if isinstance(value, dict):
                for item in value.values():
                    self._learn(item, deep)

    # Streams of whole calls.

    def stream(self) -> Iterator[tuple[object, ...]]:
        """Calls without end: the examples, edges, then mutations mixed with fresh values."""
        yield from self.calls
        yield from self.edges()
        yield from self.mixtures()

    def mixtures(self) -> Iterator[tuple[object, ...]]:
        """Calls without end: mutations, crossings, related arguments, fresh values."""
        while True:
            roll = self.dice.random()
            if self.calls and roll < 0.4:
                yield self.mutation(self.dice.choice(self.calls))
            elif self.calls and roll < 0.55:
                yield self._crossing()
            elif roll < 0.7:
                yield self._related()
            else:
                yield self.fresh()

    def edges(self) -> Iterator[tuple[object, ...]]:
        """Each argument at its edges while the others stay as in an example."""
        bases = list(self.calls) or [self.fresh()]
        for place, kind in enumerate(self.types):
            for number, value in enumerate(self._edge_values(kind)):
                base = bases[number % len(bases)]
                yield (*base[:place], value, *base[place + 1 :])

    def edges_in_turn(self, telling: Sequence[object]) -> Iterator[tuple[object, ...]]:
        """The edges of all arguments by turns; every other one is near a value that is ``telling``."""
        bases = list(self.calls) or [self.fresh()]
        columns = [
            [(place, value) for value in _alternating(self._edge_values(kind), kind.name, telling)]
            for place, kind in enumerate(self.types)
        ]
        for number, row in enumerate(zip_longest(*columns)):
            base = bases[number % len(bases)]
            for place, value in filter(None, row):
                yield (*base[:place], value, *base[place + 1 :])

    def fresh(self) -> tuple[object, ...]:
        """A call made of new values alone."""
        return tuple(self.value(kind) for kind in self.types)

    def mutation(self, call: tuple[object, ...]) -> tuple[object, ...]:
        """A neighbour of a call: one argument changed, sometimes more, sometimes twice."""
        changed = list(call)
        for place in range(len(changed)):
            if len(changed) > 1 and self.dice.random() < 0.45:
                continue
            kind = self.types[place] if place < len(self.types) else infer(changed[place])
            for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
                changed[place] = self.mutate(changed[place], kind)
        return tuple(changed)

    def off_type(self) -> tuple[object, ...]:
        """A call in which one argument has a type the examples do not show."""
        call = list(self.dice.choice(self.calls) if self.calls else self.fresh())
        if call:
            call[self.dice.randrange(len(call))] = self.dice.choice(_OFF_TYPE)
        return tuple(call)

    def unicode(self) -> tuple[object, ...]:
        """A call in which a character that is not ASCII stands somewhere."""
        call = list(self.dice.choice(self.calls) if self.calls else self.fresh())
        for place, value in enumerate(call):
            if isinstance(value, str):
                at = self.dice.randint(0, len(value))
                call[place] = value[:at] + self.dice.choice(_UNICODE) + value[at:]
            elif isinstance(value, list) and value and isinstance(value[0], str):
                call[place] = [*value, self.dice.choice(_UNICODE)]
        return tuple(call)

    def _crossing(self) -> tuple[object, ...]:
        picks = [self.dice.choice(self.calls) for _ in self.types]
        return tuple(pick[place] for place, pick in enumerate(picks))

    def _related(self) -> tuple[object, ...]:
        """Arguments that have to do with each other: equal, a part, a length, an element."""
        call = list(self.dice.choice(self.calls) if self.calls else self.fresh())
        if self.dice.random() < 0.5:
            call = list(self.mutation(tuple(call)))
        if len(call) < 2 or len(call) != len(self.types):
            return self.mutation(tuple(call))
        target, source = self.dice.sample(range(len(call)), 2)
        value, kind = call[source], self.types[target]
        if infer(value) == kind:
            call[target] = value if self.dice.random() < 0.4 else self.mutate(value, kind)
        elif kind.name == "int" and isinstance(value, (str, list, tuple, dict)):
            call[target] = max(0, len(value) + self.dice.randint(-2, 2))
        elif isinstance(value, (list, tuple)) and value and infer(value[0]) == kind:
            call[target] = self.dice.choice(value)
        elif kind.name == "list" and kind.parameters == (infer(value),):
            held = call[target]
            bag = list(held) if isinstance(held, list) else []
            bag.insert(self.dice.randint(0, len(bag)), value)
            call[target] = bag
        if kind.name == "str" and isinstance(value, str) and value and self.dice.random() < 0.6:
            start = self.dice.randrange(len(value))
            call[target] = value[start : start + self.dice.randint(1, 3)]
        return tuple(call)

    # Values of one type.

    def value(self, kind: Type, depth: int = 0) -> object:
        """A value of a type; sizes stay near those of the examples."""
        dice = self.dice
        match kind.name:
            case "int":
                return self._integer()
            case "bool":
                return dice.random() < 0.5
            case "float":
                return self._float()
            case "str":
                return self._text()
            case "none":
                return None
            case "bytes":
                return bytes(dice.randrange(256) for _ in range(dice.randint(0, 6)))
            case "complex":
                return complex(self._float(), self._float())
            case "union":
                return self.value(dice.choice(kind.parameters), depth)
            case "tuple":
                return tuple(self.value(part, depth + 1) for part in kind.parameters)
            case "dict":
                keys = self._items(kind.parameters[0], depth)
                return {_frozen(key): self.value(kind.parameters[1], depth + 1) for key in keys}
            case "set" | "frozenset":
                members = {_frozen(item) for item in self._items(kind.parameters[0], depth)}
                return members if kind.name == "set" else frozenset(members)
            case "list" | "sequence":
                items = self._items(kind.parameters[0], depth)
                return items if kind.name == "list" else tuple(items)
            case _:
                known = self.pool.get(kind.name) or self.pool.get("int") or [0]
                return dice.choice(known)

    def mutate(self, value: object, kind: Type) -> object:
        """A value close to the given one."""
        dice = self.dice
        if dice.random() < 0.08:
            return self.value(kind)
        match value:
            case bool():
                return not value
            case int():
                return self._near(value)
            case float():
                whole = float(round(value)) if math.isfinite(value) else 0.0
                choices = (value + 1, value - 1, -value, value * 2, value / 2, whole)
                return dice.choice((*choices, value + dice.uniform(-1, 1), self._float()))
            case str():
                return self._near_text(value)
            case list() | tuple():
                element = kind.parameters[0] if kind.name in ("list", "sequence") else None
                if isinstance(value, tuple) and element is None:
                    return self._near_tuple(value)
                near = self._near_list(list(value), element)
                return near if isinstance(value, list) else tuple(near)
            case dict() if len(kind.parameters) == 2:
                return self._near_dict(value, kind)
            case set() | frozenset() if kind.parameters:
                items = {_frozen(i) for i in self._near_list(list(value), kind.parameters[0])}
                return items if isinstance(value, set) else frozenset(items)
            case _:
                return self.value(kind)

    def _integer(self) -> int:
        dice = self.dice
        roll = dice.random()
        if roll < 0.3:
            number = dice.randint(-2, 6) if self.negative else dice.randint(0, 8)
        elif roll < 0.5:
            number = (
                dice.randint(-self.span, self.span) if self.negative else dice.randint(0, self.span)
            )
        elif roll < 0.8 and self.pool.get("int"):
            return self._near(dice.choice(self._known_integers()))
        elif roll < 0.97:
            number = dice.randint(0, 2 * self.span + 5)
        else:
            number = dice.randint(-self.span, -1)
        return number

    def _known_integers(self) -> list[int]:
        return [value for value in self.pool.get("int", ()) if isinstance(value, int)]

    def _near(self, value: int) -> int:
        dice = self.dice
        steps = (value + 1, value - 1, value + 2, value * 2, value // 2, -value, value + 10)
        roll = dice.random()
        if roll < 0.15:
            return value
        if roll < 0.6:
            return dice.choice(steps)
        if roll < 0.75 and self.pool.get("int"):
            return dice.choice(self._known_integers()) + dice.choice((-1, 0, 0, 1))
        if roll < 0.9:
            digits = list(str(abs(value)))
            digits[dice.randrange(len(digits))] = dice.choice(string.digits)
            return int("".join(digits)) * (-1 if value < 0 else 1)
        return dice.choice(_EDGE_INTEGERS)

    def _float(self) -> float:
        dice = self.dice
        known = [v for v in self.pool.get("float", ()) if isinstance(v, float)]
        roll = dice.random()
        if roll < 0.35 and known:
            return dice.choice(known) + dice.choice((0.0, 0.0, 1.0, -1.0, 0.5, 1e-9))
        if roll < 0.6:
            return float(dice.randint(-5, 20))
        if roll < 0.9:
            return round(dice.uniform(-self.span, self.span), dice.randint(0, 4))
        return dice.choice((0.0, -0.0, 0.1, 0.5, 1e-9, 1e16, -1.5, 2.5))

    def _character(self) -> str:
        dice = self.dice
        roll = dice.random()
        if roll < 0.7:
            return dice.choice(self.alphabet)
        if roll < 0.95:
            return dice.choice(string.ascii_letters + string.digits + " ")
        return dice.choice(string.printable)

    def _text(self) -> str:
        dice = self.dice
        known = self.pool.get("str")
        roll = dice.random()
        if roll < 0.25 and known:
            return str(dice.choice(known))
        if roll < 0.4 and known:
            return dice.choice(("", " ", ",")).join(
                str(dice.choice(known)) for _ in range(dice.randint(1, 3))
            )
        if roll < 0.5:
            few = [self._character() for _ in range(2)]
            return "".join(dice.choice(few) for _ in range(dice.randint(0, 7)))
        return "".join(self._character() for _ in range(dice.randint(0, 9)))

    def _near_text(self, value: str) -> str:
        dice = self.dice
        at = dice.randint(0, len(value))
        end = min(len(value), at + dice.randint(1, 3))
        match dice.randrange(13):
            case 0:
                return value[:at] + self._character() + value[at:]
            case 1:
                return value[:at] + value[end:]
            case 2:
                return value[:at] + self._character() + value[at + 1 :]
            case 3:
                return value[:at] + value[at:end] * 2 + value[end:]
            case 4:
                return value[:at]
            case 5:
                return value[at:]
            case 6:
                words = value.split(" ")
                dice.shuffle(words)
                return " ".join(words)
            case 7:
                return dice.choice((value.upper(), value.lower(), value.swapcase(), value.title()))
            case 8 if self.pool.get("str"):
                return value[:at] + str(dice.choice(self.pool["str"])) + value[at:]
            case 9:
                characters = list(value)
                dice.shuffle(characters)
                return "".join(characters)
            case 10:
                return value + value[::-1] if dice.random() < 0.5 else value[::-1]
            case 11:
                return dice.choice((" " + value, value + " ", value + value, value + "\n"))
            case _:
                return value[:at] + value[at:end].swapcase() + value[end:]

    def _items(self, kind: Type, depth: int) -> list[object]:
        dice = self.dice
        longest = self.length + 1 if depth == 0 else min(self.length, 4)
        count = dice.choice((0, 1, 2, 3, 4, 5, dice.randint(0, longest)))
        items = [self.value(kind, depth + 1) for _ in range(count)]
        roll = dice.random()
        if roll < 0.25 and items:
            items = [dice.choice(items[: max(1, count // 2)]) for _ in range(count)]
        elif roll < 0.35:
            items = _sorted(items)
        return items

    def _near_list(self, value: list[object], element: Type | None) -> list[object]:
        dice = self.dice
        kind = element or (infer(value[0]) if value else Type("int"))
        at = dice.randint(0, len(value))
        match dice.randrange(11):
            case 0 | 1:
                return [*value[:at], self.value(kind, 1), *value[at:]]
            case 2:
                return value[:at] + value[at + 1 :]
            case 3 | 4 | 5 if value:
                at = min(at, len(value) - 1)
                return [*value[:at], self.mutate(value[at], kind), *value[at + 1 :]]
            case 6 if value:
                return [*value[:at], dice.choice(value), *value[at:]]
            case 7:
                return dice.choice((value[::-1], _sorted(value), _sorted(value)[::-1]))
            case 8:
                return value[:at]
            case 9 if value:
                return [*value[:at], *([dice.choice(value)] * 2), *value[at + 1 :]]
            case _:
                mixed = list(value)
                dice.shuffle(mixed)
                return mixed

    def _near_tuple(self, value: tuple[object, ...]) -> tuple[object, ...]:
        if not value:
            return value
        at = self.dice.randrange(len(value))
        return (*value[:at], self.mutate(value[at], infer(value[at])), *value[at + 1 :])

    def _near_dict(self, value: dict[object, object], kind: Type) -> dict[object, object]:
        changed = dict(value)
        roll = self.dice.random()
        if changed and roll < 0.35:
            del changed[self.dice.choice(list(changed))]
        elif changed and roll < 0.7:
            key = self.dice.choice(list(changed))
            changed[key] = self.mutate(changed[key], kind.parameters[1])
        else:
            changed[_frozen(self.value(kind.parameters[0], 1))] = self.value(kind.parameters[1], 1)
        return changed

    def _edge_values(self, kind: Type) -> list[object]:
        match kind.name:
            case "int":
                near = [n + d for n in self._known_integers()[:25] for d in (0, 1, -1)]
                chosen: list[object] = list(dict.fromkeys((*_EDGE_INTEGERS[:10], *near)))
                return chosen[:60]
            case "float":
                return [0.0, 1.0, -1.0, 0.5, -0.0, 100.0, 1e-3]
            case "bool":
                return [True, False]
            case "str":
                texts = [str(v) for v in self.pool.get("str", ())][:25]
                return list(dict.fromkeys((*_EDGE_TEXT, *texts)))
            case "list" | "sequence":
                inner = self._edge_values(kind.parameters[0])[:6]
                rows = [[], *([v] for v in inner), inner[:2], inner[:1] * 2, inner[:3][::-1]]
                return [row if kind.name == "list" else tuple(row) for row in rows]
            case "dict":
                return [{}]
            case "set":
                return [set()]
            case "frozenset":
                return [frozenset()]
            case "union":
                return [v for part in kind.parameters for v in self._edge_values(part)[:6]]
            case _:
                return [self.value(kind) for _ in range(3)]


def _alternating(edges: list[object], kind: str, telling: Sequence[object]) -> list[object]:
    """The edge values of a type and those near telling ones by turns, each once."""
    near = [value for value in telling if type(value).__name__ == kind][:8]
    if kind == "int":
        near = [n + d for n in near if isinstance(n, int) for d in (0, 1, -1)]
    missing = object()
    mixed = (v for pair in zip_longest(edges, near, fillvalue=missing) for v in pair)
    return list({repr(value): value for value in mixed if value is not missing}.values())


def _frozen(value: object) -> object:
    """The value, or its nearest form that a set or a dict can hold."""
    match value:
        case list():
            return tuple(map(_frozen, value))
        case set():
            return frozenset(value)
        case dict():
            return tuple((key, _frozen(item)) for key, item in value.items())
        case _:
            return value


def _sorted(values: list[object]) -> list[object]:
    try:
        return sorted(values)  # type: ignore[type-var]
    except TypeError:
        return sorted(values, key=repr)
