"""A proposer's help in proving and exploring: what it is asked, and what is told of it in the end."""

from __future__ import annotations

from collections.abc import Sequence

from lemmata.engine.proposal import Proposer, Seat, Together
from lemmata.engine.theory import Statement, Theory
from lemmata.provers.assistance import Assistance
from lemmata.provers.company import ProposedLaws
from lemmata.provers.proposers.laws import EnumeratedLaws
from lemmata.provers.proposers.model import Model
from lemmata.provers.proposers.tasks import lemmas

from .account import Account
from .models import Choice, law_reader

ROUNDS = 1_000
"""An enumeration alone is asked for as long as there is time."""


class Helper:
    """Asks an enumeration, a model or both for lemmas, with one client for a whole run."""

    def __init__(self, theory: Theory, choice: Choice) -> None:
        asked = choice.asking() if choice.asks_model else None
        self.client = client = None if asked is None else asked.client()

        def propose(goal: Statement) -> Proposer[str]:
            seats: list[Seat[str]] = []
            rounds = choice.rounds if choice.asks_model else ROUNDS
            if asked is not None and client is not None:
                model = Model(client, lemmas(theory, goal), asked.name)
                seats.append(Seat(model, rounds, choice.ideas))
            if choice.enumerates:
                seats.append(Seat(EnumeratedLaws(theory), rounds, choice.ideas))
            return seats[0].proposer if len(seats) == 1 else Together(seats)

        rounds = choice.rounds if choice.asks_model else ROUNDS
        count = 2 * choice.ideas if choice.asks_model and choice.enumerates else choice.ideas
        self.assistance = Assistance(propose, law_reader(theory), rounds=rounds, count=count)
        name = EnumeratedLaws.name if asked is None else asked.name
        if asked is not None and choice.enumerates:
            name = f"{name}, {EnumeratedLaws.name}"
        spending = None if client is None else client.spending
        self.account = Account(name, spending, self.assistance.record)

    def close(self) -> None:
        """Ends the connection and the transcript."""
        if self.client is not None:
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
