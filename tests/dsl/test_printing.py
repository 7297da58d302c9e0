"""Printing and parsing are inverse, on both surfaces, for theories made up at random."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lemmata.dsl.diagnostics import Problems, Source
from lemmata.dsl.encoding import Encoding
from lemmata.dsl.format import theory_text
from lemmata.dsl.load import load, parse_formula, parse_theory
from lemmata.dsl.parser import parse_document
from lemmata.dsl.printer import document_text, expression_text
from lemmata.dsl.syntax import Claim, is_core
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
from lemmata.engine.notation import Notation
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Function, Predicate, Theory

# Theories made up at random

SORTS = ("N", "odd-sort")
DECLARED = {
    "N": "sort N = 0 | s(N)",
    "odd-sort": "sort `odd-sort`",
}
VARIABLES = {"N": ("a", "b", "n'", "7", "not"), "odd-sort": ("x", "Ünï", "y1")}
SIDES = ("left", "right", "none")

_FUNCTIONS = (
    Function("+", ("N", "N"), "N"),
    Function("*", ("N", "N"), "N"),
    Function("mod", ("N", "N"), "N"),
    Function("-", ("N",), "N"),
    Function("f", ("N", "odd-sort"), "N"),
    Function("two.words", ("N", "N", "N"), "odd-sort"),
    Function("::", ("N", "odd-sort"), "odd-sort"),
    Function("∅", (), "odd-sort"),
    Function("c", (), "N"),
)
_PREDICATES = (
    Predicate("<=", ("N", "N")),
    Predicate("≥", ("odd-sort", "N")),
    Predicate("divides", ("N", "N")),
    Predicate("p", ("odd-sort",)),
    Predicate("rain", ()),
)
_INFIX_WORDS = ("mod", "divides")


def _quoted(name: str) -> str:
    return f"`{name}`" if "-" in name[1:] or "." in name else name


@st.composite
def signatures(draw: st.DrawFn) -> str:
    """The declarations of a theory: always the same symbols, but they bind in many ways."""
    lines = [DECLARED[sort] for sort in SORTS]
    for one in (*_FUNCTIONS, *_PREDICATES):
        arguments = ", ".join(map(_quoted, one.arguments))
        fixity = ""
        is_declared = one.name in _INFIX_WORDS or (not one.name.isalpha() and draw(st.booleans()))
        if len(one.arguments) == 2 and is_declared:
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


# Laws

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def meaning(theory: Theory) -> object:
    """What a theory says, without its text."""
    statements = theory.axioms + theory.conjectures
    return (
        theory.signature,
        theory.notation,
        [(one.name, one.kind, one.formula, one.clauses) for one in statements],
    )


@QUICK
@given(signatures(), formulas())
def test_what_is_printed_reads_back_as_the_same_formula(signature: str, formula: Formula) -> None:
    theory = parse_theory(signature)
    assert parse_formula(theory, Notation.of(theory).formula(formula)) == formula


@QUICK
@given(signatures(), formulas(truth=False))
def test_core_reads_back_as_the_same_formula(signature: str, formula: Formula) -> None:
    theory = parse_theory(signature)
    encoded = Encoding(set(SORTS), guards=True).statement(formula)
    assert parse_formula(theory, expression_text(encoded)) == formula
    text = f"{signature}axiom a: {Notation.of(theory).formula(formula)}\n"
    body = theory_text(Source("<text>", text), "core").splitlines()[-1].removeprefix("axiom a: ")
    assert body.startswith(("(", "!("))
    assert "[" in body


@QUICK
@given(signatures(), st.lists(formulas(), min_size=1, max_size=3))
def test_whole_theories_survive_both_surfaces(signature: str, claims: list[Formula]) -> None:
    notation = Notation.of(parse_theory(signature))
    lines = [f"axiom a{number}: {notation.formula(one)}" for number, one in enumerate(claims)]
    lines.append("define n <| k: exists a. (a + n) = k")
    lines.append("define twice(n : N) = n + n")
    text = f"theory t\n\n# words\n{signature}" + "\n".join(lines) + "\n"
    theory = parse_theory(text)
    core = theory_text(Source("<text>", text), "core")
    readable = theory_text(Source("<text>", core), "readable")
    assert meaning(parse_theory(core)) == meaning(theory)
    assert meaning(parse_theory(readable)) == meaning(theory)
    assert theory_text(Source("<text>", core), "core") == core
    assert theory_text(Source("<text>", readable), None) == readable


@QUICK
@given(signatures(), st.lists(formulas(), min_size=1, max_size=3), st.sampled_from([None, "core"]))
def test_the_syntax_tree_survives_printing(
    signature: str, claims: list[Formula], surface: str | None
) -> None:
    notation = Notation.of(parse_theory(signature))
    text = signature + "".join(
        f"# {number}\n\nconjecture c{number}: {notation.formula(one)} # so\n"
        for number, one in enumerate(claims)
    )
    if surface == "core":
        text = theory_text(Source("<text>", text), "core")
    problems = Problems()
    document = parse_document(Source("<text>", text), problems)
    printed = document_text(document)
    again = parse_document(Source("<text>", printed), problems)
    assert not problems.errors
    assert again.statements == document.statements
    assert document_text(again) == printed


def test_the_example_in_core_and_back(examples: Path) -> None:
    file = examples / "peano.mpl"
    source = Source(str(file), file.read_text("utf-8"))
    core = theory_text(source, "core")
    assert "conjecture add_comm: (>[_1](in3[b,a,_1,+])(in3[a,b,_1,+]))\n" in core
    assert "(<=[a,b]) := !(>[p](in[p,N])!(in3[a,p,b,+]))\n" in core
    assert "# Peano's axioms" in core
    readable = theory_text(Source("<text>", core), "readable")
    assert "define a <= b: exists p : N. a + p = b\n" in readable
    assert meaning(parse_theory(core)) == meaning(parse_theory(readable)) == meaning(load(file))


def test_what_core_cannot_say_stays_readable() -> None:
    text = "sort E\npred >= : E, E\naxiom a: x >= x\naxiom b: true\naxiom c: x = x\n"
    core = theory_text(Source("<text>", text), "core")
    assert core.splitlines()[-3:] == ["axiom a: x >= x", "axiom b: true", "axiom c: (=[x,x])"]


def test_comments_and_blank_lines_stay_by_their_statements() -> None:
    text = (
        "\n# head\n\n\n\nsort   N   # the numbers\n   # over a\naxiom a:\n   x = # inside\n   x  # end\n"
        "\n# last\n\n"
    )
    shown = theory_text(Source("<text>", text), None)
    assert shown == (
        "# head\n\nsort N  # the numbers\n# over a\n# inside\naxiom a: x = x  # end\n\n# last\n"
    )


def test_user_parentheses_and_commas_stay() -> None:
    text = "sort N\nop + : N, N -> N\naxiom a: (a + b) + c = d, a = b -> ((c)) = d\n"
    assert theory_text(Source("<text>", text), None) == text


def test_core_statements_stay_as_they_are_written_in_core() -> None:
    text = "sort N\nop + : N, N -> N\n(d[a,b]) := (!(in3[a,b,a,+]))\n(>[a](in[a,N])(d[a,b]))\n"
    assert theory_text(Source("<text>", text), "core") == text
    readable = theory_text(Source("<text>", text), "readable")
    assert "define d(a, b): a + b != a\n" in readable
    assert "conjecture line4: forall a : N. d(a, b)\n" in readable


def test_the_statement_of_a_claim_tells_its_surface() -> None:
    problems = Problems()
    source = Source("<text>", "axiom a: (a + b) = c\naxiom b: (in3[a,b,c,+])\n")
    one, two = (statement.content for statement in parse_document(source, problems).statements)
    assert isinstance(one, Claim)
    assert isinstance(two, Claim)
    assert (is_core(one.body), is_core(two.body)) == (False, True)
