"""Integer relations: what is planted is found, and nothing is found in random reals."""

from __future__ import annotations

import random

import flint
import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.engine.errors import SourceError
from lemmata.engine.formulas.constants import CONSTANTS, constant, parse_constant
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.relation import (
    expected_spurious,
    identify,
    integer_relation,
    mobius_relation,
)

small = st.integers(-60, 60)
MOBIUS_NAMES = [name for name, c in CONSTANTS.items() if c.family != "algebraic"]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(MOBIUS_NAMES), small, small, small, small)
def test_a_planted_mobius_relation_is_found(name: str, p: int, q: int, r: int, s: int) -> None:
    if p * s == q * r:
        return
    with flint.ctx.workprec(400):
        k = CONSTANTS[name].ball(90)
        value = (p * k + q) / (r * k + s)
        found = mobius_relation(value, CONSTANTS[name], 80)
        assert found is not None
        assert found.mobius is not None
        a, b, c, d = found.mobius
        assert (a * k + b) / (c * k + d) - value == 0 or ((a * k + b) / (c * k + d)).overlaps(value)
        assert a * d != b * c


def test_random_reals_have_no_relations() -> None:
    generator = random.Random(7)
    with flint.ctx.workprec(264):
        pi = CONSTANTS["pi"].ball(70)
        for _ in range(500):
            value = arb(generator.getrandbits(250)) / arb(2) ** 248
            assert integer_relation([value * pi, value, pi, arb(1)], 60) is None


def test_an_interval_too_wide_is_never_trusted() -> None:
    with flint.ctx.workprec(300):
        wide = CONSTANTS["pi"].ball(70) + arb(0, 1) * arb(10) ** -20
        assert integer_relation([wide, CONSTANTS["pi"].ball(70), arb(1)], 60) is None


@pytest.mark.parametrize(
    ("text", "name", "closed"),
    [
        ("2n+1 | n^2", "pi", "4/π"),
        ("4n+2 | 1", "e", "(e + 1)/(e - 1)"),
        ("2 | 1", "algebraic", "root of x^2 - 2*x - 1"),
        ("2 | -1", "rational", "1"),
        ("n+1 | 1", "I0(2)/I1(2)", "I₀(2)/I₁(2)"),
        ("2n+1 | -1", "tan1", "1/(tan 1)"),
        ("2n+5 | 3n^2", "pi*sqrt3", None),
        ("3n+1 | -2n^2+3n", "pi", None),
        ("4 | (2n-1)^2", "lemniscate^2/pi", "ϖ²/π + 2"),
        ("1 | 4n^2-2n", "sqrt2*ln(1+sqrt2)", None),
    ],
)
def test_identifications(text: str, name: str, closed: str | None) -> None:
    found = PCF.parse(text).identify()
    assert found is not None
    assert found.constant == name
    assert closed is None or str(found) == closed
    assert found.status.startswith("verified to")
    assert expected_spurious(10**9, found.margin) < 1e-10


def test_unknown_values_stay_unknown() -> None:
    assert PCF("n^2 + 1", "n + 3").identify() is None


def test_a_constant_of_ones_own() -> None:
    mine = parse_constant("π³ = pi**3")
    with flint.ctx.workprec(300):
        value = (3 * mine.ball(80) + 1) / 2
    found = identify(value, 70, [mine])
    assert found is not None
    assert str(found) == "(3·π³ + 1)/2"


@pytest.mark.parametrize("expression", ["import os", "open('x')", "log(", "1/0", "log(n)", "x.y"])
def test_bad_constants_are_one_clear_error(expression: str) -> None:
    with pytest.raises(SourceError):
        constant("bad", expression)
