"""The pages in Chromium: search, filters, highlights, folds, the graph, colours, keys, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site


def _names(page: Page) -> list[str]:
    # What is not drawn yet has no inner text: entries are drawn as they come into view.
    return page.locator("#entries a.name").all_text_contents()


def _view(page: Page) -> list[float]:
    box = page.locator("[data-graph] svg").get_attribute("viewBox")
    assert box is not None
    return [float(part) for part in box.split()]


def test_search_finds_names_and_statements(page: Page, peano: Site) -> None:
    page.goto(peano.url("index.html"))
    page.get_by_label("Search names and statements").press_sequentially("assoc")
    assert _names(page) == ["add_assoc", "mul_assoc"]
    page.get_by_label("Search names and statements").fill("s(a) *")
    assert _names(page) == ["succ_mul"]
    expect(page.get_by_role("status")).to_have_text("1 statement")
    page.get_by_label("Search names and statements").fill("nowhere")
    expect(page.get_by_role("status")).to_have_text("Nothing matches.")


def test_mathematics_found_by_search_looks_as_before(page: Page, peano: Site) -> None:
    page.goto(peano.url("index.html"))
    before = page.locator("#entries .math").all_text_contents()
    shapes = page.locator("#entries math").evaluate_all("all => all.map(one => one.innerHTML)")
    page.get_by_label("Search names and statements").fill(" ")
    assert page.locator("#entries .math").all_text_contents() == before
    again = page.locator("#entries math").evaluate_all("all => all.map(one => one.innerHTML)")
    assert again == shapes


def test_filters_by_kind_axiom_and_use(page: Page, peano: Site) -> None:
    page.goto(peano.url("index.html"))
    page.get_by_label("axiom 7").check()
    assert len(_names(page)) == 7
    page.get_by_label("axiom 7").uncheck()
    page.get_by_label("proved 12").check()
    page.get_by_label("Rests on the axiom").select_option("mul_succ")
    resting = _names(page)
    assert "mul_comm" in resting
    assert "add_comm" not in resting
    page.get_by_label("Rests on the axiom").select_option("any")
    page.get_by_label("proved 12").uncheck()
    page.get_by_label("Used by").fill("le_trans")
    assert set(_names(page)) == {"<=", "add_assoc"}


def test_a_search_is_kept_in_the_address(page: Page, peano: Site) -> None:
    page.goto(peano.url("index.html"))
    page.get_by_label("Search names and statements").fill("comm")
    page.get_by_label("proved 12").check()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert _names(page) == ["add_comm", "mul_comm"]
    expect(page.get_by_label("proved 12")).to_be_checked()


def test_two_thousand_theorems_are_searched(page: Page, large: Site) -> None:
    page.goto(large.url("index.html"))
    assert len(_names(page)) == 150
    page.get_by_label("Search names and statements").fill("law_1999")
    assert _names(page) == ["law_1999"]
    page.get_by_label("Search names and statements").fill("law_1")
    expect(page.get_by_role("status")).to_have_text("100 of 1,111 statements")
    page.get_by_role("button", name="Show more").click()
    assert len(_names(page)) == 200
    # The first of the new ones has the focus, so that keys go on from there.
    assert page.evaluate("document.activeElement.textContent") == _names(page)[100]


@pytest.mark.parametrize(
    "name", ["index.html", "theorems/long-list.html", "theorems/long-chain.html", "graph.html"]
)
def test_large_pages_paint_at_once(page: Page, large: Site, name: str) -> None:
    # Counts work instead of time, so that a busy machine does not fail the test: what one page
    # asks the browser to lay out has a bound, whatever the size of the theory.
    page.goto(large.url(name))
    assert page.evaluate("document.getElementsByTagName('*').length") < 6_000


def test_premises_light_up_under_the_pointer(page: Page, peano: Site) -> None:
    page.goto(peano.url("theorems/le-trans.html"))
    step = page.locator(".step[data-uses]").filter(has_text="using").first
    step.hover()
    used = step.get_attribute("data-uses")
    assert used
    lit = page.locator(".premise").evaluate_all("all => all.map(one => one.id)")
    assert sorted(lit) == sorted(f"s{number}" for number in used.split())
    page.get_by_role("heading", level=1).hover()
    expect(page.locator(".premise")).to_have_count(0)


def test_premises_light_up_on_focus(page: Page, peano: Site) -> None:
    page.goto(peano.url("theorems/le-trans.html"))
    numbers = page.locator("a.no")
    numbers.first.focus()
    for _ in range(30):
        page.keyboard.press("ArrowDown")
        if page.locator(".premise").count():
            break
    focused = page.locator(".step:has(> a.no:focus)")
    used = focused.get_attribute("data-uses")
    assert used
    lit = page.locator(".premise").evaluate_all("all => all.map(one => one.id)")
    assert sorted(lit) == sorted(f"s{number}" for number in used.split())


def test_links_of_a_chain_light_up_their_own_premises(page: Page, peano: Site) -> None:
    page.goto(peano.url("theorems/add-comm.html"))
    link = page.locator(".link[data-uses]").first
    link.get_by_role("link", name=re.compile("^step")).first.focus()
    expect(link).to_have_class(re.compile("citing"))
    premise = page.locator(".premise")
    expect(premise).to_have_count(1)
    expect(premise).to_contain_text("induction hypothesis")


def test_subproofs_fold_and_unfold(page: Page, peano: Site) -> None:
    page.goto(peano.url("theorems/add-comm.html"))
    folds = page.locator(".proof details")
    assert folds.count() == 2
    page.get_by_role("button", name="Fold all", exact=True).click()
    expect(page.locator(".proof details[open]")).to_have_count(0)
    folds.first.locator("summary").click()
    expect(page.locator(".proof details[open]")).to_have_count(1)
    page.get_by_role("button", name="Unfold all").click()
    expect(page.locator(".proof details[open]")).to_have_count(2)


def test_a_link_to_a_folded_step_opens_it(page: Page, peano: Site) -> None:
    page.goto(peano.url("theorems/add-comm.html"))
    inner = page.locator(".proof details .step[id]").last.get_attribute("id")
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.evaluate("id => { location.hash = id; }", inner)
    expect(page.locator(f"#{inner}")).to_be_visible()


def test_the_graph_zooms_moves_and_leads_on(page: Page, peano: Site) -> None:
    page.goto(peano.url("theorems/mul-comm.html"))
    whole = _view(page)
    page.get_by_role("button", name="Zoom in").click()
    assert _view(page)[2] < whole[2]
    page.get_by_role("button", name="Show all").click()
    assert _view(page)[2] >= whole[2]
    before = _view(page)
    canvas = page.locator("[data-graph]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 12, box["y"] + box["height"] - 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 92, box["y"] + box["height"] - 42, steps=4)
    page.mouse.up()
    after = _view(page)
    assert after[0] < before[0]
    assert after[1] > before[1]
    page.get_by_role("button", name="Show all").click()
    canvas.get_by_role("link", name="add_succ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("add_succ")


def test_the_graph_obeys_keys(page: Page, peano: Site) -> None:
    page.goto(peano.url("graph.html"))
    canvas = page.locator("[data-graph]")
    canvas.focus()
    start = _view(page)
    page.keyboard.press("ArrowRight")
    assert _view(page)[0] > start[0]
    page.keyboard.press("+")
    assert _view(page)[2] < start[2]
    page.keyboard.press("0")
    canvas.get_by_role("link", name="add_comm").focus()
    near = page.locator(".mark.near text").all_text_contents()
    assert {"add_comm", "zero_add", "succ_mul"} <= set(near)
    assert "le_trans" not in near
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("add_comm")


def test_the_wheel_scrolls_the_page_until_the_graph_has_the_focus(page: Page, peano: Site) -> None:
    page.goto(peano.url("graph.html"))
    before = _view(page)
    canvas = page.locator("[data-graph]")
    canvas.hover()
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    assert _view(page) == before
    canvas.focus()
    page.mouse.wheel(0, -200)
    page.wait_for_function(
        "width => document.querySelector('[data-graph] svg').viewBox.baseVal.width < width",
        arg=before[2],
    )


def test_colours_follow_the_system_and_the_button(page: Page, peano: Site) -> None:
    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.emulate_media(color_scheme="light")
    page.goto(peano.url("index.html"))
    light = paper()
    page.emulate_media(color_scheme="dark")
    dark = paper()
    assert light != dark
    button = page.get_by_role("button", name="Dark colours")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    assert paper() == light
    expect(button).to_have_attribute("aria-pressed", "false")
    # The choice holds on the next page.
    page.goto(peano.url("theorems/add-comm.html"))
    assert paper() == light


def test_a_reader_needs_no_mouse(page: Page, peano: Site) -> None:
    page.goto(peano.url("index.html"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("mul_comm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("mul_comm")
    summary = page.locator(".proof summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".proof details").first).not_to_have_attribute("open", "")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("name", ["add-comm.json", "add-comm.v"])
def test_the_proof_is_saved_and_copied(page: Page, peano: Site, name: str) -> None:
    page.goto(peano.url("theorems/add-comm.html"))
    kept = (peano.root / "files" / name).read_text()
    with page.expect_download() as saving:
        page.get_by_role("link", name=f"Download {name}").click()
    assert saving.value.suggested_filename == name
    assert Path(saving.value.path()).read_text() == kept
    page.get_by_role("button", name=f"Copy {name}").click()
    expect(page.get_by_role("button", name=f"Copied {name}")).to_be_focused()
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("body > textarea").focus()
    page.keyboard.press("Control+V")
    assert page.locator("body > textarea").input_value() == kept


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(
    page: Page, peano: Site, mixed: Site, scheme: str
) -> None:
    # Colours on their way to others have no contrast of their own.
    page.emulate_media(
        color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce"
    )
    for url in (
        peano.url("index.html"),
        peano.url("theorems/add-comm.html"),
        peano.url("blocks/add-comm.html"),
        mixed.url("theorems/wrong.html"),
        mixed.url("theorems/con-1.html"),
    ):
        page.goto(url)
        page.evaluate(
            "document.querySelectorAll('.link').forEach(one => one.classList.add('premise'))"
        )
        assert page.evaluate(_CONTRAST) == [], url


def test_pages_fit_a_phone(page: Page, peano: Site, mixed: Site) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    kept = ("mul-add", "le-trans", "mul-succ", "index", "blocks", "graph", "script-alert-1-script")
    paths = [path for site in (peano, mixed) for path in site.pages if path.stem in kept]
    assert len(paths) >= 8
    for path in paths:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path.name


def test_print_shows_folded_steps_and_no_controls(page: Page, peano: Site) -> None:
    page.goto(peano.url("theorems/add-comm.html"))
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".proof details .step").last).to_be_visible()
    expect(page.get_by_role("button", name="Fold all", exact=True)).to_be_hidden()
    expect(page.locator(".masthead")).to_be_hidden()


def test_pages_have_landmarks_headings_and_names(page: Page, peano: Site, mixed: Site) -> None:
    for url in (
        peano.url("index.html"),
        peano.url("graph.html"),
        peano.url("blocks.html"),
        peano.url("theorems/mul-add.html"),
        mixed.url("theorems/wrong.html"),
    ):
        page.goto(url)
        for role in ("banner", "main", "contentinfo"):
            expect(page.get_by_role(role)).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.evaluate(_NAMELESS) == []


def test_the_index_works_without_scripts(large: Site, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(large.url("index.html"))
    expect(page.locator("#search")).to_be_hidden()
    page.get_by_role("link", name="Page 2 →").click()
    expect(page.locator("#entries .entry")).to_have_count(150)
    context.close()


_NAMELESS = """() => Array.from(document.querySelectorAll('a, button, input, select, summary'))
  .filter(one => one.getClientRects().length)
  .filter(one => !(one.getAttribute('aria-label') || one.textContent.trim() ||
                   (one.labels && one.labels.length)))
  .map(one => one.outerHTML)"""

# Contrast of each visible text with the first opaque background behind it (WCAG 2.1, 1.4.3).
_CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const level = ([r, g, b]) => [r, g, b].map(one => one / 255)
    .map(one => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = node => {
    for (let one = node; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !node.getClientRects().length) continue;
    if (node.closest('svg, .unseen, .skip, option, script, title')) continue;
    const one = level(parse(getComputedStyle(node).color)), two = level(behind(node));
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) found.push(node.className + ' ' + ratio.toFixed(2) + ' ' + node.textContent.slice(0, 40));
  }
  return found;
}"""
