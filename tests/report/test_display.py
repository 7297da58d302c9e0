"""Results show themselves in notebooks: what they say, safely."""

from __future__ import annotations

import subprocess
import sys

import html5lib

from lemmata.dsl.load import parse_theory
from lemmata.engine.display import theory_card
from lemmata.engine.verdict import Proved, Refuted, Unknown
from tests.soundness.samples import theorems


def _text(html: str) -> str:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    return " ".join("".join(tree.itertext()).split())


def test_a_proof_shows_its_statement_axioms_and_lemmas() -> None:
    theorem = theorems()["add_comm"]
    shown = _text(Proved("add_comm", theorem, theorem.cited, "induction on a")._repr_html_())
    assert shown.startswith("proved add_comm: a + b = b + a")
    for word in (*theorem.axioms, *theorem.lemmas, "induction on a"):
        assert word in shown


def test_a_counterexample_shows_its_values() -> None:
    html = Refuted("<b>", (("x", "s(0)"),), ("f(0) = <1>",), "0 is not s(0)")._repr_html_()
    assert _text(html) == "refuted <b>xs(0)modelf(0) = <1>because0 is not s(0)"
    assert "<b>" not in html


def test_an_open_question_shows_why() -> None:
    html = Unknown("goal", "time", "at depth 3", tried=("saturation", "<induction>"))._repr_html_()
    assert "time at depth 3" in _text(html)
    assert "&lt;induction&gt;" in html


def test_a_theory_shows_its_statements_and_cuts_long_lists() -> None:
    laws = "".join(f"conjecture law{number}: a = a\n" for number in range(60))
    theory = parse_theory(f"theory small\nsort N = 0 | s(N)\n{laws}")
    shown = _text(theory._repr_html_())
    assert theory._repr_html_() == theory_card(theory)
    assert "law49" in shown
    assert "law50" not in shown
    assert "and 10 more" in shown


def test_pages_are_not_loaded_to_show_results() -> None:
    code = "import lemmata.engine.verdict, sys; sys.exit('jinja2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
