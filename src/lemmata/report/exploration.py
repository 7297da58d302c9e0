"""The static site of a development: its laws by family and rank, and how they were found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from lemmata.engine.checker import Theorem
from lemmata.engine.clause import clause_symbols
from lemmata.engine.encoding import Json
from lemmata.engine.errors import LemmataError
from lemmata.engine.exploration.development import Development, Law, Stop
from lemmata.engine.verdict import Proved

from .attachment import Attachment, downloads, proof_file
from .catalogue import Entry
from .mathml import mathml, sign
from .picture import whole
from .site import Site
from .timeline import Timeline

_CONJECTURES = 400

_STOPS: Mapping[Stop, str] = {
    "size": "It looked at all statements up to the size asked for.",
    "time": "It ended when its time was spent.",
    "interrupted": "It was interrupted; what it had found is kept.",
    "inconsistent": "It ended because the axioms contradict each other.",
}


def write_development(directory: str | Path, development: Development) -> Path:
    """Writes the pages of a development into a directory; returns their index.

    Laws by family and rank, each with its proof; the graph of all; what is open and what was
    refuted; the timeline; and everything to download. The site needs no network and no server.
    ``UsageError`` if the directory cannot be written.
    """
    return Exploration(development).write(Path(directory))


@dataclass(frozen=True)
class Place:
    """Where a law stands: its rank, the number of its family, and whether it heads that."""

    law: Law
    rank: int
    family: int
    is_head: bool


@dataclass(frozen=True)
class Shown:
    """A statement that has no page, with what is said about it."""

    math: Markup
    mpl: str
    counterexample: tuple[tuple[str, str], ...] = ()
    model: tuple[str, ...] = ()


class Exploration(Site):
    """All pages of a development."""

    assets = (*Site.assets, "exploration.css", "map.js")
    listing = "laws"
    embed = 20_000

    def __init__(self, development: Development) -> None:
        verdicts = [
            Proved(law.name, law.theorem, (), law.method, law.cpu_seconds)
            for law in development.laws_found
        ]
        super().__init__(development.theory, verdicts, {})
        self.development = development
        rank = {law.name: number for number, law in enumerate(development.laws_found, 1)}
        self.places = {
            law.name: Place(law, rank[law.name], number, law is laws[0])
            for number, laws in enumerate(development.families.values(), 1)
            for law in laws
        }
        self.entry = {entry.name: entry for entry in self.catalogue.entries}
        for name, place in self.places.items():
            self.entry[name].kind = "essential" if place.law.essential else "law"
        self.stems = {name: self.entry[name].file for name in self.places}
        for law in development.laws_found:
            if law.redundancy is not None:
                self.stems[law.redundancy.name] = f"{self.stems[law.name]}.again"
        self.symbols = [
            name
            for name in (*self.theory.signature.function, *self.theory.signature.predicate)
            if any(name in self.mentioned(self.entry[law]) for law in self.places)
        ]

    @property
    def sections(self) -> tuple[tuple[str, str, str], ...]:
        """What the head of each page links to: section, file, title."""
        return (
            ("index", "index.html", "Laws"),
            ("graph", "graph.html", "Graph"),
            ("conjectures", "conjectures.html", "Conjectures"),
            ("run", "run.html", "Run"),
            ("download", "download.html", "Download"),
        )

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every file of the site with its text."""
        yield from self.overview()
        for entry in self.catalogue.entries:
            yield from self.statement(entry)

    def overview(self) -> Iterator[tuple[str, str]]:
        """All that is about the development as a whole."""
        yield from self.asset_files()
        yield from self.index()
        chosen = whole(self.ordered(), label=self.drawn_as)
        yield "graph.html", self.page("map", "", picture=chosen, **self.choices())
        yield "conjectures.html", self.conjectures()
        yield "run.html", self.page("run", "", timeline=Timeline.of(self.development, self.href))
        files = downloads(self.development, self.proofs, self.proof_place)
        for file in files:
            yield f"files/{file.name}", file.text
        yield "download.html", self.page("download", "", files=files)

    def drawn_as(self, entry: Entry) -> str:
        """What the graph calls a statement: what was found has no name that says more than it."""
        return entry.name if entry.kind == "axiom" else self.notation_text(entry)

    # The list of laws

    def ordered(self) -> list[Entry]:
        """Laws by family, the most interesting first; then lemmas, then axioms."""

        def key(entry: Entry) -> tuple[int, int, bool, int]:
            place = self.places.get(entry.name)
            if place is not None:
                return (0, place.family, not place.is_head, place.rank)
            return (2 if entry.kind == "axiom" else 1, 0, False, entry.number)

        return sorted(self.catalogue.entries, key=key)

    def opening(self) -> Mapping[str, object]:
        """What the index says first."""
        return {
            "development": self.development,
            "stop": _STOPS[self.development.stop],
            **self.choices(),
        }

    def choices(self) -> Mapping[str, object]:
        """What the lists and the graph can be filtered by."""
        entries = self.catalogue.entries
        kinds = ("essential", "law", "lemma", "axiom")
        counts = {kind: sum(entry.kind == kind for entry in entries) for kind in kinds}
        return {
            "kinds": {kind: count for kind, count in counts.items() if count},
            "symbols": [(name, sign(name)) for name in self.symbols],
            "places": self.places,
        }

    def datum(self, entry: Entry, place: Mapping[int, int]) -> list[object]:
        """An entry for the scripts, with its symbols, its family and its shape."""
        mentioned = self.mentioned(entry)
        found = [number for number, name in enumerate(self.symbols) if name in mentioned]
        law = self.places.get(entry.name)
        place_in = (law.family, law.law.shape) if law else (0, "")
        return [*super().datum(entry, place), found, *place_in]

    def mentioned(self, entry: Entry) -> frozenset[str]:
        """The symbols that a statement is written with."""
        return frozenset().union(*map(clause_symbols, entry.statement.clauses))

    # Statements

    def page(self, template: str, root: str, **values: object) -> str:
        """One page; a statement's page gets its place in the development."""
        entry = values.get("entry")
        if isinstance(entry, Entry):
            place = self.places.get(entry.name)
            follows = self.known(place.law.follows) if place else []
            family = self.family(place) if place else []
            values |= {"place": place, "follows": follows, "family": family}
        return super().page(template, root, **values)

    def family(self, place: Place) -> list[Entry]:
        """The other laws that say the same in another form."""
        laws = self.development.families[place.law.family or place.law.name]
        return [self.entry[law.name] for law in laws if law is not place.law]

    def attachments(self, theorem: Theorem, stem: str) -> Sequence[Attachment]:
        """The proof file, and that of the proof from other laws; scripts of all laws together are
        on the page of downloads."""
        found = proof_file(theorem, stem, self.proofs)
        place = self.places.get(theorem.name)
        again = place.law.redundancy if place else None
        if again is None:
            return (found,)
        other = proof_file(again, self.stems[again.name], self.proofs)
        return (found, replace(other, title="From other laws", note="why this is not essential"))

    def proof_place(self, theorem: Theorem) -> Json:
        """Where the proof file of a theorem lies, seen from the files of the whole."""
        return f"{self.stems[theorem.name]}.json"

    def href(self, law: Law) -> str:
        """The page of a law."""
        return self.entry[law.name].href

    # Conjectures

    def conjectures(self) -> str:
        """What the theory's author stated, what is open, and what was refuted."""
        found = self.development
        return self.page(
            "conjectures",
            "",
            stated=[
                (one, self.shown(one.statement, one.name), self.known(one.by))
                for one in found.stated[:_CONJECTURES]
            ],
            open=[Shown(self.shown(one.statement), one.mpl) for one in found.open[:_CONJECTURES]],
            misses=[
                Shown(self.shown(miss.statement), miss.mpl, miss.counterexample, miss.model)
                for miss in found.near_misses[:_CONJECTURES]
            ],
            left={
                "stated": len(found.stated) - _CONJECTURES,
                "open": len(found.open) - _CONJECTURES,
                "misses": len(found.near_misses) - _CONJECTURES,
            },
        )

    def known(self, names: Sequence[str]) -> list[Entry]:
        """The statements of these names, as far as they have pages."""
        return [self.entry[name] for name in names if name in self.entry]

    def shown(self, text: str, name: str = "") -> Markup:
        """A statement in mathematics, or as it stands if it cannot be read back."""
        from lemmata.dsl.load import parse_formula

        stated = self.theory.statements.get(name)
        try:
            formula = parse_formula(self.theory, text) if stated is None else stated.formula
        except LemmataError:
            return Markup("<code>{}</code>").format(text)
        return mathml(self.mathematics.formula(formula))
