"""Compiled joins find exactly what the same join finds step by step."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.clause import Equal, Literal
from lemmata.engine.database import Assumed, Database
from lemmata.engine.matching import DEEPEST, compile_join, interpret_join
from lemmata.engine.rule import OUT_ANY, OUT_FALSE, OUT_TRUE, RowPattern
from lemmata.engine.term import App
from lemmata.engine.verdict import Proved
from lemmata.provers import prove_all

CONSTANTS = [App(name, (), "A") for name in "abc"]
SLOTS = 4


def terms() -> st.SearchStrategy[App]:
    return st.recursive(
        st.sampled_from(CONSTANTS),
        lambda inner: st.one_of(
            st.builds(lambda x: App("f", (x,), "A"), inner),
            st.builds(lambda x, y: App("g", (x, y), "A"), inner, inner),
        ),
        max_leaves=4,
    )


def patterns() -> st.SearchStrategy[RowPattern]:
    slot = st.integers(0, SLOTS - 1)
    out = st.one_of(slot, st.just(OUT_ANY))
    truth = st.sampled_from([OUT_TRUE, OUT_FALSE, OUT_ANY])
    return st.one_of(
        st.builds(lambda x, o: RowPattern("f", (x,), o), slot, out),
        st.builds(lambda x, y, o: RowPattern("g", (x, y), o), slot, slot, out),
        st.builds(lambda o: RowPattern("a", (), o), out),
        st.builds(lambda x, y, o: RowPattern("=", (x, y), o), slot, slot, truth),
    )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(patterns(), min_size=1, max_size=3),
    st.lists(terms(), max_size=6),
    st.lists(st.tuples(terms(), terms(), st.booleans()), max_size=4),
)
def test_compiled_and_interpreted_joins_agree(
    body: list[RowPattern], others: list[App], stated: list[tuple[App, App, bool]]
) -> None:
    database = Database()
    for term in others:
        database.intern(term, 0)
    for number, (left, right, positive) in enumerate(stated):
        database.state(Literal(Equal(left, right), positive), Assumed(number), number % 3)
    for seed in range(len(body)):
        compiled: set[tuple[int, tuple[int, ...]]] = set()
        interpreted: set[tuple[int, tuple[int, ...]]] = set()
        joins = (
            (compile_join(tuple(body), seed, SLOTS), compiled),
            (interpret_join(tuple(body), seed, SLOTS), interpreted),
        )
        for row in list(database.table.get(body[seed].symbol, {}).values()):
            for match, found in joins:
                match(database, row, lambda cost, slots, found=found: found.add((cost, slots)))  # type: ignore[misc]
        assert compiled == interpreted


def test_a_law_about_a_deep_term_is_matched() -> None:
    deep = "k"
    for _ in range(2 * DEEPEST):
        deep = f"f({deep})"
    theory = parse_theory(
        f"sort A\nconst k : A\nop f : A -> A\naxiom loop: {deep} = k\n"
        f"conjecture once: f({deep}) = f(k)\nconjecture twice: f(f({deep})) = f(f(k))"
    )
    verdicts = [verdict for verdict, _ in prove_all(theory, budget=Budget(seconds=10))]
    assert all(isinstance(verdict, Proved) for verdict in verdicts)
