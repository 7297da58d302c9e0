"""Whether one clause says at least as much as another, by renaming and instances alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from ..clause import Clause, Equal, Literal, atom_terms, clause_symbols
from ..term import App, Term, Var, subterms
from .rewriting import matches


def subsumes(general: Clause, clause: Clause) -> bool:
    """Whether the premises and cases of an instance of ``general`` are all among those of ``clause``.

    Equations are read in both directions; what exists by one case exists by the same other case.

    >>> x, y = Var("x", "N"), Var("y", "N")
    >>> from ..clause import Case
    >>> law = Clause((x, y), (), (Case((), (Literal(Equal(x, y)),)),))
    >>> subsumes(law, Clause((x,), (), (Case((), (Literal(Equal(x, x)),)),)))
    True
    """
    if len(general.premises) > len(clause.premises) or len(general.cases) > len(clause.cases):
        return False
    if not _symbols(general) <= _symbols(clause):
        return False
    pattern, target = _pattern(general), _target(clause)
    return any(
        _is_witnessed(found, pattern.elements, target.elements)
        for binding in _cover(pattern.premises, target.premises, {})
        for found in _cover(pattern.cases, target.cases, binding)
    )


_symbols = lru_cache(maxsize=10_000)(clause_symbols)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The premises and cases of a clause, with names for the elements that exist by the cases."""

    premises: list[tuple[Literal, ...]]
    cases: list[tuple[Literal, ...]]
    elements: Collection[Term]


@lru_cache(maxsize=10_000)
def _pattern(clause: Clause) -> _Parts:
    """A clause that is to be matched: what exists is unknown."""
    unknowns = [
        tuple(Var(f"?{number}.{var.name}", var.sort) for var in case.exists)
        for number, case in enumerate(clause.cases)
    ]
    return _parts(clause, unknowns)


@lru_cache(maxsize=10_000)
def _target(clause: Clause) -> _Parts:
    """A clause that is matched: constants stand for its variables and for what exists."""
    names: dict[Var, Term] = {var: App(f"?{var.name}", (), var.sort) for var in clause.variables}
    witnesses = [
        tuple(App(f"!{number}.{var.name}", (), var.sort) for var in case.exists)
        for number, case in enumerate(clause.cases)
    ]
    return _parts(clause.at(names), witnesses)


def _parts(clause: Clause, names: Sequence[tuple[Term, ...]]) -> _Parts:
    return _Parts(
        [(premise,) for premise in clause.premises],
        [case.opened(each) for case, each in zip(clause.cases, names, strict=True)],
        frozenset(chain(*names)),
    )


def _is_witnessed(
    binding: dict[Var, Term], unknowns: Collection[Term], witnesses: Collection[Term]
) -> bool:
    """Whether what exists is matched with what exists, each with one, and nothing else is."""
    found = [term for var, term in binding.items() if var in unknowns]
    others = (term for var, term in binding.items() if var not in unknowns)
    return (
        len(set(found)) == len(found) == len(unknowns)
        and all(term in witnesses for term in found)
        and not any(part in witnesses for term in others for part in subterms(term))
    )


def _cover(
    parts: Sequence[tuple[Literal, ...]],
    targets: Sequence[tuple[Literal, ...]],
    binding: dict[Var, Term],
) -> Iterator[dict[Var, Term]]:
    """All ways to match each part with some target."""
    if not parts:
        yield binding
        return
    for target in targets:
        if len(target) == len(parts[0]):
            for found in _all(parts[0], target, binding):
                yield from _cover(parts[1:], targets, found)


def _all(
    literals: Sequence[Literal], targets: Sequence[Literal], binding: dict[Var, Term]
) -> Iterator[dict[Var, Term]]:
    if not literals:
        yield binding
        return
    for found in _literal(literals[0], targets[0], binding):
        yield from _all(literals[1:], targets[1:], found)


def _literal(
    literal: Literal, target: Literal, binding: dict[Var, Term]
) -> Iterator[dict[Var, Term]]:
    one, two = literal.atom, target.atom
    if literal.positive != target.positive or type(one) is not type(two):
        return
    if not isinstance(one, Equal) and not isinstance(two, Equal) and one.predicate != two.predicate:
        return
    sides = atom_terms(one)
    others = atom_terms(two)
    for turned in (others, others[::-1]) if isinstance(one, Equal) else (others,):
        found = dict(binding)
        if len(sides) == len(turned) and all(
            matches(a, b, found) for a, b in zip(sides, turned, strict=True)
        ):
            yield found
