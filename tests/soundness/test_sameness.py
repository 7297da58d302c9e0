"""Which pairs of programs count as one program: a wrong yes would be a false proof of equality."""

from __future__ import annotations

import pytest

from lemmata.provers.oracle.sameness import same_program
from lemmata.provers.oracle.source import Subject


def same(left: str, right: str) -> bool:
    return same_program(Subject.of_text(left), Subject.of_text(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("def f(x: int) -> int: return x + 1", "def g(y):\n    'adds one'\n    return (y) + 1"),
        ("def f(n): return 1 if n < 2 else n * f(n - 1)", "def g(k): return 1 if k < 2 else k * g(k - 1)"),
        ("def f(xs):\n    t = 0\n    for x in xs: t += x\n    return t",
         "def f(ys):\n    total = 0\n    for y in ys: total += y\n    return total"),
        ("def f(a, b): return [a * c for c in b]", "def f(n, b): return [n * c for c in b]"),
        ("def f(x):\n    f = x\n    return f", "def g(x):\n    h = x\n    return h"),
    ],
)  # fmt: skip
def test_one_program_in_two_writings(left: str, right: str) -> None:
    assert same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("def f(a, b): return a - b", "def f(a, b): return b - a"),
        ("def f(x): return len(x)", "def f(len): return len(len)"),
        ("def f(x): return len(x)", "def f(x): return max(x)"),
        ("def f(xs, y): return [len for len in xs], len(y)",
         "def f(xs, y): return [k for k in xs], k(y)"),
        ("x = 1\ndef f(a=x):\n    x = 2\n    return a", "x = 1\nz = 5\ndef f(a=z):\n    z = 2\n    return a"),
        ("def f(x): return dict(x=x)", "def f(y): return dict(y=y)"),
        ("def f(x): return locals()", "def f(y): return locals()"),
        ("def f(x): return f.__doc__", "def f(x):\n    'text'\n    return f.__doc__"),
        ("def f(x):\n    global k\n    k = x\n    return k", "def f(x):\n    global j\n    j = x\n    return j"),
        ("K = 1\ndef f(x): return K", "K = 2\ndef f(x): return K"),
        ("def f(x): return f'{x=}'", "def f(y): return f'{y=}'"),
        ("def f(x):\n    try: return 1 / x\n    except Exception as e: return e",
         "def f(e):\n    try: return 1 / e\n    except Exception as x: return e"),
    ],
)  # fmt: skip
def test_two_programs(left: str, right: str) -> None:
    assert not same(left, right)
