"""Proved values, and families: found without being told, tested outside, proved where possible."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.constants import CONSTANTS
from lemmata.engine.formulas.family import (
    Congruence,
    is_mobius_image,
    prove,
)
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.hypergeometric import proved_value, relation_holds
from lemmata.engine.formulas.label import label
from lemmata.engine.formulas.limit import Limit
from lemmata.engine.formulas.polynomial import trim
from lemmata.engine.formulas.shape import Shape, coordinates
from lemmata.engine.formulas.sweep import sweep
from lemmata.engine.formulas.swept import families


def test_the_three_relations_hold_exactly() -> None:
    assert relation_holds("Gauss–Nörlund 2F1")
    assert relation_holds("Kummer 1F1")
    assert relation_holds("Bessel–Lambert 0F1")


# First coefficients (of a's n, of b's n²) with a square discriminant, and the rest free.
squares = st.sampled_from([(0, 1), (3, -2), (1, 2), (0, 4), (2, 3), (-3, -2), (5, -6), (1, 6)])


@st.composite
def solvable(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    start = draw(st.integers(1, 6))
    match draw(st.sampled_from(["2F1", "1F1", "0F1"])):
        case "2F1":
            slope, lead = draw(squares)
            one, two = draw(st.integers(0, 5)), draw(st.integers(0, 5))
            return trim((slope, start)), (lead, lead * (one + two), lead * one * two)
        case "1F1":
            z = draw(st.sampled_from([-3, -2, -1, 1, 2, 3]))
            return (draw(st.integers(1, 3)), start), (z, z * draw(st.integers(0, 5)))
        case _:
            return (draw(st.integers(1, 3)), start), (draw(st.sampled_from([-4, -1, 1, 2, 5])),)


@settings(deadline=None, max_examples=80)
@given(solvable())
def test_a_proved_value_is_the_certified_limit(
    pair: tuple[tuple[int, ...], tuple[int, ...]],
) -> None:
    proved, found = proved_value(*pair), PCF(*pair).limit(25)
    assume(proved is not None and isinstance(found, Limit) and found.digits == 25)
    assert proved is not None
    assert isinstance(found, Limit)
    value = proved.ball(40)
    assume(value.is_finite())
    assert value.overlaps(found.ball)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("1 | n^2", 1 / sympy.log(2)),
        ("3n+2 | -2n^2", 1 / sympy.log(2)),
        ("3n+1 | -2n^2+n", 2 / sympy.pi),
        ("2 | n^2+n", 1 / (2 * sympy.log(2) - 1)),
        ("1 | n^2+n", 2 / (sympy.pi - 2)),
        ("n | n", 1 / (sympy.E - 1)),
    ],
)
def test_closed_forms_are_proved(text: str, closed: sympy.Expr) -> None:
    fraction = PCF.parse(text)
    proved = proved_value(fraction.a, fraction.b)
    assert proved is not None
    assert sympy.simplify(proved.closed_form() - closed) == 0


def test_the_constant_family_is_found_without_being_told_and_proved(tmp_path: Path) -> None:
    sweep(Box(0, 2, -3, 3), tmp_path, depth=112, digits=60)
    label(tmp_path, [CONSTANTS[name] for name in ("pi", "ln2", "e")])
    found = {str(f): f for f in families(tmp_path, least=4, outside=3, digits=60)}
    ours = {
        f.condition.text(f.shape.names()): f
        for f in found.values()
        if str(f.shape) == "k | (n + α)(n + β)"
    }
    odd, even = ours["k + α + β ≡ 1 (mod 2)"], ours["k + α + β ≡ 0 (mod 2)"]
    assert (odd.constant, even.constant) == ("ln2", "pi")
    assert odd.status == even.status == "proved"
    assert odd.outside == even.outside == 3


def test_a_family_that_mixes_two_constants_is_not_proved() -> None:
    shape = Shape(0, 0, 1, (1, 1))
    everything = Congruence((0, 0, 0), 1, 0)
    assert prove(shape, everything, CONSTANTS["ln2"], {(1, 0, 0): "ln2"}) == ""
    odd = Congruence((1, 1, 1), 2, 1)
    assert "2F1" in prove(shape, odd, CONSTANTS["ln2"], {(1, 0, 0): "ln2"})
    # A true shape and condition with the wrong constant has no proof.
    assert prove(shape, odd, CONSTANTS["pi"], {(1, 0, 0): "pi"}) == ""


def test_mobius_images_are_decided_exactly() -> None:
    log2 = sympy.log(2)
    assert is_mobius_image((3 * log2 + 1) / (log2 - 5), CONSTANTS["ln2"])
    assert not is_mobius_image(log2**2, CONSTANTS["ln2"])
    assert not is_mobius_image(log2 + sympy.pi, CONSTANTS["ln2"])


@given(st.integers(-5, 5).filter(bool), st.lists(st.integers(-4, 4), min_size=2, max_size=2))
def test_coordinates_lead_back_to_the_formula(k: int, roots: list[int]) -> None:
    b = (1, roots[0] + roots[1], roots[0] * roots[1])
    place = coordinates((k,), b)
    assert place is not None
    assert place[0].formula(place[1]) == ((k,), b)


def test_what_does_not_split_has_no_coordinates() -> None:
    assert coordinates((1,), (1, 0, 1)) is None
