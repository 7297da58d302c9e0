"""Ground facts: all of them, each true, each with a proof that is certified again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import lemmata
from lemmata.cli.app import run
from lemmata.engine.budget import Budget
from lemmata.engine.formula import Equal, Holds, Not
from lemmata.engine.notation import Notation
from lemmata.engine.term import App, Term
from lemmata.engine.theory import Theory


def number(term: Term) -> int:
    """The number that a ground term of arithmetic stands for, computed here."""
    assert isinstance(term, App)
    values = [number(arg) for arg in term.args]
    match term.symbol:
        case "+":
            return values[0] + values[1]
        case "*":
            return values[0] * values[1]
        case "s":
            return values[0] + 1
        case _:
            return 0


def test_all_facts_of_arithmetic_up_to_eight(peano: Theory) -> None:
    found = lemmata.facts(peano, budget=Budget(seconds=600))
    assert (found.unproved, found.silent, found.stop) == ((), (), "all")
    counts = {symbol: len(found.about(symbol)) for symbol in ("=", "+", "*", "<=")}
    assert counts == {"=": 36, "+": 81, "*": 81, "<=": 81}
    assert len({fact.statement for fact in found}) == len(found) == 279
    assert sum(fact.is_positive for fact in found.about("<=")) == 45
    notation = Notation.of(peano)
    for fact in found:
        statement = fact.theorem.statement
        formula = statement.formula
        atom = formula.body if isinstance(formula, Not) else formula
        match atom:
            case Equal(left, right):
                holds = number(left) == number(right)
            case Holds("<=", (left, right)):
                holds = number(left) <= number(right)
            case _:
                pytest.fail(f"{fact.statement} is no fact")
        assert holds is fact.is_positive is not isinstance(formula, Not), fact.statement
        assert notation.formula(formula) == fact.statement
        assert fact.theorem.axioms
        cited = {theorem.name: theorem for theorem in fact.theorem.cited}
        again = lemmata.certify(peano, cited, statement, fact.theorem.derivation)
        assert again.statement.clauses == statement.clauses


def test_facts_from_the_command_line(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theory = str(examples / "list.mpl")
    out = tmp_path / "proofs"
    arguments = ["facts", theory, "--values", "2", "--out", str(out), "--format", "json"]
    assert run(arguments) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["format"], data["values"], data["stop"]) == ("lemmata-facts/1", 2, "all")
    assert {"len(cons(0, nil)) = s(0)", "0 != s(0)"} <= {
        fact["statement"].replace("not 0 = s(0)", "0 != s(0)") for fact in data["facts"]
    }
    assert run(["check", *(fact["proof"] for fact in data["facts"])]) == 0


def test_a_theory_without_values_has_no_facts(examples: Path) -> None:
    with pytest.raises(lemmata.UsageError, match="there are no values"):
        lemmata.facts(lemmata.load(examples / "group.mpl"))


def test_time_and_unknown_symbols_are_told(peano: Theory) -> None:
    found = lemmata.facts(peano, 3, Budget(seconds=1e-9))
    assert (found.stop, len(found)) == ("time", 0)
    with pytest.raises(lemmata.UsageError, match="no symbol"):
        found.about("-")


def test_a_fact_is_proved_from_the_one_before(peano: Theory) -> None:
    found = {fact.statement: fact.theorem for fact in lemmata.facts(peano, 3).facts}
    assert [one.name for one in found["2 * 2 = 4"].cited] == [found["2 * s(0) = 2"].name]
    assert found["not 2 <= s(0)"].lemmas


def test_values_with_elements_that_have_no_names_are_left_out(examples: Path) -> None:
    found = lemmata.facts(lemmata.load(examples / "tree.mpl"), 2)
    assert "mirror(leaf) = leaf" in {fact.statement for fact in found}
    assert (found.unproved, found.stop) == ((), "all")
