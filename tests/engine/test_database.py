"""Rows and classes: congruence, explanations, copies."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.engine.clause import Equal, Literal
from lemmata.engine.database import Assumed, Congruent, Database
from lemmata.engine.term import App, Term, subterms

CONSTANTS = [App(name, (), "A") for name in "abcd"]


def terms() -> st.SearchStrategy[App]:
    return st.recursive(
        st.sampled_from(CONSTANTS),
        lambda inner: st.one_of(
            st.builds(lambda x: App("f", (x,), "A"), inner),
            st.builds(lambda x, y: App("g", (x, y), "A"), inner, inner),
        ),
        max_leaves=5,
    )


def closure(equations: list[tuple[App, App]], universe: set[Term]) -> dict[Term, Term]:
    """Congruence closure the slow way: merge until nothing changes."""
    name: dict[Term, Term] = {term: term for term in universe}

    def merge(one: Term, two: Term) -> None:
        old, new = name[one], name[two]
        for term in universe:
            if name[term] == old:
                name[term] = new

    for left, right in equations:
        merge(left, right)
    changed = True
    while changed:
        changed = False
        for one in universe:
            for two in universe:
                assert isinstance(one, App)
                assert isinstance(two, App)
                if (
                    name[one] != name[two]
                    and one.symbol == two.symbol
                    and len(one.args) == len(two.args) > 0
                    and all(name[a] == name[b] for a, b in zip(one.args, two.args, strict=True))
                ):
                    merge(one, two)
                    changed = True
    return name


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(terms(), terms()), max_size=5), st.lists(terms(), max_size=4))
def test_classes_are_the_congruence_closure(
    equations: list[tuple[App, App]], others: list[App]
) -> None:
    database = Database()
    for term in others:
        database.intern(term, 0)
    for number, (left, right) in enumerate(equations):
        database.state(Literal(Equal(left, right)), Assumed(number), 0)
    universe = {
        part
        for term in [*others, *(side for equation in equations for side in equation)]
        for part in subterms(term)
    }
    expected = closure(equations, universe)
    node = {term: database.intern(term, 0) for term in universe}
    for one in universe:
        for two in universe:
            same = database.root[node[one]] == database.root[node[two]]
            assert same == (expected[one] == expected[two])
            if same:
                check_path(database, equations, node[one], node[two])


def check_path(database: Database, equations: list[tuple[App, App]], one: int, two: int) -> None:
    """Each edge of an explanation is an equation that was stated, or congruence of equals."""
    at = one
    for left, right, reason in database.path(one, two):
        assert left == at
        at = right
        if isinstance(reason, Assumed):
            stated = equations[reason.hypothesis]
            assert {database.term(left), database.term(right)} == set(stated)
        else:
            assert isinstance(reason, Congruent)
            assert database.symbol[left] == database.symbol[right]
            for a, b in zip(database.kids[left], database.kids[right], strict=True):
                assert database.root[a] == database.root[b]
    assert at == two


def test_a_copy_is_independent() -> None:
    database = Database()
    a, b, c = (database.intern(constant, 0) for constant in CONSTANTS[:3])
    database.union(a, b, Assumed(0))
    other = database.copy()
    other.union(b, c, Assumed(1))
    assert other.root[a] == other.root[c]
    assert database.root[a] != database.root[c]
    assert database.root[a] == database.root[b]


def test_true_and_false_meeting_is_a_contradiction() -> None:
    database = Database()
    a, b = CONSTANTS[:2]
    database.state(Literal(Equal(a, b), False), Assumed(0), 0)
    assert not database.is_contradictory()
    database.state(Literal(Equal(b, a)), Assumed(1), 0)
    assert database.is_contradictory()
