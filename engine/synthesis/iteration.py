"""Iteration: one step applied again and again, and the first number that passes a test.

A step ``a -> f(a)`` is enumerated once for a type. It is run from each source until nothing
changes, or as many times as a number says, and the rounds are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .agreement import key
from .bank import FAILED, Bank, Term
from .comprehension import Source
from .operation import LARGE, LONG, NAMES, Library
from .work import Work

_ROUNDS = 100
_COMPILING = 300
_LEVELS = 6
_LIMIT = 10_000
"""Numbers that are tried, at most, until one passes a test."""

_ENDS: dict[str, tuple[tuple[str, str], ...]] = {
    "int": (("a == 1", "1"), ("a < 10", "10"), ("a == 0", "0")),
    "str": (),
    "list[int]": (),
}
"""Tests that end a count of rounds, besides that nothing changes."""


def iterable(kind: str) -> bool:
    """Whether steps on such values are looked for."""
    return kind in _ENDS


@dataclass(slots=True)
class Iteration:
    """Results of steps repeated from one source, by the cost of the steps.

    ``numbers`` are integer terms that may say how many times.
    """

    source: Term
    numbers: list[Term]
    bank: Bank
    rows: int

    @classmethod
    def over(
        cls,
        source: Term,
        leaves: Sequence[Term],
        library: Library,
        types: set[str],
        work: Work,
    ) -> Iteration:
        """Steps from a parameter; constants may take part in them."""
        samples = [value for value in source.values if value is not FAILED]
        near = {"int", "str", "bool", source.kind, "list[int]", "list[str]"} & types
        operations = [op for op in library.instances(near) if op.is_bounded]
        bank = Bank(len(samples), operations, work, limit=4_000, keeps_partial=False)
        bank.add(Term(source.kind, samples, 1, "a"))
        for leaf in leaves:
            if leaf.cost <= 3 and all(value is leaf.values[0] for value in leaf.values):
                bank.add(Term(leaf.kind, [leaf.values[0]] * len(samples), leaf.cost, leaf.code))
        numbers = [
            leaf
            for leaf in leaves
            if leaf.kind == "int" and leaf is not source and len(set(leaf.values)) > 1
        ]
        numbers += [_one_less(number) for number in numbers]
        return cls(source, numbers, bank, len(source.values))

    @property
    def next_cost(self) -> int:
        """What the next steps and the loop cost together."""
        return self.bank.cost + 4 if self.bank.cost < _LEVELS else 1_000

    def advance(self) -> Iterator[Term]:
        """The results of the steps of the next cost."""
        for step in [*self.bank.grow()]:
            if step.kind != self.source.kind or step.code == "a" or not _uses(step):
                continue
            self.bank.work.spend(_COMPILING)
            function = eval(compile(f"lambda a: {step.code}", "<step>", "eval"), dict(NAMES))
            yield from self._repeated(step, function)
            yield from self._settled(step, function)

    def _settled(self, step: Term, function: Any) -> Iterator[Term]:
        """Until nothing changes, and until a test holds: the last value, and the rounds."""
        runs = [_run(function, value, _ROUNDS) for value in self.source.values]
        self.bank.work.spend(4 * sum(map(len, runs)))
        source, kind = self.source, self.source.kind
        cost = step.cost + source.cost + 2
        last = tuple(run[-1] if run and run[-1] is not FAILED else FAILED for run in runs)
        settles = [len(run) >= 2 and run[-1] == run[-2] for run in runs]
        if sum(settles) * 2 > self.rows and any(len(run) > 3 for run in runs):
            values = [v if ok else FAILED for v, ok in zip(last, settles, strict=True)]
            code = f"functools.reduce(lambda a, _: {step.code}, range({_ROUNDS}), {source.code})"
            yield Term(kind, values, cost, code, is_partial=FAILED in values)
            counts = [len(run) - 2 if ok else FAILED for run, ok in zip(runs, settles, strict=True)]
            code = (
                f"next(i for i, (a, b) in enumerate(itertools.pairwise(itertools.accumulate("
                f"range({_ROUNDS}), lambda a, _: {step.code}, initial={source.code}))) if a == b)"
            )
            yield Term("int", counts, cost + 1, code, is_partial=FAILED in counts)
        for test, _ in _ENDS[kind]:
            holds = eval(f"lambda a: {test}")
            places: list[Any] = [
                next((i for i, a in enumerate(run) if a is not FAILED and holds(a)), FAILED)
                for run in runs
            ]
            if places.count(FAILED) * 2 > self.rows or len(set(places)) < 3:
                continue
            chain = (
                f"itertools.accumulate(range({_ROUNDS}), lambda a, _: {step.code}, "
                f"initial={source.code})"
            )
            code = f"next(i for i, a in enumerate({chain}) if {test})"
            yield Term("int", places, cost + 1, code, is_partial=FAILED in places)
            ends = [
                FAILED if place is FAILED else run[place]
                for run, place in zip(runs, places, strict=True)
            ]
            if len({key([end]) for end in ends if end is not FAILED}) > 2:
                code = f"next(a for a in {chain} if {test})"
                yield Term(kind, ends, cost + 1, code, is_partial=FAILED in ends)

    def _repeated(self, step: Term, function: Any) -> Iterator[Term]:
        """As many times as a number says."""
        for number in self.numbers:
            values: list[Any] = []
            for start, times in zip(self.source.values, number.values, strict=True):
                if start is FAILED or times is FAILED or times > 300:
                    values.append(FAILED)
                    continue
                value = start
                for _ in range(times):
                    value = _next(function, value)
                    if value is FAILED:
                        break
                values.append(value)
                self.bank.work.spend(max(1, times))
            code = (
                f"functools.reduce(lambda a, _: {step.code}, range({number.code}), "
                f"{self.source.code})"
            )
            if values.count(FAILED) * 2 <= self.rows:
                cost = step.cost + self.source.cost + number.cost + 1
                yield Term(self.source.kind, values, cost, code, is_partial=FAILED in values)


def _one_less(number: Term) -> Term:
    values = [value if value is FAILED else value - 1 for value in number.values]
    return Term("int", values, number.cost + 2, f"({number.code} - 1)")


def _uses(step: Term) -> bool:
    if not step.arguments:
        return step.code == "a"
    return any(map(_uses, step.arguments))


def _next(function: Any, value: Any) -> Any:
    try:
        made = function(value)
    except Exception:
        return FAILED
    if type(made) is not type(value):
        return FAILED
    return FAILED if _is_large(made) else made


def _is_large(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) > LARGE
    if not hasattr(value, "__len__"):
        return False
    return len(value) > LONG or (isinstance(value, list) and any(map(_is_large, value)))


def _run(function: Any, start: Any, rounds: int) -> list[Any]:
    """The values one after the other until nothing changes, something fails, or a value returns."""
    if start is FAILED:
        return []
    run = [start]
    seen = {key([start])}
    while len(run) < rounds:
        value = _next(function, run[-1])
        run.append(value)
        if value is FAILED or key([value]) in seen:
            break
        seen.add(key([value]))
    return run


@dataclass(slots=True)
class FirstNumber:
    """The answer as the first number, counting from a start, that passes a test.

    Tests are enumerated over all numbers from the start to the answer, of all answered rows.
    """

    start: Term
    step: int
    bank: Bank
    flat: list[bool]
    rows: list[dict[str, Any]]

    @classmethod
    def of(
        cls,
        start: Term,
        step: int,
        target: Sequence[Any],
        leaves: Sequence[Term],
        library: Library,
        types: set[str],
        work: Work,
    ) -> FirstNumber | None:
        """``None`` where the answers are no numbers near the start, on the right side of it."""
        ranges: list[Any] = [FAILED] * len(start.values)
        for row, answer in enumerate(target):
            first = start.values[row]
            if type(answer) is not int or type(first) is not int:
                return None
            if not 0 <= (answer - first) * step <= 60:
                return None
            ranges[row] = list(range(first, answer + step, step))
        if sum(map(len, ranges[: len(target)])) < len(target) + 6:
            return None
        source = Source.of(Term("list[int]", ranges, 1, "candidates"))
        if source is None:
            return None
        inner = [leaf for leaf in leaves if leaf.cost <= 3]
        basic = types & {"int", "bool", "str", "list[int]", "list[str]"}
        whole = Bank(
            len(source.items),
            list(library.instances(basic)),
            work,
            limit=30_000,
            keeps_partial=False,
        )
        whole.add(Term("int", source.items, 1, "x"))
        for leaf in inner:
            whole.add(Term(leaf.kind, source.spread(leaf.values), leaf.cost, leaf.code))
        flat = [x == row[-1] for row in ranges[: len(target)] for x in row]
        rows = [
            {leaf.code: leaf.values[row] for leaf in inner if leaf.code.isidentifier()}
            for row in range(len(start.values))
        ]
        return cls(start, step, whole, flat, rows)

    @property
    def next_cost(self) -> int:
        """What the next tests and the loop cost together."""
        return self.start.cost + self.bank.cost + 2

    def advance(self) -> Iterator[Term]:
        """Answers by the tests of the next cost."""
        wanted = tuple(self.flat)
        for test in [*self.bank.grow()]:
            if test.kind == "bool" and test.values == wanted:
                yield self._term(test)

    def _term(self, test: Term) -> Term:
        values = []
        names = sorted(self.rows[0]) if self.rows else []
        function = eval(
            compile(f"lambda x, {', '.join(names)}: {test.code}", "<test>", "eval"), dict(NAMES)
        )
        for row, first in zip(self.rows, self.start.values, strict=True):
            values.append(FAILED if first is FAILED else self._search(function, first, row))
        numbers = f"itertools.count({self.start.code}, {self.step})"
        if self.step == 1:
            numbers = f"itertools.count({self.start.code})"
        code = f"next(x for x in {numbers} if {test.code})"
        cost = self.start.cost + test.cost + 1
        return Term("int", values, cost, code, is_partial=FAILED in values)

    def _search(self, function: Any, first: int, row: dict[str, Any]) -> Any:
        self.bank.work.spend(50)
        for x in range(first, first + self.step * _LIMIT // 10, self.step):
            try:
                if function(x, **row):
                    return x
            except Exception:
                return FAILED
        return FAILED
