"""The typed programs that a TIP problem consists of, before they become equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from lemmata.engine.errors import Span


@dataclass(frozen=True, slots=True)
class Named:
    """A sort constructor at arguments: ``Nat``, ``list`` at ``Int``; or a bound sort variable."""

    name: str
    args: tuple[Type, ...] = ()


@dataclass(slots=True, eq=False)
class Open:
    """A type that inference has still to find; ``known`` once it has."""

    known: Type | None = None


Type: TypeAlias = Named | Open

BOOL = Named("Bool")
INT = Named("Int")


def resolved(kind: Type) -> Type:
    """The type with everything that inference found filled in."""
    while isinstance(kind, Open) and kind.known is not None:
        kind = kind.known
    if isinstance(kind, Named) and kind.args:
        return Named(kind.name, tuple(resolved(arg) for arg in kind.args))
    return kind


def at(kind: Type, types: Mapping[str, Type]) -> Type:
    """The type with its sort variables replaced."""
    kind = resolved(kind)
    if isinstance(kind, Open):
        return kind
    if not kind.args:
        return types.get(kind.name, kind)
    return Named(kind.name, tuple(at(arg, types) for arg in kind.args))


def written(kind: Type) -> str:
    """The type as SMT-LIB writes it."""
    kind = resolved(kind)
    if isinstance(kind, Open):
        return "_"
    if not kind.args:
        return kind.name
    return f"({kind.name} {' '.join(written(arg) for arg in kind.args)})"


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A bound variable; two variables of the same name are different objects."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """The use of a bound variable."""

    local: Local
    type: Type
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A declared function, constructor or selector, at types, applied to arguments."""

    symbol: str
    types: tuple[Type, ...]
    args: tuple[Expression, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Numeral:
    """An integer."""

    value: int
    type: Type
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """A built-in connective, equality, ``ite`` or integer operation."""

    name: str
    args: tuple[Expression, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One branch of a match; without a constructor it takes whatever is left."""

    constructor: str | None
    locals: tuple[Local, ...]
    body: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A case distinction by the outermost constructor."""

    subject: Expression
    branches: tuple[Branch, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Quantified:
    """A universal or existential formula."""

    universal: bool
    locals: tuple[Local, ...]
    body: Expression
    type: Type
    span: Span


Expression: TypeAlias = Variable | Call | Numeral | Operation | Match | Quantified


@dataclass(frozen=True, slots=True)
class Constructor:
    """A constructor of a datatype with the names and types of its fields."""

    name: str
    datatype: str
    fields: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype, perhaps with parameters; without constructors it is an uninterpreted sort."""

    name: str
    parameters: tuple[str, ...]
    constructors: tuple[Constructor, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Heading:
    """The type of a symbol: parameters, arguments, result."""

    name: str
    parameters: tuple[str, ...]
    arguments: tuple[Type, ...]
    result: Type
    role: Literal["constructor", "selector", "tester", "function"]
    span: Span


@dataclass(frozen=True, slots=True)
class Definition:
    """A function with its program."""

    heading: Heading
    locals: tuple[Local, ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Claim:
    """An assertion or a goal; ``parameters`` are its sort variables."""

    name: str
    parameters: tuple[str, ...]
    formula: Expression
    span: Span
    is_goal: bool


@dataclass(slots=True)
class Problem:
    """All that a TIP file declares, defines, assumes and asks."""

    datatypes: dict[str, Datatype] = field(default_factory=dict)
    constructors: dict[str, Constructor] = field(default_factory=dict)
    headings: dict[str, Heading] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
