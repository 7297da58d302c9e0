"""All statements of a site: axioms, conjectures with their verdicts, lemmas, and who cites whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, assert_never

from lemmata.engine.checker import Theorem
from lemmata.engine.clause import Clause
from lemmata.engine.errors import UsageError
from lemmata.engine.theory import Statement, Theory
from lemmata.engine.verdict import Proved, Refuted, Unknown, Verdict

from .address import Addresses
from .citation import Survey

Kind: TypeAlias = Literal["proved", "refuted", "unknown", "axiom", "lemma", "essential", "law"]
"""What became of a statement; laws that were found by themselves are ``essential`` or not."""


@dataclass
class Entry:
    """One statement with its place in the site.

    ``uses`` are cited directly, ``used_by`` cite this directly, ``axioms`` are those at the bottom.
    """

    number: int
    statement: Statement
    kind: Kind
    file: str
    verdict: Verdict | None = None
    theorem: Theorem | None = None
    uses: tuple[Entry, ...] = ()
    axioms: tuple[Entry, ...] = ()
    used_by: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the statement."""
        return self.statement.name

    @property
    def href(self) -> str:
        """Where its page is, seen from the root of the site."""
        return f"{'axioms' if self.kind == 'axiom' else 'theorems'}/{self.file}.html"

    @property
    def label(self) -> str:
        """What a reader calls it."""
        kind = self.statement.kind
        return kind if self.kind == "axiom" and kind != "auxiliary" else self.kind


_Key: TypeAlias = tuple[str, tuple[Clause, ...]]


@dataclass
class Catalogue:
    """The entries of a site: axioms first, then each conjecture after the lemmas made for it."""

    entries: list[Entry] = field(default_factory=list)
    _addresses: Addresses = field(default_factory=Addresses)
    _axioms: dict[str, Entry] = field(default_factory=dict)
    _theorems: dict[_Key, Entry] = field(default_factory=dict)

    @staticmethod
    def of(theory: Theory, verdicts: Sequence[Verdict]) -> Catalogue:
        """The catalogue of a theory; ``UsageError`` if a verdict is about no goal of it."""
        catalogue = Catalogue()
        for axiom in theory.axioms:
            catalogue._axioms[axiom.name] = catalogue._add(axiom, "axiom")
        known = {statement.name: statement for statement in theory.conjectures}
        goals = {_key(verdict.theorem) for verdict in verdicts if isinstance(verdict, Proved)}
        for verdict in verdicts:
            match verdict:
                case Proved(_, theorem):
                    for lemma in _below(theorem):
                        if _key(lemma) not in goals:
                            catalogue._theorem(lemma, "lemma")
                    catalogue._theorem(theorem, "proved").verdict = verdict
                case Refuted(goal) | Unknown(goal):
                    if goal not in known:
                        raise UsageError(f"the theory states no conjecture named '{goal}'")
                    kind: Kind = "refuted" if isinstance(verdict, Refuted) else "unknown"
                    catalogue._add(known[goal], kind).verdict = verdict
                case _:
                    assert_never(verdict)
        for entry in catalogue.entries:
            catalogue._connect(entry)
        return catalogue

    def cited(self, theorem: Theorem) -> Mapping[str, Entry]:
        """What the names that a theorem cites stand for."""
        lemmas = {lemma.name: self._theorems[_key(lemma)] for lemma in theorem.cited}
        return {**self._axioms, **lemmas}

    def _add(self, statement: Statement, kind: Kind) -> Entry:
        file = self._addresses.file(statement.name)
        self.entries.append(Entry(len(self.entries), statement, kind, file))
        return self.entries[-1]

    def _theorem(self, theorem: Theorem, kind: Kind) -> Entry:
        key = _key(theorem)
        if key not in self._theorems:
            self._theorems[key] = self._add(theorem.statement, kind)
            self._theorems[key].theorem = theorem
        return self._theorems[key]

    def _connect(self, entry: Entry) -> None:
        if entry.theorem is None:
            return
        cited = self.cited(entry.theorem)
        laws = Survey.of(entry.theorem.derivation).laws
        found = {cited[name].number: cited[name] for name in laws}
        entry.uses = tuple(found[number] for number in sorted(found))
        entry.axioms = tuple(self._axioms[name] for name in entry.theorem.axioms)
        for used in entry.uses:
            used.used_by.append(entry)


def _key(theorem: Theorem) -> _Key:
    return theorem.name, theorem.statement.clauses


def _below(theorem: Theorem) -> list[Theorem]:
    """All that a theorem rests on, what is cited before what cites it."""
    found: dict[_Key, Theorem] = {}
    stack = [(theorem, False)]
    while stack:
        current, is_done = stack.pop()
        if is_done:
            found.setdefault(_key(current), current)
        elif _key(current) not in found:
            stack.append((current, True))
            stack += [(lemma, False) for lemma in reversed(current.cited)]
    found.pop(_key(theorem))
    return list(found.values())
