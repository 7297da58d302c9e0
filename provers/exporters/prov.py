"""Theorems and what they rest on as a PROV-JSON document (W3C member submission, 2013).

Axioms, theorems and their derivations are entities, each proof and each run an activity, Lemmata
the software agent; ``wasDerivedFrom`` leads from a theorem to every law that its derivation cites.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import quote

from lemmata.engine.checker import Theorem
from lemmata.engine.citation import cited_laws
from lemmata.engine.encoding import encode_step
from lemmata.engine.notation import Notation
from lemmata.engine.proof_file import in_order
from lemmata.engine.theory import Theory

NAMESPACE = "https://lemmata.readthedocs.io/prov#"

_Record: TypeAlias = dict[str, Any]


def prov(*theorems: Theorem) -> str:
    """The provenance of theorems of one theory, and of all lemmas they rest on, as PROV-JSON.

    The same theorems give the same bytes: there are no times of day in it.
    """
    writer = _Writer(theorems[-1].theory)
    every = in_order(theorems)
    used = {name for theorem in every for name in theorem.axioms}
    for axiom in writer.theory.axioms:
        if axiom.name in used:
            writer.law(axiom.name, writer.notation.formula(axiom.formula), "Axiom")
    wanted = {theorem.name for theorem in theorems}
    for theorem in every:
        writer.theorem(theorem, "Theorem" if theorem.name in wanted else "Lemma")
    return json.dumps(writer.document(), ensure_ascii=False, indent=1) + "\n"


class _Writer:
    def __init__(self, theory: Theory) -> None:
        self.theory, self.notation = theory, Notation.of(theory)
        self.records: dict[str, _Record] = {
            kind: {}
            for kind in (
                "entity",
                "activity",
                "agent",
                "wasGeneratedBy",
                "used",
                "wasDerivedFrom",
                "wasAssociatedWith",
                "wasInformedBy",
                "hadMember",
            )
        }
        self.records["agent"]["lemmata:lemmata"] = {
            "prov:type": _qualified("prov:SoftwareAgent"),
            "prov:label": "Lemmata",
        }
        self.records["activity"]["lemmata:run"] = {
            "prov:type": _qualified("lemmata:Run"),
            "prov:label": f"proving in the theory {theory.name}",
        }
        self.relate("wasAssociatedWith", activity="lemmata:run", agent="lemmata:lemmata")
        self.records["entity"]["lemmata:theory"] = {
            "prov:type": _qualified("prov:Collection"),
            "prov:label": theory.name,
        }
        self.relate("used", activity="lemmata:run", entity="lemmata:theory")

    def law(self, name: str, statement: str, kind: str) -> None:
        self.records["entity"][_law(name)] = {
            "prov:type": _qualified(f"lemmata:{kind}"),
            "prov:label": name,
            "prov:value": statement,
        }
        if kind == "Axiom":
            self.relate("hadMember", collection="lemmata:theory", entity=_law(name))

    def theorem(self, theorem: Theorem, kind: str) -> None:
        statement = self.notation.formula(theorem.statement.formula)
        self.law(theorem.name, statement, kind)
        proof, work = f"proof:{_local(theorem.name)}", f"proving:{_local(theorem.name)}"
        self.records["entity"][proof] = {
            "prov:type": _qualified("lemmata:Derivation"),
            "prov:label": f"the derivation of {theorem.name}",
            "lemmata:sha256": _digest(theorem),
        }
        self.records["activity"][work] = {
            "prov:type": _qualified("lemmata:Proving"),
            "prov:label": f"proving {theorem.name}",
        }
        self.relate("wasInformedBy", informed=work, informant="lemmata:run")
        self.relate("wasAssociatedWith", activity=work, agent="lemmata:lemmata")
        self.relate("wasGeneratedBy", entity=_law(theorem.name), activity=work)
        self.relate("wasGeneratedBy", entity=proof, activity=work)
        derived = {"generatedEntity": _law(theorem.name), "activity": work}
        self.relate("wasDerivedFrom", **derived, usedEntity=proof)
        for name in sorted(cited_laws(theorem.derivation)):
            self.relate("used", activity=work, entity=_law(name))
            self.relate("wasDerivedFrom", **derived, usedEntity=_law(name))

    def relate(self, kind: str, **ends: str) -> None:
        records = self.records[kind]
        ends = {f"prov:{role}": end for role, end in ends.items()}
        records[f"_:{kind}{len(records) + 1}"] = ends

    def document(self) -> _Record:
        spaces = {"law": "law/", "proof": "proof/", "proving": "proving/", "lemmata": ""}
        prefix = {name: f"{NAMESPACE}{path}" for name, path in spaces.items()}
        return {"prefix": prefix, **{kind: found for kind, found in self.records.items() if found}}


def _law(name: str) -> str:
    return f"law:{_local(name)}"


def _local(name: str) -> str:
    """The name as the local part of a qualified name."""
    return quote(name, safe="")


def _qualified(name: str) -> _Record:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _digest(theorem: Theorem) -> str:
    steps: Iterable[Any] = map(encode_step, theorem.derivation.steps)
    return sha256(json.dumps([*steps], ensure_ascii=False).encode()).hexdigest()
