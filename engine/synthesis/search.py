"""One search over fixed rows: levels of terms, comprehensions, conditionals, concatenations.

Everything is anytime: ``solutions`` yields each term that gets the answered rows right, as soon
as it is found, and goes on to rivals until its time is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from .bank import FAILED, Bank, Term
from .components import Components
from .comprehension import Elements, Source, Spread, bodies
from .concatenation import Pieces, in_words
from .conditional import Cover, conditional
from .decomposition import decompositions, products
from .envelope import envelopes
from .equation import equations
from .fitting import fits
from .fold import Fold, Steps, foldable
from .immediate import immediate
from .iteration import FirstNumber, Iteration, iterable
from .leaves import kind_of, leaves, relevant_types
from .lookup import tables
from .loop import Comprehension, Stream, goals
from .neighbourhood import places
from .operation import Library
from .program import Signature
from .rounding import decimals, fitting_when_rounded
from .work import Work

_SLACK = 3
"""How much more than the level that was enumerated a comprehension or a fold may cost."""

_LOOPS = 2
_OPEN = 5
"""The most that a list may cost whose elements are set against what is known outside."""

_LEAST = 60_000
"""Steps that any part may use, however little is left."""


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
    _components: list[Components] = field(init=False)
    _kinds: set[str] = field(init=False)
    _leaves: list[Term] = field(init=False)
    _begun: int = field(init=False)
    _used: set[int] = field(default_factory=set)
    _streams: list[tuple[int, int, Term | Stream]] = field(default_factory=list)
    _steps: dict[tuple[str, str], Steps] = field(default_factory=dict)
    _elements: dict[str, Elements] = field(default_factory=dict)
    _serial: int = 0
    _looped: int = 0
    _most_cost: int | None = None

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
        shape = next((kind for kind in sorted(goals) if "[" in kind), goal)
        self._components = Components.by_size(shape, self.target)

    def solutions(self) -> Iterator[Term]:
        """Terms that fit, roughly cheapest first, until the work is over."""
        for leaf in self._leaves:
            kept = self.bank.add(leaf)
            if kept is not None and self._note(kept):
                yield kept
        for term in immediate(
            self._leaves,
            self.bank.operations,
            {*self.cover.kinds, "bool"},
            self.work,
            self._share(0.2),
        ):
            if self._note(term):
                yield term
        yield from self._inject(iter(self._switches()))
        self._begin_iterations()
        level = 0
        while not self.bank.is_over and (self._most_cost is None or level < self._most_cost):
            level += 1
            yield from self._noted(self.bank.grow())
            if level == 2:
                yield from self._elementwise()
            if level >= 2:
                yield from self._loops(level)
            for components in self._components:
                yield from self._inject(
                    components.compose(level, self.bank.of("int"), self.work, self._share(0.15))
                )
            if level >= 3 and self.cover.kinds == {"bool"}:
                yield from self._equations()
            if level >= 3 and self.cover.kinds <= {"int", "float"}:
                yield from self._fits()
            if level >= 2:
                # A tree that costs more than the answers it explains has learnt them by heart.
                for tree in self.cover.trees(1 if level < 4 else 2, self.work):
                    if tree.cost <= 3 * level + 6:
                        yield tree
            if level >= 3 and self.cover.kinds & {"int", "float"}:
                yield from self._decompositions()
            if level >= 3 and self._is_text:
                yield from self._concatenations(level)
            if level == 4:
                yield from self._tables()
        yield from self.cover.trees(3, self.work, 120)

    def finish(self, steps: int, cost: int | None = None) -> None:
        """Look for rivals only so much longer, and for none that cost more than ``cost``."""
        self.bank.until = self.work.done + steps
        self._most_cost = cost

    def _share(self, part: float) -> float:
        """The mark up to which a part of the search may go."""
        return min(self.work.share(part, _LEAST), self.bank.until)

    @property
    def _is_text(self) -> bool:
        return self.cover.kinds == {"str"}

    def _noted(self, terms: Iterator[Term]) -> Iterator[Term]:
        kinds = self.cover.kinds | {"bool"}
        note = self.cover.note
        components = self._components
        target = self.target
        digits = decimals(target)
        for term in terms:
            for shape in components:
                shape.note(term)
            if term.kind in kinds and note(term):
                yield term
            elif digits and term.kind == "float":
                rounded = fitting_when_rounded(term, target, digits)
                if rounded is not None:
                    yield rounded

    def _note(self, term: Term) -> bool:
        """Take a term into account; whether it is an answer."""
        for components in self._components:
            components.note(term)
        return term.kind in self.cover.kinds | {"bool"} and self.cover.note(term)

    def _inject(self, terms: Iterator[Term]) -> Iterator[Term]:
        """Put terms that were made elsewhere into the bank, and hand out those that fit."""
        for term in terms:
            if self.bank.is_over:
                return
            if term.values.count(FAILED) * 2 > len(self.rows):
                continue
            kept = self.bank.add(term)
            if kept is not None and self._note(kept):
                yield kept

    def _loops(self, level: int) -> Iterator[Term]:
        """Comprehensions and folds over what was found so far, the cheapest first."""
        for kind in sorted(self.bank.levels):
            if kind == "str" or kind.startswith("list["):
                for term in self.bank.of(kind):
                    if term.cost <= min(level, 5) and id(term) not in self._used:
                        self._used.add(id(term))
                        if _varies(term) or _is_alphabet(term):
                            self._wait(term.cost + 2, term)
        # Loops take so many times the steps of plain terms, so that neither waits for the other.
        started = self.work.done
        plain = started - self._begun - self._looped
        until = min(self._share(0.3), started + max(_LEAST, _LOOPS * plain - self._looped))
        while self._streams and self._streams[0][0] <= level + _SLACK:
            if self.work.is_past(until):
                break
            _, _, stream = heappop(self._streams)
            if isinstance(stream, Term):
                source = Source.of(stream)
                for made in self._over(source) if source is not None else ():
                    self._wait(made.next_cost, made)
            else:
                if isinstance(stream, Comprehension) and isinstance(stream.bank, Bank):
                    stream.bank.until = until
                yield from self._inject(stream.advance())
                self._wait(stream.next_cost, stream)
        self._looped += self.work.done - started

    def _wait(self, cost: int, stream: Term | Stream) -> None:
        self._serial += 1
        heappush(self._streams, (cost, self._serial, stream))

    def _over(self, source: Source) -> Iterator[Stream]:
        """What can be built by running through a source."""
        cheap = [leaf for leaf in self._leaves if leaf.cost <= 3]
        answers = goals(source, self.target, self.cover.kinds)
        wanted = (self.cover.kinds, _default(source.element, self.target))
        if source.is_hashable:
            if source.sort not in self._elements:
                constants = [leaf for leaf in cheap if not _varies(leaf)]
                self._elements[source.sort] = Elements.of(
                    source, self._alike(source), constants, self.library, self._kinds, self.work
                )
            shared = Spread(source, self._elements[source.sort])
            yield Comprehension(source, shared, answers, self._kinds, 0, *wanted)
        if source.term.cost <= _OPEN or not source.is_hashable:
            # Bodies that also know the place of the element, and what is known outside.
            inner = bodies(source, cheap, self.library, self._kinds, self.work)
            later = 1 if source.term.cost <= 2 else 2
            yield Comprehension(source, inner, answers, self._kinds, later, *wanted)
        for kind in foldable(source.element, self.cover.kinds) if source.term.cost <= 4 else ():
            key = (kind, source.element)
            if key not in self._steps:
                self._steps[key] = Steps.between(
                    kind,
                    source.element,
                    source.items,
                    self._leaves,
                    self.library,
                    self._kinds,
                    self.work,
                )
            starts = tuple(leaf for leaf in self._leaves if leaf.kind == kind and _varies(leaf))
            yield Fold(source, self._steps[key], starts)

    def _alike(self, source: Source) -> list[Any]:
        """Elements of this sort out of all lists so far: one list may hold too little variety."""
        found = list(source.items)
        known = set(map(type, found))
        if source.sort != "character":
            for term in self.bank.of(f"list[{source.element}]")[:60]:
                rows = [row for row in term.values if row is not FAILED]
                found += [x for row in rows for x in row[:20] if type(x) in known]
        if source.sort == "str":
            for leaf in self._leaves[: len(self.signature.codes)]:
                found += [value for value in leaf.values if isinstance(value, str)]
        return [value for value in found if value != ""] or found

    def _elementwise(self) -> Iterator[Term]:
        """One list turned into another of the same length, by what stands around each place."""
        if self.cover.kinds != {"list[int]"}:
            return
        for leaf in list(self._leaves):
            source = Source.of(leaf) if leaf.kind == "list[int]" else None
            answers = goals(source, self.target, self.cover.kinds) if source else []
            if source is None or not answers or answers[0].cover is None:
                continue
            constants = [other for other in self._leaves if other.cost <= 4]
            kinds = {"int", "bool", "list[int]"}
            inner = bodies(source, constants, self.library, kinds, self.work, places(source))
            inner.until = self._share(0.4)
            around = Comprehension(source, inner, answers, set())
            found = False
            while not found and inner.cost < 5 and not inner.is_over:
                for term in self._inject(around.advance()):
                    found = True
                    yield term

    def _decompositions(self) -> Iterator[Term]:
        """Numbers put together from two known ones."""
        terms = [*self.bank.of("int"), *(self.bank.of("float") if self._has_floats else ())]
        terms.sort(key=lambda term: term.cost)
        until = self._share(0.1)
        rows = len(self.rows)
        yield from decompositions(terms[:40_000], self.target, rows, self.work, until)
        yield from products(terms[:40_000], self.target, rows, self.work, until)
        kind = "float" if self._has_floats else "int"
        until = self._share(0.05)
        made = envelopes(terms, self.target, kind, self.work, until)
        for place, term in enumerate(sorted(made, key=lambda term: term.cost)):
            yield from self._inject(iter([term]))
            if place >= 5:
                return

    def _switches(self) -> list[Term]:
        """Tests whether a parameter has one of the values that it takes again and again."""
        count = len(self.target)
        made = []
        for leaf in self._leaves[: len(self.signature.codes)]:
            for other in self._leaves[len(self.signature.codes) :]:
                times = leaf.values[:count].count(other.values[0])
                if leaf.kind in ("int", "str") and other.kind == leaf.kind and times >= 2:
                    values = [value == other.values[0] for value in leaf.values]
                    made.append(Term("bool", values, 2, f"({leaf.code} == {other.code})"))
        return made

    def _begin_iterations(self) -> None:
        """Steps that are repeated, and first numbers that pass a test, wait for their turn."""
        parameters = self._leaves[: len(self.signature.codes)]
        for leaf in parameters:
            if iterable(leaf.kind):
                made = Iteration.over(leaf, self._leaves, self.library, self._kinds, self.work)
                self._wait(made.next_cost, made)
        if self.cover.kinds != {"int"}:
            return
        starts = [*(leaf for leaf in self._leaves if leaf.kind == "int" and leaf.cost == 1)]
        for leaf in starts:
            for step in (1, -1):
                search = FirstNumber.of(
                    leaf, step, self.target, self._leaves, self.library, self._kinds, self.work
                )
                if search is not None:
                    self._wait(search.next_cost, search)

    def _equations(self) -> Iterator[Term]:
        """Truth values as equations between known terms."""
        until = self._share(0.1)
        made: list[Term] = []
        for kind in sorted(self.bank.levels):
            if kind == "bool" or kind.startswith("float"):
                continue
            for term, is_right in equations(
                self.bank.of(kind), self.target, len(self.rows), self.work, until
            ):
                if is_right:
                    made.append(term)
                else:
                    self.cover.note(term)
        made.sort(key=lambda term: term.cost)
        yield from self._inject(iter(made[:12]))

    def _fits(self) -> Iterator[Term]:
        """Numbers with constants that the answers determine."""
        until = self._share(0.05)
        for place, term in enumerate(
            fits(self.bank.of("int"), self.target, len(self.rows), self.work, until)
        ):
            yield from self._inject(iter([term]))
            if place >= 8:
                return

    def _tables(self) -> Iterator[Term]:
        """Answers read off a list of cases."""
        if len(self.cover.kinds) != 1 or FAILED in self.target:
            return
        kind = next(iter(self.cover.kinds))
        terms = sorted(
            [term for of in ("int", "str") for term in self.bank.of(of)], key=lambda t: t.cost
        )
        for place, made in enumerate(tables(terms, self.target, kind)):
            yield from self._inject(iter([made]))
            if place >= 2:
                return

    @property
    def _has_floats(self) -> bool:
        return any(type(value) is float for value in self.target)

    def _concatenations(self, level: int) -> Iterator[Term]:
        """Outputs put together from pieces, all rows alike or split by one predicate."""
        rows = [place for place, value in enumerate(self.target) if value is not FAILED]
        if len(rows) != len(self.target) or not rows:
            return
        until = self._share(0.15)
        terms = [term for term in self.bank.of("str") if term.cost <= level + 2][:30_000]
        terms += [in_words(term) for term in self.bank.of("int")[:15_000]]
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


def _is_alphabet(term: Term) -> bool:
    """Whether a constant is a few letters that may be gone through one by one."""
    text = term.values[0]
    return term.operation is None and isinstance(text, str) and 4 <= len(text) <= 12


def _default(element: str, target: Sequence[Any]) -> str:
    """What stands for an element that is not there."""
    if None in target:
        return "None"
    return {"str": "''", "int": "-1"}.get(element, "None")


def _varies(term: Term) -> bool:
    """Whether a term is more than a constant."""
    first = term.values[0]
    return any(value is not first for value in term.values)
