"""The static site of a theory: an index, a page a statement, the graph, the grid of blocks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from lemmata.engine.checker import Theorem
from lemmata.engine.errors import UsageError
from lemmata.engine.formula import Formula
from lemmata.engine.grid_report import GridReport
from lemmata.engine.lowering import free_variables
from lemmata.engine.notation import Notation
from lemmata.engine.proof_file import ProofWriter
from lemmata.engine.theory import Theory
from lemmata.engine.verdict import Proved, Verdict

from .attachment import Attachment, attachments
from .catalogue import Catalogue, Entry, Kind
from .citation import Survey
from .mathml import Mathematics, Token, compact, mathml
from .narrative import Citation, narrate
from .picture import around, whole
from .sheet import Sheets, count_steps
from .template import templates

_KINDS: tuple[Kind, ...] = ("proved", "refuted", "unknown", "lemma", "axiom")
_ROWS, _MESSAGES, _BLOCKS, _EMBED = 150, 500, 400, 120_000
_FOLD = 40


def write_site(
    directory: str | Path,
    theory: Theory,
    verdicts: Sequence[Verdict],
    blocks: Mapping[str, GridReport] | None = None,
) -> Path:
    """Writes the pages of a theory and its verdicts into a directory; returns their index.

    The site needs no network and no server. ``verdicts`` stand in the order of the conjectures,
    ``blocks`` tells for each goal how the grid worked on it. The same input gives the same bytes.
    ``UsageError`` if the directory cannot be written, or a verdict is about no goal of the theory.
    """
    return Site(theory, verdicts, blocks or {}).write(Path(directory))


@dataclass(frozen=True)
class Row:
    """A statement in a list, with its mathematics ready to be shown."""

    entry: Entry
    math: Markup


class Site:
    """All pages of a theory and its verdicts."""

    assets: tuple[str, ...] = (
        "site.css",
        "theme.js",
        "proof.js",
        "graph.js",
        "math.js",
        "index.js",
    )
    listing = "index"
    """The template of the index."""

    embed = _EMBED
    """How many characters of a file a page shows at most."""

    def __init__(
        self, theory: Theory, verdicts: Sequence[Verdict], blocks: Mapping[str, GridReport]
    ) -> None:
        self.theory, self.verdicts, self.blocks = theory, verdicts, blocks
        self.catalogue = Catalogue.of(theory, verdicts)
        self.notation = Notation.of(theory)
        self.mathematics = Mathematics(self.notation)
        self.proofs = ProofWriter()

    def write(self, root: Path) -> Path:
        """Writes every file of the site below a folder; returns the index."""
        for path, text in self.pages():
            place = root / path
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
            except OSError as error:
                raise UsageError(f"cannot write pages to {root}: {error.strerror}") from error
        return root / "index.html"

    @property
    def sections(self) -> tuple[tuple[str, str, str], ...]:
        """What the head of each page links to: section, file, title."""
        found = [("index", "index.html", "Index"), ("graph", "graph.html", "Graph")]
        if self.blocks:
            found.append(("blocks", "blocks.html", "Blocks"))
        return tuple(found)

    @cached_property
    def environment(self) -> Environment:
        environment = templates("lemmata.report")
        environment.globals.update(
            theory=self.theory,
            sections=self.sections,
            styles=[name for name in self.assets if name.endswith(".css")],
            plural=plural,
            row=self.row,
            count_steps=count_steps,
        )
        return environment

    def page(self, template: str, root: str, **values: object) -> str:
        """One page; ``root`` leads from it to the root of the site."""
        return self.environment.get_template(f"{template}.html").render(root=root, **values)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every file of the site with its text."""
        yield from self.asset_files()
        yield from self.index()
        yield "graph.html", self.page("graph", "", picture=whole(self.catalogue.entries))
        for entry in self.catalogue.entries:
            yield from self.statement(entry)
        if self.blocks:
            yield from self.grid()

    def asset_files(self) -> Iterator[tuple[str, str]]:
        """Styles and scripts."""
        assets = files("lemmata.report") / "assets"
        for name in self.assets:
            yield f"assets/{name}", (assets / name).read_text(encoding="utf-8")

    # The index

    def index(self) -> Iterator[tuple[str, str]]:
        """The list of all statements: as plain pages, and as data that the search reads."""
        ordered = self.ordered()
        runs = [ordered[at : at + _ROWS] for at in range(0, len(ordered), _ROWS)] or [[]]
        names = ["index.html", *(f"index-{number}.html" for number in range(2, len(runs) + 1))]
        counts = Counter(entry.kind for entry in ordered)
        common = {
            "counts": counts,
            "kinds": {kind: counts[kind] for kind in _KINDS if counts[kind]},
            "axioms": [entry for entry in ordered if entry.kind == "axiom"],
            "names": names,
            "total": len(ordered),
            **self.opening(),
        }
        yield "assets/entries.js", self.entries_script(ordered)
        for number, (name, run) in enumerate(zip(names, runs, strict=True)):
            rows = [self.row(entry) for entry in run]
            yield name, self.page(self.listing, "", rows=rows, number=number, **common)

    def ordered(self) -> list[Entry]:
        """All entries as the index lists them: what a theory assumes is below what follows."""
        return sorted(
            self.catalogue.entries, key=lambda entry: (entry.kind == "axiom", entry.number)
        )

    def opening(self) -> Mapping[str, object]:
        """What the index says first."""
        return {"seconds": sum(verdict.cpu_seconds for verdict in self.verdicts)}

    def entries_script(self, entries: Sequence[Entry]) -> str:
        place = {entry.number: at for at, entry in enumerate(entries)}
        data = [self.datum(entry, place) for entry in entries]
        text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
        return f"window.lemmataEntries={text};\n"

    def datum(self, entry: Entry, place: Mapping[int, int]) -> list[object]:
        """An entry for the scripts; ``place`` tells where each number stands in the list."""
        return [
            entry.name,
            entry.href,
            entry.kind,
            entry.label,
            compact(self.formula(entry)),
            self.notation_text(entry),
            [place[used.number] for used in entry.uses],
            len(entry.used_by),
        ]

    def row(self, entry: Entry) -> Row:
        """An entry for a list."""
        return Row(entry, mathml(self.formula(entry)))

    def formula(self, entry: Entry) -> list[Token]:
        return self.mathematics.formula(entry.statement.formula)

    def notation_text(self, entry: Entry) -> str:
        return self.notation.formula(entry.statement.formula)

    # Statements

    def statement(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """The page or the pages of one statement, and the files that go with it."""
        common = {
            "entry": entry,
            "verdict": entry.verdict,
            "math": mathml(self.formula(entry), display=True),
            "ranges": self.ranges(entry.statement.formula),
            "mpl": self.mpl(entry),
            "picture": around(entry),
            "report": self.blocks.get(entry.name) if entry.verdict else None,
        }
        if entry.theorem is None:
            name = "axiom" if entry.kind == "axiom" else entry.kind
            yield entry.href, self.page(name, "../", **common)
            return
        files = self.attachments(entry.theorem, entry.file)
        for file in files:
            yield f"files/{file.name}", file.text
        yield from self.proof(entry, common, files)

    def attachments(self, theorem: Theorem, stem: str) -> Sequence[Attachment]:
        """The files that go with a theorem's page."""
        return attachments(theorem, stem, self.proofs)

    def proof(
        self, entry: Entry, common: Mapping[str, object], files: Sequence[Attachment]
    ) -> Iterator[tuple[str, str]]:
        theorem = entry.theorem
        assert theorem is not None
        cited = self.catalogue.cited(theorem)

        def cite(name: str) -> Citation:
            return Citation(cited[name].statement, f"../{cited[name].href}")

        signature = self.theory.signature
        lines = narrate(signature, self.mathematics, theorem.derivation, cite)
        sheets = Sheets.of(lines, entry.file)
        values = {
            **common,
            "sheets": sheets,
            "files": files,
            "embed": self.embed,
            "steps": len(Survey.of(theorem.derivation).steps),
            "results": theorem.derivation.results,
            "method": entry.verdict.method if isinstance(entry.verdict, Proved) else "",
            "unfolded": len(sheets.home) <= _FOLD,
        }
        folder = entry.href.rpartition("/")[0]
        for sheet in sheets.sheets:
            template = "theorem" if sheet.number == 0 else "sheet"
            text = self.page(template, "../", sheet=sheet, **values)
            yield f"{folder}/{sheets.file(sheet.number)}", sheets.resolve(text, sheet.number)

    def ranges(self, formula: Formula) -> list[tuple[list[Markup], str]]:
        """The free variables of a statement by sort: a, b in N."""
        found: dict[str, list[Markup]] = {}
        for var in free_variables(formula):
            shown = mathml(self.mathematics.variable(var.name))
            found.setdefault(var.sort, []).append(shown)
        return [(names, sort) for sort, names in found.items()]

    def mpl(self, entry: Entry) -> str:
        """The statement as a line of MPL."""
        kind = entry.statement.kind
        word = {"definition": "define", "conjecture": "conjecture", "lemma": "conjecture"}
        text = self.notation_text(entry)
        if kind == "definition":
            return f"define {text.replace(' <-> ', ': ', 1)}"
        return f"{word.get(kind, 'axiom')} {entry.name}: {text}"

    # Blocks

    def grid(self) -> Iterator[tuple[str, str]]:
        """A page on all goals, and one a goal with its blocks and messages."""
        entries = [entry for entry in self.catalogue.entries if entry.name in self.blocks]
        entries = [entry for entry in entries if entry.verdict is not None]
        goals = [(entry, self.blocks[entry.name]) for entry in entries]
        yield "blocks.html", self.page("blocks", "", goals=goals)
        for entry, report in goals:
            yield (
                f"blocks/{entry.file}.html",
                self.page(
                    "block",
                    "../",
                    entry=entry,
                    report=report,
                    blocks=report.blocks[:_BLOCKS],
                    messages=report.messages[:_MESSAGES],
                    depth={block.name: block.name.count("/") for block in report.blocks},
                ),
            )


def plural(count: int, noun: str) -> str:
    """A count with its noun: 1 step, 1,200 steps.

    >>> plural(1, "step"), plural(1200, "step")
    ('1 step', '1,200 steps')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
