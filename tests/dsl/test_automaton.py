"""The fast way to parse: what it reads is what lark reads, and what it cannot read lark explains."""

from __future__ import annotations

from pathlib import Path

import pytest

from lemmata.dsl.diagnostics import Problems, Source
from lemmata.dsl.parser import _parser, parse_document
from lemmata.dsl.segment import segments

TEXTS = (
    "define a <= b: exists p. a + p = b",
    "axiom a: not x = y, even(s(x)) -> x + y * 2 != 0 or (false <-> true)  # so",
    "(>[x,y](&(in[x,N])(!(=[x,y])))(!(&(p[x])(q[y]))))",
    "sort T = leaf | node(T, T)",
    "op `a b`, ++ : N, N -> N infix 40 right",
    "axiom deep: ((((x = x))))",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_automaton_reads_what_lark_reads(text: str) -> None:
    lark, build, automaton = _parser("mpl")
    build.base = 0
    (code,) = [segment for segment in segments(text) if segment.start < segment.end]
    fast = automaton.run(text, code.start, code.end, "statement")
    assert fast == (lark.parse(text[code.start : code.end], "statement"),)


def test_every_statement_of_the_examples_goes_the_fast_way(examples: Path) -> None:
    for path in sorted(examples.glob("*.mpl")):
        source, (_, build, automaton) = Source(str(path), path.read_text()), _parser("mpl")
        build.base = 0
        document = parse_document(source, Problems())
        assert document.statements
        for statement in document.statements:
            read = automaton.run(source.text, statement.start, statement.end, "statement")
            assert read == (statement.content,)


@pytest.mark.parametrize("text", ["axiom a x = y", "axiom a: (x = y", "sort = N"])
def test_what_cannot_be_read_is_left_to_lark(text: str) -> None:
    assert _parser("mpl")[2].run(text, 0, len(text), "statement") is None
