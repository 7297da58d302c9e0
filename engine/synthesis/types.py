"""Types of values, inferred from the values themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce


@dataclass(frozen=True, slots=True)
class Type:
    """A type by its name and parameters: ``list[int]`` is ``Type("list", (INT,))``.

    ``unknown`` is the element type of an empty list; ``union`` has its members as parameters.

    >>> print(infer([1, 2]), infer((1, "a")), infer([]))
    list[int] tuple[int, str] list[object]
    """

    name: str
    parameters: tuple[Type, ...] = ()

    def __str__(self) -> str:
        match self.name:
            case "unknown":
                return "object"
            case "union":
                members = sorted(self.parameters, key=lambda member: member.name == "none")
                return " | ".join(map(str, members))
            case "none":
                return "None"
            case "tuple" if not self.parameters:
                return "tuple[()]"
            case "sequence":
                return f"tuple[{self.parameters[0]}, ...]"
            case _ if self.parameters:
                return f"{self.name}[{', '.join(map(str, self.parameters))}]"
            case _:
                return self.name

    @property
    def annotation(self) -> str:
        """The type as text that any module can evaluate: what is not built in is an ``object``.

        >>> Type("dict", (STR, Type("Decimal"))).annotation
        'dict[str, object]'
        """
        return str(self._built_in())

    def _built_in(self) -> Type:
        if self.name not in _BUILT_IN:
            return UNKNOWN
        return Type(self.name, tuple(part._built_in() for part in self.parameters))


_BUILT_IN = frozenset(
    [
        "unknown",
        "none",
        "union",
        "sequence",
        "int",
        "float",
        "bool",
        "str",
        "bytes",
        "bytearray",
        "complex",
        "list",
        "tuple",
        "set",
        "frozenset",
        "dict",
    ]
)
UNKNOWN, NONE = Type("unknown"), Type("none")
INT, FLOAT, BOOL, STR = Type("int"), Type("float"), Type("bool"), Type("str")
BYTES, COMPLEX = Type("bytes"), Type("complex")


def list_of(element: Type) -> Type:
    """The type of lists of such elements."""
    return Type("list", (element,))


def tuple_of(*parts: Type) -> Type:
    """The type of tuples with exactly these parts."""
    return Type("tuple", parts)


def infer(value: object) -> Type:
    """The narrowest type of one value."""
    match value:
        case bool() | int() | float() | str() | bytes() | complex():
            return Type(type(value).__name__)
        case None:
            return NONE
        case list() | set() | frozenset():
            return Type(type(value).__name__, (join(map(infer, value)),))
        case tuple():
            return Type("tuple", tuple(map(infer, value)))
        case dict():
            return Type("dict", (join(map(infer, value)), join(map(infer, value.values()))))
        case _:
            return Type(type(value).__name__)


def join(types: Iterable[Type]) -> Type:
    """The narrowest type that holds the values of all of them."""
    return reduce(_join, types, UNKNOWN)


def _join(left: Type, right: Type) -> Type:
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    names = {left.name, right.name}
    if names == {"tuple"} and len(left.parameters) == len(right.parameters):
        return Type("tuple", tuple(map(_join, left.parameters, right.parameters)))
    if names <= {"tuple", "sequence"}:
        return Type("sequence", (join(left.parameters + right.parameters),))
    if len(names) == 1 and left.parameters and left.name != "union":
        return Type(left.name, tuple(map(_join, left.parameters, right.parameters)))
    members: dict[Type, None] = {}
    for side in (left, right):
        members.update(dict.fromkeys(side.parameters if side.name == "union" else (side,)))
    return Type("union", tuple(sorted(members, key=str)))


def infer_arguments(calls: Iterable[tuple[object, ...]]) -> tuple[Type, ...]:
    """One type for each position, over several calls; the shortest call decides how many."""
    rows = list(calls)
    return tuple(join(map(infer, column)) for column in zip(*rows, strict=False))
