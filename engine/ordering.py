"""When one term is simpler than another, whatever its variables stand for.

The lexicographic path ordering (Kamin and Lévy, 1980): well-founded, stable under substitution, and
able to orient recursive definitions whose arguments grow elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from .term import App, Term, Var, subterms
from .theory import Signature

Precedence: TypeAlias = Callable[[str], tuple[int, str]]


def precedence(signature: Signature) -> Precedence:
    """Constants that arise in proofs come first, then constructors, then functions as declared."""
    rank: Mapping[str, int] = {
        function.name: (1 if function.name in signature.constructors else number + 2)
        for number, function in enumerate(signature.functions)
    }
    return lambda symbol: (rank.get(symbol, 0), symbol)


def is_greater(left: Term, right: Term, before: Precedence) -> bool:
    """Whether ``left`` is greater in the lexicographic path ordering.

    >>> x = Var("x", "N")
    >>> is_greater(App("s", (x,), "N"), x, lambda symbol: (0, symbol))
    True
    """
    if left == right or isinstance(left, Var):
        return False
    if isinstance(right, Var):
        return right in set(subterms(left))
    if any(arg == right or is_greater(arg, right, before) for arg in left.args):
        return True
    above, below = before(left.symbol), before(right.symbol)
    if above > below:
        return all(is_greater(left, arg, before) for arg in right.args)
    if above < below or len(left.args) != len(right.args):
        return False
    for one, two in zip(left.args, right.args, strict=True):
        if one != two:
            return is_greater(one, two, before) and all(
                is_greater(left, arg, before) for arg in right.args
            )
    return False


def is_application(term: Term) -> bool:
    """Whether a term is a function applied to something, not a variable or a constant."""
    return isinstance(term, App) and bool(term.args)
