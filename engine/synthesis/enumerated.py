"""The enumeration of programs as a proposer: terms that fit all answers, cheapest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..proposal import Batch, Feedback, Proposal
from .bank import FAILED
from .dialogue import Oracle
from .operation import Library
from .program import Signature, render
from .refereeing import Guess, Idea
from .search import Search
from .types import infer, infer_arguments, join
from .work import Work


@dataclass
class EnumeratedPrograms:
    """Proposes programs of a library that fit what the oracle has answered so far.

    Each round searches again with the answers there are by then, for at most ``seconds``.
    """

    oracle: Oracle
    seconds: float = 5.0
    library: Library = field(default_factory=Library.standard)
    name: str = "enumeration of programs"

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Idea]:
        """The cheapest programs that fit; none at all ends the proposer."""
        told = {one.text for one in feedback}
        examples = [one for one in self.oracle.examples if one.outcome.is_value]
        if not examples:
            return Batch((), ("no example returns a value",), is_last=True)
        arity = min(len(example.arguments) for example in examples)
        calls = [example.arguments[:arity] for example in examples]
        values = [example.outcome.value for example in examples]
        signature = Signature.named(
            self.oracle.name, infer_arguments(calls), join(map(infer, values))
        )
        work = Work.within(self.seconds, time.process_time() + self.seconds)
        search = Search(signature, calls, list(values), self.library, work)
        found: list[Proposal[Idea]] = []
        for term in search.solutions():
            if FAILED in term.values:
                continue
            source = render(term.code, signature)
            if source not in told:
                found.append(Proposal(Guess(source), source, self.name, term.code))
            if len(found) >= count:
                break
        return Batch(found, is_last=not found)
