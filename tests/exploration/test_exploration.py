"""Exploration from axioms alone: what must be found, what must not be listed, and sameness."""

from __future__ import annotations

from pathlib import Path

import pytest

import lemmata
from lemmata.dsl.load import load, parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.checker import certify
from lemmata.engine.exploration.development import Development
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.theory import Theory
from lemmata.engine.verdict import Proved
from lemmata.provers.essentials import redundancies
from lemmata.provers.exploration import explore
from lemmata.provers.workspace import support

ADDITION = """
theory addition
sort N = 0 | s(N)
op + : N, N -> N  infix 50
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
define a <= b: exists p. a + p = b
conjecture same: a + 0 = a
conjecture comm: x + y = y + x
conjecture trans: x <= y, y <= z -> x <= z
conjecture false: x + y = x
"""


@pytest.fixture(scope="module")
def theory() -> Theory:
    return parse_theory(ADDITION)


@pytest.fixture(scope="module")
def development(theory: Theory) -> Development:
    return explore(theory, Budget(seconds=300), size=3)


@pytest.mark.parametrize(
    "law",
    [
        "a + b = b + a",
        "a + b + c = a + (b + c)",
        "0 + a = a",
        "a <= a",
        "0 <= a",
        "a <= b and b <= c -> a <= c",
        "a <= b and b <= a -> a = b",
        "a + b = c + b -> a = c",
        "a + b = 0 -> a = 0",
    ],
)
def test_a_textbook_law_is_found(development: Development, law: str) -> None:
    assert law in {each.statement for each in development.laws()}, development.laws()


def test_no_axiom_and_no_renaming_is_listed(development: Development) -> None:
    statements = [law.statement for law in development.laws()]
    assert len(set(statements)) == len(statements)
    assert not {"a + 0 = a", "s(a) = s(b) -> a = b", "b + a = a + b"} & set(statements)


def test_the_conjectures_of_the_file_are_told_found_or_not(development: Development) -> None:
    found = {each.name: each.found for each in development.stated}
    assert found == {"same": True, "comm": True, "trans": True, "false": False}


def test_every_redundancy_is_a_checked_proof_without_circles(development: Development) -> None:
    laws = {law.name: law for law in development.laws()}
    assert any(not law.essential for law in laws.values())
    for law in laws.values():
        assert law.essential == (law.redundancy is None)
        if law.redundancy is None:
            continue
        assert law.redundancy.statement.clauses == law.theorem.statement.clauses
        assert law.name not in law.redundancy.lemmas
        lemmas = {lemma.name: lemma for lemma in with_lemmas(law.redundancy)}
        again = certify(
            development.theory, lemmas, law.redundancy.statement, law.redundancy.derivation
        )
        assert again == law.redundancy

    def rests_on(name: str, seen: tuple[str, ...]) -> bool:
        return name in seen or any(
            rests_on(below, (*seen, name)) for below in laws[name].follows if below in laws
        )

    assert not any(rests_on(name, ()) for name in laws)


def test_a_near_miss_comes_with_values(development: Development) -> None:
    assert ("x <= y -> y <= x").replace("x", "a").replace("y", "b") in {
        miss.statement for miss in development.near_misses
    }
    assert all(miss.counterexample for miss in development.near_misses)


def test_the_same_seed_gives_the_same_development(theory: Theory) -> None:
    one, two = (explore(theory, Budget(seconds=300), size=2) for _ in range(2))
    assert [law.theorem for law in one.laws()] == [law.theorem for law in two.laws()]
    assert [law.theorem for law in one.laws()] != []


LISTS = """
theory lists
sort E
sort L = nil | cons(E, L)
op ++ : L, L -> L
op rev : L -> L
axiom app_nil: nil ++ y = y
axiom app_cons: cons(a, x) ++ y = cons(a, x ++ y)
axiom rev_nil: rev(nil) = nil
axiom rev_cons: rev(cons(a, x)) = rev(x) ++ cons(a, nil)
"""


def test_what_a_later_law_settles_does_not_stay_open() -> None:
    # That rev is one-to-one follows once it is known to be an involution, and is stated twice.
    development = explore(parse_theory(LISTS), Budget(seconds=300), size=3)
    assert "rev(rev(x)) = x" in {law.statement for law in development.laws()}
    assert [one.statement for one in development.open] == []


def test_axioms_that_contradict_each_other_end_the_run() -> None:
    theory = parse_theory("sort N = 0 | s(N)\naxiom bad: s(0) = 0\nop f : N -> N\n")
    development = explore(theory, Budget(seconds=60))
    assert development.stop == "inconsistent"
    assert development.laws() == ()


def test_time_that_is_over_keeps_what_was_found(theory: Theory) -> None:
    development = explore(theory, Budget(seconds=1e-3), size=3)
    assert development.stop == "time"


def test_a_definition_rests_on_what_it_is_made_of(examples: Path) -> None:
    order = support(load(examples / "order.mpl"))
    assert order["min"] == {"min", "0", "s"}
    assert order["<"] == {"<", "<=", "+", "0", "s"}
    # Axioms that define nothing may bear on every statement.
    assert support(load(examples / "left_group.mpl")) == {}


def test_no_law_follows_from_what_it_completed_itself() -> None:
    # Both laws together complete the one that sorts sums, from which each would follow.
    theory = parse_theory(f"{ADDITION}\nconjecture assoc: (x + y) + z = x + (y + z)")
    verdicts = [
        lemmata.prove(theory, n, Budget(seconds=5), lemmas=False) for n in ("comm", "assoc")
    ]
    laws = [verdict.theorem for verdict in verdicts if isinstance(verdict, Proved)]
    assert len(laws) == 2
    assert redundancies(theory, laws[1:], laws, laws, lambda: False) == {}
