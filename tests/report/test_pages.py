"""What every page promises: valid HTML, no dead link, no markup from names, nothing from outside."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import html5lib
import pytest

from lemmata.dsl.load import parse_theory
from lemmata.engine.errors import UsageError
from lemmata.engine.verdict import Proved, Unknown
from lemmata.report import write_site
from tests.soundness.samples import theorems

from .conftest import ODD_NAMES, Site

LIMIT = 1_000_000
_ATTRIBUTE = re.compile(r'[ \n](id|href|src)="([^"]*)"')


@dataclass(frozen=True)
class _Links:
    """The ids of a page, and all that it refers to."""

    ids: list[str]
    targets: list[str]


@cache
def _read(page: Path) -> _Links:
    # The templates quote every attribute, and every text they fill in has its quotes escaped.
    found = _ATTRIBUTE.findall(page.read_text(encoding="utf-8"))
    return _Links(
        [unescape(value) for name, value in found if name == "id"],
        [unescape(value) for name, value in found if name != "id"],
    )


def _dead(site: Site) -> Iterator[str]:
    files = {path for path in site.root.rglob("*") if path.is_file()}
    pages = {page: _read(page) for page in site.pages}
    for page, links in pages.items():
        for target in links.targets:
            if target.startswith("data:"):
                continue
            path, fragment = urldefrag(target)
            place = Path(os.path.normpath(page.parent / unquote(path))) if path else page
            if place not in files or (fragment and fragment not in pages[place].ids):
                yield f"{page.name}: {target}"


@pytest.mark.parametrize("name", ["peano", "mixed", "large", "explored"])
def test_no_link_is_dead(name: str, request: pytest.FixtureRequest) -> None:
    assert list(_dead(request.getfixturevalue(name))) == []


@pytest.mark.parametrize("name", ["peano", "mixed", "explored"])
def test_pages_are_valid_html(name: str, request: pytest.FixtureRequest) -> None:
    site: Site = request.getfixturevalue(name)
    for page in site.pages:
        html5lib.HTMLParser(strict=True).parse(page.read_text(encoding="utf-8"))


def test_long_pages_are_valid_html(large: Site) -> None:
    for page in ("index.html", "graph.html", "theorems/long-list.2.html", "theorems/law-7.html"):
        html5lib.HTMLParser(strict=True).parse((large.root / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["peano", "mixed", "large", "explored"])
def test_ids_are_unique(name: str, request: pytest.FixtureRequest) -> None:
    site: Site = request.getfixturevalue(name)
    for page in site.pages:
        counts = Counter(_read(page).ids)
        assert [one for one, count in counts.items() if count > 1] == [], page.name


@pytest.mark.parametrize("name", ["peano", "mixed", "large", "explored", "wide"])
def test_no_file_is_over_a_megabyte(name: str, request: pytest.FixtureRequest) -> None:
    site: Site = request.getfixturevalue(name)
    pages = [*site.pages, *site.root.glob("assets/*")]
    assert max(page.stat().st_size for page in pages) < LIMIT


def test_nothing_comes_from_elsewhere(peano: Site) -> None:
    for page in peano.pages:
        assert not re.search(r"(src|href)=\"(https?:)?//", page.read_text(encoding="utf-8"))
    for asset in peano.root.glob("assets/*"):
        assert "@import" not in asset.read_text(encoding="utf-8")


def test_names_are_shown_and_never_read_as_markup(mixed: Site) -> None:
    for page in mixed.pages:
        text = page.read_text(encoding="utf-8")
        for markup in ("<script>alert", "<i>mixed", "<u>late", "<em>all", "0 + <b>"):
            assert markup not in text
        tree = html5lib.parse(text, namespaceHTMLElements=False)
        scripts = ["".join(script.itertext()).strip() for script in tree.iter("script")]
        assert set(scripts) == {""}
    index = html5lib.parse((mixed.root / "index.html").read_text(), namespaceHTMLElements=False)
    shown = {"".join(link.itertext()) for link in index.iter("a")}
    assert shown.issuperset(ODD_NAMES)


def test_data_of_the_index_cannot_end_its_script(mixed: Site) -> None:
    text = (mixed.root / "assets" / "entries.js").read_text()
    data = json.loads(text.removeprefix("window.lemmataEntries=").removesuffix(";\n"))
    assert {entry[0] for entry in data}.issuperset(ODD_NAMES)
    assert text.isascii()


def test_files_differ_in_more_than_case_and_stay_inside(mixed: Site) -> None:
    names = [page.relative_to(mixed.root).as_posix() for page in mixed.pages]
    assert len({name.lower() for name in names}) == len(names)
    assert all(re.fullmatch(r"(theorems/|axioms/)?[a-z0-9.-]+\.html", name) for name in names)
    theorems = [name for name in names if name.startswith("theorems/")]
    assert len(theorems) == len(ODD_NAMES) + 1


def test_each_statement_has_its_page(peano: Site) -> None:
    # Besides what the theory states, the law that sorts sums is found on the way.
    axioms = [page for page in peano.pages if page.parent.name == "axioms"]
    theorems = [page.stem for page in peano.pages if page.parent.name == "theorems"]
    assert len(axioms) == len(peano.theory.axioms)
    assert len(theorems) == len(peano.theory.conjectures) + 1
    assert "exchange" in theorems


def test_a_counterexample_is_a_table(mixed: Site) -> None:
    tree = html5lib.parse(
        (mixed.root / "theorems" / "wrong.html").read_text(), namespaceHTMLElements=False
    )
    cells = [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]
    assert cells == [["Variable", "Value"], ["a", "0"], ["b", "s(0)"]]


def test_an_unknown_goal_says_why_and_what_was_tried(mixed: Site) -> None:
    text = (mixed.root / "theorems" / "con-1.html").read_text()
    assert "The time allowed for this goal ran out." in text
    assert "&lt;em&gt;all&lt;/em&gt;" in text


def test_blocks_and_messages_have_a_page_for_each_goal(peano: Site) -> None:
    pages = {page.stem for page in peano.root.glob("blocks/*.html")}
    theorems = {page.stem for page in peano.root.glob("theorems/*.html")}
    assert pages == theorems - {"exchange"}  # a lemma found on the way is no goal
    text = (peano.root / "blocks" / "add-comm.html").read_text()
    assert "a + b = b + a" in text
    assert text.count('<span class="cycle">') > 0


def test_the_same_input_gives_the_same_bytes(mixed: Site, tmp_path: Path) -> None:
    goals = [statement.name for statement in mixed.theory.conjectures]
    verdicts = [Unknown(name, "time", cpu_seconds=0.5) for name in goals]
    for place in ("one", "two"):
        write_site(tmp_path / place, mixed.theory, verdicts)
    for page in (tmp_path / "one").rglob("*.html"):
        other = tmp_path / "two" / page.relative_to(tmp_path / "one")
        assert page.read_bytes() == other.read_bytes()


def test_a_verdict_on_no_goal_of_the_theory_is_refused(mixed: Site, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no conjecture named 'elsewhere'"):
        write_site(tmp_path, mixed.theory, [Unknown("elsewhere", "time")])


def test_what_was_cut_says_so(large: Site) -> None:
    assert "The picture was cut" in (large.root / "graph.html").read_text()
    assert "The chain goes on." in (large.root / "theorems" / "long-chain.html").read_text()
    assert "of 2,006 statements" in (large.root / "index.html").read_text()


def test_a_long_proof_keeps_every_step(large: Site) -> None:
    for name in ("long-chain", "long-list"):
        pages = large.root.glob(f"theorems/{name}*.html")
        ids = [one for page in pages for one in _read(page).ids if re.fullmatch(r"s\d+", one)]
        assert sorted(ids) == sorted(f"s{number}" for number in range(1, 2_002))


def test_lemmas_of_a_single_verdict_have_pages(tmp_path: Path) -> None:
    theorem = theorems()["le_trans"]
    assert theorem.cited
    write_site(tmp_path, theorem.theory, [Proved("le_trans", theorem)])
    site = Site(tmp_path, theorem.theory)
    assert list(_dead(site)) == []
    index = (tmp_path / "index.html").read_text()
    for lemma in theorem.cited:
        assert f">{lemma.name}</a>" in index
    assert '<span class="badge lemma">' in index


def test_a_place_that_cannot_be_written_is_named(mixed: Site, tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.write_text("a file")
    with pytest.raises(UsageError, match=r"cannot write pages to .*taken"):
        write_site(place, mixed.theory, [])


def test_deep_terms_do_not_overflow(tmp_path: Path) -> None:
    deep = "f(" * 190 + "k" + ")" * 190
    theory = parse_theory(
        f"theory deep\nsort N = 0 | s(N)\nconst k : N\nop f : N -> N\nconjecture c: {deep} = k\n"
    )
    write_site(tmp_path, theory, [Unknown("c", "time")])
    text = (tmp_path / "theorems" / "c.html").read_text()
    assert "<mi>…</mi>" in text
    assert deep in text  # in MPL it stands in full
