"""Metrics against exact integers, against the published script, and against theory."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lemmata.engine.errors import UsageError
from lemmata.engine.formulas.behaviour import has_complex_eigenvalues
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.metrics import METRIC_NAMES, exact_metrics, metrics
from lemmata.engine.formulas.polynomial import integer_roots, trim

coefficient = st.integers(-5, 5)
quadratics = st.tuples(coefficient, coefficient, coefficient).filter(any).map(trim)

PUBLISHED = {
    "Naive_Delta": ("naive_delta", 1e-9),
    "FR_Delta": ("reduced_delta", 1e-9),
    "Predicted_Delta": ("predicted_delta", 1e-8),
    "c": ("growth_linear", 1e-6),
    "d": ("growth_factorial", 1e-7),
    "Eigenvalues_ratio": ("log_eigenvalue_ratio", 1e-9),
    "convergence_b": ("rate_power", 1e-3),
    "convergence_c": ("rate_linear", 1e-4),
    "convergence_d": ("rate_factorial", 1e-5),
}


def test_every_published_metric_is_reproduced() -> None:
    import json
    import os

    folder = os.environ.get("LEMMATA_DATA")
    if not folder:
        pytest.skip("LEMMATA_DATA is not set")
    compared = 0
    for row in json.loads(Path(folder, "pcf_reference.json").read_text())["rows"]:
        measured = PCF(row["a"], row["b"]).metrics(2000)
        for published, (name, tolerance) in PUBLISHED.items():
            value, ours = row["metrics"][published], getattr(measured, name)
            if value == "N/A":
                assert math.isnan(ours), (row["a"], row["b"], name)
            else:
                compared += 1
                assert ours == pytest.approx(float(value), abs=tolerance), (
                    row["a"],
                    row["b"],
                    name,
                )
    assert compared > 300


@settings(deadline=None, max_examples=40)
@given(quadratics, quadratics)
def test_float_recurrences_agree_with_exact_integers(
    a: tuple[int, ...], b: tuple[int, ...]
) -> None:
    assume(not integer_roots(b, at_least=1) and not has_complex_eigenvalues(a, b))
    fast, exact = metrics(a, b, 300), exact_metrics(a, b, 300)
    for name in METRIC_NAMES:
        one, two = getattr(fast, name), getattr(exact, name)
        assert one == pytest.approx(two, rel=1e-6, abs=1e-6, nan_ok=True), name


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("2n+1 | n^2", 2000),
        ("3 | 1", 2000),
        ("n+2 | n", 2000),
        ("3n^2+1 | n^3+n", 2000),
        ("5n+1 | 2n^2+3n+5", 2000),
    ],
)
def test_exact_asymptotics_are_what_the_fits_approach(text: str, depth: int) -> None:
    fraction = PCF.parse(text)
    exact = fraction.asymptotics()
    logs = _log_errors(fraction, (depth // 4, depth // 2))
    assert exact.rate_factorial is not None
    assert exact.rate_linear is not None
    assert exact.rate_power is not None
    n, m = depth // 4, depth // 2
    grown = exact.rate_factorial * (m * math.log(m) - n * math.log(n)) + exact.rate_linear * (m - n)
    assert logs[1] - logs[0] - grown == pytest.approx(exact.rate_power * math.log(m / n), abs=0.03)


@pytest.mark.parametrize("text", ["1 | n^2", "2 | 4n^2-4n+1", "2n+5 | -n^2+n-3", "2n+3 | -n^2-1"])
def test_slow_rates(text: str) -> None:
    fraction = PCF.parse(text)
    exact = fraction.asymptotics()
    logs = _log_errors(fraction, (500, 2000))
    if exact.rate_root is not None:
        slope = (logs[1] - logs[0]) / (math.sqrt(2000) - math.sqrt(500))
        assert slope == pytest.approx(exact.rate_root, rel=0.1)
    else:
        assert exact.rate_power is not None
        assert (logs[1] - logs[0]) / math.log(4) == pytest.approx(exact.rate_power, abs=0.02)


def _log_errors(fraction: PCF, depths: tuple[int, ...]) -> list[float]:
    """log |L − p_n/q_n| from exact convergents; L a far convergent, or the limit where that is slow."""
    from fractions import Fraction

    if fraction.behaviour.is_slow:
        value = Fraction(fraction.limit(60).text)  # type: ignore[union-attr]
    else:
        far = fraction.convergent(4 * depths[-1])
        assert far is not None
        value = far
    out = []
    for n in depths:
        convergent = fraction.convergent(n)
        assert convergent is not None
        gap = abs(value - convergent)
        out.append(math.log(gap.numerator) - math.log(gap.denominator))
    return out


def test_vanishing_denominators_move_the_samples_as_in_the_script() -> None:
    # The script drops entries with q = 0, so its sample points move by one.
    fraction = PCF("n - 1", "1")
    fast, exact = fraction.metrics(400), exact_metrics(fraction.a, fraction.b, 400)
    for name in METRIC_NAMES:
        assert getattr(fast, name) == pytest.approx(getattr(exact, name), abs=1e-9), name
    assert not math.isnan(fraction.metrics(400).reduced_delta)


def test_complex_eigenvalues_have_growth_but_no_delta() -> None:
    measured = PCF("n", "-n^2").metrics(400)
    assert measured.complex_eigenvalues
    assert math.isnan(measured.reduced_delta)
    assert not math.isnan(measured.growth_linear)


def test_too_small_a_depth_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 112"):
        PCF("n", "1").metrics(50)


def test_coefficients_beyond_a_machine_word() -> None:
    fraction = PCF([10**24, 0], [1])
    fast, exact = fraction.metrics(200), exact_metrics(fraction.a, fraction.b, 200)
    for name in METRIC_NAMES:
        assert getattr(fast, name) == pytest.approx(getattr(exact, name), rel=1e-9), name


def test_a_notebook_shows_metrics_limits_and_relations() -> None:
    fraction = PCF("2n + 1", "n^2")
    assert "reduced_delta" in fraction.metrics(400)._repr_html_()
    assert "1.2732395447" in fraction.limit(10)._repr_html_()
    found = fraction.identify()
    assert found is not None
    assert "4/π" in found._repr_html_()
    assert "reflected" in fraction.equivalents()[0]._repr_html_()
    assert "no limit" in PCF("1", "-1").limit()._repr_html_()
