"""Writing down what was found: a derivation in canonical form, certified at once."""

from __future__ import annotations

from lemmata.engine.checker import Theorem, certify
from lemmata.engine.derivation import Derivation
from lemmata.engine.explanation import Writer
from lemmata.engine.pruning import tidy
from lemmata.engine.theory import Statement

from .workspace import Proof, Workspace


def write_theorem(work: Workspace, statement: Statement, proofs: list[Proof]) -> Theorem:
    """Writes a derivation of a statement, one proof a clause, and has it certified."""
    writer = Writer()
    results = tuple(proof(writer) for proof in proofs)
    derivation = tidy(Derivation(tuple(writer.frames[0].steps), results))
    return certify(work.theory, work.theorems, statement, derivation)
