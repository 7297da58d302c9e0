"""Synthesis: what must be found, that output is idiomatic and true, and honest failure."""

from __future__ import annotations

import ast
import contextlib
import doctest
import itertools
import math
import multiprocessing
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lemmata
from lemmata.engine.budget import Budget
from lemmata.engine.errors import UsageError
from lemmata.engine.synthesis.bank import Bank, Term
from lemmata.engine.synthesis.decomposition import decompositions
from lemmata.engine.synthesis.dialogue import NotRefuted
from lemmata.engine.synthesis.operation import Library
from lemmata.engine.synthesis.synthesis import Synthesis, synthesize
from lemmata.engine.synthesis.work import Work
from lemmata.provers.oracle.comparison import Comparison, ExceptionPolicy
from lemmata.provers.oracle.oracle import Oracle
from lemmata.provers.oracle.table import Table

LAX = Comparison(ExceptionPolicy.ANY, mutation=False)

KNOWN = {
    "arithmetic": ("def f(a, b): return a * b + a", [(2, 3), (5, 1), (0, 4), (7, 7), (-2, 3)]),
    "string": (
        "def f(s): return s.strip().upper()",
        [(" ab ",), ("x",), ("Hello w",), ("  q",), ("",)],
    ),
    "count": (
        "def f(s): return sum(c.isupper() for c in s)",
        [("aBC",), ("x",), ("HELLO",), ("",), ("Ab Cd",)],
    ),
    "filter": (
        "def f(xs): return [x for x in xs if x % 2 == 0]",
        [([1, 2, 4],), ([3],), ([8, 9, 10],), ([],), ([0, -2],)],
    ),
    "conditional in a loop": (
        "def f(xs): return [x * 2 if x % 2 else x for x in xs]",
        [([1, 2, 3],), ([4, 5],), ([],), ([7, 7, 8, 0],), ([9],)],
    ),
    "filter and map": (
        "def f(xs): return [x * x for x in xs if x > 2]",
        [([1, 3, 2, 4],), ([3],), ([8, -9, 10],), ([],), ([0, 2, 5],)],
    ),
    "any number of arguments": (
        "def f(*xs): return sum(xs) * 2",
        [(1, 2), (3,), (4, 5, 6), (0, 0), (-1, 9, 9, 1)],
    ),
    "conditional": (
        "def f(n):\n    if n < 0: return 'neg'\n    return 'pos'",
        [(3,), (-3,), (8,), (-1,), (0,), (12,), (-40,)],
    ),
}


def _run(
    hidden: str, calls: list[tuple[object, ...]], seconds: float = 60, effort: float = 0.8
) -> tuple[Synthesis, int]:
    with Oracle(
        hidden,
        examples=calls,
        comparison=LAX,
        domain=lambda call, outcome: outcome.is_value,
        effort=Budget(seconds=effort),
        name="f",
    ) as oracle:
        return synthesize(oracle, budget=Budget(seconds=seconds)), oracle.queries_left


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_known_function_is_found_and_its_docstring_is_true(name: str) -> None:
    hidden, calls = KNOWN[name]
    result, left = _run(hidden, calls)  # type: ignore[arg-type]
    assert result.program is not None, result
    assert isinstance(result.verdict, NotRefuted)
    assert left == 30 - len(calls) - result.queries
    module: dict[str, object] = {}
    exec(result.program, module)
    tests = doctest.DocTestFinder().find(module["f"], "f", globs=module)
    report = doctest.DocTestRunner(verbose=False)
    for test in tests:
        report.run(test)
    assert report.tries >= len(calls)
    assert report.failures == 0
    function = ast.parse(result.program).body[-1]
    assert isinstance(function, ast.FunctionDef)
    assert function.returns is not None
    assert all(argument.annotation is not None for argument in function.args.args)


def test_a_program_loads_whatever_its_values_are() -> None:
    from lemmata.engine.synthesis.outcome import Opaque
    from lemmata.engine.synthesis.program import Signature, render
    from lemmata.engine.synthesis.types import infer, join

    strange = Opaque("object", "Decimal", "1.5")
    values: list[object] = [strange, [strange], (strange, 1), {"k": strange}, {frozenset({1})}]
    values += [bytearray(b"x"), b"", 1j, None, [], (), (1, "a")]
    kinds = [*map(infer, values), join(map(infer, values))]
    for kind in kinds:
        module: dict[str, object] = {}
        text = render("x", Signature("f", ("x",), (kind,), kind))
        # Not with the annotations of this file, which nobody evaluates.
        exec(compile(text, "found", "exec", dont_inherit=True), module)
        assert module["f"](strange) is strange  # type: ignore[operator]


def test_the_trace_tells_every_query_and_is_json() -> None:
    import json

    hidden, calls = KNOWN["filter"]
    result, _ = _run(hidden, calls)  # type: ignore[arg-type]
    data = json.loads(json.dumps(result.to_json()))
    asked = [event for event in data["trace"] if "query" in event["kind"]]
    assert len(asked) == result.queries > 0
    assert data["trace"][-1]["kind"] == "submit"
    assert any(event["rivals"] > 1 for event in data["trace"])
    shown = result._repr_html_()
    assert "<pre>def f" in shown
    assert shown.count("<li>") == len(data["trace"])


def test_a_fixed_seed_asks_the_same_questions() -> None:
    hidden, calls = KNOWN["string"]
    first, second = (_run(hidden, calls)[0] for _ in range(2))  # type: ignore[arg-type]
    assert [e.text for e in first.trace if "query" in e.kind][:3] == [
        e.text for e in second.trace if "query" in e.kind
    ][:3]


def test_the_dialogue_does_not_hang_on_the_speed_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hidden, calls = KNOWN["filter"]
    monkeypatch.setattr("lemmata.provers.oracle.difference.INPUTS_A_SECOND", 40)
    real = time.process_time
    dialogues = []
    for slowness in (1.0, 6.0):
        monkeypatch.setattr(time, "process_time", lambda slowness=slowness: slowness * real())
        result, _ = _run(hidden, calls, 60, effort=20)  # type: ignore[arg-type]
        steps = [(e.kind, re.sub(r"[\d.]+ CPU s", "", e.text), e.rivals) for e in result.trace]
        dialogues.append(steps)
    assert dialogues[0] == dialogues[1]
    assert len(dialogues[0]) > 3


def test_what_is_out_of_reach_is_not_found() -> None:
    source = (
        "import hashlib\ndef f(n): return int(hashlib.md5(str(n).encode()).hexdigest()[:6], 16)"
    )
    result, _ = _run(source, [(n,) for n in range(10)], seconds=1.5)
    assert result.program is None
    assert result.reason
    assert "not found" in repr(result)


def test_an_operation_of_ones_own_is_used() -> None:
    pairs = [((n,), (n * 37 + 11) % 101) for n in (1, 5, 9, 40, 77)]
    assert not synthesize(Table(pairs), budget=Budget(seconds=0.7)).found
    library = Library.standard().with_operation("({0} * 37 + 11) % 101", ["int"], "int", cost=2)
    result = synthesize(Table(pairs), library=library, budget=Budget(seconds=60))
    assert result.program is not None
    assert "37" in result.program
    with pytest.raises(UsageError, match="not a Python expression"):
        Library.standard().with_operation("{0} +", ["int"], "int")


def test_no_examples_is_an_error() -> None:
    with Oracle("def f(n): return n") as oracle, pytest.raises(UsageError, match="example"):
        lemmata.synthesize(oracle)


def test_a_long_table_is_learnt_from_its_telling_rows() -> None:
    pairs = [((f"{a} {b}",), f"{b}-{a}") for a in "abcdefgh" for b in "uvwxyz"]
    table = Table(pairs)
    result = synthesize(table, budget=Budget(seconds=60))
    assert result.found
    assert len(table.examples) < len(pairs)


def test_terms_with_equal_columns_are_kept_once() -> None:
    bank = Bank(3, list(Library.standard().instances({"int", "bool"})))
    bank.add(Term("int", [1, 2, 5], 1, "n"))
    bank.add(Term("int", [0, 0, 0], 1, "0"))
    for _ in range(4):
        for _term in bank.grow():
            pass
    columns = [(term.kind, repr(term.values)) for kind in bank.levels for term in bank.of(kind)]
    assert len(columns) == len(set(columns))
    assert bank.lookup("int", [2, 4, 10]) is not None, "n + n"


def test_every_operation_of_the_library_computes_what_it_prints() -> None:
    operations = Library.standard().operations
    assert len(operations) > 200
    for operation in operations:
        names = [f"a{place}" for place in range(len(operation.arguments))]
        ast.parse(operation.template.format(*names), mode="eval")
        assert callable(operation.function)


def test_no_operation_hangs_on_large_values() -> None:
    """A float may be a whole number in Python, and ``round(123456789, -123456789)`` computes a power
    with as many digits; nothing interrupts that."""
    whole = [0, 1, -1, 7, 123456789, -123456789, 10**23]
    lists = [[], [123456789, -123456789], list(range(300)), [10**23] * 50]
    large: dict[str, list[Any]] = {
        "int": whole,
        "float": [*whole, 0.5, -123456789.5, 1e300, float("inf")],
        "str": ["", "ab" * 900, "()" * 900, "7"],
        "bool": [True],
        "list[T]": lists,
        "list[int]": lists,
        "list[float]": lists,
    }

    def attempt() -> None:
        for operation in Library.standard().operations:
            columns = [large.get(kind, []) for kind in operation.arguments]
            for values in itertools.product(*columns):
                with contextlib.suppress(Exception):
                    operation.function(*values)

    child = multiprocessing.get_context("fork").Process(target=attempt)
    child.start()
    child.join(120)
    hung = child.is_alive()
    child.kill()
    child.join()
    assert not hung
    assert child.exitcode == 0


def test_a_range_in_an_operation_is_bounded() -> None:
    windows = next(
        operation
        for operation in Library.standard().operations
        if operation.template == "[{0}[i:i + {1}] for i in range(len({0}) - {1} + 1)]"
    )
    assert windows.function("abc", 2) == ["ab", "bc"]
    with pytest.raises(OverflowError):
        windows.function("abc", -(10**12))


def test_a_number_is_taken_apart_into_two_known_ones() -> None:
    radii, heights = (2.0, 3.0, 5.0), (4.0, 1.0, 6.0)
    known = [Term("float", radii, 1, "r"), Term("float", heights, 1, "h")]
    for wanted, code in (
        ([r * h for r, h in zip(radii, heights, strict=True)], "r * h"),
        ([r + h for r, h in zip(radii, heights, strict=True)], "r + h"),
        ([h / r for r, h in zip(radii, heights, strict=True)], "h / r"),
        ([h - r for r, h in zip(radii, heights, strict=True)], "h - r"),
    ):
        found = list(decompositions(known, wanted, 3, Work(), float("inf")))
        assert any(eval(term.code, {"r": 2.0, "h": 4.0}) == wanted[0] for term in found), code
        assert all(list(term.values) == wanted for term in found)


def test_learnt_costs_belong_to_operations() -> None:
    written = Library.standard().without_learnt_costs().operations
    learnt = Library.standard().operations
    assert [op.template for op in learnt] == [op.template for op in written]
    moved = [(a.cost, b.cost) for a, b in zip(learnt, written, strict=True) if a.cost != b.cost]
    assert moved
    assert all(abs(now - then) == 1 and now >= 1 for now, then in moved)


@pytest.mark.parametrize(
    ("hidden", "calls", "text"),
    [
        (
            lambda n: 0 if n is None else n + 1,
            [(None,), (3,), (5,), (-1,), (12,)],
            "if value is None:",
        ),
        (lambda s: s or "none", [(None,), ("ab",), ("",), ("xyz",)], "if not value:"),
    ],
)
def test_a_parameter_may_be_none(
    hidden: Callable[..., object], calls: list[tuple[object, ...]], text: str
) -> None:
    pairs = [(call, hidden(*call)) for call in calls]
    program = synthesize(Table(pairs), budget=Budget(seconds=60)).program
    assert program is not None
    assert text in program
    assert "| None" in program


def _values(depth: int = 2) -> st.SearchStrategy[Any]:
    """Strategies for values of one type each, the strange ones among them."""
    plain: list[st.SearchStrategy[Any]] = [
        st.integers(-9, 99),
        st.floats(),
        st.sampled_from(["", "a", "Hello World", "1,2"]),
        st.booleans(),
        st.none(),
        st.binary(max_size=3),
        st.integers(10**20, 10**30),
    ]
    if depth == 0:
        return st.sampled_from(plain)
    inner = _values(depth - 1)
    return st.one_of(
        st.sampled_from(plain),
        inner.map(lambda one: st.lists(one, max_size=4)),
        st.tuples(inner, inner).map(lambda two: st.tuples(*two)),
        st.tuples(inner, inner).map(lambda two: st.one_of(*two)),
        inner.map(lambda one: st.dictionaries(st.sampled_from(["k", 3]), one, max_size=3)),
        st.sampled_from([st.frozensets(st.integers(0, 9)), st.sets(st.floats(0, 1), max_size=3)]),
    )


@pytest.mark.parametrize(
    "pairs",
    [
        [((math.inf,), 1), ((0.5,), 2), ((-math.inf,), 3), ((2.0,), 1)],
        [(([[1], [2]],), {"k": 1}), (([[3]],), {"k": 2}), (([[4], [5], [6]],), {"k": 3})],
        [(("1,2",), {1}), ((None,), set()), (("abc",), {2}), (("a",), {2, 3}), (("b",), {4})],
        [((None,), {"a"}), ((3,), {"b"}), ((7,), {"c"}), ((4,), {"c"})],
    ],
    ids=["infinity", "lists in the place of keys", "text or None", "number or None"],
)
def test_these_examples_do_not_bring_a_search_down(
    pairs: list[tuple[tuple[object, ...], object]],
) -> None:
    synthesize(Table(pairs), budget=Budget(seconds=0.5))


@given(st.data())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_no_examples_bring_a_search_down(data: st.DataObject) -> None:
    """Values of any types, parameters that may be None, infinities, keys that are lists."""
    kinds = data.draw(st.lists(_values(), min_size=1, max_size=2))
    answer = data.draw(st.one_of(_values(), st.just(st.none())))
    echoes = data.draw(st.sampled_from([lambda _, r: r, lambda a, _: {"k": a[0]}, lambda a, _: a]))
    pairs = []
    for _ in range(4):
        arguments = tuple(data.draw(kind) for kind in kinds)
        pairs.append((arguments, echoes(arguments, data.draw(answer))))
    synthesize(Table(pairs), budget=Budget(seconds=0.15))
