"""Completion: what it derives is accepted by the checker, and decides the word problem of groups."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lemmata
from lemmata.dsl.load import parse_theory
from lemmata.engine.checker import certify
from lemmata.engine.term import App
from lemmata.provers.completion import completion as completion_module
from lemmata.provers.completion.completion import Completion
from lemmata.provers.completion.equational import Equational
from lemmata.provers.completion.node import is_greater
from lemmata.provers.completion.proof import Lemmas
from lemmata.provers.workspace import Workspace
from lemmata.provers.writing import write_theorem

GROUP = """\
theory group
sort G
const e : G
op inv : G -> G
op * : G, G -> G  infix 60
axiom assoc: (a * b) * c = a * (b * c)
axiom left_identity: e * a = a
axiom left_inverse: inv(a) * a = e
"""

ORDER = """\
theory order
sort L
op /\\ : L, L -> L  infix 60
axiom assoc: (x /\\ y) /\\ z = x /\\ (y /\\ z)
axiom comm: x /\\ y = y /\\ x
axiom idem: x /\\ x = x
define x <= y: x /\\ y = x
"""


def outcomes(source: str, *laws: str) -> list[bool]:
    """For each law whether it is proved, and then certified once more from its clauses."""
    lines = [f"conjecture law_{number}: {law}" for number, law in enumerate(laws)]
    theory = parse_theory("\n".join([source, *lines]))
    work = Workspace(theory)
    equational = Equational(work)
    found = []
    for statement in theory.conjectures:
        proofs = [equational.prove(clause, 20_000) for clause in statement.clauses]
        found.append(all(proof is not None for proof in proofs))
        if found[-1]:
            theorem = write_theorem(work, statement, [p for p in proofs if p is not None])
            certify(theory, work.theorems, statement, theorem.derivation)
    return found


def test_groups_from_one_sided_axioms() -> None:
    true = [
        "a * e = a",
        "a * inv(a) = e",
        "inv(inv(a)) = a",
        "inv(a * b) = inv(b) * inv(a)",
        "a * b = a * c -> b = c",
        "b * a = c * a -> b = c",
        "a * b = e -> b = inv(a)",
        "a * b = b * a -> inv(a) * b = b * inv(a)",
        "exists x. a * x = b",
        "exists x. x * a = b",
    ]
    false = ["a * b = b * a", "a * a = e -> a = e", "a * b = c * d -> a = c", "exists x. x * x = a"]
    assert outcomes(GROUP, *true, *false) == [True] * len(true) + [False] * len(false)


def test_a_defined_order_is_read_as_its_equation() -> None:
    true = ["x <= x", "x /\\ y <= y", "x <= y, y <= z -> x <= z", "x <= y -> x /\\ z <= y /\\ z"]
    false = ["x <= y", "x <= y -> y <= x"]
    assert outcomes(ORDER, *true, *false) == [True] * len(true) + [False] * len(false)


def test_boolean_algebra_from_huntingtons_axioms(
    examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completion_module, "EFFORT", 900_000)
    true = [
        "x /\\ x = x",
        "x /\\ bot = bot",
        "x \\/ x /\\ y = x",
        "neg(neg(x)) = x",
        "(x /\\ y) /\\ z = x /\\ (y /\\ z)",
        "(x \\/ y) \\/ z = x \\/ (y \\/ z)",
    ]
    source = (examples / "boolean_algebra.mpl").read_text("utf-8")
    assert outcomes(source, *true, "x /\\ y = x") == [True] * len(true) + [False]


def test_every_equation_of_a_completed_theory_is_certified(examples: Path) -> None:
    work = Workspace(lemmata.load(examples / "semilattice.mpl"))
    completion = Completion(work.theory)
    completion.run()
    assert not completion.heap
    lemmas = Lemmas(work, completion.bank)
    names = {lemmas.law(equation).name for equation in completion.active}
    axioms = {axiom.name for axiom in work.theory.axioms}
    assert len(names) == len(completion.active)
    assert names - axioms <= work.theorems.keys()


@pytest.fixture(scope="module")
def group() -> Completion:
    completion = Completion(parse_theory(GROUP))
    completion.run()
    return completion


Word = st.recursive(
    st.sampled_from(["e", "x", "y"]),
    lambda inner: st.one_of(
        st.tuples(st.just("inv"), inner), st.tuples(st.just("*"), inner, inner)
    ),
    max_leaves=8,
)


def _term(word: object) -> App:
    if isinstance(word, str):
        return App(word if word == "e" else f"!{word}", (), "G")
    assert isinstance(word, tuple)
    return App(word[0], tuple(_term(part) for part in word[1:]), "G")


def _reduced(word: object) -> tuple[tuple[str, int], ...]:
    """The element of the free group, as letters with signs of which none cancel."""
    if isinstance(word, str):
        return () if word == "e" else ((word, 1),)
    assert isinstance(word, tuple)
    if word[0] == "inv":
        return tuple((name, -sign) for name, sign in reversed(_reduced(word[1])))
    found: list[tuple[str, int]] = []
    for letter in (*_reduced(word[1]), *_reduced(word[2])):
        if found and found[-1] == (letter[0], -letter[1]):
            found.pop()
        else:
            found.append(letter)
    return tuple(found)


@settings(max_examples=150, deadline=None)
@given(one=Word, two=Word)
def test_words_are_equal_just_when_they_are_in_the_free_group(
    group: Completion, one: object, two: object
) -> None:
    nodes = [group.bank.node(_term(word), {}) for word in (one, two)]
    same = group.normal(nodes[0]) is group.normal(nodes[1])
    assert same == (_reduced(one) == _reduced(two))
    assert not (is_greater(*nodes) and is_greater(*reversed(nodes)))
