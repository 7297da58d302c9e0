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
from lemmata.engine.formula import Formula
from lemmata.engine.notation import Notation
from lemmata.engine.theory import Theory

from .theories import formulas, signatures

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


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
@given(signatures(), formulas(truth=False), st.booleans())
def test_core_reads_back_as_the_same_formula(
    signature: str, formula: Formula, guards: bool
) -> None:
    # Names that core cannot spell are another test's matter.
    signature = signature.replace("`odd sort`", "E").replace("`two words`", "g")
    signature = signature.replace("pred >", "pred <")
    renamed = _renamed(formula)
    theory = parse_theory(signature)
    encoded = Encoding({"N", "E"}, guards=True).statement(renamed)
    assert parse_formula(theory, expression_text(encoded)) == renamed
    if not guards:
        return
    text = f"{signature}axiom a: {Notation.of(theory).formula(renamed)}\n"
    assert "axiom a: (" in theory_text(Source("<text>", text), "core") or "!(" in text


def _renamed(formula: Formula) -> Formula:
    """The formula with core's names for what core cannot spell."""
    text = repr(formula).replace("odd sort", "E").replace("two words", "g")
    text = text.replace("predicate='>'", "predicate='<'")
    from lemmata.engine import clause
    from lemmata.engine import formula as kinds
    from lemmata.engine.term import App, Var

    names = {name: getattr(kinds, name) for name in kinds.__all__}
    read: Formula = eval(text, {**names, "App": App, "Var": Var, "clause": clause})
    return read


@QUICK
@given(signatures(), st.lists(formulas(), min_size=1, max_size=3))
def test_whole_theories_survive_both_surfaces(signature: str, claims: list[Formula]) -> None:
    notation = Notation.of(parse_theory(signature))
    lines = [f"axiom a{number}: {notation.formula(one)}" for number, one in enumerate(claims)]
    lines.append("define n <| k: exists a. a + n = k")
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
    text = (
        "sort E\npred >= : E, E\naxiom a: x >= x\n"
        "axiom b: true\naxiom c: x = x\n"
    )
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
