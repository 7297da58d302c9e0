"""Outcomes agree exactly where they should, and every relaxation has its name."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lemmata.engine.synthesis.outcome import Opaque, Outcome
from lemmata.provers.oracle.comparison import Comparison, ExceptionPolicy
from lemmata.provers.oracle.wire import TooLarge, decode, encode

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary()
    | st.complex_numbers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.sets(st.integers() | st.text(max_size=3), max_size=4)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_values_survive_the_wire(value: object) -> None:
    assert Comparison().same(decode(encode(value)), value)


@given(VALUES, VALUES)
def test_comparison_is_symmetric(left: object, right: object) -> None:
    assert Comparison().same(left, right) == Comparison().same(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        ([1], (1,)),
        ({1}, frozenset({1})),
        ({"a": 1}, {"a": True}),
        ({1}, {True}),
        ("a", b"a"),
        ([1, [2, 3.0]], [1, [2, 3]]),
    ],
)
def test_types_are_exact(left: object, right: object) -> None:
    assert not Comparison().same(left, right)


def test_nan_agrees_with_nan_and_sets_of_it() -> None:
    nan = float("nan")
    assert Comparison().same(nan, math.nan)
    assert Comparison().same({"k": nan, "l": 1}, {"l": 1, "k": float("nan")})
    assert not Comparison().same(nan, 0.0)


def test_dicts_and_sets_compare_by_value_and_iterators_by_content() -> None:
    assert Comparison().same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    generator, mapped = Opaque("iterator", "generator", [1]), Opaque("iterator", "map", [1])
    assert Comparison().same(generator, mapped)
    assert not Comparison().same(generator, Opaque("iterator", "map", [2]))


def test_exceptions_are_an_enumeration() -> None:
    one = Outcome("raised", error="ValueError", message="a")
    two = Outcome("raised", error="ValueError", message="b")
    three = Outcome("raised", error="KeyError", message="a")
    assert Comparison(ExceptionPolicy.ANY).agree(one, three)
    assert Comparison(ExceptionPolicy.TYPE).agree(one, two)
    assert not Comparison(ExceptionPolicy.TYPE).agree(one, three)
    assert not Comparison(ExceptionPolicy.MESSAGE).agree(one, two)


def test_changed_arguments_count_unless_told_otherwise() -> None:
    quiet, loud = Outcome("returned", 1), Outcome("returned", 1, after=([1, 2],))
    assert not Comparison().agree(quiet, loud)
    assert Comparison(mutation=False).agree(quiet, loud)


@pytest.mark.parametrize("kind", ["crashed", "tampered", "not loaded"])
def test_what_broke_its_process_agrees_with_nothing(kind: str) -> None:
    broken = Outcome(kind)  # type: ignore[arg-type]
    assert not Comparison().agree(broken, broken)


def test_tolerance_is_an_option() -> None:
    left, right = Outcome("returned", [0.1 + 0.2]), Outcome("returned", [0.3])
    assert not Comparison().agree(left, right)
    assert Comparison(tolerance=1e-9).agree(left, right)
    assert not Comparison(tolerance=1e-9).agree(left, Outcome("returned", [0.31]))


def test_values_without_bounds_are_refused() -> None:
    with pytest.raises(TooLarge):
        encode("x" * 2_000_000)
    with pytest.raises(TooLarge):
        encode([0] * 300_000)
