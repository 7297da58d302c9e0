"""Theorems and developments written for others: each form is read back by its own rules."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from io import BytesIO
from pathlib import Path

import networkx
import pytest
from lark import Lark

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.checker import Theorem
from lemmata.engine.errors import UsageError
from lemmata.engine.exploration.development import Development
from lemmata.engine.proof_file import ProofWriter, write_proof
from lemmata.engine.theory import Theory
from lemmata.engine.verdict import Proved
from lemmata.provers.exporters import Target, export
from lemmata.provers.prove import prove_all
from tests.cli.command import lemmata

_TFF = Lark(
    r"""
    start: (declaration | annotated)*
    declaration: "tff(" WORD ", type, " WORD ": " type ")."
    type: "$tType" | (domain ">")? sort
    domain: WORD | "(" WORD ("*" WORD)+ ")"
    sort: WORD | "$o"
    annotated: "tff(" WORD "," ROLE "," formula ")."
    ROLE: "axiom" | "definition" | "lemma" | "conjecture"
    ?formula: "(" formula (SIGN formula)? ")" | "(" term EQUAL term ")" | "~" formula
        | "(" BINDER "[" typed ("," typed)* "]" ":" formula ")" | term | TRUTH
    typed: VARIABLE ":" WORD
    ?term: VARIABLE | WORD ("(" term ("," term)* ")")?
    SIGN: "=>" | "<=>" | "&" | "|"
    EQUAL: "=" | "!="
    BINDER: "!" | "?"
    TRUTH: "$true" | "$false"
    WORD: /[a-z][A-Za-z0-9_]*/
    VARIABLE: /[A-Z][A-Za-z0-9_]*/
    COMMENT: /%[^\n]*/
    %ignore COMMENT
    %ignore /\s+/
    """,
    parser="earley",
)


def _roles(text: str) -> list[tuple[str, str]]:
    """Names and roles of all statements, once the text was read by the grammar above."""
    tree = _TFF.parse(text)
    return [(str(one.children[0]), str(one.children[1])) for one in tree.find_data("annotated")]


def _named(proved: tuple[Theorem, ...], name: str) -> Theorem:
    return next(theorem for theorem in proved if theorem.name == name)


def test_a_theorem_is_a_problem_below_what_its_proof_cites(proved: tuple[Theorem, ...]) -> None:
    text = export(_named(proved, "add_comm"), "tptp")
    assert _roles(text) == [
        ("add_zero", "axiom"),
        ("add_succ", "axiom"),
        ("succ_add", "lemma"),
        ("zero_add", "lemma"),
        ("induction_1", "axiom"),
        ("add_comm", "conjecture"),
    ]
    assert "tff(add_comm, conjecture, (! [A: n, B: n]: (add(A, B) = add(B, A))))." in text
    assert "% An instance of structural induction on a over N, for add_comm." in text
    assert text.count("$tType") == 1
    assert "tff(le_type, type, le: (n * n) > $o)." in text


def test_odd_names_become_words_that_no_two_share() -> None:
    theory = parse_theory(
        "theory odd\nsort N = 0 | s(N)\npred ≤ : N, N  infix 40\npred le : N, N\nop A' : N\n"
        "axiom `a b`: x ≤ X -> le(X, x)\nconjecture `A B`: A' ≤ 0 -> le(0, A')\n"
    )
    ((verdict, _),) = prove_all(theory, budget=Budget(seconds=30))
    assert isinstance(verdict, Proved)
    text = export(verdict, "tptp")
    assert text.isascii()
    roles = _roles(text)
    assert len({name for name, _ in roles}) == len(roles) == 2
    types = [line.split("(")[1].split(",")[0] for line in text.splitlines() if ", type, " in line]
    assert len(set(types)) == len(types) == 6


@pytest.mark.parametrize("name", ["add_comm", "mul_comm", "le_trans"])
def test_another_prover_finds_the_theorem(
    proved: tuple[Theorem, ...], name: str, tmp_path: Path
) -> None:
    if shutil.which("eprover") is None:
        pytest.skip("eprover is not installed")
    problem = tmp_path / f"{name}.p"
    problem.write_text(export(_named(proved, name), "tptp"))
    done = subprocess.run(
        ["eprover", "--auto", "--silent", "--cpu-limit=60", problem],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SZS status Theorem" in done.stdout, done.stdout + done.stderr


def test_a_development_writes_each_law_once(development: Development) -> None:
    names = [theorem.name for theorem in development.in_order]
    assert len(names) > len(development.laws_found)  # there is a lemma that is no law
    roles = Counter(role for _, role in _roles(export(development, "tptp")))
    assert roles["lemma"] == len(names)
    assert roles["conjecture"] == 0
    script = export(development, "rocq")
    assert script.count("\nLemma ") == len(set(script.split("\nLemma ")[1:]))
    for name in ("add_comm", "mul_comm"):
        assert script.count(f"Lemma {name} :") == 1
    entries = json.loads(export(development, "json"))["theorems"]
    assert [entry["name"] for entry in entries] == names


def test_rocq_accepts_a_whole_development(
    development: Development, tmp_path: Path, coqc: str
) -> None:
    (tmp_path / "all.v").write_text(export(development, "rocq"))
    done = subprocess.run([coqc, "-q", "all.v"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_checker_accepts_a_whole_development(development: Development, tmp_path: Path) -> None:
    place = tmp_path / "all.json"
    place.write_text(export(development, "json"))
    done = lemmata("check", place, "--format", "json")
    assert done.returncode == 0
    (result,) = json.loads(done.stdout)["results"]
    assert [*result["lemmas"], result["name"]] == [each.name for each in development.in_order]


def test_provenance_names_only_what_it_describes(development: Development) -> None:
    document = json.loads(export(development, "prov"))
    spaces = document.pop("prefix")
    known = {name for kind in ("entity", "activity", "agent") for name in document.pop(kind)}
    assert all(name.partition(":")[0] in spaces for name in known)
    for records in document.values():
        for record in records.values():
            assert set(record.values()) <= known
    derived = {
        (record["prov:generatedEntity"], record["prov:usedEntity"])
        for record in document["wasDerivedFrom"].values()
    }
    assert ("law:add_comm", "law:succ_add") in derived
    assert ("law:add_zero", "law:add_comm") not in derived


def test_one_writer_encodes_a_theorem_once_for_all_files(
    development: Development, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = ProofWriter()
    for theorem in development.in_order:
        assert writer.write(theorem) == write_proof(theorem)
    whole = write_proof(*development.in_order)
    monkeypatch.setattr("lemmata.engine.proof_file._entry", None)
    assert writer.write(*development.in_order) == whole


def test_graphs_lead_from_axioms_to_laws(development: Development) -> None:
    graph = networkx.read_graphml(BytesIO(export(development, "graphml").encode()))
    assert networkx.is_directed_acyclic_graph(graph)
    kinds = networkx.get_node_attributes(graph, "kind")
    assert {kinds[name] for name, degree in graph.in_degree() if degree == 0} == {"axiom"}
    assert graph.has_edge("succ_add", "add_comm")
    assert graph.nodes["add_comm"]["text"] == "a + b = b + a"
    essential = networkx.get_node_attributes(graph, "essential")
    assert {name for name, value in essential.items() if value is True} == {
        name for name, value in development.graph.nodes(data="essential") if value
    }
    assert set(graph.nodes) == set(development.graph.nodes)
    assert set(graph.edges) == set(development.graph.edges)
    assert graph.graph["theory"] == development.theory.name
    assert export(development, "dot").startswith("digraph")


def test_an_empty_development_and_an_unknown_target_are_refused(peano: Theory) -> None:
    empty = Development(peano, ())
    with pytest.raises(UsageError, match="holds no theorem"):
        export(empty, "rocq")
    assert export(empty, "graphml")
    target: Target = "lean"  # type: ignore[assignment]
    with pytest.raises(UsageError, match="there are rocq, json, tptp, prov, graphml, dot"):
        export(empty, target)


@pytest.mark.parametrize("target", ["tptp", "prov"])
def test_the_command_writes_them(
    target: Target, proved: tuple[Theorem, ...], tmp_path: Path
) -> None:
    theorem = _named(proved, "zero_add")
    place = tmp_path / "zero_add.json"
    place.write_text(export(theorem, "json"))
    done = lemmata("export", target, place)
    assert done.returncode == 0
    assert done.stdout == export(theorem, target)
