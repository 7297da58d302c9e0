"""Limits: every printed digit is certain, and every failure to converge is named."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from lemmata.engine.errors import SourceError, UsageError
from lemmata.engine.formulas.convergents import convergent_matrix, numerators_denominators
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.limit import Limit, NoLimit
from lemmata.engine.formulas.polynomial import trim

coefficient = st.integers(-5, 5)
quadratics = st.tuples(coefficient, coefficient, coefficient).filter(any).map(trim)


def data(name: str) -> Any:
    folder = os.environ.get("LEMMATA_DATA")
    if not folder:
        pytest.skip("LEMMATA_DATA is not set")
    return json.loads(Path(folder, name).read_text())


@given(quadratics, quadratics, st.integers(0, 40))
def test_binary_splitting_agrees_with_the_recurrence(
    a: tuple[int, ...], b: tuple[int, ...], n: int
) -> None:
    p, q = numerators_denominators(a, b, n)
    assert [int(x) for x in convergent_matrix(a, b, n).entries()] == [p[-1], p[-2], q[-1], q[-2]]


@settings(deadline=None, max_examples=60)
@given(quadratics, quadratics)
@example((5, 0), (5, 0))  # its decimals go on with 49943: a small ball need not round alike
def test_far_convergents_agree_with_every_certain_digit(
    a: tuple[int, ...], b: tuple[int, ...]
) -> None:
    fraction = PCF(a, b)
    found = fraction.limit(25)
    assume(isinstance(found, Limit) and found.behaviour.kind in ("factorial", "geometric"))
    assert isinstance(found, Limit)
    far = fraction.convergent(1500)
    assume(far is not None)
    assert far is not None
    # The slowest geometric rate of this box leaves far more than 25 digits at n = 1500.
    assert found.digits == 25
    assert abs(Fraction(found.text) - far) <= Fraction(51, 100) / 10**25


@pytest.mark.parametrize(
    ("a", "b", "value"),
    [
        ("2n+1", "n^2", lambda: 4 / mpmath.pi),
        ("1", "n^2", lambda: 1 / mpmath.log(2)),
        ("2", "(2n-1)^2", lambda: 1 + 4 / mpmath.pi),
        ("3n+2", "-2n^2", lambda: 1 / mpmath.log(2)),
        ("4n+2", "1", lambda: (mpmath.e + 1) / (mpmath.e - 1)),
        ("2", "1", lambda: 1 + mpmath.sqrt(2)),
        (
            "1",
            "n",
            lambda: mpmath.sqrt(2 / (mpmath.pi * mpmath.e)) / mpmath.erfc(1 / mpmath.sqrt(2)),
        ),
        ("2", "-1", lambda: mpmath.mpf(1)),
        ("-2n-1", "n^2", lambda: -4 / mpmath.pi),
        ("6", "(2n-1)^2", lambda: mpmath.pi + 3),
    ],
)
def test_known_values(a: str, b: str, value: Any) -> None:
    found = PCF(a, b).limit(60)
    assert isinstance(found, Limit)
    with mpmath.workdps(80):
        assert found.digits == 60
        assert abs(mpmath.mpf(found.text) - value()) < mpmath.mpf(10) ** -59.9


def test_the_accelerated_are_labelled() -> None:
    slow, quick = PCF("2", "4n^2-4n+1").limit(60), PCF("2n+1", "n^2").limit(60)
    assert isinstance(slow, Limit)
    assert isinstance(quick, Limit)
    assert slow.is_accelerated
    assert not quick.is_accelerated
    assert slow.behaviour.kind == "power"
    assert slow.behaviour.exponent == pytest.approx(-1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("n | n^2 - 4", "terminates"),
        ("1 | -1", "oscillates"),
        ("n | -n^2", "oscillates"),
        ("1 | n^3", "oscillates"),
        ("2n + 1 | -n^2", "logarithmic"),
        ("2 | n", "stretched"),
        ("1 | n^2", "power"),
        ("3 | 1", "geometric"),
        ("n | 1", "factorial"),
    ],
)
def test_behaviours_are_named(text: str, kind: str) -> None:
    fraction = PCF.parse(text)
    assert fraction.behaviour.kind == kind
    assert isinstance(fraction.limit(20), NoLimit) == (kind == "oscillates")


def test_termination_is_exact() -> None:
    found = PCF("n + 1", "n^2 - 9").limit(10)
    assert isinstance(found, Limit)
    assert found.method == "exact"
    # 1 − 8/(2 − 5/3) = −23
    assert Fraction(int(found.exact.p), int(found.exact.q)) == Fraction(-23)


def test_a_vanishing_denominator_on_the_way_does_no_harm() -> None:
    fraction = PCF("n - 1", "1")
    assert 1 in fraction.vanishing_denominators(10)
    assert fraction.convergent(1) is None
    found = fraction.limit(30)
    assert isinstance(found, Limit)
    # a(0) + 1/(0 + 1/L″) with L″ the value of (n + 1 | 1), a quotient of Bessel functions.
    with mpmath.workdps(40):
        tail = mpmath.besseli(0, 2) / mpmath.besseli(1, 2)
        assert abs(mpmath.mpf(found.text) - (-1 + tail)) < mpmath.mpf(10) ** -29.9


def test_a_terminating_fraction_without_value() -> None:
    found = PCF("n - 1", "n - 2").limit(10)
    assert isinstance(found, NoLimit)
    assert "zero" in found.reason


def test_reference_limits() -> None:
    unexplained = []
    for row in data("pcf_reference.json")["rows"]:
        fraction = PCF(row["a"], row["b"])
        printed = row["metrics"]["Limit"]
        if fraction.limit(60).text == printed.replace("-0." + "0" * 60, "0." + "0" * 60):  # type: ignore[union-attr]
            continue
        # The reference prints the convergent at depth 1999; where convergence is slow, that is
        # not yet the limit.
        last = fraction.convergent(1999)
        assert last is not None
        if not (
            fraction.behaviour.is_slow and abs(last - Fraction(printed)) <= Fraction(1, 10**60)
        ):
            unexplained.append(fraction)
    assert not unexplained


def test_the_benchmark_formulas_are_identified_blindly() -> None:
    names = {"varpi": "lemniscate", "Gauss G=varpi/pi": "gauss"}
    for row in data("pcf_formulas.json"):
        found = PCF(row["a"], row["b"]).identify()
        assert found is not None
        assert found.constant == names.get(row["const"], row["const"])
        assert found.margin > 50


@pytest.mark.parametrize("text", ["2n+1", "n | n | n", "n | x", " | n"])
def test_unreadable_fractions(text: str) -> None:
    with pytest.raises(SourceError):
        PCF.parse(text)


@pytest.mark.parametrize(("a", "b"), [("0", "n"), ("n", "n - n"), ([0, 0], [1])])
def test_zero_polynomials_are_refused(a: object, b: object) -> None:
    with pytest.raises(UsageError, match="zero polynomial"):
        PCF(a, b)


def test_a_notebook_shows_the_fraction() -> None:
    html = PCF("2n+1", "n^2")._repr_html_()
    assert html.count("<mfrac") == 3
    assert "1.2732395" in html
