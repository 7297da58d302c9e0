"""Sites that page tests look at, and the browser that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from lemmata.dsl.load import load, parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.grid_report import GridReport
from lemmata.engine.theory import Theory
from lemmata.engine.verdict import Proved, Refuted, Unknown, Verdict
from lemmata.provers.prove import prove_all
from lemmata.report import write_development, write_site
from lemmata.report.exploration import Exploration
from tests.conftest import ROOT, need_tool
from tests.exploration.found import developed

from .large import large_theory, large_verdicts

ODD_NAMES = ("<script>alert(1)</script>", "a/b", "A/B", "../../up", "con", "Übung·1", "&amp;\"'")


@dataclass(frozen=True)
class Site:
    """A site on disk, with the theory it tells of."""

    root: Path
    theory: Theory

    def url(self, page: str) -> str:
        return (self.root / page).as_uri()

    @property
    def pages(self) -> list[Path]:
        return sorted(self.root.rglob("*.html"))


@pytest.fixture(scope="session")
def settled() -> list[tuple[Verdict, GridReport]]:
    """The conjectures of the example, settled."""
    theory = load(ROOT / "examples" / "peano.mpl")
    return list(prove_all(theory, budget=Budget(seconds=10)))


@pytest.fixture(scope="session")
def peano(
    settled: list[tuple[Verdict, GridReport]], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """The example, proved."""
    theory = load(ROOT / "examples" / "peano.mpl")
    root = tmp_path_factory.mktemp("peano")
    blocks = {verdict.goal: report for verdict, report in settled}
    write_site(root, theory, [verdict for verdict, _ in settled], blocks)
    return Site(root, theory)


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One conjecture refuted, others unknown, with names that try to break out."""
    theory = parse_theory(
        "theory mixed\nsort N = 0 | s(N)\nop + : N, N -> N\n"
        "axiom add_zero: a + 0 = a\nconjecture wrong: a + b = a\n"
    )
    (wrong,) = theory.conjectures
    odd = tuple(replace(wrong, name=name) for name in ODD_NAMES)
    theory = replace(theory, name="<i>mixed</i>", conjectures=(wrong, *odd))
    refuted = Refuted("wrong", (("a", "0"), ("b", "s(0)")), ("0 + <b> = 1",), "0 + 1 is 1")
    unknown = [Unknown(name, "time", "<u>late</u>", tried=("<em>all</em>",)) for name in ODD_NAMES]
    root = tmp_path_factory.mktemp("mixed")
    write_site(root, theory, [refuted, *unknown])
    return Site(root, theory)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Two thousand statements, and proofs of two thousand steps."""
    theory = large_theory(2_000)
    root = tmp_path_factory.mktemp("large")
    write_site(root, theory, large_verdicts(theory, 2_000))
    return Site(root, theory)


@pytest.fixture(scope="session")
def explored(
    settled: list[tuple[Verdict, GridReport]], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """The example as if an exploration had found its laws."""
    theory = load(ROOT / "examples" / "peano.mpl")
    theorems = [verdict.theorem for verdict, _ in settled if isinstance(verdict, Proved)]
    root = tmp_path_factory.mktemp("explored")
    write_development(root, developed(theory, theorems))
    return Site(root, theory)


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """What is about two thousand laws as a whole: all but their own pages and the downloads."""
    theory = large_theory(2_000)
    verdicts = large_verdicts(theory, 2_000, proved=2_000)
    theorems = [verdict.theorem for verdict in verdicts if isinstance(verdict, Proved)][2:]
    assert len(theorems) == 2_000
    root = tmp_path_factory.mktemp("wide")
    for path, text in Exploration(developed(theory, theorems)).overview():
        if path.startswith("files/"):
            break
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return Site(root, theory)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as it is installed."""
    with sync_playwright() as playwright:
        path = need_tool("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; an error in a script, or a word with the network, fails the test."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, accept_downloads=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("file:", "data:", "blob:"))
            else faults.append(request.url)
        ),
    )
    yield page
    context.close()
    assert faults == []
