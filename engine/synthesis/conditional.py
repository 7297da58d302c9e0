"""Conditionals learnt from what each term gets right: small decision trees over predicates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .bank import FAILED, Term
from .operation import Operation
from .work import Work

_MOST_STEPS = 2_000_000
_SPLIT = 2  # steps that one predicate at one node takes


@dataclass(slots=True)
class Cover:
    """Which rows each term gets right, as bit masks; the cheapest term of each mask is kept.

    ``target`` has one entry a row; rows beyond it are probes that nobody has answered yet.
    """

    kinds: frozenset[str]
    target: Sequence[Any]
    leaves: dict[int, Term] = field(default_factory=dict)
    predicates: dict[int, Term] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.target = tuple(self.target)

    @property
    def every(self) -> int:
        """The mask of all rows."""
        return (1 << len(self.target)) - 1

    def note(self, term: Term) -> bool:
        """Take a term into account; whether it gets every row right."""
        rows = len(self.target)
        if term.kind in self.kinds:
            values = term.values[:rows] if len(term.values) > rows else term.values
            if values == self.target:
                self.leaves.setdefault(self.every, term)
                return True
            if term.kind == "float":
                values = tuple(map(_near, values, self.target))
                if values == self.target:
                    self.leaves.setdefault(self.every, term)
                    return True
            mask = 0
            bit = 1
            for value, wanted in zip(values, self.target, strict=True):
                if value == wanted:
                    mask |= bit
                bit <<= 1
            if mask:
                known = self.leaves.get(mask)
                if known is None or known.cost > term.cost:
                    self.leaves[mask] = term
        if term.kind == "bool" and not term.is_partial and len(self.predicates) < 3000:
            mask = 0
            bit = 1
            for value in term.values[:rows]:
                if value:
                    mask |= bit
                bit <<= 1
            if mask and mask != self.every:
                known = self.predicates.get(mask)
                if known is None or known.cost > term.cost:
                    self.predicates[mask] = term
        return False

    def trees(
        self, depth: int, work: Work, limit: int = 250, until: float = float("inf")
    ) -> list[Term]:
        """Conditional terms that get every row right, cheapest first; at most a handful."""
        search = _TreeSearch(self, limit, work, min(until, work.done + _MOST_STEPS))
        found = search.all_best(self.every, depth)
        return sorted(found, key=lambda term: term.cost)[:6]


def _near(value: Any, wanted: Any) -> Any:
    """The wanted value in the place of one that differs by rounding alone."""
    if isinstance(value, float) and isinstance(wanted, (int, float)):
        return wanted if math.isclose(value, wanted, rel_tol=1e-11) else value
    return value


class _TreeSearch:
    """Trees by depth: a leaf, one split, or a split with a leaf on one side."""

    def __init__(self, cover: Cover, limit: int, work: Work, until: float) -> None:
        self.work = work
        self.until = until
        by_cost = sorted(cover.leaves.items(), key=lambda item: item[1].cost)
        self.masks: list[tuple[int, Term]] = []
        for mask, term in by_cost:
            # A dearer term that gets no more rows right is never needed.
            if not any(mask & known == mask for known, _ in self.masks):
                self.masks.append((mask, term))
        self.predicates = sorted(cover.predicates.items(), key=lambda item: item[1].cost)[:limit]
        self.leaf_memo: dict[int, Term | None] = {}
        self.tree_memo: dict[tuple[int, int], Term | None] = {}

    def leaf(self, rows: int) -> Term | None:
        if rows not in self.leaf_memo:
            self.work.spend(len(self.masks) // 8)
            self.leaf_memo[rows] = next(
                (term for mask, term in self.masks if mask & rows == rows), None
            )
        return self.leaf_memo[rows]

    def best(self, rows: int, depth: int) -> Term | None:
        leaf = self.leaf(rows)
        if leaf is not None or depth == 0:
            return leaf
        key = (rows, depth)
        if key not in self.tree_memo:
            found = self.all_best(rows, depth)
            self.tree_memo[key] = min(found, key=lambda term: term.cost, default=None)
        return self.tree_memo[key]

    def all_best(self, rows: int, depth: int) -> list[Term]:
        found: list[Term] = []
        for mask, predicate in self.predicates:
            self.work.spend(_SPLIT)
            if self.work.is_past(self.until):
                break
            yes, no = rows & mask, rows & ~mask
            if not yes or not no:
                continue
            left, right = self.leaf(yes), self.leaf(no)
            if left is None and right is None:
                continue
            if left is None and depth > 1:
                left = self.best(yes, depth - 1)
            if right is None and depth > 1:
                right = self.best(no, depth - 1)
            if left is not None and right is not None:
                found.append(conditional(predicate, left, right))
        return found


_CONDITION = Operation("{1} if {0} else {2}", ("bool", "T", "T"), "T", 2)


def conditional(predicate: Term, left: Term, right: Term) -> Term:
    """``left if predicate else right`` as a term."""
    values = [
        FAILED if test is FAILED else (one if test else other)
        for test, one, other in zip(predicate.values, left.values, right.values, strict=True)
    ]
    cost = predicate.cost + left.cost + right.cost + 2
    parts = (predicate, left, right)
    return Term(left.kind, values, cost, None, _CONDITION, parts, FAILED in values)


def is_conditional(term: Term) -> bool:
    """Whether a term is a conditional at its top."""
    return term.operation is _CONDITION
