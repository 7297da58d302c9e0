"""The path ordering is strict, total on ground terms of one precedence, and stable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lemmata.engine.ordering import is_greater, precedence
from lemmata.engine.term import App, Term, Var, substitute, subterms
from lemmata.engine.theory import Function, Signature


def before(symbol: str) -> tuple[int, int, str]:
    return ({"0": 0, "s": 0, "+": 1, "*": 2}[symbol], 0, symbol)


def terms(leaves: list[Term]) -> st.SearchStrategy[Term]:
    return st.recursive(
        st.sampled_from(leaves),
        lambda inner: st.one_of(
            st.builds(lambda x: App("s", (x,), "N"), inner),
            st.builds(lambda x, y: App("+", (x, y), "N"), inner, inner),
            st.builds(lambda x, y: App("*", (x, y), "N"), inner, inner),
        ),
        max_leaves=6,
    )


ZERO: Term = App("0", (), "N")
X, Y = Var("x", "N"), Var("y", "N")
GROUND = terms([ZERO])
OPEN = terms([ZERO, X, Y])


@given(GROUND, GROUND)
def test_total_and_strict_on_ground_terms(left: Term, right: Term) -> None:
    assert is_greater(left, right, before) + is_greater(right, left, before) == (left != right)


@given(GROUND, GROUND, GROUND)
def test_transitive(one: Term, two: Term, three: Term) -> None:
    if is_greater(one, two, before) and is_greater(two, three, before):
        assert is_greater(one, three, before)


@given(OPEN, OPEN, GROUND, GROUND)
def test_stable_under_substitution(left: Term, right: Term, x: Term, y: Term) -> None:
    if is_greater(left, right, before):
        names = {X: x, Y: y}
        assert is_greater(substitute(left, names), substitute(right, names), before)


@given(OPEN)
def test_greater_than_its_parts(term: Term) -> None:
    assert all(is_greater(term, part, before) for part in subterms(term) if part != term)


def test_a_function_comes_after_what_defines_it() -> None:
    names = ("*", "+", "f", "g")
    signature = Signature(functions=tuple(Function(name, (), "N") for name in names))
    uses = {"*": frozenset("+"), "f": frozenset("g*"), "g": frozenset("f")}
    rank = precedence(signature, uses)
    assert rank("+") < rank("*") < rank("f")
    assert rank("g") != rank("f")


def test_deep_terms_are_compared_in_little_time() -> None:
    def numeral(count: int) -> App:
        term = App("0", (), "N")
        for _ in range(count):
            term = App("s", (term,), "N")
        return term

    def before(symbol: str) -> tuple[int, int, str]:
        return ("0s*".index(symbol), 0, symbol)

    product = App("*", (numeral(12), numeral(12)), "N")
    assert is_greater(product, numeral(144), before)
    assert not is_greater(numeral(144), product, before)
