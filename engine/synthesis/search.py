"""One search over fixed rows: levels of terms, comprehensions, conditionals, concatenations.

Everything is anytime: ``solutions`` yields each term that gets the answered rows right, as soon
as it is found, and goes on to rivals until its time is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .bank import FAILED, Bank, Term
from .comprehension import Source, bodies, comprehensions, solve_by_map
from .concatenation import Pieces
from .conditional import Cover, conditional
from .fold import folds
from .leaves import kind_of, leaves, relevant_types
from .neighbourhood import places
from .operation import Library
from .program import Signature
from .work import Work

_LOOP_LEVELS = (2, 4, 6, 7)
"""Cost levels after which comprehensions and folds are built from what is there."""

_LEAST = 100_000
"""Steps that any part may use, however little is left."""

_SEPARATORS = ("", " ", ",", ", ", "-", "_", "\n", ".", "/")


@dataclass(slots=True)
class Search:
    """A search for terms whose first ``len(target)`` values are the target.

    ``rows`` holds the inputs: those with an answer first, then probes without one, which keep
    apart terms that the answered rows cannot tell from each other.
    """

    signature: Signature
    rows: Sequence[tuple[object, ...]]
    target: list[Any]
    library: Library
    work: Work
    constants: tuple[object, ...] = ()
    bank: Bank = field(init=False)
    cover: Cover = field(init=False)
    evaluated: int = 0
    _kinds: set[str] = field(init=False)
    _leaves: list[Term] = field(init=False)
    _begun: int = field(init=False)
    _used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._begun = self.work.done
        self._kinds = relevant_types(self.signature)
        operations = list(self.library.instances(self._kinds))
        self.bank = Bank(len(self.rows), operations, self.work)
        goal = kind_of(self.signature.result)
        goals = {goal}
        if self.signature.result.name == "union":
            goals = {kind_of(member) for member in self.signature.result.parameters}
            if goals <= {"int", "float"}:
                goals = {"int", "float"}
        self.cover = Cover(frozenset(goals), self.target)
        self._leaves = leaves(self.signature, self.rows, self.target, self.constants)

    def solutions(self) -> Iterator[Term]:
        """Terms that fit, roughly cheapest first, until the work is over."""
        for leaf in self._leaves:
            kept = self.bank.add(leaf)
            if kept is not None and self.cover.note(kept):
                yield kept
        level = 0
        while not self.bank.is_over:
            level += 1
            yield from self._noted(self.bank.grow())
            if level == 2:
                yield from self._elementwise()
            if level in _LOOP_LEVELS:
                yield from self._loops(_LOOP_LEVELS.index(level))
            if level >= 2:
                # A tree that costs more than the answers it explains has learnt them by heart.
                for tree in self.cover.trees(1 if level < 4 else 2, self.work):
                    if tree.cost <= 3 * level + 6:
                        yield tree
            if level >= 3 and self._is_text:
                yield from self._concatenations(level)
        yield from self.cover.trees(3, self.work, 120)

    def finish(self, steps: int) -> None:
        """Look for rivals only so much longer."""
        self.bank.until = min(self.bank.until, self.work.done + steps)

    def _share(self, part: float) -> float:
        """The mark up to which a part of the search may go."""
        return min(self.work.share(part, _LEAST), self.bank.until)

    @property
    def candidates(self) -> int:
        """How many candidates were evaluated."""
        return self.bank.evaluated + self.evaluated

    @property
    def _is_text(self) -> bool:
        return self.cover.kinds == {"str"}

    def _noted(self, terms: Iterator[Term]) -> Iterator[Term]:
        kinds = self.cover.kinds | {"bool"}
        note = self.cover.note
        for term in terms:
            if term.kind in kinds and note(term):
                yield term

    def _inject(self, terms: Iterator[Term]) -> Iterator[Term]:
        """Put terms that were made elsewhere into the bank, and hand out those that fit."""
        for term in terms:
            if self.bank.is_over:
                return
            if term.values.count(FAILED) * 2 > len(self.rows):
                continue
            kept = self.bank.add(term)
            wanted = term.kind == "bool" or term.kind in self.cover.kinds
            if kept is not None and wanted and self.cover.note(kept):
                yield kept

    def _loops(self, stage: int) -> Iterator[Term]:
        """Comprehensions and folds over the cheapest lists and strings not yet run through."""
        # No more than was done before, so that what is cheap is not kept waiting.
        most = self.work.done + 4 * _LEAST + 2 * (self.work.done - self._begun)
        until = min(self._share((0.05, 0.25, 0.3, 0.3)[stage]), most)
        sources = self._sources(stage)
        for place, source in enumerate(sources):
            left = int(until) - self.work.done
            if left <= 0 or self.bank.is_over:
                return
            each = max(_LEAST, left // (len(sources) - place))
            depth = 4 if source.term.cost <= 3 else 3
            inner = bodies(
                source,
                [leaf for leaf in self._leaves if leaf.cost <= 3],
                self.library,
                self._kinds,
                self.work,
                self.work.done + each,
                depth + stage // 2,
            )
            self.evaluated += inner.evaluated
            yield from self._maps(source, inner)
            yield from self._inject(comprehensions(source, inner, self._kinds))
            if source.term.cost <= 4 and stage >= 1:
                yield from self._inject(
                    folds(
                        source,
                        self._leaves,
                        self.cover.kinds,
                        self.library,
                        self._kinds,
                        self.work,
                        self.work.done + each,
                    )
                )

    def _elementwise(self) -> Iterator[Term]:
        """One list turned into another of the same length, element by element."""
        goal = next(iter(self.cover.kinds)) if len(self.cover.kinds) == 1 else ""
        if goal != "list[int]":
            return
        rows = len(self.target)
        for leaf in list(self._leaves):
            source = Source.of(leaf) if leaf.kind == goal else None
            if source is None or any(
                value is FAILED or len(value) != count
                for value, count in zip(self.target, source.counts, strict=False)
            ):
                continue
            constants = [other for other in self._leaves if other.cost <= 4]
            extra = places(source)
            for level in (3, 5):
                kinds = {"int", "bool", "list[int]"}
                until = self._share(0.4)
                inner = bodies(
                    source, constants, self.library, kinds, self.work, until, level, extra
                )
                self.evaluated += inner.evaluated
                found = False
                for term in solve_by_map(source, inner, "int", self.target, rows):
                    kept = self.bank.add(term)
                    if kept is not None and self.cover.note(kept):
                        found = True
                        yield kept
                if found:
                    break

    def _sources(self, stage: int) -> list[Source]:
        terms = [
            term
            for kind in sorted(self.bank.levels)
            if kind == "str" or kind.startswith("list[")
            for term in self.bank.of(kind)
            if term.cost <= stage + 3 and id(term) not in self._used and term.values
        ]
        parameters = set(self.signature.parameters)
        terms.sort(key=lambda t: (t.cost - (t.code in parameters), not _depends(t, parameters)))
        found = []
        for term in terms:
            if not _depends(term, parameters):
                continue
            self._used.add(id(term))
            source = Source.of(term)
            if source is not None:
                found.append(source)
            if len(found) >= (3, 12, 24, 40)[stage]:
                break
        return found

    def _maps(self, source: Source, inner: Bank) -> Iterator[Term]:
        """The target as the elements of a source, one by one; text is taken apart first."""
        rows = len(self.target)
        goal = next(iter(self.cover.kinds)) if len(self.cover.kinds) == 1 else ""
        if goal.startswith("list["):
            for term in solve_by_map(source, inner, goal[5:-1], self.target, rows):
                kept = self.bank.add(term)
                if kept is not None and self.cover.note(kept):
                    yield kept
        if goal == "str" and (source.element == "str" or source.element == "int"):
            for separator in _SEPARATORS:
                if separator == "":
                    parts = [v if v is FAILED else list(v) for v in self.target]
                else:
                    parts = [v if v is FAILED else v.split(separator) for v in self.target]
                for term in solve_by_map(source, inner, "str", parts, rows):
                    values = [v if v is FAILED else separator.join(v) for v in term.values]
                    code = f"{separator!r}.join({term.code})"
                    joined = Term("str", values, term.cost + 2, code, term.operation)
                    kept = self.bank.add(joined)
                    if kept is not None and self.cover.note(kept):
                        yield kept

    def _concatenations(self, level: int) -> Iterator[Term]:
        """Outputs put together from pieces, all rows alike or split by one predicate."""
        rows = [place for place, value in enumerate(self.target) if value is not FAILED]
        if len(rows) != len(self.target) or not rows:
            return
        until = self._share(0.15)
        terms = [term for term in self.bank.of("str") if term.cost <= level + 2][:30_000]
        total = len(self.rows)
        found = 0
        for term in Pieces(terms, rows, total).solve(self.target, 6, self.work, until):
            yield term
            found += 1
            if found >= 4:
                return
        if found:
            return
        predicates = sorted(self.cover.predicates.items(), key=lambda item: item[1].cost)
        for mask, predicate in predicates[:30]:
            yes = [row for row in rows if mask >> row & 1]
            no = [row for row in rows if not mask >> row & 1]
            left = next(Pieces(terms, yes, total).solve(self.target, 5, self.work, until), None)
            if left is None:
                continue
            right = next(Pieces(terms, no, total).solve(self.target, 5, self.work, until), None)
            if right is not None:
                yield conditional(predicate, left, right)
                return
            if self.work.is_past(until):
                return


def _depends(term: Term, parameters: set[str]) -> bool:
    """Whether a term mentions a parameter at all."""
    if term.operation is None:
        return term.code in parameters or len(term.code) > 24
    if not term.arguments:
        return True
    return any(_depends(argument, parameters) for argument in term.arguments)
