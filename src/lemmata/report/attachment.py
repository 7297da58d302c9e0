"""The files that go with pages: proofs and developments for other programs to read and check."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from lemmata.engine.checker import Theorem
from lemmata.engine.encoding import Json
from lemmata.engine.exploration.development import Development
from lemmata.engine.exploration.document import document as development_document
from lemmata.engine.proof_file import ProofWriter
from lemmata.provers.exporters import Target, export


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file by name, what it is, and its text."""

    name: str
    title: str
    note: str
    text: str


def attachments(theorem: Theorem, stem: str, proofs: ProofWriter) -> tuple[Attachment, ...]:
    """The proof as a proof file and as a Rocq script."""
    return (
        proof_file(theorem, stem, proofs),
        Attachment(
            f"{stem}.v",
            "Rocq script",
            "with its axioms as hypotheses and no library; “coqc” accepts it",
            export(theorem, "rocq"),
        ),
    )


def proof_file(theorem: Theorem, stem: str, proofs: ProofWriter) -> Attachment:
    """The proof as a proof file."""
    return Attachment(
        f"{stem}.json",
        "Proof file",
        "JSON; the command “lemmata check” accepts it",
        proofs.write(theorem),
    )


def downloads(
    development: Development, proofs: ProofWriter, place: Callable[[Theorem], Json]
) -> tuple[Attachment, ...]:
    """A whole development in every form, each law written once.

    ``place`` tells where the proof file of a theorem lies.
    """
    document = json.dumps(development_document(development, place), ensure_ascii=False, indent=1)
    found = [
        Attachment(
            "development.json",
            "Development",
            "JSON: laws, families, counts, open conjectures, counterexamples, the timeline",
            document + "\n",
        )
    ]
    forms: tuple[tuple[str, Target, str, str], ...] = (
        ("proofs.json", "json", "Proof file", "all proofs; “lemmata check” accepts it"),
        ("development.v", "rocq", "Rocq script", "all laws in order; “coqc” accepts it"),
        ("development.p", "tptp", "TPTP problem", "all laws as typed first-order formulas (TFF)"),
        ("development.graphml", "graphml", "Graph", "what rests on what, as GraphML"),
        ("development.prov.json", "prov", "Provenance", "what was derived from what, as PROV-JSON"),
    )
    for name, target, title, note in forms:
        if development.theorems or target == "graphml":
            is_proofs = target == "json"
            text = proofs.write(*development.in_order) if is_proofs else export(development, target)
            found.append(Attachment(name, title, note, text))
    return tuple(found)
