"""Shapes of programs that plain enumeration does not reach in the same work."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from lemmata.engine.synthesis.evidence import bits, doubt
from lemmata.engine.synthesis.operation import MODULES, NAMES, Library
from lemmata.engine.synthesis.program import Signature, render
from lemmata.engine.synthesis.search import Search
from lemmata.engine.synthesis.types import infer, infer_arguments, join
from lemmata.engine.synthesis.work import Work

STEPS = 12_000_000


def _found(
    hidden: Callable[..., Any],
    calls: Sequence[tuple[Any, ...]],
    unseen: Sequence[tuple[Any, ...]],
    steps: int = STEPS,
) -> str | None:
    """The first program that is right on calls it was not shown, within a number of steps."""
    target = [hidden(*call) for call in calls]
    signature = Signature.named("f", infer_arguments(calls), join(map(infer, target)))
    work = Work(steps)
    search = Search(signature, [*calls, *unseen], target, Library.standard(), work)
    search.finish(steps)
    for term in search.solutions():
        if list(term.values[len(calls) :]) == [hidden(*call) for call in unseen]:
            names: dict[str, Any] = dict(MODULES)
            source = render(term.code, signature)
            exec(source, names)
            assert all(names["f"](*call) == hidden(*call) for call in [*calls, *unseen])
            return source
    return None


def _digits(n: int) -> bool:
    while n > 9:
        n = sum(map(int, str(n)))
    return n % 2 == 0


def _times(s: str, n: int) -> str:
    for _ in range(n):
        s = "".join(str(len(list(g))) + k for k, g in itertools.groupby(s))
    return s


def _next_prime(n: int) -> int:
    while n < 2 or any(n % d == 0 for d in range(2, math.isqrt(n) + 1)):
        n += 1
    return n


CASES: dict[str, tuple[Callable[..., Any], list[tuple[Any, ...]], list[tuple[Any, ...]]]] = {
    "an equation of two counts": (
        lambda s: s.count("U") == s.count("D"),
        [("UD",), ("UUD",), ("UDUD",), ("DDU",), ("LR",), ("UDLL",), ("UUUD",), ("RUDL",), ("D",)],
        [("UUDDR",), ("UUDDDR",), ("",), ("UR",)],
    ),
    "coefficients that no example shows": (
        lambda a, b: 17 * a + 23 * b - 9,
        [(1, 2), (3, 5), (0, 4), (7, 7), (-2, 3), (10, 1), (4, 4)],
        [(100, 3), (-7, 12)],
    ),
    "a modulus": (
        lambda n: n % 37,
        [(5,), (40,), (75,), (111,), (500,), (36,), (1234,)],
        [(99,), (3700,)],
    ),
    "a pair of two answers": (
        lambda xs: (min(xs), sum(xs)),
        [([1, 2],), ([3],), ([4, 9, -1],), ([5, 5],), ([0, 7, 7],)],
        [([8, 1, 3],)],
    ),
    "a pair with constants of its own": (
        lambda n, m: (4 * n - m - 7, m + 13 * n),
        [(1, 2), (3, 5), (0, 4), (7, 7), (2, 3), (10, 1), (4, 4)],
        [(100, 3), (6, 12)],
    ),
    "the smaller of two": (
        lambda n, m: min(n * n - m, m * m + n),
        [(1, 9), (3, 5), (0, 4), (7, 1), (2, 3), (10, 1), (4, 4), (2, 8), (9, 5)],
        [(5, 3), (6, 12)],
    ),
    "fields of a text": (
        lambda s: int(s.split(":")[0]) * 60 + int(s.split(":")[1]),
        [("1:30",), ("12:05",), ("0:00",), ("7:59",), ("3:15",), ("23:59",)],
        [("10:10",), ("4:44",)],
    ),
    "words put together from pieces": (
        lambda s: " ".join(w[1:] + w[0] + "ay" for w in s.split()),
        [("hello world",), ("to be or",), ("x",), ("python code",), ("pig latin is",)],
        [("some other text",)],
    ),
    "an answer that was rounded": (
        lambda n, m: round(n / m, 2),
        [(1, 3), (5, 7), (22, 7), (9, 4), (10, 6), (8, 9), (1, 8)],
        [(100, 7), (2, 3)],
    ),
    "a case for each letter": (
        lambda s: "".join({"G": "C", "C": "G", "T": "A", "A": "U"}[x] for x in s),
        [("GATTACA",), ("CCGT",), ("TAGA",), ("ACGT",), ("GGG",)],
        [("TTCAG",)],
    ),
    "the first that passes, or nothing": (
        lambda xs: next((x for x in xs if x % 7 == 3), None),
        [([1, 10, 17],), ([3, 4],), ([5, 6],), ([24, 3],), ([],), ([8, 9, 31],), ([14, 7],)],
        [([2, 38, 3],), ([4, 4],)],
    ),
    "parts that depend on the size": (
        lambda s: [s, s[:2]] if len(s) > 2 else [s],
        [("abc",), ("x",), ("hello",), ("yz",), ("worlds",), ("q",), ("four",)],
        [("python",), ("ab",)],
    ),
    "pairs out of a loop": (
        lambda s: [[len(list(g)), k] for k, g in itertools.groupby(s)],
        [("aab",), ("xyyy",), ("zz",), ("hello",), ("aabbb",)],
        [("mississippi",)],
    ),
    "a letter that is not there": (
        lambda s: [x for x in "aeiou" if x not in s],
        [("apple",), ("education",), ("sky",), ("ouija",), ("queue",), ("onomatopoeia",)],
        [("rhythm",), ("audio",)],
    ),
    "a product that is often nothing": (
        lambda s: s.count("!") * s.count("?"),
        [("!?",), ("",), ("!!",), ("!!??",), ("a!?b?",), ("???!!!",), ("x",), ("!?!?!",)],
        [("!!!??",), ("??",)],
    ),
    "a stretch that is taken out": (
        lambda s: s.replace("egg", ""),
        [("veggorego",), ("legggreegg",), ("plain",), ("eggegg",), ("megget",), ("egge gg",)],
        [("beggin",), ("eg",)],
    ),
    "a dict with fixed keys": (
        lambda s: {"size": len(s), "upper": s.upper()},
        [("ab",), ("x",), ("Hello",), ("",), ("q w",)],
        [("zZz",)],
    ),
    "a step until nothing changes": (
        _digits,
        [(5,), (38,), (99,), (123,), (98765,), (44,), (7,), (1001,), (86,), (57,), (4,), (777,)],
        [(9999,), (3142,), (86420,)],
    ),
    "a step as often as a number says": (
        _times,
        [("aab", 1), ("xy", 2), ("hello", 3), ("q", 0), ("aaaa", 4), ("zzy", 1)],
        [("world", 2), ("mn", 5)],
    ),
    "the first number that passes a test": (
        _next_prime,
        [(1,), (8,), (14,), (24,), (90,), (20,), (32,)],
        [(114,), (54,), (3,)],
    ),
    "a switch on one argument": (
        lambda xs, how: {"sum": sum(xs), "max": max(xs), "min": min(xs)}[how],
        [
            ([1, 2], "sum"),
            ([9, 3], "max"),
            ([4, 9, -1], "min"),
            ([5, 5], "sum"),
            ([0, 8, 7], "max"),
            ([6, 2, 4], "min"),
            ([6, 2, 4], "sum"),
        ],
        [([8, 1, 3], "sum"), ([8, 1, 3], "max"), ([8, 1, 3], "min")],
    ),
    "a list of cases": (
        lambda s: {"red": "stop", "amber": "wait", "green": "go"}[s.lower()],
        [("red",), ("RED",), ("Green",), ("green",), ("amber",), ("Amber",), ("GREEN",)],
        [("AMBER",), ("Red",)],
    ),
    "brackets that match": (
        lambda s: (
            functools.reduce(lambda a, _: a.replace("()", "").replace("[]", ""), range(len(s)), s)
            == ""
        ),
        [("()",), ("([])",), ("(]",), ("(()",), ("",), ("[]()",), ("[(])",), ("]",), ("[[]]",)],
        [("([]())",), ("([)]",), ("((",)],
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_shape_is_found_within_a_number_of_steps(name: str) -> None:
    hidden, calls, unseen = CASES[name]
    assert _found(hidden, calls, unseen) is not None


def test_steps_that_square_a_list_again_and_again_end() -> None:
    hidden: Callable[..., Any] = lambda xs: sum(x**4 * (i % 3) for i, x in enumerate(xs))  # noqa: E731
    calls = [([2, 3, 4],), ([9, 9],), ([5],), ([1, 0, 7, 8],), ([6, 6, 6, 6, 6],)]
    _found(hidden, calls, [([3, 1, 4, 1, 5],)], steps=1_500_000)


def test_truth_values_carry_a_bit_each_and_a_dear_term_needs_more() -> None:
    balanced = [True, False] * 5
    assert bits(balanced) == pytest.approx(10)
    assert bits([True] * 10) == 0
    assert bits(list(range(10))) > 60
    assert doubt(3, bits(balanced)) < 0 < doubt(8, bits(balanced))


def test_no_operation_runs_away_on_large_numbers_and_long_texts() -> None:
    large: dict[str, Any] = {
        "int": 10**23,
        "str": "ab" * 150,
        "list[int]": [5] * 80,
        "float": 1e20,
    }
    assert NAMES["range"] is not range
    for operation in Library.standard().operations:
        if all(kind in large for kind in operation.arguments):
            work = [large[kind] for kind in operation.arguments]
            try:
                made = operation.function(*work)
            except (ArithmeticError, ValueError, TypeError, LookupError, StopIteration):
                continue
            assert not isinstance(made, (list, str)) or len(made) < 60_000, operation


def test_a_word_that_only_the_program_knows_and_whether_there_is_anything() -> None:
    def hidden(s: str) -> str:
        return s.upper() + "!" if s else "nothing"

    source = _found(hidden, [("a",), ("",), ("bcd",)], [("0",), ("x y",), ("A1",)])
    assert source is not None
    assert "if not s:" in source
    assert "return 'nothing'" in source


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("((''.join([(x.upper()) for x in s])) + '!')", "return s.upper() + '!'"),
        ("(((s + 'a') + 'b') + ('c' + 'd'))", "return s + 'abcd'"),
        ("(''.join([(x.upper()) for x in xs]))", "return ''.join((x.upper() for x in xs))"),
        ("(''.join([(x.upper()) for x in s if x]))", "return ''.join((x.upper() for x in s if x))"),
    ],
)
def test_programs_are_written_as_people_write_them(code: str, text: str) -> None:
    types = infer_arguments([("a", ["b"])])
    assert text in render(code, Signature("f", ("s", "xs"), types, infer("a")))


@pytest.mark.parametrize(
    ("hidden", "calls", "unseen"),
    [
        (
            lambda s: s.replace(".", "-"),
            [("a.b.c",), ("hello.world",), ("is.fun",), ("nodots",), ("..",), ("end.",)],
            [("a b!",), ("x,y.z",)],
        ),
        (lambda n: n % 11 == 0, [(n,) for n in (11, 22, 33, 121, 13, 20, 7)], [(44,), (45,), (0,)]),
        (lambda n: n > 17, [(n,) for n in (18, 30, 99, 17, 3, 0)], [(10,), (20,)]),
        (
            lambda s: s[s.find("(") + 1 : s.find(")")],
            [("(123) 456",), ("(987) 654",), ("x(55)",), ("a (b c) d",)],
            [("q(zz)(y)",), ("()",)],
        ),
    ],
    ids=["replace", "divisible", "above", "between"],
)
def test_constants_may_be_dear_where_there_is_little_else(
    hidden: Callable[..., Any], calls: list[tuple[Any, ...]], unseen: list[tuple[Any, ...]]
) -> None:
    assert _found(hidden, calls, unseen, steps=400_000) is not None
