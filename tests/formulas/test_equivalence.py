"""Equivalences: the Möbius maps are exact, and one class has one representative."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lemmata.engine.formulas.equivalence import (
    IDENTITY,
    canonical,
    compose,
    equivalents,
    scaled_class,
    shifted,
)
from lemmata.engine.formulas.limit import Limit, limit
from lemmata.engine.formulas.polynomial import integer_roots, multiply, trim

coefficient = st.integers(-4, 4)
linear = st.tuples(coefficient, coefficient).filter(any).map(trim)
quadratic = st.tuples(coefficient, coefficient, coefficient).filter(any).map(trim)
mobius = st.tuples(*[st.integers(-9, 9)] * 4).filter(lambda m: m[0] * m[3] != m[1] * m[2])


def apply(m: tuple[int, int, int, int], x: Fraction) -> Fraction:
    return (m[0] * x + m[1]) / (m[2] * x + m[3])


@given(mobius, mobius, st.fractions(-5, 5))
def test_composition_is_application_twice(
    f: tuple[int, int, int, int], g: tuple[int, int, int, int], x: Fraction
) -> None:
    assume(g[2] * x + g[3] != 0)
    inner = apply(g, x)
    assume(f[2] * inner + f[3] != 0)
    assert apply(compose(f, g), x) == apply(f, inner)
    assert compose(IDENTITY, g) == compose(g, IDENTITY)


@settings(deadline=None, max_examples=60)
@given(linear, quadratic)
def test_equivalent_fractions_have_equivalent_values(
    a: tuple[int, ...], b: tuple[int, ...]
) -> None:
    value = limit(a, b, 30)
    assume(isinstance(value, Limit) and value.digits == 30)
    assert isinstance(value, Limit)
    for other in equivalents(a, b):
        image = limit(other.a, other.b, 30)
        if isinstance(image, Limit) and image.digits == 30:
            p, q, r, s = other.mobius
            mapped = (p * image.ball + q) / (r * image.ball + s)
            assert mapped.overlaps(value.ball), other


@settings(deadline=None)
@given(linear, quadratic, st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_a_class_has_one_representative(
    a: tuple[int, ...], b: tuple[int, ...], k: int, c: int, root: int
) -> None:
    assume(not integer_roots(b, at_least=1))
    # With a root of its own, a could give a factor away in two ways, and there may be two forms.
    assume(not integer_roots(a, at_least=-20))
    home = canonical(a, b)
    moved = shifted(a, b, k)
    assert moved is not None
    assert (canonical(moved.a, moved.b).a, canonical(moved.a, moved.b).b) == (home.a, home.b)
    scaled = tuple(-c * x for x in a), tuple(c * c * x for x in b)
    assert (canonical(*scaled).a, canonical(*scaled).b) == (home.a, home.b)
    inflated = multiply(a, (1, root)), multiply(b, multiply((1, root), (1, root - 1)))
    # n + root − 1 has the root 1 − root ≤ 0, so the inflated fraction still does not terminate.
    assert (canonical(*inflated).a, canonical(*inflated).b) == (home.a, home.b)


def test_scaling_alone() -> None:
    assert scaled_class((-2, 4), (4, 0, 8)) == ((1, -2), (1, 0, 2), -2)
