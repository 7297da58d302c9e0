"""A model's help in proving: what it is asked, and what is told of it in the end."""

from __future__ import annotations

from collections.abc import Callable

from lemmata.engine.theory import Statement, Theory
from lemmata.provers.assistance import Assistance
from lemmata.provers.proposers.body import short
from lemmata.provers.proposers.model import Model
from lemmata.provers.proposers.tasks import lemmas

from .models import Asking, law_reader


class Helper:
    """Asks a model for lemmas, one client for a whole run."""

    def __init__(self, theory: Theory, asked: Asking, rounds: int, ideas: int) -> None:
        self.asked = asked
        self.client = asked.client()
        self.assistance = Assistance(
            self._proposer(theory), law_reader(theory), rounds=rounds, count=ideas
        )

    def _proposer(self, theory: Theory) -> Callable[[Statement], Model[str]]:
        def propose(goal: Statement) -> Model[str]:
            return Model(self.client, lemmas(theory, goal), self.asked.name)

        return propose

    def close(self) -> None:
        """Ends the connection and the transcript."""
        self.client.close()

    def as_dict(self) -> dict[str, object]:
        """What was proposed for each goal, what became of it, and what was spent."""
        goals = {
            goal: {
                "stop": found.stop,
                "notes": list(found.notes),
                "decisions": [
                    {
                        "round": one.round,
                        "text": one.text,
                        "status": one.feedback.status,
                        "reason": one.feedback.reason,
                    }
                    for one in found.decisions
                ],
            }
            for goal, found in self.assistance.record.items()
        }
        return {"name": self.asked.name, "spent": self.client.spending.as_dict(), "goals": goals}

    def lines(self) -> list[str]:
        """The same for people."""
        lines = []
        for goal, found in self.assistance.record.items():
            lines.append(f"{goal}: {self.asked.name} proposed {len(found.decisions)} lemmas")
            for one in found.decisions:
                lines.append(f"  {one.feedback.status:<9}{short(one.text)}")
            lines += [f"  note: {short(note)}" for note in found.notes]
        spent = self.client.spending
        lines.append(
            f"{self.asked.name}: {spent.calls} calls, {spent.input_tokens} tokens in, "
            f"{spent.output_tokens} out"
        )
        return lines
