"""When one term is simpler than another, whatever its variables stand for.

The lexicographic path ordering (Kamin and Lévy, 1980): well-founded, stable under substitution, and
able to orient recursive definitions whose arguments grow elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from .term import App, Term, Var, subterms
from .theory import Signature

Precedence: TypeAlias = Callable[[str], tuple[int, int, str]]


def precedence(signature: Signature, uses: Mapping[str, frozenset[str]]) -> Precedence:
    """Constants that arise in proofs come first, then constructors, then functions.

    ``uses`` says which functions a function is defined by: it comes after them, however the theory
    orders its declarations. Functions that are equal in this are told apart by their declaration.

    >>> from .theory import Function
    >>> both = Signature(functions=(Function("f", (), "N"), Function("g", (), "N")))
    >>> before = precedence(both, {"f": frozenset({"g"})})
    >>> before("f") > before("g")
    True
    """
    levels: dict[str, int] = {}

    def level(name: str, above: frozenset[str]) -> int:
        if name not in levels:
            below = uses.get(name, frozenset()) - above - {name}
            found = 2 + max((level(other, above | {name}) for other in sorted(below)), default=0)
            if above & uses.get(name, frozenset()):
                return found  # part of a cycle: its level depends on where it was entered
            levels[name] = found
        return levels[name]

    rank: dict[str, tuple[int, int]] = {
        function.name: (1, 0)
        if function.name in signature.constructors
        else (level(function.name, frozenset()), number)
        for number, function in enumerate(signature.functions)
    }
    return lambda symbol: (*rank.get(symbol, (0, 0)), symbol)


def is_greater(left: Term, right: Term, before: Precedence) -> bool:
    """Whether ``left`` is greater in the lexicographic path ordering.

    Each pair of subterms is compared once, so that the time is at most the product of the sizes.

    >>> x = Var("x", "N")
    >>> is_greater(App("s", (x,), "N"), x, lambda symbol: (0, 0, symbol))
    True
    """
    return _is_greater(left, right, before, {})


def _is_greater(
    left: Term, right: Term, before: Precedence, known: dict[tuple[Term, Term], bool]
) -> bool:
    if isinstance(left, Var) or left == right:
        return False
    if isinstance(right, Var):
        return right in set(subterms(left))
    answer = known.get((left, right))
    if answer is None:
        answer = known[left, right] = _compare(left, right, before, known)
    return answer


def _compare(
    left: App, right: App, before: Precedence, known: dict[tuple[Term, Term], bool]
) -> bool:
    if any(arg == right or _is_greater(arg, right, before, known) for arg in left.args):
        return True
    above, below = before(left.symbol), before(right.symbol)
    if above > below:
        return all(_is_greater(left, arg, before, known) for arg in right.args)
    if above < below or len(left.args) != len(right.args):
        return False
    for one, two in zip(left.args, right.args, strict=True):
        if one != two:
            return _is_greater(one, two, before, known) and all(
                _is_greater(left, arg, before, known) for arg in right.args
            )
    return False


def is_application(term: Term) -> bool:
    """Whether a term is a function applied to something, not a variable or a constant."""
    return isinstance(term, App) and bool(term.args)
