"""Blocks of steps of many fractions at once are the products that one fraction has by itself."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.engine.formulas.blocks import many_convergent_matrices
from lemmata.engine.formulas.convergents import convergent_matrices
from lemmata.engine.formulas.polynomial import trim

coefficient = st.integers(-9, 9)
polynomials = st.lists(coefficient, min_size=1, max_size=4).filter(any).map(trim)
depths = st.sets(st.integers(0, 150), min_size=1, max_size=5).map(lambda n: tuple(sorted(n)))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(polynomials, polynomials), min_size=1, max_size=5), depths)
def test_convergents_of_many_are_those_of_each(
    formulas: list[tuple[tuple[int, ...], tuple[int, ...]]], n: tuple[int, ...]
) -> None:
    found = list(many_convergent_matrices(formulas, n))
    assert found == [convergent_matrices(a, b, n) for a, b in formulas]


def test_elements_too_large_for_limbs_go_the_exact_way() -> None:
    formulas = [((10**9, -1), (-(10**12), 3, 7)), ((1,), (1,))]
    assert list(many_convergent_matrices(formulas, (3, 70))) == [
        convergent_matrices(a, b, (3, 70)) for a, b in formulas
    ]


def test_elements_at_the_limit_of_limbs_do_not_overflow() -> None:
    largest = (1 << 28) - 1
    formulas = [((largest,), (-largest,)), ((-largest,), (largest,))]
    assert list(many_convergent_matrices(formulas, (100, 2000))) == [
        convergent_matrices(a, b, (100, 2000)) for a, b in formulas
    ]
