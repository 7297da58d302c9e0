"""Proof files: theorems and all lemmas they rest on, in one JSON document.

The document says which theory it is about and carries that theory's text, but nothing in it is
trusted: whoever reads it lowers the text afresh and certifies every theorem again. The format is
described by ``proof_schema.json`` beside this file and by docs/trust.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import NoReturn, get_args

from .checker import Theorem
from .clause import Clause
from .decoding import Decoder, Node
from .derivation import Derivation
from .encoding import Json, encode_clause, encode_step
from .errors import SourceError, Span, UsageError
from .formula import Forall
from .lowering import free_variables
from .notation import Notation
from .theory import Signature, Statement, StatementKind

FORMAT = "lemmata-proof/1"


@dataclass(frozen=True, slots=True)
class Claim:
    """One theorem as a proof file states it: nothing of it is checked yet."""

    name: str
    statement: str
    kind: StatementKind
    clauses: tuple[Clause, ...]
    derivation: Derivation
    axioms: tuple[str, ...]
    lemmas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A proof file that was read: the theory it names, and its theorems, the goal's last."""

    file: str
    theory: str
    path: str
    source: str
    entries: tuple[Node, ...]

    @property
    def goal(self) -> str:
        """The name of the theorem that the file is about."""
        return self.entries[-1].member("name").text()

    def claims(self, signature: Signature) -> Iterator[Claim]:
        """The theorems in order; symbols get their sorts from the signature."""
        for entry in self.entries:
            yield _claim(entry, signature)


def write_proof(*theorems: Theorem) -> str:
    """The proof file of theorems of one theory; the same theorems give the same bytes.

    Each is written once, after those that it rests on. Raises ``UsageError`` if two different
    theorems have one name, or a term is nested too deeply.
    """
    return ProofWriter().write(*theorems)


class ProofWriter:
    """Writes many proof files: the text of a theorem that several rest on is made once for all."""

    def __init__(self) -> None:
        # By identity, which is cheaper to ask than equality; the theorem beside it keeps it unique.
        self._texts: dict[int, tuple[Theorem, str]] = {}

    def write(self, *theorems: Theorem) -> str:
        """The proof file of theorems of one theory, as ``write_proof`` gives it."""
        theory = theorems[-1].theory
        notation = Notation.of(theory)
        head: Json = {"name": theory.name, "path": theory.path, "source": theory.source}
        texts = [self._text(each, notation) for each in in_order(theorems)]
        entries = ",".join(texts)
        return f'{{"format":{_dump(FORMAT)},"theory":{_dump(head)},"theorems":[{entries}]}}\n'

    def _text(self, theorem: Theorem, notation: Notation) -> str:
        known = self._texts.get(id(theorem))
        if known is None:
            try:
                known = theorem, _dump(_entry(theorem, notation))
            except RecursionError:
                raise UsageError(
                    f"the proof of '{theorem.name}' has terms nested too deeply for a proof file"
                ) from None
            self._texts[id(theorem)] = known
        return known[1]


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def with_lemmas(theorem: Theorem) -> tuple[Theorem, ...]:
    """The theorem after all lemmas that it rests on, each after those it rests on itself."""
    return in_order((theorem,))


def in_order(theorems: Iterable[Theorem]) -> tuple[Theorem, ...]:
    """Theorems and all lemmas that they rest on, each once, after those it rests on itself."""
    found: dict[str, Theorem] = {}
    for theorem in theorems:
        stack = [theorem]
        while stack:
            current = stack[-1]
            waiting = [lemma for lemma in current.cited if lemma.name not in found]
            if waiting:
                stack.extend(reversed(waiting))
                continue
            stack.pop()
            if found.setdefault(current.name, current) != current:
                raise UsageError(f"two different theorems are named '{current.name}'")
    return tuple(found.values())


def statement_text(statement: Statement, notation: Notation) -> str:
    """The statement as MPL text that reads back as the same formula.

    What Lemmata made up is closed by quantifiers that name each variable's sort, since nobody
    wrote it in a theory where sorts could be inferred from use.
    """
    formula = statement.formula
    free = tuple(free_variables(formula))
    if statement.kind == "lemma" and free:
        formula = Forall(free, formula)
    return notation.formula(formula)


def _entry(theorem: Theorem, notation: Notation) -> Json:
    statement, derivation = theorem.statement, theorem.derivation
    return {
        "name": statement.name,
        "statement": statement_text(statement, notation),
        "kind": statement.kind,
        "clauses": [encode_clause(clause) for clause in statement.clauses],
        "steps": [encode_step(step) for step in derivation.steps],
        "results": list(derivation.results),
        "axioms": list(theorem.axioms),
        "lemmas": list(theorem.lemmas),
    }


def read_proof(text: str, file: str = "<text>") -> ProofFile:
    """Reads a proof file; ``SourceError`` says where it is not one.

    Refused are unknown and missing members, values of other types, repeated names, text after the
    end, and nesting so deep that no proof needs it.
    """
    top = Node(_parse(text, file), "", file)
    members = top.fields("format", "theory", "theorems")
    if members["format"].value != FORMAT:
        members["format"].refuse(f"the format {FORMAT!r}")
    theory = members["theory"].fields("name", "path", "source")
    entries = tuple(members["theorems"].items())
    if not entries:
        members["theorems"].refuse("at least one theorem")
    names: set[str] = set()
    for entry in entries:
        name = entry.member("name")
        if name.text() in names:
            name.refuse("a name that no other theorem of the file has")
        names.add(name.text())
    head = (theory["name"].text(), theory["path"].text(), theory["source"].text())
    return ProofFile(file, *head, entries)


def _claim(entry: Node, signature: Signature) -> Claim:
    members = entry.fields(
        "name", "statement", "kind", "clauses", "steps", "results", "axioms", "lemmas"
    )
    kind = members["kind"]
    if kind.value not in get_args(StatementKind):
        kind.refuse("the kind of a statement")
    try:
        clauses = members["clauses"].each(Decoder(signature).clause)
        steps = members["steps"].each(Decoder(signature).step)
    except RecursionError:
        _refuse_depth(entry.file)
    return Claim(
        members["name"].text(),
        members["statement"].text(),
        kind.value,  # type: ignore[arg-type]
        clauses,
        Derivation(steps, members["results"].each(lambda number: number.number(1))),
        members["axioms"].each(Node.text),
        members["lemmas"].each(Node.text),
    )


def _parse(text: str, file: str) -> Json:
    def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise SourceError(f"an object has two members named '{twice}'", path=file)
        return members

    def refuse(constant: str) -> NoReturn:
        raise SourceError(f"{constant} is not JSON", path=file)

    try:
        value: Json = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        message = f"not JSON: {error.msg}"
        raise SourceError(message, path=file, text=text, span=span) from None
    except RecursionError:
        _refuse_depth(file)
    except ValueError:
        raise SourceError("a number has too many digits", path=file) from None
    return value


def _refuse_depth(file: str) -> NoReturn:
    raise SourceError("the document is nested too deeply", path=file) from None


def schema() -> str:
    """The JSON schema of proof files."""
    return files("lemmata.engine").joinpath("proof_schema.json").read_text(encoding="utf-8")
