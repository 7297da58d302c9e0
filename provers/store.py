"""A file that keeps what an exploration found: SQLite, one transaction a theorem.

A store belongs to one theory. What it gives back is never taken on trust: every statement is
lowered again and every derivation certified again by the checker when the store is opened.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import get_args

from lemmata.engine.checker import Theorem, certify
from lemmata.engine.decoding import Decoder, Node, variable
from lemmata.engine.derivation import Derivation
from lemmata.engine.encoding import (
    Json,
    encode_clause,
    encode_formula,
    encode_step,
    encode_symbols,
)
from lemmata.engine.errors import CheckError, LemmataError, SourceError, UsageError
from lemmata.engine.exploration.record import LEMMA, Dismissed, Kept, Why
from lemmata.engine.lowering import free_variables, lower
from lemmata.engine.proof_file import with_lemmas
from lemmata.engine.theory import Statement, StatementKind, Theory

FORMAT = "lemmata-store/1"

_TABLES = """
CREATE TABLE head (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE theorem (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, proof TEXT NOT NULL,
    method TEXT NOT NULL, cpu_seconds REAL NOT NULL);
CREATE TABLE dismissed (
    statement TEXT PRIMARY KEY, why TEXT NOT NULL, effort REAL NOT NULL, known INTEGER NOT NULL,
    detail TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE refused (name TEXT, proof TEXT, reason TEXT NOT NULL);
"""

_PROPOSERS = """
CREATE TABLE IF NOT EXISTS proposer (theorem TEXT PRIMARY KEY, origin TEXT NOT NULL) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was set aside, and why it could not be accepted."""

    name: str
    reason: str


class Store:
    """A record in a file; ``with Store(path, theory) as store`` opens and closes it.

    Opening makes the file if it is not there, and holds it alone until it is closed. ``UsageError``
    if the file is no store, is damaged, is about another theory, cannot be written, or is in use.
    ``refused`` are the theorems that the checker did not accept any more: they are set aside in a
    table of their own, and no longer count.
    """

    def __init__(self, path: Path | str, theory: Theory) -> None:
        self.path, self.theory = Path(path), theory
        self.refused: list[Refused] = []
        self._kept: dict[str, Kept] = {}
        self._theorems: dict[str, Theorem] = {}
        self._dismissed: dict[str, Dismissed] = {}
        with self._errors():
            # A transaction is begun by hand, so that nothing is written outside of one.
            self._file = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        try:
            with self._errors():
                self._open()
        except BaseException:
            self._file.close()
            raise

    # The record

    def theorems(self) -> Sequence[Kept]:
        """All theorems in the order in which they were added, each after its lemmas."""
        return tuple(self._kept.values())

    def add(self, theorem: Theorem, method: str = "", cpu_seconds: float = 0.0) -> None:
        """Keeps a theorem, on disk when this returns, with the lemmas that are not kept yet.

        ``UsageError`` if another theorem of that name is kept, or the disk is full.
        """
        new = [each for each in with_lemmas(theorem) if not self._has(each)]
        if not new:
            return
        entries = [
            Kept(each, method, cpu_seconds) if each is theorem else Kept(each, LEMMA)
            for each in new
        ]
        with self._errors(), self._transaction():
            self._file.executemany(
                "INSERT INTO theorem (name, proof, method, cpu_seconds) VALUES (?, ?, ?, ?)",
                [(k.theorem.name, _written(k.theorem), k.method, k.cpu_seconds) for k in entries],
            )
        self._kept.update({entry.theorem.name: entry for entry in entries})
        self._theorems.update({each.name: each for each in new})

    def credit(self, name: str, origin: str) -> None:
        """Keeps who proposed a theorem that was added; a later word replaces an earlier."""
        kept = self._kept.get(name)
        if kept is None:
            raise UsageError(f"{self.path}: no theorem is kept as '{name}'")
        with self._errors(), self._transaction():
            self._file.execute("INSERT OR REPLACE INTO proposer VALUES (?, ?)", (name, origin))
        self._kept[name] = replace(kept, origin=origin)

    def dismissed(self) -> Mapping[str, Dismissed]:
        """All dismissed statements, by their text."""
        return dict(self._dismissed)

    def dismiss(self, statements: Iterable[Dismissed]) -> None:
        """Keeps statements as dismissed, all of them or none; a later word replaces an earlier."""
        new = list(statements)
        with self._errors(), self._transaction():
            self._file.executemany(
                "INSERT OR REPLACE INTO dismissed VALUES (?, ?, ?, ?, ?)",
                [(d.statement, d.why, d.effort, d.known, d.detail) for d in new],
            )
        self._dismissed.update({each.statement: each for each in new})

    def _has(self, theorem: Theorem) -> bool:
        kept = self._kept.get(theorem.name)
        if kept is None:
            return False
        if kept.theorem.statement.clauses != theorem.statement.clauses:
            raise UsageError(f"{self.path}: another theorem is kept as '{theorem.name}' already")
        return True

    # The file

    def close(self) -> None:
        """Lets go of the file. What was added is on disk already."""
        self._file.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> None:
        self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.execute("PRAGMA trusted_schema = OFF")
        with self._transaction():
            if not self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for command in _TABLES.split(";"):
                    self._file.execute(command)
                head = {
                    "format": FORMAT,
                    "theory": fingerprint(self.theory),
                    "name": self.theory.name,
                }
                self._file.executemany("INSERT INTO head VALUES (?, ?)", head.items())
            self._identify()
            self._file.execute(_PROPOSERS)
            for row in self._file.execute(
                "SELECT name, proof, method, cpu_seconds FROM theorem ORDER BY number"
            ).fetchall():
                self._read_theorem(*row)
            for name, origin in self._file.execute("SELECT theorem, origin FROM proposer"):
                if name in self._kept:
                    self._kept[name] = replace(self._kept[name], origin=str(origin))
            for row in self._file.execute(
                "SELECT statement, why, effort, known, detail FROM dismissed"
            ).fetchall():
                self._read_dismissed(*row)

    def _identify(self) -> None:
        sound = self._file.execute("PRAGMA quick_check(1)").fetchone()
        if sound != ("ok",):
            raise sqlite3.DatabaseError("its pages are damaged")
        tables = {name for (name,) in self._file.execute("SELECT name FROM sqlite_master")}
        head = dict(self._file.execute("SELECT name, value FROM head")) if "head" in tables else {}
        if head.get("format") != FORMAT:
            raise UsageError(
                f"{self.path} is no store of lemmata: it is another program's database"
            )
        if head.get("theory") != fingerprint(self.theory):
            raise UsageError(
                f"{self.path} is the store of another theory, named '{head.get('name')}' when it was "
                f"made; its symbols or axioms differ from those of {self.theory.path}"
            )

    def _read_theorem(self, name: object, proof: object, method: object, cost: object) -> None:
        try:
            if not (isinstance(name, str) and isinstance(proof, str) and isinstance(method, str)):
                raise CheckError("the row does not hold what it should")
            theorem = _certified(self.theory, self._theorems, name, proof)
        except (LemmataError, RecursionError, ValueError) as error:
            reason = error.reason if isinstance(error, CheckError) else "the proof cannot be read"
            self.refused.append(Refused(str(name), reason))
            self._file.execute("INSERT INTO refused VALUES (?, ?, ?)", (name, proof, reason))
            self._file.execute("DELETE FROM theorem WHERE name IS ?", (name,))
            return
        self._theorems[theorem.name] = theorem
        self._kept[theorem.name] = Kept(theorem, method, cost if isinstance(cost, float) else 0.0)

    def _read_dismissed(
        self, statement: str, why: Why, effort: float, known: int, detail: str
    ) -> None:
        entry = Dismissed(statement, why, effort, known, detail)
        types = (str, str, float, int, str)
        values = (statement, why, effort, known, detail)
        if why in get_args(Why) and all(map(isinstance, values, types)):
            self._dismissed[statement] = entry
        else:
            self.refused.append(Refused(str(statement), "the row does not hold what it should"))
            self._file.execute("DELETE FROM dismissed WHERE statement IS ?", (statement,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise UsageError(f"{self.path}: {self._said(error)}") from error

    def _said(self, error: sqlite3.Error) -> str:
        match error:
            case sqlite3.OperationalError() if "locked" in str(error):
                return "the store is in use by another run; wait for its end, or name another file"
            case sqlite3.OperationalError() if "readonly" in str(error):
                return "the store cannot be written; name a file in a folder that you may write to"
            case sqlite3.OperationalError() if "unable to open" in str(error):
                return "the store cannot be opened; name a file in a folder that you may write to"
            case sqlite3.OperationalError():
                return f"the store cannot be written: {error}"
            case _:
                return f"no sound store of lemmata ({error}); move it away or name another file"


def fingerprint(theory: Theory) -> str:
    """A number for the symbols and the axioms of a theory: equal if and only if these are."""
    signature = theory.signature
    content: Json = {
        "sorts": [[sort.name, *sort.constructors] for sort in signature.sorts],
        "functions": [[f.name, *f.arguments, f.result] for f in signature.functions],
        "predicates": [[p.name, *p.arguments] for p in signature.predicates],
        "axioms": [[axiom.name, *map(encode_clause, axiom.clauses)] for axiom in theory.axioms],
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _written(theorem: Theorem) -> str:
    """The statement and the derivation; the rest of a theorem follows from these."""
    statement, derivation = theorem.statement, theorem.derivation
    if _stated(theorem.theory, statement).clauses != statement.clauses:
        raise UsageError(f"'{statement.name}' has other clauses than its formula; it is not kept")
    entry: Json = {
        "kind": statement.kind,
        "variables": encode_symbols(tuple(free_variables(statement.formula))),
        "formula": encode_formula(statement.formula),
        "steps": [encode_step(step) for step in derivation.steps],
        "results": list(derivation.results),
    }
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _certified(theory: Theory, theorems: Mapping[str, Theorem], name: str, proof: str) -> Theorem:
    """The theorem of a row; ``CheckError`` or ``SourceError`` if it is none."""
    node = Node(json.loads(proof), "", name)
    members = node.fields("kind", "variables", "formula", "steps", "results")
    kind = members["kind"].value
    if kind not in get_args(StatementKind):
        raise SourceError("not the kind of a statement")
    bound = {var.name: var for var in members["variables"].each(variable)}
    decoder = Decoder(theory.signature)
    formula = decoder.formula(members["formula"], bound)
    statement = _stated(theory, Statement(name, formula, (), kind))  # type: ignore[arg-type]
    steps = members["steps"].each(decoder.step)
    results = members["results"].each(lambda number: number.number(1))
    return certify(theory, theorems, statement, Derivation(steps, results))


def _stated(theory: Theory, statement: Statement) -> Statement:
    """The statement with the clauses of its formula: the theory's own, or lowered afresh."""
    found = theory.statements.get(statement.name)
    if found is not None and found.formula == statement.formula:
        return found
    lowered = lower(statement.formula, statement.name)
    if lowered.definitions:
        raise CheckError("the statement needs auxiliary predicates")
    return replace(statement, clauses=lowered.clauses)
