"""``lemmata.explore``: a development that also reads terms as its user writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from lemmata.engine.clause import Equal
from lemmata.engine.errors import UsageError
from lemmata.engine.notation import Notation

if TYPE_CHECKING:
    from lemmata.engine.budget import Budget
    from lemmata.engine.exploration.development import Development
    from lemmata.engine.exploration.record import Record
    from lemmata.engine.theory import Theory

__all__ = ["explore"]


def explore(
    theory: Theory,
    budget: Budget | None = None,
    *,
    size: int | None = None,
    seed: int = 0,
    jobs: int = 1,
    cluster: str | None = None,
    record: Record | None = None,
) -> Development:
    """The laws of a theory, found and proved from its axioms alone.

    ``size`` is that of the largest terms of equations, ``budget`` bounds the CPU seconds. With
    ``jobs`` or a dask ``cluster`` statements are tried side by side, and the result is the same.
    A ``record`` such as a ``Store`` keeps what is found at once. Ctrl-C does not raise; the
    development says that it was interrupted.

    >>> import lemmata
    >>> from lemmata.dsl.load import parse_theory
    >>> theory = parse_theory("sort N = 0 | s(N)\\nop half : N -> N\\n"
    ...     "axiom h0: half(0) = 0\\naxiom h1: half(s(0)) = 0\\naxiom h2: half(s(s(a))) = s(half(a))")
    >>> development = lemmata.explore(theory, size=2)
    >>> development.stop
    'size'
    """
    from lemmata.engine.executor import executor
    from lemmata.provers.exploration import SIZE
    from lemmata.provers.exploration import explore as run

    with executor(jobs, cluster) as (pool, in_flight):
        found = run(
            theory,
            budget,
            size=SIZE if size is None else size,
            seed=seed,
            executor=pool if jobs > 1 or cluster else None,
            width=in_flight,
            record=record,
        )
    return replace(found, equals=_equals(found))


def _equals(development: Development) -> Callable[[str], tuple[str, ...]]:
    def equals(text: str) -> tuple[str, ...]:
        from lemmata.dsl.load import parse_formula
        from lemmata.provers.equals import equal_terms

        equation = parse_formula(development.theory, f"({text}) = ({text})")
        if not isinstance(equation, Equal):
            raise UsageError(f"'{text}' is no term")
        term = Notation.of(development.theory).term
        return tuple(map(term, equal_terms(development, equation.left)))

    return equals
