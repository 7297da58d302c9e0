"""The loop of synthesis: search, separate the survivors by queries, submit, learn, repeat."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from marshal import dumps
from typing import Any

from ..budget import Budget
from ..errors import UsageError
from ..verdict import Refuted
from .bank import FAILED, Term, rare_collection
from .conditional import is_conditional
from .dialogue import Counterexample, Example, NotRefuted, Oracle, call_text
from .inputs import Generator
from .operation import Library
from .outcome import Outcome
from .program import Signature, render
from .search import Search
from .types import infer, infer_arguments, join
from .work import STEPS_A_SECOND, Work

_PATIENCE = STEPS_A_SECOND // 4
"""Steps for which rivals are looked for after a first term fits, and a third of what that took."""
_TREE_SHARE = 0.25
"""What is left of the budget may go so far into looking for a plain term that is as cheap, where
all that fits is a conditional: with enough cases anything fits."""
_MOST_RIVALS = 30
_MOST_TREES = 12
_MOST_LEADERS = 8


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the dialogue: what happened, in words, with the numbers behind it."""

    kind: str
    text: str
    rivals: int = 0
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The end of a search: a program that was not refuted, or an honest ``not found``.

    ``program`` is the accepted source, ``None`` if there is none; ``rejected`` holds candidates
    that were submitted and refuted; ``trace`` tells the dialogue step by step.
    """

    program: str | None
    verdict: NotRefuted | Refuted | None
    reason: str
    trace: tuple[Event, ...]
    rejected: tuple[str, ...]
    queries: int
    submissions: int
    candidates: int
    cpu_seconds: float
    code: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a program."""
        return self.program is not None

    def __repr__(self) -> str:
        if self.program is None:
            return f"not found ({self.reason}; {self.candidates} candidates, {self.cpu_seconds:.1f} CPU s)"
        return (
            f"{self.program}# {self.verdict!r}; {self.queries} queries, "
            f"{self.candidates} candidates, {self.cpu_seconds:.1f} CPU s"
        )

    def _repr_html_(self) -> str:
        head, _, tail = repr(self).rpartition("# ")
        steps = "".join(f"<li>{escape(e.kind)}: {escape(e.text)}</li>" for e in self.trace)
        return (
            f"<pre>{escape(head)}</pre><p>{escape(tail)}</p>"
            f"<details><summary>Dialogue</summary><ol>{steps}</ol></details>"
        )

    def to_json(self) -> dict[str, Any]:
        """The result and its trace as JSON data."""
        return {
            "found": self.found,
            "program": self.program,
            "reason": self.reason,
            "verdict": repr(self.verdict) if self.verdict else None,
            "rejected": list(self.rejected),
            "queries": self.queries,
            "submissions": self.submissions,
            "candidates": self.candidates,
            "cpu_seconds": round(self.cpu_seconds, 3),
            "trace": [
                {"kind": e.kind, "text": e.text, "rivals": e.rivals, "at": round(e.cpu_seconds, 3)}
                for e in self.trace
            ],
        }


@dataclass(slots=True)
class _Dialogue:
    oracle: Oracle
    library: Library
    budget: Budget
    seed: int
    constants: tuple[object, ...]
    started: float = 0.0
    events: list[Event] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    queries: int = 0
    submissions: int = 0
    raised: set[int] = field(default_factory=set)
    _probes: list[tuple[object, ...]] = field(default_factory=list)
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        seconds = self.budget.seconds
        self.started = time.process_time()
        self.work = Work.within(seconds, self.started + seconds)

    def run(self) -> Synthesis:
        self._first_questions()
        reason = "no program of the library fits the examples within the budget"
        while self.left > 0.05 and self.oracle.submissions_left > 0:
            answered = self._answered()
            if len(answered) < 1:
                reason = "no example returns a value"
                break
            rivals = self._search(answered)
            if not rivals:
                break
            best = self._separate(rivals, answered)
            if best is None:
                continue
            signature = self._signature(answered)
            program = render(best.code, signature, self.oracle.examples)
            self.submissions += 1
            verdict = self.oracle.submit(program)
            self._note("submit", f"{best.code}: {verdict!r}")
            if isinstance(verdict, NotRefuted):
                return self._result(program, verdict, "", best.code)
            self.rejected.append(program)
            reason = "every submitted candidate was refuted"
            shown = verdict.counterexample
            if isinstance(shown, Counterexample) and not shown.expected.is_value:
                self.raised.add(len(self.oracle.examples) - 1)
        return self._result(None, None, reason)

    @property
    def left(self) -> float:
        return self.budget.seconds - (time.process_time() - self.started)

    def _note(self, kind: str, text: str, rivals: int = 0) -> None:
        self.events.append(Event(kind, text, rivals, time.process_time() - self.started))

    def _result(
        self, program: str | None, verdict: NotRefuted | None, reason: str, code: str = ""
    ) -> Synthesis:
        return Synthesis(
            program,
            verdict,
            reason,
            tuple(self.events),
            tuple(self.rejected),
            self.queries,
            self.submissions,
            self.work.candidates,
            time.process_time() - self.started,
            code,
        )

    def _ask(self, call: tuple[object, ...], why: str, rivals: int = 0) -> Outcome:
        outcome = self.oracle.ask(*call)
        self.queries += 1
        self._note(why, f"{call_text(self.oracle.name, call)} {outcome!r}"[:300], rivals)
        return outcome

    def _answered(self) -> list[Example]:
        """The examples that candidates must get right."""
        return [
            example
            for place, example in enumerate(self.oracle.examples)
            if example.outcome.is_value or place in self.raised
        ]

    def _generator(self) -> Generator:
        calls = [example.arguments for example in self.oracle.examples]
        return Generator.of(calls, seed=self.seed + len(calls))

    def _first_questions(self) -> None:
        """A few queries before the search: examples are alike more often than inputs are."""
        if len(self.oracle.examples) < 10:
            return
        wanted = min(4, self.oracle.queries_left // 4)
        generator = self._generator()
        known = {repr(example.arguments) for example in self.oracle.examples}
        for _ in range(wanted):
            call = generator.mutation(generator.dice.choice(generator.calls))
            for _ in range(19):
                if repr(call) not in known:
                    break
                call = generator.mutation(generator.dice.choice(generator.calls))
            known.add(repr(call))
            self._ask(call, "query")

    def _signature(self, answered: Sequence[Example]) -> Signature:
        kinds = infer_arguments(example.arguments for example in answered)
        result = join(infer(e.outcome.value) for e in answered if e.outcome.is_value)
        lengths = {len(example.arguments) for example in answered}
        if len(lengths) > 1:
            one = join(infer(value) for e in answered for value in e.arguments)
            if one.name != "union":
                return Signature.of_any_number(self.oracle.name, one, result)
        return Signature.named(self.oracle.name, kinds, result)

    def _search(self, answered: Sequence[Example]) -> list[Term]:
        """Terms that fit all answers; a while longer than the first took, for rivals."""
        signature = self._signature(answered)
        calls = [example.arguments for example in answered]
        target = [e.outcome.value if e.outcome.is_value else FAILED for e in answered]
        self._probes = [call for call in self._choose_probes(calls) if signature.takes(call)]
        before = self.work.done
        search = Search(
            signature,
            [signature.row(call) for call in (*calls, *self._probes)],
            target,
            self.library,
            self.work,
            self.constants,
        )
        exact = _key(target)
        rivals: list[Term] = []
        were_trees = False
        trees = 0
        for term in search.solutions():
            values = term.values[: len(target)]
            if _key(values) != exact and not all(map(_same, values, target)):
                continue
            trees += is_conditional(term)
            if is_conditional(term) and trees > _MOST_TREES:
                continue
            rivals.append(term)
            if len(rivals) == 1 or (were_trees and not is_conditional(term)):
                were_trees = is_conditional(term)
                steps = _PATIENCE + (self.work.done - before) // 3
                if were_trees:
                    most = self.work.share(_TREE_SHARE, steps) - self.work.done
                    search.finish(most, term.cost)
                else:
                    search.finish(steps)
            if len(rivals) >= _MOST_RIVALS:
                break
        self._note(
            "search",
            f"{len(rivals)} terms fit {len(target)} answers"
            + (f", best {min(rivals, key=_by_cost).code}" if rivals else ""),
            len(rivals),
        )
        # Where rounding makes a difference, terms that hit the last digit come first.
        return sorted(rivals, key=lambda t: (_key(t.values[: len(target)]) != exact, t.cost))

    def _choose_probes(self, calls: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
        generator = self._generator()
        known = {repr(call) for call in calls}
        probes: list[tuple[object, ...]] = []
        for call in islice(generator.stream(), len(generator.calls), 400):
            if generator.dice.random() < 0.3 and repr(call) not in known:
                known.add(repr(call))
                probes.append(call)
            if len(probes) >= 6:
                break
        return probes

    def _separate(self, rivals: list[Term], answered: Sequence[Example]) -> Term | None:
        """Ask where the rivals disagree until one behaviour is left; ``None`` if none is."""
        base = len(answered)
        open_probes = list(range(len(self._probes)))
        reserve = 0 if self.oracle.submissions_left < 2 else 3
        while open_probes and self.oracle.queries_left > reserve and len(rivals) > 1:
            probe = max(open_probes, key=lambda p: _information(rivals, base + p))
            if _information(rivals, base + probe) <= 1e-9:
                break
            open_probes.remove(probe)
            outcome = self._ask(self._probes[probe], "separating query", len(rivals))
            if not outcome.is_value:
                continue
            rivals = [t for t in rivals if _same(t.values[base + probe], outcome.value)]
        if not rivals:
            return None
        return self._attack(rivals, answered, reserve)

    def _attack(self, rivals: list[Term], answered: Sequence[Example], reserve: int) -> Term | None:
        """Try the leading candidates on new inputs; ask where they differ, then where they may."""
        signature = self._signature(answered)
        leaders = rivals[:_MOST_LEADERS]
        generator = self._generator()
        known = {repr(example.arguments) for example in self.oracle.examples}
        stream = islice(generator.stream(), len(generator.calls), 500)
        calls = [c for c in stream if repr(c) not in known and signature.takes(c)]
        generator.dice.shuffle(calls)
        strange = [generator.unicode() for _ in range(24)]
        calls = calls[:120] + [c for c in strange if c not in generator.calls]
        columns = [self.oracle.rehearse(render(term.code, signature), calls) for term in leaders]
        alive = list(range(len(leaders)))
        asked = 0
        dice = random.Random(self.seed)
        while self.oracle.queries_left > reserve and calls and asked < 9:
            split = [
                place
                for place in range(len(calls))
                if len({repr(columns[leader][place]) for leader in alive}) > 1
            ]
            if not split and asked >= 4:
                break
            if split:
                place = max(split, key=lambda p: (_parts(columns, alive, p), dice.random()))
            else:
                place = _most_telling(columns[alive[0]], dice)
            outcome = self._ask(calls[place], "testing query", len(alive))
            asked += 1
            if outcome.is_value:
                alive = [a for a in alive if _matches(columns[a][place], outcome)]
                if not alive:
                    return None
            calls.pop(place)
            for column in columns:
                column.pop(place)
        return leaders[alive[0]]


def _parts(columns: list[list[Outcome]], alive: list[int], place: int) -> int:
    """Into how many groups the answer at this place divides those alive."""
    return len({repr(columns[leader][place]) for leader in alive})


def _most_telling(column: list[Outcome], dice: random.Random) -> int:
    """An input whose predicted answer is rare among the predictions: that is where errors hide."""
    tally: dict[str, int] = {}
    for outcome in column:
        tally[repr(outcome)] = tally.get(repr(outcome), 0) + 1
    weights = [1.0 / tally[repr(o)] * (1.0 if o.is_value else 0.3) for o in column]
    return dice.choices(range(len(column)), weights)[0]


def _information(rivals: list[Term], place: int) -> float:
    """Bits that the answer at this row is expected to give, cheaper terms weighing more."""
    least = rivals[0].cost
    classes: dict[bytes, float] = {}
    for term in rivals:
        key = _key([term.values[place]])
        classes[key] = classes.get(key, 0.0) + 0.6 ** (term.cost - least)
    total = sum(classes.values())
    return -sum(w / total * math.log2(w / total) for w in classes.values())


def _by_cost(term: Term) -> int:
    return term.cost


def _key(values: Sequence[Any]) -> bytes:
    try:
        return dumps([_ordered(value) for value in values], 2)
    except ValueError:
        return repr(values).encode()


def _ordered(value: Any) -> Any:
    """Sets and dicts in a fixed order, so that equal ones have equal bytes."""
    match value:
        case set() | frozenset():
            return ("set", sorted(map(repr, value)))
        case dict():
            return ("dict", sorted(map(repr, value.items())))
        case list():
            return [_ordered(item) for item in value]
        case tuple():
            return tuple(_ordered(item) for item in value)
        case _:
            return value


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-11) or (left != left and right != right)
    return _key([left]) == _key([right])


def _matches(predicted: Outcome, outcome: Outcome) -> bool:
    return predicted.is_value and _same(predicted.value, outcome.value)


def synthesize(
    oracle: Oracle,
    *,
    library: Library | None = None,
    constants: Sequence[object] = (),
    seed: int = 0,
    budget: Budget | None = None,
) -> Synthesis:
    """A program that the oracle does not refute, or an honest ``not found``, with its trace.

    ``library`` holds the operations to build from; ``constants`` are worth trying beside those
    the examples suggest. Seconds are CPU seconds of this process.
    """
    if not oracle.examples:
        raise UsageError("synthesis needs at least one example: ask the oracle, or give it some")
    dialogue = _Dialogue(
        oracle,
        library or Library.standard(),
        budget or Budget(seconds=20),
        seed,
        tuple(constants),
    )
    with rare_collection():
        return dialogue.run()
