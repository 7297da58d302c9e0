"""A store loses nothing, believes nothing, and says clearly what is wrong with its file."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lemmata.dsl.load import load, parse_theory
from lemmata.engine.checker import Theorem
from lemmata.engine.errors import UsageError
from lemmata.engine.exploration.record import Dismissed, Record
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.theory import Statement, Theory
from lemmata.provers.store import Store, fingerprint
from tests.conftest import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "found.db"


def test_what_was_added_is_given_back_certified(
    path: Path, peano: Theory, proved: tuple[Theorem, ...]
) -> None:
    said = Dismissed("a = b", "refuted", 0.25, 3, "a = 0, b = 1")
    with Store(path, peano) as store:
        record: Record = store
        for theorem in proved:
            record.add(theorem, "by hand", 0.5)
        record.dismiss([said, Dismissed("a * b = b", "open")])
        record.dismiss([Dismissed("a * b = b", "open", 2.0, 7)])
        before = store.theorems()
    with Store(path, peano) as store:
        assert store.refused == []
        assert [kept.theorem for kept in store.theorems()] == [kept.theorem for kept in before]
        by_name = {kept.theorem.name: kept for kept in store.theorems()}
        for theorem in proved:
            kept = by_name[theorem.name]
            assert with_lemmas(kept.theorem) == with_lemmas(theorem)
            assert (kept.method, kept.cpu_seconds) == ("by hand", 0.5)
        assert store.dismissed() == {
            "a = b": said,
            "a * b = b": Dismissed("a * b = b", "open", 2.0, 7),
        }


def test_who_proposed_a_theorem_is_given_back_by_older_stores_as_well(
    path: Path, peano: Theory, proved: tuple[Theorem, ...]
) -> None:
    with Store(path, peano) as store:
        store.add(proved[0])
    with sqlite3.connect(path) as file:
        file.execute("DROP TABLE proposer")
    with Store(path, peano) as store:
        store.credit(proved[0].name, "a model")
        with pytest.raises(UsageError, match="no theorem is kept as 'nobody'"):
            store.credit("nobody", "a model")
        kept = store.theorems()
    with Store(path, peano) as store:
        assert store.theorems() == kept
        assert {one.theorem.name: one.origin for one in kept}[proved[0].name] == "a model"


def test_a_theorem_added_twice_is_kept_once(
    path: Path, peano: Theory, proved: tuple[Theorem, ...]
) -> None:
    with Store(path, peano) as store:
        store.add(proved[0])
        store.add(proved[0])
        assert len(store.theorems()) == 1
        other = next(each for each in proved if each.name != proved[0].name and not each.lemmas)
        renamed = _renamed(other, proved[0].name)
        with pytest.raises(UsageError, match="another theorem is kept"):
            store.add(renamed)


def _renamed(theorem: Theorem, name: str) -> Theorem:
    from lemmata.engine.checker import certify

    statement = replace(theorem.statement, name=name)
    return certify(theorem.theory, {}, statement, theorem.derivation)


def _tamper_formula(proof: dict[str, object]) -> None:
    proof["formula"] = ["+", "=", "?a", "0"]
    proof["variables"] = [["a", "N"]]


def _tamper_steps(proof: dict[str, object]) -> None:
    steps = proof["steps"]
    assert isinstance(steps, list)
    steps.pop()


def _tamper_kind(proof: dict[str, object]) -> None:
    proof["kind"] = "theorem"


def _tamper_member(proof: dict[str, object]) -> None:
    proof["more"] = 1


@pytest.mark.parametrize(
    "tamper", [_tamper_formula, _tamper_steps, _tamper_kind, _tamper_member, None]
)
def test_a_row_that_was_tampered_with_is_set_aside_with_all_that_cite_it(
    path: Path,
    peano: Theory,
    proved: tuple[Theorem, ...],
    tamper: Callable[[dict[str, object]], None] | None,
) -> None:
    with Store(path, peano) as store:
        for theorem in proved:
            store.add(theorem)
        total = len(store.theorems())
    victim = next(each.lemmas[0] for each in proved if each.lemmas)
    resting = {
        each.name for top in proved for each in with_lemmas(top) if victim in _below(each)
    } | {victim}
    with sqlite3.connect(path) as file:
        (text,) = file.execute("SELECT proof FROM theorem WHERE name = ?", (victim,)).fetchone()
        proof = json.loads(text)
        if tamper is None:
            text = text[:-5]
        else:
            tamper(proof)
            text = json.dumps(proof)
        file.execute("UPDATE theorem SET proof = ? WHERE name = ?", (text, victim))
    file.close()
    with Store(path, peano) as store:
        assert {row.name for row in store.refused} == resting
        assert len(store.theorems()) == total - len(resting)
        store.add(next(each for top in proved for each in with_lemmas(top) if each.name == victim))
    with Store(path, peano) as store:
        assert store.refused == []
        assert len(store.theorems()) == total - len(resting) + 1


def _below(theorem: Theorem) -> set[str]:
    return {each.name for each in with_lemmas(theorem)}


def test_a_dismissal_that_makes_no_sense_is_dropped(path: Path, peano: Theory) -> None:
    with Store(path, peano) as store:
        store.dismiss([Dismissed("a = b", "refuted"), Dismissed("a = 0", "refuted")])
    with sqlite3.connect(path) as file:
        file.execute("UPDATE dismissed SET why = 'proved' WHERE statement = 'a = b'")
    file.close()
    with Store(path, peano) as store:
        assert list(store.dismissed()) == ["a = 0"]
        assert [row.name for row in store.refused] == ["a = b"]


def test_a_store_of_another_theory_is_refused(path: Path, peano: Theory) -> None:
    with Store(path, peano):
        pass
    other = parse_theory("theory other\nsort N = 0 | s(N)\naxiom one: a = a\n")
    with pytest.raises(UsageError, match="is the store of another theory, named 'peano'"):
        Store(path, other)
    # Conjectures, notation and comments do not make a theory another one; axioms do.
    with Store(path, replace(peano, name="arithmetic", conjectures=(), notation={})):
        pass
    assert fingerprint(peano) != fingerprint(replace(peano, axioms=peano.axioms[:-1]))


@pytest.mark.parametrize("damage", ["text", "cut", "zeros", "other"])
def test_a_file_that_is_no_store_gets_one_clear_message(
    path: Path, peano: Theory, proved: tuple[Theorem, ...], damage: str
) -> None:
    if damage == "text":
        path.write_text("theory peano\n" * 100)
    elif damage == "other":
        with sqlite3.connect(path) as file:
            file.execute("CREATE TABLE song (title TEXT)")
        file.close()
    else:
        with Store(path, peano) as store:
            for theorem in proved:
                store.add(theorem)
        content = path.read_bytes()
        half = len(content) // 2
        path.write_bytes(content[:half] + (b"" if damage == "cut" else bytes(half)))
    before = path.read_bytes()
    with pytest.raises(UsageError) as caught:
        Store(path, peano)
    assert "store of lemmata" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path, peano: Theory) -> None:
    for place in (tmp_path, tmp_path / "none" / "found.db"):
        with pytest.raises(UsageError, match="name a file in a folder that you may write to"):
            Store(place, peano)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, peano: Theory) -> None:
    with Store(tmp_path / "found.db", peano):
        pass
    (tmp_path / "found.db").chmod(0o444)
    tmp_path.chmod(0o555)
    before = os.geteuid()
    try:
        if before == 0:  # root may write anywhere
            os.seteuid(65534)
        for name in ("found.db", "new.db"):
            with pytest.raises(UsageError, match="in a folder that you may write to"):
                Store(tmp_path / name, peano)
    finally:
        os.seteuid(before)
        tmp_path.chmod(0o755)


def test_two_runs_cannot_share_a_store(path: Path, peano: Theory) -> None:
    with Store(path, peano), pytest.raises(UsageError, match="in use by another run"):
        Store(path, peano)
    with Store(path, peano):
        pass


_CHILD = """
import sys
from lemmata.dsl.load import load
from lemmata.engine.budget import Budget
from lemmata.engine.verdict import Proved
from lemmata.provers.prove import prove_all
from lemmata.provers.store import Store
theory = load(sys.argv[1])
with Store(sys.argv[2], theory) as store:
    for verdict, _ in prove_all(theory, budget=Budget(seconds=60)):
        assert isinstance(verdict, Proved)
        store.add(verdict.theorem)
        print(verdict.goal, flush=True)
"""


def test_a_killed_run_loses_nothing_that_it_announced(path: Path) -> None:
    source = ROOT / "examples" / "peano.mpl"
    theory = load(source)
    for count in (1, 4, 7):
        path.unlink(missing_ok=True)
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(source), str(path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        announced = [child.stdout.readline().strip() for _ in range(count)]
        child.send_signal(signal.SIGKILL)
        announced += child.stdout.read().split()
        child.wait()
        with Store(path, theory) as store:
            assert {kept.theorem.name for kept in store.theorems()} >= set(announced)
            assert store.refused == []


def test_a_statement_whose_clauses_are_not_its_formula_is_not_kept(
    path: Path, peano: Theory, proved: tuple[Theorem, ...]
) -> None:
    from lemmata.engine.checker import certify

    theorem = next(each for each in proved if not each.lemmas)
    other = next(each for each in proved if each.statement.formula != theorem.statement.formula)
    false = Statement("false", other.statement.formula, theorem.statement.clauses, "lemma")
    with Store(path, peano) as store:
        with pytest.raises(UsageError, match="other clauses than its formula"):
            store.add(certify(peano, {}, false, theorem.derivation))
        assert store.theorems() == ()
