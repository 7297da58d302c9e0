"""Python values as JSON and back, so that nothing a program built is ever unpickled.

JSON's own forms stand for None, booleans, strings, integers, finite floats and lists; a JSON
object always means a tagged value. The encoding keeps exact types: ``1``, ``1.0`` and ``True``
are three values.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from ...engine.synthesis.outcome import Opaque


Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

NODES = 200_000
"""A value with more parts than this is too large to be compared."""
TEXT = 1_000_000
"""A string longer than this is too large to be compared."""
ITEMS = 1_000
"""So many items of an iterator are compared."""
BITS = 400_000
"""An integer with more bits than this is too large to be compared."""
_DEPTH = 100
_WIDE = 1 << 62  # integers beyond it are told in hexadecimal
_SHORT = 1_000


class TooLarge(Exception):
    """A value has more parts than are worth comparing."""


class _Encoder:
    def __init__(self) -> None:
        self.nodes = 0
        self.open: set[int] = set()

    def encode(self, value: Any, depth: int = 0) -> Json:
        self.nodes += 1
        if self.nodes > NODES or depth > _DEPTH:
            raise TooLarge
        kind = type(value)
        if kind is int:
            return self._integer(value)
        if value is None or kind is bool:
            return value  # type: ignore[no-any-return]
        if kind is float:
            return value if math.isfinite(value) else {"t": "float", "v": repr(value)}
        if kind is str:
            if len(value) > TEXT:
                raise TooLarge
            return value  # type: ignore[no-any-return]
        if kind is complex:
            return {"t": "complex", "v": repr(value)}
        if kind is bytes or kind is bytearray:
            if len(value) > TEXT:
                raise TooLarge
            return {"t": kind.__name__, "v": value.hex()}
        if id(value) in self.open:
            return {"t": "opaque", "n": "cycle"}
        self.open.add(id(value))
        try:
            return self._compound(value, kind, depth + 1)
        finally:
            self.open.discard(id(value))

    def _integer(self, value: int) -> Json:
        if -_WIDE < value < _WIDE:
            return value
        if value.bit_length() > BITS:
            raise TooLarge
        return {"t": "int", "v": hex(value)}

    def _items(self, values: Any, depth: int) -> list[Json]:
        items: list[Json] = []
        nodes, encode = self.nodes, self.encode
        for item in values:
            # Most collections hold integers or short strings, which stand for themselves.
            kind = type(item)
            if (kind is int and -_WIDE < item < _WIDE) or (kind is str and len(item) < _SHORT):
                nodes += 1
                items.append(item)
                if nodes > NODES or depth > _DEPTH:
                    raise TooLarge
            else:
                self.nodes = nodes
                items.append(encode(item, depth))
                nodes = self.nodes
        self.nodes = nodes
        return items

    def _compound(self, value: Any, kind: type, depth: int) -> Json:
        if kind is list:
            return self._items(value, depth)
        if kind is tuple or kind is set or kind is frozenset:
            return {"t": kind.__name__, "v": self._items(value, depth)}
        if kind is dict:
            return {"t": "dict", "v": self._pairs(value, depth)}
        name = kind.__name__
        # The type itself is asked: an object can lie about its __class__ to isinstance.
        if issubclass(kind, dict):
            return {"t": "object", "n": name, "v": {"t": "dict", "v": self._pairs(value, depth)}}
        for base in (list, tuple, set, frozenset):
            if issubclass(kind, base):
                items = self._items(base.__iter__(value), depth)
                if base in (set, frozenset):
                    return {"t": "object", "n": name, "v": {"t": "set", "v": items}}
                return {"t": "object", "n": name, "v": items}
        for plain in (bool, int, float, str, bytes):
            if issubclass(kind, plain):
                return {"t": "object", "n": name, "v": self.encode(plain(value), depth)}
        if issubclass(kind, type):
            return {"t": "object", "n": "type", "v": value.__name__}
        if kind.__module__ in ("decimal", "fractions", "datetime", "builtins", "uuid") and name in (
            *("Decimal", "Fraction", "datetime", "date", "time", "timedelta", "UUID"),
            *("range", "slice", "ellipsis", "NotImplementedType"),
        ):
            return {"t": "object", "n": name, "v": repr(value)}
        if kind.__module__ == "collections" and name == "deque":
            return {"t": "object", "n": name, "v": self._items(value, depth)}
        if kind.__module__ == "numpy" and hasattr(value, "tolist"):
            return {"t": "object", "n": name, "v": self.encode(value.tolist(), depth)}
        if hasattr(kind, "__next__") or name in ("dict_keys", "dict_values", "dict_items"):
            items = self._items(islice(value, ITEMS), depth)
            return {"t": "iterator", "n": name, "v": items}
        state = getattr(value, "__dict__", None)
        if type(state) is dict and not callable(value):
            return {"t": "object", "n": name, "v": {"t": "dict", "v": self._pairs(state, depth)}}
        return {"t": "opaque", "n": name}

    def _pairs(self, value: Any, depth: int) -> list[Json]:
        return [
            [self.encode(key, depth), self.encode(item, depth)] for key, item in dict.items(value)
        ]


def encode(value: object) -> Json:
    """The value as JSON; raises ``TooLarge`` beyond the limits of this module.

    >>> encode((1, {"a": {2}}))
    {'t': 'tuple', 'v': [1, {'t': 'dict', 'v': [['a', {'t': 'set', 'v': [2]}]]}]}
    """
    if type(value) is int and -_WIDE < value < _WIDE:
        return value
    if type(value) is str and len(value) < _SHORT:
        return value
    return _Encoder().encode(value)


def decode(data: Json) -> object:
    """The value that JSON stands for; what is not plain data comes back as ``Opaque``.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` where the JSON is not of this module's
    making, as when a program wrote into its own channel.

    >>> decode(encode([(1, 2.5), {"k": None}, float("inf")]))
    [(1, 2.5), {'k': None}, inf]
    """
    if isinstance(data, list):
        return [decode(item) for item in data]
    if not isinstance(data, dict):
        return data
    value = data.get("v")
    match data["t"]:
        case "int":
            return int(str(value), 16)
        case "float":
            return float(str(value))
        case "complex":
            return complex(str(value))
        case "bytes":
            return bytes.fromhex(str(value))
        case "bytearray":
            return bytearray.fromhex(str(value))
        case "tuple":
            return tuple(_items(value))
        case "set":
            return set(map(_hashable, _items(value)))
        case "frozenset":
            return frozenset(map(_hashable, _items(value)))
        case "dict":
            if not isinstance(value, list):
                raise ValueError("a dict without pairs")
            return dict(map(_decoded_pair, value))
        case "iterator":
            return _opaque("iterator", str(data["n"]), _items(value))
        case "object":
            return _opaque("object", str(data["n"]), decode(value))
        case "opaque":
            return _opaque("opaque", str(data["n"]))
        case other:
            raise ValueError(f"unknown tag {other!r}")


def _opaque(
    kind: Literal["iterator", "object", "opaque"], name: str, content: object = None
) -> Opaque:
    # Imported here: a worker's memory is copied for each program, and it never comes here.
    from ...engine.synthesis.outcome import Opaque

    return Opaque(kind, name, content)


def _decoded_pair(pair: Json) -> tuple[object, object]:
    key, item = _items(pair)
    return _hashable(key), item


def _items(value: Json) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("a collection without items")
    return [decode(item) for item in value]


def _hashable(value: object) -> object:
    """Members of sets and keys of dicts: what cannot be hashed here is stood for by its text."""
    try:
        hash(value)
    except TypeError:
        return _opaque("opaque", repr(value))
    return value
