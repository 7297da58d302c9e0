"""Reading theories: from a file with all that it uses, from a published folder, or from a text."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from lemmata.engine.errors import SourceError
from lemmata.engine.formula import Formula
from lemmata.engine.theory import Theory

from .assembly import Assembly
from .completion import Completion
from .diagnostics import Problems, Source
from .library import Library, read_text
from .meaning import Meaning
from .parser import Document, parse_document, parse_expression
from .syntax import Name, TheoryName
from .vocabulary import Vocabulary

_FRAMES = 20_000


Tell: TypeAlias = "Callable[[float], None]"
"""Hears which part of a file, from 0 to 1, has been read."""

_STEP = 100_000


def load(path: str | os.PathLike[str], tell: Tell | None = None) -> Theory:
    """The theory that a file holds; ``SourceErrors`` lists everything that is wrong with it.

    Besides theory files it reads TIP problems (``.smt2``) and published theories: a folder of definition files with its JSON
    configuration, that configuration, a definition file or a list of theorems. ``theory.source``
    is the full text, with the files that it uses in place of ``use``, from which
    ``parse_theory`` makes the same theory again. ``tell`` hears how far a long theory file is.
    """
    from .published import is_published, load_published

    place = Path(path)
    if place.suffix == ".smt2":
        from .tip import load_tip

        return load_tip(place)
    problems = Problems()
    with _deep(str(path)):
        if place.is_dir() or place.suffix in (".json", ".txt"):
            return load_published(place)
        source = read_text(place, problems)
        if source is not None and is_published(source):
            return load_published(place)
        if source is not None:
            theory = _theory(source, problems, place.parent, tell)
            if theory is not None:
                return theory
        problems.raise_any()
        raise AssertionError("a theory without errors was not built")


def parse_theory(text: str, path: str = "<text>") -> Theory:
    """The theory that a text states. Files that it uses are looked for beside ``path``.

    >>> theory = parse_theory("sort N = 0 | s(N)\\nconjecture c: s(a) != 0")
    >>> [axiom.name for axiom in theory.axioms], theory.conjectures[0].name
    (['N.distinct.0.s', 'N.injective.s.1'], 'c')
    """
    problems = Problems()
    folder = None if path.startswith("<") else Path(path).parent
    with _deep(path):
        theory = _theory(Source(path, text), problems, folder)
        problems.raise_any()
    if theory is None:
        raise AssertionError("a theory without errors was not built")
    return theory


def parse_formula(theory: Theory, text: str) -> Formula:
    """The formula that a text states over the signature of a theory.

    >>> nat = parse_theory("sort N = 0 | s(N)")
    >>> parse_formula(nat, "a = 2").left
    Var(name='a', sort='N')
    """
    problems = Problems()
    source = Source("<text>", text)
    vocabulary = Vocabulary(
        sorts=dict(theory.signature.sort),
        functions=dict(theory.signature.function),
        predicates=dict(theory.signature.predicate),
        infix=dict(theory.notation),
    )
    for name in (*vocabulary.sorts, *vocabulary.functions, *vocabulary.predicates):
        vocabulary.places[name] = (source, Name(name))
    with _deep("<text>"):
        expression = parse_expression(source, problems)
        if expression is not None:
            meaning = Meaning(vocabulary, source, problems, lambda _: None)
            formula = meaning.formula(expression, {})
            completion = Completion(meaning)
            if completion.is_possible():
                return completion.formula(formula)
        problems.raise_any()
    raise AssertionError("a formula without errors was not read")


def _theory(
    source: Source, problems: Problems, folder: Path | None, tell: Tell | None = None
) -> Theory | None:
    # A statement is read twice: first what it looks like, then what it means.
    parsed = _Stage(source, 0.0, tell)
    document = parse_document(source, problems, True, parsed.reach if tell else None)
    library = Library(problems)
    documents = library.gather(document, folder)
    vocabulary = Vocabulary(is_partial=library.is_partial)
    name = _name(document)
    understood = _Stage(source, 0.5, tell)
    assembly = Assembly(documents, problems, vocabulary, tell=understood.reach if tell else None)
    return assembly.theory(name, source.path, library.flat_text(document))


@dataclass
class _Stage:
    """One of the two readings of a file: from ``begin`` on, half of the work."""

    source: Source
    begin: float
    tell: Tell | None
    next: int = 0

    def reach(self, source: Source, place: int) -> None:
        """Tell how far the file itself is; those that it uses do not count."""
        if self.tell is not None and source is self.source and place >= self.next:
            self.next = place + _STEP
            self.tell(self.begin + 0.5 * place / max(1, len(source.text)))


def _name(document: Document) -> str:
    for statement in document.statements:
        if isinstance(statement.content, TheoryName):
            return statement.content.label.text
    path = document.source.path
    return "theory" if path.startswith("<") else Path(path).stem


@contextmanager
def _deep(path: str) -> Iterator[None]:
    """Room for the recursion over expressions, whose depth the parser has bounded."""
    before, collects = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(before, _FRAMES))
    gc.disable()  # trees have no rings; looking for some takes a third of the time
    try:
        yield
    except RecursionError:
        message = "definitions build on each other too deeply"
        raise SourceError(message, path=path, hint="state them in the order of their use") from None
    finally:
        sys.setrecursionlimit(before)
        if collects:
            gc.enable()
