"""The report, driven in a real browser without network."""

from __future__ import annotations

import html
import shutil
from pathlib import Path
from typing import Any

import pytest

from lemmata.engine.errors import UsageError
from lemmata.engine.formulas.cluster import cluster
from lemmata.engine.formulas.label import label
from lemmata.report.formulas import write_report

playwright = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def site(swept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("report")
    shutil.copytree(swept, root / "sweep")
    label(root / "sweep")
    cluster(root / "sweep", min_size=15)
    write_report(root / "sweep", root / "site", points=500, pages=40)
    return root / "site"


@pytest.fixture(scope="module")
def browser() -> Any:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with playwright.sync_playwright() as driver:
        try:
            running = driver.chromium.launch(
                executable_path=executable, args=["--no-sandbox", "--use-gl=swiftshader"]
            )
        except playwright.Error as error:
            pytest.skip(f"no Chromium: {str(error).splitlines()[0]}")
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, site: Path) -> Any:
    opened = browser.new_page()
    problems: list[str] = []
    requests: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto((site / "index.html").as_uri())
    yield opened
    assert not problems
    assert all(url.startswith(("file:", "data:", "blob:")) for url in requests)
    opened.close()


def test_the_map_is_drawn_and_says_it_is_a_sample(page: Any) -> None:
    page.wait_for_selector("#map .main-svg")
    assert "A sample of" in page.inner_text("#map-note")
    assert page.evaluate("MAP.x.length") >= 100
    assert page.evaluate("document.querySelector('#map').data[0].x.length === MAP.x.length")
    zoomed = page.evaluate(
        "Plotly.relayout('map', {'xaxis.range': [-1, 0]}).then(m => m.layout.xaxis.range)"
    )
    assert zoomed == [-1, 0]


def test_search_leads_to_a_formula_with_its_mathematics(page: Any) -> None:
    page.fill("#search", "ln2")
    first = page.locator("#results a").first
    assert first.is_visible()
    formula = first.inner_text()
    first.click()
    page.wait_for_load_state()
    assert page.inner_text("h1") == formula
    assert page.locator("math mfrac").count() == 3
    assert page.locator("svg polyline").count() == 1
    assert "verified to" in page.inner_text("main")
    assert page.locator(".proved").count() == 1


def test_nothing_found_says_so(page: Any) -> None:
    page.fill("#search", "no such formula")
    assert page.locator("#results tr").count() == 0
    assert page.inner_text("#search-count").startswith("0 of the")


def test_a_cluster_page_shows_members_and_evidence(page: Any, site: Path) -> None:
    page.locator("a[href='cluster-0.html']").click()
    page.wait_for_load_state()
    text = page.inner_text("main")
    assert "Members tested" in text
    assert page.locator("table tbody tr").count() > 5


def test_every_link_leads_to_a_page(site: Path) -> None:
    import re

    for path in site.glob("*.html"):
        for target in re.findall(r'(?:href|src)="([^"#:]+)"', path.read_text()):
            assert (site / html.unescape(target)).exists(), (path.name, target)


def test_an_unwritable_site_is_one_clear_error(swept: Path, tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(UsageError, match="cannot write the report"):
        write_report(swept, blocker / "site", pages=2)
