"""Families of continued fractions that a model proposes."""

from __future__ import annotations

from pathlib import Path

from lemmata.engine.formulas.constants import CONSTANTS
from lemmata.engine.formulas.family import Family
from lemmata.engine.formulas.refereeing import FamilyReferee, Idea
from lemmata.engine.formulas.swept import labelled
from lemmata.engine.proposal import Proposer
from lemmata.engine.refinement import refine
from lemmata.provers.proposers.model import Model
from lemmata.provers.proposers.tasks import families

from .account import Account
from .models import Choice


def propose_families(
    choice: Choice, folder: Path | None, outside: int
) -> tuple[list[Family], Account]:
    """The families that withstood, and the account of all that were proposed."""
    asked = choice.asking()
    task = families(list(CONSTANTS), labelled(folder) if folder is not None else ())
    referee = FamilyReferee(outside=outside)
    with asked.client() as client:
        proposer: Proposer[Idea] = Model(client, task, asked.name)
        found = refine(proposer, referee, rounds=choice.rounds, count=choice.ideas)
    return referee.families, Account(asked.name, client.spending, {"families": found})
