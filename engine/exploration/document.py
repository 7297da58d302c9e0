"""A development as one JSON document, the same for the command line, pages and other programs."""

from __future__ import annotations

import json
from collections.abc import Callable

from ..checker import Theorem
from ..encoding import Json
from ..proof_file import ProofWriter
from .development import Development, Law, Progress

FORMAT = "lemmata-development/1"


def proofs_within() -> Callable[[Theorem], Json]:
    """Gives theorems' proof files as values that stand inside another document."""
    writer = ProofWriter()

    def proof(theorem: Theorem) -> Json:
        value: Json = json.loads(writer.write(theorem))
        return value

    return proof


def document(
    development: Development, proof: Callable[[Theorem], Json] | None = None
) -> dict[str, Json]:
    """The development as a JSON object; ``proof`` gives what stands for a theorem's proof, if not
    its proof file.

    Theorems stand in the order of their rank. ``refuted``, ``vacuous`` and ``redundant`` are
    counts. Apart from members named ``cpu_seconds`` the same development gives the same bytes.
    """
    total, proof = development.total, proof or proofs_within()
    return {
        "format": FORMAT,
        "theory": development.theory.name,
        "theorems": [_law(law, proof) for law in development.laws_found],
        "refuted": total.refuted,
        "vacuous": total.vacuous,
        "redundant": total.redundant,
        "open": [
            {"statement": one.statement, "mpl": one.mpl, "proposer": one.origin or None}
            for one in development.open
        ],
        "stop": development.stop,
        "proposed": total.proposed,
        "seed": development.seed,
        "near_misses": [
            {
                "statement": miss.statement,
                "mpl": miss.mpl,
                "counterexample": dict(miss.counterexample),
                "model": list(miss.model),
            }
            for miss in development.near_misses
        ],
        "stated": [
            {"name": one.name, "statement": one.statement, "found": one.found, "by": list(one.by)}
            for one in development.stated
        ],
        "timeline": [_progress(one) for one in development.timeline],
    }


def _law(law: Law, proof: Callable[[Theorem], Json]) -> Json:
    return {
        "name": law.name,
        "statement": law.statement,
        "mpl": law.mpl,
        "family": law.family or law.name,
        "essential": law.essential,
        "method": law.method,
        "cpu_seconds": round(law.cpu_seconds, 6),
        "axioms": list(law.theorem.axioms),
        "lemmas": list(law.theorem.lemmas),
        "proof": proof(law.theorem),
        "shape": law.shape,
        "follows": list(law.follows),
        "redundancy": None if law.redundancy is None else proof(law.redundancy),
        "interest": round(law.interest, 6),
        "proposer": law.origin or None,
    }


def _progress(one: Progress) -> Json:
    return {
        "size": one.size,
        "proposed": one.proposed,
        "refuted": one.refuted,
        "vacuous": one.vacuous,
        "redundant": one.redundant,
        "proved": one.proved,
        "open": one.open,
        "cpu_seconds": round(one.at, 6),
    }
