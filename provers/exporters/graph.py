"""What a theorem rests on, as a directed graph: axioms, lemmas and every step.

An edge leads from what is used to what uses it. networkx is loaded only for a graph to work with: it
takes longer to load than a graph takes to be written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree

from lemmata.engine.checker import Theorem
from lemmata.engine.citation import citations, subproofs
from lemmata.engine.clause import Clause
from lemmata.engine.derivation import Instance, Law, Step
from lemmata.engine.notation import Notation
from lemmata.engine.proof_file import with_lemmas

if TYPE_CHECKING:
    from networkx import DiGraph

Nodes: TypeAlias = "Iterable[tuple[str, Mapping[str, str | bool]]]"
"""The nodes of a graph with their attributes, as networkx gives them, too."""

Edges: TypeAlias = "Iterable[tuple[str, str, Mapping[str, str | bool]]]"
"""The edges of a graph from source to target with their attributes."""

_GRAPHML = {"xmlns": "http://graphml.graphdrawing.org/xmlns"}


def provenance(theorem: Theorem) -> DiGraph[str]:
    """The graph of a theorem and all lemmas below it.

    Nodes are ``axiom NAME``, ``theorem NAME`` and ``NAME step NUMBER``, each with ``kind`` (axiom,
    lemma, goal, hypothesis, step), ``theorem``, ``rule`` and ``text``; edges say how something is
    ``used``: as a premise, as a law, as the result of a subproof or of the theorem.
    """
    from networkx import DiGraph

    graph: DiGraph[str] = DiGraph(name=theorem.name, theory=theorem.theory.name)
    notation = Notation.of(theorem.theory)
    for axiom in theorem.theory.axioms:
        if axiom.name in theorem.axioms:
            text = notation.formula(axiom.formula)
            graph.add_node(f"axiom {axiom.name}", kind="axiom", theorem="", rule="", text=text)
    for each in with_lemmas(theorem):
        kind = "goal" if each is theorem else "lemma"
        text = notation.formula(each.statement.formula)
        place = f"theorem {each.name}"
        graph.add_node(place, kind=kind, theorem=each.name, rule="", text=text)
        _Writer(graph, each, notation).steps(each.derivation.steps)
        for number in each.derivation.results:
            graph.add_edge(f"{each.name} step {number}", place, used="result")
    return graph


class _Writer:
    """Adds the steps of one theorem to the graph."""

    def __init__(self, graph: DiGraph[str], theorem: Theorem, notation: Notation) -> None:
        self.graph, self.theorem, self.notation = graph, theorem, notation

    def steps(self, steps: Iterable[Step]) -> None:
        for step in steps:
            place = self.node(step.number, step.conclusion, type(step.rule).__name__.lower())
            for number in citations(step.rule):
                self.graph.add_edge(self.place(number), place, used="premise")
            if isinstance(step.rule, Instance) and isinstance(step.rule.source, Law):
                name = step.rule.source.name
                kind = "theorem" if name in self.theorem.lemmas else "axiom"
                self.graph.add_edge(f"{kind} {name}", place, used="law")
            for subproof in subproofs(step.rule):
                for number, clause in subproof.hypotheses:
                    self.node(number, clause, "")
                self.steps(subproof.steps)
                self.graph.add_edge(self.place(subproof.result), place, used="subproof")

    def node(self, number: int, clause: Clause, rule: str) -> str:
        kind, place = "step" if rule else "hypothesis", self.place(number)
        text = self.notation.clause(clause)
        self.graph.add_node(place, kind=kind, theorem=self.theorem.name, rule=rule, text=text)
        return place

    def place(self, number: int) -> str:
        return f"{self.theorem.name} step {number}"


def graphml(theorem: Theorem) -> str:
    """The provenance graph as GraphML, which networkx, yEd and Gephi read."""
    graph = provenance(theorem)
    return write_graphml(graph.graph, graph.nodes.items(), graph.edges(data=True))


def dot(theorem: Theorem) -> str:
    """The provenance graph in the language of Graphviz."""
    graph = provenance(theorem)
    return write_dot(graph.nodes.items(), graph.edges(data=True))


def write_graphml(about: Mapping[str, str | bool], nodes: Nodes, edges: Edges) -> str:
    """A graph as GraphML, with attributes of the whole, of nodes and of edges.

    >>> print(write_graphml({}, [("a", {"kind": "law"})], []))
    <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
      <key id="d0" for="node" attr.name="kind" attr.type="string" />
      <graph edgedefault="directed">
        <node id="a">
          <data key="d0">law</data>
        </node>
      </graph>
    </graphml>
    <BLANKLINE>
    """
    keys: dict[tuple[str, str, str], str] = {}

    def describe(element: ElementTree.Element, domain: str, data: Mapping[str, str | bool]) -> None:
        for name, value in data.items():
            kind = "boolean" if isinstance(value, bool) else "string"
            key = keys.setdefault((domain, name, kind), f"d{len(keys)}")
            text = str(value).lower() if isinstance(value, bool) else value
            ElementTree.SubElement(element, "data", key=key).text = text

    graph = ElementTree.Element("graph", edgedefault="directed")
    describe(graph, "graph", about)
    for name, data in nodes:
        describe(ElementTree.SubElement(graph, "node", id=name), "node", data)
    for source, target, data in edges:
        edge = ElementTree.SubElement(graph, "edge", source=source, target=target)
        describe(edge, "edge", data)
    whole = ElementTree.Element("graphml", _GRAPHML)
    for (domain, name, kind), key in keys.items():
        about_key = {"id": key, "for": domain, "attr.name": name, "attr.type": kind}
        ElementTree.SubElement(whole, "key", about_key)
    whole.append(graph)
    ElementTree.indent(whole)
    return ElementTree.tostring(whole, encoding="unicode") + "\n"


def write_dot(nodes: Nodes, edges: Edges) -> str:
    """A graph in the language of Graphviz; nodes show their ``text``, shaped by their ``kind``."""
    shapes = {
        "axiom": "box",
        "lemma": "ellipse",
        "law": "ellipse",
        "goal": "doublecircle",
        "hypothesis": "diamond",
    }
    lines = ["digraph proof {", "  rankdir=LR;"]
    for name, attributes in nodes:
        kind = str(attributes["kind"])
        short = name.rsplit(" ", 1)[1] if kind in ("step", "hypothesis") else name
        label = _quoted(f"{short}: {attributes['text']}")
        shape = shapes.get(kind, "plaintext")
        lines.append(f"  {_quoted(name)} [label={label}, shape={shape}];")
    for source, target, attributes in edges:
        used = _quoted(str(attributes["used"]))
        lines.append(f"  {_quoted(source)} -> {_quoted(target)} [tooltip={used}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
