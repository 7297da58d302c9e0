"""The enumeration of programs as a proposer: terms that fit all answers, cheapest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from ..proposal import Batch, Feedback, Proposal
from .agreement import key, same
from .bank import FAILED, Term, rare_collection
from .conditional import is_conditional
from .conversation import Conversation
from .dialogue import Example
from .evidence import bits, doubt
from .operation import Library
from .program import render
from .refereeing import Enumerated, Idea
from .search import Search
from .work import STEPS_A_SECOND, Work

MOST_RIVALS = 30
"""Terms that are proposed at once at most."""

_PATIENCE = STEPS_A_SECOND // 4
"""Steps for which rivals are looked for after a first term fits, and a third of what that took."""
_AHEAD_SHARE = 0.25
"""What is left of the budget may go so far into looking for a cheaper term, where all that fits
was put together ahead of its turn, as conditionals are: with enough cases anything fits."""
_AHEAD_TIMES = 4
"""And no further than so many times the patience that other terms get."""
_MOST_TREES = 12


@dataclass
class EnumeratedPrograms:
    """Proposes programs of a library that fit what the oracle has answered so far.

    Each round searches again with the answers there are by then. ``seconds`` of CPU are for all
    rounds together, from the beginning of the conversation.
    """

    conversation: Conversation
    seconds: float = 20.0
    library: Library = field(default_factory=Library.standard)
    constants: tuple[object, ...] = ()
    name: str = "enumeration of programs"
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        self.work = Work.within(self.seconds, time.process_time() + self.seconds)
        self.conversation.is_enumerating = True

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Idea]:
        """The cheapest programs that fit and were not decided; none at all ends the proposer."""
        talk = self.conversation
        left = self.seconds - (talk.spent - talk.excused)
        self.work.deadline = time.process_time() + left
        answered = talk.binding()
        note = "" if answered else "no example returns a value"
        rivals: list[Proposal[Idea]] = []
        if answered and left > 0.05:
            with rare_collection():
                decided = {one.text for one in feedback if one.status != "open"}
                found = self._rivals(answered, min(count, MOST_RIVALS))
                rivals = [rival for rival in found if rival.text not in decided]
        talk.is_enumerating = bool(rivals)
        return Batch(rivals, (note,) if note else (), is_last=not rivals)

    def _rivals(self, answered: Sequence[Example], most: int) -> list[Proposal[Idea]]:
        """Terms that fit all answers; they are looked for a while longer than the first took."""
        signature = self.conversation.signature(answered)
        calls = [example.arguments for example in answered]
        target = [e.outcome.value if e.outcome.is_value else FAILED for e in answered]
        probes = tuple(call for call in self._probes(calls) if signature.takes(call))
        before = self.work.done
        search = Search(
            signature,
            [signature.row(call) for call in (*calls, *probes)],
            target,
            self.library,
            self.work,
            self.constants,
        )
        exact = key(target)
        known = bits(target)
        is_silent = self.conversation.oracle.queries_left <= 0
        rivals: list[Term] = []
        least = 1_000
        trees = 0
        for term in search.solutions():
            if self.work.is_over and rivals:
                break
            values = term.values[: len(target)]
            if key(values) != exact and not all(map(same, values, target)):
                continue
            trees += is_conditional(term)
            if is_conditional(term) and trees > _MOST_TREES:
                continue
            rivals.append(term)
            if term.cost < least:
                least = term.cost
                steps = _PATIENCE + (self.work.done - before) // 3
                # What is in doubt is asked about first, as long as anything can be asked.
                is_doubtful = doubt(term.cost, known) > 0
                is_ahead = is_doubtful and term.cost > search.bank.cost + 1
                if (is_conditional(term) or is_ahead) and (is_silent or not is_doubtful):
                    share = self.work.share(_AHEAD_SHARE, steps) - self.work.done
                    search.finish(min(share, _AHEAD_TIMES * steps), term.cost)
                else:
                    search.finish(steps)
            if len(rivals) >= most:
                break
        self.conversation.note(
            "search",
            f"{len(rivals)} terms fit {len(target)} answers"
            + (f", best {min(rivals, key=_by_cost).code}" if rivals else ""),
            len(rivals),
        )
        # Where rounding makes a difference, terms that hit the last digit come first.
        rivals.sort(key=lambda t: (key(t.values[: len(target)]) != exact, t.cost))
        found: list[Proposal[Idea]] = []
        for term in rivals:
            source = render(term.code, signature)
            guess = Enumerated(
                source,
                term.code,
                signature,
                term.cost,
                probes,
                term.values[len(target) :],
                doubt(term.cost, known),
            )
            found.append(Proposal(guess, source, self.name, term.code))
        return found

    def _probes(self, calls: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
        """Inputs without an answer, which keep apart terms that the answers do not."""
        generator = self.conversation.generator()
        known = {repr(call) for call in calls}
        probes: list[tuple[object, ...]] = []
        for call in islice(generator.stream(), len(generator.calls), 400):
            if generator.dice.random() < 0.3 and repr(call) not in known:
                known.add(repr(call))
                probes.append(call)
            if len(probes) >= 6:
                break
        return probes


def _by_cost(term: Term) -> int:
    return term.cost
