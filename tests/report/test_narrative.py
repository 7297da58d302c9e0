"""Derivations told in words: every step is told, in order, with its rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from lemmata.engine.derivation import Chain, Congruence
from lemmata.engine.notation import Notation
from lemmata.engine.term import App
from lemmata.report.citation import Survey
from lemmata.report.mathml import Mathematics, elide, mathml
from lemmata.report.narrative import Citation, Line, narrate
from lemmata.report.rewriting import rewrites, sides
from lemmata.report.sheet import Sheets
from tests.soundness.samples import THEORY, theorems

NAMES = sorted(theorems())


def _lines(name: str) -> tuple[Line, ...]:
    theorem = theorems()[name]
    statements = {
        **{axiom.name: axiom for axiom in THEORY.axioms},
        **{lemma.name: lemma.statement for lemma in theorem.cited},
    }
    return narrate(
        THEORY.signature,
        Mathematics(Notation.of(THEORY)),
        theorem.derivation,
        lambda cited: Citation(statements[cited], f"{cited}.html"),
    )


def _numbers(lines: tuple[Line, ...]) -> Iterator[int]:
    for line in lines:
        if line.piece == 0:
            yield line.number
        yield from line.shown
        for row in line.rows:
            yield from row.shown
        for section in line.sections:
            yield from (assumed.number for assumed in section.assumptions)
            yield from _numbers(section.lines)


def _all(lines: tuple[Line, ...]) -> Iterator[Line]:
    for line in lines:
        yield line
        for section in line.sections:
            yield from _all(section.lines)


@pytest.mark.parametrize("name", NAMES)
def test_each_step_and_hypothesis_is_told_once(name: str) -> None:
    survey = Survey.of(theorems()[name].derivation)
    expected = sorted([*survey.steps, *survey.hypotheses])
    assert sorted(_numbers(_lines(name))) == expected


@pytest.mark.parametrize("name", NAMES)
def test_each_line_gives_a_reason_and_links_to_what_it_cites(name: str) -> None:
    for line in _all(_lines(name)):
        told = [(line.reason, line.premises)] if not line.rows else []
        told += [(row.reason, row.premises) for row in line.rows]
        for reason, premises in told:
            assert reason.striptags()
            linked = {int(number) for number in re.findall(r'href="step:(\d+)"', reason)}
            assert linked == set(premises)


@pytest.mark.parametrize("name", NAMES)
def test_chains_start_and_end_at_the_sides_and_their_links_meet(name: str) -> None:
    survey = Survey.of(theorems()[name].derivation)
    for step in survey.steps.values():
        if step.number in survey.inline or not isinstance(step.rule, Chain | Congruence):
            continue
        found = rewrites(survey, step)
        assert (found[0].before, found[-1].after) == sides(step.conclusion)
        assert all(one.after == two.before for one, two in pairwise(found))


@pytest.mark.parametrize("limit", [1, 600, 5_000, 1_000_000])
@pytest.mark.parametrize("name", NAMES)
def test_a_proof_on_several_pages_has_each_step_on_one(name: str, limit: int) -> None:
    lines = _lines(name)
    sheets = Sheets.of(lines, name, limit)
    assert set(sheets.home) == set(_numbers(lines))
    assert set(sheets.home.values()) <= set(range(len(sheets.sheets)))
    if limit == 1_000_000:
        assert len(sheets.sheets) == 1


def test_small_pages_are_many_and_links_lead_across() -> None:
    name = max(NAMES, key=lambda one: len(Survey.of(theorems()[one].derivation).steps))
    sheets = Sheets.of(_lines(name), "proof", 600)
    assert len(sheets.sheets) > 1
    far = next(step for step, home in sheets.home.items() if home > 0)
    link = f'<a href="step:{far}">'
    assert sheets.resolve(link, 0) == f'<a href="{sheets.file(sheets.home[far])}#s{far}">'
    assert sheets.resolve(link, sheets.home[far]) == f'<a href="#s{far}">'


def test_names_a_prover_made_up_do_not_reach_the_reader() -> None:
    for name in NAMES:
        for line in _all(_lines(name)):
            told = [line.math, line.reason, *(row.math + row.reason for row in line.rows)]
            assert "!" not in " ".join(part.striptags() for part in told)


def test_deep_and_wide_terms_are_cut_and_say_so() -> None:
    deep = App("0", (), "N")
    for _ in range(5_000):
        deep = App("f", (deep,), "N")
    assert "…" in mathml(Mathematics(Notation({})).term(deep))
    wide = App("g", (App("0", (), "N"),) * 3, "N")
    assert elide(wide) is wide
