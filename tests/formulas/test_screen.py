"""The screen lets every true relation pass, and few false ones."""

from __future__ import annotations

import random

import numpy as np
import pytest

from lemmata.engine.formulas.screen import (
    largest_coefficient,
    scaled_to_words,
    shortest_heights,
)

PI = 3141592653589793238462643383279502884197
UNIT = 10**39


@pytest.mark.parametrize("size", [10, 100, 1000, 4000])
def test_planted_relations_pass(size: int) -> None:
    generator = random.Random(size)
    rows, heights = [], []
    while len(rows) < 300:
        c = [generator.randint(-size, size) for _ in range(4)]
        below = c[2] * PI + c[3] * UNIT
        if c[0] * c[3] == c[1] * c[2] or not below:
            continue
        value = (c[0] * PI + c[1] * UNIT) * UNIT // below
        rows.append(scaled_to_words([value * PI // UNIT, value, PI, UNIT]))
        heights.append(max(map(abs, c)))
    found = shortest_heights(np.array(rows, dtype=np.int64))
    assert (found <= np.array(heights)).all()


def test_random_numbers_seldom_pass() -> None:
    generator = random.Random(7)
    rows = [
        scaled_to_words([value * PI // UNIT, value, PI, UNIT])
        for value in (generator.randrange(UNIT, 9 * UNIT) for _ in range(3000))
    ]
    found = shortest_heights(np.array(rows, dtype=np.int64))
    assert (found <= largest_coefficient(4, 2.5)).mean() < 0.05
    assert (found <= largest_coefficient(4, 6.0)).sum() == 0


def test_negative_small_and_large_numbers() -> None:
    rows = [[-7 * PI, 3 * PI], [PI, PI * 10**12], [UNIT, -UNIT]]
    words = np.array([scaled_to_words(row) for row in rows], dtype=np.int64)
    assert shortest_heights(words).tolist()[::2] == [7, 1]
