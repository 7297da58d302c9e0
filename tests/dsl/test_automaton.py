"""The fast way to parse: what it reads is what lark reads, and what it cannot read lark explains."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from lemmata.dsl import parser
from lemmata.dsl.diagnostics import Problems, Source
from lemmata.dsl.parser import _lark, _parser, parse_document
from lemmata.dsl.segment import segments
from lemmata.dsl.tables import GRAMMARS, grammar_text, made, tables, written

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
    (lark, _), (build, automaton) = _lark("mpl"), _parser("mpl")
    build.base = 0
    (code,) = [segment for segment in segments(text) if segment.start < segment.end]
    fast = automaton.run(text, code.start, code.end, "statement")
    assert fast == (lark.parse(text[code.start : code.end], "statement"),)


def test_every_statement_of_the_examples_goes_the_fast_way(examples: Path) -> None:
    for path in sorted(examples.glob("*.mpl")):
        source, (build, automaton) = Source(str(path), path.read_text()), _parser("mpl")
        build.base = 0
        document = parse_document(source, Problems())
        assert document.statements
        for statement in document.statements:
            read = automaton.run(source.text, statement.start, statement.end, "statement")
            assert read == (statement.content,)


@pytest.mark.parametrize("text", ["axiom a x = y", "axiom a: (x = y", "sort = N"])
def test_what_cannot_be_read_is_left_to_lark(text: str) -> None:
    assert _parser("mpl")[1].run(text, 0, len(text), "statement") is None


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_the_kept_tables_belong_to_the_grammar(grammar: str) -> None:
    folder = Path(parser.__file__).parent / "grammar"
    kept = (folder / f"{grammar}.json").read_text("utf-8")
    assert json.loads(kept)["grammar"] == made(grammar).grammar, "run: python -m lemmata.dsl.tables"
    assert asdict(tables(grammar)) == json.loads(kept)
    assert json.loads(written(grammar)).keys() == json.loads(kept).keys()


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    text = grammar_text("mpl").replace('"conjecture"', '"surmise"')
    monkeypatch.setattr("lemmata.dsl.tables.grammar_text", lambda name: text)
    assert "surmise" in tables("mpl").words
