"""Finding a program with a model's help: alone, or beside the enumeration, behind one oracle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...engine.budget import Budget
from ...engine.proposal import Batch, Feedback, Proposer
from ...engine.refinement import Decision
from ...engine.synthesis.conversation import Conversation, Event
from ...engine.synthesis.dialogue import Oracle
from ...engine.synthesis.operation import Library
from ...engine.synthesis.refereeing import Idea
from ...engine.synthesis.synthesis import Synthesis, conclude, converse, synthesize
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
    """Solves problems with a model, alone or beside the enumeration.

    In the hybrid both share the oracle: what fits all answers is told apart by queries, whoever
    had the idea, and where nothing tells ideas apart the enumeration's is submitted first. So the
    enumeration never loses a submission to a model. ``folder`` gets a transcript for each problem;
    with ``replay`` a folder of such transcripts answers in place of the model.
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
        told: list[Event] = []
        with self._client(identity) as client:
            proposer = self._proposer(client, oracle)

            def observe(decision: Decision) -> None:
                if decision.origin == proposer.name:
                    text = (
                        f"{decision.text}\n{decision.feedback.status}: {decision.feedback.reason}"
                    )
                    told.append(Event("model", text[:2_000]))

            if self.is_hybrid:
                found = synthesize(
                    oracle,
                    library=library,
                    seed=seed,
                    budget=budget,
                    beside=proposer,
                    rounds=self.rounds,
                    count=self.count,
                    observe=observe,
                )
            else:
                talk = Conversation(oracle, seed)
                played, referee = converse(talk, proposer, self.rounds, self.count, observe)
                found = conclude(talk, referee, played)
            spent = client.spending
        told += [Event("note", fault) for fault in spent.faults]
        counts = ", ".join(f"{k} {v}" for k, v in spent.as_dict().items() if v and k != "faults")
        told.append(Event("model spent", counts))
        reason = found.reason
        if reason and not self.is_hybrid:
            reason = "no idea of the model was accepted"
            if spent.faults and len(told) == len(spent.faults) + 1:
                reason = f"the model proposed nothing: {spent.faults[0]}"
        return replace(found, trace=(*found.trace, *told), reason=reason)

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
