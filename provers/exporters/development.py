"""The graph of a whole development: which law rests on which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lemmata.engine.exploration.development import Development
from lemmata.engine.notation import Notation

from .graph import write_dot, write_graphml

if TYPE_CHECKING:
    from networkx import DiGraph


def laws(development: Development) -> DiGraph[str]:
    """Axioms, laws and lemmas with their statements; an edge leads from what is used to its user.

    Each node has ``kind`` (axiom, law, lemma), ``text``, ``essential`` and ``family``.
    """
    from networkx import DiGraph

    theory = development.theory
    notation = Notation.of(theory)
    texts = {axiom.name: notation.formula(axiom.formula) for axiom in theory.axioms}
    texts |= {each.name: notation.formula(each.statement.formula) for each in development.in_order}
    texts |= {law.name: law.statement for law in development.laws_found}
    families = {law.name: law.family or law.name for law in development.laws_found}
    graph: DiGraph[str] = DiGraph(name=theory.name, theory=theory.name)
    for name, attributes in development.graph.nodes(data=True):
        graph.add_node(name, **attributes, text=texts[name], family=families.get(name, ""))
    for source, target in development.graph.edges:
        graph.add_edge(source, target, used="law")
    return graph


def development_graphml(development: Development) -> str:
    """The graph of a development as GraphML, which networkx, yEd and Gephi read."""
    return write_graphml(laws(development))


def development_dot(development: Development) -> str:
    """The graph of a development in the language of Graphviz."""
    return write_dot(laws(development))
