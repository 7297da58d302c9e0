"""Reading, writing and moving integer polynomials."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from lemmata.engine.errors import SourceError, UsageError
from lemmata.engine.formulas.polynomial import (
    evaluate,
    integer_roots,
    is_positive_from,
    multiply,
    parse,
    polynomial,
    render,
    shift,
    trim,
)

polynomials = st.lists(st.integers(-50, 50), min_size=1, max_size=6).map(trim)


@given(polynomials)
def test_text_reads_back(p: tuple[int, ...]) -> None:
    assert parse(render(p)) == p


@given(polynomials, st.integers(-9, 9), st.integers(-9, 9))
def test_shift_moves_the_argument(p: tuple[int, ...], k: int, n: int) -> None:
    assert evaluate(shift(p, k), n) == evaluate(p, n + k)


@given(polynomials, polynomials, st.integers(-9, 9))
def test_product_evaluates_to_the_product(p: tuple[int, ...], q: tuple[int, ...], n: int) -> None:
    assert evaluate(multiply(p, q), n) == evaluate(p, n) * evaluate(q, n)


@given(st.sets(st.integers(-6, 9), max_size=4))
def test_integer_roots_are_found(roots: set[int]) -> None:
    p: tuple[int, ...] = (2,)
    for root in roots:
        p = multiply(p, (1, -root))
    p = multiply(p, (1, 0, 1))
    assert set(integer_roots(p, at_least=1)) == {r for r in roots if r >= 1}


@given(polynomials, st.integers(0, 6))
def test_shown_positivity_is_true(p: tuple[int, ...], start: int) -> None:
    if is_positive_from(p, start):
        assert all(evaluate(p, n) >= 0 for n in range(start, start + 50))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2n+1", (2, 1)),
        ("n**2", (1, 0, 0)),
        ("(n+1)(n-1)", (1, 0, -1)),
        ("-(2n)^2 + 3", (-4, 0, 3)),
        ("5", (5,)),
        ("n·n", (1, 0, 0)),
    ],
)
def test_readings(text: str, expected: tuple[int, ...]) -> None:
    assert polynomial(text) == expected


def test_sympy_and_lists_agree() -> None:
    n = sympy.Symbol("n")
    assert polynomial((n + 1) ** 2) == polynomial([1, 2, 1]) == polynomial("n^2+2n+1")


@pytest.mark.parametrize("text", ["", "n +", "n/2", "x", "n^-1", "(n", "n)", "2..", "n^99999"])
def test_unparsable_text_is_one_clear_error(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        polynomial(text)
    assert "<formula>" in str(caught.value)


@pytest.mark.parametrize("source", [[0.5, 1], ["x"], None, sympy.sin(sympy.Symbol("n")), True])
def test_what_is_no_integer_polynomial_is_refused(source: object) -> None:
    with pytest.raises(UsageError):
        polynomial(source)


def test_a_numpy_array_is_a_list_of_coefficients() -> None:
    import numpy as np

    assert polynomial(np.array([2, 0, -1])) == (2, 0, -1)
    with pytest.raises(UsageError, match="must be an integer"):
        polynomial(np.array([1.5]))
