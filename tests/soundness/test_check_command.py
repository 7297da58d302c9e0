"""``lemmata check`` and ``lemmata export`` as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import networkx
import pytest

from lemmata import Unknown, UsageError, export
from lemmata.provers.exporters import provenance

from .samples import theorems
from .test_proof_file import PEANO


def run(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lemmata", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proofs")
    (folder / "peano.mpl").write_text(
        PEANO + "conjecture succ_add: s(a) + b = s(a + b)\nconjecture add_comm: a + b = b + a\n"
    )
    done = run("prove", folder / "peano.mpl", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_proofs_are_certified_again(proofs: Path) -> None:
    done = run("check", proofs / "add_comm.json", proofs / "zero_add.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "certified add_comm" in done.stdout
    assert "axioms: add_succ, add_zero" in done.stdout
    assert f"theory: {proofs / 'peano.mpl'}" in done.stdout


def test_results_as_json(proofs: Path) -> None:
    done = run("check", proofs / "add_comm.json", "--format", "json")
    document = json.loads(done.stdout)
    assert document["format"] == "lemmata-check/1"
    (result,) = document["results"]
    assert result["status"] == "certified"
    assert result["axioms"] == ["add_succ", "add_zero"]


def test_a_tampered_proof_is_refused_with_its_step(proofs: Path, tmp_path: Path) -> None:
    document = json.loads((proofs / "zero_add.json").read_text("utf-8"))
    steps = document["theorems"][0]["steps"][-1]["branches"][0]["steps"]
    steps[0]["law"] = "add_succ"
    place = tmp_path / "bad.json"
    place.write_text(json.dumps(document), "utf-8")
    done = run("check", place)
    assert done.returncode == 1
    assert "refused zero_add" in done.stdout
    assert f"step {steps[0]['number']}: " in done.stdout
    assert run("export", "rocq", place).returncode == 1


def test_another_theory_is_noticed(proofs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mpl"
    other.write_text(PEANO.replace("= s(a + b)", "= s(b + a)"), "utf-8")
    done = run("check", proofs / "zero_add.json", "--theory", other)
    assert done.returncode == 1
    assert f"theory: {other}" in done.stdout


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]" * 3])
def test_what_is_no_proof_is_unreadable(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "nothing.json"
    place.write_bytes(content)
    done = run("check", place)
    assert done.returncode == 2
    assert "unreadable" in done.stdout
    assert "Traceback" not in done.stderr
    assert run("check", tmp_path / "missing.json").returncode == 2


def test_exports_compile_and_read_back(proofs: Path, tmp_path: Path, coqc: str) -> None:
    done = run("export", "rocq", proofs / "add_comm.json")
    assert done.returncode == 0, done.stderr
    (tmp_path / "add_comm.v").write_text(done.stdout, "utf-8")
    assert subprocess.run([coqc, "-q", "add_comm.v"], cwd=tmp_path, check=False).returncode == 0
    done = run("export", "graphml", proofs / "add_comm.json")
    graph = networkx.parse_graphml(done.stdout)
    assert graph.nodes["theorem add_comm"]["kind"] == "goal"
    done = run("export", "json", proofs / "add_comm.json")
    assert done.stdout == (proofs / "add_comm.json").read_text("utf-8")
    done = run("export", "dot", proofs / "add_comm.json")
    assert done.stdout.startswith("digraph")


def test_the_graph_has_every_step_and_no_circle() -> None:
    theorem = theorems()["le_turned"]
    graph = provenance(theorem)
    assert networkx.is_directed_acyclic_graph(graph)
    goal = "theorem le_turned"
    resting = networkx.ancestors(graph, goal)
    assert {node for node in graph if node.startswith("axiom")} == {
        f"axiom {name}" for name in theorem.axioms
    }
    assert all(f"axiom {name}" in resting for name in theorem.axioms)
    assert "theorem zero_add" in resting
    steps = [node for node, kind in graph.nodes(data="kind") if kind == "step"]
    assert all(node in resting for node in steps)


def test_only_proofs_are_exported() -> None:
    with pytest.raises(UsageError, match="only what was proved"):
        export(Unknown("goal", "time"))
    with pytest.raises(UsageError, match="no target is named"):
        export(theorems()["zero_add"], "lean")  # type: ignore[arg-type]
