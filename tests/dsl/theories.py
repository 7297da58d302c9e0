"""Theories made up at random, to test laws that hold for all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from lemmata.engine.formula import (
    And,
    Equal,
    Exists,
    Forall,
    Formula,
    Holds,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
)
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Function, Predicate

SORTS = ("N", "odd sort")
DECLARED = {
    "N": "sort N = 0 | s(N)",
    "odd sort": "sort `odd sort`",
}
VARIABLES = {"N": ("a", "b", "n'", "7", "not"), "odd sort": ("x", "Ünï", "y1")}
SIDES = ("left", "right", "none")

_FUNCTIONS = (
    Function("+", ("N", "N"), "N"),
    Function("*", ("N", "N"), "N"),
    Function("mod", ("N", "N"), "N"),
    Function("-", ("N",), "N"),
    Function("f", ("N", "odd sort"), "N"),
    Function("two words", ("N", "N", "N"), "odd sort"),
    Function("::", ("N", "odd sort"), "odd sort"),
    Function("∅", (), "odd sort"),
    Function("c", (), "N"),
)
_PREDICATES = (
    Predicate("<=", ("N", "N")),
    Predicate(">", ("odd sort", "N")),
    Predicate("divides", ("N", "N")),
    Predicate("p", ("odd sort",)),
    Predicate("rain", ()),
)
_INFIX_WORDS = ("mod", "divides")


def _quoted(name: str) -> str:
    return f"`{name}`" if " " in name else name


@st.composite
def signatures(draw: st.DrawFn) -> str:
    """The declarations of a theory: always the same symbols, but they bind in many ways."""
    lines = [DECLARED[sort] for sort in SORTS]
    for one in (*_FUNCTIONS, *_PREDICATES):
        arguments = ", ".join(map(_quoted, one.arguments))
        fixity = ""
        if len(one.arguments) == 2 and (one.name in _INFIX_WORDS or draw(st.booleans())):
            if one.name in _INFIX_WORDS or not one.name.isalpha():
                precedence = draw(st.sampled_from((20, 40, 45, 50, 99)))
                fixity = f" infix {precedence} {draw(st.sampled_from(SIDES))}"
        if isinstance(one, Predicate):
            sorts = f" : {arguments}" if arguments else ""
            lines.append(f"pred {_quoted(one.name)}{sorts}{fixity}")
        elif arguments:
            lines.append(f"op {_quoted(one.name)} : {arguments} -> {_quoted(one.result)}{fixity}")
        else:
            lines.append(f"const {one.name} : {_quoted(one.result)}")
    return "\n".join(lines) + "\n"


def terms(sort: str, depth: int) -> st.SearchStrategy[Term]:
    """Terms of a sort over its variables and the symbols of every signature."""
    flat: st.SearchStrategy[Term] = st.sampled_from(VARIABLES[sort]).map(lambda n: Var(n, sort))
    if depth == 0:
        return flat
    made = [one for one in _FUNCTIONS if one.result == sort]
    if sort == "N":
        made += [Function("0", (), "N"), *[Function("s", ("N",), "N")] * 3]
    applied = st.sampled_from(made).flatmap(
        lambda one: st.tuples(*(terms(argument, depth - 1) for argument in one.arguments)).map(
            lambda args: App(one.name, args, sort)
        )
    )
    numerals = st.integers(0, 30).map(_numeral) if sort == "N" else st.nothing()
    return st.one_of(flat, applied, applied, numerals)


def _numeral(value: int) -> Term:
    term: Term = App("0", (), "N")
    for _ in range(value):
        term = App("s", (term,), "N")
    return term


def atoms() -> st.SearchStrategy[Formula]:
    """Equations and predicates."""
    equations = st.sampled_from(SORTS).flatmap(
        lambda sort: st.builds(Equal, terms(sort, 3), terms(sort, 2))
    )
    applied = st.sampled_from(_PREDICATES).flatmap(
        lambda one: st.tuples(*(terms(argument, 2) for argument in one.arguments)).map(
            lambda args: Holds(one.name, args)
        )
    )
    return st.one_of(equations, applied)


def _bound() -> st.SearchStrategy[tuple[Var, ...]]:
    every = [Var(name, sort) for sort in SORTS for name in VARIABLES[sort]]
    return st.lists(st.sampled_from(every), min_size=1, max_size=2, unique=True).map(tuple)


def _deeper(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    return st.one_of(
        st.builds(Not, inner),
        *(st.builds(join, inner, inner) for join in (And, Or, Implies, Iff)),
        *(st.builds(binder, _bound(), inner) for binder in (Forall, Exists)),
    )


def closed(formula: Formula) -> Formula:
    """The formula with its free variables bound at the outside, so that their sorts are told."""
    free = tuple(free_variables(formula))
    return Forall(free, formula) if free else formula


def formulas(truth: bool = True) -> st.SearchStrategy[Formula]:
    """Closed formulas of all kinds."""
    leaves = st.one_of(atoms(), st.builds(Truth, st.booleans())) if truth else atoms()
    return st.recursive(leaves, _deeper, max_leaves=6).map(closed)
