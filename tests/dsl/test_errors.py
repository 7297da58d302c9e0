"""What is said about texts that are wrong: word for word, and all of it in one run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.dsl.diagnostics import did_you_mean
from lemmata.dsl.load import load, parse_theory
from lemmata.engine.errors import SourceError, SourceErrors

ROOT = Path(__file__).resolve().parent.parent.parent
NAT = "sort N = 0 | s(N)\nop + : N, N -> N\npred p : N\n"


def complaint(text: str) -> str:
    """All that is said about a text."""
    with pytest.raises((SourceError, SourceErrors)) as caught:
        parse_theory(text, "t.mpl")
    return str(caught.value)


def messages(text: str) -> list[tuple[int, str]]:
    """The line and the message of each error."""
    with pytest.raises((SourceError, SourceErrors)) as caught:
        parse_theory(text)
    error = caught.value
    errors = error.errors if isinstance(error, SourceErrors) else (error,)
    return [(one.span.line if one.span else 0, one.message) for one in errors]


GOLDEN = {
    "axoim a: x = x": """\
t.mpl:1:1: this is no statement: 'axoim'
  1 | axoim a: x = x
    | ^^^^^
  expected: theory, use, sort, const, op, pred, axiom, conjecture, define or (Name[…]) := …
  found: 'axoim'
  hint: did you mean 'axiom'?""",
    NAT + "axiom a: x + (y + z = x": """\
t.mpl:4:24: a parenthesis is not closed
  4 | axiom a: x + (y + z = x
    |                        ^
  expected: ')'
  found: the end of the statement
  hint: '(' at line 4, column 14 is still open""",
    NAT + "axiom a: x + zz(y) = x": """\
t.mpl:4:14: unknown function 'zz'
  4 | axiom a: x + zz(y) = x
    |              ^^
  expected: a declared function
  found: 'zz'
  hint: declare it: op zz : …""",
    NAT + "axiom a: x ++ y = x": """\
t.mpl:4:12: unknown symbol '++'
  4 | axiom a: x ++ y = x
    |            ^^
  expected: a declared symbol
  hint: did you mean '+'?""",
    NAT + "sort L = nil | cons(N, L)\naxiom a: cons(nil, x) = y": """\
t.mpl:5:15: sorts do not agree: argument 1 of 'cons'
  5 | axiom a: cons(nil, x) = y
    |               ^^^
  expected: a term of sort N
  found: 'nil' of sort L""",
    "conjecture c: (&(=[a,b]))": """\
t.mpl:1:25: an operand is missing
  1 | conjecture c: (&(=[a,b]))
    |                         ^
  expected: '!' or '('
  found: ')'
  hint: '&' and '>[…]' take exactly two operands in parentheses""",
    "sort N\nsort M\naxiom a: x = y": """\
t.mpl:3:10: the sort of the variable 'x' is not determined
  3 | axiom a: x = y
    |          ^
  expected: a use that tells its sort: N, M
  hint: write forall x : SORT.
t.mpl:3:14: the sort of the variable 'y' is not determined
  3 | axiom a: x = y
    |              ^
  expected: a use that tells its sort: N, M
  hint: write forall y : SORT.""",
}


@pytest.mark.parametrize(("text", "said"), GOLDEN.items())
def test_messages_word_for_word(text: str, said: str) -> None:
    assert complaint(text) == said


def test_errors_do_not_hide_each_other_and_do_not_cascade() -> None:
    text = (
        "sort N = 0 | s(N\n"  # N, 0 and s are broken: what uses them is passed over
        "axiom uses: s(x) = 0\n"
        "sort M\n"
        "op f : M -> Q\n"
        "axiom f1: f(x) = y\n"
        "axiom g1: g(x) = h(y)\n"
        "axiom g1: x = \n"
        "axiom g1: k(x)\n"
        "define loop(x): loop(x)\n"
        "axiom l: loop(x)\n"
        "axiom m: f f\n"
    )
    assert messages(text) == [
        (1, "a parenthesis is not closed"),
        (4, "unknown sort 'Q'"),
        (6, "unknown function 'g'"),
        (6, "unknown function 'h'"),
        (7, "two statements are named 'g1'"),
        (7, "nothing follows '='"),
        (8, "two statements are named 'g1'"),
        (8, "unknown predicate 'k'"),
        (9, "the definition of 'loop' refers to itself"),
        (11, "an operator is missing"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sort N\nsort N", "'N' is declared twice"),
        ("sort N = s(N)", "nothing can be of sort 'N'"),
        ("sort N = 0 | s(N)\nop + : N, N -> N infix 500", "no such precedence"),
        ("sort N\nop f : N -> N infix 50", "'f' cannot be infix"),
        ("sort N\nop = : N, N -> N", "'=' cannot be declared"),
        (NAT + "axiom a: x = y = z", "'=' and '=' cannot stand in one chain"),
        (NAT + "axiom a: x + = z", "nothing stands before '='"),
        (NAT + "axiom a: x + y", "a term stands where a formula is needed"),
        (NAT + "axiom a: s(x, y) = x", "'s' takes 1 argument"),
        (NAT + "axiom a: s = x", "the function 's' stands where a term is needed"),
        (NAT + "axiom a: p(p(x))", "a formula stands where a term is needed"),
        (NAT + "axiom a: 10001 = x", "this numeral is too large"),
        (NAT + "axiom a: (in[x,s])", "'in' does not fit the function 's'"),
        (NAT + "axiom a: (in2[x,y,N])", "'in2' does not fit the sort 'N'"),
        (NAT + "axiom a: (in3[x,y,+])", "'in3' takes 4 arguments"),
        (NAT + "define d(x): y = x", "'y' is not a parameter of the definition"),
        (NAT + "(d[x]) := (=[x,y])", "'y' is not a parameter of the definition"),
        (NAT + "(in[x,y]) := (=[x,y])", "'in' is built in and cannot be defined"),
        (NAT + "(x) := (=[x,y])", "this cannot be defined"),
        (NAT + "axiom a: forall x, x. x = x", "'x' is bound twice"),
        (NAT + "axiom a p(x)", "a colon is missing"),
        (NAT + "axiom a: p(x))", "')' closes nothing"),
        (NAT + "axiom a: p(x) (p(y))", "an operator is missing"),
        ('use "x.mpl"', "a text without a file of its own cannot use another"),
        ("sort N\npred p : N\naxiom a: p(2)", "'2' is not declared, and no sort has numerals"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    assert message in [said for _, said in messages(text)]


def test_definitions_in_a_ring_name_the_ring() -> None:
    said = complaint("sort N\ndefine a(x): b(x)\ndefine b(x): c(x)\ndefine c(x): a(x)")
    assert "found: a → b → c → a" in said


def test_sorts_cannot_be_merged_in_core() -> None:
    said = messages(
        "sort N = 0 | s(N)\nsort M\nop f : M -> M\naxiom a: (>[x](in2[x,y,s])(in2[x,y,f]))"
    )
    assert said == [(4, "sorts do not agree: argument 1 of 'f'")]


# Input of odd kinds


def test_files_that_are_no_theories(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(SourceError) as caught:
            load(path)
        return str(caught.value).removeprefix(f"{path}: ")

    (tmp_path / "peano.mpl").write_text("sort N\n")
    assert said(tmp_path / "paeno.mpl") == (
        "there is no such file\n  hint: did you mean 'peano.mpl'?"
    )
    assert said(tmp_path / "no" / "a.mpl").startswith("there is no such file")
    (tmp_path / "binary.mpl").write_bytes(b"sort N\0\1\2")
    assert said(tmp_path / "binary.mpl").startswith("this is a binary file")
    (tmp_path / "latin.mpl").write_bytes("sort N\n# é".encode("latin-1"))
    assert said(tmp_path / "latin.mpl").startswith("line 2 is not valid UTF-8")
    theories = tmp_path / "theories"
    theories.mkdir()
    (theories / "peano.mpl").write_text("sort N\n")
    assert said(theories).startswith("nothing here is a published theory")
    assert "peano.mpl" in said(theories)
    (tmp_path / "empty").mkdir()
    assert said(tmp_path / "empty").startswith("nothing here is a published theory")
    (tmp_path / "empty.txt").write_text("")
    assert "the file is empty" in said(tmp_path / "empty.txt")


@pytest.mark.parametrize("count", [10_000])
def test_deep_nesting_is_read_or_refused(count: int) -> None:
    opened, closed = "(" * count, ")" * count
    same = parse_theory(f"{NAT}axiom a: {opened}x + y{closed} = z\n").statements["a"].formula
    assert same == parse_theory(f"{NAT}axiom a: x + y = z\n").statements["a"].formula
    assert messages(f"{NAT}axiom a: {opened}x = y")[0] == (4, "a parenthesis is not closed")
    for deep in ("s(" * count + "x" + closed + " = y", "not " * count + "x = y"):
        assert messages(f"{NAT}axiom a: {deep}") == [(4, "this is nested too deeply")]
    nested = "(>[x](in[x,N])" * count + "(p[x])" + closed
    assert messages(f"{NAT}axiom a: {nested}") == [(4, "this is nested too deeply")]
    long = " + ".join("x" * count)
    assert messages(f"{NAT}axiom a: {long} = x")[0][1].startswith("more than 400")
    assert messages(f"{NAT}axiom a: {' and '.join(['p(x)'] * count)}") == [
        (4, "this is nested too deeply")
    ]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_typed_gives_a_theory_or_errors(data: st.DataObject) -> None:
    text = list((ROOT / "examples" / "peano.mpl").read_text("utf-8"))
    text += list(
        "(fXY[f,X,Y]) := (>[x](in[x,X])!(>[y](in[y,Y])!(in2[x,y,f])))\n"
        "conjecture q: (fXY[s,N,N])\ndefine double(a) = a + a\n"
        "conjecture r: forall x : N. exists y. x <= y and not (x = 3) or true\n"
    )
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(text) - 1))
        if data.draw(st.booleans()):
            del text[place]
        else:
            text.insert(place, data.draw(st.sampled_from("()[]!>&,.:=|`'\"#+- \n\tx0s∅")))
    try:
        said = parse_theory("".join(text)).path
    except (SourceError, SourceErrors) as error:
        said = str(error)
    assert "<text>" in said


def test_formulas_with_too_many_clauses_are_refused() -> None:
    binders = "forall x. exists y. " * 40
    assert messages(f"{NAT}axiom a: {binders}x = y")[0][1].startswith("this formula has too many")


def test_many_errors_are_cut_and_counted() -> None:
    said = messages("sort N\n" + "axiom : x = x\n" * 150)
    assert len(said) == 101
    assert said[-1] == (0, "50 more errors are not shown")


def test_a_large_file_of_errors_ends(tmp_path: Path) -> None:
    file = tmp_path / "large.mpl"
    file.write_text("(" * 10_000_000)
    with pytest.raises(SourceError, match="this statement is too long"):
        load(file)
    file.write_text("x y\n" * 2_500_000)
    with pytest.raises(SourceErrors) as caught:
        load(file)
    assert str(caught.value.errors[-1]).endswith("at least 900 more errors are not shown")
    file.write_text("# no end of comments\n" * 500_000)
    assert load(file).axioms == ()


def test_a_slip_is_named_among_very_many_names() -> None:
    names = [f"function{number}" for number in range(20_000)]
    for slip in ("function1234x", "functino12345", "functon77", "gunction5"):
        assert did_you_mean(slip, names)
    assert did_you_mean("functino12345", names) == "did you mean 'function12345'?"
    assert not did_you_mean("elsewhere", names)


def test_after_a_thousand_errors_of_meaning_the_rest_is_not_read() -> None:
    text = "sort N = 0 | s(N)\n" + "axiom a: p(x)\n" * 2000
    with pytest.raises(SourceErrors) as raised:
        parse_theory(text)
    assert "at least" in str(raised.value.errors[-1])
