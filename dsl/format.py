"""Files in canonical form: one statement a line, spaces where they help, comments kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from lemmata.engine.errors import UsageError
from lemmata.engine.theory import Theory

from .diagnostics import Problems, Source
from .library import read_text
from .load import load, parse_theory
from .parser import parse_document
from .printer import document_text
from .published import is_published, load_published, read_publication
from .surface import in_surface

Surface = Literal["readable", "core"]


def formatted(place: Path, surface: Surface | None) -> Iterator[tuple[Path, str, str]]:
    """For each file at a place: its path, its text, and its text in canonical form.

    Published files have their expressions without spaces; in the readable surface they become one
    theory file. Errors are raised as by ``load``.
    """
    if place.suffix == ".smt2":
        raise UsageError(f"{place}: a TIP problem has no form in MPL; 'lemmata parse' shows it")
    problems = Problems()
    source = None if place.is_dir() or place.suffix == ".json" else read_text(place, problems)
    problems.raise_any()
    if source is not None and place.suffix != ".txt" and not is_published(source):
        yield place, source.text, theory_text(source, surface)
        return
    if surface == "readable":
        theory = load_published(place)
        yield place, source.text if source else "", readable_text(theory)
        return
    publication = read_publication(place, problems)
    problems.raise_any()
    for file in publication.files:
        if source is None or Path(file.source.path).resolve() == place.resolve():
            yield Path(file.source.path), file.source.text, file.canonical_text()


def theory_text(source: Source, surface: Surface | None) -> str:
    """A theory file in canonical form, each statement in a surface or in its own."""
    problems = Problems()
    document = parse_document(source, problems)
    problems.raise_any()
    if surface is not None:
        is_file = not source.path.startswith("<")
        theory = load(source.path) if is_file else parse_theory(source.text)
        document = in_surface(document, theory, surface)
    return document_text(document)


def readable_text(theory: Theory) -> str:
    """A theory whose source is core, in the readable layer."""
    problems = Problems()
    document = parse_document(Source("<text>", theory.source), problems)
    problems.raise_any()
    return document_text(in_surface(document, theory, "readable"))
