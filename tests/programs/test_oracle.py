"""The oracle: its budget, its verdicts, and that it fails closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import lemmata
from lemmata.engine.budget import Budget
from lemmata.engine.errors import BackendError, SourceError, UsageError
from lemmata.engine.synthesis.dialogue import Counterexample, NotRefuted
from lemmata.engine.verdict import Refuted
from lemmata.provers.oracle import difference
from lemmata.provers.oracle.difference import Difference, Effort
from lemmata.provers.oracle.oracle import Oracle
from lemmata.provers.oracle.sandbox import Sandbox
from lemmata.provers.oracle.source import Subject

SHORT = Budget(seconds=0.6)

DIFFERENT = {
    "boundary": ("def f(n): return n > 17", "def f(n): return n >= 17", [(3,), (40,)]),
    "far constant": (
        "def f(n): return n",
        "def f(n): return n if n != 918273 else 0",
        [(1,), (5,)],
    ),
    "keyword": (
        "def f(s): return s.split()",
        "def f(s): return s.split() if s != 'open sesame' else []",
        [("a b",), ("x",)],
    ),
    "length": (
        "def f(xs): return sum(xs)",
        "def f(xs): return sum(xs[:5])",
        [([1, 2],), ([3],), ([1, 2, 3],)],
    ),
    "duplicates": (
        "def f(xs): return sorted(xs)",
        "def f(xs): return sorted(set(xs))",
        [([3, 1],), ([2, 9, 4],)],
    ),
    "empty": (
        "def f(xs): return max(xs, default=0)",
        "def f(xs): return max(xs)",
        [([3, 1],), ([2],)],
    ),
    "type": ("def f(n): return n * 2", "def f(n): return n * 2.0", [(3,), (1,)]),
    "mutation": (
        "def f(xs): return sorted(xs)[0]",
        "def f(xs):\n    xs.sort()\n    return xs[0]",
        [([1, 2],), ([1, 5],)],
    ),
    "case": (
        "def f(s): return s.lower() == s.lower()[::-1]",
        "def f(s): return s == s[::-1]",
        [("aba",), ("abc",)],
    ),
    "branch": (
        "def f(a, b):\n    if a == b: return 'same'\n    return 'other'",
        "def f(a, b): return 'other'",
        [(1, 2), (5, 9)],
    ),
    "dict": (
        "def f(d): return d.get('rate', 0)",
        "def f(d): return d['rate']",
        [({"rate": 3},), ({"rate": 1, "x": 2},)],
    ),
    "exception": (
        "def f(n):\n    if n < 0: raise ValueError('no')\n    return n",
        "def f(n):\n    if n < 0: raise KeyError('no')\n    return n",
        [(3,), (4,)],
    ),
    "endless": (
        "def f(n): return 0",
        "def f(n):\n    while n == 7: pass\n    return 0",
        [(3,), (8,)],
    ),
    "crash": (
        "def f(n): return 0",
        "import os\ndef f(n): return 0 if n else os._exit(1)",
        [(3,), (8,)],
    ),
    "not Python": ("def f(n): return 0", "def f(n: return 0", [(3,)]),
}


@pytest.mark.parametrize("name", sorted(DIFFERENT))
def test_a_difference_is_found_replayed_and_shown(name: str) -> None:
    hidden, candidate, calls = DIFFERENT[name]
    with Oracle(hidden, examples=calls) as oracle:
        verdict = oracle.submit(candidate, budget=Budget(seconds=30))
        assert isinstance(verdict, Refuted), verdict
        shown = verdict.counterexample
        assert isinstance(shown, Counterexample)
        assert repr(shown.expected) != repr(shown.found)
        # The call can be pasted: it says the same as the arguments.
        assert eval(shown.call, {"f": lambda *xs: xs}) == shown.arguments
        assert oracle.examples[-1].arguments == shown.arguments


FAR = {
    "magnitude": (
        "def f(n): return n & 0x55555555 != 0",
        "def f(n): return n & 0x1155555555 != 0",
        [(3,), (8,), (1024,)],
    ),
    "length": (
        "def f(s):\n    n = 0\n    for c in s:\n        n = (n + (c == 'x')) % 300\n    return n",
        "def f(s):\n    n = 0\n    for c in s:\n        n = (n + (c == 'x')) % 301\n    return n",
        [("axx",), ("xbx",)],
    ),
}


@pytest.mark.parametrize("method", sorted(FAR))
def test_differences_far_beyond_the_examples_are_found(method: str) -> None:
    hidden, candidate, calls = FAR[method]
    with (
        Sandbox() as sandbox,
        sandbox.load(hidden, "f") as known,
        sandbox.load(candidate, "f") as new,
    ):
        found = difference.Tester(known, new, calls, budget=Budget(30), symbolic=False).run()
    assert isinstance(found, Difference), found
    assert found.method == method


EQUAL = [
    ("def f(a, b): return a + b", "def f(a, b): return b + a", [(1, 2), (3, 4)]),
    ("def f(xs): return xs[::-1]", "def f(xs): return list(reversed(xs))", [([1, 2],), ([],)]),
    ("def f(s): return s.upper()", "def f(s):\n    t = s\n    return t.upper()", [("a",), ("b",)]),
    ("def f(n): return [i for i in range(n)]", "def f(n): return list(range(n))", [(3,), (0,)]),
    (
        "def f(xs): return {x: 1 for x in xs}",
        "def f(xs): return {x: 1 for x in reversed(xs)}",
        [([1, 2],)],
    ),
    ("def f(n): return (i for i in range(n))", "def f(n): return map(int, range(n))", [(3,), (0,)]),
]


@pytest.mark.parametrize("place", range(len(EQUAL)))
def test_equivalent_programs_are_not_refuted_and_the_effort_is_stated(place: int) -> None:
    hidden, candidate, calls = EQUAL[place]
    with Oracle(hidden, examples=calls) as oracle:
        verdict = oracle.judge(candidate, budget=SHORT)
    assert isinstance(verdict, NotRefuted), verdict
    assert isinstance(verdict.effort, Effort)
    assert verdict.effort.inputs > 30
    assert dict(verdict.effort.methods)["examples"] == len(calls)


def test_queries_and_submissions_are_counted() -> None:
    with Oracle("def f(n): return n", examples=[1, 2], queries=3, submissions=1) as oracle:
        assert oracle.queries_left == 1
        assert oracle.ask(5).value == 5
        with pytest.raises(UsageError, match="all 3 queries"):
            oracle.ask(6)
        oracle.submit("def f(n): return n + 1")
        with pytest.raises(UsageError, match="submission"):
            oracle.submit("def f(n): return n")


def test_a_hidden_function_that_does_not_run_is_no_agreement() -> None:
    with pytest.raises(BackendError):
        Oracle("import nonexistent_module\ndef f(n): return n", examples=[1])
    with (
        Oracle("import os\ndef f(n): os._exit(0) if n is None else os.abort()", examples=[1]) as o,
        pytest.raises(BackendError),
    ):
        o.judge("def f(n): return n", budget=SHORT)


def test_types_the_examples_do_not_show_are_tried_when_asked_for() -> None:
    hidden, candidate = "def f(n): return n * 2", "def f(n): return n << 1"
    with Oracle(hidden, examples=[1, 2]) as oracle:
        assert isinstance(oracle.judge(candidate, budget=SHORT), NotRefuted)
    with Oracle(hidden, examples=[1, 2], off_type=True) as oracle:
        assert isinstance(oracle.judge(candidate, budget=Budget(seconds=30)), Refuted)


def test_chance_is_not_a_difference() -> None:
    source = "import time\ndef f(n): return time.perf_counter_ns()"
    with Oracle(source, examples=[1, 2]) as oracle:
        verdict = oracle.judge(source, budget=SHORT)
    assert isinstance(verdict, NotRefuted)


def _area(width: int, height: int) -> int:
    return width * height * _FACTOR


_FACTOR = 2


def test_a_function_object_is_sent_with_what_it_uses() -> None:
    with lemmata.Oracle(_area, examples=[(2, 3)]) as oracle:
        assert oracle.examples[0].outcome.value == 12
        verdict = oracle.submit("def g(a, b): return a * b * 2 if a != 4 else 0")
    assert isinstance(verdict, Refuted)
    assert verdict.assignment[0] == ("width", "4")


def _scaled(factor: int) -> Callable[[int], int]:
    def shifted(n: int) -> int:
        return twice(n) + factor

    twice = lambda n: n * factor  # noqa: E731
    return shifted


def test_what_a_function_takes_from_around_it_is_sent_as_well() -> None:
    first, second = (lambda n: n + 1), (lambda n, m=2: (lambda k: k * m)(n))
    for function, expected in ((_scaled(5), 20), (first, 4), (second, 6)):
        with Oracle(function, examples=[(3,)]) as oracle:
            assert oracle.examples[0].outcome.value == expected


def test_what_cannot_be_sent_is_said_so() -> None:
    secret = object()

    def closure(n: int) -> bool:
        return n == secret

    with pytest.raises(UsageError, match="variable secret is not plain data"):
        Oracle(closure)
    one, two = _scaled(2), _scaled(3)
    with pytest.raises(UsageError, match="two things are named factor"):
        Oracle(lambda n: one(n) + two(n))
    with pytest.raises(SourceError, match="not Python"):
        Oracle("def f(")


def test_counterexamples_are_small() -> None:
    hidden = "def f(xs): return sum(xs)"
    with Oracle(hidden, examples=[([5, 6],), ([12, 30, 4],)]) as oracle:
        verdict = oracle.judge("def f(xs): return sum(xs) if len(xs) < 4 else 0")
    assert isinstance(verdict, Refuted)
    shown = verdict.counterexample
    assert isinstance(shown, Counterexample)
    (xs,) = shown.arguments
    assert isinstance(xs, list)
    assert len(xs) == 4
    assert sum(abs(x) for x in xs) <= 2


def test_symbolic_execution_hits_what_random_inputs_do_not() -> None:
    pytest.importorskip("crosshair")
    from lemmata.engine.synthesis.types import INT
    from lemmata.provers.oracle.symbolic import search

    with Sandbox() as sandbox:
        hidden = sandbox.load("def f(n): return n", "f")
        candidate = sandbox.load("def f(n): return 0 if n * 3 == 27182817 else n", "f")
        calls = search(hidden, candidate, (INT,), 60)
        hidden.close()
        candidate.close()
    assert calls == [(9060939,)]


def test_examples_may_leave_arguments_out() -> None:
    hidden = "def f(a, b=2, c=3): return a + b + c"
    with Oracle(hidden, examples=[(1,), (1, 5), (2, 3, 4)]) as oracle:
        assert isinstance(oracle.judge(hidden, budget=SHORT), NotRefuted)
        assert isinstance(oracle.judge("def f(a, b=2, c=4): return a + b + c"), Refuted)


def test_disagreement_outside_the_domain_does_not_hide_a_difference_behind_it() -> None:
    hidden = "def f(n):\n    if n < 0: raise ValueError\n    return n"
    with (
        Sandbox() as sandbox,
        sandbox.load(hidden, "f") as known,
        sandbox.load("def f(n): return n if n < 5 else 0", "f") as candidate,
    ):
        calls = [(-1,), (-2,), (-3,), (-4,), (7,)]
        tester = difference.Tester(
            known, candidate, calls, accepts=lambda call, outcome: outcome.is_value
        )
        found = tester.run()
    assert isinstance(found, Difference)
    assert (found.method, found.arguments) == ("examples", (5,))
    assert (found.expected.value, found.found.value) == (5, 0)


@pytest.mark.parametrize(
    ("hidden", "candidate"),
    [
        ("def f(a, b): return a + b", "def f(a, b): return b + a"),
        ("def f(a, b): return a if a > b else b", "def f(a, b): return max(a, b)"),
        ("def f(d, k): return d.get(k, 0)", "def f(d, k): return d.get(k)"),
        ("def f(xs): return sorted(xs)", "def f(xs): return sorted(set(xs))"),
    ],
)
def test_without_examples_all_types_that_a_function_takes_are_tried(
    hidden: str, candidate: str
) -> None:
    with Oracle(hidden, examples=[]) as oracle:
        verdict = oracle.judge(candidate, budget=Budget(seconds=5))
    assert isinstance(verdict, Refuted)


def test_annotations_and_examples_say_what_the_arguments_are() -> None:
    candidate = "def f(a, b): return b + a"
    with Oracle("def f(a: int, b: int): return a + b", examples=[]) as oracle:
        assert isinstance(oracle.judge(candidate, budget=Budget(seconds=0.5)), NotRefuted)
    with Oracle("def f(a, b): return a + b", examples=[(1, 2)]) as oracle:
        assert isinstance(oracle.judge(candidate, budget=Budget(seconds=0.5)), NotRefuted)


def test_what_is_drawn_at_random_is_no_difference() -> None:
    hidden = "def f(n):\n    import random\n    return random.randrange(2)"
    with Oracle(hidden, examples=[(n,) for n in range(4)]) as oracle:
        for seed in range(3):
            verdict = oracle.judge(
                hidden.replace("n)", "m)", 1), budget=Budget(seconds=1), seed=seed
            )
            assert isinstance(verdict, NotRefuted), verdict


def test_a_method_a_default_and_any_number_of_arguments_are_called() -> None:
    text = (
        "import asyncio, functools\nclass C:\n    @staticmethod\n    def s(x): return {0}x + {1}\n"
        "    @classmethod\n    def c(cls, x): return {0}x + {1}\n    def m(self, x): return x\n"
        "def d(x, y={1}): return x + y\nl = lambda x: x * 2 + {1}\n"
        "def r(*xs): return len(xs) + {1} * (len(xs) == 4)\nasync def co(x): return x\n"
        "def k(x, *, key): return x\np = functools.partial(pow, 2)\n"
    )
    for name in ("C.s", "C.c", "d", "l", "r"):
        left, right = (Subject.of_text(text.format("2 * ", n), name) for n in (0, 1))
        with Oracle(left) as oracle:
            assert isinstance(oracle.judge(right), Refuted), name
    for name, words in (("C.m", "instance"), ("co", "asynchronous"), ("k", "by keyword")):
        with pytest.raises(UsageError, match=words):
            Subject.of_text(text.format("", 0), name)
    partial = Subject.of_text(text.format("", 0), "p")
    with Oracle(partial) as oracle, pytest.raises(UsageError, match="give an example"):
        oracle.judge("def p(x): return x")


def test_without_examples_the_search_is_guided_by_what_was_reached() -> None:
    with Oracle("def f(n: int): return n if n < 0 else 2 * n", examples=[]) as oracle:
        verdict = oracle.judge("def f(n): return n if n < 0 else n + n")
    assert isinstance(verdict, NotRefuted)
    effort = verdict.effort
    assert isinstance(effort, Effort)
    assert effort.branches > 0
    assert "coverage" in dict(effort.methods)


def test_the_annotation_of_an_empty_tuple_is_read() -> None:
    subject = Subject.of_text("def f(x: tuple[()] | int) -> tuple[()]:\n    return ()\n", "f")
    assert str(subject.types[0]) == "tuple[()] | int"


def test_small_batches_go_together_and_extreme_ones_at_once() -> None:
    """How a function bears one extreme batch decides whether there is another."""
    asked: list[str] = []

    def parts() -> Iterator[tuple[str, list[tuple[object, ...]]]]:
        sizes = (("examples", 3), ("edges", 20), ("magnitude", 2), ("magnitude", 0), ("unicode", 1))
        for method, size in sizes:
            asked.append(method)
            yield method, [(number,) for number in range(size)]

    batches = difference._gathered(parts())
    assert len(next(batches)) == 23
    assert asked == ["examples", "edges"]
    assert next(batches) == [("magnitude", (0,)), ("magnitude", (1,))]
    assert asked == ["examples", "edges", "magnitude"]
    assert list(batches) == [[("unicode", (0,))]]
