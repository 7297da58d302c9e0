"""A model's help in proving: what it is asked, and what is told of it in the end."""

from __future__ import annotations

from lemmata.engine.theory import Statement, Theory
from lemmata.provers.assistance import Assistance
from lemmata.provers.proposers.model import Model
from lemmata.provers.proposers.tasks import lemmas

from .account import Account
from .models import Asking, law_reader


class Helper:
    """Asks a model for lemmas, one client for a whole run."""

    def __init__(self, theory: Theory, asked: Asking, rounds: int, ideas: int) -> None:
        client = asked.client()

        def propose(goal: Statement) -> Model[str]:
            return Model(client, lemmas(theory, goal), asked.name)

        self.client = client
        self.assistance = Assistance(propose, law_reader(theory), rounds=rounds, count=ideas)
        self.account = Account(asked.name, client.spending, self.assistance.record)

    def close(self) -> None:
        """Ends the connection and the transcript."""
        self.client.close()
