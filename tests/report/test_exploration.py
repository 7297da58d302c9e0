"""The site of an exploration: what it lists, draws and gives to download."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Page, expect

from lemmata.dsl.load import parse_theory
from lemmata.engine.exploration.development import Development, NearMiss, Progress
from lemmata.report import write_development
from lemmata.report.timeline import Timeline

from .conftest import Site
from .test_browser import _CONTRAST, _NAMELESS

OVERVIEW = ("index", "graph", "conjectures", "run", "download")


def _rows(page: Page) -> list[str]:
    return page.locator("#entries .name").all_text_contents()


def test_laws_stand_by_rank_and_family_and_essential_ones_are_marked(
    page: Page, explored: Site
) -> None:
    page.goto(explored.url("index.html"))
    rows = _rows(page)
    assert rows[:3] == ["zero_add", "succ_add", "add_comm"]
    assert rows[-1] == "<="  # what is assumed comes last
    second = page.locator("#entries .entry").nth(1)
    expect(second).to_have_class("entry variant")
    expect(second.locator(".rank")).to_have_text("")
    expect(page.locator("#entries .rank").nth(2)).to_have_text("2")
    marks = page.locator("#entries .entry", has_text="add_comm").locator(".badge")
    expect(marks).to_have_text("essential")
    expect(page.locator(".totals")).to_contain_text("280")


def test_laws_are_filtered_by_word_kind_and_symbol(page: Page, explored: Site) -> None:
    page.goto(explored.url("index.html"))
    page.get_by_label("Speaks about").select_option(label="≤")
    assert _rows(page) == ["le_trans", "<="]
    page.get_by_label("Speaks about").select_option(label="·")
    page.locator("input[value=essential]").check()
    rows = _rows(page)
    assert "mul_comm" in rows
    assert not {"mul_add", "add_comm", "mul_zero"} & set(rows)
    page.reload()
    assert _rows(page) == rows  # the address keeps the choice
    page.get_by_label("Speaks about").select_option("")
    page.locator("input[value=essential]").uncheck()
    page.get_by_label("Search names").fill("commutativity")
    assert _rows(page) == ["add_comm", "mul_comm"]
    page.get_by_label("Search names").fill("succ_add")
    assert _rows(page) == ["succ_add"]
    expect(page.locator("#entries .rank")).to_have_text("1")


def test_a_law_s_page_tells_its_place(page: Page, explored: Site) -> None:
    page.goto(explored.url("theorems/succ-add.html"))
    facts = page.locator(".facts").first
    expect(facts).to_contain_text("2, in family 1")
    expect(facts.get_by_role("link", name="zero_add")).to_have_count(1)
    page.goto(explored.url("theorems/mul-assoc.html"))
    expect(page.locator(".facts").first).to_contain_text("no: it follows from")
    expect(page.locator(".badge.law")).to_have_text("law")


def test_the_graph_is_filtered_and_clicked(page: Page, explored: Site) -> None:
    page.goto(explored.url("graph.html"))
    marks = page.locator(".mark")
    everything = marks.count()
    page.get_by_label("Around").fill("add_cancel")
    texts = page.locator(".mark text").all_text_contents()
    assert {"a + c = b + c -> a = b", "N.injective.s.1", "add_succ"} <= set(texts)
    assert "a * b = b * a" not in texts
    expect(page.get_by_role("status")).to_have_text(f"{len(texts)} statements")
    # Lines lead from left to right, and what is drawn lies inside the picture.
    assert page.evaluate(_DRAWN_WELL)
    page.get_by_label("Around").fill("")
    page.locator("input[value=axiom]").check()
    assert 0 < marks.count() < everything
    page.locator("input[value=axiom]").uncheck()
    assert marks.count() > len(texts)
    assert page.evaluate(_DRAWN_WELL)
    page.get_by_label("Names and statements").fill("no such law")
    expect(marks).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("Nothing matches.")
    page.get_by_label("Names and statements").fill("mul_comm")
    page.get_by_role("button", name="Zoom out").click()
    marks.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("mul_comm")


_DRAWN_WELL = """() => {
  const svg = document.querySelector('[data-graph] svg');
  const group = svg.querySelector('.view').getBBox();
  const boxes = new Map(Array.from(svg.querySelectorAll('.mark'))
    .map(mark => [mark.dataset.node, mark.querySelector('rect').getBBox()]));
  const forward = Array.from(svg.querySelectorAll('.arc')).every(arc => {
    const one = boxes.get(arc.dataset.source), two = boxes.get(arc.dataset.target);
    return one.x + one.width < two.x;
  });
  const all = Array.from(boxes.values());
  const apart = all.every((one, at) => all.slice(at + 1).every(two =>
    one.x + one.width <= two.x || two.x + two.width <= one.x ||
    one.y + one.height <= two.y || two.y + two.height <= one.y));
  return forward && apart && group.width > 0;
}"""


def test_two_thousand_laws_can_be_searched_and_drawn(page: Page, wide: Site) -> None:
    page.goto(wide.url("index.html"))
    expect(page.locator("#entries .entry")).to_have_count(150)
    page.get_by_label("Search names").fill("law_1999")
    assert _rows(page) == ["law_1999"]
    page.goto(wide.url("graph.html"))
    expect(page.locator(".mark")).to_have_count(150)
    page.get_by_label("Around").fill("law_1999")
    texts = page.locator(".mark text").all_text_contents()
    assert sorted(texts) == ["a + b = b + a"] * 3 + ["comm"]
    assert page.evaluate(_DRAWN_WELL)
    page.get_by_label("Around").fill("")
    page.locator("input[value=essential]").check()
    expect(page.get_by_role("status")).to_contain_text("150 of 1,")


def test_stated_conjectures_and_counterexamples_are_tables(explored: Site) -> None:
    tree = html5lib.parse(
        (explored.root / "conjectures.html").read_text(), namespaceHTMLElements=False
    )
    rows = [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]
    assert ["add_comm", "not found", "a+b=b+a", "add_comm"] in rows
    assert ["zero_add", "found", "0+a=a", "zero_add"] in rows
    assert ["refuted: a·b=a", "a = s(0), b = 0"] in rows


def test_the_timeline_has_a_dot_for_each_law_and_a_row_for_each_round(
    page: Page, explored: Site
) -> None:
    page.goto(explored.url("run.html"))
    dots = page.locator(".chart circle")
    expect(dots).to_have_count(12)
    expect(page.locator("tbody tr")).to_have_count(7)
    expect(page.locator(".curve")).to_have_count(6)
    across = dots.evaluate_all("all => all.map(one => Number(one.getAttribute('cx')))")
    assert across == sorted(across)
    dots.last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("le_trans")


def test_everything_can_be_downloaded(page: Page, explored: Site) -> None:
    page.goto(explored.url("download.html"))
    names = [link.get_attribute("download") for link in page.locator("a[download]").all()]
    assert names == [
        "development.json",
        "proofs.json",
        "development.v",
        "development.p",
        "development.graphml",
        "development.prov.json",
    ]
    assert all((explored.root / "files" / str(name)).stat().st_size for name in names)
    document = json.loads((explored.root / "files" / "development.json").read_text())
    for law in document["theorems"]:
        proof = json.loads((explored.root / "files" / law["proof"]).read_text())
        assert proof["theorems"][-1]["name"] == law["name"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(page: Page, explored: Site, scheme: str) -> None:
    page.emulate_media(
        color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce"
    )
    for name in OVERVIEW:
        page.goto(explored.url(f"{name}.html"))
        assert page.evaluate(_CONTRAST) == [], name


def test_on_a_phone_nothing_of_a_counterexample_is_out_of_sight(page: Page, explored: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(explored.url("conjectures.html"))
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    places = page.evaluate(
        "[...document.querySelectorAll('td, td pre')].map(one => one.getBoundingClientRect().right)"
    )
    assert len(places) > 5
    assert max(places) <= 360


def test_pages_fit_a_phone_and_have_landmarks_and_names(page: Page, explored: Site) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for name in (*OVERVIEW, "theorems/mul-assoc"):
        page.goto(explored.url(f"{name}.html"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
        assert page.evaluate(_NAMELESS) == [], name


def test_names_and_values_cannot_break_out(tmp_path: Path) -> None:
    theory = parse_theory("theory t\nsort N = 0 | s(N)\nop f : N -> N\naxiom one: f(a) = a\n")
    theory = replace(theory, name="</title><script>alert(1)</script>")
    miss = NearMiss("<b>f</b>", "conjecture m: <i>", (("<u>a</u>", "</td><script>"),))
    write_development(tmp_path, Development(theory, (), (miss,), stop="interrupted"))
    for place in tmp_path.rglob("*.html"):
        text = place.read_text()
        assert not re.search(r"<(b|i|u)>|<script>", text)
        html5lib.HTMLParser(strict=True).parse(text)
    assert "It was interrupted" in (tmp_path / "index.html").read_text()


def test_an_empty_run_still_has_a_timeline() -> None:
    theory = parse_theory("theory t\nsort N = 0 | s(N)\n")
    for timeline in ((), (Progress(1, 3, 3, at=0.0),), (Progress(1, 10**7, 0, at=5000.0),)):
        drawn = Timeline.of(Development(theory, (), timeline=timeline), lambda law: "")
        assert len(drawn.rows) == len(timeline)
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", drawn.staircase)]
        assert all(0 <= number <= drawn.width for number in numbers)
        assert all(0 <= tick.at <= drawn.top + drawn.panel for tick in drawn.powers)
