"""The graph of a whole development: which law rests on which."""

from __future__ import annotations

from lemmata.engine.exploration.development import Development
from lemmata.engine.notation import Notation

from .graph import Edges, Nodes, write_dot, write_graphml


def statements(development: Development) -> Nodes:
    """Axioms, laws and lemmas with ``kind`` (axiom, law, lemma), ``text``, ``essential``, ``family``."""
    theory = development.theory
    notation = Notation.of(theory)
    found = {law.name: law for law in development.laws_found}
    for theorem in development.in_order:
        law = found.get(theorem.name)
        yield (
            theorem.name,
            {
                "kind": "law" if law else "lemma",
                "essential": bool(law and law.essential),
                "text": law.statement if law else notation.formula(theorem.statement.formula),
                "family": (law.family or law.name) if law else "",
            },
        )
    for axiom in theory.axioms:
        text = notation.formula(axiom.formula)
        yield axiom.name, {"kind": "axiom", "essential": True, "text": text, "family": ""}


def uses(development: Development) -> Edges:
    """An edge from each axiom, law or lemma to each law or lemma whose proof cites it."""
    for source, target in development.uses():
        yield source, target, {"used": "law"}


def development_graphml(development: Development) -> str:
    """The graph of a development as GraphML, which networkx, yEd and Gephi read."""
    name = development.theory.name
    return write_graphml({"name": name, "theory": name}, statements(development), uses(development))


def development_dot(development: Development) -> str:
    """The graph of a development in the language of Graphviz."""
    return write_dot(statements(development), uses(development))
