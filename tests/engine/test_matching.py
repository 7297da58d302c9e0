"""Compiled joins find exactly what the same join finds step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.dsl.load import parse_theory
from lemmata.engine.block import Block, RuleSet
from lemmata.engine.budget import Budget
from lemmata.engine.clause import Case, Clause, Equal, Holds, Literal
from lemmata.engine.database import Assumed, Database
from lemmata.engine.matching import DEEPEST, JoinWriter, compile_join, interpret_join
from lemmata.engine.rule import DERIVE, EXPAND, OUT_ANY, OUT_FALSE, OUT_TRUE, RowPattern, Rule
from lemmata.engine.term import App, Term, Var
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
        used = {slot for row in body for slot in (*row.args, row.out) if slot >= 0}

        def collect(writer: JoinWriter, used: set[int] = used) -> None:
            slots = "".join(f"v{slot}, " for slot in sorted(used))
            writer.put(f"block.append(({writer.cost}, ({slots})))")

        compiled: list[tuple[int, tuple[int, ...]]] = []
        match = cast("Callable[..., None]", compile_join(tuple(body), seed, (), collect))
        interpreted = set()
        for row in list(database.table.get(body[seed].symbol, {}).values()):
            match(database, row, None, compiled)
            for cost, slots in interpret_join(database, row, tuple(body), seed):
                interpreted.add((cost, tuple(slots[slot] for slot in sorted(used))))
        assert set(compiled) == interpreted


X, Y = Var("x", "A"), Var("y", "A")


def open_terms() -> st.SearchStrategy[Term]:
    return st.recursive(
        st.sampled_from([X, Y, *CONSTANTS]),
        lambda inner: st.one_of(
            st.builds(lambda x: App("f", (x,), "A"), inner),
            st.builds(lambda x, y: App("g", (x, y), "A"), inner, inner),
        ),
        max_leaves=4,
    )


@settings(max_examples=150, deadline=None)
@given(
    open_terms(),
    open_terms(),
    st.sampled_from(["=", "!=", "p"]),
    st.lists(terms(), min_size=2, max_size=6),
    st.lists(st.tuples(terms(), terms()), max_size=4),
    st.booleans(),
    st.integers(0, 4),
    st.booleans(),
)
def test_a_match_is_priced_by_what_the_database_holds(
    left: Term,
    right: Term,
    kind: str,
    others: list[App],
    stated: list[tuple[App, App]],
    turns: bool,
    ceiling: int,
    is_passing: bool,
) -> None:
    atom = Holds("p", (left, right)) if kind == "p" else Equal(left, right)
    literal = Literal(atom, kind != "!=")
    clause = Clause((X, Y), (), (Case((), (literal,)),))
    turned = (left, right) if turns and kind == "=" else None
    body = (RowPattern("pick", (0, 1), OUT_ANY),)
    rule = Rule("law", 0, clause, body, (0, 1), DERIVE, turned)
    block = Block("root", RuleSet()).child("child", ceiling)
    database = block.database
    nodes = [database.intern(term, 0) for term in others]
    for number, (one, other) in enumerate(stated):
        database.state(Literal(Equal(one, other)), Assumed(number), 0)
    binding: dict[Term, int] = {X: nodes[0], Y: nodes[1]}
    database.node("pick", tuple(nodes[:2]), "", 0)
    block.match(rule, is_passing=is_passing)
    block.match(rule, is_passing=is_passing)  # the same match is not looked at twice
    assert block.matches == 1
    costs = [cost for cost, _, _ in block.waiting]
    if database.holds(literal, binding):
        assert not costs
        return
    there = [database.find(term, binding) for term in (left, right)]
    row = (
        None
        if None in there
        else database.table.get("p", {}).get(tuple(n for n in there if n is not None))
    )
    if (kind == "=" and None not in there) or (kind == "p" and row is not None):
        assert costs == [0]
    else:
        dear = turned is not None and not falls(database, left, right, binding)
        price = DERIVE + (EXPAND if dear else 0)
        assert costs == ([price] if price <= ceiling else [])
        assert block.is_cut == (price > ceiling)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(patterns(), min_size=1, max_size=3),
    open_terms(),
    open_terms(),
    st.lists(terms(), max_size=6),
    st.lists(st.tuples(terms(), terms(), st.booleans()), max_size=4),
)
def test_a_passing_rule_is_matched_and_priced_like_any_other(
    body: list[RowPattern],
    left: Term,
    right: Term,
    others: list[App],
    stated: list[tuple[App, App, bool]],
) -> None:
    used = {slot for row in body for slot in (*row.args, row.out) if slot >= 0}
    names = {X: min(used, default=-1), Y: max(used, default=-1)}
    clause = Clause((X, Y), (), (Case((), (Literal(Equal(left, right)),)),))
    rule = Rule("law", 0, clause, tuple(body), tuple(names.values()), DERIVE, (left, right))
    found = []
    for is_passing in (False, True):
        block = Block("root", RuleSet(is_passing)).child("child")
        for term in others:
            block.database.intern(term, 0)
        for number, (one, other, positive) in enumerate(stated):
            block.database.state(Literal(Equal(one, other), positive), Assumed(number), number % 3)
        if not used:
            return
        block.shared.add(rule)
        block.run(-1, 1_000, Budget().start())
        block.match(rule, is_passing=is_passing)
        found.append((block.waiting, block.seen))
    assert found[0] == found[1]


def falls(database: Database, left: Term, right: Term, binding: dict[Term, int]) -> bool:
    """Whether the instance at simplest terms is smaller on the right, or of one size and before."""

    def marks(term: Term) -> list[tuple[int, int, str]]:
        if isinstance(term, Var):
            best = database.best[database.root[binding[term]]]
            return [(database.size[best], best, "")]
        return [(0, 0, term.symbol), *(mark for arg in term.args for mark in marks(arg))]

    def length(term: Term) -> int:
        return sum(max(size, 1) for size, _, _ in marks(term))

    return (length(left), marks(left)) > (length(right), marks(right))


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
