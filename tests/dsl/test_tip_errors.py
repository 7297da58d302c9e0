"""What a TIP problem can get wrong, and how it is told."""

from __future__ import annotations

import pytest

from lemmata.dsl.tip import parse_tip
from lemmata.engine.errors import LemmataError, SourceError, SourceErrors

NAT = "(declare-datatype Nat ((Z) (S (pred Nat))))\n"


def error(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse_tip(text, "bad.smt2")
    return caught.value


@pytest.mark.parametrize(
    ("text", "construct", "line"),
    [
        ("(define-fun f ((g (=> Nat Nat))) Nat Z)", "'=>'", 2),
        ("(prove (= (@ Z Z) Z))", "'@'", 2),
        ("(prove\n (= (lambda ((x Nat)) x) Z))", "lambda", 3),
        ("(prove (forall ((f Nat)) (= (f Z) Z)))", "variable 'f' is applied", 2),
    ],
)
def test_what_is_outside_first_order_logic_is_named(text: str, construct: str, line: int) -> None:
    found = error(NAT + text)
    assert construct in found.message
    assert "outside first-order logic" in found.message
    assert found.span is not None
    assert found.span.line == line
    assert "^" in str(found)


def test_unknown_names_come_with_a_suggestion() -> None:
    found = error(NAT + "(define-fun plus ((x Nat)) Nat x)\n(prove (= (plos Z) Z))")
    assert found.hint == "did you mean 'plus'?"
    assert (found.span and found.span.line, found.span and found.span.column) == (3, 12)


def test_terms_of_the_wrong_sort() -> None:
    found = error(NAT + "(prove (= (S true) Z))")
    assert (found.expected, found.found) == ("Nat", "Bool")


def test_several_errors_are_told_together_and_none_twice() -> None:
    with pytest.raises(SourceErrors) as caught:
        parse_tip(
            NAT
            + """(define-fun f ((g (=> Nat Nat))) Nat Z)
(define-fun h ((x Nat)) Nat (f x))
(define-fun k ((x Nat)) Nat (S x x))
(prove (= (h Z) (oops Z)))
(frobnicate)""",
            "bad.smt2",
        )
    messages = [one.message for one in caught.value.errors]
    assert len(messages) == 4
    assert "'=>'" in messages[0]
    assert "'S' takes 1 arguments" in messages[1]
    assert "'oops'" in messages[2]
    assert "'frobnicate'" in messages[3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(prove (= Z Z)", "never closed"),
        ("(prove (= Z Z)))", "nothing opened"),
        ("(prove (= |Z Z))", "bar that is never closed"),
        ('(set-info :x "y)', "quotation mark that is never closed"),
    ],
)
def test_broken_expressions(text: str, message: str) -> None:
    with pytest.raises(LemmataError, match=message):
        parse_tip(NAT + text)


@pytest.mark.parametrize("depth", [10_000, 30_000])
def test_deep_nesting_is_an_error_not_an_overflow(depth: int) -> None:
    with pytest.raises(SourceError, match="nested deeper"):
        parse_tip(NAT + "(prove (= Z " + "(S " * depth + "Z" + ")" * depth + "))")
    with pytest.raises(SourceError, match="never closed"):
        parse_tip("(" * depth)


def test_moderately_deep_terms_are_read() -> None:
    theory = parse_tip(NAT + "(prove (= Z " + "(S " * 150 + "Z" + ")" * 150 + "))")
    assert len(theory.conjectures) == 1


@pytest.mark.parametrize(
    "text",
    [
        "(declare-datatype)",
        "(declare-datatypes ((A 0)) ())",
        "(declare-sort)",
        "(declare-fun f)",
        "(define-fun)",
        "(define-fun f x Nat Z)",
        "(define-funs-rec ((f ((x Nat)) Nat)) ())",
        "(prove)",
        "(prove ())",
        "(prove (match Z))",
        "(prove (match Z (((Q) true))))",
        "(prove (forall x true))",
        "(prove (let ((x)) true))",
        "(prove (= Z))",
        "(prove (S Z))",
        "(prove ((_ is Q) Z))",
        "(declare-datatype B ())",
        "(declare-datatype Nat ((Q)))",
        "(declare-const Z Nat)",
        "atom",
    ],
)
def test_malformed_commands_are_source_errors(text: str) -> None:
    with pytest.raises((SourceError, SourceErrors)):
        parse_tip(NAT + text)


def test_a_match_in_a_goal_must_be_complete() -> None:
    found = error(NAT + "(prove (forall ((x Nat)) (match x ((Z true)))))")
    assert "no branch for 'S'" in found.message
