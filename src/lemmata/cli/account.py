"""What a proposer did, told in the end: its ideas, what became of them, what was spent."""

from __future__ import annotations

from dataclasses import dataclass

from lemmata.engine.refinement import Refinement
from lemmata.provers.proposers.body import short
from lemmata.provers.proposers.endpoint import Spending


@dataclass(frozen=True, slots=True)
class Account:
    """The decisions on each question that a proposer was asked, by the name of the question."""

    name: str
    spending: Spending | None
    """What was spent on a model, if one was asked."""

    refinements: dict[str, Refinement]

    def as_dict(self) -> dict[str, object]:
        """The account as JSON data."""
        asked = {
            question: {
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
            for question, found in self.refinements.items()
        }
        spent = None if self.spending is None else self.spending.as_dict()
        return {"name": self.name, "spent": spent, "asked": asked}

    def lines(self) -> list[str]:
        """The account for people."""
        lines = []
        for question, found in self.refinements.items():
            lines.append(f"{question}: {self.name} proposed {len(found.decisions)}")
            lines += [f"  {one.feedback.status:<9}{short(one.text)}" for one in found.decisions]
            lines += [f"  note: {short(note)}" for note in found.notes]
        spent = self.spending
        if spent is not None:
            lines.append(
                f"{self.name}: {spent.calls} calls, {spent.input_tokens} tokens in, "
                f"{spent.output_tokens} out"
            )
        return lines
