"""A theorem told in plain text: what the pages show, without a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from lemmata.engine.checker import Theorem
from lemmata.engine.notation import Notation
from lemmata.engine.proof_file import with_lemmas

from .mathml import Mathematics
from .narrative import Line, Section, narrate
from .reason import Citation

_TIGHT = re.compile(r" ?\u2061 ?|(?<=[(\[]) | (?=[)\],.])")
"""Spaces that a person would not write, and the sign of application with those around it."""


def told(theorem: Theorem) -> list[str]:
    """The lines of a proof in readable order; what belongs to a subproof is indented.

    >>> from lemmata.dsl.load import parse_theory
    >>> from lemmata.provers import prove
    >>> theory = parse_theory("sort N = 0 | s(N)\\nconjecture c: s(a) = s(b) -> a = b")
    >>> for line in told(prove(theory, "c").theorem): print(line)
    (1) ∀ a b. s(a) = s(b) → a = b, by N.injective.s.1 with a for x1 and b for y1
    """
    theory = theorem.theory
    statements = {each.name: each.statement for each in with_lemmas(theorem)} | {
        axiom.name: axiom for axiom in theory.axioms
    }
    mathematics = Mathematics(Notation.of(theory))
    lines = narrate(
        theory.signature,
        mathematics,
        theorem.derivation,
        lambda name: Citation(statements[name], ""),
    )
    return list(_lines(lines, ""))


def _lines(lines: Sequence[Line], indent: str) -> Iterator[str]:
    for line in lines:
        head = f"{indent}({line.number}) {plain(line.math)}"
        yield f"{head}, {plain(line.reason)}" if line.reason else head
        for row in line.rows:
            yield f"{indent}    {plain(row.math)}, {plain(row.reason)}"
        for section in line.sections:
            yield from _section(section, f"{indent}  ")


def _section(section: Section, indent: str) -> Iterator[str]:
    yield f"{indent}{plain(section.title)}. To show: {plain(section.goal)}"
    if section.introduced:
        yield f"{indent}  {plain(section.introduced)}."
    for assumed in section.assumptions:
        yield f"{indent}  ({assumed.number}) {plain(assumed.math)}, {assumed.label}"
    yield from _lines(section.lines, f"{indent}  ")


def plain(markup: Markup) -> str:
    """Text without marks: operators of formulas stand between spaces, brackets do not."""
    spaced = re.sub(r"<mo[^>]*>([^<]*)</mo>", r" \1 ", str(markup))
    # Neighbouring names would run together: ∀ a b.
    spaced = re.sub(r"</(mi|mn|mtext)><(mi|mn|mtext)", r"</\1> <\2", spaced)
    text = html.unescape(re.sub(r"<[^>]+>", "", spaced))
    return _TIGHT.sub("", " ".join(text.split()))
