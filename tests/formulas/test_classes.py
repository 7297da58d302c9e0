"""Counts of a box against definitions that do not use the same code."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.classes import count, invariant
from lemmata.engine.formulas.polynomial import evaluate, multiply, scale, shift


@pytest.mark.parametrize("box", [Box(1, 1, -1, 1), Box(0, 1, -2, 2)])
def test_classes_are_the_components_of_pairwise_relations(box: Box) -> None:
    formulas = [
        (a, b) for a in box.polynomials(box.degree_a) for b in box.polynomials(box.degree_b)
    ]
    # Polynomials of degree ≤ 4 agree where they agree at more than four points.
    points = range(100, 106)

    def ratio(n: int, a: tuple[int, ...], b: tuple[int, ...]) -> Fraction:
        return Fraction(evaluate(b, n), evaluate(a, n) * evaluate(a, n - 1))

    def scaled(a: tuple[int, ...], b: tuple[int, ...], c: int, d: int) -> object:
        return tuple(Fraction(c * x, d) for x in a), tuple(Fraction(c * c * x, d * d) for x in b)

    monic = {
        (tuple(Fraction(x, a[0]) for x in a), tuple(Fraction(x, a[0] ** 2) for x in b))
        for a, b in formulas
    }
    by_ratio = {f: tuple(ratio(n, *f) for n in points) for f in formulas}
    orbit = {
        f: {
            scaled(shift(f[0], k), shift(f[1], k), c, d)
            for k in range(-4, 5)
            for c, d in ((1, 1), (-1, 1), (2, 1), (1, 2), (-2, 1), (-1, 2))
        }
        for f in formulas
    }
    exact = {f: scaled(*f, 1, 1) for f in formulas}
    left = set(formulas)
    components = 0
    while left:
        components += 1
        edge = [left.pop()]
        while edge:
            here = edge.pop()
            joined = {f for f in left if by_ratio[f] == by_ratio[here] or exact[f] in orbit[here]}
            left -= joined
            edge += joined
    found = count(box)
    assert found.chained_classes == components
    assert found.scaled_classes == len(monic)
    assert found.formulas == len(formulas)
    assert found.remaining + found.complex_eigenvalues + found.terminating == found.formulas


def test_inflation_keeps_the_invariant() -> None:
    a, b = (2, 1), (1, 0, 3)
    inflated = multiply(a, (3, -1)), multiply(b, multiply((3, -1), (3, -4)))
    assert invariant(*inflated) == invariant(a, b)
    assert invariant(scale(a, -5), scale(b, 25)) == invariant(a, b)
    assert invariant(shift(a, 1), shift(b, 1)) != invariant(a, b)
