"""The examples that conjecture nothing: textbook laws that exploration must find in each."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

import lemmata
from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.provers import blocks
from lemmata.provers.completion import completion

FOUND = {
    ("tree", 3): ["mirror(mirror(x)) = x", "size(mirror(x)) = size(x)", "a + b = b + a"],
    ("map", 3): [
        "rev(rev(x)) = x",
        "map(x ++ y) = map(x) ++ map(y)",
        "map(rev(x)) = rev(map(x))",
        "len(map(x)) = len(x)",
        "x ++ nil = x",
    ],
    ("semilattice", 3): [
        "x <= y and y <= z -> x <= z",
        "x <= y and y <= x -> x = y",
    ],
    ("sums", 5): ["sum(a) + sum(a) = a * s(a)", "a * b = b * a"],
    ("booleans", 2): [
        "x & y = y & x",
        "x | y & z = (x | y) & (x | z)",
        "neg(neg(x)) = x",
        "neg(x & y) = neg(x) | neg(y)",
    ],
}


ABSTRACT = {
    "left_group": [
        "a * e = a",
        "a * inv(a) = e",
        "inv(inv(a)) = a",
        "inv(e) = e",
        "inv(a * b) = inv(b) * inv(a)",
        "a * b = a * c -> b = c",
        "a * b = c * b -> a = c",
    ],
    "lattice": [
        "x /\\ x = x",
        "x \\/ x = x",
        "x <= x",
        "x <= y and y <= x -> x = y",
        "x <= y and y <= z -> x <= z",
        "x /\\ y <= x",
        "x <= x \\/ y",
        "x <= y -> x \\/ y = y",
        "x <= y -> x /\\ z <= y /\\ z",
    ],
}
"""Theories that nothing computes in; what takes long is left to ``benchmarks/algebra.py``."""


PEANO = """
0 + a = a + 0; s(a) = a + s(0); s(a) = s(0) + a; s(a) + b = s(a + b); s(c) + b = s(b) + c
a + b = b + a; (a + b) + c = a + (b + c); a + b = a + c -> b = c; a + b = c + b -> a = c
0 * a = 0; s(0) * a = a; a * s(0) = a; s(b) * a = a + b * a; a * b = b * a
(a * b) * c = a * (b * c); a * (b + c) = a * b + a * c; (a + b) * c = a * c + b * c
a + b = 0 -> b + a = 0; a + b = s(0) -> b + a = s(0); a + b = 0 -> a = 0
a * b = 0 -> a = 0 or b = 0; a * c = b * c, c != 0 -> a = b
a <= a; a <= s(a); a <= a + b; a <= b or b <= a; a <= b, b <= c -> a <= c
a <= b, b <= a -> a = b; a <= b -> a <= s(b); s(a) <= b -> a <= b
a <= b -> a + c <= b + c; a <= b -> a * c <= b * c
"""
"""Laws of arithmetic that people know; exploration does not look at them."""


def test_all_laws_of_arithmetic_are_found(examples: Path) -> None:
    source = (examples / "peano.mpl").read_text("utf-8")
    axioms = [line for line in source.splitlines() if not line.startswith("conjecture")]
    laws = [law.strip() for line in PEANO.strip().splitlines() for law in line.split(";")]
    stated = [f"conjecture stated_{number}: {law}" for number, law in enumerate(laws)]
    theory = parse_theory("\n".join([*axioms, *stated]))
    development = lemmata.explore(theory, Budget(seconds=600))
    assert [each.statement for each in development.stated if not each.found] == []
    assert len(development.stated) == len(laws) == 32
    assert [one.statement for one in development.open] == []


@pytest.mark.parametrize(
    ("name", "size", "effort"),
    [("left_group", 3, 50_000), ("lattice", 3, 60_000)],
)
def test_laws_of_abstract_theories_are_found(
    examples: Path, name: str, size: int, effort: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completion, "EFFORT", effort)
    monkeypatch.setattr(blocks, "MATCHES", (30_000, 60_000, 60_000))
    development = lemmata.explore(lemmata.load(examples / f"{name}.mpl"), size=size)
    statements = {law.statement for law in development.laws()}
    assert development.stop == "size"
    assert set(ABSTRACT[name]) <= statements, sorted(statements)


@pytest.mark.parametrize(("name", "size"), sorted(FOUND))
def test_textbook_laws_are_found(examples: Path, name: str, size: int) -> None:
    theory = lemmata.load(examples / f"{name}.mpl")
    development = lemmata.explore(theory, Budget(seconds=600), size=size)
    statements = {law.statement for law in development.laws()}
    assert development.stop == "size"
    assert set(FOUND[name, size]) <= statements, sorted(statements)


def test_a_derived_fact_tells_its_shortest_explanation(examples: Path) -> None:
    theory = lemmata.load(examples / "causes.mpl")
    development = lemmata.explore(theory, Budget(seconds=600), size=2)
    law = next(law for law in development.laws() if law.statement == "leads(flood, delay)")
    assert {name for name, _ in development.why(law.name).cites} == {
        "transitive",
        "flood_closure",
        "closure_delay",
    }


LOANS = """
theory loans
sort Reader
sort Book
const ann, bob : Reader
const emma, ulysses, faust : Book
pred lent : Book, Reader
pred knows : Reader, Reader
axiom lent_emma: lent(emma, ann)
axiom lent_faust: lent(faust, bob)
axiom once: lent(b, x), lent(b, y) -> x = y
axiom mutual: knows(x, y) -> knows(y, x)
axiom differ: ann != bob
"""

DISTINCT = """
theory distinct
sort Place
const a, b, c, d, e, f, g : Place
pred reaches : Place, Place
axiom ab: reaches(a, b)
axiom bc: reaches(b, c)
axiom far: reaches(x, y), reaches(y, z) -> reaches(x, z)
axiom once: not reaches(x, x)
""" + "".join(f"axiom {x}{y}_differ: {x} != {y}\n" for x, y in combinations("abcdefg", 2))


@pytest.mark.parametrize(
    ("source", "size", "law"),
    [("causes", 5, "leads(rain, refund)"), (LOANS, 4, ""), (DISTINCT, 2, "reaches(a, c)")],
    ids=["causes", "two sorts", "more names than elements of small models"],
)
def test_what_does_not_follow_from_facts_fails_in_a_model(
    examples: Path, source: str, size: int, law: str
) -> None:
    theory = parse_theory(source) if "\n" in source else lemmata.load(examples / f"{source}.mpl")
    development = lemmata.explore(theory, Budget(seconds=600), size=size)
    assert [one.statement for one in development.open] == []
    assert not law or law in {each.statement for each in development.laws()}
    assert any(miss.model for miss in development.near_misses)


def test_what_equals_a_term(examples: Path) -> None:
    theory = lemmata.load(examples / "peano.mpl")
    development = lemmata.explore(theory, Budget(seconds=600), size=1)
    assert "a * b + a" in development.what_equals("a * s(b)")
    assert {law.statement for law in development.laws(about="*")} >= {"a * b = b * a"}
    with pytest.raises(lemmata.UsageError, match="no symbol"):
        development.laws(about="-")
