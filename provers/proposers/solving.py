"""Finding a program with a model's help: alone, or after the enumeration, behind one oracle."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...engine.budget import Budget
from ...engine.proposal import Batch, Feedback, Proposer
from ...engine.refinement import Decision, Refinement, refine
from ...engine.synthesis.dialogue import Oracle
from ...engine.synthesis.operation import Library
from ...engine.synthesis.refereeing import Idea, ProgramReferee
from ...engine.synthesis.synthesis import Event, Synthesis, synthesize
from .client import Client
from .endpoint import Allowance, Endpoint
from .model import HypothesisSearch, Model
from .tasks import programs


@dataclass
class _Watching:
    """A model that is told all answers there are at the time it is asked."""

    make: Callable[[], Proposer[Idea]]
    name: str

    def propose(self, count: int, feedback: Sequence[Feedback]) -> Batch[Idea]:
        return self.make().propose(count, feedback)


@dataclass(frozen=True, slots=True)
class ModelSolver:
    """Solves problems with a model; with ``is_hybrid`` only those that the enumeration leaves open.

    In the hybrid the enumeration plays first, exactly as it would alone, and the model goes on
    with the queries and submissions that are left; so nothing is lost that it finds alone.
    ``folder`` gets a transcript for each problem; with ``replay`` a folder of such transcripts
    answers in place of the model.
    """

    endpoint: Endpoint
    allowance: Allowance = field(default_factory=Allowance)
    is_hybrid: bool = False
    rounds: int = 3
    count: int = 5
    hypotheses: int = 0
    folder: Path | None = None
    replay: Path | None = None
    cache: Path | None = None

    def __call__(
        self,
        oracle: Oracle,
        identity: int,
        *,
        library: Library | None = None,
        seed: int = 0,
        budget: Budget | None = None,
    ) -> Synthesis:
        """A program that the oracle does not refute, or an honest *not found*, with its trace."""
        started = time.process_time()
        before: Synthesis | None = None
        if self.is_hybrid:
            before = synthesize(oracle, library=library, seed=seed, budget=budget)
            if before.program is not None or oracle.submissions_left <= 0:
                return before
        with self._client(identity) as client:
            referee = ProgramReferee(oracle, seed)
            events: list[Event] = list(before.trace) if before else []

            def observe(decision: Decision) -> None:
                told = f"{decision.text}\n{decision.feedback.status}: {decision.feedback.reason}"
                events.append(Event("model", told[:2_000], 0, time.process_time() - started))

            found = refine(
                self._proposer(client, oracle),
                referee,
                rounds=self.rounds,
                count=self.count,
                observe=observe,
            )
            events += [Event("note", note) for note in found.notes]
            spent = client.spending.as_dict()
        events.append(Event("model spent", ", ".join(f"{k} {v}" for k, v in spent.items() if v)))
        return Synthesis(
            referee.program,
            referee.verdict,
            "" if referee.program is not None else _reason(found),
            tuple(events),
            (*(before.rejected if before else ()), *referee.rejected),
            referee.queries + (before.queries if before else 0),
            referee.submissions + (before.submissions if before else 0),
            referee.candidates + (before.candidates if before else 0),
            time.process_time() - started,
        )

    def _client(self, identity: int) -> Client:
        def place(folder: Path | None) -> Path | None:
            return None if folder is None else folder / f"{identity}.transcript.jsonl"

        return Client(
            self.endpoint,
            self.allowance,
            transcript=place(self.folder),
            replay=place(self.replay),
            cache=self.cache,
            seed=identity,
        )

    def _proposer(self, client: Client, oracle: Oracle) -> Proposer[Idea]:
        name = f"model {self.endpoint.model}"
        if self.hypotheses:
            task = programs(oracle.name, oracle.examples, may_ask=False)
            return HypothesisSearch(client, task, name, self.hypotheses)
        return _Watching(lambda: Model(client, programs(oracle.name, oracle.examples), name), name)


def _reason(found: Refinement) -> str:
    if found.notes and not found.decisions:
        return f"the model proposed nothing: {found.notes[0]}"
    return f"no idea of the model was accepted ({found.stop})"
