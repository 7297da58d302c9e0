"""A model's help in proving and exploring: what it is asked, and what is told of it in the end."""

from __future__ import annotations

from collections.abc import Sequence

from lemmata.engine.theory import Statement, Theory
from lemmata.provers.assistance import Assistance
from lemmata.provers.company import ProposedLaws
from lemmata.provers.proposers.model import Model
from lemmata.provers.proposers.tasks import lemmas

from .account import Account
from .models import Choice, law_reader


class Helper:
    """Asks a model for lemmas, one client for a whole run."""

    def __init__(self, theory: Theory, choice: Choice) -> None:
        asked = choice.asking()
        client = asked.client()

        def propose(goal: Statement) -> Model[str]:
            return Model(client, lemmas(theory, goal), asked.name)

        self.client = client
        self.assistance = Assistance(
            propose, law_reader(theory), rounds=choice.rounds, count=choice.ideas
        )
        self.account = Account(asked.name, client.spending, self.assistance.record)

    def close(self) -> None:
        """Ends the connection and the transcript."""
        self.client.close()


class Company:
    """Asks a model for laws of a theory that is explored."""

    def __init__(self, theory: Theory, choice: Choice) -> None:
        asked = choice.asking()
        client = asked.client()

        def propose(laws: Sequence[str], undecided: Sequence[str]) -> Model[str]:
            return Model(client, lemmas(theory, laws=laws, undecided=undecided), asked.name)

        self.client, self.name = client, asked.name
        self.laws = ProposedLaws(propose, law_reader(theory), choice.rounds, choice.ideas)

    @property
    def account(self) -> Account:
        """What was proposed, and what became of it."""
        return Account(self.name, self.client.spending, {"laws": self.laws.refinement})

    def close(self) -> None:
        """Ends the connection and the transcript."""
        self.client.close()
