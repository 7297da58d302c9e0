"""Exported scripts: coqc accepts them, and each of their steps is needed."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import FALSUM, Equal
from lemmata.engine.derivation import (
    Cases,
    Derivation,
    Instance,
    Law,
    Open,
    Present,
    Reflexivity,
    Step,
)
from lemmata.engine.formula import And, Formula
from lemmata.engine.formula import Equal as Equation
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Var
from lemmata.engine.theory import Function, Predicate, Signature, Sort, Statement, Theory
from lemmata.provers.exporters import rocq
from lemmata.provers.exporters.rocq.names import Names

from .builder import Proof, const, equal
from .samples import SAMPLES, theorems

NAMES = [sample.__name__ for sample in SAMPLES]


def compiles(text: str, folder: Path, coqc: str) -> bool:
    place = folder / "proof.v"
    place.write_text(text, "utf-8")
    done = subprocess.run([coqc, "-q", place.name], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_samples_compile(name: str, coqc: str, tmp_path: Path) -> None:
    text = rocq(theorems()[name])
    assert compiles(text, tmp_path, coqc), text
    code = re.sub(r"\(\*.*?\*\)", "", text, flags=re.DOTALL)
    assert not re.search(r"\b(Require|Admitted|Axiom|Parameter|admit|Abort)\b", code)


def test_only_what_is_used_is_assumed() -> None:
    text = rocq(theorems()["zero_or_succ"])
    assert "N_induction" in text
    assert "L_induction" not in text
    assert "classical" not in text
    assert "add_zero" not in text
    assert "Hypothesis classical" in rocq(theorems()["always_red"])
    assert "induction" not in rocq(theorems()["red_source"])


def test_axioms_are_stated_as_written() -> None:
    text = rocq(theorems()["le_trans"])
    wanted = (
        "Hypothesis le_2 : (forall (a : N) (b : N), ((le a b) <-> "
        "(exists (p : N), ((add a p) = b))))."
    )
    assert wanted in text
    assert (
        "Lemma le_trans : (forall (a : N) (b : N) (c : N), (((le a b) /\\ (le b c)) -> (le a c)))."
        in text
    )


def steps(text: str) -> list[tuple[int, int]]:
    """First and last line of each step of the last theorem."""
    lines = text.splitlines()
    start = max(
        index
        for index, line in enumerate(lines)
        if "assert (h1 :" in line or ("assert (h" in line and line.startswith("  assert"))
    )
    while not lines[start].startswith("Lemma"):
        start -= 1
    found = []
    for index in range(start, len(lines)):
        line = lines[index]
        if re.match(r" *refine \(match h\d+ with (\(ex_intro|h\d+ =>).*=> _ end\)\.$", line):
            found.append((index, index))
        elif re.match(r" *assert \(h\d+ : ", line):
            last = index
            if line.endswith("{"):
                margin = line[: len(line) - len(line.lstrip())]
                last = next(i for i in range(index, len(lines)) if lines[i] == margin + "}")
            found.append((index, last))
    return found


@pytest.mark.parametrize("name", ["le_trans", "red_source", "always_red", "zero_or_succ"])
def test_every_step_is_needed(name: str, coqc: str, tmp_path: Path) -> None:
    text = rocq(theorems()[name])
    lines = text.splitlines()
    places = steps(text)
    assert len(places) >= 5
    for first, last in places:
        without = [*lines[:first], *lines[last + 1 :]]
        assert not compiles("\n".join(without) + "\n", tmp_path, coqc), lines[first]


def test_a_wrong_axiom_breaks_the_script(coqc: str, tmp_path: Path) -> None:
    text = rocq(theorems()["add_comm"])
    right = "((add a (s b)) = (s (add a b)))"
    assert right in text
    broken = text.replace(right, "((add a (s b)) = (s (add b a)))")
    assert not compiles(broken, tmp_path, coqc)


def odd_theory() -> Theorem:
    """A theory whose names are keywords, symbols and letters of other alphabets."""
    sort = Sort("forall", ("Prop", "λ"))
    zero = App("Prop", (), "forall")
    names = ["fun'", "|-2|", "h1", "eq_refl", "ℕ→", "(*", "*)", '"', "add", "+", "2", "a b", "_"]
    functions = (
        Function("Prop", (), "forall"),
        Function("λ", ("forall",), "forall"),
        *(Function(name, (), "forall") for name in names),
    )
    axioms = []
    for name in names:
        formula = Equation(App(name, (), "forall"), App("λ", (Var("match", "forall"),), "forall"))
        axioms.append(Statement(f"axiom {name}", formula, lower(formula).clauses))
    predicates = (Predicate("end", ()),)
    theory = Theory("Set", Signature((sort,), functions, predicates), tuple(axioms))
    steps = []
    for number, axiom in enumerate(axioms, 1):
        left = axiom.clauses[0].literal.atom
        assert isinstance(left, Equal)
        shown = equal(left.left, App("λ", (zero,), "forall"))
        steps.append(Step(number, shown, Instance(Law(axiom.name), (zero,), ())))
    clauses = tuple(step.conclusion for step in steps)
    goal = Statement("Theorem", axioms[0].formula, clauses, "conjecture")
    return certify(theory, {}, goal, Derivation(tuple(steps), tuple(range(1, len(steps) + 1))))


def test_odd_names_stay_apart(coqc: str, tmp_path: Path) -> None:
    theorem = odd_theory()
    text = rocq(replace_formula(theorem))
    assert compiles(text, tmp_path, coqc), text
    assert "stands for the symbol '|-2|'" in text


def replace_formula(theorem: Theorem) -> Theorem:
    """The theorem with a formula that says what its clauses say."""
    atoms: list[Formula] = [clause.literal.atom for clause in theorem.statement.clauses]
    formula = atoms[0]
    for atom in atoms[1:]:
        formula = And(formula, atom)
    statement = replace(theorem.statement, formula=formula)
    return certify(theorem.theory, {}, statement, theorem.derivation)


def test_names_are_injective() -> None:
    names = Names()
    given = [
        names.of("symbol", name) for name in ("+", "add", "add_2", "++", "+'", "a'", "a_prime")
    ]
    assert len(set(given)) == len(given)
    assert names.of("symbol", "+") == "add"
    assert names.of("law", "add") not in given


def test_deep_terms_compile(coqc: str, tmp_path: Path) -> None:
    zero = App("0", (), "N")
    deep = zero
    for _ in range(300):
        deep = App("s", (deep,), "N")
    functions = (Function("0", (), "N"), Function("s", ("N",), "N"))
    theory = Theory("deep", Signature((Sort("N", ("0", "s")),), functions), ())
    statement = Statement("same", Equation(deep, deep), (equal(deep, deep),), "conjecture")
    step = Step(1, equal(deep, deep), Reflexivity())
    theorem = certify(theory, {}, statement, Derivation((step,), (1,)))
    assert compiles(rocq(theorem), tmp_path, coqc)


def test_auxiliary_predicates_are_definitions(coqc: str, tmp_path: Path) -> None:
    """A formula that no clause expresses is named by a predicate; the script defines it."""
    theory = parse_theory(
        """sort N = 0 | s(N)
        pred q : N
        pred r : N, N
        axiom some: exists x. forall y. r(x, y) or q(y)
        axiom none: not q(0)
        conjecture goal: exists x. r(x, 0)
        """
    )
    some = theory.statements["some"].clauses[0]
    (named,) = (axiom for axiom in theory.axioms if axiom.kind == "auxiliary")
    zero, chosen = const("0"), const("w!")
    proof = Proof()
    first = proof.law(some.head, "some")
    (literal,) = some.cases[0].opened((chosen,))
    opened = proof.step(literal.fact, Open(first, (chosen,)))
    number = next(i for i, clause in enumerate(named.clauses) if clause.premises)
    clause = named.clauses[number]
    terms = (chosen, zero)
    either = clause.at(dict(zip(clause.variables, terms, strict=True))).head
    split = proof.law(either, named.name, terms, opened, part=number)
    goal = theory.conjecture("goal").clauses[0]
    (yes,) = proof.open((), (either.cases[0].literals[0].fact,))
    branch = proof.close(proof.step(goal, Present(0, (chosen,), (yes,))))
    (no,) = proof.open((), (either.cases[1].literals[0].fact,))
    other = proof.close(proof.law(FALSUM, "none", (), no))
    proof.step(goal, Cases(split, (branch, other)))
    text = rocq(certify(theory, {}, theory.conjecture("goal"), proof.done()))
    assert "Definition some_1 (x : N) : Prop" in text
    assert "classical" not in text
    assert compiles(text, tmp_path, coqc), text
