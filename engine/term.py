"""Terms of many-sorted first-order logic.

A ``Var`` is bound by the clause or formula it stands in. Everything else is an ``App``: a function
applied to terms, where a constant, an eigenconstant and a witness are applications to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Var:
    """A variable with its sort; the hash is kept, since blocks look up variables all the time."""

    name: str
    sort: str
    is_closed: ClassVar[bool] = False
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.name, self.sort)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Var], tuple[str, str]]:
        # String hashes differ between processes, so the kept hash must not travel.
        return (Var, (self.name, self.sort))


@dataclass(frozen=True, slots=True, eq=False)
class App:
    """A function symbol applied to terms; the hash is kept, so that deep terms stay cheap.

    ``is_closed`` tells that no variable occurs in it.

    >>> zero = App("0", (), "N")
    >>> App("s", (zero,), "N") == App("s", (App("0", (), "N"),), "N")
    True
    """

    symbol: str
    args: tuple[Term, ...]
    sort: str
    is_closed: bool = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        is_closed = True
        for arg in self.args:
            is_closed = is_closed and arg.is_closed
        object.__setattr__(self, "is_closed", is_closed)
        object.__setattr__(self, "_hash", hash((self.symbol, self.args, self.sort)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, App):
            return NotImplemented
        pairs: list[tuple[Term, Term]] = [(self, other)]
        while pairs:  # a loop, not recursion: numerals may be thousands of symbols deep
            left, right = pairs.pop()
            if left is right:
                continue
            if isinstance(left, Var) or isinstance(right, Var):
                if left != right:
                    return False
                continue
            if (
                left._hash != right._hash
                or left.symbol != right.symbol
                or left.sort != right.sort
                or len(left.args) != len(right.args)
            ):
                return False
            pairs.extend(zip(left.args, right.args, strict=True))
        # Equal terms share their parts from now on, so that they are compared at once next time.
        object.__setattr__(other, "args", self.args)
        return True

    def __reduce__(self) -> tuple[type[App], tuple[str, tuple[Term, ...], str]]:
        # String hashes differ between processes, so the kept hash must not travel.
        return (App, (self.symbol, self.args, self.sort))


Term: TypeAlias = Var | App
Substitution: TypeAlias = Mapping[Var, Term]


def substitute(term: Term, substitution: Substitution) -> Term:
    """The term with its variables replaced; unchanged parts are shared, not copied.

    >>> x = Var("x", "N")
    >>> substitute(App("s", (x,), "N"), {x: App("0", (), "N")})
    App(symbol='s', args=(App(symbol='0', args=(), sort='N'),), sort='N')
    """
    if isinstance(term, Var):
        return substitution.get(term, term)
    if term.is_closed:
        return term
    args = tuple(substitute(arg, substitution) for arg in term.args)
    if all(new is old for new, old in zip(args, term.args, strict=True)):
        return term
    return App(term.symbol, args, term.sort)


def subterms(term: Term) -> Iterator[Term]:
    """The term and all terms inside it, outermost and leftmost first."""
    stack: list[Term] = [term]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, App):
            stack.extend(reversed(current.args))


def variables(term: Term) -> tuple[Var, ...]:
    """The variables of a term in the order in which they first occur."""
    if isinstance(term, Var):
        return (term,)
    found: dict[Var, None] = {}
    stack: list[Term] = [term]
    while stack:
        current = stack.pop()
        if isinstance(current, Var):
            found[current] = None
        elif not current.is_closed:
            stack.extend(reversed(current.args))
    return tuple(found)


def size(term: Term) -> int:
    """How many symbols and variables the term is written with."""
    return sum(1 for _ in subterms(term))
