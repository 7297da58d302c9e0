"""Generated formulas: their clauses follow from them in Rocq, and they from their clauses."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from lemmata.engine.clause import Equal, Holds
from lemmata.engine.errors import UsageError
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.lowering import free_variables, lower
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Function, Predicate, Signature, Sort
from lemmata.provers.exporters.rocq.entailment import Entailment
from lemmata.provers.exporters.rocq.expression import Expression
from lemmata.provers.exporters.rocq.instance import clause_formula

SIGNATURE = Signature(
    (Sort("U"),),
    (Function("c", (), "U"), Function("f", ("U",), "U")),
    (Predicate("p", ("U",)), Predicate("q", ("U", "U")), Predicate("r", ())),
)


def term(random: random.Random, names: list[str]) -> Term:
    choice = random.randrange(5)
    if choice == 0:
        return App("c", (), "U")
    if choice == 1:
        return App("f", (term(random, names),), "U")
    return Var(random.choice(names), "U")


def formula(random: random.Random, size: int, names: list[str]) -> Formula:
    if size <= 1:
        match random.randrange(8):
            case 0:
                return Truth(random.random() < 0.5)
            case 1:
                return Holds("r", ())
            case 2 | 3:
                return Equal(term(random, names), term(random, names))
            case 4 | 5:
                return Holds("q", (term(random, names), term(random, names)))
            case _:
                return Holds("p", (term(random, names),))
    match random.randrange(9):
        case 0:
            return Not(formula(random, size - 1, names))
        case 1 | 2 as kind:
            var = Var(random.choice("xyz"), "U")
            body = formula(random, size - 1, [*names, var.name])
            return (Forall if kind == 1 else Exists)((var,), body)
        case kind:
            split = random.randint(1, size - 1)
            left, right = formula(random, split, names), formula(random, size - split, names)
            return (And, Or, Implies, Implies, Implies, Iff)[kind - 3](left, right)


def script(formulas: list[Formula]) -> tuple[str, int, int]:
    """Both directions for every formula; how many needed excluded middle, how many were not done."""
    lines = [
        "Section Generated.",
        "Variable U : Set. Variable c : U. Variable f : U -> U.",
        "Variable p : U -> Prop. Variable q : U -> U -> Prop. Variable r : Prop.",
        "Hypothesis classical : forall P : Prop, P \\/ ~ P.",
    ]
    classical = failed = 0
    for index, each in enumerate(formulas):
        lowered = lower(each, f"aux{index}")
        write = Expression(SIGNATURE)
        for kind, name in (("sort", "U"), *(("symbol", s) for s in "cfpqr")):
            assert write.names.of(kind, name) == name  # type: ignore[arg-type]
        definitions = {each.name: each.formula for each in lowered.definitions}
        for definition in definitions.values():
            assert isinstance(definition, Iff)
            assert isinstance(definition.left, Holds)
            binders = write.binders(free_variables(definition.left))
            name = write.names.of("symbol", definition.left.predicate)
            lines.append(
                f"Definition {name} {binders} : Prop := {write.formula(definition.right)}."
            )
        search = Entailment(write, definitions)
        clauses = [clause_formula(clause) for clause in lowered.clauses]
        names = [f"h{number}" for number in range(len(clauses))]
        try:
            down = [search.prove([(each, "h0")], clause) for clause in clauses]
            up = search.prove(list(zip(clauses, names, strict=True)), each)
        except UsageError:
            failed += 1
            continue
        for number, (clause, proof) in enumerate(zip(clauses, down, strict=True)):
            goal = f"{write.statement(each)} -> {write.statement(clause)}"
            lines.append(f"Lemma down_{index}_{number} : {goal}.")
            lines.append(f"Proof. exact (fun h0 => {proof}). Qed.")
        goal = " -> ".join([*map(write.statement, clauses), write.statement(each)])
        binders = "".join(f"fun {name} => " for name in names)
        lines.append(f"Lemma up_{index} : {goal}.")
        lines.append(f"Proof. exact ({binders}{up}). Qed.")
        classical += search.classical
    return "\n".join([*lines, "End Generated.", ""]), classical, failed


@pytest.mark.parametrize("seed", range(3))
def test_formulas_and_clauses_follow_from_each_other(seed: int, coqc: str, tmp_path: Path) -> None:
    source = random.Random(seed)
    formulas = [formula(source, source.randint(1, 5), ["a", "b"]) for _ in range(30)]
    text, classical, failed = script(formulas)
    place = tmp_path / "generated.v"
    place.write_text(text, "utf-8")
    done = subprocess.run([coqc, "-q", place.name], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert 0 < classical < len(formulas)
    assert failed <= 1
