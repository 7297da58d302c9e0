"""The syntax tree of MPL: what was written, before names, sorts and precedences are known.

Nodes compare by what they say, not by where they stand. ``start`` and ``end`` are offsets into the
source text, ``depth`` is the height of the tree, which bounds all later recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, assert_never


def _place() -> int:
    return field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, or a core expression's argument; quotes are taken off."""

    text: str
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Number:
    """Digits: the name that they spell if there is one, else a numeral."""

    text: str
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Operator:
    """A symbol that stands between or before operands."""

    text: str
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Call:
    """A name applied to arguments in parentheses."""

    head: Name
    args: tuple[Expression, ...]
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands and operators in a row, at least two; precedence has not been applied."""

    items: tuple[Expression, ...]
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of parentheses for each mark, outermost first; a true mark has ``!`` before it."""

    marks: tuple[bool, ...]
    body: Expression
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class CoreAtom:
    """``NAME[args]``"""

    name: Name
    args: tuple[Name, ...]
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class CoreAnd:
    """``& left right``"""

    left: Expression
    right: Expression
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class CoreForall:
    """``>[variables] premise conclusion``"""

    variables: tuple[Name, ...]
    premise: Expression
    conclusion: Expression
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Constant:
    """``true`` or ``false``"""

    value: bool
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Negation:
    """``not body``"""

    body: Expression
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Junction:
    """Two or more parts joined by ``and`` or by ``or``, grouped to the left."""

    word: Literal["and", "or"]
    parts: tuple[Expression, ...]
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Implication:
    """``premise, premise -> conclusion``"""

    premises: tuple[Expression, ...]
    conclusion: Expression
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Equivalence:
    """``left <-> right``"""

    left: Expression
    right: Expression
    start: int = _place()
    end: int = _place()
    depth: int = _place()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A bound variable or a formal parameter, with its sort where one is written."""

    name: Name
    sort: Name | None


@dataclass(frozen=True, slots=True)
class Binder:
    """``forall x : N. body`` or ``exists x : N. body``"""

    word: Literal["forall", "exists"]
    bound: tuple[Parameter, ...]
    body: Expression
    start: int = _place()
    end: int = _place()
    depth: int = _place()


Expression: TypeAlias = (
    Name
    | Number
    | Operator
    | Call
    | Chain
    | Group
    | CoreAtom
    | CoreAnd
    | CoreForall
    | Constant
    | Negation
    | Junction
    | Implication
    | Equivalence
    | Binder
)


@dataclass(frozen=True, slots=True)
class Fixity:
    """``infix PRECEDENCE ASSOCIATIVITY``"""

    precedence: Number
    associativity: Literal["left", "right", "none"] | None


@dataclass(frozen=True, slots=True)
class TheoryName:
    """``theory NAME``"""

    label: Name


@dataclass(frozen=True, slots=True)
class Use:
    """``use "FILE"``"""

    file: Name


@dataclass(frozen=True, slots=True)
class SortDeclaration:
    """``sort A, B``"""

    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Constructor:
    """One alternative of an inductive sort."""

    name: Name
    arguments: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class InductiveSort:
    """``sort N = 0 | s(N)``"""

    name: Name
    constructors: tuple[Constructor, ...]


@dataclass(frozen=True, slots=True)
class FunctionDeclaration:
    """``op + : N, N -> N infix 50``; without arguments ``const c : N``."""

    names: tuple[Name, ...]
    arguments: tuple[Name, ...]
    result: Name
    fixity: Fixity | None


@dataclass(frozen=True, slots=True)
class PredicateDeclaration:
    """``pred even : N``"""

    names: tuple[Name, ...]
    arguments: tuple[Name, ...]
    fixity: Fixity | None


@dataclass(frozen=True, slots=True)
class Claim:
    """``axiom NAME: body`` or ``conjecture NAME: body``; a bare core expression has no label."""

    kind: Literal["axiom", "conjecture"]
    label: Name | None
    body: Expression


@dataclass(frozen=True, slots=True)
class UnreadClaim:
    """A claim that can be read, as another of the same words could; ``parse_claim`` does."""

    kind: Literal["axiom", "conjecture"]
    label: Name


HeadForm = Literal["plain", "call", "infix", "prefix"]


@dataclass(frozen=True, slots=True)
class Definition:
    """``define a <= b: body`` (a predicate) or ``define double(a) = body`` (a function)."""

    symbol: Name
    form: HeadForm
    parameters: tuple[Parameter, ...]
    fixity: Fixity | None
    body: Expression
    is_function: bool


@dataclass(frozen=True, slots=True)
class CoreDefinition:
    """``(Name[p,q]) := body``"""

    head: CoreAtom
    body: Expression


@dataclass(frozen=True, slots=True)
class MalformedDefinition:
    """A definition of something that is no ``(Name[p,q])``, an error that declaring reports."""

    head: Expression


Declaration: TypeAlias = (
    TheoryName
    | Use
    | SortDeclaration
    | InductiveSort
    | FunctionDeclaration
    | PredicateDeclaration
    | Claim
    | UnreadClaim
    | Definition
    | CoreDefinition
    | MalformedDefinition
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A declaration with its place in the text and the comments that belong to it.

    ``before`` are the lines above it, '' for a blank one; ``after`` ends its last line.
    """

    content: Declaration
    start: int = _place()
    end: int = _place()
    before: tuple[str, ...] = ()
    after: str = ""


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside one, from left to right."""
    match expression:
        case Name() | Number() | Operator() | CoreAtom() | Constant():
            return ()
        case Call(_, parts) | Chain(parts) | Junction(_, parts):
            return parts
        case Group(_, body) | Negation(body) | Binder(_, _, body):
            return (body,)
        case CoreAnd(left, right) | CoreForall(_, left, right) | Equivalence(left, right):
            return (left, right)
        case Implication(premises, conclusion):
            return (*premises, conclusion)
        case _:
            assert_never(expression)


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all inside it, in the order of the text."""
    stack = [expression]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def is_core(expression: Expression) -> bool:
    """Whether any part is written as a core expression."""
    return any(
        isinstance(part, CoreAtom | CoreAnd | CoreForall)
        or (isinstance(part, Group) and any(part.marks))
        for part in walk(expression)
    )
